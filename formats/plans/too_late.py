"""Where a plan counts on a subscription beyond the day on which something else happens to it."""

from collections.abc import Iterator

from formats.plans.voice import Paper, Voice
from planner.baselines.baseline import BaselineEvent
from planner.baselines.rules import BaselineCode
from planner.ids import is_new_commerce
from planner.plans.search.acts import StepKind
from planner.plans.told.steps import PlanStep

_ENDING = frozenset(
    {
        BaselineCode.EXPIRES,
        BaselineCode.EXPIRES_FOR_GOOD,
        BaselineCode.DELETED,
        BaselineCode.MICROSOFT_LED_MIGRATION,
    }
)


def too_late(paper: Paper, voice: Voice) -> Iterator[str]:
    """Yield a question for each legacy subscription that the first step on it finds ended."""
    seen: set[str] = set()
    for place, step in enumerate(paper.plan.steps, start=1):
        moved = step.subscription_id
        if moved is None or moved in seen or step.kind is StepKind.WAIT_UNTIL:
            continue
        seen.add(moved)
        event = _before(paper, step)
        if event is not None:
            told = f"{voice.subscription(moved)}: {voice.event(event)}, before step {place}"
            yield f"{told}; whether that step can still be taken then has to be settled first"


def _before(paper: Paper, step: PlanStep) -> BaselineEvent | None:
    """Return what ends the subscription by itself before a step that moves it; None: nothing."""
    if step.origin is None or step.target is None or is_new_commerce(step.origin):
        return None
    ends = (one for one in paper.events_of(step.subscription_id or "") if one.code in _ENDING)
    first = next(ends, None)
    is_before = first is not None and first.day is not None and first.day <= step.earliest.day
    return first if is_before else None
