"""The sockets and event streams over stores in memory: for the protocols and their limits."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp

from db.followers import Followers
from offerpath.import_files import import_reader
from planner.permissions import Role
from resolvers.asked import Asked
from resolvers.catalog.catalogs import Catalogs
from resolvers.codes.code import Code
from resolvers.customers.portfolio_runs import PortfolioRuns
from resolvers.records.changes import Change, ChangeKind
from resolvers.records.principal import Principal
from schema.http.documents import NO_DOCUMENTS, TrustedDocuments
from schema.http.refusal import Refused
from schema.limits.rate import NO_LIMITS, RateLimits
from schema.loaders import Loaders
from schema.schema import make_schema
from schema.streams.event_stream import EventStream
from schema.streams.live import Admitted, LiveContext
from schema.streams.socket_session import Limits
from schema.streams.under_way import Streams
from schema.streams.websocket import GraphQLSockets
from tests.db.catalog_examples import EVERYTHING
from tests.memory_stores import memory_stores
from tests.offerpath.subscriptions.serving import serving

FOLLOW = "subscription { customersChanged { reason customerIds } }"


@dataclass(slots=True)
class Small:
    """An application whose admission and news the test decides."""

    host: str = ""
    principal: Principal = field(default_factory=lambda: Principal(str(uuid4()), frozenset(Role)))
    changes: Followers = field(default_factory=Followers)
    takes: str | None = None
    """The one token that is taken; None takes everybody."""
    until: datetime | None = None
    unavailable: bool = False
    hosts: set[str | None] = field(default_factory=set)
    """Where clients were, as it was told to the admission."""
    streams: Streams = field(init=False)

    async def admit(self, authorization: str | None, host: str | None) -> Admitted:
        self.hosts.add(host)
        if self.unavailable:
            raise Refused(503, Code.SIGN_IN_UNAVAILABLE, "no keys", remedy="Try again")
        if self.takes == "forbidden":
            raise Refused(403, Code.TENANT_NOT_ADMITTED, "not you", remedy="Ask")
        if self.takes is not None and authorization != f"Bearer {self.takes}":
            raise Refused(401, Code.NOT_SIGNED_IN, "This needs a sign-in", remedy="Sign in")
        return Admitted(self.principal, self.until)

    def tell(self, *ids: str) -> None:
        """Say that customers changed."""
        self.changes.tell(Change(ChangeKind.CUSTOMERS, self.principal.partner_id, ids))


@asynccontextmanager
async def small(
    *,
    maximum: int = 500,
    origins: Iterable[str] = (),
    limits: Limits = Limits(),  # noqa: B008 (frozen)
    ping_seconds: float = 15.0,
    check_seconds: float = 60.0,
    documents: TrustedDocuments = NO_DOCUMENTS,
    rates: RateLimits = NO_LIMITS,
    around: Callable[[ASGIApp], ASGIApp] = lambda app: app,
    **options: Any,
) -> AsyncIterator[Small]:
    """Serve one."""
    made = Small()
    stores = memory_stores()
    await stores.catalogs.add_bundled(EVERYTHING, label="small")
    catalogs = Catalogs(stores)

    async def context(principal: Principal) -> LiveContext:
        async def pin() -> Asked:
            return await catalogs.asked(principal, now=datetime.now(UTC))

        asked = await pin()
        return LiveContext(
            asked,
            Loaders(asked),
            import_reader(1024),
            changes=made.changes,
            runs=PortfolioRuns(),
            pin=pin,
            allowance=rates.of(principal),
        )

    made.streams = Streams(make_schema(), context, maximum=maximum, documents=documents)
    sockets = GraphQLSockets(made.streams, made.admit, allowed_origins=origins, limits=limits)
    events = EventStream(
        made.streams,
        made.admit,
        allowed_origins=origins,
        ping_seconds=ping_seconds,
        check_seconds=check_seconds,
    )
    app = Starlette(routes=[Route("/graphql", events), WebSocketRoute("/graphql", sockets)])
    async with serving(around(app), **options) as host:
        made.host = host
        yield made
