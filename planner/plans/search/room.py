"""How many seats of a subscription fit where all of them do not."""

from dataclasses import replace

from planner.catalog import Catalog
from planner.customers import Subscription
from planner.ids import CatalogId
from planner.no_path import NoPath
from planner.paths import Path
from planner.plans.goals import SubscriptionGoal
from planner.plans.search.routes import routes_to
from planner.plans.search.situation import Situation
from planner.plans.wanted import Wanted
from planner.seats import seat_room
from planner.transitions import TransitionKind


def part_that_fits(
    catalog: Catalog, wanted: Wanted, situation: Situation, goal: SubscriptionGoal
) -> int | None:
    """Return the largest part of the seats that some way to the goal has room for.

    None where all fit or none do, where seats are not known, and for a goal that names seats.
    Source: docs/sources.md 6 (300 per SKU over all sellers) and 2 (partial upgrades).
    """
    held = situation.own(goal.subscription_id)
    if held is None or held.seats is None or goal.seats is not None or goal.goal is None:
        return None
    asked = held.seats if goal.part is None else goal.part
    # A part that is not all of the seats, so that the ways are those by which a part can go.
    some = replace(goal, part=min(asked, held.seats - 1)) if held.seats > 1 else goal
    found = routes_to(catalog, wanted, situation, held, some)
    if isinstance(found, NoPath):
        return None
    rooms = (_room(catalog, situation, held, route) for route in found)
    return max((room for room in rooms if room is not None and 0 < room < asked), default=None)


def seats_that_fit(
    catalog: Catalog, wanted: Wanted, situation: Situation, goal: SubscriptionGoal
) -> tuple[int, CatalogId] | None:
    """Return how many seats the best way to the goal has room for whole, and where it ends.

    It is the way that `blockers` judges. None where all fit or none do, where seats are not known,
    and for a goal that names seats or a part.
    Source: docs/sources.md 0 and 6 (300 per SKU over all sellers).
    """
    held = situation.own(goal.subscription_id)
    if held is None or held.seats is None or goal.goal is None:
        return None
    if goal.seats is not None or goal.part is not None:
        return None
    found = routes_to(catalog, wanted, situation, held, goal, only_best=True)
    if isinstance(found, NoPath) or not found:
        return None
    rooms = (seat_room(catalog, situation.customer, held, o).room for o in found[0].offers[1:])
    room = min((one for one in rooms if one is not None), default=held.seats)
    return (room, found[0].target) if 0 < room < held.seats else None


def _room(catalog: Catalog, situation: Situation, held: Subscription, route: Path) -> int | None:
    """Return the least room on a way once the subscription can be divided; None without limit."""
    whole = sum(step.transition.kind is not TransitionKind.CONVERSION for step in route.steps)
    rooms = (
        seat_room(catalog, situation.customer, held, offer).room
        for offer in route.offers[1 + whole :]
    )
    return min((room for room in rooms if room is not None), default=None)
