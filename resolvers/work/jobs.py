"""Long work under an id that its client chose: told as it gets on, and followed until it ends."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress

from resolvers import inputs
from resolvers.access.permits import Task
from resolvers.asked import Asked
from resolvers.codes.code import Code, code_of
from resolvers.ports import Changes, StorageUnavailable
from resolvers.problems import BadInput
from resolvers.records.changes import RESYNC, ChangeKind, News
from resolvers.records.jobs import Job, JobAt, JobKind, JobPhase, JobState

log = logging.getLogger("offerpath.jobs")

SECONDS_BETWEEN = 0.5
"""How often at most it is told how far a job got."""
SECONDS_QUIET = 15.0
"""After so long without news a running job says that it lives, and a follower looks anew."""


class Work:
    """How far one job got. Telling it costs nothing: it is stored now and then, by another task."""

    def __init__(self, at: JobAt) -> None:
        self.now = at
        self.has_changed = asyncio.Event()

    def at(self, phase: JobPhase, *, done: int = 0, total: int | None = None) -> None:
        """Say what it is at, and how many rows are done of how many."""
        self._become(JobAt(phase, done, total))

    def refuse(self, code: Code) -> None:
        """Say that nothing was done, and why."""
        self.end(JobState.REFUSED, code)

    def end(self, state: JobState, code: Code | None = None) -> None:
        """Say how it ended, where that is not said yet."""
        now = self.now
        if now.state is JobState.RUNNING:
            self._become(JobAt(now.phase, now.done, now.total, state, code))

    def _become(self, at: JobAt) -> None:
        self.now = at
        self.has_changed.set()


async def check_new(asked: Asked, job_id: str) -> None:
    """Do nothing where work may have this id. Raises: BadInput MALFORMED_ID, JOB_ID_IN_USE."""
    checked = inputs.guid(job_id, what="job")
    if await asked.stores.jobs.job(asked.principal, checked) is not None:
        raise _in_use(checked)


def _in_use(job_id: str) -> BadInput:
    return BadInput(
        Code.JOB_ID_IN_USE, f"There is a job {job_id} already", remedy="Choose a new GUID"
    )


@asynccontextmanager
async def work(
    asked: Asked,
    job_id: str | None,
    kind: JobKind,
    phase: JobPhase,
    *,
    seconds_between: float = SECONDS_BETWEEN,
    seconds_quiet: float = SECONDS_QUIET,
) -> AsyncIterator[Work]:
    """Give work that ends with the block, as the block ends; without an id nobody is told.

    Raises: BadInput MALFORMED_ID, JOB_ID_IN_USE; what the block raises.
    """
    begun = Work(JobAt(phase))
    if job_id is None:
        yield begun
        return
    checked = inputs.guid(job_id, what="job")
    teller = _Teller(asked, checked, begun)
    beginning = asyncio.create_task(
        asked.stores.jobs.begin(asked.principal, checked, kind, begun.now)
    )
    try:
        with _ending(begun):
            # Whoever leaves just now leaves a job behind that has begun, and must be ended.
            if not await asyncio.shield(beginning):
                raise _in_use(checked)
            telling = asyncio.create_task(teller.tell_on(seconds_between, seconds_quiet))
            try:
                yield begun
            finally:
                telling.cancel()
    finally:
        # How it ended is told also where whoever asked is gone.
        await asyncio.shield(asyncio.create_task(teller.tell_end(beginning)))


async def job_by_id(asked: Asked, job_id: str) -> Job | None:
    """Return a job of the partner's as it is now, whoever asked for the work; None before it began.

    Raises: NotPermitted; BadInput MALFORMED_ID.
    """
    asked.require(Task.READ_CATALOG)
    checked = inputs.guid(job_id, what="job")
    return await asked.stores.jobs.job(asked.principal, checked)


async def follow(
    asked: Asked, changes: Changes, job_id: str, *, seconds_quiet: float = SECONDS_QUIET
) -> AsyncGenerator[Job]:
    """Yield a job as it is, then as it gets on, and last how it ended.

    Where it has not begun, nothing comes until it does. Raises: NotPermitted; BadInput
    MALFORMED_ID; before the first one.
    """
    asked.require(Task.READ_CATALOG)
    checked = inputs.guid(job_id, what="job")
    told: JobAt | None = None
    with changes.follow(asked.principal) as news:
        while True:
            job = await _job(asked, checked)
            if job is not None and job.at != told:
                told = job.at
                yield job
            if told is not None and told.state is not JobState.RUNNING:
                return
            # A while without any news is news too: the job may be lost.
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds_quiet):
                    await _news_of(checked, news)


async def _job(asked: Asked, job_id: str) -> Job | None:
    """Return a job; None while the database is away, for it is asked again."""
    try:
        return await asked.stores.jobs.job(asked.principal, job_id)
    except StorageUnavailable:
        return None


async def _news_of(job_id: str, news: AsyncIterator[News]) -> None:
    async for each in news:
        if each is RESYNC or (each.kind is ChangeKind.JOB and job_id in each.ids):
            return


class _Teller:
    """Stores how far one job got, no oftener than is good for the database."""

    def __init__(self, asked: Asked, job_id: str, work: Work) -> None:
        self._asked = asked
        self._job_id = job_id
        self._work = work

    async def tell_on(self, seconds_between: float, seconds_quiet: float) -> None:
        """Tell what changed, and after a while without a change that it still runs."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds_quiet):
                    await self._work.has_changed.wait()
            self._work.has_changed.clear()
            await self.tell()
            await asyncio.sleep(seconds_between)

    async def tell_end(self, beginning: asyncio.Task[bool]) -> None:
        """Tell how it ended, unless it never began."""
        await asyncio.wait({beginning})
        if beginning.exception() is None and beginning.result():
            await self.tell()

    async def tell(self) -> None:
        """Store how far it got; the work itself goes on where that cannot be stored."""
        jobs = self._asked.stores.jobs
        try:
            await jobs.update(self._asked.principal, self._job_id, self._work.now)
        except Exception as error:  # whatever it is, the work is worth more than its telling
            log.warning("job %s could not be told: %s", self._job_id, error)


class _ending:  # noqa: N801 (a context manager in the form of a verb)
    """Says how work ended by what its block raises, and lets that pass."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        """End the work."""
        match error:
            case None:
                self._work.end(JobState.DONE)
            case BadInput():
                self._work.refuse(error.code)
            case asyncio.CancelledError() | GeneratorExit():
                self._work.end(JobState.CANCELLED)
            case _:
                self._work.end(JobState.FAILED, code_of(error))
