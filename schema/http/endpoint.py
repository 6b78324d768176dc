"""GraphQL over HTTP: one ASGI application for the route /graphql."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from strawberry.extensions import SchemaExtension
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from resolvers.access.permits import Task, is_permitted
from resolvers.codes.code import Code
from resolvers.problems import BadInput, TryLater
from schema.context import Context
from schema.http import answer as answers
from schema.http import headers, refusal
from schema.http.documents import NO_DOCUMENTS, TrustedDocuments
from schema.http.gone import while_connected
from schema.http.headers import Fields, MediaType
from schema.http.refusal import Refused
from schema.http.request import MAX_QUESTION_BYTES, GraphQLRequest, from_body, from_url
from schema.http.response_cache import ResponseCache, is_about_catalog, kept, key_of
from schema.limits.cost import told_cost
from schema.limits.deadline import DEADLINE_SECONDS, IMPORT_FACTOR, Deadline
from schema.limits.rate import PER_REQUEST
from schema.observed import observe_kept, observe_request
from schema.schema import make_schema
from schema.spans import RootSpans, has_listener, span

MakeContext = Callable[[Request], Awaitable[Context]]
CACHE_BYTES = 32 * 1024 * 1024
IMPORT_BYTES = 128 * 1024 * 1024
_READS = frozenset({OperationType.QUERY})
_CHANGES = frozenset({OperationType.MUTATION})


class _MarkCacheable(SchemaExtension):
    """Say in the context whether the whole response may be kept."""

    def on_execute(self) -> Iterator[None]:
        yield
        execution = self.execution_context
        document, result = execution.graphql_document, execution.result
        if document is None or result is None or getattr(result, "errors", True):
            return
        execution.context.is_cacheable = is_about_catalog(document, execution.operation_name)


class GraphQLEndpoint:
    """Answers POST, and GET for queries; a browser that opens it gets the IDE's page.

    What is wrong with the request itself is answered by a status code, also where the client takes
    no more than application/json; what is wrong with its document is not.
    """

    def __init__(
        self,
        make_context: MakeContext,
        *,
        ide_page: Callable[[], str],
        cache_bytes: int = CACHE_BYTES,
        import_bytes: int = IMPORT_BYTES,
        allowed_origins: Iterable[str] = (),
        event_stream: ASGIApp | None = None,
        introspection: bool = True,
        deadline_seconds: float = DEADLINE_SECONDS,
        documents: TrustedDocuments = NO_DOCUMENTS,
    ) -> None:
        """Take whoever asks from `make_context`, which is called before a body is read.

        `import_bytes` bounds the body of a change by somebody who may import; every other body
        is bounded by MAX_QUESTION_BYTES. `event_stream` is handed all that accepts
        text/event-stream. `deadline_seconds` bounds the work for one request, ten times as much
        that of one with a file.
        """
        listened = (_MarkCacheable, RootSpans) if has_listener() else (_MarkCacheable,)
        self.schema = make_schema(*listened, introspection=introspection)
        self.schema.documents.keep(documents.prepared)
        self._documents = documents
        self._deadline_seconds = deadline_seconds
        self._make_context = make_context
        self._ide_page = ide_page
        self._cache = ResponseCache(maximum_bytes=cache_bytes)
        self._import_bytes = import_bytes
        self._allowed_origins = frozenset(allowed_origins)
        self._event_stream = event_stream

    @property
    def kept_bytes(self) -> int:
        """How many bytes of answers are kept."""
        return self._cache.bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        media, given = MediaType.JSON, headers.fields(scope)
        try:
            answer = self._page_or_stream(scope, given)
            if answer is None:
                media = headers.negotiated(given)
                answer = await self._answer(Request(scope, receive), given, media)
        except Refused as refused:
            answer = answers.refused(refused, media)
        except ClientDisconnect:
            return
        await answer(scope, receive, send)

    def _page_or_stream(self, scope: Scope, given: Fields) -> ASGIApp | None:
        """Return what answers instead of one GraphQL response. Raises: Refused."""
        if scope["method"] not in ("GET", "POST"):
            raise refusal.method_not_allowed(scope["method"])
        if self._event_stream is not None and headers.is_named(given, "text/event-stream"):
            return self._event_stream
        asks_nothing = scope["method"] == "GET" and not _asks(scope["query_string"])
        if asks_nothing and headers.is_named(given, "text/html"):
            return HTMLResponse(self._ide_page())
        return None

    async def _answer(self, request: Request, given: Fields, media: MediaType) -> ASGIApp:
        """Raises: Refused; what `make_context` raises."""
        context, asked = await self._read(request, given)
        observe_request(asked)
        try:
            context.allowance.take(PER_REQUEST)
        except TryLater as told:
            return answers.later(told, media)
        answer = await self._answered(request, context, asked, given, media)
        return answer.with_headers(context.allowance.headers())

    async def _answered(
        self,
        request: Request,
        context: Context,
        asked: GraphQLRequest,
        given: Fields,
        media: MediaType,
    ) -> answers.Answer:
        key = key_of(context.asked, asked.key)
        found = self._cache.get(key)
        if found is None:
            async with while_connected(request):
                result = await self._execute(asked, context, request.method)
            status, shown = answers.outcome(result, media)
            body = orjson.dumps(shown)
            if not context.is_cacheable:
                answer = await answers.passing(status, body, media, given)
                return answer.with_headers(answers.retry_after(shown))
            found = kept(body)
            self._cache.put(key, found)
        else:
            observe_kept()
        zipped = await answers.with_gzip(found, given)
        if zipped is not found:
            self._cache.put(key, zipped)
        return answers.lasting(zipped, media, given, method=request.method)

    async def _read(self, request: Request, given: Fields) -> tuple[Context, GraphQLRequest]:
        """Return who asks and what; who may not ask at all is told so before a body is read."""
        if request.method == "GET":
            headers.check_site(given, self._allowed_origins)
            return await self._make_context(request), from_url(request.scope, self._documents)
        headers.check_content(given)
        context = await self._make_context(request)
        may_import = is_permitted(context.asked.principal, Task.IMPORT)
        longest = self._import_bytes if may_import else MAX_QUESTION_BYTES
        return context, await from_body(request, given, self._documents, maximum_bytes=longest)

    async def _execute(
        self, asked: GraphQLRequest, context: Context, method: str
    ) -> ExecutionResult:
        """Raises: Refused, where the operation is not one for this method or this size."""
        has_file = asked.size > MAX_QUESTION_BYTES
        seconds = self._deadline_seconds * (IMPORT_FACTOR if has_file else 1)
        deadline = context.deadline = Deadline(seconds)
        work = self.schema.execute(
            asked.document,
            variable_values=asked.variables,
            context_value=context,
            operation_name=asked.operation_name,
            allowed_operation_types=_allowed(asked, method),
            operation_extensions=asked.extensions,
        )
        try:
            with span("graphql.execute"):
                return await deadline.bound(work)
        except BadInput as exceeded:
            return _refused(exceeded, told_cost(context.cost) if context.cost else None)
        except CannotGetOperationTypeError:
            return _no_operation(asked.operation_name)
        except InvalidOperationTypeError as error:
            raise _not_allowed(error.operation_type, method) from None


def _asks(url_query: bytes) -> bool:
    return b"query=" in url_query or b"documentId=" in url_query


def _allowed(asked: GraphQLRequest, method: str) -> frozenset[OperationType]:
    if method == "GET":
        return _READS
    return _CHANGES if asked.size > MAX_QUESTION_BYTES else _READS | _CHANGES


def _not_allowed(kind: OperationType, method: str) -> Refused:
    if kind is OperationType.QUERY:
        return refusal.body_too_large(MAX_QUESTION_BYTES)
    return refusal.operation_not_allowed(kind.value, method=method)


def _no_operation(name: str | None) -> ExecutionResult:
    told = "The document has no operation" if name is None else "It has no operation of that name"
    missing = BadInput(
        Code.OPERATION_NOT_FOUND, told, remedy="Name one of the document's with `operationName`"
    )
    return _refused(missing)


def _refused(refused: BadInput, extensions: dict[str, Any] | None = None) -> ExecutionResult:
    """Return the result of a request that was refused as a whole."""
    error = GraphQLError(refused.message, original_error=refused)
    return ExecutionResult(None, [error], extensions)
