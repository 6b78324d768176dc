"""Each step of a plan names the users it concerns, with what earlier steps left them."""

from dataclasses import replace
from datetime import date
from typing import Any

from planner.accounts.accounts import NO_ACCOUNTS
from planner.accounts.affected_plan import StepAffected, affected_by_plan, products_of_plan
from planner.accounts.handling import LicenseHandling as Handling
from planner.accounts.work import AccountWorkKind as Kind
from planner.blockers import Actor
from planner.customers import Customer, HoldingsState, Seller
from planner.plans.goals import SubscriptionGoal
from planner.plans.plan import make_plan
from planner.plans.search.acts import StepKind
from planner.plans.told.steps import Due, MemberStep, Plan, PlanStep
from planner.plans.wanted import Wanted
from planner.rules import Mode
from tests.planner.accounts.account_builders import accounts, kinds
from tests.planner.builders import (
    ADMIN,
    SCOPE,
    catalog,
    complete,
    customer,
    facts,
    from_facts,
    guid,
    oid,
    sold_and_billed,
    subscription,
    trusting,
    with_plans,
)

MOVES = """
    A>B upgrade documented, B>b migration derived, A>a migration derived, a>b conversion documented
    D>d migration documented manual, C>c migration documented
"""
PLANS = {
    "A": "MAIL SITES",
    "B": "MAIL TEAMS",
    "C": "VOICE",
    "D": "DESK",
    "a": "MAIL SITES",
    "b": "MAIL TEAMS",
    "c": "VOICE",
    "d": "DESK OLD",
}
CATALOG = catalog(MOVES, **with_plans(PLANS))
OURS = subscription("A", 10)
ID = OURS.subscription_id


def step(kind: StepKind, subscription_id: str | None = ID, **more: Any) -> PlanStep:
    return PlanStep(
        f"{kind}/{subscription_id}/{more.get('target', '')}",
        kind,
        "",
        subscription_id,
        "",
        Actor.US,
        None,
        Due(date(2026, 11, 23), ""),
        None,
        "",
        (),
        **more,
    )


def plan_of(holder: Customer, *steps: PlanStep) -> Plan:
    return replace(make_plan(CATALOG, holder, Wanted(SCOPE), goals=()), steps=steps)


def told(*steps: PlanStep, holder: Customer, known: Any) -> tuple[StepAffected, ...]:
    return affected_by_plan(CATALOG, holder, known, plan_of(holder, *steps))


UPGRADE = step(StepKind.UPGRADE, origin=oid("A"), target=oid("B"), seats_before=10, seats_after=10)
WITH_TRANSFER = replace(UPGRADE, mode=Mode.WITH_LICENSE_TRANSFER)
MIGRATE = step(StepKind.MIGRATE, origin=oid("B"), target=oid("b"), seats_before=10, seats_after=10)
REASSIGN = step(StepKind.REASSIGN_LICENSES)
CANCEL = step(StepKind.CANCEL)


def test_a_later_step_finds_the_users_with_the_licences_of_the_earlier() -> None:
    known = accounts("ada: A -MAIL", "bob: C")
    first, second = told(WITH_TRANSFER, MIGRATE, holder=customer(OURS), known=known)
    assert (first.step_key, second.step_key) == (WITH_TRANSFER.key, MIGRATE.key)
    assert [one.affected.holders for one in (first, second)] == [1, 1]
    assert kinds(first.affected) == {"ada": {Kind.PLANS_SWITCHED_ON, Kind.SERVICES_LOST}}
    # Mail was switched on by the first step, so the second has nothing to switch on.
    assert kinds(second.affected) == {}


def test_by_hand_what_was_switched_off_stays_off_until_an_automatic_change() -> None:
    known = accounts("ada: A -MAIL")
    first, second = told(UPGRADE, REASSIGN, MIGRATE, holder=customer(OURS), known=known)
    assert Kind.REASSIGN_BY_HAND in kinds(first.affected)["ada"]
    assert second.step_key == MIGRATE.key
    assert kinds(second.affected) == {"ada": {Kind.PLANS_SWITCHED_ON}}


def test_what_is_bought_concerns_nobody_until_licences_are_reassigned_to_it() -> None:
    own = subscription("D", 10)
    holder, known = customer(own), accounts("ada: D", "bob: D, d")
    buy = step(StepKind.BUY_NEW, own.subscription_id, target=oid("d"), seats_after=10)
    steps = (
        buy,
        step(StepKind.REASSIGN_LICENSES, own.subscription_id),
        step(StepKind.CANCEL, own.subscription_id),
    )
    by_hand, cancelled = told(*steps, holder=holder, known=known)
    assert by_hand.affected.handling is Handling.BY_HAND
    assert kinds(by_hand.affected)["ada"] == {Kind.REASSIGN_BY_HAND}
    assert (cancelled.affected.holders, cancelled.affected.accounts) == (0, ())
    assert cancelled.affected.target is None


