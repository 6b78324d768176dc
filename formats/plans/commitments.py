"""What a customer commits itself to by the steps of a plan: terms, billings, and the way back."""

from collections.abc import Iterator
from itertools import takewhile

from formats.plans.voice import Paper, Voice, day
from planner.counting import counted, phrase
from planner.ids import is_new_commerce
from planner.lifecycle import months_in
from planner.plans.search.acts import StepKind
from planner.plans.told.steps import PlanStep
from planner.rules.term_end import is_over

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
    yield f"{_term_and_billing(paper, step)}{joins}"
    if step.kind in _BEGINS:
        yield _CANCELLABLE
    else:
        yield "a new-commerce subscription can be cancelled within 7 days of its start or renewal"
    if step.members:
        named = phrase(tuple(voice.offer(one.target) for one in step.members), most=5)
        yield f"what moves along has a term of its own: {named}"


def _term_and_billing(paper: Paper, step: PlanStep) -> str:
    term, billing = _term(paper, step), _BILLED.get((step.billing_cycle or "").casefold())
    if term is None:
        told = "the term" if billing else "the term and the billing"
        return f"{told} {'is' if billing else 'are'} not yet chosen{f', {billing}' * bool(billing)}"
    return f"{term}, {billing or 'and the billing is not yet chosen'}"


def _term(paper: Paper, step: PlanStep) -> str | None:
    """Return how long it is bound; None where that is not chosen."""
    months = months_in(step.term)
    if months is None:
        return None
    years, odd = divmod(months, _MONTHS_IN_A_YEAR)
    length = counted(months, "month") if odd else counted(years, "year")
    rest = _goes_on(paper, step) and not step.full_new_term and step.custom_end is None
    if rest:
        return f"a term of {length}{_rest(paper, step)}"
    until = f", ending on {day(step.custom_end)}" if step.custom_end else ""
    return f"a term of {length}{until}"


def _rest(paper: Paper, step: PlanStep) -> str:
    """Say what is left of a term; of one that is over by our data nothing is."""
    held = paper.held(step.subscription_id)
    if held is None or not is_over(held, paper.plan.at) or _begins_before(paper, step):
        return ", of which the rest remains"
    ended = f"the last one that we know of ended on {day(held.last_day)}"
    return f" ({ended}, so on which day it ends has to be looked up)"


def _begins_before(paper: Paper, step: PlanStep) -> bool:
    """Return whether an earlier step begins the term that goes on: a trial's that is paid for."""
    trials = (
        one.kind is StepKind.CONVERT_TRIAL and one.subscription_id == step.subscription_id
        for one in takewhile(lambda one: one.key != step.key, paper.plan.steps)
    )
    return any(trials)


def _goes_on(paper: Paper, step: PlanStep) -> bool:
    """Return whether the present term goes on; a conversion may be asked for with another one."""
    held = paper.held(step.subscription_id)
    stays = held is not None and held.term == step.term
    return step.kind in _GOES_ON or (step.kind is StepKind.CONVERT and stays)
