"""What tests share: one Postgres for the run, one migrated database for each worker."""

import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from db.embedded import EmbeddedServer
from db.migrate import migrate
from db.pool import Database
from planner.permissions import Role
from resolvers.records.principal import Principal
from tests import examples

examples.register()


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """Two ways into one server: a plain role that owns its databases, and a superuser."""

    url: str
    admin_url: str


def with_database(url: str, name: str) -> str:
    """Return the same address with another database."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """Give the server of this run, shared by all workers.

    OFFERPATH_TEST_DATABASE_URL and OFFERPATH_TEST_ADMIN_URL name another one to test against.
    """
    url = os.environ.get("OFFERPATH_TEST_DATABASE_URL")
    if url:
        yield PostgresServer(url, os.environ["OFFERPATH_TEST_ADMIN_URL"])
        return
    with EmbeddedServer.attach(_folder_of_run(tmp_path_factory) / "postgres") as server:
        yield PostgresServer(server.owner_url, server.admin_url)


def _folder_of_run(factory: pytest.TempPathFactory) -> Path:
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest_asyncio.fixture(scope="session")
async def owner_url(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """Give the owner's address of a fresh, empty database that no other worker uses."""
    name = f"test_{uuid4().hex}"
    role = urlsplit(postgres_server.url).username
    await _administer(postgres_server, f'create database {name} owner "{role}"')
    yield with_database(postgres_server.url, name)
    await _administer(postgres_server, f"drop database {name} with (force)")


@pytest_asyncio.fixture(scope="session")
async def database_url(postgres_server: PostgresServer, owner_url: str) -> AsyncIterator[str]:
    """Give the address of that database, migrated, under a role that owns nothing."""
    role = f"app_{uuid4().hex}"
    await _administer(postgres_server, f"create role {role} login password 'plain'")
    parts = urlsplit(owner_url)
    await migrate(owner_url, app_role=role)
    yield parts._replace(netloc=f"{role}:plain@{parts.hostname}:{parts.port}").geturl()
    await _administer(postgres_server, f"drop owned by {role}", database=parts.path[1:])
    await _administer(postgres_server, f"drop role {role}")


async def _administer(
    server: PostgresServer, statement: str, *, database: str | None = None
) -> None:
    url = server.admin_url
    connection = await asyncpg.connect(url if database is None else with_database(url, database))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def admin_url(postgres_server: PostgresServer, database_url: str) -> str:
    """Give a superuser's address of this worker's database."""
    return with_database(postgres_server.admin_url, urlsplit(database_url).path[1:])


@pytest_asyncio.fixture(scope="session")
async def database(database_url: str) -> AsyncIterator[Database]:
    """Give an open pool; each test brings a partner of its own, so nothing needs cleaning."""
    opened = await Database.open(database_url)
    yield opened
    await opened.close()


@pytest_asyncio.fixture(scope="session")
async def owner_database(owner_url: str, database: Database) -> AsyncIterator[Database]:
    """Give a pool of the role that owns the tables, which row-level security binds by itself."""
    opened = await Database.open(owner_url, max_size=2)
    yield opened
    await opened.close()


@pytest.fixture
def principal() -> Principal:
    """Give a partner that no other test knows, with every role."""
    return Principal(str(uuid4()), frozenset(Role))
