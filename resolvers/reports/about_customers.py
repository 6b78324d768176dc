"""What the reports on a partner's customers share: whom they are about, and how they go on."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from planner.catalog import Catalog
from planner.customers import Customer
from planner.offers import Segment
from planner.permissions import Acting
from planner.portfolios.portfolio import CustomerFilter
from planner.rules import RULES_VERSION, Choices, Mode
from planner.scope import Scope
from resolvers import inputs
from resolvers.access.permits import Task
from resolvers.asked import Asked
from resolvers.catalog.moves import ScopeRequest, checked_scope
from resolvers.work.turns import Work

Row = TypeVar("Row")

_CUSTOMERS_AT_A_TIME = 25
"""Customers in one portion of rows."""


@dataclass(frozen=True, slots=True)
class CustomersRequest:
    """Which customers are meant, and how their subscriptions are asked about.

    The market and segment here are the customer's; one whose own is not known matches none.
    """

    text: str | None = None
    """Looked for in name and domain, without case."""
    market: str | None = None
    segment: Segment | None = None
    scope: ScopeRequest = field(default_factory=ScopeRequest)
    mode: Mode = Mode.WITHOUT_LICENSE_TRANSFER
    saved: bool = False
    """Of the report on plans alone: those that are saved, not one made anew."""


@dataclass(frozen=True, slots=True)
class CustomersQuestion:
    """The same, checked: one catalog version, one instant."""

    asked: Asked
    wanted: CustomerFilter
    scope: Scope
    choices: Choices
    work: Work
    """The planning that the report takes, in turns with that of others."""
    rules_version: str = RULES_VERSION

    @property
    def catalog(self) -> Catalog:
        return self.asked.catalog

    @property
    def acting(self) -> Acting:
        return self.asked.acting


def customers_question(asked: Asked, request: CustomersRequest) -> CustomersQuestion:
    """Read what is asked of a report on customers. Raises: BadInput."""
    asked.require(Task.EXPORT)
    text = request.text.strip() if request.text else None
    wanted = CustomerFilter(text or None, request.segment, inputs.market(request.market))
    scope = checked_scope(asked, request.scope)
    return CustomersQuestion(asked, wanted, scope, Choices(request.mode), asked.work())


@dataclass(frozen=True, slots=True)
class CustomersReport(Generic[Row]):
    """A report with one row for each customer, empty-handed ones included."""

    question: CustomersQuestion
    row_of: Callable[[CustomersQuestion, Customer], Awaitable[Row]]
    """Does its planning in turns with others, a subscription or a plan at a time."""

    def chunks(self) -> AsyncGenerator[tuple[Row, ...]]:
        """Yield rows in order of (customer's name, id), a bounded number at a time.

        All customers are of one state of the store. Cancelling the task that asks for the next
        portion ends the planning and lets go of the database. Raises: TryLater, before the first.
        """
        return in_portions(self._rows(), _CUSTOMERS_AT_A_TIME)

    async def _rows(self) -> AsyncGenerator[Row]:
        async with aclosing(_customers(self.question)) as customers:
            async for customer in customers:
                yield await self.row_of(self.question, customer)


async def in_portions(rows: AsyncGenerator[Row], at_a_time: int) -> AsyncGenerator[tuple[Row, ...]]:
    """Yield rows so many at a time, in their order; they are closed where it is left early."""
    waiting: list[Row] = []
    async with aclosing(rows):
        async for row in rows:
            waiting.append(row)
            if len(waiting) == at_a_time:
                yield tuple(waiting)
                waiting.clear()
    if waiting:
        yield tuple(waiting)


async def _customers(question: CustomersQuestion) -> AsyncGenerator[Customer]:
    asked = question.asked
    stream = asked.customers.stream(asked.principal, question.wanted)
    async with asked.queues.runs.turn(asked.principal.partner_id), aclosing(stream) as batches:
        async for batch in batches:
            for customer in batch:
                yield customer
