"""Brings the database's tables to what this version needs, with the files in `db/migrations`.

The role that does it owns the tables. The application connects as another one where it can: then
that one is given its rights here, and owns nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
from pogo_core.error import BadMigrationError
from pogo_core.util import migrate as pogo

from db.addresses import owners_session, session
from db.errors import (
    DatabaseFromNewerVersion,
    DatabaseNotMigrated,
    MigrationFailed,
    NotTheOwner,
)
from db.grants import grant, is_granted, refuse_ourselves
from db.pool import Database
from db.statements import SQL

if TYPE_CHECKING:
    from db.addresses import Session
    from db.statements import Connection

_FOLDER = Path(__file__).parent / "migrations"


async def bring_up_to_date(database: Database, *, url: str, owner_url: str | None) -> int:
    """Have the database be as this version needs it; return how many migrations were applied.

    With `owner_url` the role of that address owns the tables, and that of `database` nothing.
    Without, the latter migrates at `url` if it is an owner, or may become one; otherwise somebody
    else has to have migrated. Nothing is changed unless both lead to one database.
    Raises: DatabaseNotMigrated, and as `migrate` and `owners_session`.
    """
    role = database.role
    if owner_url is None and (role.is_owner or role.may_create):
        return await migrate(url)
    applied = 0
    if owner_url is not None:
        async with owners_session(database, owner_url) as connection:
            applied = await _migrate(connection, role.name)
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
    Raises: DatabaseFromNewerVersion, MigrationFailed, NotTheOwner, StorageUnavailable;
    OneRoleForBoth and RoleOwnsTables, where `app_role` is the role of `url`, or may become it.
    """
    async with session(url) as connection:
        if app_role is not None:
            await refuse_ourselves(connection, app_role)
        return await _migrate(connection, app_role)


async def _migrate(connection: "Session", app_role: str | None) -> int:
    with _missing_rights_told(await SQL.connected_role(connection)):
        if not await _pending(connection) and await _has_rights(connection, app_role):
            return 0
        await SQL.lock_migrations(connection)
        names = await _pending(connection)
        if names:
            await _apply(connection)
        if app_role is not None and not await is_granted(connection, app_role):
            await grant(connection, app_role)
        return len(names)


@contextmanager
def _missing_rights_told(role: str) -> Iterator[None]:
    """Raises: NotTheOwner, with what PostgreSQL says; of whatever is refused nothing was kept."""
    try:
        yield
    except asyncpg.InsufficientPrivilegeError as error:
        raise NotTheOwner(role, f"{error.args[0]} (SQLSTATE {error.sqlstate})") from None


async def _has_rights(connection: "Session", app_role: str | None) -> bool:
    return app_role is None or await is_granted(connection, app_role)


async def look_at_owner(database: Database, url: str) -> str:
    """Return the name of the role that is to own the tables; nothing is changed.

    Raises: as `owners_session`; NotTheOwner also of a role that may not make the tables that are
    missing; DatabaseFromNewerVersion.
    """
    async with owners_session(database, url) as connection:
        role: str = await SQL.connected_role(connection)
        if await _pending(connection) and not await SQL.may_make_tables(connection):
            raise NotTheOwner(role, "permission denied for schema public (SQLSTATE 42501)")
        return role


async def pending(url: str) -> list[str]:
    """Return the names of the migrations not yet applied, in order.

    Raises: DatabaseFromNewerVersion, StorageUnavailable.
    """
    async with session(url) as connection:
        return await _pending(connection)


async def waiting_for(database: Database) -> list[str]:
    """Return the same as the application's role sees it: all, where it may not look.

    Raises: DatabaseFromNewerVersion, StorageUnavailable.
    """
    async with database.administration(read_only=True) as connection:
        if not await SQL.sees_migrations(connection):
            return _missing(set())
        return _missing(await _applied(connection))


async def _pending(connection: "Session") -> list[str]:
    applied: set[str] = set()
    # pogo makes its table, and then adds a column to it: another process may be in between.
    with suppress(asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError):
        applied = await _applied(connection)
    return _missing(applied)


async def _applied(connection: "Session | Connection") -> set[str]:
    return {row["migration_id"] async for row in SQL.applied_migrations(connection)}


def _missing(applied: set[str]) -> list[str]:
    known = {path.stem for path in _FOLDER.glob("*.sql")}
    if applied - known:
        raise DatabaseFromNewerVersion(sorted(applied - known))
    return sorted(known - applied)


async def _apply(connection: "Session") -> None:
    try:
        await pogo.apply(connection, _FOLDER, schema_name="public")
    except BadMigrationError as error:
        if isinstance(error.__cause__, asyncpg.InsufficientPrivilegeError):
            raise error.__cause__ from None
        raise MigrationFailed(str(error)) from error
