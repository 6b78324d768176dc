"""Why there is no path, told whole: the causes as a tree, the frontier, the fewest changes."""

from collections.abc import Iterator
from dataclasses import dataclass

from planner.catalog import Catalog
from planner.edges import Pair
from planner.explaining.assumed_moves import assumed_moves
from planner.explaining.changes import MAX_TRIES, Openings, fewest_changes
from planner.explaining.gap import Gap, Offers, RefusedMove, gap_between
from planner.explaining.nodes import Node
from planner.explaining.tree import cause_tree, limit_tree
from planner.goals import members_of
from planner.ids import CatalogId
from planner.no_path import NoPath, Verdict
from planner.paths import DEFAULT_BUDGET, PathQuestion, PathsFound, paths
from planner.scope import Scope, view_for
from planner.search import Stopped, never_stopped
from planner.transitions import Transition, TransitionKind

_ENTRIES = 20
_UNKNOWN_MOVES = 20


@dataclass(frozen=True, slots=True)
class UnknownMove:
    """A move that no source claims or denies and that a list not loaded may hold."""

    origin: CatalogId
    target: CatalogId
    kind: TransitionKind


@dataclass(frozen=True, slots=True)
class Frontier:
    """The two shores, and what would have to lead from the one to the other."""

    reached: tuple[CatalogId, ...]
    """The origin and every offer that it reaches, by id."""
    ends: tuple[CatalogId, ...]
    """Those of them from which nothing allowed leads on."""
    entries: tuple[CatalogId, ...]
    """Offers from which a goal is reached, goals included, and that nothing allowed enters;
    at most 20, by id."""
    entry_count: int
    """How many of these there are."""
    moves: tuple[Transition, ...]
    """Allowed moves between the reached offers, by their ends."""
    refused: tuple[RefusedMove, ...]
    """Every refused move that may be on a way from the origin to a goal, by its ends."""
    denied: tuple[Pair, ...]
    """Moves from the one shore to the other that a source denies, by their ends."""
    unknown: tuple[UnknownMove, ...]
    """From reached offers to offers from which a goal is reached; at most 20, ends first."""
    unknown_count: int
    """How many of these there are; 0 as well where the goals are too many to name."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """An answer, not a failure: there is no path, and why."""

    origin: CatalogId
    goals: tuple[CatalogId, ...]
    """The offers that meet the goal, by id; may be empty."""
    scope: Scope
    via: Offers
    no_path: NoPath
    nodes: tuple[Node, ...]
    """The tree in order of its numbers: causes first, the conclusion last."""
    frontier: Frontier
    changes: Openings

    @property
    def verdict(self) -> Verdict:
        return self.no_path.verdict


def explain(
    catalog: Catalog,
    question: PathQuestion,
    *,
    budget: int = DEFAULT_BUDGET,
    tries: int = MAX_TRIES,
    stopped: Stopped = never_stopped,
) -> Explanation | PathsFound:
    """Return why a question has no path, or its paths where it has some.

    `budget` bounds the states of one search, `tries` the sets of changes that are looked at.
    Raises: what `paths` raises.
    """
    answer = paths(catalog, question, budget=budget, stopped=stopped)
    if isinstance(answer, PathsFound):
        return answer
    goals = members_of(catalog, question.goal)
    gap = gap_between(catalog, question.origin, goals, question.scope)
    if answer.verdict is Verdict.GAVE_UP:
        nodes, changes = limit_tree(answer.states), Openings((), 0, False)
    else:
        nodes = cause_tree(
            catalog, question.origin, goals, scope=question.scope, via=question.via, budget=budget
        )
        changes = fewest_changes(catalog, question, gap, tries=tries, stopped=stopped)
    return Explanation(
        question.origin,
        tuple(sorted(goals)),
        question.scope,
        question.via,
        answer,
        nodes,
        _frontier(catalog, gap, question.scope),
        changes,
    )


def _frontier(catalog: Catalog, gap: Gap, scope: Scope) -> Frontier:
    view = view_for(catalog, scope)
    entries = sorted(offer for offer in gap.onward if not view.reversed_arcs.get(offer))
    moves = (
        catalog.graph.edges[tail, CatalogId(head)]["transition"]
        for tail in sorted(gap.reached)
        for head, _ in view.arcs.get(tail, ())
    )
    unknown = sorted(_unknown(catalog, gap, scope), key=lambda move: _nearness(gap, move))
    return Frontier(
        tuple(sorted(gap.reached)),
        tuple(sorted(offer for offer in gap.reached if not view.arcs.get(offer))),
        tuple(entries[:_ENTRIES]),
        len(entries),
        tuple(moves),
        gap.refused,
        tuple(
            sorted(
                {
                    (denial.origin, denial.target)
                    for denial in gap.denied
                    if denial.origin in gap.reached and denial.target in gap.onward
                }
            )
        ),
        tuple(unknown[:_UNKNOWN_MOVES]),
        len(unknown),
    )


def _unknown(catalog: Catalog, gap: Gap, scope: Scope) -> Iterator[UnknownMove]:
    for listed in assumed_moves(catalog, gap, scope):
        for move in listed.moves:
            if move.origin in gap.reached and move.target in gap.onward:
                yield UnknownMove(move.origin, move.target, listed.kind)


def _nearness(gap: Gap, move: UnknownMove) -> tuple[bool, bool, CatalogId, CatalogId]:
    """Put moves to a goal before moves to what leads there, and moves from the origin first."""
    return move.target not in gap.goals, move.origin != gap.origin, move.origin, move.target
