"""Jobs without a database, held to the same contract tests as those in Postgres."""

from dataclasses import replace
from datetime import UTC, datetime

from db.followers import Followers
from resolvers.ports import JobStore
from resolvers.records.changes import Change, ChangeKind
from resolvers.records.jobs import Job, JobAt, JobKind, JobState
from resolvers.records.principal import Principal


class MemoryJobStore:
    """Fits resolvers.ports.JobStore; tells followers within the process."""

    def __init__(self, followers: Followers | None = None) -> None:
        self._jobs: dict[tuple[str, str], Job] = {}
        self._followers = Followers() if followers is None else followers

    async def begin(self, principal: Principal, job_id: str, kind: JobKind, at: JobAt) -> bool:
        key, now = (principal.partner_id, job_id), datetime.now(UTC)
        if key in self._jobs:
            return False
        self._jobs[key] = Job(job_id, kind, at, now, now)
        self._tell(*key)
        return True

    async def update(self, principal: Principal, job_id: str, at: JobAt) -> None:
        key = (principal.partner_id, job_id)
        known = self._jobs.get(key)
        if known is not None and known.at.state is JobState.RUNNING:
            self._jobs[key] = replace(known, at=at, changed_at=datetime.now(UTC))
            self._tell(*key)

    async def job(self, principal: Principal, job_id: str) -> Job | None:
        return self._jobs.get((principal.partner_id, job_id))

    def _tell(self, partner_id: str, job_id: str) -> None:
        self._followers.tell(Change(ChangeKind.JOB, partner_id, (job_id,)))


def _fits(store: MemoryJobStore) -> JobStore:
    """Let mypy hold the store to its protocol."""
    return store
