"""Changes as Postgres tells them: one connection of each process listens, and never for long not.

A change is announced by the transaction that makes it, so it is heard after it can be read, and
one that is rolled back is never heard.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import asyncpg
import orjson

from db.errors import connecting, driver_errors_stay_here
from db.followers import Followers
from db.statements import SQL
from resolvers.records.changes import RESYNC, Change, ChangeKind
from resolvers.records.imports import CustomerImport

if TYPE_CHECKING:
    from db.statements import Connection

log = logging.getLogger("offerpath.changes")

CHANNEL = "offerpath_changes"
APPLICATION_NAME = "offerpath changes"
MOST_IDS = 100
"""Ids in one announcement: 100 of 39 bytes each are half of what Postgres takes."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0


async def announce(connection: "Connection", kind: ChangeKind, *ids: str) -> None:
    """Tell all processes of a change when this transaction commits; none of too many ids is told.

    The transaction's partner is told as the one whose it is; without a partner it is everybody's.
    """
    await SQL.announce(connection, kind=kind, ids=list(ids) if len(ids) <= MOST_IDS else [])


async def announce_import(connection: "Connection", changes: CustomerImport) -> None:
    """Tell all processes which customers an import touches."""
    touched = {one.customer_id for one in changes.customers}
    touched |= {one.customer_id for one in changes.holdings}
    touched |= {one.customer_id for one in changes.accounts}
    if touched:
        await announce(connection, ChangeKind.CUSTOMERS, *sorted(touched))


class PostgresChanges(Followers):
    """Fits resolvers.ports.Changes while `listening`; before and after nothing comes."""

    def __init__(
        self, url: str, *, patience_seconds: float = 10.0, quiet_seconds: float = 15.0
    ) -> None:
        """Take the address. A connection that was quiet for so long is asked whether it lives."""
        super().__init__()
        self._url = url
        self._patience_seconds = patience_seconds
        self._quiet_seconds = quiet_seconds
        self._is_listening = asyncio.Event()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Listen until the block ends, on one connection at a time; lost ones are replaced."""
        task = asyncio.create_task(self._listen_on())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def heard(self) -> None:
        """Return once a connection listens."""
        await self._is_listening.wait()

    async def _listen_on(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                await self._listen()
            except Exception as error:  # whatever ends it, the next try may go well
                log.warning("changes are not heard: %s", error)
            if self._is_listening.is_set():
                self._is_listening.clear()
                pause = _FIRST_PAUSE
            # All processes lose their connection together; they shall not all come back at once.
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _listen(self) -> None:
        """Listen on one new connection until it is lost. Raises: what the driver's errors become.

        Where it only ended, it returns.
        """
        with driver_errors_stay_here(), connecting():
            connection = await asyncpg.connect(
                self._url,
                timeout=self._patience_seconds,
                command_timeout=self._patience_seconds,
                server_settings={"application_name": APPLICATION_NAME},
            )
            try:
                await self._hear(connection)
            finally:
                connection.terminate()

    async def _hear(self, connection: Any) -> None:
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _connection: lost.set())
        await connection.add_listener(CHANNEL, self._heard)
        # What was committed until now may not have been heard; from now on everything is.
        self.tell(RESYNC)
        self._is_listening.set()
        while not lost.is_set():
            try:
                async with asyncio.timeout(self._quiet_seconds):
                    await lost.wait()
            except TimeoutError:
                await SQL.still_there(connection)

    def _heard(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        try:
            self.tell(change_from(str(payload)))
        except (KeyError, TypeError, ValueError):
            # A newer release may speak of kinds that this one knows nothing of.
            log.warning("a change of an unknown form was left out")


def change_from(payload: str) -> Change:
    """Return the change that a payload tells. Raises: KeyError, TypeError, ValueError."""
    told = orjson.loads(payload)
    partner_id = told["partner"]
    return Change(
        ChangeKind(told["kind"]), partner_id and str(partner_id), tuple(map(str, told["ids"]))
    )
