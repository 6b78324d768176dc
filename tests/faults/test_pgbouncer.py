"""Behind a real PgBouncer offerpath answers, imports and tells changes, in either of its modes."""

import asyncio
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import pytest_asyncio

from db.changes import PostgresChanges
from db.customers import PostgresCustomerStore
from db.embedded import EmbeddedServer
from db.errors import StatementFailed
from db.migrate import bring_up_to_date
from db.pool import Database
from planner.customers import Customer
from planner.permissions import Role
from planner.portfolios.portfolio import CustomerFilter
from resolvers.ports import StorageUnavailable
from resolvers.records.principal import Principal
from tests.db.customer_examples import ACME, FULL, guid, holds, store
from tests.offerpath.command import Cli
from tests.offerpath.served import served, wait_until

CONNECTIONS = 3
"""To PostgreSQL, for all that come to PgBouncer."""
IMPORT = """mutation($file: ImportFileInput!) {
  importCustomers(file: $file) { ... on CustomersImported { rows } }
}"""
ASK = "{ customers(first: 5) { totalCount } portfolio { customers } }"
CONFIG = """
[databases]
offerpath = host=127.0.0.1 port={port} dbname=offerpath
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users
pool_mode = {mode}
default_pool_size = {size}
max_client_conn = 200
"""


@pytest.fixture(scope="module")
def program() -> str:
    """Give PgBouncer, which `.ci/run` installs."""
    found = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is not None:
        return found
    why = "PgBouncer is not installed (Debian: apt-get install pgbouncer)"
    if os.environ.get("CI") == "true":
        pytest.fail(f"{why}, and CI=true")
    pytest.skip(why)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    with EmbeddedServer.attach(tmp_path_factory.mktemp("pooled") / "postgres") as attached:
        yield attached


@contextmanager
def pooler(program: str, server: EmbeddedServer, mode: str, size: int) -> Iterator[str]:
    """Run it; give the application's address by it."""
    folder = Path(mkdtemp(prefix="pgbouncer-", dir="/tmp"))
    folder.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as free:
        own_port = free.getsockname()[1]
    app = urlsplit(server.url)
    (folder / "users").write_text(f'"{app.username}" "{app.password}"\n')
    config = folder / "pgbouncer.ini"
    config.write_text(
        CONFIG.format(port=server.port, own_port=own_port, folder=folder, mode=mode, size=size)
    )
    for file in (folder / "users", config):
        file.chmod(0o644)
    as_whom = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen([program, *as_whom, config], stderr=subprocess.DEVNULL)
    try:
        assert wait_until(lambda: _listens(own_port)), "PgBouncer does not listen"
        yield app._replace(netloc=f"{app.username}:{app.password}@127.0.0.1:{own_port}").geturl()
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder)


def _listens(port: int) -> bool:
    with socket.socket() as end:
        return end.connect_ex(("127.0.0.1", port)) == 0


@pytest_asyncio.fixture
async def pooled_url(program: str, server: EmbeddedServer) -> AsyncIterator[str]:
    """Give the address by a PgBouncer that goes by transactions, to a database with tables."""
    with pooler(program, server, "transaction", CONNECTIONS) as url:
        database = await Database.open(url, keeps_statements=False)
        await bring_up_to_date(database, url=server.url, owner_url=server.owner_url)
        await database.close()
        yield url


def someone() -> Principal:
    return Principal(str(uuid4()), frozenset(Role))


async def test_many_partners_over_few_connections_see_their_own_rows_alone(
    pooled_url: str,
) -> None:
    """What one transaction has set never reaches the next one on the same connection."""
    pools = [await Database.open(pooled_url, max_size=10, keeps_statements=False) for _ in range(3)]

    async def work(number: int) -> None:
        customers, principal = PostgresCustomerStore(pools[number % 3]), someone()
        given = [Customer(guid(number * 100 + n), f"{number} {n}") for n in range(3)]
        await store(customers, principal, *given, holdings=tuple(holds(g, FULL) for g in given))
        for _ in range(10):
            page = await customers.page(principal, first=10, after=None, text=None)
            assert page.total == 3
            found = await customers.customers(principal, [g.customer_id for g in given])
            assert sorted(found) == sorted(g.customer_id for g in given)

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        for number in range(30):
            group.create_task(work(number))
    for database in pools:
        await database.close()


