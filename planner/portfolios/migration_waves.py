"""Which subscriptions of a portfolio can be migrated in waves, and what is left over and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date
from enum import StrEnum

from planner.baselines.baseline import baseline_of
from planner.baselines.rules import BaselineCode
from planner.blockers import Severity
from planner.bundles import base_of, members_of
from planner.catalog import Catalog
from planner.customers import Customer, Subscription, SubscriptionState
from planner.lifecycle import days_after
from planner.portfolios.portfolio import PortfolioRow, Standing
from planner.portfolios.waves import ROWS_IN_A_FILE, Unit, Wave, packed
from planner.readiness import Readiness
from planner.scope import Scope
from planner.transitions import Execution, TransitionKind

MAX_ROWS = 100_000
"""Subscriptions that are planned at once; their ids are held in memory, some 30 MB."""
EXAMPLES = 20


class LeftOverReason(StrEnum):
    """Why a subscription that still is legacy is in no wave."""

    NO_WAY = "NO_WAY"
    BLOCKED = "BLOCKED"
    UNKNOWN = "UNKNOWN"
    ACT_FIRST = "ACT_FIRST"
    """Something BLOCKS that goes away by an act, not by a date."""
    ANOTHER_MOVE_FIRST = "ANOTHER_MOVE_FIRST"
    """Its way begins with an upgrade or a trial's conversion, not with a migration."""
    BY_HAND = "BY_HAND"
    TOO_LATE = "TOO_LATE"
    """The day until which it must be done is over, or it opens only after it."""
    BUNDLE_TOO_LARGE = "BUNDLE_TOO_LARGE"
    """Base and add-ons do not fit into one file, and go together or not at all."""


@dataclass(frozen=True, slots=True)
class LeftOver:
    """What is in no wave, and why."""

    reason: LeftOverReason
    count: int
    examples: tuple[str, ...]
    """Ids of the first 20 subscriptions, in the portfolio's order."""


@dataclass(frozen=True, slots=True)
class Waves:
    """A plan of waves: those open now first, by the day until which each must be done."""

    waves: tuple[Wave, ...]
    left_over: tuple[LeftOver, ...]
    """In the order of the reasons, without empty ones."""
    minutes: int
    """The start of the last wave of those that are open now, in minutes from the first."""


@dataclass(frozen=True, slots=True)
class TooManyRows:
    """More subscriptions than are planned at once."""

    rows: int
    limit: int


