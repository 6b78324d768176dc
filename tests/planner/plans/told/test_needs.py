"""What a step needs is all it needs: in any order that needs and days allow, the goals are met."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from planner.plans.told.steps import Plan, PlanStep
from planner.transitions import Prerequisite
from tests.planner.builders import oid
from tests.planner.plans.examples import (
    MIGRATIONS,
    SERVICES,
    SIMPLE,
    YOUNG,
    agreed,
    held,
    plan_of,
    to,
    world,
)
from tests.planner.plans.strategies import Case
from tests.planner.plans.test_plans_replayed import (
    IN_PART,
    WHOLE,
    checked,
    planned,
    play,
    reaches_its_goals,
)


def in_some_order(steps: tuple[PlanStep, ...], data: st.DataObject) -> Iterator[PlanStep]:
    """Yield the steps day by day, on each day in an order that needs allow."""
    left = list(steps)
    while left:
        day, waiting = min(one.earliest.day for one in left), {one.key for one in left}
        open_now = [one for one in left if waiting.isdisjoint(one.needs)]
        chosen = data.draw(
            st.sampled_from([one for one in open_now if one.earliest.day == day]), label="next"
        )
        left.remove(chosen)
        yield chosen


@checked(300)
@given(WHOLE, st.data())
def test_in_any_order_that_needs_allow_a_plan_reaches_its_goals(
    case: Case, data: st.DataObject
) -> None:
    plan = planned(case)
    reaches_its_goals(plan, play(case, plan, tuple(in_some_order(plan.steps, data))))


@checked(100)
@given(IN_PART, st.data())
def test_so_does_one_for_parts_of_seats(case: Case, data: st.DataObject) -> None:
    plan = planned(case)
    reaches_its_goals(plan, play(case, plan, tuple(in_some_order(plan.steps, data))))


def needed(plan: Plan) -> dict[str, list[str]]:
    """Return what each step needs, both by their kinds and the subscriptions' numbers."""
    names = {one.key: f"{one.kind} {(one.subscription_id or '--------')[7]}" for one in plan.steps}
    return {names[one.key]: [names[key] for key in one.needs] for one in plan.steps}


def test_goals_that_hang_together_wait_for_each_other_only_where_they_have_to() -> None:
    """The add-on of A needs a; that of C needs nothing of it, though it needs a too."""
    made = world(MIGRATIONS, SERVICES, prerequisites=(Prerequisite(oid("d"), oid("a"), "list"),))
    base, addon, other = held("A", 1), held("D", 2), held("C", 3)
    plan = plan_of(made, agreed(base, addon, other), to(base, "a"), to(addon, "d"), to(other, "c"))
    assert needed(plan) == {"MIGRATE 1": [], "MIGRATE 2": ["MIGRATE 1"], "MIGRATE 3": []}


def test_who_would_be_in_the_way_comes_after() -> None:
    """What the trial becomes gives the services that the upgrade adds, which stops an upgrade."""
    made = world(
        "A>B upgrade documented, B>b migration documented, E>B trial documented",
        SERVICES | {"E": "FAX"},
    )
    paid, trial = held("A", 1), held("E", 2, is_trial=True)
    plan = plan_of(made, agreed(paid, trial), to(paid, "b"), to(trial, "b"))
    assert needed(plan) == {
        "UPGRADE 1": [],
        "MIGRATE 1": ["UPGRADE 1"],
        "CONVERT_TRIAL 2": ["UPGRADE 1"],
        "MIGRATE 2": ["CONVERT_TRIAL 2"],
    }


def test_what_another_goal_waits_for_is_needed_where_it_opens_the_move() -> None:
    """The base moves with the add-on whose first month is waited for."""
    base = held("A", 2)
    addon = held("D", 1, created=YOUNG, parent_id=base.subscription_id)
    plan = plan_of(SIMPLE, agreed(base, addon))
    assert needed(plan) == {"WAIT_UNTIL 1": [], "MIGRATE 2": ["WAIT_UNTIL 1"]}
