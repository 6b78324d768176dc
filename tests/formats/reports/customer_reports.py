"""Reports on customers as the tests make them: the sample's customers, or a few of one's own."""

import threading
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from db.bundled import bundled_facts
from formats.sample.portfolio import sample_portfolio
from formats.writing.formats import ReportForm, ReportFormat
from formats.writing.manifest import Manifest
from formats.writing.output import write_file
from formats.writing.table import Report
from offerpath.report_kinds import CustomersReportName, of_customers
from planner.customers import Customer
from planner.facts import CatalogFacts
from planner.permissions import Role
from planner.portfolios.portfolio import CustomerFilter
from resolvers.asked import Asked
from resolvers.catalog.catalogs import Catalogs
from resolvers.ports import CustomerStore
from resolvers.records.imports import CustomerImport, HoldingsChange
from resolvers.records.principal import Principal
from resolvers.reports.about_customers import CustomersRequest
from tests.memory_stores import MemoryCatalogStore, MemoryCustomerStore, memory_stores

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SOMEBODY = Principal("00000000-0000-4000-8000-0000000000aa", frozenset({Role.ADMIN_AGENT}))
NAMES = tuple(CustomersReportName)
EVERYBODY = CustomersRequest()


async def asked_of(changes: CustomerImport, facts: CatalogFacts | None = None) -> Asked:
    """Return a question of a partner with these customers, asked at NOW."""
    customers = MemoryCustomerStore()
    await customers.ensure_partner(SOMEBODY, name="test")
    await customers.store(SOMEBODY, changes)
    return await asked_in(customers, facts)


async def asked_in(customers: CustomerStore, facts: CatalogFacts | None = None) -> Asked:
    """Return a question over a store; of the bundled catalog, which is built once, by default."""
    if facts is not None:
        return _over(await _asked(facts), customers)
    if not _BUNDLED:
        _BUNDLED.append(await _asked(bundled_facts()))
    return _over(_BUNDLED[0], customers)


def _over(asked: Asked, customers: CustomerStore) -> Asked:
    return replace(asked, stores=replace(asked.stores, customers=customers))


_BUNDLED: list[Asked] = []


async def _asked(facts: CatalogFacts) -> Asked:
    store = MemoryCatalogStore()
    await store.add_bundled(facts, label="test")
    catalogs = Catalogs(memory_stores(store))
    return await catalogs.asked(SOMEBODY, now=NOW)


def importing(*customers: Customer) -> CustomerImport:
    """Return an import of whole customers."""
    return CustomerImport(
        tuple(customers),
        tuple(
            HoldingsChange(one.customer_id, is_foreign, state, NOW, held)
            for one in customers
            for is_foreign, state, held in (
                (False, one.holdings.own_state, one.holdings.own),
                (True, one.holdings.foreign_state, one.holdings.foreign),
            )
        ),
    )


def backwards(changes: CustomerImport) -> CustomerImport:
    """Return the same import with all that it holds in the opposite order."""
    turned = (replace(one, subscriptions=one.subscriptions[::-1]) for one in changes.holdings)
    return CustomerImport(changes.customers[::-1], tuple(turned)[::-1])


async def sample_asked() -> Asked:
    return await asked_of(sample_portfolio())


async def sample_report(
    name: CustomersReportName,
    request: CustomersRequest = EVERYBODY,
    *,
    is_backwards: bool = False,
) -> Report[Any]:
    """Return a report on the sample, imported as it is or backwards.

    Its rows are worked out for the first test that wants it, and given to each.
    """
    key = (name, request, is_backwards)
    if key not in _OF_SAMPLE:
        changes = sample_portfolio()
        asked = await asked_of(backwards(changes) if is_backwards else changes)
        _OF_SAMPLE[key] = await _worked_out(of_customers(asked, name, request))
    return _OF_SAMPLE[key]


_OF_SAMPLE: dict[tuple[CustomersReportName, CustomersRequest, bool], Report[Any]] = {}


async def _worked_out(report: Report[Any]) -> Report[Any]:
    portions = [portion async for portion in report.rows()]

    async def rows() -> AsyncGenerator[Sequence[Any]]:
        for portion in portions:
            yield portion

    return replace(report, rows=rows)


async def customers_of(asked: Asked) -> tuple[Customer, ...]:
    """Return everybody in the order of reports."""
    page = await asked.customers.page(SOMEBODY, first=1000, after=None, text=None)
    ids = [one.customer_id for one in page.customers]
    found = await asked.customers.customers(SOMEBODY, ids)
    return tuple(found[each] for each in ids)


async def lines(
    asked: Asked, name: CustomersReportName, request: CustomersRequest = EVERYBODY
) -> list[dict[str, Any]]:
    """Return a report's lines, each by the names of its columns."""
    return await lines_of(of_customers(asked, name, request))


async def sample_lines(
    name: CustomersReportName, request: CustomersRequest = EVERYBODY
) -> list[dict[str, Any]]:
    return await lines_of(await sample_report(name, request))


async def lines_of(report: Report[Any]) -> list[dict[str, Any]]:
    names = [column.name for column in report.table.columns]
    return [
        dict(zip(names, line, strict=True))
        async for rows in report.rows()
        for line in report.lines(rows)
    ]


async def write(report: Report[Any], path: Path, name: str) -> Manifest:
    return await write_file(report, path, ReportForm(ReportFormat(name)))


def by_subscription(told: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for line in told:
        found.setdefault(line["subscription_id"], []).append(line)
    return found


class WatchedStore(MemoryCustomerStore):
    """Gives the same customers without end, and tells whether its stream was closed."""

    def __init__(self, customers: tuple[Customer, ...]) -> None:
        super().__init__()
        self._endless = customers
        self.given = 0
        self.closed = threading.Event()
        self.begun_again = threading.Event()

    async def stream(
        self, principal: Principal, wanted: CustomerFilter
    ) -> AsyncGenerator[tuple[Customer, ...]]:
        del principal, wanted
        try:
            while True:
                self.given += 1
                if self.given > 1:
                    self.begun_again.set()
                yield self._endless
        finally:
            self.closed.set()


async def watched() -> WatchedStore:
    return WatchedStore(await customers_of(await sample_asked()))
