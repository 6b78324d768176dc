"""How offerpath reaches Postgres: a pool whose every transaction acts for one partner."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import asyncpg

from db.errors import ServerTooOld, connecting, driver_errors_stay_here
from db.roles import ConnectionRoom, DatabaseRole
from db.statements import SQL
from planner.ids import parse_guid
from resolvers.ports import StorageUnavailable
from resolvers.records.principal import Principal

if TYPE_CHECKING:
    from db.statements import Connection

_OLDEST_SERVER = 15
_STATEMENTS_KEPT = 100


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that is over: its text, which has no values, and how it went."""

    text: str
    seconds: float
    has_failed: bool


class Database:
    """A pool of connections under a role that row-level security binds."""

    role: DatabaseRole
    """Who is connected, as it was when the pool was opened."""

    def __init__(self, *, patience_seconds: float, statement_timeout_seconds: float) -> None:
        """Make one without connections; use `open`."""
        self.statements = 0
        """SQL statements sent so far, BEGIN and COMMIT included: what a request costs."""
        self.on_statement: Callable[[Statement], None] | None = None
        """Called after each one, in the task that sent it."""
        self._patience_seconds = patience_seconds
        self._statement_timeout = f"{int(statement_timeout_seconds * 1000)}ms"
        self._pool: asyncpg.Pool[asyncpg.Record]

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        min_size: int = 1,
        max_size: int = 10,
        statement_timeout_seconds: float = 30.0,
        connect_timeout_seconds: float = 10.0,
        keeps_statements: bool = True,
    ) -> Self:
        """Connect, and make sure that the server will do and that the role is bound.

        `connect_timeout_seconds` bounds the wait for a free connection too. Without
        `keeps_statements` none is kept prepared, as behind a pooler that goes by transactions.
        Raises: StorageUnavailable, RoleTooStrong, ServerTooOld, DatabaseUrlMalformed.
        """
        database = cls(
            patience_seconds=connect_timeout_seconds,
            statement_timeout_seconds=statement_timeout_seconds,
        )
        with driver_errors_stay_here(), connecting():
            database._pool = await asyncpg.create_pool(
                url,
                min_size=min_size,
                max_size=max_size,
                timeout=connect_timeout_seconds,
                # The server stops a statement itself; this one is for a server that is gone.
                command_timeout=statement_timeout_seconds + 5,
                # What any pooler lets through; the rest is set by each transaction.
                server_settings={"application_name": "offerpath", "timezone": "UTC"},
                statement_cache_size=_STATEMENTS_KEPT if keeps_statements else 0,
                init=database._count_statements,
                reset=_keep,
            )
        try:
            database.role = await database.look_at_role()
        except BaseException:
            await database.close()
            raise
        return database

    @property
    def connections(self) -> tuple[int, int]:
        """How many connections are open, and how many of them nobody uses."""
        return self._pool.get_size(), self._pool.get_idle_size()

    async def look_at_role(self) -> DatabaseRole:
        """Return who is connected, as it is now. Raises: RoleTooStrong, ServerTooOld."""
        async with self.administration(read_only=True) as connection:
            version = connection.get_server_version()
            if version.major < _OLDEST_SERVER:
                raise ServerTooOld(f"{version.major}.{version.minor}")
            return await DatabaseRole.of(connection)

    async def look_at_room(self) -> ConnectionRoom:
        """Return how many connections the server has for this role. Raises: StorageUnavailable."""
        async with self.administration(read_only=True) as connection:
            return await ConnectionRoom.of(connection)

    async def close(self) -> None:
        """Close every connection once it is free; those that stay busy are cut off."""
        with driver_errors_stay_here():
            try:
                async with asyncio.timeout(self._patience_seconds):
                    await self._pool.close()
            except TimeoutError:
                self._pool.terminate()

    def transaction(
        self, principal: Principal, *, read_only: bool = False
    ) -> AbstractAsyncContextManager["Connection"]:
        """Begin a transaction that sees this partner's rows and the public ones.

        With `read_only` all its statements see one and the same state of the database.
        Raises: ValueError where the partner's id is no GUID; StorageUnavailable; StatementFailed.
        """
        return self._transaction(parse_guid(principal.partner_id), read_only=read_only)

    def administration(
        self, *, read_only: bool = False
    ) -> AbstractAsyncContextManager["Connection"]:
        """Begin a transaction of no partner: it sees public rows only, and may add them."""
        return self._transaction("", read_only=read_only)

    @asynccontextmanager
    async def _transaction(
        self, partner_id: str, *, read_only: bool
    ) -> AsyncIterator["Connection"]:
        try:
            connection, stack = await self._begin(partner_id, read_only=read_only)
        except StorageUnavailable:
            # The server may have restarted behind the pool's back. Nothing was done yet, so it is
            # safe to try once more, on a new connection.
            await self._pool.expire_connections()
            connection, stack = await self._begin(partner_id, read_only=read_only)
        with driver_errors_stay_here():
            async with stack:
                yield connection

    async def _begin(
        self, partner_id: str, *, read_only: bool
    ) -> tuple["Connection", AsyncExitStack]:
        isolation: Any = {"isolation": "repeatable_read", "readonly": True} if read_only else {}
        with driver_errors_stay_here(), connecting():
            async with AsyncExitStack() as stack:
                acquiring = self._pool.acquire(timeout=self._patience_seconds)
                connection = await stack.enter_async_context(acquiring)
                await stack.enter_async_context(connection.transaction(**isolation))
                await SQL.act_for(
                    connection, partner_id=partner_id, statement_timeout=self._statement_timeout
                )
                return connection, stack.pop_all()

    async def _count_statements(self, connection: Any) -> None:
        connection.add_query_logger(self._count)

    def _count(self, record: Any) -> None:
        self.statements += 1
        if self.on_statement is not None:
            failed = record.exception is not None
            self.on_statement(Statement(record.query, record.elapsed, failed))


async def _keep(_connection: object) -> None:
    """Keep the session as it is: all we set ends with the transaction, so a reset is waste."""
