"""Whether anybody waits for an answer still: work for a client that hung up is cancelled."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from starlette.requests import ClientDisconnect, Request

_UNWATCHED_SECONDS = 0.05
"""What is answered sooner is not worth a task of its own."""


@asynccontextmanager
async def while_connected(request: Request) -> AsyncGenerator[None]:
    """Cancel the block when the client hangs up; its request was read whole before.

    What the block waits for is cancelled with it: a turn, a plan in its thread, a statement of the
    database. Raises: ClientDisconnect.
    """
    working = asyncio.current_task()
    watching: asyncio.Task[None] | None = None
    is_gone = False

    async def watch() -> None:
        nonlocal is_gone
        while (await request.receive())["type"] != "http.disconnect":
            pass
        is_gone = True
        if working is not None:
            working.cancel()

    def begin() -> None:
        nonlocal watching
        watching = asyncio.create_task(watch())

    beginning = asyncio.get_running_loop().call_later(_UNWATCHED_SECONDS, begin)
    try:
        yield
    except asyncio.CancelledError:
        if is_gone and working is not None and working.uncancel() == 0:
            raise ClientDisconnect from None
        raise
    finally:
        beginning.cancel()
        if watching is not None:
            watching.cancel()
