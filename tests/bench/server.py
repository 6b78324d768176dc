"""The real application with one bare route beside it, so that both run on the same server."""

import asyncio
import sys

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from offerpath.app import create_app
from offerpath.house import open_house
from offerpath.settings import Settings


async def bare(request: Request) -> Response:
    """Answer as little JSON as there is."""
    del request
    return JSONResponse({"data": {"ok": True}})


async def serve(port: int) -> None:
    async with open_house(Settings(), load_sample=True) as house:
        app = create_app(house)
        app.routes.insert(0, Route("/bare", bare, methods=["POST"]))
        config = uvicorn.Config(
            app, port=port, log_level="warning", loop="uvloop", http="httptools", access_log=False
        )
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
