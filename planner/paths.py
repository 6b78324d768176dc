"""Best ways from one offer to others: reachable targets, shortest path, alternatives."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, pairwise

from planner.blockers import Assumption, Blocker
from planner.catalog import Catalog
from planner.conditions import path_assumptions, path_conditions
from planner.goals import Goal, members_of
from planner.ids import CatalogId
from planner.no_path import NoPath, explain_no_path, gave_up
from planner.readiness import Readiness, readiness
from planner.scope import Scope, View, view_for
from planner.search import (
    Budget,
    Cost,
    OutOfBudget,
    Ranked,
    Stopped,
    Wanted,
    best_paths,
    best_paths_into,
    lower_bounds,
    never_stopped,
    simple_paths,
)
from planner.transitions import EvidenceKind, Execution, Transition, TransitionKind
from planner.windows import WindowVerdict

DEFAULT_BUDGET = 100_000
"""States a search may look at; the bundled catalog's hardest question needs a few thousand."""


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a path, and what its dates say on the day asked for."""

    transition: Transition
    window: WindowVerdict


@dataclass(frozen=True, slots=True)
class PathCost:
    """What a path costs, known without a subscription."""

    legacy_upgrades: int
    steps: int
    manual_steps: int
    weakest_evidence: EvidenceKind


@dataclass(frozen=True, slots=True)
class Path:
    """A simple path of one step or more, with what weakens it whoever walks it."""

    offers: tuple[CatalogId, ...]
    """From the origin to the target, both included."""
    steps: tuple[Step, ...]
    cost: PathCost
    readiness: Readiness
    conditions: tuple[Blocker, ...]
    assumes: tuple[Assumption, ...]

    @property
    def origin(self) -> CatalogId:
        return self.offers[0]

    @property
    def target(self) -> CatalogId:
        return self.offers[-1]


@dataclass(frozen=True, slots=True)
class PathsFound:
    """The best paths in order of merit, at least one."""

    paths: tuple[Path, ...]
    has_more: bool
    """Whether further paths exist; True as well where the budget ended the search after these."""
    is_exhaustive: bool
    """False where the budget ended the search after these paths."""


@dataclass(frozen=True, slots=True)
class PathQuestion:
    """Paths from an offer to a goal."""

    origin: CatalogId
    goal: Goal
    scope: Scope
    first: int = 1
    via: frozenset[CatalogId] = field(default_factory=frozenset)


def paths(
    catalog: Catalog,
    question: PathQuestion,
    *,
    budget: int = DEFAULT_BUDGET,
    stopped: Stopped = never_stopped,
) -> PathsFound | NoPath:
    """Return the `first` best simple paths, or why there is none.

    Raises: UnknownOffer for an origin, goal, via or avoid that the catalog does not have.
    """
    asked = _Asked.of(catalog, question)
    spending = Budget(budget, stopped)
    found, exhausted, more = asked.ranked(spending)
    if not found:
        return asked.why_none(spending, exhausted=exhausted)
    return PathsFound(tuple(map(asked.told, found)), more or not exhausted, exhausted)


def first_moves(
    catalog: Catalog, question: PathQuestion, *, most: int, budget: int = DEFAULT_BUDGET
) -> tuple[Path, ...] | NoPath:
    """Return the best path by each of so many first moves in order of merit, or why there is none.

    They are looked for among the `question.first` best paths. Raises: as `paths`.
    """
    asked = _Asked.of(catalog, question)
    spending = Budget(budget)
    found, exhausted, _ = asked.ranked(spending)
    if not found:
        return asked.why_none(spending, exhausted=exhausted)
    by_move: dict[str, Ranked] = {}
    for ranked in found:
        by_move.setdefault(ranked.nodes[1], ranked)
    return tuple(map(asked.told, islice(by_move.values(), most)))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with what the catalog makes of it."""

    catalog: Catalog
    question: PathQuestion
    goals: frozenset[CatalogId]
    view: View

    @classmethod
    def of(cls, catalog: Catalog, question: PathQuestion) -> "_Asked":
        _check_offers(catalog, question)
        goals = members_of(catalog, question.goal)
        return cls(catalog, question, goals, view_for(catalog, question.scope))

    def ranked(self, budget: Budget) -> tuple[Sequence[Ranked], bool, bool]:
        return _ranked(self.view, self.question, self.goals - {self.question.origin}, budget)

    def told(self, ranked: Ranked) -> Path:
        return path_from(self.catalog, self.view, self.question.scope, ranked)

    def why_none(self, budget: Budget, *, exhausted: bool) -> NoPath:
        if not exhausted:
            return gave_up(budget.spent)
        asked = self.question
        return explain_no_path(
            self.catalog, self.view, asked.origin, self.goals, scope=asked.scope, via=asked.via
        )


