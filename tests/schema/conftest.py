"""What the API tests share: one bundled catalog for each worker, and the sample's partner."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio
from starlette.applications import Starlette

from db.bundled import bundled_facts
from db.catalogs import PostgresCatalogStore
from db.customers import PostgresCustomerStore
from db.migrate import migrate
from db.pool import Database
from db.stores import postgres_stores
from formats.sample.portfolio import sample_portfolio
from planner.permissions import Role
from resolvers.catalog.catalogs import Catalogs
from resolvers.records.principal import Principal
from tests.conftest import PostgresServer, with_database
from tests.schema.api import Api, make_app, new_partner


@pytest_asyncio.fixture(scope="session")
async def api_database(postgres_server: PostgresServer) -> AsyncIterator[Database]:
    """Give a database of this folder's own: tests of `db` truncate the catalogs of theirs."""
    name = f"test_api_{uuid4().hex}"
    admin = await asyncpg.connect(postgres_server.admin_url)
    try:
        role = urlsplit(postgres_server.url).username
        await admin.execute(f'create database {name} owner "{role}"')
        url = with_database(postgres_server.url, name)
        await migrate(url)
        opened = await Database.open(url)
        yield opened
        await opened.close()
        await admin.execute(f"drop database {name} with (force)")
    finally:
        await admin.close()


@pytest_asyncio.fixture(scope="session")
async def catalogs(api_database: Database) -> Catalogs:
    """Give the bundled catalog over real stores."""
    store = PostgresCatalogStore(api_database)
    await store.add_bundled(bundled_facts(), label="bundled")
    return Catalogs(postgres_stores(api_database))


@pytest.fixture(scope="session")
def app(catalogs: Catalogs) -> Starlette:
    """Give the application that all tests share; its response cache is on, as in real life."""
    return make_app(catalogs)


@pytest_asyncio.fixture(scope="session")
async def sample(app: Starlette, api_database: Database) -> Api:
    """Give the view of a partner that has the sample portfolio; nobody changes it."""
    return await partner_with_sample(app, api_database)


@pytest_asyncio.fixture
async def partner(app: Starlette, api_database: Database) -> Api:
    """Give the view of a partner that has no customer yet."""
    api = new_partner(app)
    customers = PostgresCustomerStore(api_database)
    await customers.ensure_partner(principal_of(api), name="test")
    return api


def principal_of(api: Api) -> Principal:
    return Principal(api.partner_id, frozenset(Role))


async def partner_with_sample(app: Starlette, database: Database) -> Api:
    """Return the view of a new partner that has the sample portfolio."""
    api, customers = new_partner(app), PostgresCustomerStore(database)
    await customers.ensure_partner(principal_of(api), name="sample")
    await customers.store(principal_of(api), sample_portfolio())
    return api
