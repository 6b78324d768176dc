"""Frozen records of the audit: who asked to change, decide or take out something, and when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from planner.permissions import Role
from resolvers.records.principal import ActorKind


class AuditAction(StrEnum):
    """What is written down whenever somebody asks for it, permitted or not."""

    IMPORT = "IMPORT"
    EXPORT = "EXPORT"
    SAVE_PLAN = "SAVE_PLAN"
    APPROVE_PLAN = "APPROVE_PLAN"
    REJECT_PLAN = "REJECT_PLAN"
    MARK_STEP = "MARK_STEP"
    CREATE_KEY = "CREATE_KEY"
    REVOKE_KEY = "REVOKE_KEY"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One time that somebody asked for something; it is never changed or taken back."""

    entry_id: str
    """Lower-case GUID."""
    at: datetime
    """Aware UTC: when it was asked, before anything was done."""
    action: AuditAction
    subject: str
    """What it was about: the id of a plan, customer or key, a report's or a file's name."""
    is_permitted: bool
    """Whether the roles admitted it; what came of it the plan's own history tells."""
    actor_kind: ActorKind
    actor_id: str
    actor_label: str
    key_id: str | None
    roles: frozenset[Role]
    address: str | None
    """The network address it came from; None for the command line."""


@dataclass(frozen=True, slots=True)
class AuditMark:
    """Where a page of entries begins: after this one, newest first, then by id backwards."""

    at: datetime
    entry_id: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Up to `first` entries, whether more follow, and how many there are in all."""

    entries: tuple[AuditEntry, ...]
    has_next: bool
    total: int
