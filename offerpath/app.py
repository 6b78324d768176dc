"""The ASGI application: every route, and the one place that joins ports to stores."""

import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from formats.plans.markdown import plan_markdown
from offerpath import pages
from offerpath.asking import asking_from
from offerpath.body_limit import BodyLimit
from offerpath.delivery import COMPRESSION, other_origins
from offerpath.documents import trusted_documents
from offerpath.house import House
from offerpath.measured import measuring, tellers_for
from offerpath.own_host import OwnHost
from offerpath.rate_limits import rate_limits
from offerpath.refusals import EXCEPTION_HANDLERS, refusal
from offerpath.report_times import ReportTimes
from offerpath.reports_http import ReportRoutes
from offerpath.settings import Settings
from offerpath.sign_in.responses import authorization_of
from offerpath.subscriptions import Subscriptions
from offerpath.telemetry import Telemetry, Teller
from offerpath.traced import Traced
from resolvers.asked import Asked, NoCatalog
from schema.context import Context
from schema.http.documents import TrustedDocuments
from schema.http.endpoint import GraphQLEndpoint
from schema.limits.rate import RateLimits
from schema.loaders import Loaders
from schema.observed import observe_partner
from schema.streams.under_way import shutting_down

_GC_THRESHOLD = (20_000, 20, 20)
_BODY_MARGIN = 2
"""A file inside a JSON string grows by its escapes; the file's own limit is checked again."""


def create_app(house: House) -> Starlette:
    """Return the application that answers from an open house."""
    documents, rates = trusted_documents(house.settings), rate_limits(house.settings)
    desk = _Desk(house, rates)
    subscriptions = Subscriptions(house, documents, rates)
    endpoint = _endpoint(house.settings, desk, documents, subscriptions)
    routes = [
        Route("/", pages.welcome, methods=["GET"]),
        Route("/graphql", endpoint),
        WebSocketRoute("/graphql", subscriptions.sockets),
        *_sdl(house.settings),
        Route("/healthz", _alive, methods=["GET"]),
        Route("/readyz", _ready(house), methods=["GET"]),
        *ReportRoutes(desk.ask, rates, _report_times(house.settings)).routes,
        *_ide_files(),
    ]
    app = Starlette(
        routes=routes,
        lifespan=_lifespan(house, endpoint, subscriptions),
        middleware=_middleware(house.settings, documents, routes),
        exception_handlers=dict(EXCEPTION_HANDLERS),
    )
    app.state.drain = subscriptions.streams.drain
    app.state.is_stopping = False
    return app


def _report_times(settings: Settings) -> ReportTimes:
    return ReportTimes(settings.report_seconds, settings.reader_seconds)


class _Desk:
    """Finds out who asks over HTTP, and pins what they are answered from."""

    def __init__(self, house: House, rates: RateLimits) -> None:
        self._house = house
        self._rates = rates

    async def ask(self, request: Request) -> Asked:
        """Return the question's ground. Raises: SignInRefused; StorageUnavailable; NoCatalog."""
        principal = await self._house.principal_of(authorization_of(request))
        asking = asking_from(principal, request.client.host if request.client else None)
        observe_partner(asking.partner_id)
        return await self._house.catalogs.asked(asking, now=datetime.now(UTC))

    async def context(self, request: Request) -> Context:
        """Return what the resolvers of one request are handed. Raises: as `ask`."""
        asked = await self.ask(request)
        return Context(
            asked,
            Loaders(asked),
            self._house.read_import,
            write_plan=plan_markdown,
            allowance=self._rates.of(asked.principal),
        )


def _endpoint(
    settings: Settings, desk: _Desk, documents: TrustedDocuments, subscriptions: Subscriptions
) -> GraphQLEndpoint:
    return GraphQLEndpoint(
        desk.context,
        ide_page=pages.ide,
        import_bytes=_longest_body(settings),
        allowed_origins=settings.allowed_origins,
        event_stream=subscriptions.event_stream,
        introspection=settings.tells_schema,
        deadline_seconds=settings.request_deadline_seconds,
        documents=documents,
    )


def _lifespan(
    house: House, endpoint: GraphQLEndpoint, subscriptions: Subscriptions
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def alive(app: Starlette) -> AsyncIterator[None]:
        """Build the catalog before the first request, and spare it the garbage collector."""
        del app
        await house.catalogs.asked(house.principal, now=datetime.now(UTC))
        with _catalog_not_collected():
            async with subscriptions.running(), measuring(house, endpoint, subscriptions.streams):
                yield

    return alive


@contextmanager
def _catalog_not_collected() -> Iterator[None]:
    gc.collect()
    # A catalog is half a million objects that live as long as the process: walking them in
    # every full collection costs a request in a hundred a tenth of a second.
    gc.freeze()
    before = gc.get_threshold()
    # An answer is thousands of short-lived objects without cycles: looked at less often, they
    # are mostly gone before they are looked at.
    gc.set_threshold(*_GC_THRESHOLD)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _middleware(
    settings: Settings, documents: TrustedDocuments, routes: Iterable[BaseRoute]
) -> list[Middleware]:
    """Return what every request passes, the outermost first."""
    return [
        *_telemetry(tellers_for(settings, documents), routes),
        Middleware(Traced),
        *_own_host(settings),
        *other_origins(settings.allowed_origins),
        Middleware(BodyLimit, maximum_bytes=_longest_body(settings)),
    ]


def _longest_body(settings: Settings) -> int:
    return settings.max_import_bytes * _BODY_MARGIN


def _telemetry(tellers: Sequence[Teller], routes: Iterable[BaseRoute]) -> list[Middleware]:
    """Return what tells of every request; nothing where nobody wants to be told."""
    paths = [str(getattr(route, "path", "")) for route in routes]
    return [Middleware(Telemetry, tellers=tellers, routes=paths)] if tellers else []


def _own_host(settings: Settings) -> list[Middleware]:
    """Return the guard of an installation that asks nobody who they are."""
    if settings.auth != "off":
        return []
    return [Middleware(OwnHost, host=settings.host, origins=settings.allowed_origins)]


def _sdl(settings: Settings) -> list[Route]:
    """The schema as text, told by the same setting as introspection."""
    if not settings.tells_schema:
        return []
    return [Route("/schema.graphql", pages.sdl, methods=["GET"], middleware=[COMPRESSION])]


def _ide_files() -> list[Mount]:
    folder = Path(pages.IDE_FOLDER)
    if not folder.is_dir():
        return []
    return [Mount("/ide", StaticFiles(directory=folder), middleware=[COMPRESSION])]


async def _alive(request: Request) -> Response:
    """The process answers; nothing is said of the database."""
    del request
    return PlainTextResponse("ok\n")


def _ready(house: House) -> Callable[[Request], Awaitable[Response]]:
    async def ready(request: Request) -> Response:
        """The database answers and a catalog is loaded; asked by whatever watches the process."""
        if request.app.state.is_stopping:
            told = shutting_down()
            return refusal(
                told.code, told.message, told.remedy, status=told.status, headers=told.headers
            )
        asked = await house.asked()
        if await asked.catalogs.current(asked.principal) is None:
            raise NoCatalog
        return JSONResponse({"ready": True, "catalog": asked.version.content_hash})

    return ready
