"""A partner's whole portfolio as a stream of rows, its summary, and the waves to move it in."""

import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass, field

from planner.customers import Customer
from planner.ids import CatalogId
from planner.offers import Segment
from planner.portfolios.migration_waves import MAX_ROWS, TooManyRows, WavePlanner, Waves
from planner.portfolios.portfolio import BestWays, CustomerFilter, PortfolioRow
from planner.portfolios.summary import PortfolioCounts, PortfolioSummary
from planner.portfolios.verdicts import PortfolioQuestion, Verdicts
from planner.readiness import Readiness
from planner.rules import Mode
from planner.scope import Scope
from planner.search import Stopped, never_stopped
from resolvers import inputs
from resolvers.access.permits import Task
from resolvers.asked import Asked
from resolvers.catalog.moves import ScopeRequest, checked_scope
from resolvers.codes.code import Code
from resolvers.problems import BadInput
from resolvers.records.customers import CustomerKey

_SECONDS_OF_A_TURN = 0.005
"""How long rows are made before others get their turn."""


@dataclass(frozen=True, slots=True)
class PortfolioRequest:
    """Which customers and subscriptions are meant, and how they are asked about.

    The market and segment here are the customer's; those of `scope` narrow the ways, but that no
    market does: what is not sold there is for the rules to say.
    """

    text: str | None = None
    segment: Segment | None = None
    market: str | None = None
    readiness: Readiness | None = None
    """Only subscriptions whose best way is this ready by all rules."""
    target: str | None = None
    """Only subscriptions whose best way ends at this offer."""
    scope: ScopeRequest = field(default_factory=ScopeRequest)
    mode: Mode = Mode.WITHOUT_LICENSE_TRANSFER
    with_rules: bool = True
    """Whether the rules are asked; without them a row has its best way only."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run over the portfolio got."""

    is_complete: bool
    """False where it was stopped: then only the customers up to `last` are in the answer."""
    customers: int
    """Customers that were looked at."""
    last: CustomerKey | None
    """The last one of them in the portfolio's order; None where there was none."""


@dataclass(frozen=True, slots=True)
class SummaryAnswer:
    """A summary, and of how much of the portfolio."""

    summary: PortfolioSummary
    progress: Progress


@dataclass(frozen=True, slots=True)
class WavesAnswer:
    """The waves, and of how much of the portfolio."""

    waves: Waves | TooManyRows
    progress: Progress


def check_request(asked: Asked, request: PortfolioRequest) -> None:
    """Do nothing where a request can be answered. Raises: NotPermitted; BadInput."""
    _Run(asked, request)


async def portfolio_rows(asked: Asked, request: PortfolioRequest) -> AsyncGenerator[PortfolioRow]:
    """Yield one row for every own subscription, in order of (customer's name, customer id, id).

    Memory does not grow with their number, and others get their turn every few milliseconds. Close
    it where it is left early (`async with aclosing(...)`). Raises: BadInput, TryLater, before the
    first row.
    """
    async with aclosing(portfolio_batches(asked, request)) as batches:
        async for batch in batches:
            for row in batch:
                yield row


async def portfolio_batches(
    asked: Asked, request: PortfolioRequest
) -> AsyncGenerator[tuple[PortfolioRow, ...]]:
    """Yield the rows of `portfolio_rows` some at a time, never none."""
    run = _Run(asked, request)
    async with aclosing(run.judged() if request.with_rules else run.listed()) as batches:
        async for batch in batches:
            if batch:
                yield batch


async def portfolio_summary(
    asked: Asked,
    request: PortfolioRequest,
    *,
    stopped: Stopped = never_stopped,
    is_patient: bool = False,
) -> SummaryAnswer:
    """Return the portfolio in counts; of the customers before it was stopped.

    Where it is patient it waits for its turn for as long as it takes. Raises: BadInput; TryLater.
    """
    run = _Run(asked, request, is_patient=is_patient)
    counts = PortfolioCounts(asked.catalog, run.scope)
    progress = await run.through(counts.add, stopped)
    return SummaryAnswer(counts.result(), progress)


async def portfolio_waves(
    asked: Asked,
    request: PortfolioRequest,
    *,
    limit: int = MAX_ROWS,
    stopped: Stopped = never_stopped,
) -> WavesAnswer:
    """Return the waves in which the portfolio can be migrated. Raises: BadInput; TryLater."""
    run = _Run(asked, request)
    planner = WavePlanner(asked.catalog, run.scope, limit=limit)
    progress = await run.through(planner.add, stopped)
    return WavesAnswer(planner.result(), progress)


