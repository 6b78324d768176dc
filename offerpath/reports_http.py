"""Reports over HTTP: a stream of CSV or NDJSON, a whole file, or the manifest of one of them."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from shutil import rmtree
from typing import Any, TypeVar

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from formats.writing.formats import MEDIA_TYPES, STREAMED
from formats.writing.output import manifest_path, stream, write_file
from formats.writing.xlsx import TooLargeForXlsx
from offerpath import report_query
from offerpath.delivery import COMPRESSION, not_modified, revalidated
from offerpath.report_asked import WantedReport, read_customers, read_paths
from offerpath.report_jobs import followed
from offerpath.report_kinds import CustomersReportName
from offerpath.report_times import Delivery, ReportTimes
from resolvers.asked import Asked
from resolvers.codes.code import Code
from resolvers.problems import BadInput
from schema.limits.rate import NO_LIMITS, PER_REPORT, PER_REQUEST, Allowance, RateLimits

Done = TypeVar("Done")

_CLIENT_GONE = 499
"""For the access log alone: nobody is left to read it."""


Reading = Callable[[Asked, Request, Delivery, frozenset[str]], Awaitable[WantedReport]]
"""Reads what a request asks for; the set names parameters beside those of every such report.

Raises: BadInput.
"""
_Making = Callable[[Request, WantedReport, Mapping[str, str]], Awaitable[Response]]


class ReportRoutes:
    """GET /reports/NAME and GET /reports/NAME/manifest, for every report.

    HEAD has the same headers: nothing is made, paid for or written down as an export.
    """

    def __init__(
        self,
        ask: Callable[[Request], Awaitable[Asked]],
        rates: RateLimits = NO_LIMITS,
        times: ReportTimes = ReportTimes(),  # noqa: B008 (frozen)
    ) -> None:
        self._ask = ask
        self._rates = rates
        self._times = times
        self.routes = [*self._routes("paths", read_paths)]
        for name in CustomersReportName:
            self.routes += self._routes(name.value, partial(read_customers, name))

    def _allowance(self, asked: Asked) -> Allowance:
        """Return what the caller may still ask for, this request taken. Raises: RateLimited."""
        allowance = self._rates.of(asked.principal)
        allowance.take(PER_REQUEST)
        return allowance

    def _routes(self, name: str, read: Reading) -> tuple[Route, Route]:
        async def report(request: Request) -> Response:
            asked = await self._ask(request)
            allowance = self._allowance(asked)
            more = report_query.OF_WHAT_IS_FOLLOWED
            wanted = await read(asked, request, Delivery(self._times), more)
            told = await followed(asked, wanted.report, request.query_params.get("job"))
            make = _priced(_report, _report_headers, allowance)
            return await _unless_known(request, replace(wanted, report=told), make)

        async def manifest(request: Request) -> Response:
            asked = await self._ask(request)
            allowance = self._allowance(asked)
            wanted = await read(asked, request, Delivery(self._times), frozenset())
            make = _priced(_manifest, _manifest_headers, allowance)
            return await _unless_known(request, wanted, make)

        path = f"/reports/{name}"
        return (
            Route(path, report, methods=["GET"], middleware=[COMPRESSION]),
            Route(f"{path}/manifest", manifest, methods=["GET"], middleware=[COMPRESSION]),
        )


def _priced(make: _Making, tell: _Making, allowance: Allowance) -> _Making:
    """Take the price of a report before it is made; one that the client has costs nothing.

    Nor does one of which HEAD wants to be told alone.
    """

    async def making(
        request: Request, wanted: WantedReport, headers: Mapping[str, str]
    ) -> Response:
        if request.method == "HEAD":
            return await tell(request, wanted, {**headers, **allowance.headers()})
        allowance.take(PER_REPORT)
        return await make(request, wanted, {**headers, **allowance.headers()})

    return making


async def _unless_known(request: Request, wanted: WantedReport, make: _Making) -> Response:
    """Make what is wanted, unless the client has it already."""
    if wanted.etag is None:
        return await make(request, wanted, {"Cache-Control": "no-store"})
    headers = revalidated(wanted.etag, scope="private")
    return not_modified(request, headers) or await make(request, wanted, headers)


async def _report(request: Request, wanted: WantedReport, headers: Mapping[str, str]) -> Response:
    """Send a report. One that breaks off ends the connection without its last chunk."""
    attachment = {**headers, **wanted.attachment}
    media = MEDIA_TYPES[wanted.form.format]
    if wanted.form.format in STREAMED:
        parts = stream(wanted.report, wanted.form)
        first = await _while_connected(request.receive, wanted.delivery.made(_first(parts)))
        if first is None:
            return Response(status_code=_CLIENT_GONE)
        return _Stream(first, parts, wanted.delivery, media, attachment)
    file = await _while_connected(request.receive, wanted.delivery.made(_written(wanted)))
    if file is None:
        return Response(status_code=_CLIENT_GONE)
    return _File(file, wanted.delivery, media, attachment)


async def _manifest(request: Request, wanted: WantedReport, headers: Mapping[str, str]) -> Response:
    """Send the manifest of the report with the same parameters: its rows and checksum."""
    file = await _while_connected(request.receive, wanted.delivery.made(_written(wanted)))
    if file is None:
        return Response(status_code=_CLIENT_GONE)
    content = manifest_path(file).read_bytes()
    cleaning = BackgroundTask(rmtree, file.parent, ignore_errors=True)
    return Response(content, headers=headers, media_type="application/json", background=cleaning)


async def _report_headers(
    request: Request, wanted: WantedReport, headers: Mapping[str, str]
) -> Response:
    del request
    return _headers_alone({**headers, **wanted.attachment}, MEDIA_TYPES[wanted.form.format])


async def _manifest_headers(
    request: Request, wanted: WantedReport, headers: Mapping[str, str]
) -> Response:
    del request, wanted
    return _headers_alone(headers, "application/json")


def _headers_alone(headers: Mapping[str, str], media_type: str) -> Response:
    """Return what HEAD is answered; how long the body would be, only its making tells."""
    answer = Response(headers=headers, media_type=media_type)
    del answer.headers["content-length"]
    return answer


class _Stream(StreamingResponse):
    """A stream whose source is closed at once when the receiver is gone, or time is up.

    Its first part is there already: what cannot be begun was refused with a status of its own.
    The source is cancelled once, and then has the time that it needs to give back what it holds:
    Starlette's own streams cancel whatever they await again, the end of a transaction too.
    """

    def __init__(
        self,
        first: bytes,
        parts: AsyncGenerator[bytes],
        delivery: Delivery,
        media_type: str,
        headers: dict[str, str],
    ) -> None:
        super().__init__(_all(first, parts), media_type=media_type, headers=headers)
        self._parts = parts
        self._delivery = delivery

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with self._delivery.sending(scope, send) as to_reader:
                await _while_connected(receive, self.stream_response(to_reader))
        finally:
            await self._parts.aclose()


class _File(FileResponse):
    """A file whose folder goes with it, sent or not."""

    def __init__(
        self, file: Path, delivery: Delivery, media_type: str, headers: dict[str, str]
    ) -> None:
        super().__init__(file, headers=headers, media_type=media_type)
        self._folder = file.parent
        self._delivery = delivery

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with self._delivery.sending(scope, send) as to_reader:
                await super().__call__(scope, receive, to_reader)
        finally:
            await asyncio.to_thread(rmtree, self._folder, ignore_errors=True)


async def _first(parts: AsyncGenerator[bytes]) -> bytes:
    """Return the first part, empty where there is none; what it raises closes the source."""
    try:
        return await anext(parts, b"")
    except BaseException:
        await parts.aclose()
        raise


async def _all(first: bytes, parts: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    yield first
    async for part in parts:
        yield part


async def _written(wanted: WantedReport) -> Path:
    """Return the file, in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="offerpath-report-"))
    try:
        await write_file(wanted.report, folder / wanted.name, wanted.form)
    except TooLargeForXlsx as error:
        rmtree(folder, ignore_errors=True)
        raise BadInput(Code(error.code), str(error), remedy="Ask for csv or ndjson") from None
    except BaseException:
        rmtree(folder, ignore_errors=True)
        raise
    return folder / wanted.name


async def _while_connected(receive: Receive, work: Coroutine[Any, Any, Done]) -> Done | None:
    """Return what the work returns; cancel it when the client is gone, and return None.

    Raises: what the work raises.
    """
    working = asyncio.create_task(work)
    leaving = asyncio.create_task(_left(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        leaving.cancel()
        working.cancel()
        await asyncio.wait({working, leaving})
        if not working.cancelled():
            working.exception()  # retrieved, so that asyncio does not log it for a client that left


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
