"""Print a portfolio's ratios: rows streamed against PostgreSQL's COPY of the same rows to CSV.

`python -m tests.bench.portfolio` measures 100,000 subscriptions, and memory from 10,000 on; with a
number it prints how memory grows to that many. All of it runs on one core, the database too.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

import asyncpg

from db.embedded import EmbeddedServer
from offerpath.cli.customers.portfolio_rows import COLUMNS, FlatRows
from resolvers.asked import Asked
from resolvers.customers.portfolio import (
    PortfolioRequest,
    portfolio_batches,
    portfolio_summary,
    portfolio_waves,
)
from tests.bench.scratch import Scratch, portfolio_of, server_on_one_core

_SUBSCRIPTIONS = 100_000
_FEW = 10_000
_ROUNDS = 5
_FLAT = PortfolioRequest(with_rules=False)
_JUDGED = PortfolioRequest()


def main(subscriptions: int | None = None) -> None:
    """Print how memory grows to that many subscriptions; without a number the ratios too."""
    with server_on_one_core() as server:
        asyncio.run(_memory(server, subscriptions or _SUBSCRIPTIONS))
        if subscriptions is None:
            asyncio.run(_ratios(server))


async def _ratios(server: EmbeddedServer) -> None:
    """Print each run against the COPY; of several rounds side by side the best one counts."""
    async with portfolio_of(server, _SUBSCRIPTIONS) as scratch:
        asked = scratch.asked
        rows = await _store_rows(scratch)
        copies, flats = [], []
        for _ in range(_ROUNDS):
            copies.append(await _seconds(lambda: _copy(scratch.url)))
            flats.append(await _seconds(lambda: _write(asked, _FLAT)))
        copy = min(copies)
        print("portfolio: %d rows, COPY to CSV %.0f ms, on one core" % (rows, copy * 1000))
        _tell("flat rows of best targets", min(flats), rows, copy)
        judged = [await _seconds(lambda: _write(asked, _JUDGED)) for _ in range(2)]
        _tell("readiness with all rules", min(judged), rows, copy)
        summed = await _seconds(lambda: portfolio_summary(asked, _JUDGED))
        _tell("summary with money and baseline", summed, rows, copy)
        waves = await _seconds(lambda: portfolio_waves(asked, _JUDGED))
        _tell("waves of migrations", waves, rows, copy)


async def _memory(server: EmbeddedServer, subscriptions: int) -> None:
    """Print how far memory grows while rows are streamed: from few, then from many."""
    for size in (_FEW, subscriptions):
        async with portfolio_of(server, size) as scratch:
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


def _memory_mb() -> float:
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else None)
