"""The root fields that go on answering: changes, jobs, and runs over the portfolio.

The type is not called Subscription, for that is what a customer holds
(schema/customers/subscription.py).
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import strawberry

from planner.rules import Mode
from resolvers.customers.portfolio import SummaryAnswer
from resolvers.customers.portfolio_runs import RunAt
from resolvers.plans.status import plan_by_id
from resolvers.problems import NotFound
from resolvers.records.changes import ChangeKind
from resolvers.work import jobs
from resolvers.work.changes import Reason, Told, changes_of, plan_changes
from schema.access.job import Job, show_job
from schema.catalog.catalog import Catalog, show_catalog
from schema.catalog.scope import ScopeInput
from schema.customers.portfolio import PortfolioFilterInput, PortfolioSummary, show_summary
from schema.plans.saved import SavedPlan, show_saved
from schema.streams.live import LiveInfo

strawberry.enum(
    Reason,
    name="NewsReason",
    description=(
        "BEGUN: following has begun, and what you read before may be older than what is stored. "
        "CHANGED: something was stored. RESYNC: changes may have been missed. After BEGUN and "
        "RESYNC read anew whatever you show."
    ),
)


@strawberry.type(description="The catalog that answers from now on.")
class CatalogChanged:
    reason: Reason
    catalog: Catalog


@strawberry.type(description="Customers of whom something was imported.")
class CustomersChanged:
    reason: Reason
    customer_ids: list[str] | None = strawberry.field(
        description="Whom it is about, at most 100; null where it may be any."
    )


@strawberry.type(description="What became of saved plans.")
class PlanChanged:
    reason: Reason
    plan_id: str | None = strawberry.field(
        description="The plan that changed; null where it may be any of the customer's."
    )

    @strawberry.field(description="The same plan as it is now; null where you have none such.")
    async def plan(self, info: LiveInfo) -> SavedPlan | None:
        if self.plan_id is None:
            return None
        found = await plan_by_id(info.context.asked, self.plan_id)
        return None if isinstance(found, NotFound) else show_saved(info.context.asked, found)


@strawberry.type(description="How far a run over the portfolio got, and in the end its summary.")
class PortfolioRun:
    customers_looked_at: int
    customers: int | None = strawberry.field(
        description="How many there are to look at; null where the filter leaves that open."
    )
    summary: PortfolioSummary | None = strawberry.field(
        description="Null while it runs; the last event has it."
    )


PlanId = Annotated[str | None, strawberry.argument(description="One plan's changes.")]
OfCustomer = Annotated[
    str | None, strawberry.argument(description="The changes of all plans of a customer.")
]
FollowedJob = Annotated[
    str, strawberry.argument(description="The GUID that you gave, or will give, to the work.")
]


@strawberry.type(
    description="What goes on answering, over a WebSocket (graphql-transport-ws) or as server-sent "
    "events. Each event is answered from the catalog that is current then."
)
class SubscriptionRoot:
    @strawberry.subscription(
        description="The current catalog, then each one that takes its place, at once."
    )
    async def catalog_changed(self, info: LiveInfo) -> AsyncGenerator[CatalogChanged, None]:
        context, shown = info.context, None
        told_of = changes_of(context.asked, context.changes, ChangeKind.CATALOG)
        async with aclosing(told_of) as news:
            async for told in news:
                asked = await context.renew()
                if asked.version.version_id != shown:
                    shown = asked.version.version_id
                    yield CatalogChanged(reason=told.reason, catalog=show_catalog(asked))

    @strawberry.subscription(description="Every import that touches customers.")
    async def customers_changed(self, info: LiveInfo) -> AsyncGenerator[CustomersChanged, None]:
        context = info.context
        told_of = changes_of(context.asked, context.changes, ChangeKind.CUSTOMERS)
        async with aclosing(told_of) as news:
            async for told in news:
                await context.renew()
                yield CustomersChanged(reason=told.reason, customer_ids=list(told.ids) or None)

    @strawberry.subscription(
        description="What becomes of one saved plan, or of all of a customer: saved, decided, "
        "steps marked. Ask by `planId` or by `customerId`."
    )
    async def plan_changed(
        self, info: LiveInfo, plan_id: PlanId = None, customer_id: OfCustomer = None
    ) -> AsyncGenerator[PlanChanged, None]:
        context = info.context
        told_of = plan_changes(
            context.asked, context.changes, plan_id=plan_id, customer_id=customer_id
        )
        async with aclosing(told_of) as news:
            async for told in news:
                await context.renew()
                yield PlanChanged(reason=told.reason, plan_id=_plan_of(told, plan_id))

    @strawberry.subscription(
        description="A job as it is, then as it gets on, twice a second at most; the last event "
        "says how it ended. Nothing comes before it begins."
    )
    async def job_changed(self, info: LiveInfo, job_id: FollowedJob) -> AsyncGenerator[Job, None]:
        context = info.context
        async with aclosing(jobs.follow(context.asked, context.changes, job_id)) as followed:
            async for job in followed:
                yield show_job(job)

    @strawberry.subscription(
        description="All customers' subscriptions in counts, as `portfolio` has them, for as long "
        "as it takes (ten minutes at most). Two runs go on at a time; the others wait."
    )
    async def portfolio_run(
        self,
        info: LiveInfo,
        filter: PortfolioFilterInput | None = None,  # noqa: A002
        scope: ScopeInput | None = None,
        mode: Mode = Mode.WITHOUT_LICENSE_TRANSFER,
    ) -> AsyncGenerator[PortfolioRun, None]:
        context = info.context
        request = (filter or PortfolioFilterInput()).read(scope, mode)
        async with aclosing(context.runs.run(context.asked, request)) as answers:
            async for answer in answers:
                yield _run(answer)


def _plan_of(told: Told, plan_id: str | None) -> str | None:
    """Return the plan that an event is about; without one in the change it is the one followed."""
    return told.ids[0] if told.ids else plan_id


def _run(answer: RunAt | SummaryAnswer) -> PortfolioRun:
    if isinstance(answer, RunAt):
        return PortfolioRun(customers_looked_at=answer.customers, customers=answer.of, summary=None)
    progress = answer.progress
    return PortfolioRun(
        customers_looked_at=progress.customers,
        customers=progress.customers if progress.is_complete else None,
        summary=show_summary(answer),
    )
