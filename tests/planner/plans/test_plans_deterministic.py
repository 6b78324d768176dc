"""The same question has the same plan, and parts of a customer that do not touch do not matter."""

import random
from dataclasses import replace
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st

from planner.customers import Customer
from planner.facts import CatalogFacts
from planner.plans.goals import SubscriptionGoal, default_goals
from planner.plans.merit import UNKNOWN
from planner.plans.plan import make_plan
from planner.plans.search.solution import Exactness
from planner.plans.told.steps import Plan
from tests.planner.builders import from_facts
from tests.planner.plans.replay import Failed, done, in_order_of_needs
from tests.planner.plans.strategies import Case, cases
from tests.planner.plans.tenant import tenant_of
from tests.planner.plans.test_plans_replayed import ONE, checked

_T = TypeVar("_T")
STATES = 300


def plan_for(case: Case, *, states: int = STATES) -> Plan:
    return make_plan(case.catalog, case.customer, case.wanted, goals=case.goals, states=states)


def goals_of(case: Case) -> tuple[SubscriptionGoal, ...]:
    return default_goals(case.customer) if case.goals is None else case.goals


def _shuffled(rows: tuple[_T, ...], dice: random.Random) -> tuple[_T, ...]:
    return tuple(dice.sample(rows, len(rows)))


def shuffled_rows(facts: CatalogFacts, dice: random.Random) -> CatalogFacts:
    return replace(
        facts,
        offers=_shuffled(facts.offers, dice),
        claims=_shuffled(facts.claims, dice),
        products=_shuffled(facts.products, dice),
        seat_caps=_shuffled(facts.seat_caps, dice),
    )


def shuffled_holdings(customer: Customer, dice: random.Random) -> Customer:
    held = customer.holdings
    own, foreign = _shuffled(held.own, dice), _shuffled(held.foreign, dice)
    return replace(customer, holdings=replace(held, own=own, foreign=foreign))


@checked(80)
@given(cases(), st.integers(0, 2**16))
def test_the_order_of_rows_and_goals_does_not_matter(case: Case, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - no secret
    rows, goals = shuffled_rows(case.facts, dice), _shuffled(goals_of(case), dice)
    again = make_plan(from_facts(rows), case.customer, case.wanted, goals=goals, states=STATES)
    assert again == plan_for(case)


@checked(80)
@given(cases(), st.integers(0, 2**16))
def test_the_order_of_subscriptions_does_not_change_what_is_done(case: Case, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - no secret
    plan = plan_for(case)
    again = plan_for(replace(case, customer=shuffled_holdings(case.customer, dice)))
    assert [step.key for step in again.steps] == [step.key for step in plan.steps]
    assert again.merit == plan.merit


@checked(150)
@given(cases(), st.integers(0, 2**16))
def test_the_order_of_subscriptions_does_not_matter_at_all(case: Case, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - no secret
    shuffled = replace(case, customer=shuffled_holdings(case.customer, dice))
    assert plan_for(shuffled) == plan_for(case)


@checked(80)
@given(cases(most_own=3))
def test_a_plan_is_the_union_of_the_plans_of_its_components(case: Case) -> None:
    plan = plan_for(case)
    by_id = {goal.subscription_id: goal for goal in goals_of(case)}
    alone = [
        plan_for(replace(case, goals=tuple(by_id[one] for one in component.subscription_ids)))
        for component in plan.components
    ]
    assert {key for part in alone for key in _keys(part)} == _keys(plan)
    outcomes = {one.goal.subscription_id: one for part in alone for one in part.outcomes}
    assert outcomes == {one.goal.subscription_id: one for one in plan.outcomes}
    assert sum(part.merit[0] for part in alone) == plan.merit[0]


def _keys(plan: Plan) -> set[str]:
    return {step.key for step in plan.steps}


@checked(120)
@given(ONE)
def test_a_budget_of_one_state_still_gives_a_plan_that_can_be_done(case: Case) -> None:
    plan, whole = plan_for(case, states=1), plan_for(case)
    end = done(case.facts, tenant_of(case.customer, plan.at), in_order_of_needs(plan.steps))
    assert plan.merit[UNKNOWN] or not isinstance(end, Failed), str(end)
    assert plan.exactness is Exactness.BEST_FOUND or plan.steps == whole.steps
    assert whole.merit <= plan.merit


@checked(40)
@given(cases(most_own=3))
def test_more_states_never_make_an_exact_plan_another_one(case: Case) -> None:
    plan = plan_for(case)
    if plan.exactness is Exactness.EXACT:
        assert plan_for(case, states=2 * STATES).steps == plan.steps
