"""What makes one plan better than another: costs as vectors, most important part first."""

from collections.abc import Callable, Iterable, Mapping
from operator import add, sub

from planner.catalog import Catalog
from planner.customers import Subscription
from planner.holdings import is_of_offer, plans_of
from planner.lifecycle import days_between
from planner.plans.goals import GONE
from planner.plans.search.acts import Act, Opening, StepKind
from planner.plans.search.money import monthly_price
from planner.plans.search.situation import Situation
from planner.profiles import LegacyUpgradePolicy, Profile, cost_of, zero_cost
from planner.scope import Scope
from planner.search import Cost
from planner.service_sets import count_lost
from planner.transitions import TransitionKind

UNMET, GIVEN_UP, UNKNOWN = range(3)
"""Where goals unmet, subscriptions given up and unknown steps stand in a cost."""

SHARED = frozenset(
    {
        StepKind.WAIT_UNTIL,
        StepKind.GET_AGREEMENT,
        StepKind.GET_PERMISSION,
        StepKind.CANCEL,
        StepKind.TURN_OFF_AUTO_RENEWAL,
        StepKind.CANCEL_ELSEWHERE,
        StepKind.TRANSFER_IN,
        StepKind.BUY_PREREQUISITE,
    }
)
"""Steps that one goal takes and others gain by: one wait serves all that wait."""
OF_OTHERS = frozenset({StepKind.CANCEL_ELSEWHERE, StepKind.TRANSFER_IN, StepKind.GET_AGREEMENT})
"""Steps that the customer or another seller has to do."""

_Weigh = Callable[[Catalog, Situation, Situation, Opening], Cost]


def zero(scope: Scope) -> Cost:
    """Return the cost of doing nothing."""
    return (0, 0, 0, *_nothing(scope), 0, 0)


def cost_of_opening(
    catalog: Catalog,
    scope: Scope,
    before: Situation,
    after: Situation,
    opening: Opening,
    *,
    free: frozenset[StepKind],
    arrives_as: str | None,
) -> Cost:
    """Return what an opening adds: no goal is lost by it; the profile, its steps, its days.

    `arrives_as` names the subscription that is where it shall be with it, if it is. Acts of a
    `free` kind cost nothing.
    """
    if free and all(act.kind in free for act in opening.acts):
        return zero(scope)
    lost = given_up(act.kind for act in opening.acts)
    profile = _by_profile(catalog, scope, before, after, opening, arrives_as)
    return (0, lost, opening.unknown, *profile, *_work(scope, after, opening, arrives_as))


def _by_profile(
    catalog: Catalog,
    scope: Scope,
    before: Situation,
    after: Situation,
    opening: Opening,
    arrives_as: str | None,
) -> Cost:
    if scope.profile is Profile.CHEAPEST:
        price = (0, 0) if arrives_as is None else _price(catalog, after, arrives_as)
        return (*_legacy(scope, opening), *price)
    weigh = _WEIGHED.get(scope.profile)
    if weigh is None:
        return _by_edges(scope, opening)
    return (*_legacy(scope, opening), *weigh(catalog, before, after, opening))


def _work(scope: Scope, after: Situation, opening: Opening, arrives_as: str | None) -> Cost:
    """Return the steps, and the days until the goal where it is reached; waiting is no step."""
    steps = sum(act.kind is not StepKind.WAIT_UNTIL for act in opening.acts)
    return steps, 0 if arrives_as is None else days_between(scope.at, after.at)


def cost_of_giving_up(scope: Scope) -> Cost:
    """Return what a goal that is not met costs."""
    return (1, *zero(scope)[1:])


def given_up(kinds: Iterable[StepKind]) -> int:
    """Return how many subscriptions of ours acts end without buying anything in their place.

    Those that others sold are counted at the end, by `given_up_elsewhere`.
    """
    listed = tuple(kinds)
    if StepKind.BUY_NEW in listed:
        return 0
    return sum(kind in (StepKind.CANCEL, StepKind.TURN_OFF_AUTO_RENEWAL) for kind in listed)


def cost_of_endings(catalog: Catalog, scope: Scope, start: Situation, end: Situation) -> Cost:
    """Return what it costs that others' subscriptions are gone in the end: those given up."""
    return (0, given_up_elsewhere(catalog, start, end), *zero(scope)[2:])


def given_up_elsewhere(catalog: Catalog, start: Situation, end: Situation) -> int:
    """Return how many subscriptions of other sellers are gone with a service that nothing gives.

    One that was transferred to us is not gone. Nor does the customer give up what it has in the
    end of the same offer, or with the same services among all that it has; where the services of
    what is gone are not known, it is given up.
    """
    left = end.customer.holdings
    there = {one.subscription_id for one in left.all}
    gone = [one for one in start.customer.holdings.foreign if one.subscription_id not in there]
    if not gone:
        return 0
    kept = [one for one in left.all if one.state not in GONE]
    given = frozenset[str]().union(*(plans_of(catalog, one) or () for one in kept))
    return sum(not _is_replaced(catalog, one, kept, given) for one in gone)


