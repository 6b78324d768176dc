"""Frozen records of long work, as its followers see it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from resolvers.codes.code import Code


class JobKind(StrEnum):
    """What long work is about."""

    IMPORT = "IMPORT"
    REPORT = "REPORT"


class JobState(StrEnum):
    """Whether work goes on, or how it ended."""

    RUNNING = "RUNNING"
    DONE = "DONE"
    REFUSED = "REFUSED"
    """Nothing was done, for a reason that whoever asked can mend."""
    FAILED = "FAILED"
    """A fault of ours ended it."""
    CANCELLED = "CANCELLED"
    """Whoever asked for it went away."""
    LOST = "LOST"
    """Nothing has been heard of it for a minute: its process is gone."""


class JobPhase(StrEnum):
    """What running work is at, and for work that ended what it was at last."""

    READING = "READING"
    """The file that is imported."""
    CHECKING = "CHECKING"
    """What was read against what is stored."""
    STORING = "STORING"
    WRITING = "WRITING"
    """The rows of a report."""


@dataclass(frozen=True, slots=True)
class JobAt:
    """How far work got: `done` of `total` rows, as far as their number is known."""

    phase: JobPhase
    done: int = 0
    total: int | None = None
    state: JobState = JobState.RUNNING
    code: Code | None = None
    """Why it was refused or failed."""


@dataclass(frozen=True, slots=True)
class Job:
    """Long work as its followers see it."""

    job_id: str
    """Lower-case GUID, chosen by whoever asked for the work."""
    kind: JobKind
    at: JobAt
    started_at: datetime
    changed_at: datetime
