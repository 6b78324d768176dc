"""The stores under test, once without and once with a database."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from db.catalogs import PostgresCatalogStore
from db.customers import PostgresCustomerStore
from db.pool import Database
from resolvers.ports import CatalogStore, CustomerStore
from tests.conftest import PostgresServer
from tests.db.roles.two_roles import Two
from tests.memory_stores import MemoryCatalogStore, MemoryCustomerStore


@pytest_asyncio.fixture
async def postgres_catalogs(database: Database, admin_url: str) -> PostgresCatalogStore:
    """Give a store without any version; only a superuser can take versions away."""
    connection = await asyncpg.connect(admin_url)
    await connection.execute("truncate catalog_version cascade")
    await connection.close()
    return PostgresCatalogStore(database)


@pytest.fixture
def postgres_customers(database: Database) -> PostgresCustomerStore:
    return PostgresCustomerStore(database)


@pytest.fixture(params=["memory", "postgres"])
def catalogs(request: pytest.FixtureRequest) -> CatalogStore:
    """Give both stores in turn, each without any version."""
    if request.param == "memory":
        return MemoryCatalogStore()
    store: PostgresCatalogStore = request.getfixturevalue("postgres_catalogs")
    return store


@pytest.fixture(params=["memory", "postgres"])
def customers(request: pytest.FixtureRequest) -> CustomerStore:
    """Give both stores in turn; the test's principal has no customers yet."""
    if request.param == "memory":
        return MemoryCustomerStore()
    store: PostgresCustomerStore = request.getfixturevalue("postgres_customers")
    return store


@pytest_asyncio.fixture
async def two(postgres_server: PostgresServer) -> AsyncIterator[Two]:
    """Give an empty database of two roles."""
    admin = await asyncpg.connect(postgres_server.admin_url)
    made = Two(postgres_server, admin)
    await made.make()
    yield made
    await made.drop()
    await admin.close()
