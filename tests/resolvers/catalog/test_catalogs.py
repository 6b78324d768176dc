"""The catalog of a request: found once, built once, and pinned."""

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from db.followers import Followers
from planner.facts import CatalogFacts
from resolvers.asked import NoCatalog
from resolvers.catalog.catalogs import Catalogs
from resolvers.records.catalog import CatalogVersion
from resolvers.records.changes import RESYNC, Change, ChangeKind
from resolvers.records.principal import Principal
from tests.memory_stores import (
    MemoryCatalogStore,
    memory_stores,
)
from tests.resolvers.conftest import NOW, SOMEBODY


class Counted(MemoryCatalogStore):
    """Counts what is read, and lets others run meanwhile, as a database does."""

    def __init__(self) -> None:
        super().__init__()
        self.read: Counter[str] = Counter()

    async def current(self, principal: Principal) -> CatalogVersion | None:
        self.read["current"] += 1
        await asyncio.sleep(0)
        return await super().current(principal)

    async def facts(self, principal: Principal, version_id: str) -> CatalogFacts:
        self.read["facts"] += 1
        await asyncio.sleep(0)
        return await super().facts(principal, version_id)


def _smaller(facts: CatalogFacts, *, by: int) -> CatalogFacts:
    """Return facts of another content: a few sources' notes differ."""
    (first, *rest) = facts.sources
    return replace(facts, sources=(replace(first, note=f"{first.note} {by}"), *rest))


async def test_concurrent_first_requests_build_the_catalog_once(facts: CatalogFacts) -> None:
    store = Counted()
    await store.add_bundled(facts, label="bundled")
    catalogs = Catalogs(memory_stores(store))
    asked = await asyncio.gather(*(catalogs.asked(SOMEBODY, now=NOW) for _ in range(20)))
    assert len({id(each.catalog) for each in asked}) == 1
    assert store.read["facts"] == 1


async def test_partners_share_the_catalog_that_is_public(facts: CatalogFacts) -> None:
    store = Counted()
    await store.add_bundled(facts, label="bundled")
    catalogs = Catalogs(memory_stores(store))
    other = Principal("00000000-0000-4000-8000-0000000000bb", SOMEBODY.roles)
    first, second = [await catalogs.asked(each, now=NOW) for each in (SOMEBODY, other)]
    assert first.catalog is second.catalog
    assert store.read == {"current": 2, "facts": 1}


async def test_later_requests_read_nothing(facts: CatalogFacts) -> None:
    store = Counted()
    await store.add_bundled(facts, label="bundled")
    catalogs = Catalogs(memory_stores(store))
    for _ in range(3):
        await catalogs.asked(SOMEBODY, now=NOW)
    assert store.read == {"current": 1, "facts": 1}


async def test_without_a_catalog_the_answer_says_so_until_there_is_one(facts: CatalogFacts) -> None:
    store = MemoryCatalogStore()
    catalogs = Catalogs(memory_stores(store))
    with pytest.raises(NoCatalog) as missing:
        await catalogs.asked(SOMEBODY, now=NOW)
    assert missing.value.code == "NO_CATALOG"
    added, _ = await store.add_bundled(facts, label="bundled")
    assert (await catalogs.asked(SOMEBODY, now=NOW)).version == added


async def test_a_new_catalog_is_seen_once_it_is_looked_for(facts: CatalogFacts) -> None:
    store = MemoryCatalogStore()
    old, _ = await store.add_bundled(facts, label="old")
    patient = Catalogs(memory_stores(store), seconds_current=600)
    catalogs = Catalogs(memory_stores(store), seconds_current=0)
    assert (await patient.asked(SOMEBODY, now=NOW)).version == old
    assert (await catalogs.asked(SOMEBODY, now=NOW)).version == old
    new, _ = await store.add_bundled(_smaller(facts, by=1), label="new")
    assert (await patient.asked(SOMEBODY, now=NOW)).version == old
    asked = await catalogs.asked(SOMEBODY, now=NOW)
    assert (asked.version, asked.catalog.content_hash) == (new, new.content_hash)


async def test_only_the_last_few_catalogs_are_kept(facts: CatalogFacts) -> None:
    store = Counted()
    catalogs = Catalogs(memory_stores(store), keep=1, seconds_current=0)
    for number in (1, 2):
        await store.add_bundled(_smaller(facts, by=number), label=str(number))
        assert (await catalogs.asked(SOMEBODY, now=NOW)).version.label == str(number)
    assert store.read["facts"] == 2
    assert len(catalogs._built) == 1


async def test_a_catalog_that_was_told_of_is_seen_at_once(facts: CatalogFacts) -> None:
    store, followers = MemoryCatalogStore(), Followers()
    old, _ = await store.add_bundled(facts, label="old")
    catalogs = Catalogs(memory_stores(store), seconds_current=600)
    keeping = asyncio.create_task(catalogs.keep_current(followers))
    assert (await catalogs.asked(SOMEBODY, now=NOW)).version == old
    new, _ = await store.add_bundled(_smaller(facts, by=1), label="new")
    other = "00000000-0000-4000-8000-0000000000bb"
    followers.tell(Change(ChangeKind.CATALOG, other, (new.version_id,)))
    await asyncio.sleep(0)
    assert (await catalogs.asked(SOMEBODY, now=NOW)).version == old
    followers.tell(Change(ChangeKind.CATALOG, None, (new.version_id,)))
    await asyncio.sleep(0)
    assert (await catalogs.asked(SOMEBODY, now=NOW)).version == new
    newest, _ = await store.add_bundled(_smaller(facts, by=2), label="newest")
    followers.tell(RESYNC)
    await asyncio.sleep(0)
    assert (await catalogs.asked(SOMEBODY, now=NOW)).version == newest
    keeping.cancel()


async def test_a_look_that_a_change_overtakes_is_not_kept(facts: CatalogFacts) -> None:
    class Slow(MemoryCatalogStore):
        followers = Followers()

        async def current(self, principal: Principal) -> CatalogVersion | None:
            found = await super().current(principal)
            self.followers.tell(RESYNC)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            return found

    store = Slow()
    await store.add_bundled(facts, label="old")
    catalogs = Catalogs(memory_stores(store), seconds_current=600)
    keeping = asyncio.create_task(catalogs.keep_current(store.followers))
    await asyncio.sleep(0)
    await catalogs.asked(SOMEBODY, now=NOW)
    new, _ = await store.add_bundled(_smaller(facts, by=1), label="new")
    assert (await catalogs.asked(SOMEBODY, now=NOW)).version == new
    keeping.cancel()
