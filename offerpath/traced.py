"""Every request has a trace id, and a fault of ours is told with it and nothing else."""

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schema.errors.shown import masked
from schema.trace import HEADER, begin_trace

_HEADER = HEADER.encode()


class Traced:
    """Gives every request an id, tells it in the header of the answer, and masks faults.

    An id is never taken from the request: whoever asks shall not write into the log.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            begin_trace()
            await self._app(scope, receive, send)
            return
        header = (_HEADER, begin_trace().encode())
        has_started = False

        async def tell(message: Message) -> None:
            nonlocal has_started
            if message["type"] == "http.response.start":
                has_started = True
                message["headers"] = [*message.get("headers", ()), header]
            await send(message)

        try:
            await self._app(scope, receive, tell)
        except Exception as fault:
            told = masked(fault, at=scope["path"])
            if has_started:
                # Half an answer must not look like a whole one: the server breaks it off.
                raise
            await _send_fault(told, tell)


async def _send_fault(told: dict[str, object], send: Send) -> None:
    body = orjson.dumps({"errors": [told]})
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": body})