class WavePlanner:
    """Collects what can be migrated, customer after customer, then packs it.

    Source: docs/sources.md 3 (bundles, limits of the API, the batch tool, the last 24 hours).
    """

    def __init__(self, catalog: Catalog, scope: Scope, *, limit: int = MAX_ROWS) -> None:
        self._catalog = catalog
        self._at = scope.at
        self._today = scope.at.astimezone(UTC).date()
        self._limit = limit
        self._rows = 0
        self._units: list[Unit] = []
        self._left: dict[LeftOverReason, tuple[int, tuple[str, ...]]] = {}

    def add(self, customer: Customer, rows: Iterable[PortfolioRow]) -> None:
        """Take some of a customer's own subscriptions. Each customer is added once.

        An add-on goes with its base where both are among them, and stays where its base stays.
        """
        by_id = {
            row.held.subscription_id: row
            for row in rows
            if row.way.standing not in _NOTHING_TO_MOVE
        }
        held = {one.subscription_id: one for one in customer.holdings.own}
        taken: set[str] = set()
        for subscription_id in _bases_first(customer, held, by_id):
            if subscription_id in taken:
                continue
            base = held[subscription_id]
            members = tuple(
                one for one in _members(customer, base) if one in by_id and one not in taken
            )
            taken.update((subscription_id, *members))
            self._take(customer, base, by_id[subscription_id], members)

    def _take(
        self, customer: Customer, base: Subscription, row: PortfolioRow, members: tuple[str, ...]
    ) -> None:
        ids = (base.subscription_id, *members)
        judged, reason = row.judged, _why_not(row, len(ids))
        if reason is not None or judged is None:
            self._leave(reason or LeftOverReason.NO_WAY, ids)
            return
        due = self._due(customer, base)
        if due is not None and max(judged.opens_on or self._today, self._today) > due:
            self._leave(LeftOverReason.TOO_LATE, ids)
            return
        self._rows += len(ids)
        if self._rows > self._limit:
            self._units.clear()
            return
        is_conditional = judged.readiness is not Readiness.READY
        self._units.append(
            Unit(customer.customer_id, ids, judged.opens_on, due, base.last_day, is_conditional)
        )

    def _leave(self, reason: LeftOverReason, ids: tuple[str, ...]) -> None:
        count, examples = self._left.get(reason, (0, ()))
        self._left[reason] = count + len(ids), (*examples, *ids)[:EXAMPLES]

    def _due(self, customer: Customer, base: Subscription) -> date | None:
        """Return the last whole day before something happens that a migration averts.

        A migration begins 24 hours before the term's end at the latest.
        """
        events = baseline_of(self._catalog, customer, base, at=self._at).events
        days = [
            one.last_day_to_act.day
            for one in events
            if one.last_day_to_act is not None
            and one.severity is not Severity.NOTES
            and one.code is not BaselineCode.DATA_LOOKS_OLD
        ]
        if not days:
            return None
        last = base.last_day
        in_time = None if last is None or last < self._today else days_after(last, -1)
        return min(*days, in_time) if in_time is not None else min(days)

    def result(self) -> Waves | TooManyRows:
        """Return the waves of all that was added."""
        if self._rows > self._limit:
            return TooManyRows(self._rows, self._limit)
        waves = tuple(packed(self._units))
        left = ((reason, self._left.get(reason)) for reason in LeftOverReason)
        return Waves(
            waves,
            tuple(LeftOver(reason, *told) for reason, told in left if told is not None),
            max((wave.minute for wave in waves if wave.not_before is None), default=0),
        )


_NOTHING_TO_MOVE = frozenset({Standing.IN_NEW_COMMERCE, Standing.NO_OFFER})


def _members(customer: Customer, base: Subscription) -> tuple[str, ...]:
    """Return the add-ons that go with a base; one that is not active takes none along."""
    if base.state is not SubscriptionState.ACTIVE:
        return ()
    return tuple(one.subscription_id for one in members_of(customer, base))


def _bases_first(
    customer: Customer, held: Mapping[str, Subscription], chosen: Mapping[str, object]
) -> list[str]:
    """Return the chosen ones in order of (add-ons of a chosen base last, id)."""

    def key(subscription_id: str) -> tuple[bool, str]:
        base = base_of(customer, held[subscription_id])
        return base is not None and base.subscription_id in chosen, subscription_id

    return sorted(chosen, key=key)


def _why_not(row: PortfolioRow, size: int) -> LeftOverReason | None:
    """Return the first reason that holds but for the dates; None where it can be migrated."""
    path, judged = row.way.path, row.judged
    if path is None or judged is None:
        return LeftOverReason.NO_WAY
    if judged.readiness in _NOT_READY:
        return _NOT_READY[judged.readiness]
    first = path.steps[0].transition
    if first.kind is not TransitionKind.MIGRATION:
        return LeftOverReason.ANOTHER_MOVE_FIRST
    if first.execution is Execution.MANUAL:
        return LeftOverReason.BY_HAND
    if judged.waits_for:
        return LeftOverReason.ACT_FIRST
    return LeftOverReason.BUNDLE_TOO_LARGE if size > ROWS_IN_A_FILE else None


_NOT_READY: Mapping[Readiness, LeftOverReason] = {
    Readiness.BLOCKED: LeftOverReason.BLOCKED,
    Readiness.UNKNOWN: LeftOverReason.UNKNOWN,
}
