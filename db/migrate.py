"""Brings the database's tables to what this version needs, with the files in `db/migrations`.

The role that does it owns the tables. The application connects as another one where it can: then
that one is given its rights here, and owns nothing.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
from pogo_core.error import BadMigrationError
from pogo_core.util import migrate as pogo

from db.errors import (
    DatabaseFromNewerVersion,
    DatabaseNotMigrated,
    MigrationFailed,
    connecting,
    driver_errors_stay_here,
)
from db.grants import grant, is_granted, refuse_ourselves
from db.pool import Database
from db.statements import SQL

if TYPE_CHECKING:
    from db.statements import Connection

_FOLDER = Path(__file__).parent / "migrations"
_CONNECT_TIMEOUT_SECONDS = 10.0


async def bring_up_to_date(database: Database, *, url: str, owner_url: str | None) -> int:
    """Have the database be as this version needs it; return how many migrations were applied.

    With `owner_url` the role of that address owns the tables, and that of `database` nothing.
    Without, the latter migrates at `url` if it is an owner, or may become one; otherwise somebody
    else has to have migrated. Raises: RoleOwnsTables, DatabaseNotMigrated, and as `migrate`.
    """
    role = database.role
    if owner_url is None and (role.is_owner or role.may_create):
        return await migrate(url)
    applied = 0
    if owner_url is not None:
        applied = await migrate(owner_url, app_role=role.name)
        # Whoever made the schema may have let it create; that is over now, or cannot be helped.
        (await database.look_at_role()).own_nothing()
    waiting = await waiting_for(database)
    if waiting:
        raise DatabaseNotMigrated(waiting)
    return applied


async def migrate(url: str, *, app_role: str | None = None) -> int:
    """Apply what is pending; return how many. A few cheap queries where nothing is.

    `app_role` is given its rights on the tables, and loses others. Several processes may do so at
    once: the others wait for the first.
    Raises: DatabaseFromNewerVersion, MigrationFailed, StorageUnavailable; RoleOwnsTables, where
    `app_role` is the role of `url`, or may become it.
    """
    async with _connection(url) as connection:
        if app_role is not None:
            await refuse_ourselves(connection, app_role)
        if not await _pending(connection) and await _has_rights(connection, app_role):
            return 0
        await SQL.lock_migrations(connection)
        names = await _pending(connection)
        if names:
            await _apply(connection)
        if app_role is not None and not await is_granted(connection, app_role):
            await grant(connection, app_role)
        return len(names)


async def _has_rights(
    connection: "asyncpg.Connection[asyncpg.Record]", app_role: str | None
) -> bool:
    return app_role is None or await is_granted(connection, app_role)


async def pending(url: str) -> list[str]:
    """Return the names of the migrations not yet applied, in order.

    Raises: DatabaseFromNewerVersion, StorageUnavailable.
    """
    async with _connection(url) as connection:
        return await _pending(connection)


async def waiting_for(database: Database) -> list[str]:
    """Return the same as the application's role sees it: all, where it may not look.

    Raises: DatabaseFromNewerVersion, StorageUnavailable.
    """
    async with database.administration(read_only=True) as connection:
        if not await SQL.sees_migrations(connection):
            return _missing(set())
        return _missing(await _applied(connection))


@asynccontextmanager
async def _connection(url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    with driver_errors_stay_here():
        with connecting():
            connection = await asyncpg.connect(url, timeout=_CONNECT_TIMEOUT_SECONDS)
        try:
            yield connection
        finally:
            await connection.close()


async def _pending(connection: "asyncpg.Connection[asyncpg.Record]") -> list[str]:
    applied: set[str] = set()
    # pogo makes its table, and then adds a column to it: another process may be in between.
    with suppress(asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError):
        applied = await _applied(connection)
    return _missing(applied)


async def _applied(
    connection: "asyncpg.Connection[asyncpg.Record] | Connection",
) -> set[str]:
    return {row["migration_id"] async for row in SQL.applied_migrations(connection)}


def _missing(applied: set[str]) -> list[str]:
    known = {path.stem for path in _FOLDER.glob("*.sql")}
    if applied - known:
        raise DatabaseFromNewerVersion(sorted(applied - known))
    return sorted(known - applied)


async def _apply(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    try:
        await pogo.apply(connection, _FOLDER, schema_name="public")
    except BadMigrationError as error:
        raise MigrationFailed(str(error)) from error
