"""Personal API keys in Postgres: their hashes, and what became of them."""

from collections.abc import Collection
from datetime import datetime

import orjson

from db.guids import is_guid
from db.pool import Database
from db.rows import rows_from_records
from db.statements import SQL
from planner.permissions import Role
from resolvers.ports import ApiKeyStore
from resolvers.records.keys import Adding, ApiKey, ApiKeyMark, ApiKeyPage, HashedKey
from resolvers.records.principal import Principal


class PostgresApiKeyStore:
    """Fits resolvers.ports.ApiKeyStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, principal: Principal, hashed: HashedKey, *, limit: int) -> Adding:
        """As the protocol says. Raises: StatementFailed for an id in use, or no such partner."""
        key = hashed.key
        row = orjson.dumps(key, default=sorted).decode()
        async with self._database.transaction(principal) as connection:
            # A count sees no key that another transaction is about to add: one after another.
            await SQL.lock_api_keys_of(connection, owner_id=key.owner_id)
            held = await SQL.roles_of_key_maker(connection, owner_id=key.owner_id)
            if held is not None and not key.roles <= set(held):
                return Adding.ROLE_LOST
            live: int = await SQL.live_api_keys(
                connection, owner_id=key.owner_id, now=key.created_at
            )
            if live >= limit:
                return Adding.TOO_MANY
            await SQL.add_api_key(connection, row=row, digest=hashed.digest)
        return Adding.ADDED

    async def key(self, principal: Principal, key_id: str) -> HashedKey | None:
        if not is_guid(key_id):
            return None
        async with self._database.transaction(principal, read_only=True) as connection:
            row = await SQL.api_key(connection, key_id=key_id)
        if row is None:
            return None
        *columns, digest = tuple(row)
        return HashedKey(rows_from_records(ApiKey, [columns])[0], digest)

    async def page(
        self, principal: Principal, *, owner_id: str | None, first: int, after: ApiKeyMark | None
    ) -> ApiKeyPage:
        async with self._database.transaction(principal, read_only=True) as connection:
            query = SQL.page_of_api_keys(
                connection,
                owner_id=owner_id,
                after_created_at=after.created_at if after else None,
                after_id=after.key_id if after else None,
                wanted=first + 1,
            )
            rows = [row async for row in query]
            total: int = await SQL.count_of_api_keys(connection, owner_id=owner_id)
        found = rows_from_records(ApiKey, rows[:first])
        return ApiKeyPage(tuple(found), has_next=len(rows) > first, total=total)

    async def revoke(self, principal: Principal, key_id: str, *, by: str, now: datetime) -> None:
        if not is_guid(key_id):
            return
        async with self._database.transaction(principal) as connection:
            await SQL.revoke_api_key(connection, key_id=key_id, by=by, now=now)

    async def touch(self, principal: Principal, key_id: str, *, now: datetime) -> None:
        if not is_guid(key_id):
            return
        async with self._database.transaction(principal) as connection:
            await SQL.touch_api_key(connection, key_id=key_id, now=now)

    async def narrow(
        self, principal: Principal, *, owner_id: str, roles: Collection[Role], told_at: datetime
    ) -> int:
        told = sorted(roles)
        async with self._database.transaction(principal) as connection:
            # A key that is being added is narrowed after it, or refused after this.
            await SQL.lock_api_keys_of(connection, owner_id=owner_id)
            await SQL.note_key_maker(connection, owner_id=owner_id, roles=told, told_at=told_at)
            held = await SQL.roles_of_key_maker(connection, owner_id=owner_id)
            narrowed: int = await SQL.narrow_api_keys_of(
                connection, owner_id=owner_id, roles=told if held is None else held
            )
        return narrowed


def _fits(store: PostgresApiKeyStore) -> ApiKeyStore:
    """Let mypy hold the store to its protocol."""
    return store
