"""No request body may be longer than a limit, whether it says its length or not."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from offerpath.refusals import refusal
from resolvers.codes.code import Code


class _TooLong(Exception):
    """The body went over the limit while it was read."""


class BodyLimit:
    """Answers 413 to a body that is too long: at once where it says so, else while it is read."""

    def __init__(self, app: ASGIApp, *, maximum_bytes: int) -> None:
        self._app = app
        self._maximum_bytes = maximum_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif _said_length(scope) > self._maximum_bytes:
            await self._refuse(scope, receive, send)
        else:
            await self._count(scope, receive, send)

    async def _count(self, scope: Scope, receive: Receive, send: Send) -> None:
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._maximum_bytes:
                raise _TooLong
            return message

        try:
            await self._app(scope, counted, send)
        except _TooLong:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = refusal(
            Code.BODY_TOO_LARGE,
            f"The request's body is longer than {self._maximum_bytes} bytes",
            "Ask for less at once, or split the file",
            status=413,
            headers={"Connection": "close"},
        )
        await answer(scope, receive, send)


def _said_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0
