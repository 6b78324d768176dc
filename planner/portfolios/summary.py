"""What a portfolio comes to: counts, blockers, targets, money, renewals and what Microsoft does."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from typing import Generic, TypeVar

from planner.baselines.baseline import BaselineEvent, baseline_of
from planner.baselines.rules import BaselineCode
from planner.blocker_codes import BlockerCode
from planner.blockers import Severity
from planner.catalog import Catalog
from planner.customers import Customer, Subscription
from planner.ids import CatalogId
from planner.instead import InsteadKind
from planner.lifecycle import days_after
from planner.portfolios.money import MonthlyRetail, RetailPrices
from planner.portfolios.portfolio import PortfolioRow, Standing
from planner.pricing.cost_now import is_over
from planner.readiness import Readiness
from planner.scope import Scope

TARGETS_AT_MOST = 50
_NOT_EVENTS = frozenset({BaselineCode.RENEWS, BaselineCode.SCHEDULED_CHANGE})
"""Renewals have a calendar of their own, and a scheduled change is the partner's own doing."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many subscriptions, and their seats as far as they are known."""

    subscriptions: int = 0
    seats: int = 0
    seats_unknown: int = 0
    """Subscriptions of which nobody says how many seats they have."""


@dataclass(frozen=True, slots=True)
class BlockerTally:
    """How many subscriptions a finding concerns; one that it concerns twice counts once."""

    code: BlockerCode
    severity: Severity
    tally: Tally


@dataclass(frozen=True, slots=True)
class TargetTally:
    """How many subscriptions have this best target."""

    target: CatalogId
    title: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class EventTally:
    """What the baseline expects in a month if nobody acts."""

    month: date | None
    """Its first day; None where nothing dates it, and for data that look old already."""
    code: BaselineCode
    tally: Tally


@dataclass(frozen=True, slots=True)
class MoneyTally:
    """Retail for a month, now and after, of the subscriptions whose two prices are known."""

    currency: str
    subscriptions: int
    now: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class PortfolioSummary:
    """A portfolio in counts. Every list is whole and in a total order, but for `targets`."""

    customers: int
    """Customers with at least one subscription that is counted."""
    customers_looked_at: int
    """With those of which no subscription is counted, as they have none with us."""
    total: Tally
    standings: tuple[tuple[Standing, Tally], ...]
    readiness: tuple[tuple[Readiness, Tally], ...]
    """Of those that can move."""
    instead: tuple[tuple[InsteadKind, Tally], ...]
    """Of those that are BLOCKED: how another way is open, in the enumeration's order."""
    blockers: tuple[BlockerTally, ...]
    """Heaviest first, then most subscriptions, then by code."""
    unanswered: tuple[tuple[str, Tally], ...]
    """Rules that could not be answered, most subscriptions first."""
    targets: tuple[TargetTally, ...]
    """The 50 with most seats, then most subscriptions, then by id."""
    targets_left_out: int
    money: tuple[MoneyTally, ...]
    """By currency; amounts of different currencies are never added."""
    money_unknown: int
    """Subscriptions that can move and of which one of the two prices is not known; what is over is
    in neither: nothing is billed for it."""
    renewals: tuple[tuple[date, Tally], ...]
    """By the first day of the month in which the day after the term's last one falls."""
    renewals_past: Tally
    renewals_unknown: Tally
    events: tuple[EventTally, ...]
    """By month (none last) and code; renewals are told above."""


