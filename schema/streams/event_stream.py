"""GraphQL over server-sent events: a request, and then each event of its subscription.

The distinct connections mode of the GraphQL over SSE protocol: one stream for each operation.
"""

import asyncio
import logging
from collections.abc import Iterable
from contextlib import aclosing

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from schema.http import answer as answers
from schema.http import headers
from schema.http.headers import MediaType
from schema.http.refusal import Refused
from schema.http.request import MAX_QUESTION_BYTES, GraphQLRequest, from_body, from_url
from schema.streams.live import Admit, Admitted
from schema.streams.still_admitted import CHECK_SECONDS, end_of_admission
from schema.streams.under_way import Event, Streams, refusal_of
from schema.trace import trace_id

log = logging.getLogger("offerpath.sockets")

PING_SECONDS = 15.0
SEND_SECONDS = 30.0
_PING = b": ping\n\n"
_COMPLETE = b"event: complete\ndata:\n\n"


class EventStream:
    """Answers a request that accepts text/event-stream, for as long as its subscription lasts.

    What is wrong with the request itself is answered by a status code and JSON, what is wrong with
    its document by an event, so that every client can read it.
    """

    def __init__(
        self,
        streams: Streams,
        admit: Admit,
        *,
        allowed_origins: Iterable[str] = (),
        ping_seconds: float = PING_SECONDS,
        send_seconds: float = SEND_SECONDS,
        check_seconds: float = CHECK_SECONDS,
    ) -> None:
        self._streams = streams
        self._admit = admit
        self._allowed_origins = frozenset(allowed_origins)
        self._ping_seconds = ping_seconds
        self._send_seconds = send_seconds
        self._check_seconds = check_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            with self._streams.seat():
                admitted, asked = await self._read(request)
                await self._answer(request, send, admitted, asked)
        except Refused as refused:
            await answers.refused(refused, MediaType.JSON)(scope, receive, send)
        except ClientDisconnect:
            return

    async def _read(self, request: Request) -> tuple[Admitted, GraphQLRequest]:
        """Return who asks and what. Raises: Refused; ClientDisconnect."""
        given = headers.fields(request.scope)
        if request.method == "GET":
            headers.check_site(given, self._allowed_origins)
        else:
            headers.check_content(given)
        admitted = await self._admit(headers.text(given, b"authorization"), _host(request))
        if request.method == "GET":
            return admitted, from_url(request.scope, self._streams.documents)
        documents = self._streams.documents
        return admitted, await from_body(
            request, given, documents, maximum_bytes=MAX_QUESTION_BYTES
        )

    async def _answer(
        self, request: Request, send: Send, admitted: Admitted, asked: GraphQLRequest
    ) -> None:
        """Send events until they or the token end, the process stops, or the client is gone.

        A stream that breaks off ends without its last chunk, so that the client can tell.
        """
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        sending = asyncio.create_task(self._send_events(send, admitted, asked))
        pinging = asyncio.create_task(self._ping(send))
        leaving = asyncio.create_task(_left(request))
        ending = asyncio.create_task(self._ending())
        checking = asyncio.create_task(self._admission_ends(request, admitted))
        work = {sending, pinging, leaving, ending, checking}
        try:
            ended, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in work:
                task.cancel()
            await asyncio.wait(work)
        broken = [error for task in ended if (error := task.exception()) is not None]
        if broken:
            log.warning("an event stream was broken off (%s): %r", trace_id(), broken[0])
        elif leaving not in ended:
            # Where the process is to stop there is no `complete`: the client shall come again.
            is_over = ended == {checking}
            last = _told(refusal_of(checking.result())) + _COMPLETE if is_over else b""
            await self._send(send, last, is_last=True)

    async def _admission_ends(self, request: Request, admitted: Admitted) -> Refused:
        return await end_of_admission(
            self._admit,
            headers.text(headers.fields(request.scope), b"authorization"),
            _host(request),
            admitted,
            check_seconds=self._check_seconds,
        )

    async def _ending(self) -> None:
        """Return when the process is about to stop and time is up."""
        await self._streams.ending.wait()
        await asyncio.sleep(self._streams.seconds_left)

    async def _send_events(self, send: Send, admitted: Admitted, asked: GraphQLRequest) -> None:
        async with aclosing(self._streams.events(admitted.principal, asked)) as events:
            async for event in events:
                await self._send(send, _told(event))
        await self._send(send, _COMPLETE)

    async def _ping(self, send: Send) -> None:
        """Send a comment now and then, so that no proxy takes a quiet stream for a dead one."""
        while True:
            await asyncio.sleep(self._ping_seconds)
            await self._send(send, _PING)

    async def _send(self, send: Send, part: bytes, *, is_last: bool = False) -> None:
        """Raises: TimeoutError, where the client takes too long to read."""
        async with asyncio.timeout(self._send_seconds):
            await send({"type": "http.response.body", "body": part, "more_body": not is_last})


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _host(request: Request) -> str | None:
    return None if request.client is None else request.client.host


def _told(event: Event) -> bytes:
    return b"event: next\ndata: " + orjson.dumps(event.response) + b"\n\n"


_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"vary", b"Accept, Authorization"),
    (b"x-content-type-options", b"nosniff"),
    # Proxies that gather answers before they pass them on are asked not to.
    (b"x-accel-buffering", b"no"),
]
