"""What changed for a partner, as followers are told."""

from dataclasses import dataclass
from enum import Enum, StrEnum


class ChangeKind(StrEnum):
    """What kind of thing changed, and which ids a change carries."""

    CATALOG = "CATALOG"
    """A catalog version was added: its id."""
    CUSTOMERS = "CUSTOMERS"
    """An import stored something: the customers' ids, or none where they are too many to name."""
    PLAN = "PLAN"
    """A plan was saved, or something happened to it: the plan's id, then the customer's."""
    JOB = "JOB"
    """A job began, got on or ended: its id."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was stored just now, told by ids alone: whoever cares reads it anew."""

    kind: ChangeKind
    partner_id: str | None
    """Whose it is; None for what everybody sees, which is the bundled catalog."""
    ids: tuple[str, ...]


class Resync(Enum):
    """In the place of changes that were not heard: read anew whatever you show."""

    RESYNC = "RESYNC"


RESYNC = Resync.RESYNC

News = Change | Resync
