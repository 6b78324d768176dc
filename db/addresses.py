"""Do several addresses lead to one database, and is each one's role what it is to be?

Names of hosts do not tell: one server has many, and a pooler has its own. So a mark is made by one
address, and looked for by the other.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import randbits
from typing import TYPE_CHECKING, TypeAlias

import asyncpg

from db.errors import (
    DirectUnreachable,
    NotTheOwner,
    OtherDatabase,
    OtherRole,
    OwnerTooStrong,
    OwnerUnreachable,
    RoleOwnsTables,
    connecting,
    driver_errors_stay_here,
)
from db.grants import GRANTS, refuse_ourselves
from db.pool import Database
from db.statements import SQL
from resolvers.ports import StorageUnavailable

if TYPE_CHECKING:
    Session: TypeAlias = asyncpg.Connection[asyncpg.Record]

_CONNECT_TIMEOUT_SECONDS = 10.0
_MARK_BITS = 63


@asynccontextmanager
async def session(
    url: str, *, unreachable: type[StorageUnavailable] = StorageUnavailable
) -> AsyncIterator["Session"]:
    """Give a connection of its own. Raises: DatabaseUrlMalformed; `unreachable` of this address."""
    with driver_errors_stay_here():
        connection = await _connected(url, unreachable)
        try:
            yield connection
        finally:
            await connection.close()


async def _connected(url: str, unreachable: type[StorageUnavailable]) -> "Session":
    try:
        with driver_errors_stay_here(), connecting():
            return await asyncpg.connect(url, timeout=_CONNECT_TIMEOUT_SECONDS)
    except StorageUnavailable as error:
        raise unreachable(str(error)) from None


@asynccontextmanager
async def owners_session(database: Database, url: str) -> AsyncIterator["Session"]:
    """Give a connection of the role that is to own the tables; nothing was changed by then.

    Raises: OwnerUnreachable, OtherDatabase, OneRoleForBoth, RoleOwnsTables, OwnerTooStrong,
    NotTheOwner.
    """
    async with session(url, unreachable=OwnerUnreachable) as connection:
        await _refuse_other_database(database, connection)
        await refuse_ourselves(connection, database.role.name)
        if database.role.is_owner:
            raise RoleOwnsTables(database.role.name)
        await _refuse_unfit_owner(connection)
        yield connection


async def look_at_direct(database: Database, url: str) -> None:
    """Raises: DirectUnreachable, OtherDatabase, OtherRole of an address without the pooler."""
    async with session(url, unreachable=DirectUnreachable) as connection:
        await _refuse_other_database(database, connection)
        role: str = await SQL.connected_role(connection)
    if role != database.role.name:
        raise OtherRole(role, database.role.name)


async def _refuse_other_database(database: Database, connection: "Session") -> None:
    """Raises: OtherDatabase.

    The mark is a lock of a transaction: PostgreSQL keeps locks by database, a pooler keeps a
    transaction on one connection, and neither a copy of the database nor a standby has it.
    """
    mark = randbits(_MARK_BITS)
    async with connection.transaction():
        there: str = await SQL.make_mark(connection, mark=mark)
        async with database.administration(read_only=True) as ours:
            here = await SQL.look_for_mark(ours, mark=mark)
    if not here["is_marked"]:
        raise OtherDatabase(there, here["database_name"])


async def _refuse_unfit_owner(connection: "Session") -> None:
    row = await SQL.fitness_to_own(connection, tables=[*GRANTS, "_pogo_version"])
    if row["is_superuser"]:
        raise OwnerTooStrong(row["role_name"])
    if row["owners"]:
        raise NotTheOwner(row["role_name"], f"the tables belong to {', '.join(row['owners'])}")
