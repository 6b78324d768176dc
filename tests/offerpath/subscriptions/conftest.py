"""What these tests share: the real application on a socket, over a database of its own."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio
from starlette.applications import Starlette

from db.bundled import bundled_facts
from db.migrate import migrate
from db.pool import Database
from db.stores import postgres_stores
from offerpath.app import create_app
from offerpath.house import House
from offerpath.import_files import import_reader
from offerpath.settings import Settings
from planner.permissions import Role
from resolvers.catalog.catalogs import Catalogs
from resolvers.ports import Stores
from resolvers.records.principal import Principal
from tests.conftest import PostgresServer, with_database
from tests.offerpath.subscriptions.serving import SOON, serving


@dataclass(frozen=True, slots=True)
class Base:
    """A database with the bundled catalog."""

    url: str
    admin_url: str
    database: Database
    stores: Stores


@pytest_asyncio.fixture(scope="session")
async def base(postgres_server: PostgresServer) -> AsyncIterator[Base]:
    name = f"test_live_{uuid4().hex}"
    admin = await asyncpg.connect(postgres_server.admin_url)
    role = urlsplit(postgres_server.url).username
    await admin.execute(f'create database {name} owner "{role}"')
    url = with_database(postgres_server.url, name)
    await migrate(url)
    database = await Database.open(url)
    stores = postgres_stores(database)
    await stores.catalogs.add_bundled(bundled_facts(), label="bundled")
    yield Base(url, with_database(postgres_server.admin_url, name), database, stores)
    await database.close()
    await admin.execute(f"drop database {name} with (force)")
    await admin.close()


@dataclass(frozen=True, slots=True)
class Live:
    """The application of one partner that nobody else is, and where it listens."""

    host: str
    app: Starlette
    base: Base
    principal: Principal

    @property
    def stores(self) -> Stores:
        return self.base.stores


async def house_of(base: Base, tmp_path: Path, **settings: object) -> House:
    principal = Principal(str(uuid4()), frozenset(Role))
    await base.stores.customers.ensure_partner(principal, name="live")
    chosen = Settings(data_dir=tmp_path, partner_id=principal.partner_id, **settings)  # type: ignore[arg-type]
    reader = import_reader(chosen.max_import_bytes)
    return House(chosen, base.url, base.database, Catalogs(base.stores), principal, reader)


@pytest_asyncio.fixture
async def live(base: Base, tmp_path: Path) -> AsyncIterator[Live]:
    """Give the application while it listens."""
    house = await house_of(base, tmp_path)
    app = create_app(house)
    async with app.router.lifespan_context(app), asyncio.timeout(SOON * 8), serving(app) as host:
        yield Live(host, app, base, house.principal)


@pytest.fixture
def guid() -> str:
    return str(uuid4())
