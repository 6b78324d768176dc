"""How long a report may take to its last byte, and how long its reader may take nothing of it."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from starlette.types import Message, Scope, Send

from offerpath.breaking_off import break_off
from schema.limits.deadline import Deadline

log = logging.getLogger("offerpath.reports")

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class ReportTimes:
    """What the reports of a process may take, in seconds."""

    whole_seconds: float = 3600.0
    """From the request to the last byte."""
    reader_seconds: float = 60.0
    """For one part, to a reader that takes nothing meanwhile."""


class _Stalled(Exception):
    """The reader took nothing for too long; it is no TimeoutError, which stands for a lost one."""


class Delivery:
    """The time of one report, which begins with its request."""

    def __init__(self, times: ReportTimes) -> None:
        self._times = times
        self._deadline = Deadline(times.whole_seconds)
        self._ends = time.monotonic() + times.whole_seconds

    async def made(self, work: Awaitable[Done]) -> Done:
        """Return what comes before the first byte; it is cancelled when time is up.

        Raises: BadInput DEADLINE_EXCEEDED.
        """
        return await self._deadline.bound(work)

    @asynccontextmanager
    async def sending(self, scope: Scope, send: Send) -> AsyncGenerator[Send]:
        """Give what sends the parts, until time is up: then the block ends, and it is logged.

        The response is broken off then, so that the reader can tell.
        """
        try:
            async with asyncio.timeout(max(0.0, self._ends - time.monotonic())) as limit:
                yield self._to_reader(send)
        except _Stalled:
            seconds = self._times.reader_seconds
            log.warning("a report was broken off: its reader took nothing for %g seconds", seconds)
            break_off(scope)
        except TimeoutError:
            if not limit.expired():
                raise
            seconds = self._times.whole_seconds
            log.warning("a report was broken off: it took longer than %g seconds", seconds)
            break_off(scope)

    def _to_reader(self, send: Send) -> Send:
        async def sent(message: Message) -> None:
            try:
                async with asyncio.timeout(self._times.reader_seconds) as limit:
                    await send(message)
            except TimeoutError:
                if not limit.expired():
                    raise
                raise _Stalled from None

        return sent
