"""Other ways for a component of a plan, and what each trades for what."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace

from planner.catalog import Catalog
from planner.plans.acts import StepKind
from planner.plans.components import Together
from planner.plans.merit import OF_OTHERS, UNKNOWN, seats_of
from planner.plans.situation import Situation
from planner.plans.solution import Done, Solution, Status
from planner.plans.solve import solve
from planner.plans.steps import AlternativePlan
from planner.plans.telling import told
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
    days: int
    """From the first day to the last step."""
    seats_by_hand: int
    by_others: int
    """Steps that the customer or another seller has to do."""
    cancelled: int
    """Subscriptions of ours that are given up."""
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
    return tuple(
        AlternativePlan(
            ids,
            trade_off(facts_of(best, start), facts_of(one, start)),
            told(catalog, one.done, chained=len(group.goals) > 1),
            one.cost,
        )
        for one in kept[:MOST_ALTERNATIVES]
    )


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
    try:
        other = solve(catalog, spared, start, group.goals, budget)
    except OutOfBudget:
        return None
    met = any(one.status is Status.MET for one in other.pursuits)
    return other if met and other.done else None


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
        steps=len(acts),
        days=(solution.situation.at - start.at).days,
        seats_by_hand=sum(_by_hand(one) for one in solution.done),
        by_others=sum(kind in OF_OTHERS for kind in kinds),
        cancelled=sum(kind in _GIVEN_UP for kind in kinds),
        legacy_upgrades=kinds.count(StepKind.UPGRADE),
    )


_GIVEN_UP = (StepKind.CANCEL, StepKind.TURN_OFF_AUTO_RENEWAL)


def _by_hand(done: Done) -> int:
    if done.act.kind is not StepKind.REASSIGN_LICENSES:
        return 0
    return seats_of(done.before, done.act.subscription_id)


def trade_off(best: Facts, other: Facts) -> str:
    """Say in one line what an alternative saves and what it costs against the best plan.

    Such as "2 steps fewer, 40 seats more to reassign by hand".
    """
    saved = [_said(field, getattr(best, field) - getattr(other, field)) for field in _WORDS]
    paid = [_said(field, getattr(other, field) - getattr(best, field)) for field in _WORDS]
    told = [f"{text} {_FEWER[field]}" for field, text in zip(_WORDS, saved, strict=True) if text]
    told += [f"{text} {_MORE[field]}" for field, text in zip(_WORDS, paid, strict=True) if text]
    return ", ".join(told) or "the same by every measure, by another way"


_WORDS = {
    "unmet": ("goal", "goals"),
    "unknown": ("open question", "open questions"),
    "steps": ("step", "steps"),
    "days": ("day", "days"),
    "seats_by_hand": ("seat", "seats"),
    "by_others": ("step", "steps"),
    "cancelled": ("subscription", "subscriptions"),
    "legacy_upgrades": ("legacy upgrade", "legacy upgrades"),
}
_FEWER = {
    "unmet": "more reached",
    "unknown": "fewer",
    "steps": "fewer",
    "days": "sooner",
    "seats_by_hand": "fewer to reassign by hand",
    "by_others": "fewer for others to do",
    "cancelled": "fewer given up",
    "legacy_upgrades": "fewer",
}
_MORE = {
    "unmet": "not reached",
    "unknown": "more",
    "steps": "more",
    "days": "later",
    "seats_by_hand": "more to reassign by hand",
    "by_others": "more for others to do",
    "cancelled": "more given up",
    "legacy_upgrades": "more",
}


def _said(field: str, count: int) -> str:
    one, many = _WORDS[field]
    return f"{count} {one if count == 1 else many}" if count > 0 else ""