def test_a_cancelled_subscription_takes_its_legacy_add_ons_along() -> None:
    addon = replace(subscription("C", 10, number=4), parent_id=ID)
    known = accounts("ada: A, C")
    base, below = told(CANCEL, holder=customer(OURS, addon), known=known)
    assert (base.affected.subscription_id, below.affected.subscription_id) == (
        ID,
        addon.subscription_id,
    )
    lost = [[plan.name for plan in one.affected.accounts[0].work[0].plans] for one in (base, below)]
    assert lost == [["MAIL", "SITES"], ["VOICE"]]


def test_members_move_along_with_their_base() -> None:
    addon = subscription("C", 10, number=4)
    member = MemberStep(addon.subscription_id, "", oid("C"), oid("c"), 10)
    bundle = replace(MIGRATE, origin=oid("A"), target=oid("a"), members=(member,))
    known = accounts("ada: A -MAIL, C -VOICE")
    base, along = told(bundle, holder=customer(OURS, addon), known=known)
    assert base.step_key == along.step_key == bundle.key
    assert [plan.name for plan in along.affected.accounts[0].work[0].plans] == ["VOICE"]


def test_seats_that_are_given_back_are_compared_with_the_users() -> None:
    reduce = step(StepKind.REDUCE_SEATS, seats_before=10, seats_after=1)
    (found,) = told(reduce, holder=customer(OURS), known=accounts("ada: A", "bob: A"))
    assert [one.kind for one in found.affected.general] == [Kind.TOO_FEW_SEATS]
    enough = step(StepKind.ADD_SEATS, seats_before=1, seats_after=9)
    assert told(enough, holder=customer(OURS), known=accounts("ada: A")) == ()


def test_a_subscription_that_the_customer_cancels_elsewhere_concerns_its_users() -> None:
    theirs = subscription("C", 10, number=6, seller=Seller.ANOTHER_PARTNER)
    gone = step(StepKind.CANCEL_ELSEWHERE, theirs.subscription_id)
    (found,) = told(gone, holder=customer(OURS, theirs), known=accounts("ada: A, C", "bob: A"))
    assert kinds(found.affected) == {"ada": {Kind.SERVICES_LOST}}


def test_after_a_move_into_an_existing_subscription_its_seats_are_the_sum() -> None:
    own, existing = subscription("a", 2), subscription("b", 1, number=3)
    into = step(
        StepKind.CONVERT_INTO_EXISTING,
        own.subscription_id,
        origin=oid("a"),
        target=oid("b"),
        into=existing.subscription_id,
        seats_before=2,
        seats_after=2,
    )
    reduce = step(StepKind.REDUCE_SEATS, existing.subscription_id, seats_before=3, seats_after=2)
    known = accounts("ada: a", "bob: a", "cleo: b")
    moved, fewer = told(into, reduce, holder=customer(own, existing), known=known)
    assert moved.affected.general == ()
    assert fewer.affected.holders == 3
    assert [one.kind for one in fewer.affected.general] == [Kind.TOO_FEW_SEATS]


def test_steps_that_change_no_licences_are_left_out() -> None:
    quiet = (StepKind.WAIT_UNTIL, StepKind.GET_AGREEMENT, StepKind.REACTIVATE)
    assert told(*map(step, quiet), holder=customer(OURS), known=accounts("ada: A")) == ()


def test_a_move_that_the_catalog_does_not_have_is_not_known() -> None:
    assumed = replace(UPGRADE, target=oid("c"))
    (found,) = told(assumed, holder=customer(OURS), known=accounts("ada: A"))
    assert found.affected.handling is Handling.NOT_KNOWN
    assert f"the move from {oid('A')} to {oid('c')}" in found.affected.unknown


def test_without_accounts_every_step_says_so() -> None:
    for one in told(WITH_TRANSFER, MIGRATE, holder=customer(OURS), known=NO_ACCOUNTS):
        assert (one.affected.state, one.affected.holders) == (HoldingsState.NOT_LOADED, None)
        assert one.affected.unknown[0] == "accounts"


def test_the_products_of_a_plan_are_all_that_it_looks_at() -> None:
    plan = plan_of(customer(OURS), WITH_TRANSFER, MIGRATE)
    assert products_of_plan(CATALOG, customer(OURS), plan) == {guid("A"), guid("B"), guid("b")}


def test_a_plan_as_it_is_made_tells_its_manual_work_once() -> None:
    made = from_facts(sold_and_billed(facts(MOVES, **with_plans(PLANS))))
    own = complete(subscription("D", 10))
    holder = trusting(customer(own))
    goals = (SubscriptionGoal(own.subscription_id),)
    plan = make_plan(made, holder, Wanted(SCOPE), goals=goals, acting=ADMIN)
    assert StepKind.REASSIGN_LICENSES in {one.kind for one in plan.steps}
    found = affected_by_plan(made, holder, accounts("ada: D"), plan)
    named = {one.step_key: kinds(one.affected) for one in found}
    (by_hand,) = (kind for kind in named.values() if kind)
    assert by_hand == {"ada": {Kind.REASSIGN_BY_HAND}}
