"""Whose turn heavy work has: a few pieces at a time, and each partner its fair share of them."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from threading import Event
from typing import TypeVar

from planner.search import Stopped
from resolvers.codes.code import Code
from resolvers.problems import TryLater

AT_ONCE = 3
RUNS_AT_ONCE = 5
PATIENCE_SECONDS = 20.0
MAX_WAITING = 64
"""Pieces of work of one partner that wait; another one is refused at once."""
_RETRY_SECONDS = 5
_MOST_OWED_SECONDS = 0.05
"""A partner that comes back after a long turn lets others have so much before it, not as much."""

Clock = Callable[[], float]
Done = TypeVar("Done")


@dataclass(slots=True)
class _Partner:
    """One partner that has work under way or waiting, or had some while others went on."""

    used: float
    """Seconds that its turns took, counted from where the others were when it came."""
    running: int = 0
    waiting: deque["asyncio.Future[None]"] = field(default_factory=deque)

    @property
    def is_idle(self) -> bool:
        return not self.running and not self.waiting


class Turns:
    """So many turns at a time, of one event loop.

    Of the partners that wait, the one whose turns have taken the least time is next; within a
    partner whoever came first. All turns but one may be a single partner's, so that another that
    comes begins at once. Whoever comes after a pause starts about where the others are: time that
    was not used is not saved up, and a long turn is soon forgiven.
    """

    def __init__(
        self,
        at_once: int = AT_ONCE,
        *,
        max_waiting: int = MAX_WAITING,
        patience_seconds: float = PATIENCE_SECONDS,
        clock: Clock = time.monotonic,
    ) -> None:
        self._at_once = at_once
        self._of_one = max(1, at_once - 1)
        self._max_waiting = max_waiting
        self._patience_seconds = patience_seconds
        self._clock = clock
        self._partners: dict[str, _Partner] = {}
        self._level = 0.0
        """What the partner that was chosen last had used: newcomers begin there."""
        self.running = 0

    @property
    def waiting(self) -> int:
        """How many pieces of work wait for their turn."""
        return sum(len(partner.waiting) for partner in self._partners.values())

    @asynccontextmanager
    async def turn(self, partner_id: str, *, is_patient: bool = False) -> AsyncGenerator[None]:
        """Wait for a turn, and have it until the block ends.

        Work that is under way already is patient: it is neither refused nor sent away. Raises:
        TryLater QUEUE_FULL, BUSY.
        """
        partner = self._partner(partner_id)
        try:
            if self.running < self._at_once and self._may_begin(partner):
                self._begin(partner)
            else:
                await self._wait(partner, is_patient=is_patient)
            begun = self._clock()
            try:
                yield
            finally:
                partner.used += self._clock() - begun
                self._end(partner)
        finally:
            self._forget()

    def _partner(self, partner_id: str) -> _Partner:
        partner = self._partners.setdefault(partner_id, _Partner(self._level))
        if partner.is_idle:
            partner.used = min(max(partner.used, self._level), self._level + _MOST_OWED_SECONDS)
        return partner

    def _forget(self) -> None:
        """Forget what everybody used once nobody is left to share with."""
        if not self.running:
            self._partners.clear()
            self._level = 0.0

    def _may_begin(self, partner: _Partner) -> bool:
        return partner.running < self._of_one and not partner.waiting

    def _begin(self, partner: _Partner) -> None:
        self.running += 1
        partner.running += 1
        self._level = max(self._level, partner.used)

    def _end(self, partner: _Partner) -> None:
        self.running -= 1
        partner.running -= 1
        self._call_next()

    async def _wait(self, partner: _Partner, *, is_patient: bool) -> None:
        if not is_patient and len(partner.waiting) >= self._max_waiting:
            raise _queue_full(self._max_waiting)
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        partner.waiting.append(place)
        try:
            async with asyncio.timeout(None if is_patient else self._patience_seconds):
                await place
        except BaseException as error:
            if place.done() and not place.cancelled():
                self._end(partner)
            with suppress(ValueError):
                partner.waiting.remove(place)
            if isinstance(error, TimeoutError):
                raise busy(self._patience_seconds) from None
            raise

    def _call_next(self) -> None:
        while self.running < self._at_once:
            ready = [
                partner
                for partner in self._partners.values()
                if partner.running < self._of_one and _has_waiting(partner)
            ]
            if not ready:
                return
            # The first of equals is whoever was there first.
            chosen = min(ready, key=lambda partner: partner.used)
            chosen.waiting.popleft().set_result(None)
            self._begin(chosen)


def _has_waiting(partner: _Partner) -> bool:
    """Return whether anybody waits; places that were left already are cleared away."""
    while partner.waiting and partner.waiting[0].done():
        partner.waiting.popleft()
    return bool(partner.waiting)


class Work:
    """One piece of heavy work of one partner, done in as many turns as it takes."""

    __slots__ = ("_is_begun", "_partner_id", "_turns")

    def __init__(self, turns: Turns, partner_id: str) -> None:
        self._turns = turns
        self._partner_id = partner_id
        self._is_begun = False

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """Do the next portion of the work in this block; others had their turn before it.

        A cancellation arrives here. Nothing may be waited for in the block but a thread, and no
        turn of other work. Raises: TryLater, before the first portion.
        """
        async with self._turns.turn(self._partner_id, is_patient=self._is_begun):
            self._is_begun = True
            # Also where it is alone: requests that take no turns are answered meanwhile. It
            # queues first, since it would miss its turn while it gives way.
            await asyncio.sleep(0)
            yield

    async def in_thread(self, work: Callable[[Stopped], Done]) -> Done:
        """Return what long work returns, done in a thread in one turn.

        A cancellation tells it to stop, and does not wait for it. Raises: TryLater.
        """
        is_over = Event()
        async with self.turn():
            try:
                return await asyncio.to_thread(work, is_over.is_set)
            finally:
                is_over.set()


@dataclass(frozen=True, slots=True)
class Queues:
    """What heavy work waits for, in this process. Who has a turn of planning never waits for runs.

    `planning` is what keeps a core busy: plans, rows of the portfolio and of reports, matrices.
    `runs` holds a connection of the database all the while: walks over a partner's customers.
    """

    planning: Turns = field(default_factory=Turns)
    runs: Turns = field(default_factory=lambda: Turns(RUNS_AT_ONCE))

    def work(self, partner_id: str) -> Work:
        """Return a piece of planning that has not begun."""
        return Work(self.planning, partner_id)


def _queue_full(waiting: int) -> TryLater:
    return TryLater(
        Code.QUEUE_FULL,
        f"{waiting} plans, reports and runs of yours wait already",
        retry_seconds=_RETRY_SECONDS,
    )


def busy(seconds: float) -> TryLater:
    """Say that work found no turn within so many seconds."""
    return TryLater(
        Code.BUSY,
        f"Nothing could be begun within {seconds:g} seconds: too much else is under way",
        retry_seconds=_RETRY_SECONDS,
    )
