"""When two subscriptions are in the same position: the facts that rules read, and what they mean.

Rules read more than they weigh. Names, and the ids themselves, only reach messages; a purchase long
ago is as good as another; seats that stay below every limit are as good as fewer. What is left is
a key: equal keys, of subscriptions asked about on the same instant, have equal answers. It holds
for questions without choices but the mode; what is in no key is listed here, and a test watches
the rules for fields that are in neither list.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

from planner.catalog import Catalog
from planner.customers import Customer, Seller, Subscription
from planner.ids import CatalogId
from planner.paths import Path
from planner.seats import seat_limit
from planner.transitions import TransitionKind

Key = tuple[Hashable, ...]

TOLD_ONLY = frozenset({"title", "friendly_name", "state_as_given"})
"""Fields of a subscription that reach messages and decide nothing."""
NEVER_READ = frozenset(
    {
        "starts",
        "seller_tenant_id",
        "cancellable_until",
        "reducible",
        "renewal",
        "cancels_at_end",
        "migrated_from",
    }
)
"""Fields that no rule reads where nothing is chosen."""

_LONG_AGO_DAYS = 45
"""More than a month and a day, whatever the month: the first-month rule is past."""
_FAR_DAYS = 3
"""At least two whole days before the end of a term: the rule of the last 24 hours is far."""
_LATEST_YEAR = 9000
_HELD_AT_MOST = 6
"""Customers that hold more are compared with no other as a whole."""
_LONG_AGO, _FAR, _PAST, _FITS, _NO_LIMIT = "long ago", "far", "past", ("fits",), ("no limit",)


@dataclass(frozen=True, slots=True)
class Walk:
    """What a way makes the rules look at beside the subscription that walks it."""

    least_limit: int | None
    """The least limit on seats of the offers on it; None where there is none."""
    looks_around: bool
    """Whether rules ask what else is held, other than for seats and for the bundle.

    A migration's do so for an add-on's bases alone.
    """


def walk_of(catalog: Catalog, path: Path) -> Walk:
    """Return what a way makes the rules look at."""
    looks_around = any(
        step.transition.kind is not TransitionKind.MIGRATION
        or step.transition.target in catalog.bases
        for step in path.steps
    )
    return Walk(min(_limits(catalog, path.offers[1:]), default=None), looks_around)


def _limits(catalog: Catalog, offers: tuple[CatalogId, ...]) -> Iterator[int]:
    for offer in offers:
        cap = catalog.seat_caps.get(offer)
        known = (seat_limit(catalog, offer), None if cap is None else cap.per_family)
        yield from (limit for limit in known if limit is not None)


class Positions:
    """The positions of one customer's subscriptions on an instant."""

    def __init__(self, customer: Customer, at: datetime) -> None:
        self._customer = customer
        self._today = at.astimezone(UTC).date()
        own = customer.holdings.own
        self._bases = frozenset(one.parent_id for one in own if one.parent_id is not None)

    def key(self, index: int, walk: Walk) -> Key | None:
        """Return the position of an own subscription on a way.

        Where nothing else that is held weighs, it is that of the subscription alone. None where
        much is held that may weigh: no other customer is likely to be in that position.
        """
        one = self._customer.holdings.own[index]
        seats = self._seats(walk.least_limit)
        if not self._is_alone(one, walk, seats):
            is_small = len(self._each) <= _HELD_AT_MOST
            # An add-on is held to the limits of its own target, which the way does not tell.
            told = self._each if self._bases else seats
            return (index, self._whole, told) if is_small else None
        seen = None if seats is _NO_LIMIT else self._customer.holdings.foreign_state
        return (self._about, seen, seats, *self._told(one, is_exact=False))

    def _is_alone(self, one: Subscription, walk: Walk, seats: Key) -> bool:
        """Return whether the rules' answers hold whatever else the customer has.

        In no bundle; and no limit, or one that all seats together stay below, with no subscription
        of another seller's, whose product may be untold.
        """
        if walk.looks_around or one.parent_id is not None or one.subscription_id in self._bases:
            return False
        return seats is _NO_LIMIT or (seats is _FITS and self._is_all_ours)

    def _seats(self, limit: int | None) -> Key:
        """Return what the seats of all that is held mean on a way with this least limit."""
        if self._has_totals:
            return self._each
        if limit is None:
            return _NO_LIMIT
        return _FITS if self._total is not None and self._total <= limit else self._each

    @cached_property
    def _each(self) -> tuple[int | None, ...]:
        return tuple(one.seats for one in self._customer.holdings.all)

    @cached_property
    def _total(self) -> int | None:
        """The seats of all that is held; None where one is not known, or is no count."""
        counts = [seats for seats in self._each if seats is not None and seats >= 0]
        return sum(counts) if len(counts) == len(self._each) else None

    @cached_property
    def _is_all_ours(self) -> bool:
        return all(one.seller is Seller.US for one in self._customer.holdings.all)

    @cached_property
    def _has_totals(self) -> bool:
        """Whether a product's total over all sellers is held, from which ours are taken off."""
        return any(
            one.seller is Seller.NOT_KNOWN and one.product_guid is not None
            for one in self._customer.holdings.all
        )

    @cached_property
    def _about(self) -> "Hashed":
        """What the rules of a migration read of the customer itself."""
        customer = self._customer
        return Hashed(
            (
                customer.market,
                customer.segment,
                customer.agreement,
                customer.holdings.own_state,
            )
        )

    @cached_property
    def _whole(self) -> "Hashed":
        """What the rules read of the customer and all that it holds, but for seats.

        Own subscriptions come in their order, so that a place in it names the same one in two
        customers with equal keys.
        """
        held = self._customer.holdings
        places: dict[str, int] = {}
        for one in held.all:
            places.setdefault(one.subscription_id, len(places))
        own = frozenset(one.subscription_id for one in held.own)
        each = (
            (
                places[one.subscription_id],
                _parent(one, own, places),
                one.seller,
                one.product_guid,
                one.auto_renews,
                one.service_plan_ids,
                *self._told(one, is_exact=bool(self._bases)),
            )
            for one in held.all
        )
        admin = self._customer.delegated_admin
        return Hashed((self._about, admin, held.foreign_state, len(held.own), *each))

    def _told(self, one: Subscription, *, is_exact: bool) -> Key:
        """Return what a migration's rules read of one subscription.

        Whether it renews decides only how soon the last hours of its term are over.
        """
        last_day = _last_day(one, self._today, is_exact=is_exact)
        return (
            one.state,
            one.catalog_id,
            one.is_trial,
            one.term,
            one.billing_cycle,
            one.promotion_id is None,
            one.promotion_ends,
            one.partner_of_record,
            _bought(one.created, self._today),
            last_day,
            one.auto_renews if isinstance(last_day, date) else None,
        )


