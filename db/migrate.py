"""Brings the database's tables to what this version needs, with the files in `db/migrations`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg
from pogo_core.error import BadMigrationError
from pogo_core.util import migrate as pogo

from db.errors import (
    DatabaseFromNewerVersion,
    MigrationFailed,
    connecting,
    driver_errors_stay_here,
)
from db.statements import SQL

_FOLDER = Path(__file__).parent / "migrations"
_CONNECT_TIMEOUT_SECONDS = 10.0


async def migrate(url: str) -> int:
    """Apply what is pending; return how many. One cheap query where nothing is.

    Several processes may do so at once: the others wait for the first.
    Raises: DatabaseFromNewerVersion, MigrationFailed, StorageUnavailable.
    """
    async with _connection(url) as connection:
        if not await _pending(connection):
            return 0
        await SQL.lock_migrations(connection)
        names = await _pending(connection)
        if names:
            await _apply(connection)
        return len(names)


async def pending(url: str) -> list[str]:
    """Return the names of the migrations not yet applied, in order.

    Raises: DatabaseFromNewerVersion, StorageUnavailable.
    """
    async with _connection(url) as connection:
        return await _pending(connection)


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
        applied = {row["migration_id"] async for row in SQL.applied_migrations(connection)}
    known = {path.stem for path in _FOLDER.glob("*.sql")}
    if applied - known:
        raise DatabaseFromNewerVersion(sorted(applied - known))
    return sorted(known - applied)


async def _apply(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    try:
        await pogo.apply(connection, _FOLDER, schema_name="public")
    except BadMigrationError as error:
        raise MigrationFailed(str(error)) from error
