"""The best ways of one subscription to its goal, from where it is in the middle of a plan."""

from dataclasses import replace
from functools import lru_cache

from planner.catalog import Catalog
from planner.customers import Subscription
from planner.no_path import NoPath
from planner.paths import Path, PathQuestion, first_moves, kept_reachable
from planner.plans.goals import SubscriptionGoal
from planner.plans.search.parts import ways_of_part
from planner.plans.search.situation import Situation
from planner.plans.wanted import Wanted
from planner.scope import Scope, whole_day
from planner.seats import seat_room

ROUTES_TRIED = 12
"""How many first moves towards a goal are tried from one offer, the best ways first."""
_LOOKED_AT = 48
"""Among how many of the best ways those first moves are looked for."""


def routes_to(
    catalog: Catalog,
    wanted: Wanted,
    situation: Situation,
    held: Subscription,
    goal: SubscriptionGoal,
    *,
    only_best: bool = False,
) -> tuple[Path, ...] | NoPath:
    """Return the best ways to the goal from where the subscription is now, best first."""
    if held.catalog_id is None or held.catalog_id not in catalog.offers:
        return ()
    if goal.goal is None:
        return ways_with_room(catalog, wanted, situation, held, goal)[: 1 if only_best else None]
    # The best way of all need not be one by which a part can go.
    looked_at = 1 if only_best and goal.part is None else _LOOKED_AT
    routes, way = wanted.asking.routes, (held.catalog_id, goal.goal, situation.at, looked_at)
    found = routes.get(way)
    if found is None:
        scope = _local(wanted.scope, situation)
        question = PathQuestion(held.catalog_id, goal.goal, scope, looked_at)
        found = routes[way] = _kept_routes(catalog, question)
    if goal.part is None or isinstance(found, NoPath):
        return found
    return ways_of_part(catalog, held, goal, found)[: 1 if only_best else None]


@lru_cache(maxsize=2048)
def _kept_routes(catalog: Catalog, question: PathQuestion) -> tuple[Path, ...] | NoPath:
    """Return the best way by each first move, kept: a search comes by the same offers again.

    Only the first move of a route is taken; where it leads is looked at afresh from there.
    """
    return first_moves(catalog, question, most=ROUTES_TRIED)


def _local(scope: Scope, situation: Situation) -> Scope:
    """Return the scope of then. The market narrows nothing that nobody asked to narrow: a target
    that is not sold there is found, and its rule tells so.
    """
    if scope.at == situation.at:
        return whole_day(scope)
    return whole_day(replace(scope, at=situation.at))


def ways_with_room(
    catalog: Catalog,
    wanted: Wanted,
    situation: Situation,
    held: Subscription,
    goal: SubscriptionGoal,
) -> tuple[Path, ...]:
    """Return the best ways to any offer on which there is room for the seats asked for."""
    if held.catalog_id is None or held.catalog_id not in catalog.offers:
        return ()
    ways = kept_reachable(catalog, held.catalog_id, _local(wanted.scope, situation))
    grown = replace(held, seats=goal.seats)
    roomy = (way for way in ways if _fits(catalog, situation, grown, way))
    return tuple(way for way, _ in zip(roomy, range(ROUTES_TRIED), strict=False))


def _fits(catalog: Catalog, situation: Situation, held: Subscription, way: Path) -> bool:
    rooms = (seat_room(catalog, situation.customer, held, offer) for offer in way.offers[1:])
    return all(room.room is None or (held.seats or 0) <= room.room for room in rooms)
