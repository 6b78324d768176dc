"""Who follows which changes within this process: each gets its own, and none waits for another."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

from resolvers.ports import Changes
from resolvers.records.changes import RESYNC, Change, ChangeKind, News
from resolvers.records.principal import Principal

MOST_WAITING = 64
"""News that wait for one reader; beyond that it is told to read everything anew."""


class Followers:
    """Fits resolvers.ports.Changes; what comes is handed over by `tell`."""

    def __init__(self) -> None:
        self._followers: dict[_Follower, None] = {}

    @contextmanager
    def follow(self, principal: Principal) -> Iterator[AsyncIterator[News]]:
        seen = (None, principal.partner_id)
        with self._joined(_Follower(lambda change: change.partner_id in seen)) as follower:
            yield follower

    @contextmanager
    def follow_catalogs(self) -> Iterator[AsyncIterator[News]]:
        follower = _Follower(lambda change: change.kind is ChangeKind.CATALOG)
        with self._joined(follower):
            yield follower

    def tell(self, news: News) -> None:
        """Hand news to all whom it concerns, without waiting for any of them.

        They wake in the order in which they joined.
        """
        for follower in self._followers:
            follower.take(news)

    def __len__(self) -> int:
        return len(self._followers)

    @contextmanager
    def _joined(self, follower: "_Follower") -> Iterator["_Follower"]:
        self._followers[follower] = None
        try:
            yield follower
        finally:
            del self._followers[follower]


class _Follower:
    """One reader's news in order of arrival; what waits already is not told twice."""

    def __init__(self, concerns: Callable[[Change], bool]) -> None:
        self._concerns = concerns
        self._waiting: dict[News, None] = {}
        self._has_come = asyncio.Event()

    def take(self, news: News) -> None:
        if isinstance(news, Change) and not self._concerns(news):
            return
        if news is RESYNC or len(self._waiting) >= MOST_WAITING:
            # Reading everything anew covers whatever still waits.
            self._waiting.clear()
            news = RESYNC
        self._waiting[news] = None
        self._has_come.set()

    def __aiter__(self) -> AsyncIterator[News]:
        return self

    async def __anext__(self) -> News:
        while not self._waiting:
            self._has_come.clear()
            await self._has_come.wait()
        news = next(iter(self._waiting))
        del self._waiting[news]
        return news


def _fits(followers: Followers) -> Changes:
    """Let mypy hold it to the protocol."""
    return followers
