"""A client that hangs up: the work for it ends, wherever that is just now."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import asyncpg
import orjson
from starlette.types import ASGIApp, Message

from db.pool import Database
from formats.sample.portfolio import sample_customers, sample_portfolio
from planner.customers import Customer
from planner.portfolios.portfolio import CustomerFilter
from resolvers.asked import Asked
from resolvers.catalog.catalogs import Catalogs
from resolvers.records.principal import Principal
from resolvers.work.turns import Queues, Turns
from tests.conftest import PostgresServer
from tests.memory_stores import MemoryCustomerStore
from tests.schema.api import Api, make_app
from tests.schema.conftest import principal_of

ROWAN = next(one.customer_id for one in sample_customers() if one.name.startswith("Rowan"))
PLAN = f'{{ planFor(customerId: "{ROWAN}") {{ __typename }} }}'
SUMMARY = "{ portfolio { __typename } }"
SECONDS = 10.0


@dataclass
class Client:
    """Sends a question, and hangs up when it is told to."""

    app: ASGIApp
    api: Api
    sent: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gone = asyncio.Event()

    async def ask(self, question: str) -> None:
        """Return when the server is done with it."""
        body = orjson.dumps({"query": question})
        headers = {"content-type": "application/json"} | self.api.headers
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/graphql",
            "raw_path": b"/graphql",
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Message:
            if waiting:
                return waiting.pop()
            await self.gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            self.sent.append(message)

        await self.app(scope, receive, send)


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(SECONDS):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def _hang_up(client: Client, asking: "asyncio.Task[None]") -> None:
    assert not asking.done()
    client.gone.set()
    async with asyncio.timeout(SECONDS):
        await asking
    assert client.sent == []


async def test_a_plan_that_waits_for_its_turn_leaves_the_queue(
    catalogs: Catalogs, sample: Api
) -> None:
    turns = Turns(1)
    queues = Queues(planning=turns)
    client = Client(make_app(catalogs, change=lambda asked: replace(asked, queues=queues)), sample)
    async with turns.turn("somebody else"):
        asking = asyncio.create_task(client.ask(PLAN))
        await _until(lambda: turns.waiting == 1)
        await _hang_up(client, asking)
        assert (turns.running, turns.waiting) == (1, 0)


class _Endless(MemoryCustomerStore):
    """A portfolio without an end, which counts how much of it was read."""

    def __init__(self) -> None:
        super().__init__()
        self.read = 0
        self.is_closed = False

    async def stream(
        self,
        principal: Principal,  # noqa: ARG002
        wanted: CustomerFilter,  # noqa: ARG002
    ) -> AsyncGenerator[tuple[Customer, ...]]:
        try:
            while True:
                self.read += 1
                yield sample_portfolio().customers
        finally:
            self.is_closed = True


async def test_a_run_over_the_portfolio_ends_within_a_turn(catalogs: Catalogs, sample: Api) -> None:
    customers, queues = _Endless(), Queues()

    def change(asked: Asked) -> Asked:
        return replace(asked, queues=queues, stores=replace(asked.stores, customers=customers))

    client = Client(make_app(catalogs, change=change), sample)
    asking = asyncio.create_task(client.ask(SUMMARY))
    await _until(lambda: customers.read > 3)
    await _hang_up(client, asking)
    read = customers.read
    assert customers.is_closed
    assert (queues.runs.running, queues.planning.running) == (0, 0)
    await asyncio.sleep(0.05)
    assert customers.read == read


class _Sleeping(MemoryCustomerStore):
    """A store whose statement takes a minute."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database

    async def customers(
        self, principal: Principal, customer_ids: Sequence[str]
    ) -> Mapping[str, Customer]:
        async with self._database.transaction(principal, read_only=True) as connection:
            await connection.execute("select pg_sleep(60) /* hanging up */")
        return await super().customers(principal, customer_ids)


async def _until_sleeping(admin: "asyncpg.Connection[Any]", count: int) -> None:
    """Wait until the database has so many statements of this test under way."""
    under_way = (
        "select count(*) from pg_stat_activity where state = 'active' and pid <> pg_backend_pid()"
        " and query like '%hanging up%'"
    )
    async with asyncio.timeout(SECONDS):
        while await admin.fetchval(under_way) != count:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_the_statement_is_cancelled_in_the_database(
    catalogs: Catalogs, api_database: Database, postgres_server: PostgresServer, sample: Api
) -> None:
    store = _Sleeping(api_database)
    app = make_app(
        catalogs,
        change=lambda asked: replace(asked, stores=replace(asked.stores, customers=store)),
    )
    client = Client(app, sample)
    admin = await asyncpg.connect(postgres_server.admin_url)
    try:
        asking = asyncio.create_task(client.ask(PLAN))
        await _until_sleeping(admin, 1)
        await _hang_up(client, asking)
        await _until_sleeping(admin, 0)
    finally:
        await admin.close()
    # The connection is fit for the next.
    async with api_database.transaction(principal_of(sample)) as connection:
        assert await connection.fetchval("select 1") == 1


async def test_who_stays_is_answered_however_long_it_takes(catalogs: Catalogs, sample: Api) -> None:
    turns = Turns(1)
    queues = Queues(planning=turns)
    client = Client(make_app(catalogs, change=lambda asked: replace(asked, queues=queues)), sample)
    async with turns.turn("somebody else"):
        asking = asyncio.create_task(client.ask(PLAN))
        await _until(lambda: turns.waiting == 1)
        await asyncio.sleep(0.1)
    await asking
    start, body = client.sent
    assert start["status"] == 200
    assert orjson.loads(body["body"])["data"] == {"planFor": {"__typename": "Plan"}}
