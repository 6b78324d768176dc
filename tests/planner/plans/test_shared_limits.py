"""Subscriptions that together exceed a limit on seats: how many of them fit, proven for a dozen."""

from collections.abc import Iterable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.customers import Customer
from planner.facts import CatalogFacts, SeatCap
from planner.plans.search.acts import StepKind
from planner.plans.search.bounds import Bounds, SharedLimit
from planner.plans.search.solution import Exactness, Status
from planner.plans.told.steps import Plan
from planner.search import Cost
from tests.planner.builders import oid
from tests.planner.plans.examples import agreed, ends, held, kinds, plan_of, played, world
from tests.planner.plans.exhaustive import Nothing, better_than
from tests.planner.plans.simulator import PartnerCenter
from tests.planner.plans.tenant import tenant_of
from tests.planner.plans.test_plans_are_best import merit_of
from tests.planner.plans.test_plans_replayed import checked

LIMIT = 300
ALIKE = dict.fromkeys("ABab", "MAIL") | {"d": "MAIL FAX"}


def limited(moves: str) -> CatalogFacts:
    """Return a world in which 300 seats of `a` are all that a tenant may have."""
    return world(moves, ALIKE, seat_caps=(SeatCap(oid("a"), LIMIT, None, None, "caps"),))


NO_OTHER = limited("A>a migration documented")
BY_UPGRADE = limited("A>a migration documented, A>B upgrade documented, B>b migration documented")
BY_GOING_ON = limited("A>a migration documented, a>d conversion documented")

seats = st.lists(st.integers(40, 120), min_size=4, max_size=12)


def holders(numbers: list[int]) -> Customer:
    return agreed(*(held("A", place + 1, seats=one) for place, one in enumerate(numbers)))


def most_that_fit(numbers: list[int]) -> int:
    """Return how many fit at most: the smallest ones."""
    taken = [sum(sorted(numbers)[: count + 1]) for count in range(len(numbers))]
    return sum(one <= LIMIT for one in taken)


def statuses(plan: Plan) -> list[Status]:
    return [outcome.status for outcome in plan.outcomes]


@checked(25)
@given(seats)
def test_where_there_is_no_other_way_as_many_as_fit_get_there_and_that_is_proven(
    numbers: list[int],
) -> None:
    who = holders(numbers)
    plan = plan_of(NO_OTHER, who)
    assert plan.exactness is Exactness.EXACT
    assert statuses(plan).count(Status.MET) == most_that_fit(numbers)
    ends(played(NO_OTHER, who, plan))


@checked(25)
@given(seats)
def test_no_more_are_upgraded_than_have_no_room_and_that_is_proven(numbers: list[int]) -> None:
    who = holders(numbers)
    plan = plan_of(BY_UPGRADE, who)
    assert plan.exactness is Exactness.EXACT
    assert set(statuses(plan)) == {Status.MET}
    assert kinds(plan).count(StepKind.UPGRADE) == len(numbers) - most_that_fit(numbers)
    ends(played(BY_UPGRADE, who, plan))


@checked(25)
@given(seats)
def test_those_that_go_on_make_room_for_the_others_and_that_is_proven(numbers: list[int]) -> None:
    who = holders(numbers)
    plan = plan_of(BY_GOING_ON, who)
    assert plan.exactness is Exactness.EXACT
    assert set(statuses(plan)) == {Status.MET}
    assert kinds(plan).count(StepKind.CONVERT) == len(numbers) - most_that_fit(numbers)
    ends(played(BY_GOING_ON, who, plan))


@pytest.mark.parametrize("count", [8, 14])
def test_fourteen_alike_are_proven_within_the_usual_states(count: int) -> None:
    plan = plan_of(BY_UPGRADE, holders([80] * count))
    assert plan.exactness is Exactness.EXACT
    assert kinds(plan).count(StepKind.UPGRADE) == count - 3


ROUND_ABOUT = limited(
    """A>a migration documented, A>B upgrade documented, B>b migration documented
    a>d conversion documented, b>a conversion documented"""
)


@checked(20)
@given(
    st.lists(st.sampled_from([90, 150, 151, 210, 300]), min_size=2, max_size=3),
    st.sampled_from([BY_UPGRADE, BY_GOING_ON, ROUND_ABOUT]),
    st.sampled_from(["AAA", "BAA"]),
)
def test_no_order_of_any_steps_that_partner_center_takes_is_better(
    numbers: list[int], made: CatalogFacts, offers: str
) -> None:
    named = zip(offers, numbers, strict=False)
    who = agreed(
        *(held(name, place, seats=count) for place, (name, count) in enumerate(named, start=1))
    )
    plan = plan_of(made, who)
    assert plan.exactness is Exactness.EXACT
    found = better_than(
        PartnerCenter(made),
        tenant_of(who, plan.at),
        plan.goals,
        plan.merit[0],
        merit_of(plan),
        most_steps=5,
        most_tenants=1_500,
    )
    assert isinstance(found, Nothing), f"better than {plan.merit} is {found}"


costs = st.tuples(st.integers(0, 2), st.integers(0, 3))


@given(
    st.lists(st.tuples(costs, costs, costs, st.integers(1, 9)), min_size=1, max_size=7),
    st.integers(0, 30),
)
def test_the_least_of_all_goals_is_that_of_the_best_choice_of_those_that_stay(
    goals: list[tuple[Cost, Cost, Cost, int]], limit: int
) -> None:
    least = [min(one, other) for one, other, _, _ in goals]
    elsewhere = {place: max(one, other) for place, (one, other, _, _) in enumerate(goals)}
    spent = tuple(one for _, _, one, _ in goals)
    sizes = {place: size for place, (_, _, _, size) in enumerate(goals)}
    bounds = Bounds(least, [SharedLimit(oid("a"), limit, sizes, elsewhere)])
    assert bounds.total(spent) == min(
        added(
            max(spent[place], least[place] if stays else elsewhere[place])
            for place, stays in enumerate(choice)
        )
        for choice in product((True, False), repeat=len(goals))
        if sum(sizes[place] for place, stays in enumerate(choice) if stays) <= limit
    )


def added(parts: Iterable[Cost]) -> Cost:
    return tuple(map(sum, zip(*parts, strict=True)))
