"""What a plan says comes true: its steps are accepted in their order and reach its goals."""

from datetime import date

from hypothesis import assume, given, settings

from planner.customers import Subscription
from planner.customers import SubscriptionState as State
from planner.plans.merit import UNKNOWN
from planner.plans.plan import make_plan
from planner.plans.search.acts import StepKind
from planner.plans.search.solution import Status
from planner.plans.told.steps import Plan, PlanStep
from tests import examples as examples_of
from tests.planner.plans.replay import Failed, done, in_order_of_needs
from tests.planner.plans.simulator import PartnerCenter
from tests.planner.plans.strategies import Case, cases
from tests.planner.plans.tenant import Tenant, tenant_of

STATES_ALLOWED = 300
NEVER = date.max


def checked(examples: int) -> settings:
    """Return settings that make no example smaller, which takes minutes here.

    test_plans_small and test_plans_faults have small examples.
    """
    return examples_of.checked(examples, shrinks=False)


def planned(case: Case) -> Plan:
    """Return the plan of a case whose every step is certain; others are left out."""
    plan = make_plan(
        case.catalog, case.customer, case.wanted, goals=case.goals, states=STATES_ALLOWED
    )
    assume(plan.merit[UNKNOWN] == 0)
    return plan


def play(case: Case, plan: Plan, steps: tuple[PlanStep, ...]) -> Tenant:
    end = done(case.facts, tenant_of(case.customer, plan.at), steps)
    assert not isinstance(end, Failed), str(end)
    return end


def reaches_its_goals(plan: Plan, end: Tenant) -> None:
    for outcome in plan.outcomes:
        if outcome.status is Status.MET:
            follower = end.follower(outcome.goal.subscription_id)
            assert end.has(follower), f"{follower} met its goal and is gone"
            found = end.get(follower)
            assert (found.catalog_id, found.seats) == (outcome.reached, outcome.seats)
    assert end.due == frozenset()


ONE = cases(
    names="ABCEABCabc",
    most_own=1,
    with_goals=False,
    states=(*[State.ACTIVE] * 4, State.SUSPENDED),
)
"""A subscription by itself, with what others sold in its way."""
WHOLE = cases()


@checked(250)
@given(ONE)
def test_the_plan_of_one_subscription_is_accepted_and_reaches_its_goal(case: Case) -> None:
    plan = planned(case)
    reaches_its_goals(plan, play(case, plan, in_order_of_needs(plan.steps)))


@checked(120)
@given(WHOLE)
def test_the_plan_of_a_whole_customer_is_accepted_and_reaches_its_goals(case: Case) -> None:
    plan = planned(case)
    reaches_its_goals(plan, play(case, plan, plan.steps))


IN_PART = cases(names="aaabA", most_own=2, in_part=True, with_choices=False)


@checked(250)
@given(IN_PART)
def test_a_part_of_the_seats_goes_where_it_shall_and_the_rest_stays(case: Case) -> None:
    plan = planned(case)
    end = play(case, plan, plan.steps)
    reaches_its_goals(plan, end)
    for outcome in plan.outcomes:
        held, part = start_of(case, outcome.goal.subscription_id), outcome.goal.part
        if outcome.status is Status.MET and outcome.goal.subscription_id in end.divided:
            assert part is not None
            assert held.seats is not None
            left = end.get(held.subscription_id)
            assert left.seats == held.seats - part + _come_to(case, end, held.subscription_id)
            assert left.catalog_id != outcome.reached


def _come_to(case: Case, end: Tenant, subscription_id: str) -> int:
    """Return the seats that others' goals brought to a subscription which was there already."""
    came = [
        goal
        for goal in case.goals or ()
        if goal.subscription_id != subscription_id
        and end.follower(goal.subscription_id) == subscription_id
    ]
    return sum(goal.part or start_of(case, goal.subscription_id).seats or 0 for goal in came)


def start_of(case: Case, subscription_id: str) -> Subscription:
    own = case.customer.holdings.own
    return next(one for one in own if one.subscription_id == subscription_id)


@checked(120)
@given(WHOLE)
def test_every_step_comes_after_what_it_needs(case: Case) -> None:
    before: set[str] = set()
    for step in planned(case).steps:
        assert before.issuperset(step.needs), f"{step.key} comes before what it needs"
        before.add(step.key)


@checked(150)
@given(ONE)
def test_no_step_has_its_latest_day_before_its_earliest(case: Case) -> None:
    plan = planned(case)
    assert all(step.latest is None or step.earliest.day <= step.latest.day for step in plan.steps)


@checked(120)
@given(WHOLE)
def test_what_a_plan_says_of_itself_agrees_with_its_steps(case: Case) -> None:
    plan = planned(case)
    keys = [step.key for step in plan.steps]
    latest = [step.latest.day for step in plan.steps if step.latest]
    assert len(keys) == len(set(keys))
    assert all(set(step.needs) <= set(keys) - {step.key} for step in plan.steps)
    assert plan.valid_until == min(latest, default=None)
    assert plan.merit[0] == sum(one.status is Status.UNMET for one in plan.outcomes)
    waits = sum(step.kind is StepKind.WAIT_UNTIL for step in plan.steps)
    assert plan.merit[-2] == len(plan.steps) - waits
    assert [one.goal for one in plan.outcomes] == list(plan.goals)


@checked(80)
@given(ONE)
def test_a_single_step_still_does_its_work_on_its_latest_day(case: Case) -> None:
    plan = planned(case)
    assume(len(plan.steps) == 1 and plan.steps[0].latest is not None)
    start = tenant_of(case.customer, plan.at)
    end = done(case.facts, start, plan.steps, lambda one: one.latest.day if one.latest else NEVER)
    assert not isinstance(end, Failed), str(end)
    reaches_its_goals(plan, end)


@checked(150)
@given(ONE)
def test_a_goal_without_any_step_leaves_its_subscription_to_itself(case: Case) -> None:
    plan = planned(case)
    assume(not plan.steps)
    start = tenant_of(case.customer, plan.at)
    later = PartnerCenter(case.facts).wait(start, plan.at.date())
    assert play(case, plan, plan.steps) == later
    for outcome in plan.outcomes:
        assert outcome.status is Status.UNMET
        assert outcome.reached is None
        assert outcome.message
