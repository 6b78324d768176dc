"""Relay's connections: edges, cursors and what lies beyond a page."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

import strawberry

NodeType = TypeVar("NodeType")
Item = TypeVar("Item")


@strawberry.type(description="What lies beyond a page.")
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type(description="One element of a page with its cursor.")
class Edge(Generic[NodeType]):
    cursor: str
    node: NodeType


@strawberry.type(description="A page of a list.")
class Connection(Generic[NodeType]):
    edges: list[Edge[NodeType]]
    page_info: PageInfo
    total_count: int = strawberry.field(description="How many there are on all pages.")


def connect(
    items: Iterable[Item],
    *,
    cursor: Callable[[Item], str],
    node: Callable[[Item], NodeType],
    has_next: bool,
    total: int,
    after: str | None,
) -> Connection[NodeType]:
    """Return a forward page of some items, in their order."""
    edges = [Edge(cursor=cursor(item), node=node(item)) for item in items]
    return Connection(
        edges=edges,
        page_info=page_info([edge.cursor for edge in edges], has_next=has_next, after=after),
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
