"""The real application, the same without kept responses, and a bare route, in one process."""

import copy
import sys

import uvicorn
import uvloop
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from offerpath.app import create_app
from offerpath.house import open_house
from offerpath.settings import Settings
from schema.http.endpoint import GraphQLEndpoint
from schema.http.response_cache import ResponseCache


async def bare(request: Request) -> Response:
    """Answer as little JSON as there is."""
    del request
    return JSONResponse({"data": {"ok": True}})


def executing(endpoint: GraphQLEndpoint) -> GraphQLEndpoint:
    """Return the same endpoint, which keeps no response."""
    other = copy.copy(endpoint)
    other._cache = ResponseCache(maximum_bytes=0)
    return other


async def serve(port: int) -> None:
    async with open_house(Settings(), load_sample=True) as house:
        app = create_app(house)
        (endpoint,) = (
            route.app
            for route in app.routes
            if isinstance(route, Route) and isinstance(route.app, GraphQLEndpoint)
        )
        # Behind the route of the API, which is the second: none of the three is found much sooner.
        app.routes.insert(2, Route("/bare", bare, methods=["POST"]))
        app.routes.insert(3, Route("/executed", executing(endpoint)))
        config = uvicorn.Config(
            app, port=port, log_level="warning", loop="uvloop", http="httptools", access_log=False
        )
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
