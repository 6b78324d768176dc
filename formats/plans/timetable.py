"""A plan's timetable, and what becomes of each subscription with the plan and without it."""

from collections.abc import Iterator

from formats.plans.markdown_text import table
from formats.plans.voice import Paper, Voice, day
from planner.baselines.baseline import BaselineEvent
from planner.baselines.rules import BaselineCode
from planner.plans.told.steps import Outcome, PlanStep

_MOST_EVENTS = 4
_ANY_TIME = "any time"


def timetable(paper: Paper, voice: Voice) -> str:
    """Return the steps as a table, in the order in which they are done."""
    return table(
        ("Step", "From", "Until", "What", "Who", "Why then", "If it is not done"),
        (_row(place, step, voice) for place, step in enumerate(paper.plan.steps, start=1)),
    )


def _row(place: int, step: PlanStep, voice: Voice) -> tuple[str, ...]:
    until = day(step.latest.day) if step.latest else _ANY_TIME
    why = (voice.why_then(step), voice.why_latest(step))
    return (
        str(place),
        day(step.earliest.day),
        until,
        voice.what(step),
        voice.who(step),
        ". ".join(part.rstrip(".") for part in why if part),
        voice.if_not_done(step),
    )


def side_by_side(paper: Paper, voice: Voice) -> str:
    """Return for each subscription of the plan what it becomes, beside what happens otherwise."""
    return table(
        ("Subscription", "With this plan", "If nobody acts"),
        (
            (
                voice.subscription(outcome.goal.subscription_id),
                voice.outcome(outcome),
                _otherwise(paper, voice, outcome),
            )
            for outcome in paper.plan.outcomes
        ),
    )


def _otherwise(paper: Paper, voice: Voice, outcome: Outcome) -> str:
    events = tuple(_ahead(paper, outcome))
    if not events:
        return f"Nothing that is known, until {day(paper.baseline.until)}"
    told = [voice.event(event) for event in events[:_MOST_EVENTS]]
    rest = len(events) - len(told)
    return "; ".join(told) + (f"; and {rest} later" if rest else "")


def _ahead(paper: Paper, outcome: Outcome) -> Iterator[BaselineEvent]:
    """Yield what happens; that the data look old is a question, and told as one."""
    for event in paper.events_of(outcome.goal.subscription_id):
        if event.code is not BaselineCode.DATA_LOOKS_OLD:
            yield event
