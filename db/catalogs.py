"""Catalog versions in Postgres: immutable, public or one partner's."""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson

from db.catalog_rows import ROW_TYPES, add_rows, read_rows
from db.changes import announce
from db.guids import is_guid
from db.pool import Database
from db.statements import SQL
from planner.facts import CatalogFacts, content_hash
from resolvers.ports import CatalogStore
from resolvers.records.catalog import CatalogVersion
from resolvers.records.changes import ChangeKind
from resolvers.records.principal import Principal


class PostgresCatalogStore:
    """Fits resolvers.ports.CatalogStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def current(self, principal: Principal) -> CatalogVersion | None:
        async with self._database.transaction(principal) as connection:
            return _version(await SQL.current_version(connection))

    async def version(self, principal: Principal, version_id: str) -> CatalogVersion | None:
        if not is_guid(version_id):
            return None
        async with self._database.transaction(principal) as connection:
            return _version(await SQL.version_by_id(connection, version_id=version_id))

    async def facts(self, principal: Principal, version_id: str) -> CatalogFacts:
        if not is_guid(version_id):
            raise KeyError(version_id)
        async with self._database.transaction(principal) as connection:
            if await SQL.version_by_id(connection, version_id=version_id) is None:
                raise KeyError(version_id)
            return await read_rows(connection, version_id)

    async def add_bundled(self, facts: CatalogFacts, *, label: str) -> tuple[CatalogVersion, bool]:
        # A third of a second for the bundled catalog: not on the event loop.
        hashed = await asyncio.to_thread(content_hash, facts)
        async with self._database.administration() as connection:
            known = _version(await SQL.public_version_by_hash(connection, content_hash=hashed))
            if known is not None:
                return known, False
            counts = orjson.dumps(_counts(facts)).decode()
            added = _version(
                await SQL.add_version(connection, content_hash=hashed, label=label, counts=counts)
            )
            if added is not None:
                await add_rows(connection, added.version_id, facts)
                await announce(connection, ChangeKind.CATALOG, added.version_id)
                return added, True
        # Another process was quicker: it has committed, so it is found now.
        return await self.add_bundled(facts, label=label)


def _counts(facts: CatalogFacts) -> Mapping[str, int]:
    return {name: len(getattr(facts, name)) for name in ROW_TYPES}


def _version(record: Mapping[str, Any] | None) -> CatalogVersion | None:
    if record is None:
        return None
    return CatalogVersion(**{**record, "counts": orjson.loads(record["counts"])})


def _fits(store: PostgresCatalogStore) -> CatalogStore:
    """Let mypy hold the store to its protocol."""
    return store
