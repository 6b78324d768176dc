"""GraphQL over HTTP: one ASGI application for the route /graphql."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import orjson
from cross_web import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.extensions import SchemaExtension
from strawberry.http import GraphQLHTTPResponse
from strawberry.types import ExecutionResult

from schema.context import Context
from schema.errors import show_errors
from schema.response_cache import Key, ResponseCache, is_about_catalog
from schema.schema import make_schema

MakeContext = Callable[[Request], Awaitable[Context]]
CACHE_BYTES = 32 * 1024 * 1024


class _MarkCacheable(SchemaExtension):
    """Say in the context whether the whole response may be kept."""

    def on_execute(self) -> Iterator[None]:
        yield
        execution = self.execution_context
        document, result = execution.graphql_document, execution.result
        if document is None or result is None or getattr(result, "errors", True):
            return
        execution.context.is_cacheable = is_about_catalog(document, execution.operation_name)


class GraphQLEndpoint(GraphQL[Context, None]):
    """Answers POST, and GET for queries; a browser that opens it gets the IDE's page."""

    def __init__(
        self,
        make_context: MakeContext,
        *,
        ide_page: Callable[[], str],
        cache_bytes: int = CACHE_BYTES,
    ) -> None:
        schema = make_schema(_MarkCacheable)
        super().__init__(schema, graphql_ide="graphiql", subscription_protocols=())
        self._make_context = make_context
        self._ide_page = ide_page
        self._cache = ResponseCache(maximum_bytes=cache_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._execute(scope, receive, send)
            return
        request = Request(scope, receive)
        body = await request.body()
        if _is_json(request) and not body.lstrip().startswith((b"{", b"[")):
            await _refusal("The body is not a JSON object", 400)(scope, receive, send)
            return
        context = await self._make_context(request)
        key = (context.asked.version.version_id, context.asked.now.date(), body)
        kept = self._cache.get(key) if _is_json(request) else None
        if kept is None:
            # The body is read already; the view reads it once more from here.
            await self._execute(_with_context(scope, context), _replay(body, receive), send)
            self._keep(key, context)
        else:
            await Response(kept, media_type="application/json")(scope, receive, send)

    async def _execute(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        try:
            response = await self.run(Request(scope, receive))
        except HTTPException as error:
            response = _refusal(error.reason, error.status_code)
        await response(scope, receive, send)

    def _keep(self, key: Key, context: Context) -> None:
        if context.is_cacheable and context.response_body is not None:
            self._cache.put(key, context.response_body)

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Context:
        del response
        made: Context | None = request.scope.get(_CONTEXT)
        if made is None and isinstance(request, Request):
            made = await self._make_context(request)
            request.scope[_CONTEXT] = made
        if made is None:
            raise TypeError("GraphQL over WebSocket is not served")
        return made

    async def render_graphql_ide(self, request: Request) -> Response:
        del request
        return HTMLResponse(self._ide_page())

    async def process_result(
        self, request: Request, result: ExecutionResult
    ) -> GraphQLHTTPResponse:
        shown: GraphQLHTTPResponse = {"data": result.data}
        if result.errors:
            shown["errors"] = list(show_errors(result.errors))
        if result.extensions:
            shown["extensions"] = result.extensions
        context: Context = request.scope[_CONTEXT]
        if context.is_cacheable:
            context.response_body = self.encode_json(shown)
        return shown

    def decode_json(self, data: str | bytes) -> Any:
        return orjson.loads(data)

    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data)


_CONTEXT = "offerpath.context"


def _refusal(message: str, status: int) -> Response:
    error = {"message": message, "extensions": {"code": "BAD_REQUEST"}}
    content = orjson.dumps({"errors": [error]})
    return Response(content, status_code=status, media_type="application/json")


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("application/json")


def _with_context(scope: Scope, context: Context) -> Scope:
    return {**scope, _CONTEXT: context}


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a channel that gives the body once and then what really comes (a disconnect)."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Any:
        return waiting.pop() if waiting else await receive()

    return replayed