class PortfolioCounts:
    """Counts customers one after another; holds counts alone, whatever the number of customers."""

    def __init__(self, catalog: Catalog, scope: Scope) -> None:
        self._catalog = catalog
        self._at = scope.at
        self._today = scope.at.astimezone(UTC).date()
        self._prices = RetailPrices(catalog, self._today)
        self._customers = 0
        self._looked_at = 0
        self._total: _Tallies[None] = _Tallies()
        self._standings: _Tallies[Standing] = _Tallies()
        self._readiness: _Tallies[Readiness] = _Tallies()
        self._instead: _Tallies[InsteadKind] = _Tallies()
        self._blockers: _Tallies[tuple[BlockerCode, Severity]] = _Tallies()
        self._unanswered: _Tallies[str] = _Tallies()
        self._targets: _Tallies[CatalogId] = _Tallies()
        self._renewals: _Tallies[date | None] = _Tallies()
        self._past: _Tallies[None] = _Tallies()
        self._events: _Tallies[tuple[date | None, BaselineCode]] = _Tallies()
        self._money = _Money()

    def add(self, customer: Customer, rows: Iterable[PortfolioRow]) -> None:
        """Count some of a customer's own subscriptions. Each customer is added once."""
        own = {one.subscription_id: one for one in customer.holdings.own}
        is_counted = False
        for row in rows:
            is_counted = True
            self._add(customer, own[row.held.subscription_id], row)
        self._customers += is_counted
        self._looked_at += 1

    def _add(self, customer: Customer, held: Subscription, row: PortfolioRow) -> None:
        seats = held.seats
        self._total.add(None, seats)
        self._standings.add(row.way.standing, seats)
        self._add_renewal(held)
        self._add_events(customer, held)
        if row.target is not None:
            self._targets.add(row.target, seats)
            if not is_over(held):
                self._money.add(self._prices.of(customer, held, row.target))
        if row.judged is not None:
            self._readiness.add(row.judged.readiness, seats)
            if row.judged.instead is not None:
                self._instead.add(row.judged.instead.kind, seats)
            for finding in row.judged.findings:
                self._blockers.add(finding, seats)
            for rule in row.judged.unanswered:
                self._unanswered.add(rule, seats)

    def _add_renewal(self, held: Subscription) -> None:
        renewal = None if held.last_day is None else days_after(held.last_day, 1)
        if renewal is not None and renewal <= self._today:
            self._past.add(None, held.seats)
        else:
            self._renewals.add(None if renewal is None else renewal.replace(day=1), held.seats)

    def _add_events(self, customer: Customer, held: Subscription) -> None:
        told = baseline_of(self._catalog, customer, held, at=self._at).events
        for event in {(_month(one), one.code) for one in told if one.code not in _NOT_EVENTS}:
            self._events.add(event, held.seats)

    def result(self) -> PortfolioSummary:
        """Return what was counted so far."""
        targets = sorted(self._targets.items(), key=lambda each: (_most_seats(each[1]), each[0]))
        renewals = self._renewals.items()
        return PortfolioSummary(
            customers=self._customers,
            customers_looked_at=self._looked_at,
            total=self._total.of(None),
            standings=_in_order_of(Standing, self._standings),
            readiness=_in_order_of(Readiness, self._readiness),
            instead=_in_order_of(InsteadKind, self._instead),
            blockers=tuple(_blockers(self._blockers)),
            unanswered=tuple(
                sorted(self._unanswered.items(), key=lambda each: (_most(each[1]), each[0]))
            ),
            targets=tuple(
                TargetTally(target, self._catalog.offers[target].title, tally)
                for target, tally in targets[:TARGETS_AT_MOST]
            ),
            targets_left_out=max(0, len(targets) - TARGETS_AT_MOST),
            money=self._money.result(),
            money_unknown=self._money.unknown,
            renewals=tuple(sorted((month, tally) for month, tally in renewals if month)),
            renewals_past=self._past.of(None),
            renewals_unknown=self._renewals.of(None),
            events=tuple(_events(self._events)),
        )


Name = TypeVar("Name", bound=Hashable)


class _Tallies(Generic[Name]):
    """Running tallies by name."""

    def __init__(self) -> None:
        self._subscriptions: Counter[Name] = Counter()
        self._seats: Counter[Name] = Counter()
        self._unknown: Counter[Name] = Counter()

    def add(self, name: Name, seats: int | None) -> None:
        self._subscriptions[name] += 1
        if seats is None:
            self._unknown[name] += 1
        else:
            self._seats[name] += seats

    def of(self, name: Name) -> Tally:
        return Tally(self._subscriptions[name], self._seats[name], self._unknown[name])

    def items(self) -> list[tuple[Name, Tally]]:
        return [(name, self.of(name)) for name in list(self._subscriptions)]


class _Money:
    """Running sums of money by currency."""

    def __init__(self) -> None:
        self.unknown = 0
        self._sums: dict[str, tuple[int, Decimal, Decimal]] = {}

    def add(self, retail: MonthlyRetail) -> None:
        if retail.currency is None or retail.now is None or retail.after is None:
            self.unknown += 1
            return
        count, now, after = self._sums.get(retail.currency, (0, Decimal(0), Decimal(0)))
        self._sums[retail.currency] = count + 1, now + retail.now, after + retail.after

    def result(self) -> tuple[MoneyTally, ...]:
        return tuple(MoneyTally(name, *sums) for name, sums in sorted(self._sums.items()))


def _month(event: BaselineEvent) -> date | None:
    """Return the first day of an event's month; old data have no day to expect."""
    if event.day is None or event.code is BaselineCode.DATA_LOOKS_OLD:
        return None
    return event.day.replace(day=1)


def _in_order_of(names: Iterable[Name], tallies: _Tallies[Name]) -> tuple[tuple[Name, Tally], ...]:
    """Return the tallies in the order in which the names are declared, without empty ones."""
    found = ((name, tallies.of(name)) for name in names)
    return tuple((name, tally) for name, tally in found if tally.subscriptions)


def _blockers(tallies: _Tallies[tuple[BlockerCode, Severity]]) -> Iterator[BlockerTally]:
    weights = list(Severity)
    found = sorted(
        tallies.items(), key=lambda each: (weights.index(each[0][1]), _most(each[1]), each[0])
    )
    return (BlockerTally(code, severity, tally) for (code, severity), tally in found)


def _events(tallies: _Tallies[tuple[date | None, BaselineCode]]) -> Iterator[EventTally]:
    found = sorted(tallies.items(), key=lambda each: (each[0][0] or date.max, each[0][1]))
    return (EventTally(month, code, tally) for (month, code), tally in found)


def _most(tally: Tally) -> tuple[int, int]:
    return -tally.subscriptions, -tally.seats


def _most_seats(tally: Tally) -> tuple[int, int]:
    return -tally.seats, -tally.subscriptions
