"""What a toy Partner Center refuses, as documented: each check raises Refused or says nothing."""

from datetime import timedelta

from planner.customers import Subscription, SubscriptionState
from planner.ids import CatalogId
from planner.offers import Known, LimitScope
from planner.transitions import Execution, TransitionKind
from tests.planner.plans.tenant import (
    NOWHERE,
    Refused,
    Tenant,
    midnight,
    months_later,
    renewal_of,
    seats_in,
)
from tests.planner.plans.world import World

ACTIVE = SubscriptionState.ACTIVE


def edge(world: World, held: Subscription, target: CatalogId, kind: TransitionKind) -> None:
    claim = world.moves.get((held.catalog_id or NOWHERE, target))
    if claim is None or claim.kind is not kind:
        raise Refused("8", f"no {kind} from {held.catalog_id} to {target}")
    if claim.execution is Execution.MANUAL:
        raise Refused("manual", "no call carries it out")


def may_migrate(
    world: World,
    tenant: Tenant,
    held: Subscription,
    target: CatalogId,
    members: tuple[tuple[str, CatalogId], ...],
    *,
    full_new_term: bool,
) -> None:
    agreed(tenant)
    below = tenant.addons_below(held.subscription_id)
    active = [one for one in below if one.state is ACTIVE]
    if {member for member, _ in members} != {one.subscription_id for one in active}:
        raise Refused("900262", "a base migrates with all its active add-ons, and no others")
    for one, to in [(held, target), *((tenant.get(it), to) for it, to in members)]:
        edge(world, one, to, TransitionKind.MIGRATION)
        is_eligible(world, tenant, one, full_new_term=full_new_term)
    if not (held.parent_id and tenant.has(held.parent_id)):
        has_base(world, tenant, target, ())
    for _, to in members:
        has_base(world, tenant, to, (target,))


def is_eligible(world: World, tenant: Tenant, one: Subscription, *, full_new_term: bool) -> None:
    """Raise unless one member of a bundle may migrate, each being tried by itself."""
    is_active(one, "900215")
    if world.is_trial(one):
        raise Refused("trial", "trials do not migrate")
    given = one.partner_of_record
    if given is not None and not given.isdigit():
        raise Refused("900247", "partner id")
    created = one.created
    if created is not None and tenant.today <= months_later(created.date(), 1):
        raise Refused("900226", "active for 1 month or less")
    if one.promotion_id is not None or one.promotion_ends is not None:
        ends = one.promotion_ends or one.last_day
        if ends is None or tenant.today <= ends:
            raise Refused("900218", "has promotions")
    renewal = renewal_of(one)
    if renewal is not None and not full_new_term:
        left = midnight(renewal) - tenant.at
        if timedelta() < left <= timedelta(hours=24):
            raise Refused("900217", "in the last 24 hours of the term")


def may_convert(
    world: World, tenant: Tenant, held: Subscription, target: CatalogId
) -> list[Subscription]:
    """Return the other subscriptions, or raise."""
    edge(world, held, target, TransitionKind.CONVERSION)
    is_active(held, "2")
    agreed(tenant)
    if world.is_trial(held):
        raise Refused("trial", "only paid subscriptions are upgraded")
    if any(one.state is ACTIVE for one in tenant.addons_below(held.subscription_id)):
        raise Refused("6", "it has add-ons")
    before, after = world.plans(held.catalog_id), world.plans(target)
    if before - after - world.common and not after - before - world.common:
        raise Refused("7", "a downgrade")
    has_base(world, tenant, target, ())
    return [one for one in tenant.held if one.subscription_id != held.subscription_id]


def may_have_one_more(world: World, tenant: Tenant, target: CatalogId, but: str) -> None:
    offer = world.offers[target]
    if offer.limit_scope is LimitScope.NONE or offer.limit is None:
        return
    there = sum(
        one.catalog_id == target and one.state is not SubscriptionState.DELETED
        for one in tenant.own
        if one.subscription_id != but
    )
    gone = sum(one == target and tenant.today <= day for one, day in tenant.cancelled)
    if there + gone >= offer.limit:
        raise Refused("4", "concurrent subscription restrictions")


def has_base(world: World, tenant: Tenant, addon: CatalogId, coming: tuple[CatalogId, ...]) -> None:
    bases = world.bases.get(addon, set())
    if not bases or bases.intersection(coming):
        return
    # Whether a suspended base counts is not published.
    if not any(world.is_any(one, bases) for one in tenant.held):
        raise Refused("400041", "not purchasable without a compatible base")


def is_sold_as(world: World, new: Subscription) -> None:
    billing = world.offers[new.catalog_id].billing if new.catalog_id else ()
    if billing and f"{new.term}/{new.billing_cycle}".lower() not in map(str.lower, billing):
        raise Refused("900222", f"not sold as {new.term}/{new.billing_cycle}")


def within_caps(world: World, before: Tenant, after: Tenant) -> Tenant:
    for offer, limit in world.limits():
        then, now = (
            seats_in(one for one in tenant.held if world.is_of(one, offer))
            for tenant in (before, after)
        )
        if now > max(then, limit):
            raise Refused("800088", f"{now} seats of {offer} exceed {limit}")
    return after


def is_active(held: Subscription, code: str) -> None:
    if held.state is SubscriptionState.PENDING:
        raise Refused("900216", "still being processed")
    if held.state is not ACTIVE:
        raise Refused(code, f"it is {held.state}")


def agreed(tenant: Tenant) -> None:
    if tenant.agreement is Known.NO:
        raise Refused("13605", "the customer agreement is not accepted")
