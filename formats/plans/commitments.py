"""What a customer commits itself to by the steps of a plan: terms, billings, and the way back."""

from collections.abc import Iterator

from formats.plans.voice import Paper, Voice, day, listed
from planner.counting import counted
from planner.ids import is_new_commerce
from planner.lifecycle import months_in
from planner.plans.search.acts import StepKind
from planner.plans.told.steps import PlanStep

SOURCE = "docs/sources.md 2, 3 and 6"
_MONTHS_IN_A_YEAR = 12
_CANCELLABLE = "it can be cancelled within 7 days of its start in new commerce"
_BILLED = {"monthly": "billed monthly", "annual": "billed yearly", "triennial": "billed once"}
_BEGINS = frozenset(
    {
        StepKind.MIGRATE,
        StepKind.SCHEDULE_MIGRATION,
        StepKind.DETACH_ADDON,
        StepKind.BUY_NEW,
        StepKind.BUY_PREREQUISITE,
    }
)
"""Steps that order a new-commerce subscription, with which a time to cancel it begins."""
_CHANGES = frozenset({StepKind.CONVERT, StepKind.CONVERT_TRIAL, StepKind.CONVERT_INTO_EXISTING})
_GOES_ON = frozenset({StepKind.MIGRATE, StepKind.DETACH_ADDON})


def commitments(paper: Paper, voice: Voice) -> Iterator[str]:
    """Yield for each step that commits the customer in new commerce to what, in their order.

    What is converted keeps its subscription, so that no new time to cancel it is told.
    Source: docs/sources.md 2 (conversions), 3 (the remaining term) and 6 (cancellation, add-ons).
    """
    for place, step in enumerate(paper.plan.steps, start=1):
        if step.kind in _BEGINS | _CHANGES and step.target and is_new_commerce(step.target):
            told = "; ".join(_commitment(paper, step, voice))
            yield f"Step {place}, {voice.offer(step.target)}: {told}"


def _commitment(paper: Paper, step: PlanStep, voice: Voice) -> Iterator[str]:
    joins = f" (those of {voice.subscription(step.into)}, which stay)" if step.into else ""
    yield f"{_term(paper, step)}, {_billing(step)}{joins}"
    if step.kind in _BEGINS:
        yield _CANCELLABLE
    else:
        yield "a new-commerce subscription can be cancelled within 7 days of its start or renewal"
    if step.members:
        named = listed(tuple(voice.offer(one.target) for one in step.members), most=5)
        yield f"what moves along has a term of its own: {named}"


def _term(paper: Paper, step: PlanStep) -> str:
    months = months_in(step.term)
    if months is None:
        return "the term is not yet chosen"
    years, odd = divmod(months, _MONTHS_IN_A_YEAR)
    length = counted(months, "month") if odd else counted(years, "year")
    rest = _goes_on(paper, step) and not step.full_new_term and step.custom_end is None
    until = f", ending on {day(step.custom_end)}" if step.custom_end else ""
    return f"a term of {length}{', of which the rest remains' if rest else until}"


def _goes_on(paper: Paper, step: PlanStep) -> bool:
    """Return whether the present term goes on; a conversion may be asked for with another one."""
    held = paper.held(step.subscription_id)
    stays = held is not None and held.term == step.term
    return step.kind in _GOES_ON or (step.kind is StepKind.CONVERT and stays)


def _billing(step: PlanStep) -> str:
    return _BILLED.get((step.billing_cycle or "").casefold(), "the billing is not yet chosen")
