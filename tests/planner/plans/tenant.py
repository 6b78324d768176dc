"""What a toy Partner Center keeps of one customer at one instant."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from planner.customers import Customer, Subscription, SubscriptionState
from planner.ids import CatalogId
from planner.offers import Known

LIVE = frozenset({SubscriptionState.ACTIVE, SubscriptionState.SUSPENDED, SubscriptionState.PENDING})
"""What counts as held; the rest is over for good [docs/sources.md 6]."""
FOR_GOOD = frozenset(
    {SubscriptionState.EXPIRED, SubscriptionState.DISABLED, SubscriptionState.DELETED}
)
WINDOW = timedelta(days=7)
NOWHERE = CatalogId("")
REASSIGN, CANCEL_OLD = "reassign licences", "cancel the old one"


class Refused(Exception):
    """Partner Center does not do it; the code is its own where it has one."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Schedule:
    """What happens to a subscription when its term ends."""

    subscription_id: str
    target: CatalogId | None = None
    members: tuple[tuple[str, CatalogId], ...] = ()
    seats: int | None = None
    term: str | None = None
    billing_cycle: str | None = None


@dataclass(frozen=True, slots=True)
class Tenant:
    """One customer's subscriptions and what is still owed to it by hand, at one instant."""

    at: datetime
    own: tuple[Subscription, ...]
    """In order of their ids."""
    foreign: tuple[Subscription, ...]
    agreement: Known
    due: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    """Work by hand: what, on which subscription."""
    became: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    """What was asked for by its id, and the subscription that has its seats by now."""
    schedules: frozenset[Schedule] = field(default_factory=frozenset)
    lost: frozenset[str] = field(default_factory=frozenset)
    """What was over for good before anything was done."""
    divided: frozenset[str] = field(default_factory=frozenset)
    """What gave a part of its seats away."""
    transferred: frozenset[str] = field(default_factory=frozenset)
    """What came from another partner: of new commerce, whatever names it."""
    cancelled: tuple[tuple[CatalogId, date], ...] = ()
    """Legacy offers that were cancelled, and the last day on which they still count."""

    @property
    def today(self) -> date:
        return self.at.astimezone(UTC).date()

    @property
    def held(self) -> tuple[Subscription, ...]:
        """What the customer holds with anybody, without what is over."""
        return tuple(one for one in self.own + self.foreign if one.state in LIVE)

    def get(self, subscription_id: str) -> Subscription:
        """Return one of ours. Raises: Refused for one that is not there."""
        for one in self.own:
            if one.subscription_id == subscription_id:
                return one
        raise Refused("404", f"no subscription {subscription_id}")

    def has(self, subscription_id: str) -> bool:
        return any(one.subscription_id == subscription_id for one in self.own)

    def follower(self, subscription_id: str) -> str:
        """Return what took its place, however often."""
        return dict(self.became).get(subscription_id, subscription_id)

    def gone_on(self, subscription_id: str, to: str) -> "Tenant":
        """Return the tenant after one went on as another with all that had come to it."""
        after = {subscription_id: subscription_id} | dict(self.became)
        moved = {key: to if now == subscription_id else now for key, now in after.items()}
        return replace(self, became=frozenset(moved.items()))

    def parted(self, subscription_id: str, to: str) -> "Tenant":
        """Return the tenant after a part of one went: it is what was asked for by its own id, or
        by that of what it was bought in the place of, which its name begins with.

        What had come to it before from others stays, and what comes later stays with the rest.
        """
        asked_for = subscription_id.partition(">")[0]
        return replace(self, became=frozenset((dict(self.became) | {asked_for: to}).items()))

    def put(self, *changed: Subscription) -> "Tenant":
        """Return the tenant with subscriptions replaced or added."""
        own = {one.subscription_id: one for one in (*self.own, *changed)}
        return replace(self, own=tuple(own[key] for key in sorted(own)))

    def drop(self, subscription_id: str) -> "Tenant":
        own = tuple(one for one in self.own if one.subscription_id != subscription_id)
        return replace(self, own=own, schedules=self.unscheduled(subscription_id))

    def unscheduled(self, subscription_id: str) -> frozenset[Schedule]:
        """Return what is scheduled for the others."""
        return frozenset(it for it in self.schedules if it.subscription_id != subscription_id)

    def addons_below(self, subscription_id: str) -> tuple[Subscription, ...]:
        """Return the legacy add-ons that hang on one, nested ones flattened, in order of id."""
        found = {one.subscription_id: one for one in self._below(subscription_id, set())}
        return tuple(found[key] for key in sorted(found) if not is_new(found[key].catalog_id))

    def _below(self, subscription_id: str, seen: set[str]) -> Iterator[Subscription]:
        seen.add(subscription_id)
        for one in self.own:
            if one.parent_id == subscription_id and one.subscription_id not in seen:
                yield one
                yield from self._below(one.subscription_id, seen)


def tenant_of(customer: Customer, at: datetime) -> Tenant:
    """Return the tenant of a customer as it is loaded."""
    own = sorted(customer.holdings.own, key=lambda one: one.subscription_id)
    lost = frozenset(one.subscription_id for one in own if one.state in FOR_GOOD)
    return Tenant(at, tuple(own), customer.holdings.foreign, customer.agreement, lost=lost)


def is_new(offer: CatalogId | None) -> bool:
    return offer is not None and ":" in offer


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


MONTHS = {"P1M": 1, "P1Y": 12, "P3Y": 36}


def end_of_term(first: date, term: str | None) -> date | None:
    """Return the last day of a term that begins on a day."""
    return None if term is None else months_later(first, MONTHS[term]) - timedelta(days=1)


def renewal_of(subscription: Subscription) -> date | None:
    """Return the day after its term; None where it is not known."""
    return None if subscription.last_day is None else subscription.last_day + timedelta(days=1)


def due_first(tenant: Tenant, until: date) -> Subscription | None:
    """Return the active subscription whose term ends first, before that day."""
    ending = [
        one
        for one in tenant.own
        if one.last_day is not None
        and one.last_day < until
        and one.state in (SubscriptionState.ACTIVE, SubscriptionState.SUSPENDED)
    ]
    return min(ending, key=_by_end, default=None)


def _by_end(one: Subscription) -> tuple[date, str]:
    return one.last_day or date.max, one.subscription_id


def last_day_of_legacy(tenant: Tenant) -> date:
    """Return the last day on which all that is legacy is still ours to move.

    On the day after, Microsoft migrates it itself, or it ends [docs/sources.md 0].
    """
    legacy = (held for held in tenant.own if held.catalog_id and not is_new(held.catalog_id))
    return min((held.last_day for held in legacy if held.last_day), default=date.max)


def seats_in(subscriptions: Iterable[Subscription]) -> int:
    return sum(one.seats or 0 for one in subscriptions)
