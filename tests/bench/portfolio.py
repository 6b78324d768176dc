"""Print a portfolio's ratios: rows streamed against PostgreSQL's COPY of the same rows to CSV.

`python -m tests.bench.portfolio` measures 100,000 subscriptions; with a number it streams that many
and prints how memory grows from 10,000 on. All of it runs on one core, the database too.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from uuid import uuid4

import asyncpg

from db.bundled import bundled_facts
from db.catalogs import PostgresCatalogStore
from db.customers import PostgresCustomerStore
from db.embedded import EmbeddedServer
from db.migrate import migrate
from db.plans import PostgresPlanStore
from db.pool import Database
from offerpath.cli.portfolio_rows import COLUMNS, FlatRows
from planner.facts import CatalogFacts
from planner.offers import Commerce
from planner.permissions import Role
from resolvers.asked import Asked
from resolvers.catalogs import Catalogs
from resolvers.portfolio import (
    PortfolioRequest,
    portfolio_batches,
    portfolio_summary,
    portfolio_waves,
)
from resolvers.records import Principal
from tests.bench.portfolio_data import make_portfolio
from tests.conftest import with_database

_SUBSCRIPTIONS = 100_000
_FEW = 10_000
_ROUNDS = 3
_NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
_FLAT = PortfolioRequest(with_rules=False)
_JUDGED = PortfolioRequest()
_LEGACY, _NEW = 400, 40
"""How many of the bundled catalog's offers the portfolio is made of."""


@dataclass(frozen=True, slots=True)
class Scratch:
    """A database with one partner's portfolio, and a question to it."""

    url: str
    asked: Asked


def main(subscriptions: int | None = None) -> None:
    """Measure on one core, which the database inherits."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with (
        tempfile.TemporaryDirectory(
            prefix="offerpath-bench-", ignore_cleanup_errors=True
        ) as folder,
        EmbeddedServer.attach(Path(folder) / "postgres") as server,
    ):
        if subscriptions is None:
            asyncio.run(_ratios(server))
        else:
            asyncio.run(_memory(server, subscriptions))


async def _ratios(server: EmbeddedServer) -> None:
    async with _portfolio(server, _SUBSCRIPTIONS) as scratch:
        asked = scratch.asked
        rows = await _store_rows(scratch)
        copy = median([await _seconds(lambda: _copy(scratch.url)) for _ in range(_ROUNDS)])
        print("portfolio: %d rows, COPY to CSV %.0f ms, on one core" % (rows, copy * 1000))
        flat = median([await _seconds(lambda: _write(asked, _FLAT)) for _ in range(_ROUNDS)])
        _tell("flat rows of best targets", flat, rows, copy)
        judged = await _seconds(lambda: _write(asked, _JUDGED))
        _tell("readiness with all rules", judged, rows, copy)
        summed = await _seconds(lambda: portfolio_summary(asked, _JUDGED))
        _tell("summary with money and baseline", summed, rows, copy)
        waves = await _seconds(lambda: portfolio_waves(asked, _JUDGED))
        _tell("waves of migrations", waves, rows, copy)


async def _memory(server: EmbeddedServer, subscriptions: int) -> None:
    """Print how far memory grows while rows are streamed: from few, then from many."""
    for size in (_FEW, subscriptions):
        async with _portfolio(server, size) as scratch:
            for name, request in (("flat", _FLAT), ("judged", _JUDGED)):
                before = _memory_mb()
                begun = time.perf_counter()
                rows, peak = await _peak(scratch.asked, request)
                print(
                    "portfolio of %d, %s: %.1f s, memory %.0f MB, at most %.0f MB"
                    % (rows, name, time.perf_counter() - begun, before, peak)
                )


async def _peak(asked: Asked, request: PortfolioRequest) -> tuple[int, float]:
    rows, peak = 0, _memory_mb()
    written = FlatRows()
    async with aclosing(portfolio_batches(asked, request)) as batches:
        async for batch in batches:
            before, rows = rows, rows + len(batch)
            written.lines(batch)
            if before // 1_000 != rows // 1_000:
                peak = max(peak, _memory_mb())
    return rows, peak


def _tell(name: str, seconds: float, rows: int, copy: float) -> None:
    print(
        "%-32s %6.2f s, %4.0f us a row, %5.1f times the COPY"
        % (name, seconds, seconds / rows * 1e6, seconds / copy)
    )


async def _seconds(run: Callable[[], Awaitable[object]]) -> float:
    begun = time.perf_counter()
    await run()
    return time.perf_counter() - begun


async def _write(asked: Asked, request: PortfolioRequest) -> None:
    """Make CSV of every row, and throw it away."""
    written = FlatRows()
    async with aclosing(portfolio_batches(asked, request)) as batches:
        async for batch in batches:
            written.lines(batch).encode()


async def _copy(url: str) -> None:
    """Have PostgreSQL make the same CSV, and throw it away."""
    connection = await asyncpg.connect(url)

    async def drop(_data: bytes) -> None:
        pass

    await connection.copy_from_table("told", output=drop, format="csv")
    await connection.close()


async def _store_rows(scratch: Scratch) -> int:
    """Put the rows, as they are written, into a table; return how many they are."""
    connection = await asyncpg.connect(scratch.url)
    columns = ", ".join(f"{name} text" for name in COLUMNS)
    await connection.execute(f"create unlogged table told ({columns})")
    written, rows = FlatRows(), 0
    async with aclosing(portfolio_batches(scratch.asked, _FLAT)) as batches:
        async for batch in batches:
            rows += len(batch)
            await connection.copy_to_table(
                "told", source=_bytes(written.lines(batch)), format="csv"
            )
    await connection.execute("analyze told")
    await connection.close()
    return rows


async def _bytes(text: str) -> AsyncIterator[bytes]:
    yield text.encode()


@asynccontextmanager
async def _portfolio(server: EmbeddedServer, subscriptions: int) -> AsyncIterator[Scratch]:
    url, facts = await _scratch_database(server), bundled_facts()
    principal = Principal(str(uuid4()), frozenset(Role))
    await make_portfolio(
        url,
        principal.partner_id,
        subscriptions=subscriptions,
        offers=_offers(facts),
        products=[one.product_guid for one in facts.products[:50]],
    )
    database = await Database.open(url)
    try:
        catalogs = PostgresCatalogStore(database)
        await catalogs.add_bundled(facts, label="bundled")
        stores = catalogs, PostgresCustomerStore(database), PostgresPlanStore(database)
        asked = await Catalogs(*stores).asked(principal, now=_NOW)
        yield Scratch(url, replace(asked))
    finally:
        await database.close()


def _offers(facts: CatalogFacts) -> list[tuple[str, str]]:
    """Return legacy offers, those that migrate first, and some of new commerce."""
    moving = {claim.origin for claim in facts.claims}
    legacy = [one for one in facts.offers if one.commerce is Commerce.LEGACY]
    legacy.sort(key=lambda one: (one.catalog_id not in moving, one.catalog_id))
    new = [one for one in facts.offers if one.commerce is Commerce.NEW_COMMERCE]
    return [(one.catalog_id, one.title) for one in (*legacy[:_LEGACY], *new[:_NEW])]


async def _scratch_database(server: EmbeddedServer) -> str:
    name = f"bench_{uuid4().hex}"
    role = server.url.split("//")[1].split(":")[0]
    connection = await asyncpg.connect(server.admin_url)
    await connection.execute(f'create database {name} owner "{role}"')
    await connection.close()
    url = with_database(server.url, name)
    await migrate(url)
    return url


def _memory_mb() -> float:
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else None)
