"""A run over the whole portfolio that tells how far it got, however long it takes."""

import asyncio
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from resolvers.asked import Asked
from resolvers.customers.portfolio import (
    PortfolioRequest,
    SummaryAnswer,
    check_request,
    portfolio_summary,
)
from resolvers.work.turns import busy


@dataclass(frozen=True, slots=True)
class RunAt:
    """How far a run got."""

    customers: int
    """Customers that were looked at, the one at hand included."""
    of: int | None
    """How many there are to look at; None where a filter leaves that open."""


class _Looked:
    """Counts the customers of a run, which asks before each of them whether it is to stop."""

    def __init__(self, seconds: float) -> None:
        self.customers = 0
        self._seconds = seconds
        self._ends: float | None = None

    def __call__(self) -> bool:
        self.customers += 1
        if self._ends is None:
            # What it waited for its turn does not count.
            self._ends = time.monotonic() + self._seconds
        return time.monotonic() >= self._ends


class PortfolioRuns:
    """How the runs of this process tell how far they are; each waits for its turn by itself."""

    def __init__(self, *, seconds_between: float = 0.5, seconds_at_most: float = 600.0) -> None:
        self._seconds_between = seconds_between
        self._seconds_at_most = seconds_at_most

    async def run(
        self, asked: Asked, request: PortfolioRequest
    ) -> AsyncGenerator[RunAt | SummaryAnswer]:
        """Yield how far it got, now and then, and last the summary.

        It waits to begin for as long as it may work. Closing it ends the work and lets go of the
        database. Raises: NotPermitted, BadInput, before the first; TryLater BUSY.
        """
        check_request(asked, request)
        total = await _total(asked, request)
        yield RunAt(0, total)
        looked = _Looked(self._seconds_at_most)
        summary = portfolio_summary(asked, request, stopped=looked, is_patient=True)
        working = asyncio.create_task(summary)
        gives_up = time.monotonic() + self._seconds_at_most
        try:
            while not (await asyncio.wait({working}, timeout=self._seconds_between))[0]:
                if not looked.customers and time.monotonic() >= gives_up:
                    raise busy(self._seconds_at_most)
                yield RunAt(looked.customers, total)
            yield working.result()
        finally:
            working.cancel()
            await asyncio.wait({working})


async def _total(asked: Asked, request: PortfolioRequest) -> int | None:
    if request.market is not None or request.segment is not None:
        return None
    page = await asked.customers.page(asked.principal, first=1, after=None, text=request.text)
    return page.total
