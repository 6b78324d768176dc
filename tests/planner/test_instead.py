"""Where the best way is blocked, `blockers` and the portfolio name what a plan takes instead."""

import random
from dataclasses import replace
from datetime import UTC
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.catalog import Catalog
from planner.customers import Customer, Subscription
from planner.customers import SubscriptionState as State
from planner.goals import OfferGoal
from planner.ids import is_new_commerce
from planner.instead import Instead, InsteadKind, instead_of
from planner.offers import LimitScope
from planner.options import Option, blockers
from planner.permissions import ANYONE
from planner.plans.goals import SubscriptionGoal, default_goals
from planner.plans.plan import make_plan
from planner.plans.search.solution import Status
from planner.plans.told.steps import Outcome
from planner.plans.wanted import Wanted
from planner.portfolios.verdicts import PortfolioQuestion, Verdicts, judged_alone
from planner.readiness import Readiness
from planner.scope import Scope
from tests.examples import checked
from tests.formats.sample.test_sample_portfolio import NAMES, SCOPE, catalog, customers
from tests.planner.builders import (
    ADMIN,
    NOW,
    customer,
    facts,
    from_facts,
    oid,
    sold_and_billed,
    subscription,
    trusting,
    with_plans,
)
from tests.planner.builders import SCOPE as PLAIN
from tests.planner.portfolios.likeness_worlds import CATALOG, a_customer, a_twin

GULMOHAR, KESTREL, HOLLYHOCK = (
    next(name for name in NAMES if name.startswith(begins))
    for begins in ("Gulmohar", "Kestrel", "Hollyhock")
)


def told(held: Customer, one: Subscription) -> tuple[Option, Instead | None] | None:
    """Return the best way of a sample subscription, judged, and what is open instead."""
    option = blockers(catalog(), held, one, SCOPE)
    if not isinstance(option, Option):
        return None
    return option, instead_of(catalog(), held, one, SCOPE, option, named=False, acting=ANYONE)


@cache
def planned(name: str, subscription_id: str) -> Outcome | None:
    """Return what a plan makes of a subscription by itself; None where plans leave it out."""
    held = customers()[name]
    goals = [one for one in default_goals(held) if one.subscription_id == subscription_id]
    if not goals:
        return None
    return make_plan(catalog(), held, Wanted(SCOPE), goals=goals).outcomes[0]


@pytest.mark.parametrize("name", NAMES)
def test_blockers_and_the_plan_of_a_subscription_agree(name: str) -> None:
    held = customers()[name]
    for one in held.holdings.own:
        found = told(held, one) if one.is_legacy else None
        if found is None:
            continue
        option, instead = found
        outcome = planned(name, one.subscription_id)
        if option.readiness is not Readiness.BLOCKED:
            assert instead is None
        elif instead is None:
            assert outcome is None or outcome.status is Status.UNMET
        else:
            assert outcome is not None
            assert outcome.status is Status.MET
            assert outcome.reached == instead.target
            assert outcome.upsell == instead.upsell
            assert instead.readiness is not Readiness.BLOCKED


@pytest.mark.parametrize("name", NAMES)
def test_the_portfolio_says_the_same(name: str) -> None:
    held = customers()[name]
    for row, one in zip(
        Verdicts(PortfolioQuestion(catalog(), SCOPE)).rows(held), held.holdings.own, strict=True
    ):
        found = told(held, one)
        if row.judged is None or found is None:
            continue
        instead = found[1]
        short = row.judged.instead
        assert (short is None) == (instead is None)
        if short is not None and instead is not None:
            assert (short.kind, short.target, short.readiness) == (
                instead.kind,
                instead.target,
                instead.readiness,
            )


def test_a_target_that_is_not_sold_has_the_best_other_one_with_what_that_trades() -> None:
    held = customers()[GULMOHAR]
    (one,) = held.holdings.own
    found = told(held, one)
    assert found is not None
    option, instead = found
    assert option.readiness is Readiness.BLOCKED
    assert {blocker.code for blocker in option.blockers} >= {"TARGET_NOT_OFFERED"}
    assert instead is not None
    assert instead.kind is InsteadKind.ANOTHER_TARGET
    assert instead.option is not None
    assert instead.option.target == instead.target
    assert instead.upsell is not None
    assert instead.upsell.is_larger
    assert "1 legacy upgrade more" in instead.trade_off


def test_a_disabled_subscription_is_bought_anew() -> None:
    held = customers()[KESTREL]
    (one,) = held.holdings.own
    found = told(held, one)
    assert found is not None
    option, instead = found
    assert instead is not None
    assert (instead.kind, instead.option) == (InsteadKind.BUY_NEW, None)
    assert instead.target == option.target
    assert instead.upsell is None
    assert "11 licences to reassign by hand" in instead.trade_off


