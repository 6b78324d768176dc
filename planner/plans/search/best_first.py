"""Best-first search over situations of a customer, until every goal is met or given up.

What was spent on each goal is kept apart, so that the lower bound of each counts until it is
reached.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count
from typing import TypeVar

from planner.blockers import Severity
from planner.bundles import may_go_along
from planner.catalog import Catalog
from planner.plans.goals import SubscriptionGoal, is_met
from planner.plans.merit import (
    cost_of_endings,
    cost_of_giving_up,
    cost_of_opening,
    plus,
    zero,
)
from planner.plans.search.acts import Act, Opening
from planner.plans.search.bounds import Bounds
from planner.plans.search.effects import after
from planner.plans.search.openings import openings
from planner.plans.search.parts import followed
from planner.plans.search.remedies import follower_of, is_ours_on
from planner.plans.search.situation import Situation
from planner.plans.search.solution import Done, Exactness, Pursuit, Solution, Status
from planner.plans.wanted import Wanted
from planner.search import Budget, Cost, OutOfBudget

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Node:
    situation: Situation
    pursuits: tuple[Pursuit, ...]
    spent: tuple[Cost, ...]
    done: tuple[Done, ...] = ()
    warnings: int = 0
    """Findings of its acts that warn."""
    keys: tuple[str, ...] = ()
    """The acts' keys in order."""


def search(
    catalog: Catalog,
    wanted: Wanted,
    situation: Situation,
    goals: tuple[SubscriptionGoal, ...],
    bounds: Bounds,
    budget: Budget,
    *,
    kept: tuple[SubscriptionGoal, ...] = (),
) -> Solution:
    """Search best first; of equal costs the deeper node, then fewer warnings, then the acts' keys.

    Goals that are met and `kept` stay met all the way. Raises: OutOfBudget.
    """
    ticket = count()
    nothing = _Node(situation, tuple(map(Pursuit, goals)), _nothing(wanted, goals))
    start = _settled(catalog, wanted, nothing)
    heap: list[tuple[Cost, int, int, tuple[str, ...], int, _Node]] = []
    best: dict[object, Cost] = {}

    def push(node: _Node) -> None:
        total = bounds.total(node.spent)
        key = (node.situation, node.pursuits, node.spent)
        if key not in best or total < best[key]:
            best[key] = total
            heappush(heap, (total, *_ties(node), next(ticket), node))

    push(start)
    while heap:
        total, *_, node = heappop(heap)
        if all(one.status is not Status.OPEN for one in node.pursuits):
            ended = cost_of_endings(catalog, wanted.scope, situation, node.situation)
            spent = plus(_sum(wanted, node.spent), ended)
            if spent == total:
                return Solution(
                    spent, node.done, node.pursuits, node.situation, Exactness.EXACT, budget.spent
                )
            heappush(heap, (spent, *_ties(node), next(ticket), node))
            continue
        for child in _children(catalog, wanted, node, bounds, budget):
            if all(_stays_met(catalog, child.situation, goal) for goal in kept):
                push(child)
    raise OutOfBudget(budget.spent)


def _ties(node: _Node) -> tuple[int, int, tuple[str, ...]]:
    """Return what decides among nodes of the same cost."""
    return -len(node.done), node.warnings, node.keys


def _nothing(wanted: Wanted, goals: tuple[SubscriptionGoal, ...]) -> tuple[Cost, ...]:
    return (zero(wanted.scope),) * len(goals)


def _sum(wanted: Wanted, costs: tuple[Cost, ...]) -> Cost:
    total = zero(wanted.scope)
    for cost in costs:
        total = plus(total, cost)
    return total


def _children(
    catalog: Catalog, wanted: Wanted, node: _Node, bounds: Bounds, budget: Budget
) -> Iterator[_Node]:
    for place, pursuit in enumerate(node.pursuits):
        held = node.situation.own(pursuit.goal.subscription_id)
        goes_on = held is not None and held.catalog_id in bounds.crowded
        if pursuit.status is Status.UNMET or (pursuit.status is Status.MET and not goes_on):
            continue
        budget.spend()
        found, _ = openings(catalog, wanted, node.situation, pursuit.goal)
        for opening in found:
            child = _settled(catalog, wanted, _done(catalog, wanted, node, place, opening))
            if not _is_too_late(catalog, node, child):
                yield child
        if pursuit.status is Status.OPEN:
            yield _give_up(wanted, node, place)


