"""What a plan ends without making anything else of it, and what its users lose by that."""

from collections.abc import Iterator
from dataclasses import dataclass

from formats.plans.names import has_id
from formats.plans.voice import Paper
from planner.blocker_codes import BlockerCode
from planner.customers import Subscription
from planner.ids import ServicePlanId
from planner.plans.search.acts import StepKind
from planner.plans.search.solution import Status
from planner.plans.told.given_up import ENDINGS
from planner.plans.told.steps import Outcome, PlanStep


@dataclass(frozen=True, slots=True)
class Ending:
    """One subscription that is no goal of the plan's and that a step ends."""

    step: PlanStep
    held: Subscription | None
    """None where the customer no longer has it."""
    lost: tuple[str, ...] | None
    """Titles of services that no step gives again, the weightiest first; None: not known."""
    is_given_again: bool
    """Whether something else gives some of its services, to users who get a licence of it."""


def beside_the_goals(paper: Paper) -> Iterator[PlanStep]:
    """Yield the steps that end a subscription that is no goal, or bring it to us from elsewhere."""
    goals = {one.goal.subscription_id for one in paper.plan.outcomes}
    for step in paper.plan.steps:
        if step.kind in ENDINGS | {StepKind.TRANSFER_IN} and step.subscription_id not in goals:
            yield step


def ended_all_the_same(paper: Paper, outcome: Outcome) -> PlanStep | None:
    """Return the step that ends what a goal was named for, where that is not what reaches it."""
    ended = (one for one in paper.plan.steps if one.kind in ENDINGS)
    asked = outcome.goal.subscription_id
    is_met = outcome.status is Status.MET
    return None if is_met else next((one for one in ended if one.subscription_id == asked), None)


def endings(paper: Paper) -> Iterator[Ending]:
    """Yield in the order of the steps; a subscription that becomes another has its outcome told."""
    unmet = (ended_all_the_same(paper, one) for one in paper.plan.outcomes)
    told = {one.key for one in (*beside_the_goals(paper), *filter(None, unmet))}
    for step in paper.plan.steps:
        if step.key in told and step.kind in ENDINGS:
            codes = {found.code for found in step.blockers}
            again = BlockerCode.SERVICES_GIVEN_AGAIN in codes
            yield Ending(step, paper.held(step.subscription_id), _lost(paper, step), again)


def heavy_endings(paper: Paper) -> tuple[Ending, ...]:
    """Return those that the customer must read of first: it has to act, or its users lose by it."""
    elsewhere = StepKind.CANCEL_ELSEWHERE
    return tuple(
        one for one in endings(paper) if one.step.kind is elsewhere or one.lost is None or one.lost
    )


def _lost(paper: Paper, step: PlanStep) -> tuple[str, ...] | None:
    found = [one for one in step.blockers if one.code is BlockerCode.SERVICES_NOT_REPLACED]
    plans = [plan for one in found for told in one.evidence for plan in told.plan_ids]
    if found and not plans:
        return None
    return tuple(dict.fromkeys(_title(paper, plan) for plan in plans))


def _title(paper: Paper, plan_id: ServicePlanId) -> str:
    known = paper.catalog.service_plans.get(plan_id)
    title = "" if known is None else known.title or known.name
    return title if title and not has_id(title) else "a service without a title"
