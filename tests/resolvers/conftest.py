"""The bundled catalog without a database, built once for each worker."""

from datetime import UTC, datetime

import pytest
import pytest_asyncio

from db.bundled import bundled_facts
from planner.facts import CatalogFacts
from planner.permissions import Role
from resolvers.asked import Asked
from resolvers.catalog.catalogs import Catalogs
from resolvers.records.principal import Principal
from tests.memory_stores import (
    MemoryCatalogStore,
    memory_stores,
)

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SOMEBODY = Principal("00000000-0000-4000-8000-0000000000aa", frozenset(Role))


@pytest.fixture(scope="session")
def facts() -> CatalogFacts:
    return bundled_facts()


@pytest_asyncio.fixture(scope="session")
async def bundled(facts: CatalogFacts) -> Asked:
    """Give a question about the bundled catalog, asked at NOW."""
    store = MemoryCatalogStore()
    await store.add_bundled(facts, label="bundled")
    return await Catalogs(memory_stores(store)).asked(SOMEBODY, now=NOW)