def _is_too_late(catalog: Catalog, node: _Node, child: _Node) -> bool:
    """Return whether waiting left what is still to be moved to Microsoft, or let it end."""
    before, now = node.situation, child.situation
    if now.at.date() == before.at.date():
        return False
    for pursuit in child.pursuits:
        held = before.own(pursuit.goal.subscription_id)
        if pursuit.status is not Status.OPEN or held is None:
            continue
        if not is_ours_on(catalog, now.customer, held, now.at.date()):
            return True
    return False


def _done(catalog: Catalog, wanted: Wanted, node: _Node, place: int, opening: Opening) -> _Node:
    now, done = node.situation, list(node.done)
    for act in opening.acts:
        timed = act if act.at == now.at else replace(act, at=now.at)
        then = after(catalog, now, timed)
        done.append(Done(place, timed, now, then))
        now = then
    pursuit = node.pursuits[place]
    follows = followed(pursuit.goal, opening.acts, follower_of(opening.acts))
    pursuit = replace(pursuit, goal=follows)
    arrives = _is_met(catalog, wanted, now, pursuit.goal)
    cost = cost_of_opening(
        catalog,
        wanted.scope,
        node.situation,
        now,
        opening,
        free=wanted.free,
        arrives_as=pursuit.goal.subscription_id if arrives else None,
    )
    return _Node(
        now,
        _put(node.pursuits, place, pursuit),
        _put(node.spent, place, plus(node.spent[place], cost)),
        tuple(done),
        node.warnings + sum(_warnings(act) for act in opening.acts),
        tuple(sorted((*node.keys, *(act.key for act in opening.acts)))),
    )


def _warnings(act: Act) -> int:
    return sum([blocker.severity is Severity.WARNS for blocker in act.blockers])


def _give_up(wanted: Wanted, node: _Node, place: int) -> _Node:
    cost = cost_of_giving_up(wanted.scope)
    return _Node(
        node.situation,
        _put(node.pursuits, place, Pursuit(node.pursuits[place].goal, Status.UNMET)),
        _put(node.spent, place, plus(node.spent[place], cost)),
        node.done,
        node.warnings,
        node.keys,
    )


def _put(values: tuple[_T, ...], place: int, value: _T) -> tuple[_T, ...]:
    return (*values[:place], value, *values[place + 1 :])


def _settled(catalog: Catalog, wanted: Wanted, node: _Node) -> _Node:
    """Mark the goals that are met as things are now, whoever met them, and those no longer met."""
    pursuits = tuple(_as_things_are(catalog, wanted, node.situation, one) for one in node.pursuits)
    if pursuits == node.pursuits:
        return node
    return replace(node, pursuits=pursuits)


def _as_things_are(
    catalog: Catalog, wanted: Wanted, situation: Situation, pursuit: Pursuit
) -> Pursuit:
    if pursuit.status is Status.UNMET:
        return pursuit
    status = Status.MET if _is_met(catalog, wanted, situation, pursuit.goal) else Status.OPEN
    return pursuit if status is pursuit.status else Pursuit(pursuit.goal, status)


def _stays_met(catalog: Catalog, situation: Situation, goal: SubscriptionGoal) -> bool:
    held = situation.own(goal.subscription_id)
    return held is not None and is_met(catalog, held, goal)


def _is_met(catalog: Catalog, wanted: Wanted, situation: Situation, goal: SubscriptionGoal) -> bool:
    held = situation.own(goal.subscription_id)
    if held is None or (wanted.elsewhere_than and held.catalog_id == wanted.elsewhere_than):
        return False
    if wanted.moves_along and may_go_along(catalog, held):
        return True
    return is_met(catalog, held, goal)
