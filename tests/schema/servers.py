"""A real server on a free port of this machine, for what only a socket shows."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp

_PATIENCE_SECONDS = 10.0


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.has_begun = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.has_begun.set()


@asynccontextmanager
async def serving(app: ASGIApp, **options: Any) -> AsyncIterator[str]:
    """Serve on the loopback address from a thread of its own; give the base address."""
    listening = socket.create_server(("127.0.0.1", 0))
    settings = {"lifespan": "off", "ws": "none", "access_log": False, **options}
    config = uvicorn.Config(app, log_config=None, **settings)
    server = _Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        assert await asyncio.to_thread(server.has_begun.wait, _PATIENCE_SECONDS)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await asyncio.to_thread(thread.join, _PATIENCE_SECONDS)
        listening.close()
