"""Why there is no path: the verdict, the frontier, and the first causes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from planner.availability import is_covered
from planner.catalog import Catalog
from planner.ids import CatalogId, is_new_commerce
from planner.offers import Offer
from planner.scope import Refusal, Refused, Scope, View
from planner.search import Budget, best_paths
from planner.transitions import TransitionKind, WindowState
from planner.windows import kind_window_on


class Verdict(StrEnum):
    """What a search without a path means."""

    IMPOSSIBLE = "IMPOSSIBLE"
    """A source denies it, or every list that would hold it is complete and omits it."""
    NOT_KNOWN = "NOT_KNOWN"
    """No source claims it, and a list that would is not loaded."""
    GAVE_UP = "GAVE_UP"
    """The search ended at its limit."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One fact that keeps the goal out of reach, told once for all the offers it concerns."""

    code: str
    message: str
    offers: tuple[CatalogId, ...] = ()
    """The offers at which it stops the way."""
    sources: tuple[str, ...] = ()
    remedy: str | None = None
    opens: date | None = None
    """The first day on which it no longer holds."""


@dataclass(frozen=True, slots=True)
class NoPath:
    """An answer, not a failure."""

    verdict: Verdict
    message: str
    causes: tuple[Cause, ...]
    frontier: tuple[CatalogId, ...]
    """Offers that are reached and from which nothing leads on, the origin included."""
    states: int = 0
    """For GAVE_UP: how many states were looked at."""


def gave_up(states: int) -> NoPath:
    """Return the answer of a search that ended at its limit."""
    cause = Cause("LIMIT_REACHED", f"the search ended after {states} states", remedy="ask for less")
    return NoPath(Verdict.GAVE_UP, f"gave up at {states} states", (cause,), (), states)


def explain_no_path(
    catalog: Catalog,
    view: View,
    origin: CatalogId,
    goals: frozenset[CatalogId],
    *,
    scope: Scope,
    via: frozenset[CatalogId],
) -> NoPath:
    """Return the verdict with its causes: denials first, then what the question itself shut out.

    Call it when a whole search has found nothing.
    """
    reached = _reached(view, origin)
    shut = tuple(_shut_out(catalog, view, reached, goals))
    denied = tuple(_denied(catalog, origin, goals))
    narrowed = tuple(_narrowed(reached, origin, goals, scope, via))
    missing = (
        () if denied or origin in goals else tuple(_not_loaded(catalog, reached, goals, scope))
    )
    causes = (*denied, *_backwards(origin, goals), *shut, *narrowed, *missing)
    verdict = Verdict.NOT_KNOWN if missing else Verdict.IMPOSSIBLE
    omitted = Cause(
        "COMPLETE_LISTS_OMIT_IT",
        "every list that would hold such a move is loaded, complete, and omits it",
        (origin,),
    )
    return NoPath(verdict, _MESSAGES[verdict], causes or (omitted,), _frontier(view, reached))


_MESSAGES: Mapping[Verdict, str] = {
    Verdict.IMPOSSIBLE: "There is no such path",
    Verdict.NOT_KNOWN: "No loaded source knows such a path, and a list that would is not loaded",
}


def _reached(view: View, origin: CatalogId) -> frozenset[CatalogId]:
    found = best_paths(origin, view.arcs, zero=view.zero, max_steps=None, budget=Budget(1_000_000))
    return frozenset(CatalogId(node) for node in found) | {origin}


def _frontier(view: View, reached: Iterable[CatalogId]) -> tuple[CatalogId, ...]:
    return tuple(sorted(offer for offer in reached if not view.arcs.get(offer)))


def _denied(catalog: Catalog, origin: CatalogId, goals: Iterable[CatalogId]) -> Iterator[Cause]:
    members = sorted(goals)
    if any(not catalog.denial(origin, goal) for goal in members):
        return
    for goal in members:
        for denial in catalog.denial(origin, goal):
            yield Cause(
                "DENIED_BY_SOURCE",
                f"{denial.source} denies the move from {origin} to {goal}: {denial.note}",
                (origin, goal),
                (denial.source,),
            )


def _backwards(origin: CatalogId, goals: frozenset[CatalogId]) -> Iterator[Cause]:
    if goals and is_new_commerce(origin) and not any(map(is_new_commerce, goals)):
        yield Cause(
            "NO_WAY_BACK_TO_LEGACY",
            "no kind of move leads from new commerce to a legacy offer; is the direction swapped?",
            (origin,),
            ("docs/sources.md 3 (a migration is not reversible)",),
            "ask from the legacy offer to the new-commerce one",
        )


def _shut_out(
    catalog: Catalog, view: View, reached: frozenset[CatalogId], goals: frozenset[CatalogId]
) -> Iterator[Cause]:
    """Name the moves that the question itself refuses and that would lead on towards a goal."""
    leading = leading_to(catalog, goals)
    by_reason: dict[tuple[Refusal, date | None], list[Refused]] = defaultdict(list)
    for refused in view.refused:
        edge = refused.transition
        if edge.origin in reached and edge.target in leading and edge.target not in reached:
            opens = refused.window.opens if refused.window else None
            by_reason[refused.refusal, opens].append(refused)
    for (refusal, opens), moves in sorted(by_reason.items(), key=lambda item: item[0][0]):
        yield _refusal_cause(refusal, opens, moves)


