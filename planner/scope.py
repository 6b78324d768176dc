"""Which moves a question may use: day, market, segment, policy, profile, and what to avoid."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache

from planner.availability import sold_in
from planner.catalog import Catalog
from planner.ids import CatalogId
from planner.lifecycle import start_of
from planner.offers import Known, Offer, Segment
from planner.profiles import LegacyUpgradePolicy, Profile, admits, cost_of, zero_cost
from planner.search import Arcs, Cost
from planner.transitions import Transition, TransitionKind, WindowState
from planner.windows import WindowVerdict, verdicts_on


@dataclass(frozen=True, slots=True)
class Scope:
    """What holds for every step of an answer. Without `market` or `segment` all are looked at."""

    at: datetime
    """An aware UTC instant."""
    market: str | None = None
    segment: Segment | None = None
    policy: LegacyUpgradePolicy = LegacyUpgradePolicy.LAST
    profile: Profile = Profile.FEWEST_STEPS
    kinds: frozenset[TransitionKind] | None = None
    avoid: frozenset[CatalogId] = field(default_factory=frozenset)
    max_steps: int | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("`at` must be an aware instant")

    @property
    def day(self) -> date:
        """The UTC day of `at`."""
        return self.at.astimezone(UTC).date()


class Refusal(StrEnum):
    """Why a move that exists may not be used in a scope."""

    POLICY = "LEGACY_UPGRADES_EXCLUDED"
    KIND = "KIND_EXCLUDED"
    AVOIDED = "OFFER_AVOIDED"
    SEGMENT = "OTHER_SEGMENT"
    MARKET = "NOT_SOLD_IN_MARKET"
    WINDOW = "WINDOW_CLOSED"


@dataclass(frozen=True, slots=True)
class Refused:
    """A move that exists and that the scope does not allow."""

    transition: Transition
    refusal: Refusal
    window: WindowVerdict | None = None


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The catalog as one scope sees it; arcs are ordered by their other end."""

    zero: Cost
    arcs: Arcs
    reversed_arcs: Arcs
    windows: Mapping[tuple[CatalogId, CatalogId], WindowVerdict]
    refused: tuple[Refused, ...]


@lru_cache(maxsize=128)
def view_of(catalog: Catalog, scope: Scope) -> View:
    """Return the moves that a scope allows with their costs. O(moves), kept for later questions."""
    arcs: dict[str, list[tuple[str, Cost]]] = defaultdict(list)
    reversed_arcs: dict[str, list[tuple[str, Cost]]] = defaultdict(list)
    windows: dict[tuple[CatalogId, CatalogId], WindowVerdict] = {}
    refused: list[Refused] = []
    window_of = verdicts_on(catalog.facts.windows, scope.day)
    for transition in catalog.transitions:
        window = window_of(transition, catalog.offers[transition.origin].segment)
        refusal = _refusal(catalog, transition, scope, window)
        if refusal is not None:
            refused.append(Refused(transition, refusal, window))
            continue
        cost = cost_of(transition, scope.profile, scope.policy)
        arcs[transition.origin].append((transition.target, cost))
        reversed_arcs[transition.target].append((transition.origin, cost))
        windows[transition.origin, transition.target] = window
    return View(
        zero_cost(scope.profile, scope.policy),
        {tail: tuple(heads) for tail, heads in arcs.items()},
        {head: tuple(tails) for head, tails in reversed_arcs.items()},
        windows,
        tuple(refused),
    )


def view_for(catalog: Catalog, scope: Scope) -> View:
    """Return the view of a scope; those that differ in the hour or in max steps share one, and
    days between which nothing opens or closes.
    """
    day = scope.day if scope.market is not None else _same_windows_from(catalog, scope.day)
    return view_of(catalog, replace(scope, at=start_of(day), max_steps=None))


def _same_windows_from(catalog: Catalog, day: date) -> date:
    """Return the first day from which on no window has opened or closed until that day.

    Without a market nothing else of a view depends on the day, so that many days share one.
    """
    turns = (
        turn
        for window in catalog.facts.windows
        for turn in (window.starts, window.ends)
        if turn is not None and turn <= day
    )
    return max(turns, default=date.min)


def whole_day(scope: Scope) -> Scope:
    """Return the scope at 00:00 UTC of its day: no path depends on the hour."""
    begins = start_of(scope.day)
    return scope if scope.at == begins else replace(scope, at=begins)


def _refusal(
    catalog: Catalog, transition: Transition, scope: Scope, window: WindowVerdict
) -> Refusal | None:
    if not admits(scope.policy, transition):
        return Refusal.POLICY
    if scope.kinds is not None and transition.kind not in scope.kinds:
        return Refusal.KIND
    if transition.target in scope.avoid:
        return Refusal.AVOIDED
    if window.state is WindowState.CLOSED:
        return Refusal.WINDOW
    return _target_refusal(catalog, catalog.offers[transition.target], scope)


def _target_refusal(catalog: Catalog, target: Offer, scope: Scope) -> Refusal | None:
    if scope.segment is not None and target.segment not in (None, scope.segment):
        return Refusal.SEGMENT
    if scope.market is not None:
        sold = sold_in(target, scope.market, catalog.facts.coverage, scope.day)
        if sold is Known.NO:
            return Refusal.MARKET
    return None
