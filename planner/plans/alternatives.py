"""Other ways for a component of a plan, and what each trades for what."""

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, replace

from planner.catalog import Catalog
from planner.counting import more_or_fewer
from planner.lifecycle import days_between
from planner.plans.fewer_seats import ends_as, with_seats_that_fit
from planner.plans.goals import SubscriptionGoal
from planner.plans.merit import GIVEN_UP, OF_OTHERS, UNKNOWN, cost_of_giving_up, plus, seats_by_hand
from planner.plans.search.acts import StepKind
from planner.plans.search.components import Together
from planner.plans.search.money import monthly_price
from planner.plans.search.room import part_that_fits
from planner.plans.search.situation import Situation
from planner.plans.search.solution import Done, Solution, Status
from planner.plans.search.solve import solve
from planner.plans.told.steps import AlternativePlan, PlanStep
from planner.plans.told.telling import told
from planner.plans.told.unsure import with_what_is_unsure
from planner.plans.wanted import Wanted
from planner.search import Budget, OutOfBudget

MOST_ALTERNATIVES = 4
"""How many alternatives a component is shown with at most."""
_MOST_TRIED = 8

_SPARED = (
    StepKind.WAIT_UNTIL,
    StepKind.CANCEL,
    StepKind.TURN_OFF_AUTO_RENEWAL,
    StepKind.CANCEL_ELSEWHERE,
    StepKind.TRANSFER_IN,
    StepKind.UPGRADE,
    StepKind.CONVERT,
    StepKind.CONVERT_INTO_EXISTING,
    StepKind.SCHEDULE_MIGRATION,
    StepKind.REASSIGN_LICENSES,
    StepKind.BUY_NEW,
)
"""Steps that somebody may want to do without, in the order in which that is tried."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What people weigh plans by; each counts against the plan."""

    unmet: int
    unknown: int
    steps: int
    """Waiting is none; the days tell it."""
    days: int
    """From the first day to the last step."""
    seats_by_hand: int
    by_others: int
    """Steps that the customer or another seller has to do."""
    elsewhere: int
    """Subscriptions that the customer cancels with other sellers, given up or not."""
    cancelled: int
    """Subscriptions that are given up, of ours or of other sellers."""
    legacy_upgrades: int


def alternatives_for(
    catalog: Catalog,
    wanted: Wanted,
    start: Situation,
    group: Together,
    best: Solution,
    *,
    budget: Budget,
) -> tuple[AlternativePlan, ...]:
    """Return solutions that do without one kind of step the best one takes, none worse in all.

    In order of merit; a solution that another beats or equals in everything is left out.
    """
    found = _others(catalog, wanted, start, group, best, budget)
    others = [one for one in found.values() if one is not best]
    kept = [one for one in others if not _is_beaten(one, found.values(), start)]
    kept.sort(key=lambda one: (one.cost, _names(one)))
    ids = tuple(goal.subscription_id for goal in group.goals)
    listed = tuple(
        AlternativePlan(
            ids,
            trade_off(facts_of(best, start), facts_of(one, start)),
            _told(catalog, wanted, one),
            one.cost,
        )
        for one in kept[:MOST_ALTERNATIVES]
    )
    return (
        *listed,
        *_in_part(catalog, wanted, start, group, best, budget),
        *_with_fewer_seats(catalog, wanted, start, group, best, budget),
    )


def _in_part(
    catalog: Catalog,
    wanted: Wanted,
    start: Situation,
    group: Together,
    best: Solution,
    budget: Budget,
) -> Iterator[AlternativePlan]:
    """Yield, for a goal that is not met for want of room, the part of the seats that fits.

    The goal stays unmet by its letter, and counts so; which goals to ask for instead is told.
    """
    for place, (goal, pursuit) in enumerate(zip(group.goals, best.pursuits, strict=True)):
        if pursuit.status is Status.MET:
            continue
        held = best.situation.own(goal.subscription_id)
        part = None if held is None else part_that_fits(catalog, wanted, best.situation, goal)
        if held is None or part is None:
            continue
        goals = list(group.goals)
        goals[place] = replace(goal, part=part)
        other = _solved(catalog, wanted, start, tuple(goals), budget)
        if other is None or other.pursuits[place].status is not Status.MET:
            continue
        missing = _with_one_more_unmet(best, other, start)
        yield AlternativePlan(
            tuple(one.subscription_id for one in goals),
            f"{part} of {held.seats} seats get there, {(held.seats or 0) - part} stay; {missing}",
            _told(catalog, wanted, other),
            plus(other.cost, cost_of_giving_up(wanted.scope)),
            tuple(goals),
        )


def _with_fewer_seats(
    catalog: Catalog,
    wanted: Wanted,
    start: Situation,
    group: Together,
    best: Solution,
    budget: Budget,
) -> Iterator[AlternativePlan]:
    """Yield, for a goal whose first way has too little room, that way with the seats that fit.

    The other seats are given up. So it is told beside a larger product that has room for all, with
    what both cost; and where nothing has. It counts as unmet.
    """
    for fewer in with_seats_that_fit(catalog, wanted, start, group.goals, best):
        other = _solved(catalog, wanted, start, fewer.goals, budget)
        ended = None if other is None else ends_as(other, fewer.place)
        if other is None or ended is None or ended.catalog_id != fewer.target:
            continue
        missing = _with_one_more_unmet(best, other, start)
        in_plan = best.pursuits[fewer.place].goal.subscription_id
        yield AlternativePlan(
            tuple(one.subscription_id for one in fewer.goals),
            f"{fewer.seats} of {fewer.seats + fewer.given_up} seats become "
            f"{catalog.offers[fewer.target].title}, {fewer.given_up} are given up; {missing}",
            _told(catalog, wanted, other),
            plus(other.cost, cost_of_giving_up(wanted.scope)),
            fewer.goals,
            monthly_price(catalog, best.situation, in_plan),
            monthly_price(catalog, other.situation, ended.subscription_id),
        )


