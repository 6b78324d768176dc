"""What came of one goal of a plan: where it ended and when, or what stopped it."""

from collections.abc import Iterator

from planner.blockers import Blocker
from planner.catalog import Catalog
from planner.customers import Subscription
from planner.holdings import name_of
from planner.ids import CatalogId
from planner.plans.goals import GONE, SubscriptionGoal
from planner.plans.search.further_on import stops_further_on
from planner.plans.search.money import MonthlyPrice, monthly_price
from planner.plans.search.openings import Shut
from planner.plans.search.parts import is_too_large, price_of_both
from planner.plans.search.situation import Situation
from planner.plans.search.solution import Done, Exactness, Solution, Status
from planner.plans.search.solve import why_unmet
from planner.plans.told.ended import judged_in, words_of_ended
from planner.plans.told.left_out import LeftOut
from planner.plans.told.left_out import words_of as words_of_left_out
from planner.plans.told.steps import Outcome
from planner.plans.told.still_legacy import words_of_still_legacy
from planner.plans.told.too_late import words_of_too_late
from planner.plans.wanted import Wanted
from planner.pricing.cost_now import seat_price
from planner.upsells import Upsell, is_much_dearer, upsell_of, without_price, words_of


def outcome_of(
    catalog: Catalog,
    wanted: Wanted,
    start: Situation,
    goal: SubscriptionGoal,
    solution: Solution,
    place: int,
    *,
    left_out: LeftOut = (),
) -> Outcome:
    """Return what came of the goal at a place of its component.

    `left_out`: the steps that would open a way, where the plan does without them.
    """
    pursuit = solution.pursuits[place]
    held = start.own(goal.subscription_id)
    title = "" if held is None else name_of(catalog, held)
    if pursuit.status is Status.MET:
        return _met(catalog, start, goal, solution, place, title)
    then = judged_in(solution, pursuit.goal.subscription_id)
    shut = why_unmet(catalog, wanted, then, pursuit.goal)
    stopping = _stopping(shut) or stops_further_on(catalog, wanted, then, shut.tried)
    return Outcome(
        goal,
        title,
        Status.UNMET,
        None,
        held.seats if held else None,
        None,
        "; ".join(
            _why_unmet(
                catalog,
                then,
                pursuit.goal,
                shut,
                stopping,
                left_out,
                ended=words_of_ended(solution, pursuit.goal.subscription_id),
                is_exact=solution.exactness is Exactness.EXACT,
            )
        ),
        monthly_price(catalog, start, goal.subscription_id),
        blockers=stopping,
        no_path=shut.no_path,
        left_out=left_out,
    )


