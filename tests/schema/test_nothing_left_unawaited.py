"""Work that is cancelled leaves no coroutine behind that nobody awaits, whenever that is."""

import asyncio
import gc
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest

from formats.sample.portfolio import sample_portfolio
from offerpath.import_files import import_reader
from resolvers.asked import Asked
from resolvers.catalog.catalogs import Catalogs
from schema.context import Context
from schema.http import gone
from schema.loaders import Loaders
from schema.schema import OfferpathSchema, make_schema
from tests.memory_stores import MemoryCustomerStore
from tests.schema.api import NOW, Api, make_app
from tests.schema.conftest import principal_of
from tests.schema.http.test_hanging_up import Client

SUBSCRIPTIONS = "subscriptions(first: 2) { edges { node { affectedAccounts { __typename } } } }"
DEEP = """edges { node {
  name accounts { __typename } baseline { __typename } ownHoldings { asOf } blockers { __typename }
  %s
} }"""
PAGE = "{ a: customers(first: 4) { %s } b: customers(first: 2) { edges { node { %s } } } }" % (
    DEEP % SUBSCRIPTIONS,
    SUBSCRIPTIONS,
)
MOST_TURNS = 400
"""More turns of the event loop than the page takes."""


@contextmanager
def warned() -> Iterator[list[str]]:
    """Give what the block is warned of, and what is warned of when its garbage is collected."""
    told: list[str] = []
    with warnings.catch_warnings(record=True) as recorded:
        warnings.simplefilter("always")
        yield told
        gc.collect()
    told += [str(one.message) for one in recorded]


async def _left_after(schema: OfferpathSchema, context: Context, turns: int) -> bool:
    """Cancel the page after so many turns of the event loop; return whether it was done before."""
    working = asyncio.create_task(schema.execute(PAGE, context_value=context))
    for _ in range(turns):
        await asyncio.sleep(0)
    is_done = working.done()
    working.cancel()
    with suppress(asyncio.CancelledError):
        result = await working
        assert not result.errors, result.errors
    return is_done


async def _in_memory(catalogs: Catalogs, api: Api) -> Asked:
    """Return the sample's question over stores whose answers take no time, the same each run."""
    asked, customers = await catalogs.asked(principal_of(api), now=NOW), MemoryCustomerStore()
    await customers.ensure_partner(asked.principal, name="memory")
    await customers.store(asked.principal, sample_portfolio())
    return replace(asked, stores=replace(asked.stores, customers=customers))


async def test_a_page_may_be_cancelled_at_any_turn_of_the_event_loop(
    catalogs: Catalogs, sample: Api
) -> None:
    schema, reader = make_schema(), import_reader(1024)
    asked = await _in_memory(catalogs, sample)
    with warned() as told:
        for turns in range(MOST_TURNS):
            if await _left_after(schema, Context(asked, Loaders(asked), reader), turns):
                break
            await asyncio.sleep(0)
    assert told == []
    assert 10 < turns < MOST_TURNS - 1


async def test_clients_that_hang_up_at_once_leave_nothing(
    catalogs: Catalogs, sample: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight at a time, after as long as the watch over each has begun, and a little longer."""
    monkeypatch.setattr(gone, "_UNWATCHED_SECONDS", 0.0)
    app = make_app(catalogs, cache_bytes=0)
    left = 0
    with warned() as told:
        for number in range(24):
            clients = [Client(app, sample) for _ in range(8)]
            asking = [asyncio.create_task(one.ask(PAGE)) for one in clients]
            await asyncio.sleep(0.002 * number)
            for one in clients:
                one.gone.set()
            await asyncio.gather(*asking)
            left += sum(not one.sent for one in clients)
    assert told == []
    assert left > 20


async def test_what_is_not_cancelled_is_answered_as_before(catalogs: Catalogs, sample: Api) -> None:
    """More coroutines than are remembered at once."""
    fields = " ".join(f"f{number}: accounts {{ __typename }}" for number in range(50))
    page = "{ customers(first: 30) { edges { node { %s } } } }" % fields
    asked = await _in_memory(catalogs, sample)
    context = Context(asked, Loaders(asked), import_reader(1024))
    with warned() as told:
        result = await make_schema().execute(page, context_value=context)
    assert not result.errors
    assert result.data is not None
    edges = result.data["customers"]["edges"]
    assert len(edges) > 20
    assert all(len(edge["node"]) == 50 for edge in edges)
    assert told == []
