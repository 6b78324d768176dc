"""Best paths in a directed graph with vector costs: knows nodes and costs, and no domain.

Costs are tuples of non-negative integers of one length, added by component and compared in order.
Every arc costs at least one in some component, so a best walk is a simple path. Ties are broken by
the path's nodes, so every order here is total and does not depend on the order of the input.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from operator import add

Node = str
Cost = tuple[int, ...]
Nodes = tuple[Node, ...]
Arcs = Mapping[Node, Iterable[tuple[Node, Cost]]]
"""From a node to its heads and what each arc costs; a node without arcs may be absent."""

Stopped = Callable[[], bool]


def never_stopped() -> bool:
    return False


class OutOfBudget(Exception):
    """The search looked at as many states as it was allowed to, or was stopped."""

    def __init__(self, states: int) -> None:
        super().__init__(f"gave up after {states} states")
        self.states = states


@dataclass(slots=True)
class Budget:
    """How many states a search may look at, and who may stop it sooner."""

    limit: int
    stopped: Stopped = never_stopped
    spent: int = 0

    def spend(self) -> None:
        """Count one state. Raises: OutOfBudget."""
        self.spent += 1
        if self.spent > self.limit or (self.spent % 16 == 0 and self.stopped()):
            raise OutOfBudget(self.spent - 1)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A path with its cost; the field order is the order of merit."""

    cost: Cost
    nodes: Nodes


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which simple paths are wanted: where they end, what they pass, how long they may be."""

    goals: frozenset[Node]
    via: frozenset[Node] = field(default_factory=frozenset)
    max_steps: int | None = None


def best_paths(
    start: Node, arcs: Arcs, *, zero: Cost, max_steps: int | None, budget: Budget
) -> dict[Node, Ranked]:
    """Return the best path from `start` to every other node that can be reached.

    Dijkstra over (node, steps) where steps are limited, else over nodes.
    Raises: OutOfBudget.
    """
    found = {
        node: Ranked(cost, nodes)
        for cost, nodes, node in _settled(start, arcs, zero, max_steps, budget, _append)
    }
    found.pop(start, None)
    return found


def best_paths_into(
    goal: Node, reversed_arcs: Arcs, *, zero: Cost, max_steps: int | None, budget: Budget
) -> dict[Node, Ranked]:
    """Return the best path to `goal` from every other node that reaches it; arcs given reversed.

    The paths are the same that `best_paths` finds from each of those nodes. Raises: OutOfBudget.
    """
    found = {
        node: Ranked(cost, nodes)
        for cost, nodes, node in _settled(goal, reversed_arcs, zero, max_steps, budget, _prepend)
    }
    found.pop(goal, None)
    return found


def lower_bounds(goals: Iterable[Node], reversed_arcs: Arcs, *, zero: Cost) -> dict[Node, Cost]:
    """Return for each node that reaches a goal the least cost of doing so."""
    heap = [(zero, goal) for goal in sorted(goals)]
    bounds: dict[Node, Cost] = {}
    while heap:
        cost, node = heappop(heap)
        if node in bounds:
            continue
        bounds[node] = cost
        for tail, price in reversed_arcs.get(node, ()):
            if tail not in bounds:
                heappush(heap, (_plus(cost, price), tail))
    return bounds


def simple_paths(
    start: Node, arcs: Arcs, wanted: Wanted, bounds: Mapping[Node, Cost], *, budget: Budget
) -> Iterator[Ranked]:
    """Yield every wanted simple path, best first: a best-first search with exact lower bounds.

    `bounds` comes from `lower_bounds(wanted.goals, ...)`. Raises: OutOfBudget, between paths.
    """
    if start not in bounds:
        return
    zero = tuple(0 for _ in bounds[start])
    heap: list[tuple[Cost, Nodes, Cost]] = [(bounds[start], (start,), zero)]
    while heap:
        _, nodes, cost = heappop(heap)
        budget.spend()
        # A complete path is pushed again with its own cost, to come out in its turn.
        if len(nodes) > 1 and nodes[-1] == "":
            yield Ranked(cost, nodes[:-1])
            continue
        for entry in _extensions(nodes, cost, arcs, wanted, bounds):
            heappush(heap, entry)


def _extensions(
    nodes: Nodes, cost: Cost, arcs: Arcs, wanted: Wanted, bounds: Mapping[Node, Cost]
) -> Iterator[tuple[Cost, Nodes, Cost]]:
    last = nodes[-1]
    if len(nodes) > 1 and last in wanted.goals and wanted.via.issubset(nodes):
        yield cost, (*nodes, ""), cost
    if _holds_all(nodes, wanted.goals) or _is_full(nodes, wanted.max_steps):
        return
    for head, price in arcs.get(last, ()):
        if head in bounds and head not in nodes:
            reached = _plus(cost, price)
            yield _plus(reached, bounds[head]), (*nodes, head), reached


def _holds_all(nodes: Nodes, goals: frozenset[Node]) -> bool:
    return len(goals) <= len(nodes) and goals.issubset(nodes)


def _is_full(nodes: Nodes, max_steps: int | None) -> bool:
    return max_steps is not None and len(nodes) > max_steps


def _settled(
    start: Node,
    arcs: Arcs,
    zero: Cost,
    max_steps: int | None,
    budget: Budget,
    extend: Callable[[Nodes, Node], Nodes],
) -> Iterator[tuple[Cost, Nodes, Node]]:
    """Yield each node once, when its best path is known."""
    heap: list[tuple[Cost, Nodes, Node]] = [(zero, (start,), start)]
    settled: set[Hashable] = set()
    yielded: set[Node] = set()
    while heap:
        cost, nodes, node = heappop(heap)
        label: Hashable = node if max_steps is None else (node, len(nodes))
        if label in settled:
            continue
        settled.add(label)
        budget.spend()
        if node not in yielded:
            yielded.add(node)
            yield cost, nodes, node
        if not _is_full(nodes, max_steps):
            for head, price in arcs.get(node, ()):
                if head not in nodes:
                    heappush(heap, (_plus(cost, price), extend(nodes, head), head))


def _append(nodes: Nodes, node: Node) -> Nodes:
    return (*nodes, node)


def _prepend(nodes: Nodes, node: Node) -> Nodes:
    return (node, *nodes)


def _plus(left: Cost, right: Cost) -> Cost:
    return tuple(map(add, left, right))
