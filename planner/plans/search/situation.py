"""A customer in the middle of a plan, and what an act makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from planner.customers import Customer, Subscription, SubscriptionState
from planner.lifecycle import days_after, months_after, months_in, start_of
from planner.permissions import Acting

WINDOW = timedelta(days=7)
"""For how long after purchase or renewal it can be cancelled [docs/sources.md 6: 168 hours]."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What holds at one instant of a plan; equal situations have the same ways on."""

    customer: Customer
    acting: Acting
    at: datetime
    ended: frozenset[str] = frozenset()
    """Ids of ours that the plan itself has cancelled, or has told not to renew."""

    divided: frozenset[str] = frozenset()
    """Ids of ours that a part has left; the rest stays what it is."""
    _hash: int = field(default=0, init=False, compare=False, repr=False)
    """Kept, since a search looks a situation up again and again; 0 until somebody asks."""

    def __hash__(self) -> int:
        """Hash what most acts change: the rest of a customer is long, and equality looks at it."""
        if not self._hash:
            own = self.customer.holdings.own
            held = tuple([(one.subscription_id, one.catalog_id, one.seats) for one in own])
            object.__setattr__(self, "_hash", hash((self.at, held)))
        return self._hash

    def own(self, subscription_id: str) -> Subscription | None:
        """Return one of our subscriptions; None once it is gone."""
        for held in self.customer.holdings.own:
            if held.subscription_id == subscription_id:
                return held
        return None


def with_own(
    situation: Situation, changed: Mapping[str, Subscription | None], *added: Subscription
) -> Situation:
    """Return the situation with some of our subscriptions replaced, removed (None) or added."""
    held = situation.customer.holdings
    kept = (changed.get(one.subscription_id, one) for one in held.own)
    own = (*(one for one in kept if one is not None), *added)
    return replace(situation, customer=with_holdings(situation.customer, own, held.foreign))


def with_holdings(
    customer: Customer, own: tuple[Subscription, ...], foreign: tuple[Subscription, ...]
) -> Customer:
    """Return the customer with other subscriptions, as much of them loaded as before."""
    return replace(customer, holdings=replace(customer.holdings, own=own, foreign=foreign))


def window_from(bought: datetime) -> datetime | None:
    """Return until when a purchase or renewal can be cancelled; None beyond the calendar."""
    try:
        return bought + WINDOW
    except OverflowError:
        return None


def let_pass(situation: Situation, until: datetime) -> Situation:
    """Return the situation at a later instant: terms that ended in between renewed or expired.

    Source: docs/sources.md 6 (lifecycle). Where no source says whether it renews, its end is
    unknown from then on.
    """
    if until <= situation.at:
        return situation
    held = situation.customer.holdings
    own = tuple(_carried_over(one, until.date()) for one in held.own)
    customer = replace(situation.customer, holdings=replace(held, own=own))
    return replace(situation, customer=customer, at=until)


def _carried_over(subscription: Subscription, day: date) -> Subscription:
    while subscription.last_day is not None and subscription.last_day < day:
        if subscription.state is SubscriptionState.SUSPENDED and subscription.is_new_commerce:
            return replace(
                subscription, state=SubscriptionState.DISABLED, state_as_given="disabled"
            )
        if subscription.state is not SubscriptionState.ACTIVE:
            return subscription
        if subscription.cancels_at_end or subscription.auto_renews is False:
            return replace(subscription, state=SubscriptionState.EXPIRED, state_as_given="expired")
        subscription = _renewed(subscription)
    return subscription


def _renewed(subscription: Subscription) -> Subscription:
    told = subscription.renewal
    term = (told and told.term) or subscription.term
    starts = days_after(subscription.last_day, 1) if subscription.last_day else None
    ends = last_day_of(starts, term) if subscription.auto_renews else None
    promoted, is_new = subscription.promotion_ends, subscription.is_new_commerce
    outlasts = promoted is not None and starts is not None and promoted >= starts
    return replace(
        subscription,
        catalog_id=(told and told.catalog_id) or subscription.catalog_id,
        term=term,
        billing_cycle=(told and told.billing_cycle) or subscription.billing_cycle,
        seats=subscription.seats if told is None or told.seats is None else told.seats,
        last_day=(told and told.custom_end) or ends,
        promotion_id=subscription.promotion_id if outlasts else None,
        promotion_ends=subscription.promotion_ends if outlasts else None,
        renewal=None,
        cancellable_until=window_from(start_of(starts)) if starts and is_new else None,
    )


def last_day_of(first_day: date | None, term: str | None) -> date | None:
    """Return the last day of a term that begins on a day; None where that is not known."""
    months = months_in(term)
    if first_day is None or months is None:
        return None
    renewal = months_after(first_day, months)
    return None if renewal is None else days_after(renewal, -1)
