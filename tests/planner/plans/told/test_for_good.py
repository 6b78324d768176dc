"""What cannot be undone says so where what it is done for is not certain."""

from hypothesis import given

from planner.blocker_codes import BlockerCode
from planner.customers import Seller
from planner.plans.plan import make_plan
from planner.plans.search.acts import StepKind
from planner.readiness import Readiness
from tests.planner.builders import CONTESTED, subscription
from tests.planner.plans.examples import SERVICES, agreed, held, plan_of, to, world
from tests.planner.plans.strategies import Case, cases
from tests.planner.plans.test_plans_replayed import STATES_ALLOWED, checked
from tests.planner.plans.told.test_unsure import rest_on

UNSURE = BlockerCode.UNSURE_STEP_FOLLOWS
ELSEWHERE = subscription("C", number=2, seller=Seller.ANOTHER_CHANNEL)
MOVES = "A>B upgrade documented, B>b migration"
SURE = world(f"{MOVES} documented", SERVICES)
CONFIRMED_BY_NOBODY = world(f"{MOVES} derived", SERVICES)
CONTESTED_UPGRADE = world(f"{MOVES} documented", SERVICES, windows=CONTESTED)


def test_a_cancellation_before_a_contested_upgrade_warns_and_is_not_ready() -> None:
    plan = plan_of(CONTESTED_UPGRADE, agreed(held("A"), ELSEWHERE), to(held("A"), "b"))
    first, upgrade, _ = plan.steps
    assert (first.kind, first.readiness) == (StepKind.CANCEL_ELSEWHERE, Readiness.CONDITIONAL)
    (found,) = (one for one in first.blockers if one.code is UNSURE)
    assert upgrade.message in found.message
    contested = [one.message for one in upgrade.blockers if "CONTESTED" in one.code]
    assert [one.message for one in found.evidence] == contested


def test_it_warns_of_what_nobody_confirms_further_on_too() -> None:
    plan = plan_of(CONFIRMED_BY_NOBODY, agreed(held("A"), ELSEWHERE), to(held("A"), "b"))
    first, *_, migration = plan.steps
    (found,) = (one for one in first.blockers if one.code is UNSURE)
    assert migration.message in found.message


def test_before_steps_that_are_certain_it_warns_of_nothing() -> None:
    plan = plan_of(SURE, agreed(held("A"), ELSEWHERE), to(held("A"), "b"))
    assert plan.steps[0].kind is StepKind.CANCEL_ELSEWHERE
    assert UNSURE not in {one.code for step in plan.steps for one in step.blockers}


@checked(200)
@given(cases())
def test_nothing_is_ended_as_ready_for_a_step_that_is_unknown(case: Case) -> None:
    plan = make_plan(
        case.catalog, case.customer, case.wanted, goals=case.goals, states=STATES_ALLOWED
    )
    for steps in (plan.steps, *(one.steps for one in plan.alternatives)):
        before = rest_on(steps)
        for step in steps:
            for key in before[step.key] if step.readiness is Readiness.UNKNOWN else ():
                (earlier,) = (one for one in steps if one.key == key)
                if earlier.kind in (StepKind.CANCEL, StepKind.CANCEL_ELSEWHERE):
                    assert UNSURE in {one.code for one in earlier.blockers}
                    assert earlier.readiness is not Readiness.READY
