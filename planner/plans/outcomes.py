"""What came of one goal of a plan: where it ended and when, or what stopped it."""

from collections.abc import Iterator

from planner.blockers import Blocker
from planner.catalog import Catalog
from planner.holdings import name_of
from planner.ids import CatalogId
from planner.plans.goals import SubscriptionGoal
from planner.plans.money import monthly_price
from planner.plans.openings import Shut
from planner.plans.situation import Situation
from planner.plans.solution import Done, Exactness, Solution, Status
from planner.plans.solve import why_unmet
from planner.plans.steps import Outcome
from planner.plans.wanted import Wanted


def outcome_of(
    catalog: Catalog,
    wanted: Wanted,
    start: Situation,
    goal: SubscriptionGoal,
    solution: Solution,
    place: int,
) -> Outcome:
    """Return what came of the goal at a place of its component."""
    pursuit = solution.pursuits[place]
    held = start.own(goal.subscription_id)
    title = "" if held is None else name_of(catalog, held)
    done = tuple(_done_for(solution, goal, place))
    if pursuit.status is Status.MET:
        ended = solution.situation.own(pursuit.goal.subscription_id)
        days = (one.act.until or one.act.at.date() for one in done)
        return Outcome(
            goal,
            title,
            Status.MET,
            ended.catalog_id if ended else None,
            ended.seats if ended else None,
            max(days, default=None),
            _arrives(catalog, ended.catalog_id if ended else None),
            monthly_price(catalog, start, goal.subscription_id),
            monthly_price(catalog, solution.situation, pursuit.goal.subscription_id),
            candidates=tuple(_candidates(done)),
        )
    shut = why_unmet(catalog, wanted, solution.situation, pursuit.goal)
    return Outcome(
        goal,
        title,
        Status.UNMET,
        None,
        held.seats if held else None,
        None,
        _why(shut, is_exact=solution.exactness is Exactness.EXACT),
        monthly_price(catalog, start, goal.subscription_id),
        blockers=_stopping(shut),
        no_path=shut.no_path,
    )


def _done_for(solution: Solution, goal: SubscriptionGoal, place: int) -> Iterator[Done]:
    for one in solution.done:
        along = any(member.subscription_id == goal.subscription_id for member in one.act.members)
        if one.goal == place or along:
            yield one


def _candidates(done: tuple[Done, ...]) -> Iterator[CatalogId]:
    for one in done:
        if one.act.transition is not None:
            yield from one.act.transition.candidates


def _arrives(catalog: Catalog, offer: CatalogId | None) -> str:
    known = None if offer is None else catalog.offers.get(offer)
    return f"It becomes {known.title}" if known else "It gets there"


def _why(shut: Shut, *, is_exact: bool) -> str:
    if shut.no_path is not None:
        return shut.no_path.message
    blocked = _stopping(shut)
    if blocked:
        return "Every way is stopped: " + "; ".join(dict.fromkeys(one.message for one in blocked))
    if shut.tried and any(not attempt.stops for attempt in shut.tried):
        return "Every way takes a step that the plan is to do without"
    if not is_exact:
        return "No way was found within the states allowed"
    return "There is no way for this subscription"


def _stopping(shut: Shut) -> tuple[Blocker, ...]:
    """Return what stops the ways that were tried, each finding once, best way first."""
    found: dict[tuple[object, ...], Blocker] = {}
    for attempt in shut.tried:
        for blocker in attempt.stops:
            found.setdefault((blocker.code, blocker.subject, blocker.step), blocker)
    return tuple(found.values())
