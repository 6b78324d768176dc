"""A really listening server in this event loop, and clients of its sockets and event streams."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx2
import orjson
import uvicorn
from starlette.types import ASGIApp
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from offerpath.cli.serving.server import SOCKETS

PROTOCOL = Subprotocol("graphql-transport-ws")
SOON = 15.0


class Server(uvicorn.Server):
    """Uvicorn that leaves the signals alone: the loop belongs to the tests."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: ASGIApp, **options: Any) -> AsyncIterator[str]:
    """Serve on a free port of this machine; give host and port."""
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listening:
        settings = {**SOCKETS, "lifespan": "off", "timeout_graceful_shutdown": 3, **options}
        config = uvicorn.Config(app, log_config=None, access_log=False, **settings)
        server = Server(config)
        task = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            async with asyncio.timeout(SOON):
                # Uvicorn has no event for it.
                while not server.started:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            yield f"127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task


class Socket:
    """A client's end of one WebSocket, as libraries for graphql-transport-ws use it."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, **message: Any) -> None:
        await self.connection.send(orjson.dumps(message).decode())

    async def receive(self) -> Any:
        """Return the next message; it must be text, as the protocol says."""
        async with asyncio.timeout(SOON):
            received = await self.connection.recv()
        assert isinstance(received, str)
        return orjson.loads(received)

    async def begin(self, **payload: Any) -> None:
        await self.send(type="connection_init", **({"payload": payload} if payload else {}))
        assert (await self.receive()) == {"type": "connection_ack"}

    async def subscribe(self, query: str, key: str = "1", **variables: Any) -> None:
        payload = {"query": query, "variables": variables}
        await self.send(type="subscribe", id=key, payload=payload)

    async def next(self, key: str = "1") -> Any:
        """Return the data of the next event, which has no errors."""
        message = await self.receive()
        assert (message["type"], message["id"]) == ("next", key), message
        assert "errors" not in message["payload"], message
        return message["payload"]["data"]

    async def refused(self, key: str = "1") -> str:
        """Return the code of the one error with which an operation is refused."""
        message = await self.receive()
        assert (message["type"], message["id"]) == ("error", key), message
        (error,) = message["payload"]
        return str(error["extensions"]["code"])

    async def closed(self) -> tuple[int, str]:
        """Return with which code and reason the server closes, whatever it says before."""
        try:
            async with asyncio.timeout(SOON):
                while True:
                    await self.connection.recv()
        except ConnectionClosed as end:
            return (end.rcvd.code, end.rcvd.reason) if end.rcvd else (0, "cut off")


@asynccontextmanager
async def opened(host: str, **options: Any) -> AsyncIterator[Socket]:
    """Open a socket without saying anything."""
    settings: dict[str, Any] = {"subprotocols": [PROTOCOL], "proxy": None, **options}
    async with connect(f"ws://{host}/graphql", **settings) as connection:
        yield Socket(connection)


@asynccontextmanager
async def begun(host: str, **payload: Any) -> AsyncIterator[Socket]:
    """Open a socket that is acknowledged."""
    async with opened(host) as socket_:
        await socket_.begin(**payload)
        yield socket_


class Events:
    """A client's end of an event stream."""

    def __init__(self, response: httpx2.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def receive(self) -> tuple[str, Any]:
        """Return the name and the data of the next event; comments are left out."""
        name, data = "", ""
        async with asyncio.timeout(SOON):
            async for line in self._lines:
                if line.startswith("event:"):
                    name = line[6:].strip()
                elif line.startswith("data:"):
                    data = line[5:].strip()
                elif not line and name:
                    return name, orjson.loads(data) if data else None
        return "end", None

    async def next(self) -> Any:
        name, told = await self.receive()
        assert name == "next", (name, told)
        assert "errors" not in told, told
        return told["data"]


@asynccontextmanager
async def streamed(
    host: str, query: str, variables: Any = None, **headers: str
) -> AsyncIterator[Events]:
    """POST a subscription and read its events."""
    body = {"query": query, "variables": variables or {}}
    sent = {"accept": "text/event-stream", **headers}
    async with (
        httpx2.AsyncClient(base_url=f"http://{host}", trust_env=False, timeout=SOON) as client,
        client.stream("POST", "/graphql", json=body, headers=sent) as response,
    ):
        yield Events(response)


async def ask(host: str, query: str, variables: Any = None, **headers: str) -> Any:
    """Return the data of a query or mutation."""
    async with httpx2.AsyncClient(trust_env=False, timeout=60) as client:
        answer = await client.post(
            f"http://{host}/graphql",
            json={"query": query, "variables": variables or {}},
            headers=headers,
        )
    told = answer.json()
    assert "errors" not in told, told
    return told["data"]
