"""A plan as it is told to ourselves: the planner's sentences, with ids and roles."""

from collections.abc import Iterator

from formats.plans.voice import Paper, day, why_not_priced
from planner.baselines.baseline import BaselineEvent
from planner.counting import counted
from planner.holdings import name_of
from planner.ids import CatalogId
from planner.offers import Known
from planner.permissions import Role, role_title
from planner.plans.search.solution import Status
from planner.plans.told.steps import MemberStep, Outcome, PlanStep


class InternalVoice:
    """Fits formats.plans.voice.Voice."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper

    def subscription(self, subscription_id: str) -> str:
        held = self._paper.held(subscription_id)
        if held is None:
            return subscription_id
        name = name_of(self._paper.catalog, held)
        friendly = f' "{held.friendly_name}"' if held.friendly_name else ""
        return f"{name}{friendly} ({subscription_id})"

    def offer(self, offer: CatalogId | None) -> str:
        if offer is None:
            return "an offer that is not known"
        known = self._paper.catalog.offers.get(offer)
        return f"{known.title} ({offer})" if known else offer

    def what(self, step: PlanStep) -> str:
        along = "".join(
            f"; along: {self.subscription(one.subscription_id)}{_term(one)}" for one in step.members
        )
        return f"{step.message}{along}"

    def who(self, step: PlanStep) -> str:
        role = f", {_role(step.role)}" if step.role else ""
        return f"{step.actor.value}{role}"

    def why_then(self, step: PlanStep) -> str:
        return step.earliest.because

    def why_latest(self, step: PlanStep) -> str:
        return "" if step.latest is None else step.latest.because

    def if_not_done(self, step: PlanStep) -> str:
        return step.if_not_done

    def outcome(self, outcome: Outcome) -> str:
        reached = f": {self.offer(outcome.reached)}" if outcome.reached else ""
        seats = f", {counted(outcome.seats, 'seat')}" if outcome.seats is not None else ""
        when = f", on {day(outcome.ends_on)}" if outcome.ends_on else ""
        told = f"{reached}{seats}{when}" if outcome.status is Status.MET else ""
        return f"{outcome.status.value}{told}. {outcome.message}{_dearer(outcome)}"

    def ends(self, step: PlanStep) -> str:
        return f"{step.message} (step {self._paper.place(step.key)})"

    def event(self, event: BaselineEvent) -> str:
        last = event.last_day_to_act
        act = f"; last day to act {day(last.day)} ({last.why})" if last else ""
        when = day(event.day) or "not dated"
        return f"{when} {event.code.value}: {event.message}{act}"

    def questions(self) -> Iterator[str]:
        for step in self._paper.plan.steps:
            place = self._paper.place(step.key)
            for question in step.unanswered:
                needs = ", ".join(question.fields)
                yield f"Step {place}, {question.rule}: {question.message} (needs {needs})"
            for blocker in step.blockers:
                told = f"{blocker.severity.value} {blocker.code}: {blocker.message}"
                yield f"Step {place}, {told} ({blocker.source})"
            for assumption in step.assumes:
                told = f"{assumption.code}: {assumption.message}"
                yield f"Step {place}, taken for granted, {told}; {assumption.confirm_with} confirms"
        for outcome in self._paper.plan.outcomes:
            for blocker in outcome.blockers:
                told = f"{blocker.severity.value} {blocker.code}: {blocker.message}"
                yield f"{self.subscription(outcome.goal.subscription_id)}, {told}"


def _term(member: MemberStep) -> str:
    """Return the member's own term and billing: it may not be sold on those of its base."""
    told = ", ".join(each for each in (member.term, member.billing_cycle) if each)
    return f" ({told})" if told else ""


def _role(role: str) -> str:
    return role_title(Role(role)) if role in set(Role) else role


def _dearer(outcome: Outcome) -> str:
    """Say whether what it becomes is much dearer, and where that cannot be said, why."""
    if outcome.upsell is None or outcome.upsell.is_dearer is Known.NO:
        return ""
    if outcome.upsell.is_dearer is Known.YES:
        return ", much dearer at retail"
    return f"; how much more it costs cannot be said, for {why_not_priced(outcome)}"
