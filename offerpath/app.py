"""The ASGI application: every route, and the one place that joins ports to stores."""

import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from formats.plan_markdown import plan_markdown
from offerpath import pages
from offerpath.body_limit import BodyLimit
from offerpath.house import House
from offerpath.reports_http import ReportRoutes
from resolvers.asked import Asked, NoCatalog
from resolvers.ports import StorageUnavailable
from resolvers.problems import BadInput
from schema.context import Context
from schema.http import GraphQLEndpoint
from schema.loaders import Loaders
from schema.print import printed

_MIB = 1024 * 1024
_BODY_MARGIN = 2
"""A file inside a JSON string grows by its escapes; the file's own limit is checked again."""


def create_app(house: House) -> Starlette:
    """Return the application that answers from an open house."""

    async def ask(request: Request) -> Asked:
        del request
        return await house.catalogs.asked(house.principal, now=datetime.now(UTC))

    async def context(request: Request) -> Context:
        asked = await ask(request)
        return Context(asked, Loaders(asked), house.read_import, write_plan=plan_markdown)

    @asynccontextmanager
    async def alive(app: Starlette) -> AsyncIterator[None]:
        """Build the catalog before the first request, and spare it the garbage collector."""
        del app
        await house.catalogs.asked(house.principal, now=datetime.now(UTC))
        gc.collect()
        # A catalog is half a million objects that live as long as the process: walking them in
        # every full collection costs a request in a hundred a tenth of a second.
        gc.freeze()
        yield
        gc.unfreeze()

    limit = house.settings.max_import_mib * _MIB * _BODY_MARGIN
    return Starlette(
        routes=[
            Route("/", pages.welcome, methods=["GET"]),
            Route("/graphql", GraphQLEndpoint(context, ide_page=pages.ide)),
            Route("/schema.graphql", _sdl, methods=["GET"]),
            Route("/healthz", _alive, methods=["GET"]),
            Route("/readyz", _ready(ask), methods=["GET"]),
            *ReportRoutes(ask).routes,
            *_ide_files(),
        ],
        lifespan=alive,
        middleware=[Middleware(BodyLimit, maximum_bytes=limit)],
        exception_handlers={
            BadInput: _bad_input,
            StorageUnavailable: _unavailable,
            NoCatalog: _unavailable,
        },
    )


def _ide_files() -> list[Mount]:
    folder = Path(pages.IDE_FOLDER)
    return [Mount("/ide", StaticFiles(directory=folder))] if folder.is_dir() else []


async def _alive(request: Request) -> Response:
    """The process answers; nothing is said of the database."""
    del request
    return PlainTextResponse("ok\n")


def _ready(ask: Callable[[Request], Awaitable[Asked]]) -> Callable[[Request], Awaitable[Response]]:
    async def ready(request: Request) -> Response:
        """The database answers and a catalog is loaded."""
        asked = await ask(request)
        if await asked.catalogs.current(asked.principal) is None:
            raise NoCatalog
        return JSONResponse({"ready": True, "catalog": asked.version.content_hash})

    return ready


_SDL = printed()


async def _sdl(request: Request) -> Response:
    del request
    return PlainTextResponse(_SDL, media_type="text/plain; charset=utf-8")


def _error(code: str, message: str, remedy: str | None, *, status: int) -> Response:
    extensions = {"code": code} | ({"remedy": remedy} if remedy else {})
    body = {"errors": [{"message": message, "extensions": extensions}]}
    return JSONResponse(body, status_code=status)


async def _bad_input(request: Request, error: Exception) -> Response:
    del request
    if not isinstance(error, BadInput):
        raise error
    return _error(error.code, error.message, error.remedy, status=400)


async def _unavailable(request: Request, error: Exception) -> Response:
    del request
    code = getattr(error, "code", "INTERNAL_ERROR")
    return _error(code, str(error), "Try again in a moment", status=503)
