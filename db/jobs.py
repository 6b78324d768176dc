"""Long work of a partner, in Postgres; every change of it is told to all processes."""

from db.changes import announce
from db.guids import is_guid
from db.pool import Database
from db.statements import SQL
from resolvers.codes.code import known_code
from resolvers.ports import JobStore
from resolvers.records.changes import ChangeKind
from resolvers.records.jobs import Job, JobAt, JobKind, JobPhase, JobState
from resolvers.records.principal import Principal


class PostgresJobStore:
    """Fits resolvers.ports.JobStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, principal: Principal, job_id: str, kind: JobKind, at: JobAt) -> bool:
        async with self._database.transaction(principal) as connection:
            await SQL.forget_jobs(connection)
            begun = await SQL.begin_job(
                connection, job_id=job_id, kind=kind, phase=at.phase, done=at.done, total=at.total
            )
            if begun is not None:
                await announce(connection, ChangeKind.JOB, job_id)
            return begun is not None

    async def update(self, principal: Principal, job_id: str, at: JobAt) -> None:
        async with self._database.transaction(principal) as connection:
            updated = await SQL.update_job(
                connection,
                job_id=job_id,
                phase=at.phase,
                done=at.done,
                total=at.total,
                state=at.state,
                code=at.code,
            )
            if updated is not None:
                await announce(connection, ChangeKind.JOB, job_id)

    async def job(self, principal: Principal, job_id: str) -> Job | None:
        if not is_guid(job_id):
            return None
        async with self._database.transaction(principal) as connection:
            row = await SQL.job_by_id(connection, job_id=job_id)
        if row is None:
            return None
        code = None if row["code"] is None else known_code(row["code"])
        phase, state = JobPhase(row["phase"]), JobState(row["state"])
        at = JobAt(phase, row["done"], row["total"], state, code)
        return Job(row["job_id"], JobKind(row["kind"]), at, row["started_at"], row["changed_at"])


def _fits(store: PostgresJobStore) -> JobStore:
    """Let mypy hold the store to its protocol."""
    return store
