"""What lies between an origin and its goals: who is reached, who leads there, what is refused."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from planner.availability import sold_in
from planner.catalog import Catalog
from planner.ids import CatalogId
from planner.no_path import leading_to
from planner.offers import Known
from planner.profiles import admits
from planner.scope import Refusal, Scope, view_for
from planner.transitions import Claim, Transition, WindowState
from planner.windows import WindowVerdict, window_on

Offers = frozenset[CatalogId]


@dataclass(frozen=True, slots=True)
class RefusedMove:
    """A move that exists and that the question does not allow, with every reason why."""

    transition: Transition
    refusals: tuple[Refusal, ...]
    """At least one, in the order of `Refusal`."""
    window: WindowVerdict

    @property
    def pair(self) -> tuple[CatalogId, CatalogId]:
        return self.transition.origin, self.transition.target


@dataclass(frozen=True, slots=True)
class Gap:
    """An origin and its goals, with the offers and the moves that decide between them."""

    origin: CatalogId
    goals: Offers
    """Without the origin: no simple path comes back to it."""
    reached: Offers
    """The origin and what allowed moves reach from it."""
    known: Offers
    """The origin and what known moves reach from it, allowed or not."""
    leading: Offers
    """The goals and the offers from which known moves lead to one, allowed or not."""
    onward: Offers
    """The goals and the offers from which allowed moves lead to one."""
    refused: tuple[RefusedMove, ...]
    """Every refused move that known moves lead to, and from whose target known moves lead to a
    goal; by its ends."""
    denied: tuple[Claim, ...]
    """Denials of moves from a known offer to a leading one that no standing claim carries."""


def gap_between(catalog: Catalog, origin: CatalogId, goals: Offers, scope: Scope) -> Gap:
    """Return what lies between an offer and its goals. O(moves)."""
    wanted = goals - {origin}
    view = view_for(catalog, scope)
    known = _flood({origin}, {offer: catalog.graph.succ[offer] for offer in catalog.graph})
    leading = leading_to(catalog, wanted)
    return Gap(
        origin,
        wanted,
        _flood({origin}, {tail: [head for head, _ in arcs] for tail, arcs in view.arcs.items()}),
        known,
        leading,
        _flood(wanted, {head: [t for t, _ in arcs] for head, arcs in view.reversed_arcs.items()}),
        tuple(_refused(catalog, known & leading, leading - {origin}, scope)),
        tuple(_denied(catalog, known, leading)),
    )


def _flood(begin: Iterable[CatalogId], onward: Mapping[str, Iterable[str]]) -> Offers:
    seen = set(begin)
    waiting = list(seen)
    while waiting:
        for head in onward.get(waiting.pop(), ()):
            if head not in seen:
                seen.add(CatalogId(head))
                waiting.append(CatalogId(head))
    return frozenset(seen)


def _refused(
    catalog: Catalog, tails: Offers, leading: Offers, scope: Scope
) -> Iterator[RefusedMove]:
    for move in moves_between(catalog, tails, leading):
        segment = catalog.offers[move.origin].segment
        window = window_on(catalog.facts.windows, move, segment, scope.day)
        if reasons := tuple(refusals_of(catalog, move, scope, window)):
            yield RefusedMove(move, reasons, window)


def moves_between(catalog: Catalog, tails: Offers, heads: Offers) -> Iterator[Transition]:
    """Yield the known moves from one set of offers into another, in order of their ends."""
    for tail in sorted(tails):
        for move in catalog.transitions_from(tail):
            if move.target in heads:
                yield move


def refusals_of(
    catalog: Catalog, move: Transition, scope: Scope, window: WindowVerdict
) -> Iterator[Refusal]:
    """Yield every reason why a scope refuses a move; the first is the one that a view tells."""
    target = catalog.offers[move.target]
    if not admits(scope.policy, move):
        yield Refusal.POLICY
    if scope.kinds is not None and move.kind not in scope.kinds:
        yield Refusal.KIND
    if move.target in scope.avoid:
        yield Refusal.AVOIDED
    if window.state is WindowState.CLOSED:
        yield Refusal.WINDOW
    if scope.segment is not None and target.segment not in (None, scope.segment):
        yield Refusal.SEGMENT
    if scope.market is not None:
        coverage = catalog.facts.coverage
        if sold_in(target, scope.market, coverage, scope.day) is Known.NO:
            yield Refusal.MARKET


def _denied(catalog: Catalog, known: Offers, leading: Offers) -> Iterator[Claim]:
    for (origin, target), denials in sorted(catalog.denials.items()):
        if origin in known and target in leading and catalog.transition(origin, target) is None:
            yield from denials
