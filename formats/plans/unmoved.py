"""What a plan leaves where it is although it ends for good, and what the customer can decide."""

from collections.abc import Iterator
from dataclasses import dataclass

from formats.plans.endings import ended_all_the_same
from formats.plans.reasons import sentence, words_of_left_out
from formats.plans.voice import Paper, Voice, day
from planner.baselines.baseline import BaselineEvent
from planner.baselines.rules import BaselineCode
from planner.counting import counted
from planner.ids import CatalogId
from planner.plans.search.solution import Status
from planner.plans.told.steps import AlternativePlan, Outcome

_FOR_GOOD = frozenset({BaselineCode.EXPIRES_FOR_GOOD, BaselineCode.DELETED})
_NO_WAY = "If you still need it, another product or another way has to be found before it ends"


@dataclass(frozen=True, slots=True)
class Unmoved:
    """A goal that is not reached, of a subscription that ends for good by itself."""

    outcome: Outcome
    event: BaselineEvent
    """What ends it first."""


def unmoved(paper: Paper) -> tuple[Unmoved, ...]:
    """Return them in the order of the goals; what a step of the plan ends is told as an ending."""
    return tuple(_found(paper))


def _found(paper: Paper) -> Iterator[Unmoved]:
    for one in paper.plan.outcomes:
        if one.status is Status.MET or ended_all_the_same(paper, one) is not None:
            continue
        events = paper.events_of(one.goal.subscription_id)
        ending = next((event for event in events if event.code in _FOR_GOOD), None)
        if ending is not None:
            yield Unmoved(one, ending)


def left_to_end(one: Unmoved, voice: Voice) -> str:
    """Say what happens to it all the same."""
    named = voice.subscription(one.outcome.goal.subscription_id)
    return f"this plan does not move {named}: {voice.event(one.event)}"


def decision(paper: Paper, one: Unmoved, voice: Voice) -> str:
    """Return what the customer is asked to decide: on fewer licences, or steps left out."""
    named = voice.subscription(one.outcome.goal.subscription_id)
    until = f" before {day(one.event.day)}" if one.event.day else " soon"
    ways = tuple(dict.fromkeys(_ways(paper, one, voice)))
    told = "; or ".join(ways) if ways else _NO_WAY
    ends = f"No step moves it: {voice.event(one.event)}"
    return f"Decide{until} what shall become of {named}. {ends}. {sentence(told)}"


def _ways(paper: Paper, one: Unmoved, voice: Voice) -> Iterator[str]:
    if one.outcome.left_out:
        yield f"moving {words_of_left_out(one.outcome)}"
    yield from _with_fewer(paper, one, voice)


def _with_fewer(paper: Paper, one: Unmoved, voice: Voice) -> Iterator[str]:
    """Yield ways with fewer licences, from the alternatives to the plan that have them."""
    asked = one.outcome.goal
    held = paper.held(asked.subscription_id)
    if held is None or held.seats is None:
        return
    for other in paper.plan.alternatives:
        target = _reached(other, asked.subscription_id)
        goals = (goal for goal in other.goals if goal.subscription_id == asked.subscription_id)
        seats = next((goal.seats for goal in goals), None)
        if target is not None and seats is not None and asked.seats != seats < held.seats:
            rest = held.seats - seats
            yield (
                f"with {seats} of its {counted(held.seats, 'licence')} it can become "
                f"{voice.offer(target)}, while your users do without the other {rest}"
            )


def _reached(other: AlternativePlan, subscription_id: str) -> CatalogId | None:
    """Return what the last step of an alternative makes of a subscription."""
    targets = (one.target for one in other.steps if one.subscription_id == subscription_id)
    return next((one for one in reversed(tuple(targets)) if one is not None), None)
