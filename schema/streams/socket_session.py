"""One WebSocket from its first message to its close, as graphql-transport-ws says."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect

from resolvers.codes.code import Code
from resolvers.problems import BadInput
from schema.http.json_text import RepeatedName, check_names
from schema.http.refusal import Refused
from schema.http.request import MAX_QUESTION_BYTES, checked_request
from schema.streams.live import Admit, Admitted
from schema.streams.still_admitted import CHECK_SECONDS, end_of_admission
from schema.streams.under_way import Streams, refusal_of, shutting_down
from schema.trace import begin_trace, trace_id

log = logging.getLogger("offerpath.sockets")

_LONGEST_ID = 128
_LONGEST_REASON = 100
"""A close frame has room for 123 bytes of it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one socket may take, in seconds and operations."""

    operations: int = 50
    init_seconds: float = 10.0
    """Until it says who it is."""
    send_seconds: float = 30.0
    """For one message to a reader that is slow."""
    check_seconds: float = CHECK_SECONDS
    """Until it is found out anew whether its token or key still holds."""


class _Closing(Exception):
    """The socket is to be closed, and why."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason[:_LONGEST_REASON]


class SocketSession:
    """What goes on over one accepted socket."""

    def __init__(self, socket: WebSocket, streams: Streams, admit: Admit, limits: Limits) -> None:
        self._socket = socket
        self._streams = streams
        self._admit = admit
        self._limits = limits
        self._host = None if socket.client is None else socket.client.host
        self._is_begun = False
        self._admitted: Admitted | None = None
        self._watching: list[asyncio.Task[None]] = []
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._end: asyncio.Future[_Closing] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Answer until either side ends it; then nothing of it is left."""
        for work in (self._read(), self._wait_for_beginning(), self._wait_for_ending()):
            self._watching.append(asyncio.create_task(work))
        try:
            closing = await self._end
        finally:
            tasks = (*self._watching, *self._operations.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        await self._close(closing)

    async def _close(self, closing: _Closing) -> None:
        # A reader that does not read does not take the close either.
        with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
            async with asyncio.timeout(self._limits.send_seconds):
                await self._socket.close(closing.code, closing.reason)

    def _end_with(self, closing: _Closing) -> None:
        if not self._end.done():
            self._end.set_result(closing)

    # What ends it.

    async def _read(self) -> None:
        """Take messages one after another: a socket whose messages are not taken must wait."""
        try:
            while True:
                received = await self._socket.receive()
                if received["type"] == "websocket.disconnect":
                    raise _Closing(1000, "Gone")
                await self._take(_message(received))
        except _Closing as closing:
            self._end_with(closing)
        except Exception:
            log.exception("fault %s in a socket", trace_id())
            self._end_with(_Closing(1011, f"Something went wrong on our side: {trace_id()}"))

    async def _wait_for_beginning(self) -> None:
        await asyncio.sleep(self._limits.init_seconds)
        if self._admitted is None:
            self._end_with(_Closing(4408, "Connection initialisation timeout"))

    async def _wait_for_ending(self) -> None:
        """Once the process is about to stop, close when nothing is under way, or time is up."""
        await self._streams.ending.wait()
        if self._operations:
            await asyncio.wait(self._operations.values(), timeout=self._streams.seconds_left)
        self._end_with(_Closing(1012, "Service restart"))

    async def _check_on(self, authorization: str | None, admitted: Admitted) -> None:
        """Close the socket when its token ends, is not taken any more, or has other roles."""
        refused = await end_of_admission(
            self._admit,
            authorization,
            self._host,
            admitted,
            check_seconds=self._limits.check_seconds,
        )
        self._end_with(_closing_of(refused))

    # What it takes.

    async def _take(self, message: Mapping[str, Any]) -> None:
        """Raises: _Closing."""
        match message:
            case {"type": "connection_init"}:
                await self._begin(message)
            case {"type": "ping"}:
                payload = message.get("payload")
                await self._send({"type": "pong"} | ({"payload": payload} if payload else {}))
            case {"type": "pong"}:
                pass
            case {"type": "subscribe", "id": str(key), "payload": dict(payload)}:
                await self._subscribe(key, payload)
            case {"type": "complete", "id": str(key)}:
                if (operation := self._operations.pop(key, None)) is not None:
                    operation.cancel()
            case _:
                raise _Closing(4400, "Invalid message")

    async def _begin(self, message: Mapping[str, Any]) -> None:
        """Raises: _Closing."""
        payload = message.get("payload") or {}
        if not isinstance(payload, dict):
            raise _Closing(4400, "Invalid connection_init payload")
        if self._is_begun:
            raise _Closing(4429, "Too many initialisation requests")
        self._is_begun = True
        authorization = _authorization(payload)
        try:
            self._admitted = await self._admit(authorization, self._host)
        except Refused as refused:
            raise _closing_of(refused) from None
        await self._send({"type": "connection_ack"})
        check = self._check_on(authorization, self._admitted)
        self._watching.append(asyncio.create_task(check))

    async def _subscribe(self, key: str, payload: dict[str, Any]) -> None:
        """Raises: _Closing."""
        if self._admitted is None:
            raise _Closing(4401, "Unauthorized")
        if not 1 <= len(key) <= _LONGEST_ID:
            raise _Closing(4400, "Invalid message")
        if key in self._operations:
            raise _Closing(4409, f"Subscriber for {key} already exists")
        refused = self._refused()
        if refused is not None:
            await self._send_errors(key, refusal_of(refused).response)
            return
        operation = asyncio.create_task(self._operate(key, payload, self._admitted))
        self._operations[key] = operation

    def _refused(self) -> BadInput | None:
        if self._streams.ending.is_set():
            return shutting_down()
        if len(self._operations) < self._limits.operations:
            return None
        return BadInput(
            Code.TOO_MANY_OPERATIONS,
            f"This socket has {self._limits.operations} subscriptions under way",
            remedy="Complete one that is not needed any more",
        )

    # What it sends.

    async def _operate(self, key: str, payload: dict[str, Any], admitted: Admitted) -> None:
        """Send the events of one subscription until it ends or is cancelled."""
        begin_trace()
        try:
            await self._send_events(key, payload, admitted)
        except _Closing as closing:
            self._end_with(closing)
        except Exception:
            log.exception("fault %s in a subscription", trace_id())
            self._end_with(_Closing(1011, f"Something went wrong on our side: {trace_id()}"))

    async def _send_events(self, key: str, payload: dict[str, Any], admitted: Admitted) -> None:
        try:
            asked = checked_request(payload, self._streams.documents, size=0)
        except Refused as refused:
            self._forget(key)
            await self._send_errors(key, refusal_of(refused).response)
            return
        async with aclosing(self._streams.events(admitted.principal, asked)) as events:
            async for event in events:
                if event.is_refusal:
                    self._forget(key)
                    await self._send_errors(key, event.response)
                    return
                await self._send({"id": key, "type": "next", "payload": event.response})
        # Forgotten first: whoever has read the message may use the id again.
        self._forget(key)
        await self._send({"id": key, "type": "complete"})

    def _forget(self, key: str) -> None:
        if self._operations.get(key) is asyncio.current_task():
            del self._operations[key]

    async def _send_errors(self, key: str, response: Mapping[str, Any]) -> None:
        await self._send({"id": key, "type": "error", "payload": response["errors"]})

    async def _send(self, message: Mapping[str, Any]) -> None:
        """Raises: _Closing, where the client is gone or takes too long to read."""
        try:
            async with asyncio.timeout(self._limits.send_seconds):
                # Text: bytes would become a binary frame, which the protocol does not know.
                await self._socket.send_text(orjson.dumps(message).decode())
        except TimeoutError:
            raise _Closing(1008, "Reading too slowly") from None
        except (WebSocketDisconnect, RuntimeError):
            raise _Closing(1000, "Gone") from None


def _message(received: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a client says. Raises: _Closing."""
    text = received.get("text")
    if text is None:
        raise _Closing(4400, "Messages are text")
    if len(text) > MAX_QUESTION_BYTES:
        raise _Closing(1009, "Message too big")
    try:
        message = orjson.loads(text)
        check_names(text.encode(), message)
    except RepeatedName:
        raise _Closing(4400, Code.DUPLICATE_KEY) from None
    except (orjson.JSONDecodeError, RecursionError):
        raise _Closing(4400, "Messages are JSON") from None
    if not isinstance(message, dict):
        raise _Closing(4400, "Invalid message")
    return message


def _authorization(payload: Mapping[str, Any]) -> str | None:
    """Return the token of a connection_init, under its name in any case."""
    for name, value in payload.items():
        if name.lower() == "authorization" and isinstance(value, str):
            return value
    return None


def _closing_of(refused: Refused) -> _Closing:
    """Return how a socket is closed to somebody who is not let in; the code is the reason."""
    codes = {401: 4401, 403: 4403}
    return _Closing(codes.get(refused.status, 1013), refused.code)
