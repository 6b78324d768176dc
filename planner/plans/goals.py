"""What a plan shall reach for each subscription."""

from collections.abc import Iterable
from dataclasses import dataclass

from planner.catalog import Catalog
from planner.customers import Customer, Subscription, SubscriptionState
from planner.goals import Goal, NewCommerceGoal, members_of

ANY_NEW_COMMERCE = NewCommerceGoal()


@dataclass(frozen=True, slots=True)
class SubscriptionGoal:
    """One subscription of ours, where it shall end, and with how many seats.

    Raises: ValueError for a part that comes with seats, or without a goal to go to.
    """

    subscription_id: str
    goal: Goal | None = ANY_NEW_COMMERCE
    """None where it may stay what it is as long as it gets its seats."""
    seats: int | None = None
    """None where it keeps the seats that it has."""
    part: int | None = None
    """How many of its seats go there while the rest stays as it is; None where all of them go."""

    def __post_init__(self) -> None:
        if self.part is not None and (self.seats is not None or self.goal is None):
            raise ValueError("a part needs a goal to go to, and takes no other number of seats")


GONE = frozenset({SubscriptionState.DELETED, SubscriptionState.DISABLED, SubscriptionState.EXPIRED})
"""States in which a subscription is nothing that a customer could use for long."""


def default_goals(customer: Customer) -> tuple[SubscriptionGoal, ...]:
    """Return, in order of their ids, our subscriptions of legacy offers: each to new commerce.

    Those that are deleted are left out. A status that says nothing leaves none out: its steps are
    UNKNOWN, as its blockers are.
    """
    return in_order(
        SubscriptionGoal(held.subscription_id)
        for held in customer.holdings.own
        if _needs_plan(held)
    )


def is_left_out(subscription: Subscription) -> bool:
    """Return whether it is over and no plan makes anything of it unless a goal names it.

    `blockers` then name nothing to do instead either: whoever wants it again buys it anew.
    """
    return subscription.state in GONE and not _needs_plan(subscription)


def _needs_plan(subscription: Subscription) -> bool:
    return subscription.is_legacy and subscription.state is not SubscriptionState.DELETED


def is_met(catalog: Catalog, subscription: Subscription, goal: SubscriptionGoal) -> bool:
    """Return whether a subscription is where it shall be. Raises: as `members_of`."""
    if subscription.state in GONE:
        return False
    has_seats = goal.seats is None or subscription.seats == goal.seats
    return has_seats and is_there(catalog, subscription, goal)


def is_there(catalog: Catalog, subscription: Subscription, goal: SubscriptionGoal) -> bool:
    """Return whether it is of an offer that meets the goal, whatever its seats."""
    if goal.goal is None:
        return True
    offer = subscription.catalog_id
    return offer is not None and offer in members_of(catalog, goal.goal)


def in_order(goals: Iterable[SubscriptionGoal]) -> tuple[SubscriptionGoal, ...]:
    """Return goals in the one order that every search works in."""
    return tuple(sorted(goals, key=lambda one: one.subscription_id))
