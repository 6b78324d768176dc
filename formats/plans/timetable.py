"""A plan's timetable, and what becomes of each subscription with the plan and without it."""

from collections.abc import Iterator

from formats.plans.endings import beside_the_goals
from formats.plans.markdown_text import table
from formats.plans.reasons import sentence
from formats.plans.voice import Paper, Voice, day
from planner.baselines.baseline import BaselineEvent
from planner.baselines.rules import BaselineCode
from planner.blockers import Actor
from planner.plans.search.acts import StepKind
from planner.plans.told.steps import PlanStep
from planner.rules.term_end import is_over

_MOST_EVENTS = 4
_ANY_TIME = "no last day"


def timetable(paper: Paper, voice: Voice) -> str:
    """Return the steps as a table, in the order in which they are done."""
    return table(
        ("Step", "From", "By", "What", "Who", "Why then", "If it is not done"),
        (_row(place, step, voice) for place, step in enumerate(paper.plan.steps, start=1)),
    )


def _row(place: int, step: PlanStep, voice: Voice) -> tuple[str, ...]:
    why = (voice.why_then(step), voice.why_latest(step) if not_a_wait(step) else "")
    return (
        str(place),
        day(step.earliest.day),
        _last_day(step),
        voice.what(step),
        voice.who(step),
        ". ".join(part.rstrip(".") for part in why if part),
        voice.if_not_done(step),
    )


def not_a_wait(step: PlanStep) -> bool:
    """Return whether somebody has to do it; a wait for a day comes by itself, on that day."""
    return step.kind is not StepKind.WAIT_UNTIL


def _last_day(step: PlanStep) -> str:
    if not not_a_wait(step):
        return _ANY_TIME if step.actor is Actor.MICROSOFT else day(step.earliest.day)
    return day(step.latest.day) if step.latest else _ANY_TIME


def side_by_side(paper: Paper, voice: Voice) -> str:
    """Return what becomes of each subscription of the plan, beside what happens otherwise.

    Those that shall move come first, then those that a step ends or brings to us, in the order of
    the steps.
    """
    return table(
        ("Subscription", "With this plan", "If nobody acts"),
        tuple(
            (
                voice.subscription(outcome.goal.subscription_id),
                voice.outcome(outcome),
                _otherwise(paper, voice, outcome.goal.subscription_id),
            )
            for outcome in paper.plan.outcomes
        )
        + tuple(_ended(paper, voice)),
    )


def _ended(paper: Paper, voice: Voice) -> Iterator[tuple[str, str, str]]:
    for step in beside_the_goals(paper):
        named = step.subscription_id or ""
        yield voice.subscription(named), voice.ends(step), _otherwise(paper, voice, named)


def _otherwise(paper: Paper, voice: Voice, subscription_id: str) -> str:
    events = tuple(_ahead(paper, subscription_id))
    held = paper.held(subscription_id)
    if not events and held is not None and is_over(held, paper.plan.at):
        ended = day(held.last_day)
        return f"What comes next is not known: its term ended on {ended}, as far as we know"
    if not events:
        return f"Nothing that is known, until {day(paper.baseline.until)}"
    told = [voice.event(event) for event in events[:_MOST_EVENTS]]
    rest = len(events) - len(told)
    return sentence("; ".join(told)) + (f"; and {rest} later" if rest else "")


def _ahead(paper: Paper, subscription_id: str) -> Iterator[BaselineEvent]:
    """Yield what happens; that the data look old is a question, and told as one."""
    for event in paper.events_of(subscription_id):
        if event.code is not BaselineCode.DATA_LOOKS_OLD:
            yield event
