"""Which acts bring one subscription nearer to its goal, and what stops the others."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from planner.blockers import Unanswered
from planner.catalog import Catalog
from planner.customers import Subscription, SubscriptionState
from planner.goals import OfferGoal
from planner.lifecycle import days_after
from planner.no_path import NoPath
from planner.paths import Path
from planner.plans.goals import GONE, SubscriptionGoal, is_there
from planner.plans.search.acts import Act, Opening, StepKind
from planner.plans.search.bought_instead import instead
from planner.plans.search.moves import Tried, acts_of, try_move
from planner.plans.search.remedies import remedial_acts, wait_until
from planner.plans.search.routes import routes_to, ways_with_room
from planner.plans.search.situation import Situation
from planner.plans.wanted import Wanted
from planner.profiles import Profile
from planner.seats import SeatRoom, seat_room

_BY_PATHS = frozenset({Profile.FEWEST_STEPS, Profile.BEST_DOCUMENTED})
"""Profiles by which an earlier route is never worse than a later one."""


@dataclass(frozen=True, slots=True)
class Shut:
    """Why a goal cannot be had: no path at all, or what stops each way that was tried."""

    no_path: NoPath | None
    tried: tuple[Tried, ...]


_NOTHING_FOUND = Shut(None, ())


def openings(
    catalog: Catalog, wanted: Wanted, situation: Situation, goal: SubscriptionGoal
) -> tuple[tuple[Opening, ...], Shut]:
    """Return what can be done next for a goal that is not met, and what was found in the way."""
    held = situation.own(goal.subscription_id)
    if held is None or _shall_stay(wanted, situation, held, goal):
        return (), _NOTHING_FOUND
    if is_there(catalog, held, goal) and goal.seats is not None:
        return _for_seats(catalog, wanted, situation, held, goal, goal.seats)
    found = routes_to(catalog, wanted, situation, held, goal, only_best=True)
    if isinstance(found, NoPath):
        return tuple(_waits(situation, held, found)), Shut(found, ())
    routes = _with_the_others(catalog, wanted, situation, held, goal, found)
    return _ways_on(catalog, wanted, situation, held, goal, routes)


def _shall_stay(
    wanted: Wanted, situation: Situation, held: Subscription, goal: SubscriptionGoal
) -> bool:
    """Return whether it is the rest of what another goal takes a part of, or will be."""
    is_rest = held.subscription_id in wanted.staying or held.subscription_id in situation.divided
    return is_rest and goal.part is None


def _with_the_others(
    catalog: Catalog,
    wanted: Wanted,
    situation: Situation,
    held: Subscription,
    goal: SubscriptionGoal,
    best: tuple[Path, ...],
) -> Iterator[Path]:
    """Yield the best way, and then the others, which are looked for once somebody asks."""
    yield from best
    others = routes_to(catalog, wanted, situation, held, goal) if best else ()
    if not isinstance(others, NoPath):
        yield from others[1:]


def _waits(situation: Situation, held: Subscription, no_path: NoPath) -> Iterator[Opening]:
    """Yield waiting for a window that opens while the term runs."""
    today = situation.at.date()
    for cause in no_path.causes:
        opens = cause.opens
        if opens is not None and today < opens and (not held.last_day or opens <= held.last_day):
            yield Opening((wait_until(situation, held, opens, cause),))


def opens_at_once(
    catalog: Catalog, wanted: Wanted, situation: Situation, goal: SubscriptionGoal
) -> bool:
    """Return whether the best way to a goal is one step that nothing stops and nothing warns of."""
    held = situation.own(goal.subscription_id)
    if held is None or wanted.scope.profile not in _BY_PATHS:
        return False
    found = routes_to(catalog, wanted, situation, held, goal, only_best=True)
    if isinstance(found, NoPath) or not found or len(found[0].steps) > 1:
        return False
    first = next(try_move(catalog, wanted, situation, held, found[0], goal))
    acts = acts_of(catalog, situation, first)
    return first.is_plainly_open and not _forbidden(acts, wanted)


def _ways_on(
    catalog: Catalog,
    wanted: Wanted,
    situation: Situation,
    held: Subscription,
    goal: SubscriptionGoal,
    routes: Iterable[Path],
) -> tuple[tuple[Opening, ...], Shut]:
    """Try the first move of every route; a blocked one is opened by its remedies."""
    found: dict[tuple[str, ...], Opening] = {}
    tried: list[Tried] = []
    for place, route in enumerate(routes):
        arrives, is_best = False, not place and goal.part is None
        for attempt in try_move(catalog, wanted, situation, held, route, goal):
            tried.append(attempt)
            for opening in _of_attempt(catalog, wanted, situation, goal, attempt, is_best=is_best):
                found.setdefault(tuple(act.key for act in opening.acts), opening)
                arrives |= attempt.is_plainly_open
        arrives &= len(route.steps) == 1 and route.target != wanted.elsewhere_than
        if arrives and wanted.scope.profile in _BY_PATHS:
            # Later routes cost more by the same measure, and this one arrives.
            break
    return tuple(found.values()), Shut(None, tuple(tried))


def _of_attempt(
    catalog: Catalog,
    wanted: Wanted,
    situation: Situation,
    goal: SubscriptionGoal,
    attempt: Tried,
    *,
    is_best: bool,
) -> Iterator[Opening]:
    """Yield what an attempt opens; only the best route is worth buying what it leads to.

    Nothing is bought for a part: what has it would be over in the place of it.
    """
    if not attempt.stops:
        found = (Opening(acts_of(catalog, situation, attempt), attempt.unknown),)
    else:
        rules = wanted.asking.rules
        seats = attempt.held.seats if goal.seats is None else goal.seats
        bought = instead(catalog, situation, attempt, seats, rules=rules) if is_best else ()
        found = (*remedial_acts(catalog, situation, attempt), *bought)
    yield from (opening for opening in found if not _forbidden(opening.acts, wanted))


def _forbidden(acts: Iterable[Act], wanted: Wanted) -> bool:
    return any(act.kind in wanted.without for act in acts)


def _for_seats(
    catalog: Catalog,
    wanted: Wanted,
    situation: Situation,
    held: Subscription,
    goal: SubscriptionGoal,
    seats: int,
) -> tuple[tuple[Opening, ...], Shut]:
    """Change seats of an active, paid subscription; a suspended one is reactivated first.

    Source: docs/sources.md 6 (a trial's seats cannot be changed; lifecycle).
    """
    if held.is_trial or held.state in GONE:
        return (), _NOTHING_FOUND
    if held.state is SubscriptionState.SUSPENDED and held.parent_id is None:
        act = Act(StepKind.REACTIVATE, held.subscription_id, situation.at)
        return (() if _forbidden((act,), wanted) else (Opening((act,)),)), _NOTHING_FOUND
    if held.state is not SubscriptionState.ACTIVE:
        return (), _NOTHING_FOUND
    return _change_seats(catalog, wanted, situation, held, goal, seats)


def _change_seats(
    catalog: Catalog,
    wanted: Wanted,
    situation: Situation,
    held: Subscription,
    goal: SubscriptionGoal,
    seats: int,
) -> tuple[tuple[Opening, ...], Shut]:
    """Add the seats where they fit, else move on; give seats back where that is still allowed."""
    offer = held.catalog_id
    if held.seats is not None and seats < held.seats:
        return _give_back(situation, held, seats, wanted)
    grown = replace(held, seats=seats)
    room = None if offer is None else seat_room(catalog, situation.customer, grown, offer)
    if room is not None and (room.room is None or seats <= room.room):
        unanswered = tuple(_room_not_known(catalog, room))
        act = Act(StepKind.ADD_SEATS, held.subscription_id, situation.at, seats=seats)
        opening = Opening((replace(act, unanswered=unanswered),), len(unanswered))
        return (() if _forbidden((act,), wanted) else (opening,)), _NOTHING_FOUND
    if goal.goal is not None and not isinstance(goal.goal, OfferGoal):
        return (), _NOTHING_FOUND
    routes = ways_with_room(catalog, wanted, situation, held, goal)
    return _ways_on(catalog, wanted, situation, held, goal, routes)


def _room_not_known(catalog: Catalog, room: SeatRoom) -> Iterator[Unanswered]:
    if not room.unknown:
        return
    told = "Seats of the same offer elsewhere count too"
    if room.offer not in catalog.offers:
        told = f"How many seats {room.offer} may have is not known: the catalog does not have it"
    yield Unanswered("SEAT_CAP", room.unknown, told)


_FREE_NOT_KNOWN = Unanswered(
    "SEATS_GIVEN_BACK",
    ("subscription.refundableQuantity",),
    "How many of its seats may still be given back is not known",
)


def _give_back(
    situation: Situation, held: Subscription, seats: int, wanted: Wanted
) -> tuple[tuple[Opening, ...], Shut]:
    """Reduce now within the tranches that may still be given back, else at the renewal.

    A legacy subscription's seats can be reduced at any time. Source: docs/sources.md 6.
    """
    act = Act(StepKind.REDUCE_SEATS, held.subscription_id, situation.at, seats=seats)
    if _forbidden((act,), wanted):
        return (), _NOTHING_FOUND
    if held.is_legacy:
        return (Opening((act,)),), _NOTHING_FOUND
    if held.reducible is None:
        return (Opening((replace(act, unanswered=(_FREE_NOT_KNOWN,)),), 1),), _NOTHING_FOUND
    free = sum(one.seats for one in held.reducible if situation.at <= one.until)
    if (held.seats or 0) - seats <= free:
        return (Opening((act,)),), _NOTHING_FOUND
    renews = held.auto_renews is not False and not held.cancels_at_end
    if held.last_day is None or not renews:
        return (), _NOTHING_FOUND
    renewal = days_after(held.last_day, 1)
    return (Opening((replace(act, until=renewal),)),), _NOTHING_FOUND
