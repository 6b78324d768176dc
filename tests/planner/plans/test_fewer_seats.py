"""Where the first way has room for some of the seats, it is told with those beside the plan."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.facts import CatalogFacts, SeatCap
from planner.plans.goals import ANY_NEW_COMMERCE, SubscriptionGoal
from planner.plans.plan import make_plan
from planner.plans.saved.document import plan_document
from planner.plans.saved.document import plan_of as read_plan
from planner.plans.search.solution import Status
from planner.plans.told.steps import Plan
from planner.plans.told.unpriced import without_prices
from planner.plans.wanted import Wanted
from planner.profiles import Profile
from tests.examples import checked
from tests.formats.sample.test_sample_portfolio import NAMES, SCOPE, catalog, customers
from tests.planner.builders import oid, title_of
from tests.planner.plans.examples import SERVICES, agreed, ends, held, offers_of, plan_of, played
from tests.planner.plans.examples import world as world_of

ROWAN = next(name for name in NAMES if name.startswith("Rowan"))
ANY = ANY_NEW_COMMERCE


def world(cap: int) -> CatalogFacts:
    """A becomes a, of which few seats may be had, or by way of B the larger b."""
    return world_of(
        "A>a migration documented, A>B upgrade documented, B>b migration documented",
        SERVICES,
        seat_caps=(SeatCap(oid("a"), cap, None, None, "caps"),),
    )


def planned(cap: int, seats: int = 10) -> Plan:
    one = held("A", seats=seats)
    return plan_of(world(cap), agreed(one), SubscriptionGoal(one.subscription_id, ANY))


def test_the_larger_product_has_the_first_way_with_fewer_seats_beside_it() -> None:
    plan = planned(cap=7)
    (outcome,) = plan.outcomes
    assert (outcome.status, outcome.reached) == (Status.MET, oid("b"))
    (other,) = (one for one in plan.alternatives if one.goals)
    became = f"7 of 10 seats become {title_of('a')}, 3 are given up; "
    assert other.trade_off.startswith(became)
    assert "1 goal not reached" in other.trade_off
    assert [(goal.goal, goal.seats) for goal in other.goals] == [(ANY, 7)]
    assert other.merit[0] == 1
    assert read_plan(plan_document(plan)) == plan


def test_the_goals_that_it_names_make_a_plan_that_ends_there() -> None:
    (other,) = (one for one in planned(cap=7).alternatives if one.goals)
    one = held("A", seats=10)
    asked = plan_of(world(7), agreed(one), *other.goals)
    assert [step.key for step in asked.steps] == [step.key for step in other.steps]
    (outcome,) = asked.outcomes
    assert (outcome.status, outcome.reached, outcome.seats) == (Status.MET, oid("a"), 7)
    assert offers_of(ends(played(world(7), agreed(one), asked))) == [oid("a")]


@checked(30)
@given(st.integers(0, 14), st.integers(1, 14))
def test_it_is_told_where_some_seats_fit_and_not_all(cap: int, seats: int) -> None:
    told = [goal.seats for one in planned(cap, seats).alternatives for goal in one.goals]
    assert told == ([cap] if 0 < cap < seats else [])


@pytest.mark.parametrize("more", [{"seats": 9}, {"goal": None, "seats": 9}])
def test_a_goal_that_names_its_seats_keeps_them(more: dict[str, int | None]) -> None:
    one = held("A", seats=10)
    goal = replace(SubscriptionGoal(one.subscription_id, ANY), **more)  # type: ignore[arg-type]
    assert not any(other.goals for other in plan_of(world(7), agreed(one), goal).alternatives)


def test_where_no_way_has_room_for_all_the_seats_that_fit_are_told_too() -> None:
    made = world_of(
        "A>a migration documented",
        SERVICES,
        seat_caps=(SeatCap(oid("a"), 7, None, None, "caps"),),
    )
    one = held("A", seats=10)
    plan = plan_of(made, agreed(one), SubscriptionGoal(one.subscription_id, ANY))
    assert [outcome.status for outcome in plan.outcomes] == [Status.UNMET]
    (other,) = plan.alternatives
    assert other.goals == (SubscriptionGoal(one.subscription_id, ANY, 7),)


def test_rowans_plan_names_what_blockers_say_with_both_prices() -> None:
    plan = make_plan(catalog(), customers()[ROWAN], Wanted(SCOPE))
    (other,) = (one for one in plan.alternatives if one.goals)
    assert "300 of 340 seats become Microsoft 365 Apps for business" in other.trade_off
    assert other.price_in_plan == plan.outcomes[0].price_then
    assert other.price_then is not None
    assert other.price_in_plan is not None
    assert other.price_then.amount < other.price_in_plan.amount
    assert "USD" not in other.trade_off
    (hidden,) = (
        one for one in without_prices(plan, Profile.FEWEST_STEPS).alternatives if one.goals
    )
    assert (hidden.price_in_plan, hidden.price_then) == (None, None)
