"""Relay's connections: edges, cursors and what lies beyond a page."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import strawberry

NodeType = TypeVar("NodeType")
Item = TypeVar("Item")


def cursor_of(self: Any) -> str:
    """Write the cursor of an edge: of its `item`, as `write` does."""
    written: str = self.write(self.item)
    return written


def _first(self: Any) -> str | None:
    return self.write(self.items[0]) if self.items else None


def _last(self: Any) -> str | None:
    return self.write(self.items[-1]) if self.items else None


@strawberry.type(description="What lies beyond a page.")
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None = strawberry.field(resolver=_first)
    end_cursor: str | None = strawberry.field(resolver=_last)
    items: strawberry.Private[Sequence[Any]]
    write: strawberry.Private[Callable[[Any], str]]
    """How the cursor of an item is written, where it is asked for."""


@strawberry.type(description="One element of a page with its cursor.")
class Edge(Generic[NodeType]):
    cursor: str = strawberry.field(resolver=cursor_of)
    node: NodeType
    item: strawberry.Private[Any]
    write: strawberry.Private[Callable[[Any], str]]


@strawberry.type(description="A page of a list.")
class Connection(Generic[NodeType]):
    edges: list[Edge[NodeType]]
    page_info: PageInfo
    total_count: int = strawberry.field(description="How many there are on all pages.")


def connect(
    items: Sequence[Item],
    *,
    cursor: Callable[[Item], str],
    node: Callable[[Item], NodeType],
    has_next: bool,
    total: int,
    after: str | None,
) -> Connection[NodeType]:
    """Return a forward page of some items, in their order."""
    return Connection(
        edges=[Edge(node=node(item), item=item, write=cursor) for item in items],
        page_info=page_info(items, cursor, has_next=has_next, after=after),
        total_count=total,
    )


def page_info(
    items: Sequence[Item], cursor: Callable[[Item], str], *, has_next: bool, after: str | None
) -> PageInfo:
    """Return the page info of a forward page of some items."""
    return PageInfo(
        has_next_page=has_next, has_previous_page=after is not None, items=items, write=cursor
    )
