"""What the pool promises when the server is strange, slow, or gone for a while."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest

from db import pool
from db.customers import PostgresCustomerStore
from db.errors import DatabaseUrlMalformed, RoleTooStrong, ServerTooOld, StatementFailed
from db.pool import Database
from planner.customers import Customer
from resolvers.ports import StorageUnavailable
from resolvers.records.principal import Principal
from tests.db.customer_examples import ACME, FULL, guid, holds, store


@asynccontextmanager
async def opened(url: str, **settings: float) -> AsyncIterator[Database]:
    database = await Database.open(url, **settings)  # type: ignore[arg-type]
    yield database
    await database.close()


async def kill_backends(admin_url: str) -> None:
    connection = await asyncpg.connect(admin_url)
    await connection.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = 'offerpath' and datname = current_database()"
    )
    await connection.close()


class Outage:
    """A way to the server that can be cut and opened again, as a restart does."""

    def __init__(self, url: str) -> None:
        self._server = urlsplit(url)
        self._listener: asyncio.Server | None = None
        self._pipes: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    @property
    def url(self) -> str:
        who = f"{self._server.username}:{self._server.password}"
        return self._server._replace(netloc=f"{who}@127.0.0.1:{self.port}").geturl()

    async def open(self) -> None:
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        assert self._listener is not None
        self._listener.close()
        for writer in self._pipes:
            writer.transport.abort()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._pipes.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection(self._server.hostname, self._server.port)
        self._pipes |= {writer, there[1]}
        for source, sink in ((reader, there[1]), (there[0], writer)):
            task = asyncio.create_task(self._pump(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            sink.write(data)
        sink.close()


async def test_requests_go_on_after_every_backend_was_killed(
    database: Database, admin_url: str, principal: Principal
) -> None:
    customers = PostgresCustomerStore(database)
    await store(customers, principal, ACME)
    for _ in range(3):
        await kill_backends(admin_url)
        found = await asyncio.gather(
            *(customers.customers(principal, [ACME.customer_id]) for _ in range(8))
        )
        assert found == [{ACME.customer_id: ACME}] * 8


async def test_a_backend_killed_within_a_transaction_is_an_outage_and_stores_nothing(
    database: Database, admin_url: str, principal: Principal
) -> None:
    customers = PostgresCustomerStore(database)
    await customers.ensure_partner(principal, name="before")
    with pytest.raises(StorageUnavailable) as caught:  # noqa: PT012 - all of it is one request
        async with database.transaction(principal) as connection:
            await connection.execute("update partner set name = 'after'")
            await kill_backends(admin_url)
            await connection.execute("select 1")
    assert caught.value.__suppress_context__
    assert isinstance(caught.value.__context__, asyncpg.PostgresError | asyncpg.InterfaceError)
    async with database.transaction(principal) as connection:
        assert await connection.fetchval("select name from partner") == "before"


async def test_an_outage_is_told_and_over_when_the_server_is_back(
    database_url: str, principal: Principal
) -> None:
    way = Outage(database_url)
    await way.open()
    async with opened(way.url, min_size=3, connect_timeout_seconds=2) as database:
        customers = PostgresCustomerStore(database)
        await store(customers, principal, ACME)
        await way.cut()
        for _ in range(2):
            with pytest.raises(StorageUnavailable, match="cannot be reached"):
                await customers.customers(principal, [ACME.customer_id])
        await way.open()
        assert await customers.customers(principal, [ACME.customer_id]) == {ACME.customer_id: ACME}
    await way.cut()


async def test_a_statement_that_takes_too_long_is_stopped(
    database_url: str, principal: Principal
) -> None:
    async with opened(database_url, statement_timeout_seconds=0.05) as database:
        with pytest.raises(StorageUnavailable, match="longer than is allowed"):
            async with database.transaction(principal) as connection:
                await connection.execute("select pg_sleep(5)")


async def test_a_pool_without_a_free_connection_is_an_outage(
    database_url: str, principal: Principal
) -> None:
    settings = {"max_size": 1, "connect_timeout_seconds": 0.05}
    async with opened(database_url, **settings) as database, database.transaction(principal):
        with pytest.raises(StorageUnavailable):
            async with database.transaction(principal):
                pass


async def test_a_cancelled_request_leaves_its_connection_usable(
    database_url: str, principal: Principal
) -> None:
    async with opened(database_url, max_size=1) as database:
        for _ in range(2):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05), database.transaction(principal) as connection:
                    await connection.execute("select pg_sleep(5)")
        async with database.transaction(principal) as connection:
            assert await connection.fetchval("select 1") == 1


async def test_a_superuser_is_refused_with_the_sql_that_helps(admin_url: str) -> None:
    with pytest.raises(RoleTooStrong, match="NOSUPERUSER NOBYPASSRLS") as caught:
        await Database.open(admin_url)
    assert caught.value.code == "DATABASE_ROLE_TOO_STRONG"


async def test_a_role_that_bypasses_row_level_security_is_refused(admin_url: str) -> None:
    role, parts = f"bypass_{uuid4().hex}", urlsplit(admin_url)
    admin = await asyncpg.connect(admin_url)
    await admin.execute(f"create role {role} login bypassrls password 'x'")
    with pytest.raises(RoleTooStrong, match=role):
        await Database.open(
            parts._replace(netloc=f"{role}:x@{parts.hostname}:{parts.port}").geturl()
        )
    await admin.execute(f"drop role {role}")
    await admin.close()


async def test_a_role_that_may_become_one_that_bypasses_it_is_refused(admin_url: str) -> None:
    group, role, parts = f"group_{uuid4().hex}", f"member_{uuid4().hex}", urlsplit(admin_url)
    admin = await asyncpg.connect(admin_url)
    await admin.execute(f"create role {group} bypassrls")
    await admin.execute(f"create role {role} login password 'x' in role {group}")
    with pytest.raises(RoleTooStrong, match=role):
        await Database.open(
            parts._replace(netloc=f"{role}:x@{parts.hostname}:{parts.port}").geturl()
        )
    await admin.execute(f"drop role {role}")
    await admin.execute(f"drop role {group}")
    await admin.close()


async def test_an_old_server_is_refused(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_OLDEST_SERVER", 99)
    with pytest.raises(ServerTooOld) as caught:
        await Database.open(database_url)
    assert caught.value.code == "DATABASE_TOO_OLD"


async def test_an_address_without_a_server_is_an_outage() -> None:
    for url in ("postgresql://x:secret@127.0.0.1:1/x", "postgresql://x:y@/x?host=/nowhere"):
        with pytest.raises(StorageUnavailable) as caught:
            await Database.open(url)
        assert "secret" not in str(caught.value)


async def test_a_wrong_password_or_database_is_named(database_url: str) -> None:
    parts = urlsplit(database_url)
    wrong = f"{parts.username}:wrong@{parts.hostname}:{parts.port}"
    with pytest.raises(StorageUnavailable, match="password"):
        await Database.open(parts._replace(netloc=wrong).geturl())
    with pytest.raises(StorageUnavailable, match="no such database"):
        await Database.open(parts._replace(path="/nothing_here").geturl())


async def test_an_address_of_nothing_is_malformed() -> None:
    with pytest.raises(DatabaseUrlMalformed):
        await Database.open("mysql://root@localhost/x")


async def test_a_value_that_postgres_cannot_hold_is_our_error(
    database: Database, principal: Principal
) -> None:
    customers = PostgresCustomerStore(database)
    with pytest.raises(StatementFailed):
        await customers.ensure_partner(principal, name="a\0b")


async def test_a_statement_that_is_wrong_is_our_error_without_the_driver_text(
    database: Database, principal: Principal
) -> None:
    with pytest.raises(StatementFailed, match="42703") as caught:
        async with database.transaction(principal) as connection:
            await connection.execute("select confidential from partner")
    assert "confidential" not in str(caught.value)


@pytest.mark.parametrize("count", [1, 60])
async def test_reading_customers_costs_the_same_whatever_their_number(
    database: Database, principal: Principal, count: int
) -> None:
    customers = PostgresCustomerStore(database)
    given = [Customer(guid(number), "x") for number in range(count)]
    await store(customers, principal, *given, holdings=tuple(holds(each, FULL) for each in given))
    before = database.statements
    assert len(await customers.customers(principal, [each.customer_id for each in given])) == count
    # BEGIN, whose rows, customers with holdings, subscriptions, COMMIT.
    assert database.statements - before == 5


@pytest.mark.parametrize("count", [1, 60])
async def test_an_import_costs_the_same_whatever_its_size(
    database: Database, principal: Principal, count: int
) -> None:
    customers = PostgresCustomerStore(database)
    given = [Customer(guid(number), "x") for number in range(count)]
    before = database.statements
    await store(customers, principal, *given, holdings=tuple(holds(each, FULL) for each in given))
    # What others hold is looked for, and the change is announced.
    assert database.statements - before == 4 + 9 + 2


async def test_imports_of_one_partner_at_once_all_succeed(
    database: Database, principal: Principal
) -> None:
    customers = PostgresCustomerStore(database)
    given = [Customer(guid(number), "x") for number in range(200)]
    counts = await asyncio.gather(
        *(
            store(customers, principal, *order, holdings=tuple(holds(each, FULL) for each in order))
            for order in (given, given[::-1], given, given[::-1])
        )
    )
    assert sorted(each.customers_added for each in counts) == [0, 0, 0, 200]
    assert {each.subscriptions_removed for each in counts} == {0}


async def test_a_page_costs_one_statement(database: Database, principal: Principal) -> None:
    customers = PostgresCustomerStore(database)
    before = database.statements
    await customers.page(principal, first=10, after=None, text="x")
    assert database.statements - before == 4
