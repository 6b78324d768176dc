"""Which goals of a component could go their first way with fewer seats than they have."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from planner.catalog import Catalog
from planner.customers import Subscription
from planner.ids import CatalogId
from planner.plans.goals import SubscriptionGoal
from planner.plans.search.room import part_that_fits, seats_that_fit
from planner.plans.search.situation import Situation
from planner.plans.search.solution import Solution, Status
from planner.plans.wanted import Wanted


@dataclass(frozen=True, slots=True)
class Fewer:
    """A component's goals, one of them with the seats that its first way has room for."""

    place: int
    """Of the goal that has fewer."""
    goals: tuple[SubscriptionGoal, ...]
    seats: int
    given_up: int
    target: CatalogId
    """Where the first way leads."""


def with_seats_that_fit(
    catalog: Catalog,
    wanted: Wanted,
    start: Situation,
    goals: tuple[SubscriptionGoal, ...],
    best: Solution,
) -> Iterator[Fewer]:
    """Yield goals whose first way lacks room for all seats, and that end elsewhere or nowhere.

    None of which a part can go by itself: then nothing needs to be given up.
    """
    for place, goal in enumerate(goals):
        held, found = start.own(goal.subscription_id), seats_that_fit(catalog, wanted, start, goal)
        if held is None or held.seats is None or found is None:
            continue
        seats, target = found
        ended = ends_as(best, place)
        is_there = ended is not None and ended.catalog_id == target
        if is_there or part_that_fits(catalog, wanted, start, goal) is not None:
            continue
        fewer = (*goals[:place], replace(goal, seats=seats), *goals[place + 1 :])
        yield Fewer(place, fewer, seats, held.seats - seats, target)


def ends_as(solution: Solution, place: int) -> Subscription | None:
    """Return what a goal that is met leads its subscription to; None where it is not met."""
    pursuit = solution.pursuits[place]
    if pursuit.status is not Status.MET:
        return None
    return solution.situation.own(pursuit.goal.subscription_id)