Take = Callable[[Customer, Iterable[PortfolioRow]], None]
_Judged = tuple[Customer, tuple[PortfolioRow, ...]]


class _Run:
    """One walk over the portfolio, from one snapshot of the customers and one catalog."""

    def __init__(
        self, asked: Asked, request: PortfolioRequest, *, is_patient: bool = False
    ) -> None:
        """Read the request. Raises: BadInput."""
        self._is_patient = is_patient
        asked.require(Task.READ_CUSTOMERS)
        self.scope: Scope = checked_scope(asked, request.scope)
        self._asked = asked
        self._wanted = CustomerFilter(
            inputs.search_text(request.text), request.segment, inputs.market(request.market)
        )
        self._readiness = request.readiness
        self._target = _target(asked, request)
        self._mode = request.mode
        if request.readiness is not None and not request.with_rules:
            raise BadInput(Code.READINESS_NEEDS_RULES, "only the rules tell how ready a move is")

    async def listed(self) -> AsyncGenerator[tuple[PortfolioRow, ...]]:
        """Yield batches of flat rows, without any rule."""
        ways = BestWays(self._asked.catalog, self.scope)
        stream = self._asked.customers.own_rows(self._asked.principal, self._wanted)
        work = self._asked.work()
        async with self._place(), aclosing(stream) as batches:
            async for batch in batches:
                async with work.turn():
                    rows = self._wanted_of(
                        PortfolioRow(held, ways.of(held.catalog_id)) for held in batch
                    )
                yield rows

    async def judged(self) -> AsyncGenerator[tuple[PortfolioRow, ...]]:
        """Yield the rows of one customer after another, with what the rules say."""
        async with aclosing(self._customers()) as customers:
            async for _, rows in customers:
                yield rows

    async def through(self, take: Take, stopped: Stopped) -> Progress:
        """Hand every customer's rows over until it is stopped."""
        looked_at, last = 0, None
        async with aclosing(self._customers()) as customers:
            async for customer, rows in customers:
                if stopped():
                    return Progress(False, looked_at, last)
                take(customer, rows)
                looked_at, last = looked_at + 1, CustomerKey(customer.name, customer.customer_id)
        return Progress(True, looked_at, last)

    async def _customers(self) -> AsyncGenerator[_Judged]:
        asked, work = self._asked, self._asked.work()
        verdicts = Verdicts(PortfolioQuestion(asked.catalog, self.scope, asked.acting, self._mode))
        stream = asked.customers.stream(asked.principal, self._wanted)
        async with self._place(), aclosing(stream) as batches:
            async for batch in batches:
                waiting = deque(batch)
                while waiting:
                    async with work.turn():
                        judged = self._in_one_turn(waiting, verdicts)
                    for customer, rows in judged:
                        yield customer, rows

    def _in_one_turn(self, waiting: deque[Customer], verdicts: Verdicts) -> list[_Judged]:
        """Return the rows of the next customers, at least one, and take them off the others."""
        judged: list[_Judged] = []
        ends = time.perf_counter() + _SECONDS_OF_A_TURN
        while waiting and (not judged or time.perf_counter() < ends):
            customer = waiting.popleft()
            judged.append((customer, self._wanted_of(verdicts.rows(customer))))
        return judged

    def _place(self) -> AbstractAsyncContextManager[None]:
        """Wait for a place among the runs, of which each holds a connection of the database."""
        asked = self._asked
        return asked.queues.runs.turn(asked.principal.partner_id, is_patient=self._is_patient)

    def _wanted_of(self, rows: Iterable[PortfolioRow]) -> tuple[PortfolioRow, ...]:
        if self._target is None and self._readiness is None:
            return tuple(rows)
        return tuple(row for row in rows if self._is_wanted(row))

    def _is_wanted(self, row: PortfolioRow) -> bool:
        if self._target is not None and row.target != self._target:
            return False
        readiness = None if row.judged is None else row.judged.readiness
        return self._readiness is None or readiness is self._readiness


def _target(asked: Asked, request: PortfolioRequest) -> CatalogId | None:
    target = None if request.target is None else inputs.catalog_id(request.target)
    if target is not None and target not in asked.catalog.offers:
        raise BadInput(Code.OFFER_NOT_FOUND, f"The catalog has no offer {target}")
    return target
