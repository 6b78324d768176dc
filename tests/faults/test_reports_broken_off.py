"""A report that the server breaks off: its reader can tell, and the log says so once, calmly."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from db import customer_stream
from db.pool import Database
from db.stores import postgres_stores
from formats.sample.portfolio import sample_portfolio
from offerpath.app import create_app
from offerpath.cli.serving.http_protocol import HttpProtocol
from planner.customers import Customer
from resolvers.catalog.catalogs import Catalogs
from tests.offerpath.subscriptions.conftest import Base, base, house_of
from tests.offerpath.subscriptions.serving import serving

__all__ = ["base"]

_LONG = 60
_AT_ONCE = 5
_QUICK = 6
"""Customers in a batch: the sample has several such batches."""


async def _in_the_database(connection: Any) -> None:
    await connection.execute(f"select pg_sleep({_LONG})")


async def _beside_it(_connection: Any) -> None:
    await asyncio.sleep(_LONG)


def _slow_after_the_first(
    monkeypatch: pytest.MonkeyPatch, slow: Callable[[Any], Awaitable[None]]
) -> None:
    """Let the second batch of customers take a minute; the transaction is open meanwhile."""
    read = customer_stream._with_holdings
    begun = []

    async def reading(connection: Any, *given: Any) -> Mapping[str, Customer]:
        begun.append(connection)
        if len(begun) > _QUICK:
            await slow(connection)
        return await read(connection, *given)

    monkeypatch.setattr(customer_stream, "_with_holdings", reading)
    monkeypatch.setattr(customer_stream, "_CUSTOMERS_AT_A_TIME", _AT_ONCE)


@pytest.mark.parametrize("slow", [_in_the_database, _beside_it])
async def test_a_report_whose_time_is_up_gives_its_transaction_back_and_alarms_nobody(
    base: Base,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    slow: Callable[[Any], Awaitable[None]],
) -> None:
    _slow_after_the_first(monkeypatch, slow)
    caplog.set_level(logging.WARNING)
    database = await Database.open(base.url, max_size=2)
    house = await house_of(base, tmp_path, report_seconds=3)
    await base.stores.customers.store(house.principal, sample_portfolio())
    house = replace(house, database=database, catalogs=Catalogs(postgres_stores(database)))
    app = create_app(house)
    async with (
        app.router.lifespan_context(app),
        serving(app, http=HttpProtocol) as host,
        httpx2.AsyncClient(base_url=f"http://{host}", trust_env=False, timeout=_LONG) as client,
    ):
        with pytest.raises(httpx2.RemoteProtocolError):  # noqa: PT012 (it comes midway)
            async with client.stream("GET", "/reports/blockers?format=csv") as answer:
                assert answer.status_code == 200
                async for _ in answer.aiter_bytes():
                    pass
        assert (await client.get("/readyz")).status_code == 200
    await database.close()
    assert [one.getMessage() for one in caplog.records] == [
        "a report was broken off: it took longer than 3 seconds"
    ]
