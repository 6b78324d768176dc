"""Connections that stall, run out, or are held by slow readers: bounded waits, clear codes."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import httpx2
import pytest

from db.pool import Database
from db.stores import postgres_stores
from formats.sample.portfolio import sample_portfolio
from offerpath.app import create_app
from offerpath.house import House
from resolvers.catalog.catalogs import Catalogs
from tests.db.test_changes import Stalling
from tests.offerpath.subscriptions.conftest import Base, base, house_of
from tests.offerpath.subscriptions.serving import serving

__all__ = ["base"]

COUNT = {"query": "{ customers(first: 1) { totalCount } }"}
REPORT = "/reports/portfolio?format=csv"


async def _house(base: Base, folder: Path, database: Database) -> House:
    """Return the house of a partner with the sample customers, over another pool."""
    house = await house_of(base, folder)
    await base.stores.customers.store(house.principal, sample_portfolio())
    return replace(house, database=database, catalogs=Catalogs(postgres_stores(database)))


@asynccontextmanager
async def _client(house: House) -> AsyncIterator[httpx2.AsyncClient]:
    app = create_app(house)
    async with (
        app.router.lifespan_context(app),
        serving(app) as host,
        httpx2.AsyncClient(base_url=f"http://{host}", trust_env=False, timeout=60) as client,
    ):
        yield client


def _code(answer: httpx2.Response) -> str | None:
    errors = answer.json().get("errors")
    return errors[0]["extensions"]["code"] if errors else None


async def test_a_connection_that_stalls_ends_in_time_and_the_next_request_is_answered(
    base: Base, tmp_path: Path
) -> None:
    way = Stalling(base.url)
    await way.open()
    database = await Database.open(
        way.url, max_size=2, statement_timeout_seconds=0.2, connect_timeout_seconds=1
    )
    async with _client(await _house(base, tmp_path, database)) as client:
        right = (await client.post("/graphql", json=COUNT)).json()
        assert right["data"]["customers"]["totalCount"] > 0
        way.stall()
        begun = time.monotonic()
        answer = await client.post("/graphql", json=COUNT)
        # The statement's own time, five seconds for a server that is gone, and a new connection.
        assert time.monotonic() - begun < 15
        # It was tried once more by itself, on a new connection, or it is told as what it is.
        assert answer.json() == right or _code(answer) == "DATABASE_UNAVAILABLE"
        assert (await client.post("/graphql", json=COUNT)).json() == right
    await database.close()
    await way.cut()


async def test_when_connections_run_out_some_are_refused_by_a_code_and_none_is_answered_wrongly(
    base: Base, tmp_path: Path
) -> None:
    name = urlsplit(base.url).path[1:]
    database = await Database.open(base.url, max_size=8, connect_timeout_seconds=1)
    admin = await asyncpg.connect(base.admin_url)
    try:
        async with _client(await _house(base, tmp_path, database)) as client:
            right = (await client.post("/graphql", json=COUNT)).json()
            await admin.execute(f"alter database {name} connection limit 1")
            asking = [client.post("/graphql", json=COUNT) for _ in range(24)]
            answers = await asyncio.gather(*asking)
            for answer in answers:
                assert answer.json() == right or _code(answer) == "DATABASE_UNAVAILABLE"
            assert any(_code(answer) for answer in answers)
            assert (await client.get("/healthz")).status_code == 200
            await admin.execute(f"alter database {name} connection limit -1")
            asking = [client.post("/graphql", json=COUNT) for _ in range(24)]
            for answer in await asyncio.gather(*asking):
                assert answer.json() == right
    finally:
        await admin.execute(f"alter database {name} connection limit -1")
        await admin.close()
        await database.close()


BUSY = """select count(*) from pg_stat_activity
where datname = current_database() and application_name = 'offerpath' and state <> 'idle'
  and pid <> pg_backend_pid()"""


async def _busy(admin: "asyncpg.Connection[asyncpg.Record]", wanted: bool) -> bool:
    """Return whether some session of ours came to work, or all came to rest."""
    for _ in range(400):
        if (await admin.fetchval(BUSY) > 0) is wanted:
            return True
        await asyncio.sleep(0.025)
    return False


@pytest.mark.parametrize("path", [REPORT, "/reports/blockers?format=xlsx"])
async def test_a_client_that_leaves_during_a_report_ends_its_query_in_the_database(
    base: Base, tmp_path: Path, path: str
) -> None:
    """The query waits for a lock that nobody gives up: only a cancellation can end it."""
    database = await Database.open(base.url, max_size=2, statement_timeout_seconds=60)
    admin, watcher = [await asyncpg.connect(base.admin_url) for _ in range(2)]
    async with _client(await _house(base, tmp_path, database)) as client:
        assert await _busy(watcher, False)
        lock = admin.transaction()
        await lock.start()
        await admin.execute("lock table subscription in access exclusive mode")
        reading = asyncio.create_task(client.get(path))
        assert await _busy(watcher, True)
        assert not reading.done()
        reading.cancel()
        await asyncio.wait({reading})
        assert await _busy(watcher, False)
        await lock.rollback()
        assert (await client.get(path)).status_code == 200
    for connection in (admin, watcher):
        await connection.close()
    await database.close()


async def test_slow_readers_of_reports_hold_up_nobody_and_let_go_when_they_leave(
    base: Base, tmp_path: Path
) -> None:
    """Readers who take nothing of a report of several MiB, one more than there are connections."""
    database = await Database.open(base.url, max_size=2, connect_timeout_seconds=2)
    watcher = await asyncpg.connect(base.admin_url)
    async with _client(await _house(base, tmp_path, database)) as client:
        right = (await client.post("/graphql", json=COUNT)).json()
        slow = [
            await client.send(
                client.build_request("GET", "/reports/paths?shape=steps&with_no_path=true"),
                stream=True,
            )
            for _ in range(3)
        ]
        for _ in range(5):
            assert (await client.post("/graphql", json=COUNT)).json() == right
        for response in slow:
            await response.aclose()
        assert await _busy(watcher, False)
        assert (await client.post("/graphql", json=COUNT)).json() == right
    await watcher.close()
    await database.close()
