"""A goal for a part of a subscription's seats: which moves take a part, and what comes of it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from planner.catalog import Catalog
from planner.customers import Subscription
from planner.goals import members_of
from planner.ids import CatalogId
from planner.paths import Path
from planner.plans.goals import SubscriptionGoal
from planner.plans.search.acts import Act, StepKind
from planner.plans.search.money import MonthlyPrice, monthly_price
from planner.plans.search.situation import Situation, with_own
from planner.transitions import Transition, TransitionKind

_WHOLE = frozenset({TransitionKind.MIGRATION, TransitionKind.TRIAL_CONVERSION})
_DIVIDE = frozenset({StepKind.CONVERT, StepKind.CONVERT_INTO_EXISTING})


def part_of(held: Subscription, goal: SubscriptionGoal, edge: Transition) -> int | None:
    """Return how many seats a move takes; None where it takes all, as a part that is all does.

    Only a conversion takes a part. Source: docs/sources.md 2 (full and partial upgrades).
    """
    if goal.part is None or edge.kind is not TransitionKind.CONVERSION:
        return None
    return None if goal.part == held.seats else goal.part


def is_too_large(held: Subscription, goal: SubscriptionGoal) -> bool:
    """Return whether a part is more than the seats that there are."""
    return goal.part is not None and held.seats is not None and goal.part > held.seats


def ways_of_part(
    catalog: Catalog, held: Subscription, goal: SubscriptionGoal, routes: Iterable[Path]
) -> tuple[Path, ...]:
    """Return the routes by which a part can go while the rest stays what it is.

    A conversion takes a part. A migration and a trial's conversion take the subscription whole, so
    they only lead to where a part can leave; a legacy upgrade would change what shall stay.
    Source: docs/sources.md 1 to 3: fewer seats on a migration are seats given up, not left behind.
    """
    if is_too_large(held, goal):
        return ()
    if goal.part is None or goal.goal is None or goal.part == held.seats:
        return tuple(routes)
    ends = members_of(catalog, goal.goal)
    return tuple(route for route in routes if _leaves_the_rest(route, ends))


def _leaves_the_rest(route: Path, ends: Iterable[CatalogId]) -> bool:
    first = route.steps[0].transition
    if first.kind is TransitionKind.CONVERSION:
        return True
    return first.kind in _WHOLE and first.target not in ends


def parted(
    situation: Situation,
    held: Subscription,
    part: int,
    changed: Mapping[str, Subscription | None],
    *added: Subscription,
) -> Situation:
    """Return the situation in which a part has left one of ours, with what came of the part."""
    now = replace(situation, divided=situation.divided | {held.subscription_id})
    return with_own(now, {**changed, held.subscription_id: without_part(held, part)}, *added)


def without_part(held: Subscription, part: int) -> Subscription:
    """Return what a part leaves behind; which of its seats can be given back is not known then."""
    left = None if held.seats is None else held.seats - part
    return replace(held, seats=left, renewal=None, reducible=None)


def followed(
    goal: SubscriptionGoal, acts: tuple[Act, ...], follower: str | None
) -> SubscriptionGoal:
    """Return the goal once acts are done for it: of what came of the subscription.

    A part that has gone is a subscription by itself, or in another one, and all of that is meant.
    """
    if follower is not None:
        goal = replace(goal, subscription_id=follower)
    if any(act.kind in _DIVIDE for act in acts):
        goal = replace(goal, part=None)
    return goal


def price_of_both(
    catalog: Catalog, situation: Situation, first: str, second: str
) -> MonthlyPrice | None:
    """Return what two subscriptions cost in a month, as far as they are there.

    None where one of them has no known price, or they have none in common.
    """
    there = [one for one in dict.fromkeys((first, second)) if situation.own(one)]
    prices = [monthly_price(catalog, situation, one) for one in there]
    known = [one for one in prices if one is not None]
    if not known or len(known) < len(there) or len({one.currency for one in known}) > 1:
        return None
    return replace(known[0], amount=sum((one.amount for one in known[1:]), known[0].amount))