@lru_cache(maxsize=64)
def leading_to(catalog: Catalog, goals: frozenset[CatalogId]) -> frozenset[CatalogId]:
    """Return the goals and every offer from which known moves lead to one, whatever is asked."""
    leading = set(goals)
    waiting = sorted(goals)
    while waiting:
        for tail in catalog.graph.pred[waiting.pop()]:
            if tail not in leading:
                leading.add(tail)
                waiting.append(tail)
    return frozenset(leading)


def _refusal_cause(refusal: Refusal, opens: date | None, moves: list[Refused]) -> Cause:
    window = moves[0].window if refusal is Refusal.WINDOW else None
    what, remedy = REFUSED_BECAUSE[refusal]
    return Cause(
        refusal.value,
        window.message if window else what,
        tuple(sorted({move.transition.origin for move in moves})),
        window.sources if window else (),
        f"ask for {opens.isoformat()} or later" if window and opens else remedy,
        opens if window else None,
    )


REFUSED_BECAUSE: Mapping[Refusal, tuple[str, str | None]] = {
    Refusal.POLICY: (
        "legacy upgrades that lead on are left out by the policy",
        "ask with the legacy-upgrade policy LAST or INCLUDE",
    ),
    Refusal.KIND: ("moves that lead on are of a kind left out", "ask for more kinds"),
    Refusal.AVOIDED: ("the way leads over an offer to avoid", "avoid fewer offers"),
    Refusal.SEGMENT: ("the way leads over another segment", "ask for another segment"),
    Refusal.MARKET: (
        "the way leads over an offer not sold in the market",
        "ask for another market",
    ),
    Refusal.WINDOW: ("the move is closed on that day", None),
}
"""What each refusal means, and what to ask instead; a window's own words say more."""


def _narrowed(
    reached: frozenset[CatalogId],
    origin: CatalogId,
    goals: frozenset[CatalogId],
    scope: Scope,
    via: frozenset[CatalogId],
) -> Iterator[Cause]:
    """Name what the question demands of a path where the goal itself is within reach."""
    if origin in goals:
        yield Cause(
            "ORIGIN_IS_THE_GOAL",
            "the offer itself already is what the path shall end at",
            (origin,),
        )
    elif not goals.isdisjoint(reached):
        if via:
            yield Cause(
                "VIA_NOT_ON_THE_WAY",
                "no simple path to the goal passes every offer asked for",
                tuple(sorted(via)),
                remedy="ask for fewer offers on the way",
            )
        if scope.max_steps is not None:
            yield Cause(
                "TOO_FEW_STEPS",
                f"the goal is within reach, but not in {scope.max_steps} steps",
                (origin,),
                remedy="allow more steps",
            )


def _not_loaded(
    catalog: Catalog, reached: Iterable[CatalogId], goals: frozenset[CatalogId], scope: Scope
) -> Iterator[Cause]:
    if not goals:
        yield Cause(
            "NO_KNOWN_OFFER_GIVES_THEM",
            "no new-commerce SKU is known to give these services, and the services of many are not"
            " known",
            remedy="look in the new-commerce offer matrix, which this version cannot import yet",
        )
    wanted = {is_new_commerce(goal) for goal in goals}
    open_at: dict[TransitionKind, list[CatalogId]] = defaultdict(list)
    for catalog_id in sorted(reached):
        for kind in _unlisted_kinds(catalog, catalog.offers[catalog_id], wanted, scope):
            open_at[kind].append(catalog_id)
    for kind, offers in sorted(open_at.items()):
        lists = [missing for missing in catalog.facts.missing_lists if missing.kind is kind]
        yield Cause(
            "LIST_NOT_LOADED",
            f"{kind}: no complete list is loaded, so absence is not a no"
            + "".join(f" ({missing.title})" for missing in lists),
            tuple(offers),
            remedy="; ".join(missing.remedy for missing in lists) or None,
        )


def _unlisted_kinds(
    catalog: Catalog, offer: Offer, wanted: set[bool], scope: Scope
) -> Iterator[TransitionKind]:
    """Yield the kinds of move that may leave an offer unseen: open that day, and no whole list."""
    for kind in kinds_out_of(offer, wanted):
        closed = (
            kind_window_on(catalog.facts.windows, kind, offer.segment, scope.day).state
            is WindowState.CLOSED
        )
        asked = scope.kinds is None or kind in scope.kinds
        if asked and not closed and not is_covered(catalog.facts.coverage, offer, kind, scope.day):
            yield kind


def kinds_out_of(offer: Offer, wanted: set[bool]) -> tuple[TransitionKind, ...]:
    """Return the kinds that may leave an offer towards a goal; legacy goals need no migration."""
    if is_new_commerce(offer.catalog_id) and True not in wanted:
        return ()
    if offer.is_trial:
        return (TransitionKind.TRIAL_CONVERSION,)
    if is_new_commerce(offer.catalog_id):
        return (TransitionKind.CONVERSION,)
    if True not in wanted:
        return (TransitionKind.LEGACY_UPGRADE,)
    return (TransitionKind.MIGRATION, TransitionKind.LEGACY_UPGRADE)
