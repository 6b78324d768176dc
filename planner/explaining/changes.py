"""The fewest changes of a question that open a path where there is none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import combinations, pairwise

from planner.catalog import Catalog
from planner.edges import Pair
from planner.explaining.assumed_moves import SOMEWHERE, Assumed, assumed_moves, assumed_path
from planner.explaining.candidates import KNOWLEDGE, Candidate, ChangeField, Narrowing, candidates
from planner.explaining.gap import Gap, Offers, moves_between, refusals_of
from planner.explaining.words import Change, told
from planner.ids import CatalogId
from planner.paths import Path, PathQuestion, PathsFound, path_from, paths
from planner.scope import Scope, view_for
from planner.search import (
    Arcs,
    Budget,
    Cost,
    OutOfBudget,
    Ranked,
    Stopped,
    Wanted,
    lower_bounds,
    never_stopped,
    simple_paths,
)
from planner.transitions import Transition, TransitionKind
from planner.windows import window_on

MAX_TRIES = 2_000
"""Sets of changes that are looked at; sizes come one after the other, the smallest first."""
MAX_OPENINGS = 12
_STATES_PER_TRY = 20_000
_ZERO: Cost = (0, 0)


class Exactness(StrEnum):
    """Whether a set of changes is known to open a path, or opens one if a list says so."""

    EXACT = "EXACT"
    UPPER_BOUND = "UPPER_BOUND"


@dataclass(frozen=True, slots=True)
class Opening:
    """A set of changes of which none can be left out, and the path that it opens."""

    changes: tuple[Change, ...]
    """At least one, in the order of `ChangeField`."""
    exactness: Exactness
    path: Path | None
    """The best one; None where a list would have to name one of many goals."""
    scope: Scope
    via: Offers
    assumed: Pair | None = None
    """For UPPER_BOUND: the move that no source claims, where its target can be named."""


@dataclass(frozen=True, slots=True)
class Openings:
    """The smallest sets of changes, and whether all were looked at."""

    openings: tuple[Opening, ...]
    """By size, EXACT before UPPER_BOUND, then in the order of `ChangeField`; may be empty."""
    tried: int
    """How many sets were looked at."""
    is_exhaustive: bool
    """False where the search ended at a limit; larger sets may then open a path as well."""


def fewest_changes(
    catalog: Catalog,
    question: PathQuestion,
    gap: Gap,
    *,
    tries: int = MAX_TRIES,
    most: int = MAX_OPENINGS,
    stopped: Stopped = never_stopped,
) -> Openings:
    """Return the sets of changes that open a path, of which no part does: breadth first by size.

    Call it when a whole search has found nothing. Two sets that change the same places count as
    alternatives; a set that changes more places than another one is left out.
    """
    if not gap.goals:
        return Openings((), 0, True)
    ground = _Ground(catalog, question, gap, stopped)
    search = _Search(ground, tries, most)
    search.run()
    found = sorted(search.found, key=lambda one: (len(one.changes), one.exactness))
    return Openings(tuple(found), search.tried, not search.is_cut)


@dataclass(slots=True)
class _Search:
    """Tries sets of candidates, the smallest first."""

    ground: "_Ground"
    tries: int
    most: int
    found: list[Opening] = field(default_factory=list)
    tried: int = 0
    is_cut: bool = False
    _places: list[frozenset[tuple[str, ...]]] = field(default_factory=list)

    def run(self) -> None:
        left = list(self.ground.candidates())
        needs_knowledge = not self.ground.is_openable(left)
        size = 1
        while size <= len(left) and not self.is_cut:
            for chosen in combinations(left, size):
                if self.tried >= self.tries or len(self.found) >= self.most:
                    self.is_cut = True
                    break
                self.tried += 1
                knows = any(one.field in KNOWLEDGE for one in chosen)
                if (knows or not needs_knowledge) and self._is_new(chosen):
                    self._try(chosen)
            alone = {place for places in self._places if len(places) == 1 for place in places}
            left = [one for one in left if one.place not in alone]
            size += 1
        self.is_cut = self.is_cut or self.ground.gave_up

    def _is_new(self, chosen: Sequence[Candidate]) -> bool:
        places = frozenset(one.place for one in chosen)
        return len(places) == len(chosen) and not any(less < places for less in self._places)

    def _try(self, chosen: Sequence[Candidate]) -> None:
        opening = self.ground.opening(chosen)
        if opening is not None:
            self.found.append(opening)
            self._places.append(frozenset(one.place for one in chosen))


class _Ground:
    """The few offers and moves that decide whether a changed question has a path."""

    def __init__(
        self, catalog: Catalog, question: PathQuestion, gap: Gap, stopped: Stopped
    ) -> None:
        self.gave_up = False
        self._catalog = catalog
        self._question = question
        self._gap = gap
        self._stopped = stopped
        self._asked = Narrowing(question.scope, question.via)
        self._moves = tuple(moves_between(catalog, gap.known & gap.leading, gap.leading))
        listed = assumed_moves(catalog, gap, question.scope)
        self._assumed: Mapping[TransitionKind, Assumed] = {one.kind: one for one in listed}
        self._more = tuple(self._round_about()) if listed else ()
        self._known = {(move.origin, move.target) for move in (*self._moves, *self._more)}
        self._goals = frozenset[str](gap.goals | {SOMEWHERE})
        self._kept: dict[tuple[Scope, TransitionKind | None], tuple[Arcs, Mapping[str, Cost]]] = {}

    def _round_about(self) -> Iterator[Transition]:
        """Yield the other known moves that a way over an assumed one may take, before or after."""
        gap = self._gap
        for move in moves_between(self._catalog, gap.known, gap.known):
            if move.target not in gap.leading:
                yield move
        if any(one.moves for one in self._assumed.values()):
            yield from moves_between(self._catalog, gap.leading - gap.known, gap.leading)

    def candidates(self) -> Iterator[Candidate]:
        """Yield single changes: of the question first, then of what is known."""
        unsure = (move for one in self._assumed.values() for move in one.moves)
        yield from candidates(self._catalog, (*self._moves, *self._more, *unsure), self._asked)
        missing = {one.kind for one in self._catalog.facts.missing_lists}
        for kind in self._assumed:
            is_listed = kind in missing
            yield Candidate(ChangeField.IMPORT_LIST if is_listed else ChangeField.ASSUME_MOVE, kind)

    def is_openable(self, changes: Sequence[Candidate]) -> bool:
        """Return whether any changes of the question alone open a path, all of them at once."""
        widest = self._asked
        days = [one for one in changes if one.field is ChangeField.AT]
        for one in changes:
            is_other_market = one.field is ChangeField.MARKET and one.value is not None
            if one.field is not ChangeField.AT and not is_other_market:
                widest = widest.after(one)
        asked = (widest, *(widest.after(day) for day in days))
        return self.gave_up or any(self._way(one, None) is not None for one in asked)

    def opening(self, chosen: Sequence[Candidate]) -> Opening | None:
        """Return what a set of changes opens, or None."""
        asked = self._asked
        for one in chosen:
            asked = asked.after(one)
        kind = next((one.value for one in chosen if one.field in KNOWLEDGE), None)
        way = self._way(asked, kind if isinstance(kind, TransitionKind) else None)
        if way is None:
            return None
        nodes = tuple(CatalogId(node) for node in way.nodes)
        scope = asked.scope
        if any(one.field is ChangeField.MAX_STEPS for one in chosen):
            scope = replace(scope, max_steps=len(nodes) - 1)
        assumed = self._assumed_on(nodes, kind)
        return Opening(
            tuple(told(self._catalog, one, (self._asked.scope, scope), assumed) for one in chosen),
            Exactness.EXACT if kind is None else Exactness.UPPER_BOUND,
            self._path(scope, asked.via, nodes, assumed),
            scope,
            asked.via,
            None if assumed is None or SOMEWHERE in nodes else (assumed.origin, assumed.target),
        )

    def _assumed_on(self, nodes: Sequence[CatalogId], kind: object) -> Transition | None:
        if not isinstance(kind, TransitionKind):
            return None
        one = self._assumed[kind]
        steps = set(pairwise(nodes))
        moves = (*one.moves, *one.somewhere)
        return next((move for move in moves if (move.origin, move.target) in steps), None)

    def _path(
        self, scope: Scope, via: Offers, nodes: tuple[CatalogId, ...], assumed: Transition | None
    ) -> Path | None:
        if SOMEWHERE in nodes:
            return None
        if assumed is not None:
            return assumed_path(self._catalog, scope, nodes, assumed)
        question = replace(self._question, scope=scope, via=via, first=1)
        answer = paths(self._catalog, question, stopped=self._stopped)
        if isinstance(answer, PathsFound):
            return answer.paths[0]
        view = view_for(self._catalog, scope)
        return path_from(self._catalog, view, scope, Ranked((), nodes))

    def _way(self, asked: Narrowing, kind: TransitionKind | None) -> Ranked | None:
        """Return the way with the fewest assumed moves, then steps; None where it needs two."""
        arcs, bounds = self._arcs(replace(asked.scope, max_steps=None), kind)
        wanted = Wanted(self._goals, asked.via, asked.scope.max_steps)
        budget = Budget(_STATES_PER_TRY, self._stopped)
        try:
            way = next(simple_paths(self._gap.origin, arcs, wanted, bounds, budget=budget), None)
        except OutOfBudget:
            self.gave_up = True
            return None
        return way if way is not None and way.cost[0] <= 1 else None

    def _arcs(self, scope: Scope, kind: TransitionKind | None) -> tuple[Arcs, Mapping[str, Cost]]:
        """Return the usable moves and the least cost of reaching a goal, kept by scope."""
        if (scope, kind) not in self._kept:
            arcs: dict[str, list[tuple[str, Cost]]] = {}
            into: dict[str, list[tuple[str, Cost]]] = {}
            for move in self._allowed_moves(scope, kind):
                price = (int((move.origin, move.target) not in self._known), 1)
                arcs.setdefault(move.origin, []).append((move.target, price))
                into.setdefault(move.target, []).append((move.origin, price))
            goals = self._goals & into.keys()
            self._kept[scope, kind] = arcs, lower_bounds(goals, into, zero=_ZERO)
        return self._kept[scope, kind]

    def _allowed_moves(self, scope: Scope, kind: TransitionKind | None) -> Iterator[Transition]:
        yield from (move for move in self._moves if self._admits(move, scope))
        if kind is not None:
            one = self._assumed[kind]
            yield from (move for move in self._more if self._admits(move, scope))
            yield from (move for move in one.moves if self._admits(move, scope))
            yield from (move for move in one.somewhere if self._admits_kind(move, scope))

    def _admits(self, move: Transition, scope: Scope) -> bool:
        segment = self._catalog.offers[move.origin].segment
        window = window_on(self._catalog.facts.windows, move, segment, scope.day)
        return next(refusals_of(self._catalog, move, scope, window), None) is None

    def _admits_kind(self, move: Transition, scope: Scope) -> bool:
        """Return whether a move to an unnamed goal is allowed: all but its target is known."""
        home = replace(move, target=move.origin)
        narrowed = replace(scope, market=None, segment=None, avoid=frozenset())
        return self._admits(home, narrowed)