def _met(
    catalog: Catalog,
    start: Situation,
    goal: SubscriptionGoal,
    solution: Solution,
    place: int,
    title: str,
) -> Outcome:
    began_as, ends_as = goal.subscription_id, solution.pursuits[place].goal.subscription_id
    end = solution.situation
    held, ended = start.own(began_as), end.own(ends_as)
    done = tuple(_done_for(solution, goal, place))
    days = (one.act.until or one.act.at.date() for one in done)
    now = _price(catalog, start, goal, began_as, ends_as)
    then = _price(catalog, end, goal, ends_as, began_as)
    upsell = _upsell(catalog, start, held, end, ended)
    reached = ended.catalog_id if ended else None
    arrives = _arrives(catalog, reached, _part_gone(solution, place), upsell)
    words = _stays(goal, held, ended) or arrives
    return Outcome(
        goal,
        title,
        Status.MET,
        reached,
        ended.seats if ended else None,
        max(days, default=None),
        "; ".join(filter(None, (words, words_of_still_legacy(catalog, end, ended)))),
        now,
        then,
        candidates=tuple(_candidates(done)),
        upsell=upsell,
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


def _part_gone(solution: Solution, place: int) -> int | None:
    """Return how many seats went while others stayed; None where all of them went, or none."""
    parts = (one.act.part for one in solution.done if one.goal == place)
    return next((part for part in parts if part is not None), None)


def _price(
    catalog: Catalog, situation: Situation, goal: SubscriptionGoal, now: str, beside: str
) -> MonthlyPrice | None:
    """Return a month's price; for a part that of what stays and what takes the part, together."""
    if goal.part is not None:
        return price_of_both(catalog, situation, now, beside)
    return monthly_price(catalog, situation, now)


def _stays(goal: SubscriptionGoal, held: Subscription | None, ended: Subscription | None) -> str:
    """Say that it is what it was already; empty where it becomes something else."""
    if goal.part is not None or held is None or ended is None:
        return ""
    if held.subscription_id != ended.subscription_id:
        return ""
    if held.catalog_id != ended.catalog_id:
        return ""
    return "It stays what it is" if held.seats == ended.seats else "It stays, with other seats"


def _arrives(
    catalog: Catalog, offer: CatalogId | None, part: int | None, upsell: Upsell | None
) -> str:
    """Say what it becomes, and what that trades; prices stand in fields of their own."""
    known = None if offer is None else catalog.offers.get(offer)
    told = without_price(upsell)
    words = "" if told is None else words_of(catalog, told, priced=False)
    if part is not None:
        title = known.title if known else str(offer)
        larger = f"; {title} is {words}" if words else ""
        return f"{part} of its seats become {title}; the others stay{larger}"
    larger = f", {words}" if words else ""
    return f"It becomes {known.title}{larger}" if known else "It gets there"


def _upsell(
    catalog: Catalog,
    start: Situation,
    held: Subscription | None,
    end: Situation,
    ended: Subscription | None,
) -> Upsell | None:
    """Return what it is more than what it was."""
    if held is None or ended is None or ended.catalog_id is None:
        return None
    is_dearer = is_much_dearer(
        seat_price(catalog, start.customer, held, on=start.at.date()),
        seat_price(catalog, end.customer, ended, on=end.at.date()),
    )
    return upsell_of(catalog, held.catalog_id, ended.catalog_id, is_dearer=is_dearer)


def _why_no_part(now: Situation, goal: SubscriptionGoal, shut: Shut) -> str:
    """Say why no part can go where that is due to its being a part; empty where it is not."""
    held = now.own(goal.subscription_id)
    if goal.part is None or held is None:
        return ""
    if is_too_large(held, goal):
        return f"It has {held.seats} seats, and {goal.part} of them shall go"
    if shut.no_path is None and not shut.tried and held.state not in GONE:
        return (
            "No part of its seats can go there by itself: only a conversion between new-commerce "
            "SKUs takes a part, and what comes before it would change the rest too"
        )
    return ""


def _why_unmet(
    catalog: Catalog,
    now: Situation,
    goal: SubscriptionGoal,
    shut: Shut,
    stopping: tuple[Blocker, ...],
    left_out: LeftOut,
    *,
    ended: str,
    is_exact: bool,
) -> Iterator[str]:
    """Yield why a goal is not met: the steps that the plan does without, or else what is found.

    `ended`: that the plan ends it, if it does; where a way was open before, nothing else is why.
    """
    was_open = ended and any(not attempt.stops for attempt in shut.tried)
    if left_out:
        yield words_of_left_out(left_out, is_exact=is_exact)
        if stopping:
            yield f"every other way is stopped: {_messages(stopping)}"
    elif not was_open:
        yield _why_no_part(now, goal, shut) or _why(shut, stopping, is_exact=is_exact)
    if ended:
        yield ended
    late = words_of_too_late(catalog, now, now.own(goal.subscription_id), stopping)
    if late:
        yield late


def _messages(found: tuple[Blocker, ...]) -> str:
    return "; ".join(dict.fromkeys(one.message for one in found))


def _why(shut: Shut, blocked: tuple[Blocker, ...], *, is_exact: bool) -> str:
    if shut.no_path is not None:
        return shut.no_path.message
    if blocked:
        return f"Every way is stopped: {_messages(blocked)}"
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
