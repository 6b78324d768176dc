"""A scratch database on one core, with the portfolio of one partner and the bundled catalog."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg

from db.bundled import bundled_facts
from db.embedded import EmbeddedServer
from db.migrate import migrate
from db.pool import Database
from db.stores import postgres_stores
from planner.facts import CatalogFacts
from planner.offers import Commerce
from planner.permissions import Role
from resolvers.asked import Asked
from resolvers.catalog.catalogs import Catalogs
from resolvers.records.principal import Principal
from tests.bench.portfolio_data import make_portfolio
from tests.conftest import with_database

_NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
_LEGACY, _NEW = 400, 40
"""How many of the bundled catalog's offers the portfolio is made of."""


@dataclass(frozen=True, slots=True)
class Scratch:
    """A database with one partner's portfolio, and a question to it."""

    url: str
    asked: Asked


@contextmanager
def server_on_one_core() -> Iterator[EmbeddedServer]:
    """Give a server that shares one core with this process; the others are given back."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        with (
            tempfile.TemporaryDirectory(
                prefix="offerpath-bench-", ignore_cleanup_errors=True
            ) as folder,
            EmbeddedServer.attach(Path(folder) / "postgres") as server,
        ):
            yield server
    finally:
        os.sched_setaffinity(0, cores)


@asynccontextmanager
async def portfolio_of(server: EmbeddedServer, subscriptions: int) -> AsyncIterator[Scratch]:
    url, facts = await _scratch_database(server), bundled_facts()
    principal = Principal(str(uuid4()), frozenset(Role))
    await make_portfolio(
        url,
        principal.partner_id,
        subscriptions=subscriptions,
        offers=_offers(facts),
        products=[one.product_guid for one in facts.products[:50]],
    )
    database = await Database.open(url)
    try:
        stores = postgres_stores(database)
        await stores.catalogs.add_bundled(facts, label="bundled")
        asked = await Catalogs(stores).asked(principal, now=_NOW)
        yield Scratch(url, asked)
    finally:
        await database.close()


def _offers(facts: CatalogFacts) -> list[tuple[str, str]]:
    """Return legacy offers, those that migrate first, and some of new commerce."""
    moving = {claim.origin for claim in facts.claims}
    legacy = [one for one in facts.offers if one.commerce is Commerce.LEGACY]
    legacy.sort(key=lambda one: (one.catalog_id not in moving, one.catalog_id))
    new = [one for one in facts.offers if one.commerce is Commerce.NEW_COMMERCE]
    return [(one.catalog_id, one.title) for one in (*legacy[:_LEGACY], *new[:_NEW])]


async def _scratch_database(server: EmbeddedServer) -> str:
    name = f"bench_{uuid4().hex}"
    role = server.url.split("//")[1].split(":")[0]
    connection = await asyncpg.connect(server.admin_url)
    await connection.execute(f'create database {name} owner "{role}"')
    await connection.close()
    url = with_database(server.url, name)
    await migrate(url)
    return url
