"""Requests that share a connection: each one learns that its client is gone."""

import asyncio

import pytest
from starlette.types import Receive, Scope, Send

from offerpath.cli.serving.http_protocol import HttpProtocol
from tests.offerpath.subscriptions.serving import serving

_ONE = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
_SECONDS = 5


@pytest.mark.parametrize("sent_at_once", [1, 2, 5])
async def test_the_request_under_way_learns_that_its_client_left(sent_at_once: int) -> None:
    begun, told = asyncio.Event(), asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        begun.set()
        while (await receive())["type"] != "http.disconnect":
            pass
        told.set()

    async with serving(app, http=HttpProtocol) as host:
        _, writer = await asyncio.open_connection(*host.split(":"))
        writer.write(_ONE * sent_at_once)
        await asyncio.wait_for(begun.wait(), _SECONDS)
        writer.close()
        await asyncio.wait_for(told.wait(), _SECONDS)


async def test_requests_that_were_sent_at_once_are_answered_one_by_one() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0)
        head = [(b"content-length", b"1")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": scope["path"][1:].encode()})

    async with serving(app, http=HttpProtocol) as host:
        reader, writer = await asyncio.open_connection(*host.split(":"))
        writer.write(b"".join(_ONE.replace(b"/ ", b"/%d " % one) for one in range(4)))
        for one in range(4):
            await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _SECONDS)
            assert await reader.readexactly(1) == b"%d" % one
        writer.close()
