"""Importing customers and what they hold, from a file's text."""

from datetime import datetime
from typing import Annotated

import strawberry

from resolvers.customers.imports import Imported, import_customers
from resolvers.problems import NotFound
from resolvers.records.imports import ImportFile, RefusedFile
from schema.access.job import JobId
from schema.answer_codes import ImportNoticeCode, ImportProblemCode
from schema.context import Info
from schema.errors.problems import CustomerNotFound, Problem
from schema.scalars import Instant


@strawberry.input(
    description=(
        "A file: Partner Center's customers or subscriptions, Microsoft Graph's "
        "directory/subscriptions, subscribedSkus or users (JSON), a bundle of ours (JSON), or CSV."
    )
)
class ImportFileInput:
    content: str = strawberry.field(description="The file's text.")
    name: str = strawberry.field(default="upload", description="The file's name, for messages.")
    customer_id: str | None = strawberry.field(
        default=None, description="Whose file it is, where the file does not say."
    )
    as_of: Instant | None = strawberry.field(
        default=None, description="When the file was taken; now by default."
    )
    partner_tenant_id: str | None = strawberry.field(
        default=None, description="Our own tenant, to tell our subscriptions from others'."
    )
    is_complete: bool | None = strawberry.field(
        default=None, description="Whether it is all there is; inferred where left out."
    )

    def read(self, now: datetime) -> ImportFile:
        at: datetime | None = self.as_of
        return ImportFile(
            content=self.content.encode(),
            name=self.name,
            as_of=at or now,
            customer_id=self.customer_id,
            partner_tenant_id=self.partner_tenant_id,
            is_complete=self.is_complete,
        )


@strawberry.type(description="Something kept and worth telling, such as a status nobody knows.")
class ImportNotice:
    code: ImportNoticeCode
    path: str
    value: str
    count: int


@strawberry.type(description="What an import stored.")
class CustomersImported:
    kind: str = strawberry.field(description="What the file was taken for.")
    rows: int
    customers_added: int
    customers_changed: int
    customers_unchanged: int
    subscriptions_stored: int
    subscriptions_removed: int
    accounts_stored: int
    accounts_removed: int
    notices: list[ImportNotice]


@strawberry.type(description="Something in the file that must be corrected.")
class ImportProblem:
    code: ImportProblemCode
    message: str
    line: int | None
    path: str


@strawberry.type(description="Nothing of the file was stored.")
class ImportRefused(Problem):
    problems: list[ImportProblem] = strawberry.field(description="Every bad row, up to 1,000.")
    problems_left_out: int


ImportResult = Annotated[
    CustomersImported | ImportRefused | CustomerNotFound,
    strawberry.union("ImportResult", description="What an import stored, or why nothing was."),
]


@strawberry.type
class ImportMutation:
    @strawberry.mutation(description="Store customers and holdings of a file: all or nothing.")
    async def import_customers(
        self, info: Info, file: ImportFileInput, job_id: JobId = None
    ) -> ImportResult:
        context = info.context
        read = file.read(context.asked.now)
        answer = await import_customers(context.asked, read, context.read_import, job_id=job_id)
        match answer:
            case Imported():
                return _imported(answer)
            case RefusedFile():
                return _refused(answer)
            case NotFound():
                return CustomerNotFound.of(answer)


def _imported(value: Imported) -> CustomersImported:
    counts = value.counts
    return CustomersImported(
        kind=value.kind,
        rows=value.rows,
        customers_added=counts.customers_added,
        customers_changed=counts.customers_changed,
        customers_unchanged=counts.customers_unchanged,
        subscriptions_stored=counts.subscriptions_stored,
        subscriptions_removed=counts.subscriptions_removed,
        accounts_stored=counts.accounts_stored,
        accounts_removed=counts.accounts_removed,
        notices=[
            ImportNotice(
                code=ImportNoticeCode(one.code), path=one.path, value=one.value, count=one.count
            )
            for one in value.notices
        ],
    )


def _refused(value: RefusedFile) -> ImportRefused:
    return ImportRefused(
        code=value.code,
        message=value.message,
        remedy="Correct the file and import it again; nothing of it was stored",
        problems=[
            ImportProblem(
                code=ImportProblemCode(one.code), message=one.message, line=one.line, path=one.path
            )
            for one in value.problems
        ],
        problems_left_out=value.problems_left_out,
    )
