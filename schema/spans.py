"""Where a request's time goes, told to whoever listens; nothing happens while nobody does."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from inspect import isawaitable
from typing import Any

from graphql import GraphQLResolveInfo
from strawberry.extensions import SchemaExtension

BeginSpan = Callable[[str], AbstractContextManager[Any]]

_begin: BeginSpan | None = None


def listen_to_spans(begin: BeginSpan | None) -> None:
    """Have `begin` called with the name of each span from now on; None listens no more."""
    global _begin
    _begin = begin


def has_listener() -> bool:
    """Return whether somebody listens."""
    return _begin is not None


def span(name: str) -> AbstractContextManager[Any]:
    """Return what lasts as long as the piece of work of that name."""
    return nullcontext() if _begin is None else _begin(name)


class RootSpans(SchemaExtension):
    """A span for each root field: one use case each. For schemas that somebody listens to."""

    def resolve(
        self,
        _next: Callable[..., Any],
        root: Any,
        info: GraphQLResolveInfo[Any],
        *args: str,
        **kwargs: Any,
    ) -> Any:
        if info.path.prev is not None:
            return _next(root, info, *args, **kwargs)
        name = f"{info.parent_type.name}.{info.field_name}"
        with span(name):
            result = _next(root, info, *args, **kwargs)
        return _during(name, result) if isawaitable(result) else result


async def _during(name: str, work: Awaitable[Any]) -> Any:
    with span(name):
        return await work
