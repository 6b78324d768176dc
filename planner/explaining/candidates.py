"""Which single changes of a question could matter between an origin and its goals."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from planner.availability import sold_in
from planner.catalog import Catalog
from planner.explaining.gap import Offers
from planner.ids import CatalogId
from planner.offers import Known
from planner.profiles import LegacyUpgradePolicy
from planner.scope import Scope
from planner.transitions import Transition, TransitionKind, WindowState
from planner.windows import window_on

_OTHER_MARKETS = 3
"""How many other markets are tried beside none; none allows whatever any market does."""


class ChangeField(StrEnum):
    """What of a question a change touches; the last two change what is known instead."""

    AT = "AT"
    MARKET = "MARKET"
    SEGMENT = "SEGMENT"
    LEGACY_UPGRADES = "LEGACY_UPGRADES"
    KINDS = "KINDS"
    AVOID = "AVOID"
    MAX_STEPS = "MAX_STEPS"
    VIA = "VIA"
    IMPORT_LIST = "IMPORT_LIST"
    ASSUME_MOVE = "ASSUME_MOVE"


KNOWLEDGE = (ChangeField.IMPORT_LIST, ChangeField.ASSUME_MOVE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One change: a new day, a market, a kind added, an offer no longer avoided, and the like."""

    field: ChangeField
    value: date | str | CatalogId | TransitionKind | None = None
    alike: tuple[str, ...] = ()
    """For a market: others that would do the same."""

    @property
    def place(self) -> tuple[str, ...]:
        """What it changes: one place of a question takes one change only."""
        if self.field in KNOWLEDGE:
            return ("KNOWLEDGE",)
        if self.field in (ChangeField.KINDS, ChangeField.AVOID, ChangeField.VIA):
            return (self.field, str(self.value))
        return (self.field,)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a question demands of a path, as far as a change can touch it."""

    scope: Scope
    via: Offers

    def after(self, candidate: Candidate) -> "Narrowing":
        """Return the question with one change made; knowledge is no part of it."""
        scope, value = self.scope, candidate.value
        match candidate.field:
            case ChangeField.AT if isinstance(value, date):
                at = datetime.combine(value, time(), tzinfo=UTC)
                return replace(self, scope=replace(scope, at=at))
            case ChangeField.MARKET:
                market = None if value is None else str(value)
                return replace(self, scope=replace(scope, market=market))
            case ChangeField.SEGMENT:
                return replace(self, scope=replace(scope, segment=None))
            case ChangeField.LEGACY_UPGRADES:
                return replace(self, scope=replace(scope, policy=LegacyUpgradePolicy.LAST))
            case ChangeField.KINDS if isinstance(value, TransitionKind):
                kinds = (scope.kinds or frozenset()) | {value}
                return replace(self, scope=replace(scope, kinds=kinds))
            case ChangeField.AVOID:
                return replace(self, scope=replace(scope, avoid=scope.avoid - {value}))
            case ChangeField.MAX_STEPS:
                return replace(self, scope=replace(scope, max_steps=None))
            case ChangeField.VIA:
                return replace(self, via=self.via - {value})
            case _:
                return self


def candidates(
    catalog: Catalog, moves: Iterable[Transition], asked: Narrowing
) -> tuple[Candidate, ...]:
    """Return the single changes of the question that could allow one of these moves more.

    In the order of `ChangeField`. Days stand for the stretch in which the same moves are allowed:
    the nearest of them is taken. A change that another one always covers is left out.
    """
    known = tuple(moves)
    targets = tuple(sorted({move.target for move in known}))
    days = _days(catalog, known, asked.scope)
    markets = tuple(_markets(catalog, targets, asked.scope, days))
    return (
        *_other_days(catalog, known, targets, asked.scope, days, markets),
        *markets,
        *_narrower(catalog, known, targets, asked),
    )


def _days(catalog: Catalog, moves: Iterable[Transition], scope: Scope) -> tuple[date, ...]:
    """Return one day of each stretch between turning days, the one nearest to the day asked."""
    kinds = {move.kind for move in moves}
    ends = {d for w in catalog.facts.windows if w.kind in kinds for d in (w.starts, w.ends)}
    if scope.market is not None:
        listed = [one for one in catalog.facts.coverage if one.kind is None]
        ends |= {day for one in listed for day in (one.starts, one.ends)}
    turns = sorted(day for day in ends if day is not None)
    later = [turn for turn in turns if turn > scope.day]
    # The stretch that ends on the first turning day or on the last one before today is today's.
    earlier = [turn - timedelta(days=1) for turn in turns if date.min < turn <= scope.day]
    return tuple(sorted((*later, *earlier), key=lambda day: (abs(day - scope.day), day)))


def _markets(
    catalog: Catalog, targets: Iterable[CatalogId], scope: Scope, days: Iterable[date]
) -> Iterator[Candidate]:
    """Yield no market, then a few others by how many offers are sold there; alike ones as one."""
    if scope.market is None:
        return
    wanted, on = tuple(targets), (scope.day, *days)
    unsold = _unsold(catalog, wanted, scope.market, on)
    if not unsold:
        return
    yield Candidate(ChangeField.MARKET)
    alike: dict[frozenset[tuple[date, CatalogId]], list[str]] = {}
    for market in _all_markets(catalog, wanted):
        alike.setdefault(_unsold(catalog, wanted, market, on), []).append(market)
    # A market where all is unsold that is unsold here, and more, allows nothing new.
    least = [gaps for gaps in alike if not gaps >= unsold and not any(o < gaps for o in alike)]
    for gaps in sorted(least, key=lambda one: (len(one), alike[one]))[:_OTHER_MARKETS]:
        first, *others = alike[gaps]
        yield Candidate(ChangeField.MARKET, first, tuple(others))


def _all_markets(catalog: Catalog, targets: Iterable[CatalogId]) -> list[str]:
    listed = {market for target in targets for market in catalog.offers[target].markets or ()}
    return sorted(listed | {one.market for one in catalog.facts.coverage if one.market})


def _unsold(
    catalog: Catalog, targets: Iterable[CatalogId], market: str | None, days: Iterable[date]
) -> frozenset[tuple[date, CatalogId]]:
    if market is None:
        return frozenset()
    coverage = catalog.facts.coverage
    wanted = tuple(targets)
    return frozenset(
        (day, target)
        for day in days
        for target in wanted
        if sold_in(catalog.offers[target], market, coverage, day) is Known.NO
    )


def _other_days(
    catalog: Catalog,
    moves: Iterable[Transition],
    targets: Iterable[CatalogId],
    scope: Scope,
    days: Iterable[date],
    markets: Iterable[Candidate],
) -> Iterator[Candidate]:
    """Yield the days on which other moves are allowed than on the day asked, and than each other.

    The nearest first.
    """
    known, wanted = tuple(moves), tuple(targets)
    asked = (scope.market, *(str(one.value) for one in markets if one.value is not None))

    def allowed(day: date) -> tuple[frozenset[object], ...]:
        unsold = (_unsold(catalog, wanted, market, (day,)) for market in asked)
        closed = frozenset(
            (move.origin, move.target) for move in known if _is_closed(catalog, move, day)
        )
        return (closed, *(frozenset(target for _, target in gaps) for gaps in unsold))

    seen = {allowed(scope.day)}
    for day in days:
        told = allowed(day)
        if told not in seen:
            seen.add(told)
            yield Candidate(ChangeField.AT, day)


def _is_closed(catalog: Catalog, move: Transition, day: date) -> bool:
    segment = catalog.offers[move.origin].segment
    return window_on(catalog.facts.windows, move, segment, day).state is WindowState.CLOSED


def _narrower(
    catalog: Catalog,
    moves: Iterable[Transition],
    targets: Iterable[CatalogId],
    asked: Narrowing,
) -> Iterator[Candidate]:
    scope, kinds = asked.scope, {move.kind for move in moves}
    if scope.segment is not None:
        segments = {catalog.offers[target].segment for target in targets}
        if segments - {None, scope.segment}:
            yield Candidate(ChangeField.SEGMENT)
    narrow = (LegacyUpgradePolicy.EXCLUDE, LegacyUpgradePolicy.CONFIRMED)
    if scope.policy in narrow and TransitionKind.LEGACY_UPGRADE in kinds:
        yield Candidate(ChangeField.LEGACY_UPGRADES)
    if scope.kinds is not None:
        for kind in sorted(kinds - scope.kinds):
            yield Candidate(ChangeField.KINDS, kind)
    for target in sorted(scope.avoid.intersection(targets)):
        yield Candidate(ChangeField.AVOID, target)
    if scope.max_steps is not None:
        yield Candidate(ChangeField.MAX_STEPS)
    for stop in sorted(asked.via):
        yield Candidate(ChangeField.VIA, stop)