def _is_replaced(
    catalog: Catalog, gone: Subscription, kept: Iterable[Subscription], given: frozenset[str]
) -> bool:
    offers = (one.catalog_id for one in kept)
    if any(offer is not None and is_of_offer(catalog, gone, offer) for offer in offers):
        return True
    plans = plans_of(catalog, gone)
    return plans is not None and plans - given <= catalog.common_plans.keys()


def _price(catalog: Catalog, situation: Situation, subscription_id: str) -> Cost:
    """Return whether the price is not known, and the price of a month in hundredths."""
    price = monthly_price(catalog, situation, subscription_id)
    return (1, 0) if price is None else (0, int(price.amount * 100))


def _nothing(scope: Scope) -> Cost:
    if scope.profile in _LENGTHS:
        last = scope.policy is LegacyUpgradePolicy.LAST
        return (0,) * (last + _LENGTHS[scope.profile])
    return zero_cost(scope.profile, scope.policy)


def _by_edges(scope: Scope, opening: Opening) -> Cost:
    total = zero_cost(scope.profile, scope.policy)
    for act in opening.acts:
        if act.transition is not None:
            total = plus(total, cost_of(act.transition, scope.profile, scope.policy))
    return total


def _legacy(scope: Scope, opening: Opening) -> Cost:
    """Return how many legacy upgrades it takes, where the policy puts them last."""
    if scope.policy is not LegacyUpgradePolicy.LAST:
        return ()
    return (sum(_is_upgrade(act) for act in opening.acts),)


def _is_upgrade(act: Act) -> bool:
    return act.transition is not None and act.transition.kind is TransitionKind.LEGACY_UPGRADE


def _disruption(catalog: Catalog, before: Situation, _after: Situation, opening: Opening) -> Cost:
    """Seats to reassign by hand, what others have to do, services lost, moves."""
    by_hand = [act for act in opening.acts if act.kind is StepKind.REASSIGN_LICENSES]
    return (
        sum(seats_by_hand(before, act) for act in by_hand),
        sum(act.kind in OF_OTHERS for act in opening.acts),
        sum(services_lost(catalog, before, act) for act in opening.acts),
        sum(act.transition is not None for act in opening.acts),
    )


def _waiting(_catalog: Catalog, before: Situation, after: Situation, opening: Opening) -> Cost:
    """Days that pass: the sum over a component is the day on which its last step is done."""
    moves = sum(act.transition is not None for act in opening.acts)
    return (days_between(before.at, after.at), moves)


def seats_of(situation: Situation, subscription_id: str) -> int:
    """Return the seats of one of ours; 0 where they are not known or it is gone."""
    held = situation.own(subscription_id)
    return 0 if held is None else held.seats or 0


def seats_by_hand(before: Situation, act: Act) -> int:
    """Return how many licences people have to reassign for an act that says so."""
    return seats_of(before, act.subscription_id) if act.part is None else act.part


def services_lost(catalog: Catalog, before: Situation, act: Act) -> int:
    """Return how many service plans an act takes away, as far as they are known."""
    if act.kind in (StepKind.CANCEL, StepKind.CANCEL_ELSEWHERE):
        return _services_of(catalog, before, act.subscription_id)
    held, move = before.own(act.subscription_id), act.transition
    origin = None if held is None else held.catalog_id
    if origin is None or move is None or origin not in catalog.offers:
        return 0
    return count_lost(catalog, origin, move.target) or 0


def _services_of(catalog: Catalog, situation: Situation, subscription_id: str) -> int:
    """Return how many services one of ours or of others gives, as far as that is known."""
    held = situation.customer.holdings.held(subscription_id)
    return 0 if held is None else len(plans_of(catalog, held) or ())


def plus(left: Cost, right: Cost) -> Cost:
    return tuple(map(add, left, right))


def minus(left: Cost, right: Cost) -> Cost:
    return tuple(map(sub, left, right))


_WEIGHED: Mapping[Profile, _Weigh] = {
    Profile.LEAST_DISRUPTION: _disruption,
    Profile.SOONEST: _waiting,
}
"""Profiles that need a subscription; the others are sums over the edges."""
_LENGTHS: Mapping[Profile, int] = {
    Profile.LEAST_DISRUPTION: 4,
    Profile.SOONEST: 2,
    Profile.CHEAPEST: 2,
}
