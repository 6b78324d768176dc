"""What is told of every request once it is over, to the log and to whoever counts."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schema.observed import Observed, begin_observing
from schema.trace import trace_id

CLIENT_GONE = 499
"""In place of a status: nobody was left to read the answer."""
_ACCEPTED = 101
_FORBIDDEN = 403
_FAILED = 500
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Told:
    """One request or one WebSocket that is over."""

    kind: str
    """`http` or `websocket`."""
    method: str
    route: str
    """The path of one of our routes, or `other`: what a client writes there is not told."""
    status: int
    seconds: float
    size: int
    """Bytes of the body that were sent."""
    trace_id: str
    observed: Observed


Teller = Callable[[Told], None]


class _Sent:
    """What of an answer was sent."""

    __slots__ = ("is_whole", "size", "status")

    def __init__(self) -> None:
        self.status, self.size, self.is_whole = CLIENT_GONE, 0, False

    def note(self, message: Message) -> None:
        """Take a message that the server has taken."""
        match message["type"]:
            # A socket that is refused is answered like a request, in messages of its own.
            case "http.response.start" | "websocket.http.response.start":
                self.status = message["status"]
            case "http.response.body" | "websocket.http.response.body":
                self.size += len(message.get("body", b""))
                self.is_whole = not message.get("more_body", False)
            case "websocket.accept":
                self.status, self.is_whole = _ACCEPTED, True
            case "websocket.close" if self.status != _ACCEPTED:
                # The server makes this status of a close that comes before the upgrade.
                self.status, self.is_whole = _FORBIDDEN, True

    def fail(self) -> None:
        """Take a fault in place of what was still to come."""
        self.status, self.is_whole = _FAILED, True


class Telemetry:
    """Hands what is over to those who tell of it."""

    def __init__(self, app: ASGIApp, *, tellers: Sequence[Teller], routes: Iterable[str]) -> None:
        self._app = app
        self._tellers = tellers
        self._routes = frozenset(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        observed, begun, sent = begin_observing(), time.perf_counter(), _Sent()

        async def watched(message: Message) -> None:
            await send(message)
            sent.note(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:
            sent.fail()
            raise
        finally:
            told = Told(
                scope["type"],
                scope.get("method", "GET"),
                self._route(scope["path"]),
                sent.status if sent.is_whole else CLIENT_GONE,
                time.perf_counter() - begun,
                sent.size,
                trace_id(),
                observed,
            )
            for tell in self._tellers:
                tell(told)

    def _route(self, path: str) -> str:
        if path in self._routes:
            return path
        return "/ide" if path.startswith("/ide/") else OTHER
