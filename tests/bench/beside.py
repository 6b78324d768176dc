"""Print the API beside PostGraphile and a bare route: one process each, one database, one run.

Both serve the same rows to the same three questions, and have to give the same answers before
anything is timed. At full load each connection asks again once it is answered (autocannon); at
half load so many requests a second as half of that are sent evenly, whatever the answers do.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg
import httpx2
import uvloop

from db.embedded import EmbeddedServer
from planner.catalog import Catalog
from tests.bench.measuring import FOLDER, Measured, Side, measure, memory_mb
from tests.bench.ports import free_port
from tests.bench.questions import QUESTIONS
from tests.bench.scratch import Scratch, portfolio_of
from tools import node

_SUBSCRIPTIONS = 2_000
_POOL = 10
_ROUNDS = 3
_BARE = "bare route"
_OURS, _KEPT, _THEIRS = "offerpath", "offerpath, kept", "PostGraphile"

Round = dict[tuple[str, str], Measured]
"""By question and server."""


def main() -> None:
    node.install(FOLDER)
    with (
        tempfile.TemporaryDirectory(
            prefix="offerpath-bench-", ignore_cleanup_errors=True
        ) as folder,
        EmbeddedServer.attach(Path(folder) / "postgres") as server,
    ):
        uvloop.run(_beside(server))


async def _beside(server: EmbeddedServer) -> None:
    async with portfolio_of(server, _SUBSCRIPTIONS) as scratch:
        await _make_tables(scratch.url, scratch.asked.catalog)
        partner_id = scratch.asked.principal.partner_id
        with _servers(scratch) as servers:
            await _compare(servers, partner_id)
            _tell([await _round(servers, partner_id) for _ in range(_ROUNDS)])
            for name, pid in servers.pids.items():
                print("memory of %s: %.0f MB" % (name, memory_mb(pid)))


async def _make_tables(url: str, catalog: Catalog) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute((FOLDER / "tables.sql").read_text(encoding="utf-8"))
    offers = [(one.catalog_id, one.title, one.commerce.value) for one in catalog.offers.values()]
    await connection.copy_records_to_table("catalog_offer", records=offers)
    moves = [(one.origin, one.target, one.kind.value) for one in catalog.transitions]
    await connection.copy_records_to_table("catalog_move", records=moves)
    for table in ("catalog_offer", "catalog_move", "customer", "subscription"):
        await connection.execute(f"analyze {table}")
    await connection.close()


@dataclass(frozen=True, slots=True)
class _Servers:
    ours: str
    theirs: str
    pids: Mapping[str, int]


@contextmanager
def _servers(scratch: Scratch) -> Iterator[_Servers]:
    """Start both."""
    ours, theirs = free_port(), free_port()
    with ExitStack() as running:
        own = _start(
            [sys.executable, "-m", "tests.bench.server", str(ours)],
            {
                "OFFERPATH_DATABASE_URL": scratch.url,
                "OFFERPATH_PARTNER_ID": scratch.asked.principal.partner_id,
                "OFFERPATH_SAMPLE": "false",
                "OFFERPATH_POOL_MAX": str(_POOL),
            },
            running,
        )
        other = _start(
            [str(node.node()), "server.mjs", str(theirs)],
            {
                "DATABASE_URL": scratch.url,
                "POOL_MAX": str(_POOL),
                "NODE_ENV": "production",
                "GRAPHILE_ENV": "production",
            },
            running,
        )
        pids = {_OURS: own.pid, _THEIRS: other.pid}
        yield _Servers(f"http://127.0.0.1:{ours}", f"http://127.0.0.1:{theirs}", pids)


def _start(
    command: list[str], environment: Mapping[str, str], running: ExitStack
) -> "subprocess.Popen[bytes]":
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("OFFERPATH_")}
    is_node = command[1].endswith(".mjs")
    process = subprocess.Popen(
        command,
        cwd=FOLDER if is_node else None,
        env={**inherited, **environment},
        stdout=subprocess.DEVNULL,
    )
    running.callback(process.wait, timeout=30)
    running.callback(process.terminate)
    return process


async def _compare(servers: _Servers, partner_id: str) -> None:
    """Raises: AssertionError, where the two do not answer alike."""
    async with httpx2.AsyncClient(trust_env=False, timeout=30) as client:
        for one in QUESTIONS:
            mine = one.read_ours(await _data(client, f"{servers.ours}/executed", one.ours))
            other = await _data(
                client, f"{servers.theirs}/graphql", one.theirs, **{"x-partner": partner_id}
            )
            assert mine, one.name
            assert mine == one.read_theirs(other), one.name
            print("%s: %d rows, alike in both" % (one.name, len(mine)))


async def _data(client: httpx2.AsyncClient, url: str, query: str, **headers: str) -> Any:
    for _ in range(300):
        try:
            answer = await client.post(url, json={"query": query}, headers=headers)
            break
        except httpx2.TransportError:
            await asyncio.sleep(0.1)
    else:
        raise TimeoutError(url)
    told = answer.json()
    assert "errors" not in told, told
    return told["data"]


async def _round(servers: _Servers, partner_id: str) -> Round:
    ours, theirs = servers.ours, servers.theirs
    bare = Side(f"{ours}/bare", "{}", {}, servers.pids[_OURS])
    measured = {(_BARE, ""): await measure(bare)}
    for one in QUESTIONS:
        mine, other = json.dumps({"query": one.ours}), json.dumps({"query": one.theirs})
        partner = {} if one.is_kept else {"x-partner": partner_id}
        sides = {
            _OURS: Side(f"{ours}/executed", mine, {}, servers.pids[_OURS]),
            _THEIRS: Side(f"{theirs}/graphql", other, partner, servers.pids[_THEIRS]),
        }
        if one.is_kept:
            sides[_KEPT] = Side(f"{ours}/graphql", mine, {}, servers.pids[_OURS])
        for name, side in sides.items():
            measured[one.name, name] = await measure(side)
    return measured


_LINE = "%-32s %-16s" + 9 * " %8s"
_HEAD = ("a second", "p50 ms", "p99 ms", "half p50", "half p99", "p99/p50", "CPU ms")


def _tell(rounds: list[Round]) -> None:
    print(
        f"Medians of {len(rounds)} rounds; half: at half of its own full rate; CPU: its process's"
    )
    print(
        "for one answer, without the database's; the last: its rate to PostGraphile's, and to the"
    )
    print("bare route's, each within a round.")
    print(_LINE % ("", "", *_HEAD, "/ other", "/ bare"))
    for cell in rounds[0]:
        told = [one[cell] for one in rounds]
        errors = " WITH ERRORS" if any(one.full.refused + one.half.refused for one in told) else ""
        print(_LINE % (*cell, *_numbers(told), *_ratios(rounds, cell)) + errors)


def _numbers(told: list[Measured]) -> tuple[str, ...]:
    return (
        "%.0f" % median(one.full.per_second for one in told),
        "%.2f" % median(one.full.median_ms for one in told),
        "%.2f" % median(one.full.p99_ms for one in told),
        "%.2f" % median(one.half.median_ms for one in told),
        "%.2f" % median(one.half.p99_ms for one in told),
        "%.1f" % median(one.half.p99_ms / one.half.median_ms for one in told),
        "%.2f" % median(one.cpu_ms for one in told),
    )


def _ratios(rounds: list[Round], cell: tuple[str, str]) -> tuple[str, str]:
    def of(other: tuple[str, str]) -> str:
        pairs = [(one[cell].full, one[other].full) for one in rounds if other in one]
        if not pairs or other == cell:
            return ""
        return "%.2f" % median(mine.per_second / theirs.per_second for mine, theirs in pairs)

    return of((cell[0], _THEIRS)), of((_BARE, ""))


if __name__ == "__main__":
    main()
