"""Long work as GraphQL shows it: an import or a report that its client follows by an id."""

from typing import Annotated

import strawberry

from resolvers.codes.code import Code
from resolvers.records import jobs as job_records
from resolvers.records.jobs import JobKind, JobPhase, JobState
from resolvers.work import jobs
from schema.context import Info
from schema.relay.node import Node, global_id
from schema.scalars import Instant

strawberry.enum(JobKind, name="JobKind", description="What long work is about.")
strawberry.enum(
    JobState,
    name="JobState",
    description=(
        "RUNNING, or how it ended. REFUSED: nothing was done, for a reason that you can mend. "
        "FAILED: a fault of ours. CANCELLED: whoever asked for it went away. LOST: nothing has "
        "been heard of it for a minute."
    ),
)
strawberry.enum(
    JobPhase,
    name="JobPhase",
    description=(
        "What work is at, or was at last: READING a file, CHECKING it against what is stored, "
        "STORING it, WRITING the rows of a report."
    ),
)

JobId = Annotated[
    str | None,
    strawberry.argument(
        description="A new GUID of yours, by which `jobChanged` and `job` tell how far it got."
    ),
]

AskedJob = Annotated[
    str, strawberry.argument(description="The GUID that you gave, or will give, to the work.")
]


@strawberry.type(description="Long work under the id that its client chose. It is kept for a day.")
class Job(Node):
    job_id: str
    kind: JobKind
    state: JobState
    phase: JobPhase
    done: int = strawberry.field(description="Rows that are through this phase.")
    total: int | None = strawberry.field(description="Of how many; null where nobody knows yet.")
    code: Code | None = strawberry.field(description="Why it was refused or failed.")
    started_at: Instant
    changed_at: Instant


def show_job(value: job_records.Job) -> Job:
    at = value.at
    return Job(
        id=global_id("Job", value.job_id),
        job_id=value.job_id,
        kind=value.kind,
        state=at.state,
        phase=at.phase,
        done=at.done,
        total=at.total,
        code=at.code,
        started_at=Instant(value.started_at),
        changed_at=Instant(value.changed_at),
    )


@strawberry.type
class JobQuery:
    @strawberry.field(
        description="Long work as it is now, for those who ask once a second; `jobChanged` tells "
        "it as it happens. Null where you have none of this id: it has not begun, or it ended more "
        "than a day ago."
    )
    async def job(self, info: Info, job_id: AskedJob) -> Job | None:
        found = await jobs.job_by_id(info.context.asked, job_id)
        return None if found is None else show_job(found)
