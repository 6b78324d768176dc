"""What a plan asks of the customer: first what to give up elsewhere, then the other steps."""

from collections.abc import Iterator

from formats.plans.customer_voice import CustomerVoice
from formats.plans.endings import Ending, heavy_endings
from formats.plans.reasons import sentence
from formats.plans.unmoved import decision, left_to_end, unmoved
from formats.plans.voice import Paper, day
from planner.blockers import Actor
from planner.counting import counted, phrase
from planner.plans.search.acts import StepKind
from planner.plans.told.given_up import ENDINGS
from planner.plans.told.steps import PlanStep
from planner.readiness import Readiness

_MOST_SERVICES = 6
_MOST_ENDINGS = 5
_DATA = (
    "Move the data that they have there, such as mail and files, to another place before "
    "it ends: it may be gone afterwards, and we cannot bring it back"
)
_NOT_KNOWN = "We do not know which services its users lose by that; please find out what they use"
_ALL_AGAIN = (
    "Its users have its services again only with a licence of another subscription of yours, and "
    "may be without them until then"
)
_SOME_AGAIN = (
    "Some of its services are in other subscriptions too, for users with a licence of those"
)
_SELLER = "Ask the seller from which day it ends and what is still to be paid"
_NOT_YET = (
    "Please do not cancel it before we tell you to: whether step {place} can be done is not "
    "certain yet"
)


def asked(paper: Paper, voice: CustomerVoice) -> Iterator[str]:
    """Yield what is asked, the heaviest first; nothing where the customer has nothing to do."""
    for one in unmoved(paper):
        yield f"{decision(paper, one, voice)}."
    heavy = heavy_endings(paper)
    for ending in heavy:
        yield f"{_when(paper, ending.step)}: {'. '.join(_given_up(paper, ending, voice))}."
    told = {one.step.key for one in heavy}
    for step in paper.plan.steps:
        if step.actor in (Actor.CUSTOMER, Actor.ANOTHER_PARTNER) and step.key not in told:
            yield f"{_when(paper, step)}: {voice.what(step)}"
    yield from voice.wishes()


def warning(paper: Paper, voice: CustomerVoice) -> str:
    """Return what is said first of all; empty where nothing ends that users would miss."""
    told = (*_heavy(paper, voice), *_unmoved(paper, voice))
    where = 'What that means and what has to be done before stands under "What we need from you".'
    first, *more = told or ("",)
    said = " ".join((first, *map(sentence, more), where))
    return f"Please read first: {said}" if told else ""


def _unmoved(paper: Paper, voice: CustomerVoice) -> Iterator[str]:
    found = unmoved(paper)
    for one in found[:_MOST_ENDINGS]:
        yield f"{left_to_end(one, voice)}."
    if rest := found[_MOST_ENDINGS:]:
        more = counted(len(rest), "other subscription ends", "other subscriptions end")
        yield f"{more} like that too."


def _heavy(paper: Paper, voice: CustomerVoice) -> Iterator[str]:
    heavy = heavy_endings(paper)
    if not heavy:
        return
    named = phrase(tuple(_ended(one, voice) for one in heavy), most=_MOST_ENDINGS)
    lost = any(one.lost is None or one.lost for one in heavy)
    users = ", and users lose services that this plan does not give them again" if lost else ""
    ends = "ends" if len(heavy) == 1 else "end"
    yield f"with this plan {named} {ends}{users}."


def _ended(ending: Ending, voice: CustomerVoice) -> str:
    named = ending.step.subscription_id or ""
    is_yours = ending.step.kind is StepKind.CANCEL_ELSEWHERE
    seller = f", which you cancel with {voice.seller(named)}," if is_yours else ""
    return f"{voice.subscription(named)}{seller}"


def _given_up(paper: Paper, ending: Ending, voice: CustomerVoice) -> Iterator[str]:
    held = ending.held
    seats = None if held is None else held.seats
    of_all = "" if seats is None else f", {counted(seats, 'licence')} in all"
    is_yours = ending.step.kind is StepKind.CANCEL_ELSEWHERE
    yield f"{voice.what(ending.step)}{of_all}{'' if is_yours else ' (we do that)'}"
    if ending.lost is None:
        yield _NOT_KNOWN
        yield _DATA
    elif ending.lost:
        named = phrase(ending.lost, most=_MOST_SERVICES)
        yield f"Its users lose {named}, and no step of this plan gives them that again"
        yield _DATA
        if ending.is_given_again:
            yield _SOME_AGAIN
    else:
        yield _ALL_AGAIN
        yield _DATA
    if is_yours:
        yield _SELLER
        unsure = _unsure_after(paper, ending.step)
        if unsure is not None:
            yield _NOT_YET.format(place=unsure)


def _unsure_after(paper: Paper, ending: PlanStep) -> int | None:
    """Return the first step that rests on this one and is not certain; None: all of them are."""
    rests = {ending.key}
    for place, step in enumerate(paper.plan.steps, start=1):
        if not rests.isdisjoint(step.needs):
            rests.add(step.key)
            # What else ends can be ended; whether that should wait is told of it by itself.
            if step.readiness is not Readiness.READY and step.kind not in ENDINGS:
                return place
    return None


def _when(paper: Paper, step: PlanStep) -> str:
    """Return a step's number, by when it has to be done, and before which other one."""
    waiting = [paper.place(one.key) for one in paper.plan.steps if step.key in one.needs]
    before = min((place for place in waiting if place is not None), default=None)
    parts = [
        *((f"by {day(step.latest.day)}",) if step.latest else ()),
        *((f"before step {before}",) if before is not None else ()),
    ]
    return ", ".join((f"Step {paper.place(step.key)}", *((" and ".join(parts),) if parts else ())))