def _with_one_more_unmet(best: Solution, other: Solution, start: Situation) -> str:
    """Return what another solution trades that meets a goal in part alone."""
    facts = facts_of(other, start)
    return trade_off(facts_of(best, start), replace(facts, unmet=facts.unmet + 1))


def _told(catalog: Catalog, wanted: Wanted, one: Solution) -> tuple[PlanStep, ...]:
    steps = told(catalog, wanted, one.done)
    return with_what_is_unsure(steps, one.situation.customer.customer_id)


def _others(
    catalog: Catalog,
    wanted: Wanted,
    start: Situation,
    group: Together,
    best: Solution,
    budget: Budget,
) -> dict[tuple[str, ...], Solution]:
    """Return the best solution and those that spare a kind of step of it, or of one such."""
    found = {_names(best): best}
    waiting = [(frozenset[StepKind](), best)]
    for spared, known in waiting:
        for kind in _SPARED:
            if len(waiting) > _MOST_TRIED or all(one.act.kind is not kind for one in known.done):
                continue
            fewer = spared | {kind}
            other = _without(catalog, wanted, start, group, fewer, budget)
            if other is not None and _names(other) not in found:
                found[_names(other)] = other
                waiting.append((fewer, other))
    return found


def _without(
    catalog: Catalog,
    wanted: Wanted,
    start: Situation,
    group: Together,
    kinds: frozenset[StepKind],
    budget: Budget,
) -> Solution | None:
    spared = replace(wanted, without=wanted.without | kinds)
    other = _solved(catalog, spared, start, group.goals, budget)
    met = other is not None and any(one.status is Status.MET for one in other.pursuits)
    return other if met and other and other.done else None


def _solved(
    catalog: Catalog,
    wanted: Wanted,
    start: Situation,
    goals: tuple[SubscriptionGoal, ...],
    budget: Budget,
) -> Solution | None:
    try:
        return solve(catalog, wanted, start, goals, budget)
    except OutOfBudget:
        return None


def _names(solution: Solution) -> tuple[str, ...]:
    return tuple(sorted(one.act.key for one in solution.done))


def _is_beaten(solution: Solution, others: Iterable[Solution], start: Situation) -> bool:
    """Return whether another one is at least as good in everything and not the same in all."""
    mine = astuple(facts_of(solution, start))
    return any(
        theirs != mine and all(one <= other for one, other in zip(theirs, mine, strict=True))
        for theirs in (astuple(facts_of(other, start)) for other in others)
    )


def facts_of(solution: Solution, start: Situation) -> Facts:
    """Return what people weigh a solution by."""
    acts = [one.act for one in solution.done]
    kinds = [act.kind for act in acts]
    return Facts(
        unmet=sum(one.status is not Status.MET for one in solution.pursuits),
        unknown=solution.cost[UNKNOWN],
        steps=sum(kind is not StepKind.WAIT_UNTIL for kind in kinds),
        days=days_between(start.at, solution.situation.at),
        seats_by_hand=sum(_by_hand(one) for one in solution.done),
        by_others=sum(kind in OF_OTHERS for kind in kinds),
        elsewhere=kinds.count(StepKind.CANCEL_ELSEWHERE),
        cancelled=solution.cost[GIVEN_UP],
        legacy_upgrades=kinds.count(StepKind.UPGRADE),
    )


def _by_hand(done: Done) -> int:
    if done.act.kind is not StepKind.REASSIGN_LICENSES:
        return 0
    return seats_by_hand(done.before, done.act)


def trade_off(best: Facts, other: Facts) -> str:
    """Say in one line what an alternative saves and what it costs against the best plan.

    Such as "2 steps fewer, 40 seats more to reassign by hand".
    """
    changes = [(field, getattr(best, field), getattr(other, field)) for field in _WORDS]
    saved = [change for change in changes if change[2] < change[1]]
    paid = [change for change in changes if change[2] > change[1]]
    told = [more_or_fewer(one, two, *_WORDS[field]) for field, one, two in (*saved, *paid)]
    return ", ".join(told) or "the same by every measure, by another way"


_WORDS = {
    "unmet": (("goal", "goals"), ("more reached", "not reached")),
    "unknown": (("open question", "open questions"), ("fewer", "more")),
    "steps": (("step", "steps"), ("fewer", "more")),
    "days": (("day", "days"), ("sooner", "later")),
    "seats_by_hand": (("seat", "seats"), ("fewer to reassign by hand", "more to reassign by hand")),
    "by_others": (("step", "steps"), ("fewer for others to do", "more for others to do")),
    "elsewhere": (
        ("subscription", "subscriptions"),
        ("fewer to cancel with another seller", "more to cancel with another seller"),
    ),
    "cancelled": (("subscription", "subscriptions"), ("fewer given up", "more given up")),
    "legacy_upgrades": (("legacy upgrade", "legacy upgrades"), ("fewer", "more")),
}
"""What is counted, for one and for several, and what fewer and more of it are called."""
