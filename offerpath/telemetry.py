"""What is told of every request once it is over, to the log and to whoever counts."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schema.observed import Observed, begin_observing
from schema.trace import trace_id

CLIENT_GONE = 499
"""In place of a status: nobody was left to read the answer."""
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
        observed, begun = begin_observing(), time.perf_counter()
        status, size, is_whole = CLIENT_GONE, 0, False

        async def watched(message: Message) -> None:
            nonlocal status, size, is_whole
            await send(message)
            match message["type"]:
                case "http.response.start":
                    status = message["status"]
                case "http.response.body":
                    size += len(message.get("body", b""))
                    is_whole = not message.get("more_body", False)
                case "websocket.accept":
                    status, is_whole = 101, True

        try:
            await self._app(scope, receive, watched)
        except Exception:
            status, is_whole = _FAILED, True
            raise
        finally:
            told = Told(
                scope["type"],
                scope.get("method", "GET"),
                self._route(scope["path"]),
                status if is_whole else CLIENT_GONE,
                time.perf_counter() - begun,
                size,
                trace_id(),
                observed,
            )
            for tell in self._tellers:
                tell(told)

    def _route(self, path: str) -> str:
        if path in self._routes:
            return path
        return "/ide" if path.startswith("/ide/") else OTHER
