"""Between partners goes what is of new commerce: no plan has a legacy subscription handed over."""

from dataclasses import replace

import pytest
from hypothesis import given

from planner.customers import Seller, Subscription
from planner.holdings import is_of_offer, transferable, ways_to_free
from planner.offers import Known
from planner.plans.plan import make_plan
from planner.plans.search.acts import StepKind
from planner.plans.search.solution import Status
from planner.plans.told.steps import Plan, PlanStep
from planner.plans.wanted import Wanted
from planner.readiness import Readiness
from tests.planner.builders import NOW, SCOPE, from_facts, oid, subscription
from tests.planner.plans import plain_steps
from tests.planner.plans.examples import (
    CONVERSION,
    SERVICES,
    UPGRADE,
    agreed,
    ends,
    held,
    played,
    to,
    world,
)
from tests.planner.plans.strategies import Case, cases
from tests.planner.plans.tenant import Refused, tenant_of
from tests.planner.plans.test_plans_replayed import STATES_ALLOWED, checked

PARTNER = Seller.ANOTHER_PARTNER
NO_CANCELLING = frozenset({StepKind.CANCEL_ELSEWHERE})
IN_THE_WAY = cases(names="ABaab", most_own=2, most_foreign=2)
SEEN = subscription("C", number=50, seller=PARTNER)
"""As Microsoft Graph tells it: of a product, and of nobody knows which commerce."""
LEGACY = replace(SEEN, catalog_id=oid("C"))
LICENCE = replace(SEEN, catalog_id=oid("c"))


@checked(400)
@given(IN_THE_WAY)
def test_no_plan_has_a_legacy_subscription_transferred(case: Case) -> None:
    """Also where nothing else is left to do with what is in the way."""
    wanted = replace(case.wanted, without=NO_CANCELLING)
    plan = make_plan(case.catalog, case.customer, wanted, goals=case.goals, states=STATES_ALLOWED)
    theirs = {one.subscription_id: one for one in case.customer.holdings.foreign}
    for step in every_step(plan):
        if step.kind is StepKind.TRANSFER_IN:
            one = theirs[step.subscription_id or ""]
            assert one.seller is PARTNER
            assert one.catalog_id is None or ":" in one.catalog_id
            assert (step.readiness is Readiness.UNKNOWN) is (one.catalog_id is None)
            assert step.target is None or ":" in step.target
        elif step.subscription_id in theirs:
            # What came is of new commerce: it has a window, which nobody has told us of.
            assert step.kind is not StepKind.CANCEL
            assert step.kind not in (StepKind.UPGRADE, StepKind.MIGRATE)


def every_step(plan: Plan) -> tuple[PlanStep, ...]:
    others = (step for one in plan.alternatives for step in one.steps)
    return (*plan.steps, *others)


def plan_without_cancelling(*others: Subscription, of: str = "A", goal: str = "b") -> Plan:
    one = held(of)
    wanted = Wanted(SCOPE, without=NO_CANCELLING)
    made = UPGRADE if of == "A" else CONVERSION
    return make_plan(from_facts(made), agreed(one, *others), wanted, goals=(to(one, goal),))


@pytest.mark.parametrize(
    ("other", "answer"),
    [
        (SEEN, Known.UNKNOWN),
        (LICENCE, Known.YES),
        (LEGACY, Known.NO),
        (replace(LICENCE, seller=Seller.ANOTHER_CHANNEL), Known.NO),
        (replace(LICENCE, seller=Seller.NOT_KNOWN), Known.NO),
        (held("c"), Known.NO),
    ],
)
def test_what_can_be_transferred_is_told_by_its_commerce_and_by_who_sold_it(
    other: Subscription, answer: Known
) -> None:
    assert transferable(other) is answer


def test_of_what_can_be_handed_over_alone_a_remedy_says_so() -> None:
    catalog = from_facts(UPGRADE)
    told = {
        name: [way.message for way in ways_to_free(catalog, one) if "transfer" in way.message]
        for name, one in (("seen", SEEN), ("licence", LICENCE), ("legacy", LEGACY))
    }
    assert ["where it is a new-commerce licence" in one for one in told["seen"]] == [True]
    assert ["where it is" in one for one in told["licence"]] == [False]
    assert told["legacy"] == []


def test_a_legacy_one_in_the_way_is_cancelled_there_or_stays_in_the_way() -> None:
    plan = plan_without_cancelling(LEGACY)
    assert [one.status for one in plan.outcomes] == [Status.UNMET]
    assert plan.steps == ()


def test_one_of_which_nobody_knows_the_commerce_is_not_cancelled_at_once_when_it_came() -> None:
    """As a legacy one it could be; its own window and term are not known."""
    assert plan_without_cancelling(SEEN).outcomes[0].status is Status.UNMET


def test_what_came_ends_with_its_term_where_that_is_soon_enough() -> None:
    soon = replace(SEEN, last_day=NOW.date().replace(month=12, day=10), auto_renews=True)
    plan = plan_without_cancelling(soon)
    kinds = [(step.kind, step.readiness) for step in plan.steps]
    assert plan.outcomes[0].status is Status.MET
    assert kinds[0] == (StepKind.TRANSFER_IN, Readiness.UNKNOWN)
    assert StepKind.TURN_OFF_AUTO_RENEWAL in [kind for kind, _ in kinds]
    assert Readiness.READY not in [one for _, one in kinds]
    (question,) = plan.steps[0].unanswered
    assert question.rule == "TRANSFER"
    assert soon.subscription_id in question.fields[0]
    ends(played(UPGRADE, agreed(held("A"), soon), plan))


def test_a_transfer_of_a_new_commerce_licence_is_ready() -> None:
    soon = replace(LICENCE, last_day=NOW.date().replace(month=12, day=10), auto_renews=True)
    plan = plan_without_cancelling(soon)
    assert plan.steps[0].kind is StepKind.TRANSFER_IN
    assert plan.steps[0].readiness is Readiness.READY
    end = ends(played(UPGRADE, agreed(held("A"), soon), plan))
    assert soon.subscription_id in end.transferred


def test_what_came_without_an_offer_is_of_every_new_commerce_sku_of_its_product() -> None:
    shared = world("A>B upgrade documented, B>b migration documented", SERVICES)
    guid = next(one.product_guid for one in shared.offers if one.catalog_id == oid("b"))
    shared = replace(
        shared,
        offers=tuple(
            replace(one, product_guid=guid) if one.catalog_id in (oid("B"), oid("b")) else one
            for one in shared.offers
        ),
    )
    catalog = from_facts(shared)
    other = replace(SEEN, product_guid=guid)
    assert [is_of_offer(catalog, other, oid(name)) for name in "Bba"] == [True, True, False]
    came = replace(other, seller=Seller.US)
    assert [is_of_offer(catalog, came, oid(name)) for name in "Bba"] == [False, True, False]


@pytest.mark.parametrize("name", ["B", "C"])
def test_the_toy_partner_center_hands_no_legacy_subscription_over(name: str) -> None:
    one = replace(subscription(name, number=50, seller=PARTNER), catalog_id=oid(name))
    tenant = tenant_of(agreed(held("A"), one), NOW)
    with pytest.raises(Refused):
        plain_steps.transfer_in(tenant, one.subscription_id)


def test_the_toy_partner_center_cancels_what_came_in_its_window_alone() -> None:
    came = plain_steps.transfer_in(tenant_of(agreed(held("A"), SEEN), NOW), SEEN.subscription_id)
    with pytest.raises(Refused):
        plain_steps.cancel(came, SEEN.subscription_id)