def reachable(
    catalog: Catalog,
    origin: CatalogId,
    scope: Scope,
    *,
    budget: int = DEFAULT_BUDGET,
    stopped: Stopped = never_stopped,
) -> tuple[Path, ...]:
    """Return the best path to every offer that `origin` reaches, in order of merit.

    Raises: UnknownOffer; OutOfBudget.
    """
    catalog.offer(origin)
    view = view_for(catalog, scope)
    found = best_paths(
        origin,
        view.arcs,
        zero=view.zero,
        max_steps=scope.max_steps,
        budget=Budget(budget, stopped),
    )
    return _in_order(catalog, view, scope, found.values())


@lru_cache(maxsize=2048)
def kept_reachable(catalog: Catalog, origin: CatalogId, scope: Scope) -> tuple[Path, ...]:
    """Return `reachable`, kept for the next one who asks; give a `whole_day` scope."""
    return reachable(catalog, origin, scope)


def reaching(
    catalog: Catalog,
    target: CatalogId,
    scope: Scope,
    *,
    budget: int = DEFAULT_BUDGET,
    stopped: Stopped = never_stopped,
) -> tuple[Path, ...]:
    """Return the best path from every offer that reaches `target`, in order of merit.

    Raises: UnknownOffer; OutOfBudget.
    """
    catalog.offer(target)
    view = view_for(catalog, scope)
    if target in scope.avoid:
        return ()
    found = best_paths_into(
        target,
        view.reversed_arcs,
        zero=view.zero,
        max_steps=scope.max_steps,
        budget=Budget(budget, stopped),
    )
    return _in_order(catalog, view, scope, found.values())


def _check_offers(catalog: Catalog, question: PathQuestion) -> None:
    catalog.offer(question.origin)
    for catalog_id in sorted(question.via | question.scope.avoid):
        catalog.offer(catalog_id)


def _ranked(
    view: View, question: PathQuestion, goals: frozenset[CatalogId], budget: Budget
) -> tuple[Sequence[Ranked], bool, bool]:
    """Return the best paths, whether the search was whole, and whether another path exists."""
    bounds = _bounds(view, goals)
    wanted = Wanted(goals, question.via, question.scope.max_steps)
    search = simple_paths(question.origin, view.arcs, wanted, bounds, budget=budget)
    found: list[Ranked] = []
    try:
        found.extend(islice(search, question.first))
        return found, True, next(search, None) is not None
    except OutOfBudget:
        return found, False, False


@lru_cache(maxsize=256)
def _bounds(view: View, goals: frozenset[CatalogId]) -> Mapping[str, Cost]:
    return lower_bounds(goals, view.reversed_arcs, zero=view.zero)


def _in_order(
    catalog: Catalog, view: View, scope: Scope, found: Iterable[Ranked]
) -> tuple[Path, ...]:
    ordered = sorted(found, key=lambda ranked: (ranked.cost, ranked.nodes))
    return tuple(path_from(catalog, view, scope, ranked) for ranked in ordered)


def path_from(catalog: Catalog, view: View, scope: Scope, ranked: Ranked) -> Path:
    """Return a path as the domain tells it: its moves, cost, conditions and assumptions."""
    offers = tuple(CatalogId(node) for node in ranked.nodes)
    steps = tuple(
        Step(catalog.graph.edges[pair]["transition"], view.windows[pair])
        for pair in pairwise(offers)
    )
    transitions = tuple(step.transition for step in steps)
    windows = tuple(step.window for step in steps)
    conditions, unanswered = path_conditions(
        catalog, transitions, windows, market=scope.market, on=scope.day
    )
    return Path(
        offers,
        steps,
        _cost(transitions),
        readiness(conditions, unanswered),
        conditions,
        path_assumptions(transitions, windows),
    )


def _cost(transitions: Sequence[Transition]) -> PathCost:
    return PathCost(
        legacy_upgrades=sum(edge.kind is TransitionKind.LEGACY_UPGRADE for edge in transitions),
        steps=len(transitions),
        manual_steps=sum(edge.execution is Execution.MANUAL for edge in transitions),
        weakest_evidence=min(edge.evidence for edge in transitions),
    )
