"""graphql-core's plain executor, which closes what it began when an operation is cancelled.

A field's coroutine is awaited by a task, and a task that is cancelled before its first step drops
the coroutines that it was to await: Python warns of each, and whatever they hold is let go late.
"""

import asyncio
from collections.abc import Awaitable, Callable
from inspect import CORO_CREATED, getcoroutinestate
from types import CoroutineType
from typing import Any, TypeVar

from graphql import Executor, FieldNode, GraphQLField, GraphQLObjectType, GraphQLResolveInfo
from graphql.pyutils import Path
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

Result = TypeVar("Result")
Begun = list["CoroutineType[Any, Any, Any]"]
_LOOKED_THROUGH = 1_000
"""So many are kept before those are let go that have run."""
_gather_info: Any = StrawberryGraphQLCoreExecutionContext.build_resolve_info
_new_tuple: Any = tuple.__new__
_MEMBERS_OF_A_FIELD = 5
"""The first of what a resolver is told; the others are the same throughout an operation."""
_never_awaited: set[type] = set()
"""Types of which a value was seen that is not to be awaited: none of their values is."""


class TidyExecutor(Executor[None]):
    """Remembers the coroutines of an operation until it is over.

    It knows no `@defer` and `@stream`, which this schema does not offer: strawberry's own looks
    for them in every object.
    """

    def __init__(
        self, *given: Any, operation_extensions: dict[str, Any] | None = None, **named: Any
    ) -> None:
        super().__init__(*given, **named)
        self.operation_extensions = operation_extensions
        if self.middleware_manager is not None and not self.middleware_manager.middlewares:
            self.middleware_manager = None
        self._begin()

    def _begin(self) -> None:
        self._begun: Begun = []
        self._in_common: tuple[Any, ...] | None = None
        # Whatever is awaited in an operation is put to this question first.
        self.is_awaitable = _remembering(self._begun)  # type: ignore[assignment]

    def build_resolve_info(
        self,
        field_def: GraphQLField,
        field_nodes: list[FieldNode],
        parent_type: GraphQLObjectType,
        path: Path,
    ) -> GraphQLResolveInfo[Any]:
        """As strawberry's own, which gathers for each field what all of them have in common."""
        if self._in_common is None:
            made = _gather_info(self, field_def, field_nodes, parent_type, path)
            self._kind, self._in_common = type(made), made[_MEMBERS_OF_A_FIELD:]
        name = field_nodes[0].name.value
        of_field = (name, field_nodes, field_def.type, parent_type, path)
        return _new_tuple(self._kind, of_field + self._in_common)  # type: ignore[no-any-return]

    def build_per_event_executor(self, payload: Any) -> Any:
        """Return the executor of one event, with coroutines of its own."""
        made = super().build_per_event_executor(payload)
        assert isinstance(made, TidyExecutor)  # noqa: S101 (a copy of this one)
        made._begin()
        return made

    def execute_operation(self, serially: bool | None = None) -> Any:
        """Return the result, or what yields it and leaves nothing behind where it is cancelled."""
        result = super().execute_operation(serially)
        return self._tidied(result) if type(result) is CoroutineType else result

    async def _tidied(self, work: Awaitable[Result]) -> Result:
        try:
            return await work
        except BaseException:
            # Tasks that are cancelled already take their one step before that.
            asyncio.get_running_loop().call_soon(_close, self._begun)
            raise


def _remembering(begun: Begun) -> Callable[[Any], bool]:
    """Return the question whether a value is to be awaited; coroutines it is put are remembered."""
    room = _LOOKED_THROUGH

    def is_awaitable(value: Any) -> bool:
        nonlocal room
        kind = type(value)
        if kind in _never_awaited:
            return False
        if kind is CoroutineType:
            begun.append(value)
            if len(begun) > room:
                begun[:] = filter(_is_unbegun, begun)
                room = 2 * len(begun) + _LOOKED_THROUGH
            return True
        if optimized_is_awaitable(value):
            return True
        _never_awaited.add(kind)
        return False

    return is_awaitable


def _is_unbegun(one: object) -> bool:
    return type(one) is CoroutineType and getcoroutinestate(one) == CORO_CREATED


def _close(begun: Begun) -> None:
    """Close the coroutines that nobody awaited, those that hold others first."""
    for one in filter(_is_unbegun, begun):
        inside = _inside(one)
        one.close()
        _close(inside)


def _inside(one: "CoroutineType[Any, Any, Any]") -> Begun:
    """Return the coroutines that one holds which has not begun."""
    found: Begun = []
    for held in one.cr_frame.f_locals.values() if one.cr_frame else ():
        several = held.values() if isinstance(held, dict) else held
        found += filter(_is_unbegun, several if isinstance(held, dict | list) else (held,))
    return found
