"""Long work under way: each job is its partner's alone, and what ended stays as it ended."""

from uuid import uuid4

import asyncpg
import pytest

from db.customers import PostgresCustomerStore
from db.jobs import PostgresJobStore
from db.pool import Database
from planner.permissions import Role
from resolvers.codes.code import Code
from resolvers.ports import JobStore
from resolvers.records.jobs import JobAt, JobKind, JobPhase, JobState
from resolvers.records.principal import Principal
from tests.memory_jobs import MemoryJobStore

BEGUN = JobAt(JobPhase.READING, 0, 10)


@pytest.fixture(params=["memory", "postgres"])
def jobs(request: pytest.FixtureRequest) -> JobStore:
    """Give both stores in turn."""
    if request.param == "memory":
        return MemoryJobStore()
    return PostgresJobStore(request.getfixturevalue("database"))


async def _partner(database: Database) -> Principal:
    made = Principal(str(uuid4()), frozenset(Role))
    await PostgresCustomerStore(database).ensure_partner(made, name="test")
    return made


async def test_a_job_is_read_as_it_was_told_last(jobs: JobStore, database: Database) -> None:
    principal, job_id = await _partner(database), str(uuid4())
    assert await jobs.job(principal, job_id) is None
    assert await jobs.begin(principal, job_id, JobKind.IMPORT, BEGUN)
    begun = await jobs.job(principal, job_id)
    assert begun is not None
    assert (begun.job_id, begun.kind, begun.at) == (job_id, JobKind.IMPORT, BEGUN)
    for at in (
        JobAt(JobPhase.STORING, 3, 10),
        JobAt(JobPhase.STORING, 4, None, JobState.FAILED, Code.DATABASE_UNAVAILABLE),
    ):
        await jobs.update(principal, job_id, at)
        found = await jobs.job(principal, job_id)
        assert found is not None
        assert found.at == at
        assert found.started_at == begun.started_at <= found.changed_at


async def test_an_id_is_used_once_and_what_ended_stays(jobs: JobStore, database: Database) -> None:
    principal, job_id = await _partner(database), str(uuid4())
    assert await jobs.begin(principal, job_id, JobKind.REPORT, BEGUN)
    assert not await jobs.begin(principal, job_id, JobKind.IMPORT, BEGUN)
    ended = JobAt(JobPhase.WRITING, 10, 10, JobState.DONE)
    await jobs.update(principal, job_id, ended)
    await jobs.update(principal, job_id, BEGUN)
    assert not await jobs.begin(principal, job_id, JobKind.IMPORT, BEGUN)
    found = await jobs.job(principal, job_id)
    assert found is not None
    assert (found.kind, found.at) == (JobKind.REPORT, ended)


async def test_partners_may_use_one_id_and_never_see_each_others(
    jobs: JobStore, database: Database
) -> None:
    first, second, job_id = await _partner(database), await _partner(database), str(uuid4())
    assert await jobs.begin(first, job_id, JobKind.REPORT, BEGUN)
    assert await jobs.job(second, job_id) is None
    await jobs.update(second, job_id, JobAt(JobPhase.WRITING, 5))
    assert await jobs.begin(second, job_id, JobKind.IMPORT, BEGUN)
    found = await jobs.job(first, job_id)
    assert found is not None
    assert (found.kind, found.at) == (JobKind.REPORT, BEGUN)


async def test_what_is_no_id_is_no_job(jobs: JobStore, database: Database) -> None:
    assert await jobs.job(await _partner(database), "no id") is None


async def test_a_job_of_which_nothing_is_heard_is_lost_and_after_a_day_forgotten(
    database: Database, admin_url: str
) -> None:
    jobs, principal = PostgresJobStore(database), await _partner(database)
    lost, kept = str(uuid4()), str(uuid4())
    assert await jobs.begin(principal, lost, JobKind.IMPORT, BEGUN)
    assert await jobs.begin(principal, kept, JobKind.IMPORT, BEGUN)
    await _age(admin_url, lost, "2 minutes")
    found = await jobs.job(principal, lost)
    assert found is not None
    assert found.at.state is JobState.LOST
    await _age(admin_url, lost, "25 hours")
    assert await jobs.begin(principal, str(uuid4()), JobKind.IMPORT, BEGUN)
    assert await jobs.job(principal, lost) is None
    assert await jobs.job(principal, kept) is not None


async def _age(admin_url: str, job_id: str, by: str) -> None:
    connection = await asyncpg.connect(admin_url)
    try:
        await connection.execute(
            "update job set changed_at = now() - $2::text::interval where job_id = $1::text::uuid",
            job_id,
            by,
        )
    finally:
        await connection.close()