async def test_cursors_of_several_processes_do_not_get_in_each_others_way(pooled_url: str) -> None:
    """Their names would clash, were they those of prepared statements of a session."""
    pools = [await Database.open(pooled_url, max_size=4, keeps_statements=False) for _ in range(3)]
    principal = someone()
    customers = [PostgresCustomerStore(database) for database in pools]
    given = [Customer(guid(n), f"{n:03}") for n in range(120)]
    await store(customers[0], principal, *given)

    async def read(number: int) -> list[str]:
        whole = customers[number % 3].stream(principal, CustomerFilter())
        return [one.name async for batch in whole for one in batch]

    async with asyncio.timeout(60):
        read_by_all = await asyncio.gather(*(read(number) for number in range(18)))
    assert read_by_all == [[one.name for one in given]] * 18
    for database in pools:
        await database.close()


async def test_the_time_of_a_statement_is_kept_and_ends_with_its_transaction(
    pooled_url: str,
) -> None:
    quick = await Database.open(pooled_url, statement_timeout_seconds=0.1, keeps_statements=False)
    slow = await Database.open(pooled_url, keeps_statements=False)
    for _ in range(CONNECTIONS * 2):
        with pytest.raises(StorageUnavailable, match="longer than is allowed"):
            async with quick.transaction(someone()) as connection:
                await connection.execute("select pg_sleep(5)")
        async with slow.transaction(someone()) as connection:
            await connection.execute("select pg_sleep(0.2)")
    await quick.close()
    await slow.close()


async def test_changes_are_heard_by_the_direct_address(
    pooled_url: str, server: EmbeddedServer
) -> None:
    database = await Database.open(pooled_url, keeps_statements=False)
    changes, principal = PostgresChanges(server.url), someone()
    async with asyncio.timeout(20), changes.listening():
        await changes.heard()
        with changes.follow(principal) as news:
            await store(PostgresCustomerStore(database), principal, ACME)
            while getattr(await anext(news), "ids", None) != (ACME.customer_id,):
                pass
    await database.close()


async def test_kept_statements_get_in_the_way_of_a_pooler_of_transactions(
    pooled_url: str,
) -> None:
    """Why the direct address has to be given: without it this is how requests fail."""
    pools: list[Database] = []
    with pytest.raises((StatementFailed, StorageUnavailable)):  # noqa: PT012 - whichever is first
        for _ in range(CONNECTIONS + 1):
            pools.append(await Database.open(pooled_url, max_size=4))
            customers = PostgresCustomerStore(pools[-1])
            await asyncio.gather(
                *(customers.page(someone(), first=1, after=None, text=None) for _ in range(20))
            )
    for database in pools:
        await database.close()


@pytest.mark.parametrize("mode", ["transaction", "session"])
def test_servers_of_several_workers_answer_through_it(
    program: str, server: EmbeddedServer, tmp_path: Path, mode: str
) -> None:
    own = Cli(tmp_path / "data")
    size = CONNECTIONS if mode == "transaction" else 40
    with pooler(program, server, mode, size) as url:
        settings = {
            "OFFERPATH_DATABASE_URL": url,
            "OFFERPATH_MIGRATIONS_URL": server.owner_url,
            "OFFERPATH_PARTNER_ID": str(uuid4()),
            "OFFERPATH_POOL_MAX": "4",
        }
        if mode == "transaction":
            settings["OFFERPATH_DIRECT_URL"] = server.url
        done = own.run("doctor", "--json", **settings)
        assert "password" not in done.out.replace("its password", "")
        with served(own, "--workers", "2", **settings) as serving:
            for number in range(3):
                row = f"{uuid4()},Rowan {number}"
                file = {"name": "a.csv", "content": f"customer_id,name\n{row}\n"}
                assert serving.ask(IMPORT, file=file)["importCustomers"]["rows"] == 1
            with ThreadPoolExecutor(16) as clients:
                told = list(clients.map(lambda _: serving.ask(ASK), range(200)))
            assert told == told[:1] * 200
            code, log = serving.stop()
        assert (code, [line for line in log.splitlines() if "DATABASE" in line]) == (0, [])
        assert own.run("doctor", "--json", **settings).json["ok"] is True
