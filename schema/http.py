"""GraphQL over HTTP: one ASGI application for the route /graphql."""

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse
from strawberry.types import ExecutionResult

from schema.context import Context
from schema.errors import show_errors
from schema.schema import SCHEMA

MakeContext = Callable[[Request], Awaitable[Context]]


class GraphQLEndpoint(GraphQL[Context, None]):
    """Answers POST, and GET for queries; a browser that opens it gets the IDE's page."""

    def __init__(self, make_context: MakeContext, *, ide_page: Callable[[], str]) -> None:
        super().__init__(SCHEMA, graphql_ide="graphiql", subscription_protocols=())
        self._make_context = make_context
        self._ide_page = ide_page

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Context:
        del response
        if not isinstance(request, Request):
            raise TypeError("GraphQL over WebSocket is not served")
        return await self._make_context(request)

    async def render_graphql_ide(self, request: Request) -> Response:
        del request
        return HTMLResponse(self._ide_page())

    async def process_result(
        self, request: Request, result: ExecutionResult
    ) -> GraphQLHTTPResponse:
        del request
        shown: GraphQLHTTPResponse = {"data": result.data}
        if result.errors:
            shown["errors"] = list(show_errors(result.errors))
        if result.extensions:
            shown["extensions"] = result.extensions
        return shown

    def decode_json(self, data: str | bytes) -> Any:
        return orjson.loads(data)

    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data)
