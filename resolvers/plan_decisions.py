"""What people decide about a saved plan and do of it: approved, rejected, steps done or failed.

Whatever is decided rests on the whole history and is appended under the number after it: where
somebody else was quicker nothing is stored, and the decision is taken anew.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from resolvers.asked import Asked
from resolvers.plan_records import PlanEvent, PlanEventKind, SavedPlan
from resolvers.plan_refusals import (
    PlanRefused,
    approved_before,
    marked_before,
    mismatch,
    needs_others,
    not_approved,
    rejected_before,
    stale,
    step_not_found,
    too_early,
)
from resolvers.plan_status import Mark, done_steps, event_of, freshness_of, marks_of, plan_by_id
from resolvers.problems import BadInput, NotFound
from resolvers.records import Principal

MAX_NOTE = 2_000


_KINDS = {Mark.DONE: PlanEventKind.STEP_DONE, Mark.FAILED: PlanEventKind.STEP_FAILED}


@dataclass(frozen=True, slots=True)
class _Entry:
    """An event to be appended, without its number."""

    kind: PlanEventKind
    note: str
    step_key: str | None = None


_Decide = Callable[[SavedPlan], Awaitable[_Entry | PlanRefused]]


async def approve(
    asked: Asked, plan_id: str, *, fingerprint: str, note: str = ""
) -> SavedPlan | NotFound | PlanRefused:
    """Approve a plan by its exact fingerprint, once, while it is current. Raises: BadInput.

    Of several people at once exactly one does; the others are told when and by whom.
    """

    async def decide(saved: SavedPlan) -> _Entry | PlanRefused:
        if fingerprint.strip().lower() != saved.fingerprint:
            return mismatch(saved.fingerprint)
        if decided := _decided(saved):
            return decided
        (found,) = await freshness_of(asked, (saved,))
        return stale(found) if found.reasons else _Entry(PlanEventKind.APPROVED, written)

    written = checked_note(note)
    return await _append(asked, plan_id, decide)


async def reject(
    asked: Asked, plan_id: str, *, note: str = ""
) -> SavedPlan | NotFound | PlanRefused:
    """Reject a plan that nobody has decided on, current or not. Raises: BadInput."""

    async def decide(saved: SavedPlan) -> _Entry | PlanRefused:
        return _decided(saved) or _Entry(PlanEventKind.REJECTED, written)

    written = checked_note(note)
    return await _append(asked, plan_id, decide)


async def mark_step(
    asked: Asked, plan_id: str, *, step_key: str, mark: Mark, note: str = ""
) -> SavedPlan | NotFound | PlanRefused:
    """Mark a step of an approved plan, once those that it needs are done. Raises: BadInput.

    A step that failed may be done later on; one that is done stays done.
    """

    async def decide(saved: SavedPlan) -> _Entry | PlanRefused:
        refused = refused_mark(saved, step_key, mark, asked.now)
        return refused or _Entry(_KINDS[mark], written, step_key)

    written = checked_note(note)
    return await _append(asked, plan_id, decide)


async def history(asked: Asked, plan_id: str) -> tuple[PlanEvent, ...] | NotFound:
    """Return everything that happened to a plan, in order. Raises: BadInput MALFORMED_ID."""
    saved = await plan_by_id(asked, plan_id)
    return saved if isinstance(saved, NotFound) else saved.events


def author_of(principal: Principal) -> str:
    """Return who acts, as far as the sign-in tells: the roles held, in order."""
    return ", ".join(sorted(principal.roles)) or "somebody without a role"


def checked_note(note: str) -> str:
    """Return a note that can be stored. Raises: BadInput NOTE_TOO_LONG, NOTE_MALFORMED."""
    text = note.strip()
    if len(text) > MAX_NOTE:
        raise BadInput("NOTE_TOO_LONG", f"a note of {len(text)} characters; {MAX_NOTE} are room")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadInput("NOTE_MALFORMED", "the note holds half a character") from None
    if "\0" in text:
        raise BadInput("NOTE_MALFORMED", "the note holds a NUL character")
    return text


async def _append(
    asked: Asked, plan_id: str, decide: _Decide
) -> SavedPlan | NotFound | PlanRefused:
    """Decide and append, again and again where somebody else was quicker."""
    while True:
        saved = await plan_by_id(asked, plan_id)
        if isinstance(saved, NotFound):
            return saved
        entry = await decide(saved)
        if isinstance(entry, PlanRefused):
            return entry
        event = PlanEvent(
            len(saved.events) + 1,
            entry.kind,
            asked.now,
            author_of(asked.principal),
            saved.fingerprint,
            entry.note,
            entry.step_key,
        )
        if await asked.plans.append(asked.principal, saved.plan_id, event):
            return replace(saved, events=(*saved.events, event))


def _decided(saved: SavedPlan) -> PlanRefused | None:
    if event := event_of(saved, PlanEventKind.REJECTED):
        return rejected_before(event)
    event = event_of(saved, PlanEventKind.APPROVED)
    return approved_before(event) if event else None


def refused_mark(saved: SavedPlan, step_key: str, mark: Mark, now: datetime) -> PlanRefused | None:
    if event := event_of(saved, PlanEventKind.REJECTED):
        return rejected_before(event)
    if not event_of(saved, PlanEventKind.APPROVED):
        return not_approved()
    step = next((step for step in saved.plan.steps if step.key == step_key), None)
    if step is None:
        return step_not_found(step_key)
    last = marks_of(saved).get(step_key)
    if last is not None and (last is Mark.DONE or last is mark):
        return marked_before(_marks(saved, step_key)[-1])
    missing = [key for key in step.needs if key not in done_steps(saved)]
    if missing:
        return needs_others(step_key, missing)
    early = mark is Mark.DONE and now.astimezone(UTC).date() < step.earliest.day
    return too_early(step_key, step.earliest.day) if early else None


def _marks(saved: SavedPlan, step_key: str) -> list[PlanEvent]:
    return [event for event in saved.events if event.step_key == step_key]
