"""The best acts for goals that hang together: exact within a number of states, else best found."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from planner.catalog import Catalog
from planner.ids import CatalogId
from planner.plans.goals import SubscriptionGoal
from planner.plans.merit import cost_of_endings, cost_of_giving_up, minus, plus, zero
from planner.plans.search.acts import StepKind
from planner.plans.search.alone import Alone
from planner.plans.search.best_first import search
from planner.plans.search.bounds import Bounds
from planner.plans.search.openings import Shut, openings
from planner.plans.search.situation import Situation
from planner.plans.search.solution import Done, Exactness, Pursuit, Solution, Status
from planner.plans.wanted import Wanted
from planner.search import Budget, OutOfBudget

_NOWHERE: Mapping[int, CatalogId] = {}


def solve(
    catalog: Catalog,
    wanted: Wanted,
    situation: Situation,
    goals: tuple[SubscriptionGoal, ...],
    budget: Budget,
) -> Solution:
    """Return the best acts for goals that hang together, which are at least one.

    One goal after another is tried first; where they exceed a limit together, also with those
    first, and last, for which it costs least to end elsewhere. What costs no more than the goals do
    at least is the best. Otherwise every order is searched, and where the budget ends that, the
    best of these stands as BEST_FOUND.
    """
    begun = budget.spent
    wanted = replace(wanted, staying=frozenset(_staying(situation, goals)))
    found = _one_by_one(catalog, wanted, situation, goals, budget)
    if len(goals) > 1:
        found = _proven(catalog, wanted, situation, goals, found, budget)
    return replace(_without_idle_end(found), states=budget.spent - begun)


def _staying(situation: Situation, goals: tuple[SubscriptionGoal, ...]) -> Iterator[str]:
    """Yield the ids of subscriptions that a goal takes a part of, and not all seats."""
    for goal in goals:
        held = situation.own(goal.subscription_id)
        if goal.part is not None and (held is None or held.seats != goal.part):
            yield goal.subscription_id


def _without_idle_end(found: Solution) -> Solution:
    """Return it without waiting in the end that leads to nothing: waiting costs a search nothing.

    What still stops the goal is then told as things are before.
    """
    done = list(found.done)
    while done and done[-1].act.kind is StepKind.WAIT_UNTIL:
        if found.pursuits[done[-1].goal].status is not Status.UNMET:
            break
        done.pop()
    end = done[-1].after if done else None
    if len(done) == len(found.done):
        return found
    return replace(found, done=tuple(done), situation=end or found.done[0].before)


def _proven(
    catalog: Catalog,
    wanted: Wanted,
    situation: Situation,
    goals: tuple[SubscriptionGoal, ...],
    chained: Solution,
    budget: Budget,
) -> Solution:
    nothing = (zero(wanted.scope),) * len(goals)
    alone = Alone(catalog, wanted, situation, goals, budget)
    try:
        best = alone.best()
        bounds = alone.bounds(best, with_limits=False)
        if chained.cost == bounds.total(nothing):
            return chained
        bounds = alone.bounds(best, with_limits=True)
        for are_first in (True, False) if bounds.limits else ():
            other = _one_by_one(
                catalog,
                wanted,
                situation,
                goals,
                budget,
                elsewhere=bounds.elsewhere(),
                are_first=are_first,
            )
            chained = min(chained, other, key=lambda one: one.cost)
            if chained.cost == bounds.total(nothing):
                return chained
        return search(catalog, wanted, situation, goals, bounds, budget)
    except OutOfBudget:
        return replace(chained, exactness=Exactness.BEST_FOUND)


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
    *,
    elsewhere: Mapping[int, CatalogId] = _NOWHERE,
    are_first: bool = True,
) -> Solution:
    """Solve goal after goal, bases before their add-ons, each from where the last one ended.

    What one has met no other undoes; what undoes it and meets it again is for the search to find.
    Those that end `elsewhere` do not end as the offer named, and are first or last.
    A goal for which the budget is too small is given up, and the answer is BEST_FOUND.
    """
    pursuits = [Pursuit(goal) for goal in goals]
    cost, done, exact = zero(wanted.scope), list[Done](), Exactness.EXACT
    now, cost_of_nothing = situation, (zero(wanted.scope),)
    order = sorted(
        range(len(goals)),
        key=lambda one: ((one in elsewhere) != are_first, *_base_first(situation, goals[one])),
    )
    for place in order:
        goal = pursuits[place].goal
        try:
            there = replace(wanted, elsewhere_than=elsewhere.get(place))
            kept = tuple(one.goal for one in pursuits if one.status is Status.MET)
            bounds = Bounds(cost_of_nothing)
            part = search(catalog, there, now, (goal,), bounds, budget, kept=kept)
        except OutOfBudget:
            part = _given_up(wanted, now, goal)
            exact = Exactness.BEST_FOUND
        ended = cost_of_endings(catalog, wanted.scope, now, part.situation)
        cost, now = plus(cost, minus(part.cost, ended)), part.situation
        done.extend(Done(place, one.act, one.before, one.after) for one in part.done)
        pursuits[place] = part.pursuits[0]
    cost = plus(cost, cost_of_endings(catalog, wanted.scope, situation, now))
    return Solution(cost, tuple(done), tuple(pursuits), now, exact, budget.spent)


def _base_first(situation: Situation, goal: SubscriptionGoal) -> tuple[bool, str]:
    held = situation.own(goal.subscription_id)
    return held is not None and held.parent_id is not None, goal.subscription_id


def _given_up(wanted: Wanted, now: Situation, goal: SubscriptionGoal) -> Solution:
    cost = cost_of_giving_up(wanted.scope)
    pursuit = Pursuit(goal, Status.UNMET)
    return Solution(cost, (), (pursuit,), now, Exactness.BEST_FOUND, 0)
