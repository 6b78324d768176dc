"""What the report on saved plans says of one line: a plan, where it stands, whether it holds."""

from collections import Counter
from dataclasses import dataclass

from formats.reports.holding_columns import CUSTOMER
from formats.writing.columns import Cell, Readers, day, distinct, number, read_from, several, text
from planner.customers import Customer
from planner.plans.saved.staleness import Freshness
from planner.plans.search.solution import Status
from planner.plans.told.steps import Plan, PlanStep


@dataclass(frozen=True, slots=True)
class SavedPlanLine:
    """A saved plan with the customer it is of; the names are those of the records of plans."""

    customer: Customer
    plan_id: str
    created: str
    created_by: str
    status: str
    fingerprint: str
    freshness: Freshness
    marks: dict[str, str]
    """DONE or FAILED, by the keys of the steps."""
    superseded_by: str | None
    plan: Plan

    @property
    def next_step(self) -> PlanStep | None:
        """The first step that is not done."""
        return next((one for one in self.plan.steps if self.marks.get(one.key) != "DONE"), None)


def _goals(line: SavedPlanLine) -> Counter[Status]:
    return Counter(outcome.status for outcome in line.plan.outcomes)


def _marked(line: SavedPlanLine, mark: str) -> Cell:
    return sum(found == mark for found in line.marks.values())


_NEXT: Readers[PlanStep] = (
    (text("next_step", "The key of the first step that is not done."), lambda step: step.key),
    (text("next_message", "That step, in words."), lambda step: step.message),
    (day("next_earliest", "The first day on which it can be done."), lambda s: s.earliest.day),
    (
        day("next_latest", "The last day on which it still does what is needed."),
        lambda step: None if step.latest is None else step.latest.day,
    ),
)
_PLAN: Readers[SavedPlanLine] = (
    (text("plan_id", "The saved plan: a GUID, lower case."), lambda line: line.plan_id),
    (text("created_at", "When it was saved, in UTC."), lambda line: line.created),
    (text("created_by", "By whom, as far as the sign-in tells."), lambda line: line.created_by),
    (
        text(
            "status",
            "PROPOSED, APPROVED, REJECTED, IN_PROGRESS, DONE, FAILED or SUPERSEDED.",
        ),
        lambda line: line.status,
    ),
    (
        text("freshness", "CURRENT, or STALE: what it has read moved, or a last day has passed."),
        lambda line: line.freshness.currency.value,
    ),
    (
        several("stale_kinds", "FACT, CATALOG, RULES, DATE_PASSED, each once."),
        lambda line: distinct(reason.kind.value for reason in line.freshness.reasons),
    ),
    (
        several("stale_reasons", "Every reason against it, in words.", separator=" | "),
        lambda line: tuple(reason.message for reason in line.freshness.reasons),
    ),
    (
        text("superseded_by", "The plan that was approved in its place."),
        lambda line: line.superseded_by,
    ),
    (number("goals", "How many goals it has."), lambda line: len(line.plan.goals)),
    (
        number("goals_met", "How many of them it meets."),
        lambda line: _goals(line)[Status.MET],
    ),
    (number("steps", "How many steps it has, waits among them."), lambda l_: len(l_.plan.steps)),
    (number("steps_done", "How many are marked as done."), lambda line: _marked(line, "DONE")),
    (
        number("steps_failed", "How many failed and have not been done since."),
        lambda line: _marked(line, "FAILED"),
    ),
    *read_from(SavedPlanLine, _NEXT, lambda line: line.next_step),
    (day("completes_on", "The day of its last step."), lambda line: line.plan.completes_on),
    (
        day("valid_until", "The earliest latest day of its steps."),
        lambda line: line.plan.valid_until,
    ),
    (text("fingerprint", "Names what it has read; an approval names it."), lambda x: x.fingerprint),
)
SAVED_PLAN: Readers[SavedPlanLine] = (
    *read_from(SavedPlanLine, CUSTOMER, lambda line: line.customer),
    *_PLAN,
)
