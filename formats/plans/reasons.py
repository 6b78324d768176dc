"""Why something stands in the way of a move, in the customer's words."""

from collections.abc import Iterable

from formats.plans import words
from formats.plans.names import offer_title
from formats.plans.voice import Paper
from planner.blocker_codes import BlockerCode
from planner.blockers import Blocker, Severity
from planner.counting import phrase
from planner.plans.search.acts import StepKind
from planner.plans.told.steps import Outcome

MOST_REASONS = 3


def reason(paper: Paper, found: Blocker) -> str:
    """Return a finding in words that begin small: with its numbers and titles where it has any."""
    told = dict(found.parameters)
    match found.code:
        case BlockerCode.SEAT_CAP_EXCEEDED if {"limit", "room"} <= told.keys():
            form = words.OVER_FAMILY if "family" in told else words.OVER_LIMIT
            is_less = told["room"] != told["limit"]
            left = words.LEFT.format(room=told["room"]) if is_less else ""
            return form.format(limit=told["limit"], left=left)
        case BlockerCode.TARGET_NOT_OFFERED if found.step is not None:
            title = offer_title(paper.catalog, found.step[1])
            form = words.NOT_FOR_YOU if "segment" in told else words.NOT_SOLD
            return form.format(target=title)
    return words.REASONS.get(found.code, words.OUR_REASON)


def heaviest(found: Iterable[Blocker]) -> list[Blocker]:
    return sorted(found, key=lambda one: tuple(Severity).index(one.severity))


def why_it_stays(paper: Paper, outcome: Outcome) -> str:
    """Return why a goal is not reached, in words that begin small."""
    found = tuple(dict.fromkeys(reason(paper, one) for one in heaviest(outcome.blockers)))
    if outcome.left_out:
        others = (f"every other way is stopped: {in_a_row(found)}",) if found else ()
        return "; ".join((words_of_left_out(outcome), *others))
    if found:
        return in_a_row(found)
    if paper.origin(outcome.goal.subscription_id) not in paper.catalog.offers:
        return "the lists that we have do not know the product"
    if outcome.no_path is not None:
        return "no way of moving it is known"
    return "no way of moving it was found"


def words_of_left_out(outcome: Outcome) -> str:
    """Return which of the steps that the plan does without would open a way; it needs some."""
    enough = tuple(phrase(_done(kinds), most=len(kinds)) for kinds in outcome.left_out)
    together = max(map(len, outcome.left_out)) > 1
    what = "steps" if together else "a step"
    return words.DOES_WITHOUT.format(what=what, named=" or ".join(enough))


def _done(kinds: tuple[StepKind, ...]) -> tuple[str, ...]:
    return tuple(words.LEFT_OUT[kind] for kind in kinds)


def in_a_row(told: tuple[str, ...]) -> str:
    """Return reasons one after the other; each may have an `and` of its own."""
    rest = len(told) - MOST_REASONS
    return "; ".join((*told[:MOST_REASONS], *((f"and {rest} more",) if rest > 0 else ())))


def sentence(told: str) -> str:
    return f"{told[0].upper()}{told[1:]}"
