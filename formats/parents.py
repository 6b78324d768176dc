"""Whether add-ons hang below each other in a circle, so that none of them has a base."""

from collections.abc import Iterator, Mapping, Sequence

from formats.problems import UniqueIds
from planner.customers import Subscription


def refuse_circles(subscriptions: Sequence[Subscription], ids: UniqueIds, field: str) -> None:
    """Report every circle of parents once, at its least id, naming all ids on it in their order.

    One that is its own parent is told where it is read. O(subscriptions).
    """
    parents = {
        one.subscription_id: one.parent_id
        for one in subscriptions
        if one.parent_id is not None and one.parent_id != one.subscription_id
    }
    for circle in _circles(parents):
        led = " -> ".join((*circle, circle[0]))
        ids.findings.problem(
            "PARENT_CIRCLE", ids.place_of(circle[0]).beside(field), f"its parents lead round: {led}"
        )


def _circles(parents: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Yield each circle from its least id on; what leads into one is not part of it."""
    done: set[str] = set()
    for start in sorted(parents):
        walked: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in done and at not in walked:
            walked[at] = None
            at = parents.get(at)
        if at is not None and at in walked:
            way = list(walked)
            yield _from_least(way[way.index(at) :])
        done.update(walked)


def _from_least(circle: list[str]) -> tuple[str, ...]:
    first = circle.index(min(circle))
    return (*circle[first:], *circle[:first])
