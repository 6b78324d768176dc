"""Subscriptions wired up: sockets and event streams over the changes that the database tells."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import cache

from db.changes import PostgresChanges
from formats.plans.markdown import plan_markdown
from offerpath.asking import asking_from
from offerpath.house import House
from offerpath.sign_in.refusals import SignInRefused
from offerpath.sign_in.responses import headers_of
from resolvers.asked import Asked
from resolvers.customers.portfolio_runs import PortfolioRuns
from resolvers.records.principal import Principal
from schema.http.documents import NO_DOCUMENTS, TrustedDocuments
from schema.http.refusal import Refused
from schema.limits.rate import NO_LIMITS, RateLimits
from schema.loaders import Loaders
from schema.observed import observe_partner
from schema.schema import OfferpathSchema, make_schema
from schema.streams.event_stream import EventStream
from schema.streams.live import Admitted, LiveContext
from schema.streams.under_way import Streams
from schema.streams.websocket import GraphQLSockets

_PATIENCE_SECONDS = 5.0
"""How long the start waits until changes are heard; it goes on without, and they come later."""


@cache
def shared_schema(introspection: bool) -> OfferpathSchema:
    """Return the schema that all applications of this process share; it takes a while to make."""
    return make_schema(introspection=introspection)


class Subscriptions:
    """What answers over WebSockets and event streams, from an open house."""

    def __init__(
        self,
        house: House,
        documents: TrustedDocuments = NO_DOCUMENTS,
        rates: RateLimits = NO_LIMITS,
    ) -> None:
        self._house = house
        self._rates = rates
        self._changes = PostgresChanges(house.url)
        self._runs = PortfolioRuns(seconds_at_most=house.settings.run_seconds)
        origins = house.settings.allowed_origins
        self.streams = Streams(
            shared_schema(house.settings.tells_schema),
            self._context,
            maximum=house.settings.max_streams,
            documents=documents,
        )
        self.sockets = GraphQLSockets(self.streams, self._admit, allowed_origins=origins)
        self.event_stream = EventStream(self.streams, self._admit, allowed_origins=origins)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Hear of changes until the block ends; the catalogs are kept current by them."""
        # It follows before anybody else does, so that whoever is told of a catalog finds it.
        keeping = asyncio.create_task(self._house.catalogs.keep_current(self._changes))
        await asyncio.sleep(0)
        try:
            async with self._changes.listening():
                with suppress(TimeoutError):
                    async with asyncio.timeout(_PATIENCE_SECONDS):
                        await self._changes.heard()
                yield
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping

    async def _admit(self, authorization: str | None, host: str | None) -> Admitted:
        """Return who asks, from where. Raises: Refused; StorageUnavailable."""
        try:
            known = await self._house.signed_in(authorization)
        except SignInRefused as error:
            problem = error.problem
            raise Refused(
                problem.status,
                problem.code,
                problem.message,
                remedy=problem.remedy,
                headers=headers_of(problem),
            ) from None
        recognised = self._house.principal if known is None else known.principal
        observe_partner(recognised.partner_id)
        principal = asking_from(recognised, host)
        return Admitted(principal, None if known is None else known.until)

    async def _context(self, principal: Principal) -> LiveContext:
        async def pin() -> Asked:
            return await self._house.catalogs.asked(principal, now=datetime.now(UTC))

        asked = await pin()
        return LiveContext(
            asked,
            Loaders(asked),
            self._house.read_import,
            write_plan=plan_markdown,
            allowance=self._rates.of(principal),
            changes=self._changes,
            runs=self._runs,
            pin=pin,
        )
