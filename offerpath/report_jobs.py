"""A report whose progress somebody follows: the rows written so far, under the client's job id."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import Any

from formats.writing.table import Report
from resolvers.asked import Asked
from resolvers.records.jobs import JobKind, JobPhase
from resolvers.work import jobs

Rows = Callable[[], AsyncGenerator[Sequence[Any]]]


async def followed(asked: Asked, report: Report[Any], job_id: str | None) -> Report[Any]:
    """Return the same report, telling how far it got while its rows are written.

    Raises: BadInput MALFORMED_ID, JOB_ID_IN_USE; nothing is begun yet.
    """
    if job_id is None:
        return report
    await jobs.check_new(asked, job_id)
    return replace(report, rows=partial(_told, asked, job_id, report.rows))


async def _told(asked: Asked, job_id: str, rows: Rows) -> AsyncGenerator[Sequence[Any]]:
    done = 0
    async with (
        jobs.work(asked, job_id, JobKind.REPORT, JobPhase.WRITING) as work,
        aclosing(rows()) as portions,
    ):
        async for portion in portions:
            yield portion
            done += len(portion)
            work.at(JobPhase.WRITING, done=done)
