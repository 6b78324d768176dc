"""What comes after a step of which nobody knows whether it can be done is not told as READY."""

from dataclasses import replace

from hypothesis import given

from planner.blocker_codes import BlockerCode
from planner.customers import SubscriptionState as State
from planner.goals import OfferGoal
from planner.plans.goals import SubscriptionGoal
from planner.plans.merit import UNKNOWN
from planner.plans.plan import make_plan
from planner.plans.search.acts import StepKind
from planner.plans.told.steps import PlanStep
from planner.readiness import Readiness
from tests.planner.builders import oid
from tests.planner.plans.examples import CONVERSION, SERVICES, SIMPLE, agreed, held, plan_of, world
from tests.planner.plans.strategies import Case, cases
from tests.planner.plans.test_plans_replayed import STATES_ALLOWED, checked

BY_HAND = world("A>a migration documented manual", SERVICES)
UNSURE_STATES = (State.ACTIVE, State.NONE, State.UNRECOGNIZED, State.PENDING, State.SUSPENDED)


def rest_on(steps: tuple[PlanStep, ...]) -> dict[str, set[str]]:
    """Return the keys of all that comes before each step."""
    before: dict[str, set[str]] = {}
    for step in steps:
        before[step.key] = set(step.needs).union(*(before[key] for key in step.needs))
    return before


@checked(200)
@given(cases(states=UNSURE_STATES))
def test_no_step_that_rests_on_an_unknown_one_is_ready(case: Case) -> None:
    plan = make_plan(
        case.catalog, case.customer, case.wanted, goals=case.goals, states=STATES_ALLOWED
    )
    for steps in (plan.steps, *(one.steps for one in plan.alternatives)):
        before = rest_on(steps)
        unknown = {step.key for step in steps if step.readiness is Readiness.UNKNOWN}
        for step in steps:
            warned = BlockerCode.NEEDED_STEP_UNKNOWN in [one.code for one in step.blockers]
            rests = not unknown.isdisjoint(before[step.key])
            assert warned is (rests and step.key not in unknown)
            assert not (rests and step.readiness is Readiness.READY)


@checked(200)
@given(cases(states=UNSURE_STATES))
def test_a_plan_counts_unknown_steps_where_it_tells_one(case: Case) -> None:
    plan = make_plan(
        case.catalog, case.customer, case.wanted, goals=case.goals, states=STATES_ALLOWED
    )
    told = any(step.readiness is Readiness.UNKNOWN for step in plan.steps)
    assert told is (plan.merit[UNKNOWN] > 0)


def test_one_seat_is_ordered_as_one() -> None:
    order, *_ = plan_of(BY_HAND, agreed(held("A", seats=1))).steps
    assert order.kind is StepKind.BUY_NEW
    assert order.message.endswith(" with 1 seat")


def test_the_old_is_cancelled_after_a_purchase_that_may_not_be_possible() -> None:
    plan = plan_of(BY_HAND, agreed(held("A", state=State.NONE, state_as_given="none")))
    assert [(step.kind, step.readiness) for step in plan.steps] == [
        (StepKind.BUY_NEW, Readiness.UNKNOWN),
        (StepKind.REASSIGN_LICENSES, Readiness.CONDITIONAL),
        (StepKind.CANCEL, Readiness.CONDITIONAL),
    ]
    last = plan.steps[-1].blockers[-1]
    assert plan.steps[0].message in last.message
    assert [one.message for one in last.evidence] == [
        "The status 'none' says nothing that we can act on"
    ]


def test_after_a_certain_purchase_nothing_is_unsure() -> None:
    plan = plan_of(BY_HAND, agreed(held("A")))
    assert [step.readiness for step in plan.steps] == [Readiness.READY] * 3


def test_a_wait_for_an_order_is_unknown_and_so_is_what_follows() -> None:
    plan = plan_of(SIMPLE, agreed(held("A", state=State.PENDING)))
    assert [(step.kind, step.readiness) for step in plan.steps] == [
        (StepKind.WAIT_UNTIL, Readiness.UNKNOWN),
        (StepKind.MIGRATE, Readiness.CONDITIONAL),
    ]
    assert [one.rule for one in plan.steps[0].unanswered] == ["PROVISIONING"]


def test_seats_given_back_are_unknown_where_no_source_tells_how_many_may_be() -> None:
    one = held("a", reducible=None)
    goal = SubscriptionGoal(one.subscription_id, OfferGoal(oid("a")), 5)
    (step,) = plan_of(CONVERSION, agreed(one), goal).steps
    assert (step.kind, step.readiness) == (StepKind.REDUCE_SEATS, Readiness.UNKNOWN)
    told = replace(one, reducible=())
    assert plan_of(CONVERSION, agreed(told), goal).steps[0].readiness is Readiness.READY
