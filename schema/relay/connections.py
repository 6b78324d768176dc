"""Relay's connections: edges, cursors and what lies beyond a page."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import strawberry

NodeType = TypeVar("NodeType")
Item = TypeVar("Item")


@strawberry.type(description="What lies beyond a page.")
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


def _cursor(self: Any) -> str:
    written: str = self.write(self.item)
    return written


@strawberry.type(description="One element of a page with its cursor.")
class Edge(Generic[NodeType]):
    cursor: str = strawberry.field(resolver=_cursor)
    node: NodeType
    item: strawberry.Private[Any]
    write: strawberry.Private[Callable[[Any], str]]
    """How the cursor of the item is written, where it is asked for."""


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
    ends = [cursor(item) for item in (*items[:1], *items[-1:])]
    return Connection(
        edges=[Edge(node=node(item), item=item, write=cursor) for item in items],
        page_info=page_info(ends, has_next=has_next, after=after),
        total_count=total,
    )


def page_info(cursors: list[str], *, has_next: bool, after: str | None) -> PageInfo:
    """Return the page info of a forward page."""
    return PageInfo(
        has_next_page=has_next,
        has_previous_page=after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
