"""Who asked for what: written down before anything is done, and read by admin agents."""

from uuid import uuid4

from resolvers import inputs
from resolvers.access.permits import Task, is_permitted
from resolvers.asked import Asked
from resolvers.records.audit import AuditAction, AuditEntry, AuditMark, AuditPage

_TASKS = {
    AuditAction.IMPORT: Task.IMPORT,
    AuditAction.EXPORT: Task.EXPORT,
    AuditAction.SAVE_PLAN: Task.SAVE_PLAN,
    AuditAction.APPROVE_PLAN: Task.DECIDE_PLAN,
    AuditAction.REJECT_PLAN: Task.DECIDE_PLAN,
    AuditAction.MARK_STEP: Task.MARK_STEP,
    AuditAction.CREATE_KEY: Task.OWN_KEYS,
    AuditAction.REVOKE_KEY: Task.OWN_KEYS,
}
MAX_SUBJECT = 200


async def ask_to(asked: Asked, action: AuditAction, *, subject: str, admits: bool = True) -> None:
    """Write down that somebody asks for this, then see whether the roles admit it.

    Without `admits` it stands as not permitted whatever the roles: the caller knows of the subject
    that it is not theirs, and refuses it in its own words.
    What cannot be written down is not done. Raises: NotPermitted; StorageUnavailable.
    """
    task, principal = _TASKS[action], asked.principal
    actor = principal.actor
    entry = AuditEntry(
        str(uuid4()),
        asked.now,
        action,
        _one_line(subject),
        admits and is_permitted(principal, task),
        actor.kind,
        actor.actor_id,
        actor.label,
        actor.key_id,
        principal.roles,
        principal.address,
    )
    await asked.audit.add(principal, entry)
    asked.require(task)


async def audit_entries(
    asked: Asked, *, action: AuditAction | None, first: int, after: AuditMark | None
) -> AuditPage:
    """Return the partner's entries, newest first. Raises: NotPermitted; BadInput."""
    asked.require(Task.READ_AUDIT)
    inputs.page_size(first)
    return await asked.audit.page(asked.principal, action=action, first=first, after=after)


async def audit_entry_by_id(asked: Asked, entry_id: str) -> AuditEntry | None:
    """Return an entry of the partner's; None where there is none such. Raises: NotPermitted."""
    asked.require(Task.READ_AUDIT)
    return await asked.audit.entry(asked.principal, entry_id)


def _one_line(subject: str) -> str:
    """Return what people gave, fit to be stored and shown on one line."""
    shown = "".join(one if one.isprintable() else " " for one in subject)
    return shown.encode(errors="replace").decode()[:MAX_SUBJECT]
