"""What the report `blockers` says of one finding: a blocker, an open question, or a cause."""

from collections.abc import Callable

from formats.writing.columns import Cell, Readers, day, distinct, several, text
from planner.blockers import Blocker, Remedy, Unanswered
from planner.ids import CatalogId
from planner.no_path import Cause

Finding = Blocker | Unanswered | Cause


def _of_blocker(read: Callable[[Blocker], Cell]) -> Callable[[Finding], Cell]:
    return lambda found: read(found) if isinstance(found, Blocker) else None


def _kind(found: Finding) -> Cell:
    match found:
        case Blocker():
            return "BLOCKER"
        case Unanswered():
            return "UNANSWERED"
    return "CAUSE"


def _code(found: Finding) -> Cell:
    return found.rule if isinstance(found, Unanswered) else str(found.code)


def _step(found: Finding) -> tuple[CatalogId, CatalogId] | None:
    return None if isinstance(found, Cause) else found.step


def _from(found: Finding) -> Cell:
    step = _step(found)
    return None if step is None else step[0]


def _to(found: Finding) -> Cell:
    step = _step(found)
    return None if step is None else step[1]


def _remedies(found: Finding) -> tuple[Remedy, ...]:
    return () if isinstance(found, Cause) else found.remedies


def _remedy_words(found: Finding) -> Cell:
    if isinstance(found, Cause):
        return () if found.remedy is None else (found.remedy,)
    return tuple(remedy.message for remedy in found.remedies)


def _clears_on(found: Finding) -> Cell:
    match found:
        case Blocker():
            return found.clears_on
        case Cause():
            return found.opens
    return None


def _sources(found: Finding) -> Cell:
    match found:
        case Blocker():
            return (found.source,)
        case Cause():
            return found.sources
    return None


def _partner_center(blocker: Blocker) -> Cell:
    return tuple(f"{told.api} {told.number} {told.name}" for told in blocker.partner_center)


def _plans(blocker: Blocker) -> Cell:
    return distinct(plan for evidence in blocker.evidence for plan in evidence.plan_ids)


def _others(blocker: Blocker) -> Cell:
    return distinct(
        evidence.subscription_id for evidence in blocker.evidence if evidence.subscription_id
    )


FINDING: Readers[Finding] = (
    (
        text(
            "finding",
            "BLOCKER (a rule fails), UNANSWERED (a rule cannot tell) or CAUSE (why there is no "
            "way); empty: nothing was found, and this is the subscription's only line.",
        ),
        _kind,
    ),
    (text("code", "The blocker's or cause's code, or the rule that cannot tell."), _code),
    (
        text("severity", "Of a blocker: BLOCKS, WARNS or NOTES."),
        _of_blocker(lambda found: found.severity.value),
    ),
    (text("step_from", "The offer that the move in question leaves; empty: the whole way."), _from),
    (text("step_to", "The offer that it leads to."), _to),
    (
        text("subject_kind", "CUSTOMER, SUBSCRIPTION, USER, OFFER or TRANSITION."),
        _of_blocker(lambda found: found.subject_kind.value),
    ),
    (
        text("subject", "What the blocker is about, by its id or name."),
        _of_blocker(lambda found: found.subject),
    ),
    (text("message", "The finding in words."), lambda found: found.message),
    (
        several("missing_fields", "For UNANSWERED: the fields that would tell."),
        lambda found: found.fields if isinstance(found, Unanswered) else None,
    ),
    (
        day("clears_on", "The first day on which it no longer holds; empty: no day is known."),
        _clears_on,
    ),
    (
        several("remedies", "What opens the move, each by itself.", separator=" | "),
        _remedy_words,
    ),
    (
        several("remedy_actions", "The same as codes, in that order; empty for a cause."),
        lambda found: tuple(remedy.action.value for remedy in _remedies(found)),
    ),
    (
        several("remedy_actors", "Who acts, in that order: US, CUSTOMER, ..."),
        lambda found: tuple(remedy.actor.value for remedy in _remedies(found)),
    ),
    (
        several("remedy_roles", "The Partner Center roles that ours need, each once."),
        lambda found: distinct(remedy.role for remedy in _remedies(found) if remedy.role),
    ),
    (
        several("alternatives", "BUY_NEW, ANOTHER_TARGET or ANOTHER_MODE."),
        _of_blocker(lambda found: tuple(other.value for other in found.alternatives)),
    ),
    (
        several("partner_center", "What Partner Center would answer: API, number, name."),
        _of_blocker(_partner_center),
    ),
    (
        several("evidence", "What it rests on, in words.", separator=" | "),
        _of_blocker(lambda found: tuple(fact.message for fact in found.evidence)),
    ),
    (several("evidence_subscriptions", "The subscriptions among it."), _of_blocker(_others)),
    (several("evidence_plans", "The service plans among it, by id."), _of_blocker(_plans)),
    (several("finding_sources", "Who says that this stops a move."), _sources),
)
