"""Which of the steps that a plan does without would open a way to a goal that it does not reach."""

from collections.abc import Mapping
from dataclasses import replace

from planner.catalog import Catalog
from planner.plans.goals import SubscriptionGoal
from planner.plans.search.acts import StepKind
from planner.plans.search.situation import Situation
from planner.plans.search.solution import Solution, Status
from planner.plans.search.solve import solve
from planner.plans.wanted import Wanted
from planner.search import Budget

LeftOut = tuple[tuple[StepKind, ...], ...]
"""Kinds of step, each enough by itself; or the kinds that are enough together, where none is."""


def left_out_by_goal(
    catalog: Catalog,
    wanted: Wanted,
    start: Situation,
    goals: tuple[SubscriptionGoal, ...],
    found: Solution,
    budget: Budget,
) -> Mapping[int, LeftOut]:
    """Return what would open a way, by the places of the goals that nothing but that stops.

    The goals of the component are solved again with everything, and then with each kind of what is
    left out; where the budget ends that, less is named.
    """
    unmet = _places(found, Status.UNMET)
    if not wanted.without or not unmet:
        return {}
    whole = solve(catalog, replace(wanted, without=frozenset()), start, goals, budget)
    opened = unmet & _places(whole, Status.MET)
    alone: dict[int, LeftOut] = dict.fromkeys(sorted(opened), ())
    for kind in sorted(wanted.without) if opened else ():
        with_it = replace(wanted, without=wanted.without - {kind})
        one = solve(catalog, with_it, start, goals, budget)
        for place in opened & _places(one, Status.MET):
            alone[place] += ((kind,),)
    return {
        place: kinds
        for place, one in alone.items()
        if (kinds := one or _together(whole, place, wanted))
    }


def _places(solution: Solution, status: Status) -> frozenset[int]:
    return frozenset(place for place, one in enumerate(solution.pursuits) if one.status is status)


def _together(whole: Solution, place: int, wanted: Wanted) -> LeftOut:
    """Return the kinds that are left out and taken for a goal, or else for those beside it."""
    mine = {one.act.kind for one in whole.done if one.goal == place}
    taken = {one.act.kind for one in whole.done}
    kinds = tuple(sorted(mine & wanted.without or taken & wanted.without))
    return (kinds,) if kinds else ()


def words_of(left_out: LeftOut, *, is_exact: bool) -> str:
    """Say that the only ways left need steps that the plan does without, and which."""
    *some, last = (" and ".join(kinds) for kinds in left_out)
    named = f"{', '.join(some)} or {last}" if some else last
    ways = "The only ways left need" if is_exact else "Within the states allowed all ways need"
    several = len(left_out) == 1 and len(left_out[0]) > 1
    return f"{ways} {'steps' if several else 'a step'} that the plan is to do without: {named}"