@pytest.mark.parametrize("offer", ["A", "b"])
@pytest.mark.parametrize("state", [State.DELETED, State.DISABLED, State.EXPIRED, State.SUSPENDED])
def test_what_plans_leave_out_has_nothing_instead_in_any_channel(offer: str, state: State) -> None:
    """A deleted legacy subscription, and whatever of new commerce is over."""
    made = sold_and_billed(
        facts(
            "A>b migration documented, b>c conversion documented",
            **with_plans(dict.fromkeys("Abc", "MAIL")),
        )
    )
    held = trusting(customer(subscription(offer, state=state)))
    one = held.holdings.own[0]
    option = blockers(from_facts(made), held, one, PLAIN, acting=ADMIN)
    assert isinstance(option, Option)
    is_planned = offer == "A" and state is not State.DELETED
    assert [goal.subscription_id for goal in default_goals(held)] == (
        [one.subscription_id] if is_planned else []
    )
    found = instead_of(from_facts(made), held, one, PLAIN, option, named=False, acting=ADMIN)
    is_over = state is not State.SUSPENDED
    assert (found is not None) == (is_planned and is_over)
    wanted = instead_of(from_facts(made), held, one, PLAIN, option, named=True, acting=ADMIN)
    assert (wanted is not None) == is_over
    question = PortfolioQuestion(from_facts(made), PLAIN, ADMIN)
    (row,) = Verdicts(question).rows(held)
    if row.judged is not None:
        assert (row.judged.instead is not None) == (found is not None)
        assert row.way.path is not None
        assert row.judged == judged_alone(question, held, one, row.way.path)


def test_nothing_is_named_where_nothing_is_open() -> None:
    held = customers()[HOLLYHOCK]
    found = told(held, held.holdings.own[0])
    assert found is not None
    assert found[0].readiness is Readiness.BLOCKED
    assert found[1] is None


def _two_ways() -> Catalog:
    """A becomes b by way of B, of which a tenant may ever have had one, or by way of C."""
    made = sold_and_billed(
        facts(
            "A>B upgrade documented, A>C upgrade documented, B>b migration documented, "
            "C>b migration documented, C>c migration documented",
            **with_plans(dict.fromkeys("ABCbc", "MAIL")),
        )
    )
    limits = {oid("B"): (1, LimitScope.LIFETIME), oid("C"): (None, LimitScope.NONE)}
    offers = []
    for one in made.offers:
        limit, scope = limits.get(one.catalog_id, (one.limit, one.limit_scope))
        offers.append(replace(one, limit=limit, limit_scope=scope))
    return from_facts(replace(made, offers=tuple(offers)))


def test_another_way_to_a_named_target_is_found_and_no_other_target() -> None:
    made = _two_ways()
    gone = subscription("B", number=2, state=State.DELETED)
    held = trusting(customer(subscription("A"), gone))
    one = held.holdings.own[0]
    option = blockers(made, held, one, PLAIN, target=oid("b"), acting=ADMIN)
    assert isinstance(option, Option)
    assert option.path.offers == (oid("A"), oid("B"), oid("b"))
    assert option.readiness is Readiness.BLOCKED
    found = instead_of(made, held, one, PLAIN, option, named=True, acting=ADMIN)
    assert found is not None
    assert (found.kind, found.target) == (InsteadKind.ANOTHER_WAY, oid("b"))
    assert found.option is not None
    assert found.option.path.offers == (oid("A"), oid("C"), oid("b"))


def test_a_named_target_is_not_given_up_for_another_one() -> None:
    held = customers()[GULMOHAR]
    (one,) = held.holdings.own
    option = blockers(catalog(), held, one, SCOPE)
    assert isinstance(option, Option)
    wanted = blockers(catalog(), held, one, SCOPE, target=option.target)
    assert isinstance(wanted, Option)
    assert instead_of(catalog(), held, one, SCOPE, wanted, named=True, acting=ANYONE) is None
    goal = SubscriptionGoal(one.subscription_id, OfferGoal(option.target))
    (outcome,) = make_plan(catalog(), held, Wanted(SCOPE), goals=[goal]).outcomes
    assert outcome.status is Status.UNMET


def _second_best_is_sold_in_india() -> Catalog:
    """In India D and d are sold, and b is not, which is the best target of C."""
    made = CATALOG.facts
    both = {oid("D"), oid("d")}
    offers = (
        replace(one, markets=frozenset({"IN", "US"})) if one.catalog_id in both else one
        for one in made.offers
    )
    return from_facts(replace(made, offers=tuple(offers)))


@checked(60)
@given(st.integers(0, 2**32))
def test_what_is_open_instead_is_shared_by_position_without_changing_an_answer(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - no secret
    question = PortfolioQuestion(_second_best_is_sold_in_india(), Scope(NOW.astimezone(UTC)), ADMIN)
    verdicts = Verdicts(question)
    of = a_customer(dice)
    for held in (of, *(a_twin(dice, of) for _ in range(15))):
        for row, one in zip(verdicts.rows(held), held.holdings.own, strict=True):
            if row.judged is not None and row.way.path is not None:
                assert row.judged == judged_alone(question, held, one, row.way.path)


def test_every_kind_of_what_is_open_comes_up_among_random_customers() -> None:
    question = PortfolioQuestion(_second_best_is_sold_in_india(), Scope(NOW), ADMIN)
    verdicts, dice = Verdicts(question), random.Random(7)  # noqa: S311 - no secret
    rows = [row for _ in range(400) for row in verdicts.rows(a_customer(dice))]
    kinds = {row.judged.instead.kind for row in rows if row.judged and row.judged.instead}
    assert kinds == {InsteadKind.BUY_NEW, InsteadKind.ANOTHER_TARGET}
    for row in rows:
        if row.judged is not None and row.judged.instead is not None:
            assert row.judged.readiness is Readiness.BLOCKED
            assert row.judged.instead.readiness is not Readiness.BLOCKED
            assert is_new_commerce(row.judged.instead.target)
