"""Subscriptions under way in this process: how many there may be, what they yield, their end."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.schema.schema import StreamResult
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from resolvers.codes.code import Code
from resolvers.problems import BadInput
from resolvers.records.principal import Principal
from schema.http import answer as answers
from schema.http.documents import NO_DOCUMENTS, TrustedDocuments
from schema.http.headers import MediaType
from schema.http.refusal import Refused
from schema.http.request import GraphQLRequest
from schema.limits.rate import PER_REQUEST
from schema.schema import OfferpathSchema
from schema.streams.live import MakeLiveContext

MAX_STREAMS = 500
DRAIN_SECONDS = 2.0
_CLOSING_SECONDS = 1.0
_RETRY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Event:
    """One response of a subscription, as it is sent."""

    response: dict[str, Any]
    is_refusal: bool = False
    """Whether nothing was begun; then it is the only one."""


class Streams:
    """The sockets and event streams of a process."""

    def __init__(
        self,
        schema: OfferpathSchema,
        make_context: MakeLiveContext,
        *,
        maximum: int = MAX_STREAMS,
        documents: TrustedDocuments = NO_DOCUMENTS,
    ) -> None:
        self._schema = schema
        self._make_context = make_context
        self._maximum = maximum
        self.documents = documents
        schema.documents.keep(documents.prepared)
        self._open = 0
        self._has_emptied = asyncio.Event()
        self.ending = asyncio.Event()
        """Set when the process is about to stop: no operation begins any more."""
        self.seconds_left = DRAIN_SECONDS
        """How long those under way may take once it is."""

    def __len__(self) -> int:
        return self._open

    @contextmanager
    def seat(self) -> Iterator[None]:
        """Count one more until the block ends.

        Raises: Refused TOO_MANY_STREAMS, SHUTTING_DOWN, both with status 503.
        """
        if self.ending.is_set():
            raise shutting_down()
        if self._open >= self._maximum:
            raise _too_many(self._maximum)
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1
            if not self._open:
                self._has_emptied.set()

    async def drain(self, seconds: float = DRAIN_SECONDS) -> None:
        """Let nothing begin, give what is under way so many seconds, and return when it is gone."""
        self.seconds_left = seconds
        self.ending.set()
        if self._open:
            self._has_emptied.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds + _CLOSING_SECONDS):
                    await self._has_emptied.wait()

    async def events(self, principal: Principal, asked: GraphQLRequest) -> AsyncGenerator[Event]:
        """Yield what a subscription answers, event by event, faults masked as over HTTP."""
        is_begun = False
        try:
            async with aclosing(await self._results(principal, asked)) as results:
                async for result in results:
                    if isinstance(result, ExecutionResult):
                        yield _event(result)
                        is_begun = True
        except Exception as error:  # masked where it is not known, as any fault of a resolver
            yield refusal_of(error, is_begun=is_begun)

    async def _results(self, principal: Principal, asked: GraphQLRequest) -> StreamResult:
        context = await self._make_context(principal)
        context.allowance.take(PER_REQUEST)
        return await self._schema.stream(
            asked.document,
            variable_values=asked.variables,
            context_value=context,
            operation_name=asked.operation_name,
            allowed_operation_types=(OperationType.SUBSCRIPTION,),
        )


def refusal_of(error: Exception, *, is_begun: bool = False) -> Event:
    """Return what is told instead of the first event; of one that is begun, the last."""
    told = error
    if not isinstance(told, GraphQLError):
        told = GraphQLError(str(error), original_error=error)
    return _event(ExecutionResult(None, [told]) if is_begun else PreExecutionError(None, [told]))


def _event(result: ExecutionResult) -> Event:
    result.errors = result.errors and [_known(error) for error in result.errors]
    _, response = answers.outcome(result, MediaType.GRAPHQL)
    return Event(response, isinstance(result, PreExecutionError))


def _known(error: GraphQLError) -> GraphQLError:
    """Give the executor's own words for a document without a subscription a code of ours."""
    match error.original_error:
        case InvalidOperationTypeError():
            told = BadInput(
                Code.OPERATION_NOT_STREAMED,
                "Only a subscription has more than one answer",
                remedy="Send queries and mutations with a POST",
            )
        case CannotGetOperationTypeError():
            told = BadInput(
                Code.OPERATION_NOT_FOUND,
                "The document has no such operation",
                remedy="Name one of the document's with `operationName`",
            )
        case _:
            return error
    return GraphQLError(told.message, original_error=told)


def _too_many(maximum: int) -> Refused:
    return Refused(
        503,
        Code.TOO_MANY_STREAMS,
        f"All {maximum} sockets and event streams of this process are taken",
        remedy="Try again in a moment, and use one socket for all subscriptions of a page",
        headers={"Retry-After": str(_RETRY_SECONDS)},
    )


def shutting_down() -> Refused:
    return Refused(
        503,
        Code.SHUTTING_DOWN,
        "This process is about to stop",
        remedy="Connect again: another one answers",
        headers={"Retry-After": "1"},
    )
