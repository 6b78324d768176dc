"""What people decide about a saved plan and do of it: approved, rejected, steps done or failed.

Whatever is decided rests on the whole history and is appended under the number after it: where
somebody else was quicker nothing is stored, and the decision is taken anew.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from planner.plans.search.acts import StepKind
from resolvers.access.audit import ask_to
from resolvers.asked import Asked
from resolvers.codes.code import Code
from resolvers.plans.overlap import in_the_way
from resolvers.plans.refusals import (
    PlanRefused,
    approved_before,
    approved_beside,
    is_a_wait,
    marked_before,
    mismatch,
    needs_others,
    not_approved,
    rejected_before,
    stale,
    step_not_found,
    superseded_before,
    too_early,
)
from resolvers.plans.status import Mark, done_steps, event_of, freshness_of, marks_of, plan_by_id
from resolvers.problems import BadInput, NotFound, limits
from resolvers.records.audit import AuditAction
from resolvers.records.plans import PlanEvent, PlanEventKind, SavedPlan
from resolvers.records.principal import ActorKind, Principal

LOCAL_PARTNER = "the local partner"
"""Who acts where nobody signs in, as docs/sign-in.md calls it."""
MAX_NOTE = 2_000

_KINDS = {Mark.DONE: PlanEventKind.STEP_DONE, Mark.FAILED: PlanEventKind.STEP_FAILED}


@dataclass(frozen=True, slots=True)
class _Entry:
    """An event to be appended, without its number."""

    kind: PlanEventKind
    note: str
    step_key: str | None = None
    superseded_by: str | None = None


_Decide = Callable[[SavedPlan], Awaitable[_Entry | PlanRefused]]


async def approve(
    asked: Asked, plan_id: str, *, fingerprint: str, note: str = "", supersede: bool = False
) -> SavedPlan | NotFound | PlanRefused:
    """Approve a plan by its exact fingerprint, once, while it is current. Raises: BadInput.

    Of several people at once exactly one does; the others are told when and by whom. Another
    approved plan of the customer about one of the same subscriptions refuses it, PLANS_OVERLAP; or,
    with `supersede`, is marked as superseded by this one, both or neither.
    """

    await ask_to(asked, AuditAction.APPROVE_PLAN, subject=plan_id)

    written = checked_note(note)
    while True:
        saved = await plan_by_id(asked, plan_id)
        if isinstance(saved, NotFound):
            return saved
        if refused := await _refused_approval(asked, saved, fingerprint):
            return refused
        approved = await asked.plans.approved(asked.principal, saved.customer_id)
        others = in_the_way(saved, approved)
        if others and not supersede:
            return approved_beside(others)
        event = _event(asked, saved, _Entry(PlanEventKind.APPROVED, written))
        ends = _Entry(PlanEventKind.SUPERSEDED, written, superseded_by=saved.plan_id)
        events = {saved.plan_id: event} | {
            other.plan_id: _event(asked, other, ends) for other in others
        }
        beside = [other.plan_id for other in approved]
        if await asked.plans.approve(asked.principal, saved.customer_id, events, beside=beside):
            return replace(saved, events=(*saved.events, event))


async def _refused_approval(asked: Asked, saved: SavedPlan, fingerprint: str) -> PlanRefused | None:
    if fingerprint.strip().lower() != saved.fingerprint:
        return mismatch(saved.fingerprint)
    if decided := _decided(saved):
        return decided
    (found,) = await freshness_of(asked, (saved,))
    return stale(found) if found.reasons else None


async def reject(
    asked: Asked, plan_id: str, *, note: str = ""
) -> SavedPlan | NotFound | PlanRefused:
    """Reject a plan that nobody has decided on, current or not. Raises: BadInput."""

    await ask_to(asked, AuditAction.REJECT_PLAN, subject=plan_id)

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

    await ask_to(asked, AuditAction.MARK_STEP, subject=plan_id)

    async def decide(saved: SavedPlan) -> _Entry | PlanRefused:
        refused = refused_mark(saved, step_key, mark, asked.now)
        return refused or _Entry(_KINDS[mark], written, step_key)

    written = checked_note(note)
    return await _append(asked, plan_id, decide)


def author_of(principal: Principal) -> str:
    """Return who acts, as far as the sign-in tells: a name and the roles held, in order.

    Without sign-in it is the one local partner, whose roles are all there are and tell nothing.
    """
    actor = principal.actor
    if actor.kind is ActorKind.LOCAL:
        return LOCAL_PARTNER
    roles = ", ".join(sorted(principal.roles)) or "no role"
    return f"{actor.label or actor.actor_id} ({roles})"


def checked_note(note: str) -> str:
    """Return a note that can be stored. Raises: BadInput NOTE_TOO_LONG, NOTE_MALFORMED."""
    text = note.strip()
    if len(text) > MAX_NOTE:
        raise BadInput(
            Code.NOTE_TOO_LONG,
            f"a note of {len(text)} characters; {MAX_NOTE} are room",
            parameters=limits("note", len(text), maximum=MAX_NOTE),
        )
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadInput(Code.NOTE_MALFORMED, "the note holds half a character") from None
    if "\0" in text:
        raise BadInput(Code.NOTE_MALFORMED, "the note holds a NUL character")
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
        event = _event(asked, saved, entry)
        if await asked.plans.append(asked.principal, saved.plan_id, event):
            return replace(saved, events=(*saved.events, event))


def _event(asked: Asked, saved: SavedPlan, entry: _Entry) -> PlanEvent:
    return PlanEvent(
        len(saved.events) + 1,
        entry.kind,
        asked.now,
        author_of(asked.principal),
        saved.fingerprint,
        entry.note,
        entry.step_key,
        entry.superseded_by,
    )


def _decided(saved: SavedPlan) -> PlanRefused | None:
    if event := event_of(saved, PlanEventKind.SUPERSEDED):
        return superseded_before(event)
    if event := event_of(saved, PlanEventKind.REJECTED):
        return rejected_before(event)
    event = event_of(saved, PlanEventKind.APPROVED)
    return approved_before(event) if event else None


def refused_mark(saved: SavedPlan, step_key: str, mark: Mark, now: datetime) -> PlanRefused | None:
    if event := event_of(saved, PlanEventKind.SUPERSEDED):
        return superseded_before(event)
    if event := event_of(saved, PlanEventKind.REJECTED):
        return rejected_before(event)
    if not event_of(saved, PlanEventKind.APPROVED):
        return not_approved()
    step = next((step for step in saved.plan.steps if step.key == step_key), None)
    if step is None:
        return step_not_found(step_key)
    if mark is Mark.FAILED and step.kind is StepKind.WAIT_UNTIL and step.takes_effect is not None:
        return is_a_wait(step_key, step.takes_effect)
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
