"""The ASGI application: every route, and the one place that joins ports to stores."""

import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from formats.plans.markdown import plan_markdown
from offerpath import pages
from offerpath.body_limit import BodyLimit
from offerpath.delivery import COMPRESSION, other_origins
from offerpath.documents import trusted_documents
from offerpath.house import House
from offerpath.measured import measuring, tellers_for
from offerpath.own_host import OwnHost
from offerpath.rate_limits import rate_limits
from offerpath.refusals import EXCEPTION_HANDLERS, refusal
from offerpath.reports_http import ReportRoutes
from offerpath.settings import Settings
from offerpath.sign_in.addresses import address_of
from offerpath.sign_in.responses import authorization_of
from offerpath.subscriptions import Subscriptions
from offerpath.telemetry import Telemetry, Teller
from offerpath.traced import Traced
from resolvers.asked import Asked, NoCatalog
from resolvers.records.principal import Principal
from schema.context import Context
from schema.http.endpoint import GraphQLEndpoint
from schema.loaders import Loaders
from schema.observed import observe_partner
from schema.streams.under_way import shutting_down

_MIB = 1024 * 1024
_GC_THRESHOLD = (20_000, 20, 20)
_BODY_MARGIN = 2
"""A file inside a JSON string grows by its escapes; the file's own limit is checked again."""


def create_app(house: House) -> Starlette:
    """Return the application that answers from an open house."""

    async def ask(request: Request) -> Asked:
        principal = await house.principal_of(authorization_of(request))
        address = address_of(request.client.host) if request.client else None
        asking = _asking(principal, address)
        observe_partner(asking.partner_id)
        return await house.catalogs.asked(asking, now=datetime.now(UTC))

    async def context(request: Request) -> Context:
        asked = await ask(request)
        return Context(
            asked,
            Loaders(asked),
            house.read_import,
            write_plan=plan_markdown,
            allowance=rates.of(asked.principal),
        )

    @asynccontextmanager
    async def alive(app: Starlette) -> AsyncIterator[None]:
        """Build the catalog before the first request, and spare it the garbage collector."""
        del app
        await house.catalogs.asked(house.principal, now=datetime.now(UTC))
        gc.collect()
        # A catalog is half a million objects that live as long as the process: walking them in
        # every full collection costs a request in a hundred a tenth of a second.
        gc.freeze()
        before = gc.get_threshold()
        # An answer is thousands of short-lived objects without cycles: looked at less often, they
        # are mostly gone before they are looked at.
        gc.set_threshold(*_GC_THRESHOLD)
        async with subscriptions.running(), measuring(house, endpoint, subscriptions.streams):
            yield
        gc.set_threshold(*before)
        gc.unfreeze()

    origins = house.settings.allowed_origins
    limit = house.settings.max_import_mib * _MIB * _BODY_MARGIN
    documents = trusted_documents(house.settings)
    rates = rate_limits(house.settings)
    subscriptions = Subscriptions(house, documents, rates)
    endpoint = GraphQLEndpoint(
        context,
        ide_page=pages.ide,
        import_bytes=limit,
        allowed_origins=origins,
        event_stream=subscriptions.event_stream,
        introspection=house.settings.tells_schema,
        deadline_seconds=house.settings.request_deadline_seconds,
        documents=documents,
    )
    routes = [
        Route("/", pages.welcome, methods=["GET"]),
        Route("/graphql", endpoint),
        WebSocketRoute("/graphql", subscriptions.sockets),
        *_sdl(house.settings),
        Route("/healthz", _alive, methods=["GET"]),
        Route("/readyz", _ready(house), methods=["GET"]),
        *ReportRoutes(ask, rates).routes,
        *_ide_files(),
    ]
    app = Starlette(
        routes=routes,
        lifespan=alive,
        middleware=[
            *_telemetry(tellers_for(house.settings, documents), routes),
            Middleware(Traced),
            *_own_host(house.settings),
            *other_origins(origins),
            Middleware(BodyLimit, maximum_bytes=limit),
        ],
        exception_handlers=dict(EXCEPTION_HANDLERS),
    )
    app.state.drain = subscriptions.streams.drain
    app.state.is_stopping = False
    return app


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


@lru_cache(maxsize=1024)
def _asking(principal: Principal, address: str | None) -> Principal:
    return replace(principal, address=address)


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
