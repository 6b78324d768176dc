"""The best acts for goals that hang together: exact up to a number of states, else the best found.

A best-first search over situations of the customer. Every goal is either met or given up, and what
was spent on it is kept apart, so that the lower bound of each goal counts until it is reached.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count
from typing import TypeVar

from planner.blockers import Severity
from planner.bundles import bases_of
from planner.catalog import Catalog
from planner.customers import HoldingsState, Subscription
from planner.plans.acts import Opening
from planner.plans.effects import after
from planner.plans.goals import SubscriptionGoal, is_met
from planner.plans.merit import SHARED, cost_of_giving_up, cost_of_opening, plus, zero
from planner.plans.openings import Shut, openings
from planner.plans.remedies import follower_of
from planner.plans.situation import Situation
from planner.plans.solution import Done, Exactness, Pursuit, Solution, Status
from planner.plans.wanted import Wanted
from planner.search import Budget, Cost, OutOfBudget

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Node:
    situation: Situation
    pursuits: tuple[Pursuit, ...]
    spent: tuple[Cost, ...]
    done: tuple[Done, ...] = ()


def solve(
    catalog: Catalog,
    wanted: Wanted,
    situation: Situation,
    goals: tuple[SubscriptionGoal, ...],
    budget: Budget,
) -> Solution:
    """Return the best acts for goals that hang together, which are at least one.

    One goal after another is tried first: where that costs no more than the goals would alone, it
    is the best. Otherwise every order is searched, and where the budget ends that, the first
    answer stands as BEST_FOUND.
    """
    begun = budget.spent
    chained = _one_by_one(catalog, wanted, situation, goals, budget)
    if len(goals) == 1:
        return replace(chained, states=budget.spent - begun)
    try:
        bounds = tuple(_alone(catalog, wanted, situation, goal, goals, budget) for goal in goals)
        if chained.cost == _sum(wanted, bounds):
            return replace(chained, states=budget.spent - begun)
        found = _search(catalog, wanted, situation, goals, bounds, budget)
        return replace(found, states=budget.spent - begun)
    except OutOfBudget:
        told = replace(chained, exactness=Exactness.BEST_FOUND)
        return replace(told, states=budget.spent - begun)


def why_unmet(
    catalog: Catalog, wanted: Wanted, situation: Situation, goal: SubscriptionGoal
) -> Shut:
    """Return what stands in the way of a goal that was given up, as things are in the end."""
    return openings(catalog, wanted, situation, goal)[1]


def _one_by_one(
    catalog: Catalog,
    wanted: Wanted,
    situation: Situation,
    goals: tuple[SubscriptionGoal, ...],
    budget: Budget,
) -> Solution:
    """Solve goal after goal, bases before their add-ons, each from where the last one ended.

    A goal for which the budget is too small is given up, and the answer is BEST_FOUND.
    """
    pursuits = [Pursuit(goal) for goal in goals]
    cost, done, exact = zero(wanted.scope), list[Done](), Exactness.EXACT
    now = situation
    for place in sorted(range(len(goals)), key=lambda one: _base_first(situation, goals[one])):
        goal = pursuits[place].goal
        bounds = (zero(wanted.scope),)
        try:
            part = _search(catalog, wanted, now, (goal,), bounds, budget)
        except OutOfBudget:
            part = _given_up(wanted, now, goal)
            exact = Exactness.BEST_FOUND
        cost, now = plus(cost, part.cost), part.situation
        done.extend(replace(one, goal=place) for one in part.done)
        pursuits[place] = part.pursuits[0]
    return Solution(cost, tuple(done), tuple(pursuits), now, exact, budget.spent)


def _base_first(situation: Situation, goal: SubscriptionGoal) -> tuple[bool, str]:
    held = situation.own(goal.subscription_id)
    return held is not None and held.parent_id is not None, goal.subscription_id


def _given_up(wanted: Wanted, now: Situation, goal: SubscriptionGoal) -> Solution:
    cost = cost_of_giving_up(wanted.scope)
    pursuit = Pursuit(goal, Status.UNMET)
    return Solution(cost, (), (pursuit,), now, Exactness.BEST_FOUND, 0)


def _alone(
    catalog: Catalog,
    wanted: Wanted,
    situation: Situation,
    goal: SubscriptionGoal,
    goals: tuple[SubscriptionGoal, ...],
    budget: Budget,
) -> Cost:
    """Return a lower bound of what a goal costs: the customer holds nothing else, rules that ask
    for a holding are not asked, and what another goal may do as well costs nothing. An add-on
    whose base has a goal may move along for nothing.
    """
    held = situation.own(goal.subscription_id)
    if held is None or _moves_along(situation, held, goals):
        return zero(wanted.scope)
    holdings = replace(
        situation.customer.holdings,
        own=(held,),
        own_state=HoldingsState.COMPLETE,
        foreign=(),
        foreign_state=HoldingsState.COMPLETE,
    )
    relaxed = replace(situation, customer=replace(situation.customer, holdings=holdings))
    rules = tuple(rule for rule in wanted.rules if not rule.needs_holding)
    bounds = (zero(wanted.scope),)
    alone = replace(wanted, rules=rules, free=SHARED)
    return _search(catalog, alone, relaxed, (goal,), bounds, budget).cost


def _moves_along(
    situation: Situation, held: Subscription, goals: tuple[SubscriptionGoal, ...]
) -> bool:
    bases = {one.subscription_id for one in bases_of(situation.customer, held)}
    return any(goal.subscription_id in bases for goal in goals)


def _search(
    catalog: Catalog,
    wanted: Wanted,
    situation: Situation,
    goals: tuple[SubscriptionGoal, ...],
    bounds: tuple[Cost, ...],
    budget: Budget,
) -> Solution:
    """Search best first; of equal costs the deeper node, then fewer warnings, then the acts' keys.

    Raises: OutOfBudget.
    """
    ticket = count()
    start = _settled(catalog, _Node(situation, tuple(map(Pursuit, goals)), _nothing(wanted, goals)))
    heap: list[tuple[Cost, int, int, tuple[str, ...], int, _Node]] = []
    best: dict[object, Cost] = {}

    def push(node: _Node) -> None:
        total = _sum(wanted, tuple(map(max, node.spent, bounds)))
        key = (node.situation, node.pursuits, node.spent)
        if key not in best or total < best[key]:
            best[key] = total
            heappush(heap, (total, *_ties(node), next(ticket), node))

    push(start)
    while heap:
        total, *_, node = heappop(heap)
        if all(one.status is not Status.OPEN for one in node.pursuits):
            spent = _sum(wanted, node.spent)
            if spent == total:
                return Solution(
                    spent, node.done, node.pursuits, node.situation, Exactness.EXACT, budget.spent
                )
            heappush(heap, (spent, *_ties(node), next(ticket), node))
            continue
        for child in _children(catalog, wanted, node, budget):
            push(child)
    raise OutOfBudget(budget.spent)


def _ties(node: _Node) -> tuple[int, int, tuple[str, ...]]:
    """Return what decides among nodes of the same cost."""
    warnings = sum(
        blocker.severity is Severity.WARNS for one in node.done for blocker in one.act.blockers
    )
    return -len(node.done), warnings, tuple(sorted(one.act.key for one in node.done))


def _nothing(wanted: Wanted, goals: tuple[SubscriptionGoal, ...]) -> tuple[Cost, ...]:
    return (zero(wanted.scope),) * len(goals)


def _sum(wanted: Wanted, costs: tuple[Cost, ...]) -> Cost:
    total = zero(wanted.scope)
    for cost in costs:
        total = plus(total, cost)
    return total


def _children(catalog: Catalog, wanted: Wanted, node: _Node, budget: Budget) -> Iterator[_Node]:
    for place, pursuit in enumerate(node.pursuits):
        if pursuit.status is not Status.OPEN:
            continue
        budget.spend()
        found, _ = openings(catalog, wanted, node.situation, pursuit.goal)
        for opening in found:
            yield _settled(catalog, _done(catalog, wanted, node, place, opening))
        yield _give_up(wanted, node, place)


def _done(catalog: Catalog, wanted: Wanted, node: _Node, place: int, opening: Opening) -> _Node:
    now, done = node.situation, list(node.done)
    for act in opening.acts:
        then = after(catalog, now, replace(act, at=now.at))
        done.append(Done(place, replace(act, at=now.at), now, then))
        now = then
    pursuit = node.pursuits[place]
    follower = follower_of(opening.acts)
    if follower is not None:
        pursuit = replace(pursuit, goal=replace(pursuit.goal, subscription_id=follower))
    cost = cost_of_opening(
        catalog,
        wanted.scope,
        node.situation,
        now,
        opening,
        free=wanted.free,
        arrives_as=pursuit.goal.subscription_id if _is_met(catalog, now, pursuit.goal) else None,
    )
    return _Node(
        now,
        _put(node.pursuits, place, pursuit),
        _put(node.spent, place, plus(node.spent[place], cost)),
        tuple(done),
    )


def _give_up(wanted: Wanted, node: _Node, place: int) -> _Node:
    cost = cost_of_giving_up(wanted.scope)
    return replace(
        node,
        pursuits=_put(node.pursuits, place, replace(node.pursuits[place], status=Status.UNMET)),
        spent=_put(node.spent, place, plus(node.spent[place], cost)),
    )


def _put(values: tuple[_T, ...], place: int, value: _T) -> tuple[_T, ...]:
    return (*values[:place], value, *values[place + 1 :])


def _settled(catalog: Catalog, node: _Node) -> _Node:
    """Mark the goals that are met as things are now, whoever met them, and those no longer met."""
    pursuits = tuple(
        one
        if one.status is Status.UNMET
        else replace(one, status=_status(catalog, node.situation, one.goal))
        for one in node.pursuits
    )
    return replace(node, pursuits=pursuits)


def _status(catalog: Catalog, situation: Situation, goal: SubscriptionGoal) -> Status:
    return Status.MET if _is_met(catalog, situation, goal) else Status.OPEN


def _is_met(catalog: Catalog, situation: Situation, goal: SubscriptionGoal) -> bool:
    held = situation.own(goal.subscription_id)
    return held is not None and is_met(catalog, held, goal)