class Hashed:
    """A key that several keys contain, hashed once."""

    __slots__ = ("_hash", "key")

    def __init__(self, key: Key) -> None:
        self.key = key
        self._hash = hash(key)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Hashed) and self.key == other.key


def _parent(one: Subscription, own: frozenset[str], places: dict[str, int]) -> int | None:
    """Return the place of an add-on's base among ours; -1 where none of ours is its base."""
    if one.parent_id is None:
        return None
    return places[one.parent_id] if one.parent_id in own else -1


def _bought(created: datetime | None, today: date) -> date | str | None:
    """Return the day of purchase, but for one that is more than a month ago."""
    if created is None:
        return None
    day = created.astimezone(UTC).date()
    return _LONG_AGO if (today - day).days > _LONG_AGO_DAYS else day


def _last_day(one: Subscription, today: date, *, is_exact: bool) -> date | str | None:
    """Return the last day, but for one that is over or some days off and compared with no other.

    It is compared within a bundle, and it dates the end of a promotion.
    """
    day = one.last_day
    has_promotion = one.promotion_id is not None or one.promotion_ends is not None
    if day is None or is_exact or has_promotion or day.year >= _LATEST_YEAR:
        return day
    if day < today:
        return _PAST
    return _FAR if (day - today).days >= _FAR_DAYS else day
