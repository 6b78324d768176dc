"""Reports over HTTP: a stream of CSV or NDJSON, a whole file, or the manifest of one of them."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shutil import rmtree
from typing import Any, TypeVar

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from formats.report_formats import MEDIA_TYPES, STREAMED, ReportForm
from formats.report_output import manifest_path, stream, write_file
from formats.report_table import Report
from formats.report_xlsx import TooLargeForXlsx
from offerpath import report_query
from offerpath.report_kinds import CustomersReportName, of_customers, of_paths
from resolvers.asked import Asked
from resolvers.problems import BadInput
from resolvers.reports import path_report

Done = TypeVar("Done")

_CLIENT_GONE = 499
"""For the access log alone: nobody is left to read it."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    form: ReportForm
    report: Report[Any]

    @property
    def name(self) -> str:
        return f"offerpath-{self.report.table.name}.{self.form.format.value}"


Reading = Callable[[Asked, Request], _Wanted]
"""Reads what a request asks for. Raises: BadInput."""


class ReportRoutes:
    """GET /reports/NAME and GET /reports/NAME/manifest, for every report."""

    def __init__(self, ask: Callable[[Request], Awaitable[Asked]]) -> None:
        self._ask = ask
        self.routes = [*self._routes("paths", _paths)]
        for name in CustomersReportName:
            self.routes += self._routes(name.value, partial(_customers, name))

    def _routes(self, name: str, read: Reading) -> tuple[Route, Route]:
        async def report(request: Request) -> Response:
            return await _report(request, read(await self._ask(request), request))

        async def manifest(request: Request) -> Response:
            return await _manifest(request, read(await self._ask(request), request))

        path = f"/reports/{name}"
        return Route(path, report, methods=["GET"]), Route(
            f"{path}/manifest", manifest, methods=["GET"]
        )


def _paths(asked: Asked, request: Request) -> _Wanted:
    query = request.query_params
    report_query.check_names(query, report_query.OF_PATHS)
    scope, form = report_query.scope_of_paths(query), report_query.form(query)
    with_no_path = report_query.flag(query, "with_no_path")
    report = path_report(asked, scope, with_no_path=with_no_path)
    return _Wanted(form, of_paths(report, report_query.shape(query)))


def _customers(name: CustomersReportName, asked: Asked, request: Request) -> _Wanted:
    query = request.query_params
    report_query.check_names(query, report_query.OF_CUSTOMERS)
    form = report_query.form(query)
    return _Wanted(form, of_customers(asked, name, report_query.customers(query)))


async def _report(request: Request, wanted: _Wanted) -> Response:
    """Send a report. One that breaks off ends the connection without its last chunk."""
    attachment = {"Content-Disposition": f'attachment; filename="{wanted.name}"'}
    media = MEDIA_TYPES[wanted.form.format]
    if wanted.form.format in STREAMED:
        return _Stream(stream(wanted.report, wanted.form), media, attachment)
    written = await _while_connected(request, _written(wanted))
    if written is None:
        return Response(status_code=_CLIENT_GONE)
    file, cleaning = written
    return FileResponse(file, headers=attachment, media_type=media, background=cleaning)


async def _manifest(request: Request, wanted: _Wanted) -> Response:
    """Send the manifest of the report with the same parameters: its rows and checksum."""
    written = await _while_connected(request, _written(wanted))
    if written is None:
        return Response(status_code=_CLIENT_GONE)
    file, cleaning = written
    content = manifest_path(file).read_bytes()
    return Response(content, media_type="application/json", background=cleaning)


class _Stream(StreamingResponse):
    """A stream whose source is closed at once when the receiver is gone."""

    def __init__(
        self, parts: AsyncGenerator[bytes], media_type: str, headers: dict[str, str]
    ) -> None:
        super().__init__(parts, media_type=media_type, headers=headers)
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._parts.aclose()


async def _written(wanted: _Wanted) -> tuple[Path, BackgroundTask]:
    folder = Path(tempfile.mkdtemp(prefix="offerpath-report-"))
    try:
        await write_file(wanted.report, folder / wanted.name, wanted.form)
    except TooLargeForXlsx as error:
        rmtree(folder, ignore_errors=True)
        raise BadInput(error.code, str(error), remedy="Ask for csv or ndjson") from None
    except BaseException:
        rmtree(folder, ignore_errors=True)
        raise
    return folder / wanted.name, BackgroundTask(rmtree, folder, ignore_errors=True)


async def _while_connected(request: Request, work: Coroutine[Any, Any, Done]) -> Done | None:
    """Return what the work returns; cancel it when the client is gone, and return None.

    Raises: what the work raises.
    """
    working = asyncio.create_task(work)
    leaving = asyncio.create_task(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        leaving.cancel()
        working.cancel()
        await asyncio.wait({working, leaving})


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
