"""Whether a goal of a toy Partner Center's customer is met, and what steps there weigh."""

from planner.customers import Subscription
from planner.goals import NewCommerceGoal, OfferGoal, ServicesGoal
from planner.ids import CatalogId
from planner.plans.goals import SubscriptionGoal
from planner.transitions import Claim, EvidenceKind, TransitionKind
from tests.planner.plans.simulator import PartnerCenter
from tests.planner.plans.tenant import FOR_GOOD, Tenant, is_new
from tests.planner.plans.world import World

Merit = tuple[int, ...]
"""Ours given up, legacy upgrades, moves, moves by hand, moves by evidence with the weakest first,
and steps.

Waiting is no step here: one wait may serve several subscriptions, and plans tell it for each.
"""
WAITING: Merit = (0, 0, 0, 0, *(0 for _ in EvidenceKind), 0)
NO_MOVE: Merit = (*WAITING[:-1], 1)
ENDING: Merit = (1, *NO_MOVE[1:])


def is_met(center: PartnerCenter, tenant: Tenant, goal: SubscriptionGoal) -> bool:
    """Return whether what a subscription became is where it shall be, and nothing is owed to it."""
    follower = tenant.follower(goal.subscription_id)
    if not tenant.has(follower):
        return False
    held = tenant.get(follower)
    if held.state in FOR_GOOD:
        return False
    owed = {subject for _, subject in tenant.due}
    if owed.intersection((goal.subscription_id, follower)):
        return False
    if goal.part is not None and not _has_gone(held, goal, tenant):
        return False
    right_seats = goal.seats is None or held.seats == goal.seats
    return right_seats and is_there(center, held.catalog_id, goal)


def _has_gone(held: Subscription, goal: SubscriptionGoal, tenant: Tenant) -> bool:
    """Return whether a part was given away, or is all that there is."""
    return goal.subscription_id in tenant.divided or held.seats == goal.part


def is_there(center: PartnerCenter, offer: CatalogId | None, goal: SubscriptionGoal) -> bool:
    match goal.goal:
        case None:
            return True
        case OfferGoal(catalog_id):
            return offer == catalog_id
        case NewCommerceGoal():
            return is_new(offer)
        case ServicesGoal(plan_ids):
            return is_new(offer) and plan_ids <= center.world.plans(offer)
        case _:
            raise NotImplementedError(goal)


def changes_the_rest(held: Subscription, claim: Claim, goals: tuple[SubscriptionGoal, ...]) -> bool:
    """Return whether a move of the whole would take along what shall stay what it is.

    A migration and a trial's conversion lead to the same product, and take no part.
    """
    if claim.kind not in (TransitionKind.LEGACY_UPGRADE, TransitionKind.CONVERSION):
        return False
    asked = (one.part for one in goals if one.subscription_id == held.subscription_id)
    return any(part not in (None, held.seats) for part in asked)


def lost_elsewhere(world: World, start: Tenant, end: Tenant) -> int:
    """Return how many subscriptions of others are gone that gave what nothing gives in the end."""
    kept = {one.subscription_id for one in (*end.own, *end.foreign)}
    given = frozenset(plan for one in end.held for plan in world.gives(one)) | world.common
    gone = (one for one in start.foreign if one.subscription_id not in kept)
    return sum(not world.gives(one) <= given for one in gone)
