"""The issuer's keys as this process knows them: read when needed, kept while it is away."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from offerpath.sign_in.key_set import Keys, VerificationKey
from offerpath.sign_in.key_source import CannotReadKeys, ReadKeys

log = logging.getLogger("offerpath.sign_in")


@dataclass(frozen=True, slots=True)
class KeyTimes:
    """How long keys are used, and how often they are read, in seconds."""

    fresh: float = 3_600
    """After that they are read anew, beside the requests that they still serve."""
    kept: float = 24 * 3_600
    """How long they serve while the issuer cannot be reached."""
    between: float = 30
    """Least time between two readings that an unknown key id asks for."""
    after_failure: float = 5
    """The same where the last reading failed."""


class IssuerKeys:
    """Keys by id. One reading at a time serves every request that waits for it."""

    def __init__(
        self,
        read: ReadKeys,
        *,
        times: KeyTimes | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._times = times or KeyTimes()
        self._clock = clock
        self._keys: Keys = {}
        self._read_at: float | None = None
        self._tried_at: float | None = None
        self._failure: CannotReadKeys | None = None
        self._reading: asyncio.Task[None] | None = None

    async def key(self, key_id: str) -> VerificationKey | None:
        """Return a key; None for an id that the issuer has not. Raises: CannotReadKeys.

        Raised where nothing usable is known, and for an unknown id while the issuer is away: it
        may be the id of a key that is newer than what we know.
        """
        if self._age() > self._times.kept:
            await self._renew()
            if self._age() > self._times.kept:
                raise self._failure or CannotReadKeys("no keys are known yet")
        found = self._keys.get(key_id)
        if found is None:
            await self._renew()
            found = self._keys.get(key_id)
            if found is None and self._failure is not None:
                raise self._failure
        elif self._age() > self._times.fresh:
            self._begin()
        return found

    async def close(self) -> None:
        """End a reading that is under way."""
        if self._reading is not None and not self._reading.done():
            self._reading.cancel()
            with suppress(asyncio.CancelledError):
                await self._reading

    def _age(self) -> float:
        return float("inf") if self._read_at is None else self._clock() - self._read_at

    async def _renew(self) -> None:
        """Wait for a reading, if one may be made now. It is not ended by a client that leaves."""
        reading = self._begin()
        if reading is not None:
            await asyncio.shield(reading)

    def _begin(self) -> "asyncio.Task[None] | None":
        if self._reading is not None and not self._reading.done():
            return self._reading
        pause = self._times.between if self._failure is None else self._times.after_failure
        if self._tried_at is not None and self._clock() - self._tried_at < pause:
            return None
        self._tried_at = self._clock()
        self._reading = asyncio.create_task(self._update())
        return self._reading

    async def _update(self) -> None:
        try:
            self._keys, self._failure = await self._read(), None
            self._read_at = self._clock()
        except CannotReadKeys as error:
            self._failure = error
            log.warning("SIGN_IN_UNAVAILABLE: the issuer's keys cannot be read: %s", error)
