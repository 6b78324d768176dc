"""Long work: what its followers are told, however it ends."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from uuid import uuid4

import pytest

from db.followers import Followers
from resolvers.asked import Asked
from resolvers.codes.code import Code
from resolvers.ports import StorageUnavailable
from resolvers.problems import BadInput
from resolvers.records.changes import RESYNC
from resolvers.records.jobs import Job, JobAt, JobKind, JobPhase, JobState
from resolvers.records.principal import Principal
from resolvers.work import jobs
from tests.memory_jobs import MemoryJobStore

SOON = 10.0


@pytest.fixture
def changes() -> Followers:
    return Followers()


@pytest.fixture
def asked(bundled: Asked, changes: Followers) -> Asked:
    return replace(bundled, stores=replace(bundled.stores, jobs=MemoryJobStore(changes)))


async def _told(asked: Asked, changes: Followers, job_id: str) -> list[JobAt]:
    async with asyncio.timeout(SOON):
        return [job.at async for job in jobs.follow(asked, changes, job_id)]


async def _ended(asked: Asked, error: BaseException | None) -> JobAt:
    job_id = str(uuid4())
    with suppress(BaseException):
        async with jobs.work(asked, job_id, JobKind.IMPORT, JobPhase.READING) as work:
            work.at(JobPhase.STORING, done=2, total=5)
            if error is not None:
                raise error
    job = await asked.stores.jobs.job(asked.principal, job_id)
    assert job is not None
    return job.at


@pytest.mark.parametrize(
    ("error", "state", "code"),
    [
        (None, JobState.DONE, None),
        (BadInput(Code.BAD_DATE, "no"), JobState.REFUSED, Code.BAD_DATE),
        (StorageUnavailable("gone"), JobState.FAILED, Code.DATABASE_UNAVAILABLE),
        (RuntimeError("a bug"), JobState.FAILED, Code.INTERNAL_ERROR),
        (asyncio.CancelledError(), JobState.CANCELLED, None),
        (GeneratorExit(), JobState.CANCELLED, None),
    ],
)
async def test_work_ends_as_its_block_ends(
    asked: Asked, error: BaseException | None, state: JobState, code: Code | None
) -> None:
    assert await _ended(asked, error) == JobAt(JobPhase.STORING, 2, 5, state, code)


async def test_a_follower_from_before_the_beginning_hears_the_end(
    asked: Asked, changes: Followers
) -> None:
    job_id = str(uuid4())
    following = asyncio.create_task(_told(asked, changes, job_id))
    await asyncio.sleep(0)
    async with jobs.work(
        asked, job_id, JobKind.REPORT, JobPhase.WRITING, seconds_between=0
    ) as work:
        for done in range(1, 4):
            work.at(JobPhase.WRITING, done=done)
            await asyncio.sleep(0.01)
    told = await following
    assert told[-1] == JobAt(JobPhase.WRITING, 3, None, JobState.DONE)
    assert [one.done for one in told] == sorted(one.done for one in told)
    assert await _told(asked, changes, job_id) == told[-1:]


async def test_progress_is_stored_no_oftener_than_is_good_for_the_store(asked: Asked) -> None:
    class Counting(MemoryJobStore):
        updates = 0

        async def update(self, principal: Principal, job_id: str, at: JobAt) -> None:
            self.updates += 1
            await super().update(principal, job_id, at)

    store = Counting()
    counted = replace(asked, stores=replace(asked.stores, jobs=store))
    async with jobs.work(counted, str(uuid4()), JobKind.REPORT, JobPhase.WRITING) as work:
        for done in range(1000):
            work.at(JobPhase.WRITING, done=done)
            await asyncio.sleep(0)
    assert store.updates <= 2


async def test_a_store_that_fails_does_not_end_the_work(
    asked: Asked, caplog: pytest.LogCaptureFixture
) -> None:
    class Failing(MemoryJobStore):
        async def update(self, principal: Principal, job_id: str, at: JobAt) -> None:
            raise StorageUnavailable(f"no {job_id} of {principal} at {at}")

    failing = replace(asked, stores=replace(asked.stores, jobs=Failing()))
    async with jobs.work(failing, str(uuid4()), JobKind.REPORT, JobPhase.WRITING) as work:
        work.at(JobPhase.WRITING, done=1)
    assert "could not be told" in caplog.text


async def test_a_follower_outlives_an_outage_and_hears_what_happened_in_it(
    asked: Asked, changes: Followers
) -> None:
    class Away(MemoryJobStore):
        is_away = False

        async def job(self, principal: Principal, job_id: str) -> Job | None:
            if self.is_away:
                raise StorageUnavailable("gone")
            return await super().job(principal, job_id)

    store, job_id = Away(), str(uuid4())
    at = JobAt(JobPhase.STORING, 1, 2)
    away = replace(asked, stores=replace(asked.stores, jobs=store))
    await store.begin(asked.principal, job_id, JobKind.IMPORT, at)
    following = asyncio.create_task(_told(away, changes, job_id))
    await asyncio.sleep(0)
    store.is_away = True
    changes.tell(RESYNC)
    await asyncio.sleep(0.01)
    ended = replace(at, done=2, state=JobState.DONE)
    await store.update(asked.principal, job_id, ended)
    store.is_away = False
    changes.tell(RESYNC)
    assert await following == [at, ended]


async def test_a_job_that_is_quiet_is_looked_at_again(asked: Asked, changes: Followers) -> None:
    """Its process may be gone: then nobody says anything, and the store says that it is lost."""
    store, job_id = MemoryJobStore(), str(uuid4())
    at = JobAt(JobPhase.STORING, 1, 2)
    quiet = replace(asked, stores=replace(asked.stores, jobs=store))
    await store.begin(asked.principal, job_id, JobKind.IMPORT, at)

    async def follow() -> list[JobAt]:
        followed = jobs.follow(quiet, changes, job_id, seconds_quiet=0.01)
        return [job.at async for job in followed]

    following = asyncio.create_task(follow())
    await asyncio.sleep(0.03)
    lost = replace(at, state=JobState.LOST)
    await store.update(asked.principal, job_id, lost)
    async with asyncio.timeout(SOON):
        assert await following == [at, lost]


async def test_without_an_id_nothing_is_stored_and_a_used_one_is_refused(asked: Asked) -> None:
    async with jobs.work(asked, None, JobKind.IMPORT, JobPhase.READING) as work:
        work.at(JobPhase.STORING, done=1)
    job_id = str(uuid4())
    async with jobs.work(asked, job_id, JobKind.IMPORT, JobPhase.READING):
        pass
    for given, code in ((job_id.upper(), "JOB_ID_IN_USE"), ("x", "MALFORMED_ID")):
        with pytest.raises(BadInput) as refused:
            async with jobs.work(asked, given, JobKind.IMPORT, JobPhase.READING):
                pass
        assert refused.value.code == code
        with pytest.raises(BadInput) as refused:
            await jobs.check_new(asked, given)
        assert refused.value.code == code


async def test_whoever_leaves_while_work_begins_leaves_no_job_that_runs_on(
    asked: Asked, changes: Followers
) -> None:
    """A database may have begun the job and told of it before its answer is here."""

    class Answering(MemoryJobStore):
        def __init__(self) -> None:
            super().__init__(changes)
            self.has_begun = asyncio.Event()
            self.may_answer = asyncio.Event()

        async def begin(self, principal: Principal, job_id: str, kind: JobKind, at: JobAt) -> bool:
            begun = await super().begin(principal, job_id, kind, at)
            self.has_begun.set()
            await self.may_answer.wait()
            return begun

    store, job_id = Answering(), str(uuid4())
    slow = replace(asked, stores=replace(asked.stores, jobs=store))

    async def report() -> None:
        async with jobs.work(slow, job_id, JobKind.REPORT, JobPhase.WRITING):
            raise AssertionError("nothing is written for who has left")

    reading = asyncio.create_task(report())
    await store.has_begun.wait()
    following = asyncio.create_task(_told(slow, changes, job_id))
    reading.cancel()
    await asyncio.sleep(0)
    store.may_answer.set()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert (await following)[-1] == JobAt(JobPhase.WRITING, state=JobState.CANCELLED)
