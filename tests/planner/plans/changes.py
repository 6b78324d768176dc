"""What becomes of a subscription when it moves or renews, in a toy Partner Center."""

from dataclasses import replace
from datetime import date, timedelta

from planner.customers import Subscription, SubscriptionState
from planner.ids import CatalogId
from tests.planner.plans.checks import may_migrate, within_caps
from tests.planner.plans.tenant import (
    MONTHS,
    REASSIGN,
    WINDOW,
    Refused,
    Schedule,
    Tenant,
    end_of_term,
    is_new,
    midnight,
    months_later,
    renewal_of,
)
from tests.planner.plans.world import World


def of_offer(held: Subscription, target: CatalogId) -> Subscription:
    """Return it with another offer; a promotion does not come along into new commerce."""
    if not is_new(target):
        return replace(held, catalog_id=target)
    return replace(held, catalog_id=target, promotion_id=None, promotion_ends=None)


def divided(tenant: Tenant, held: Subscription, part: int) -> Tenant:
    """Take a part of the seats away, which must leave some; their users are moved by hand."""
    if held.seats is None or not 0 < part < held.seats:
        raise Refused("quantity", f"{part} of {held.seats} seats are no part")
    name = held.subscription_id
    left = tenant.put(replace(held, seats=held.seats - part))
    return replace(
        left,
        schedules=tenant.unscheduled(name),
        due=left.due | {(REASSIGN, name)},
        divided=left.divided | {name},
    )


def migrated(
    tenant: Tenant,
    held: Subscription,
    target: CatalogId,
    *,
    members: tuple[tuple[str, CatalogId], ...],
    full_new_term: bool,
    term: str | None = None,
) -> Tenant:
    for one, to in [(held, target), *((tenant.get(it), to) for it, to in members)]:
        lasts = (term if one is held else None) or one.term
        ends = _end_after(tenant, one, lasts, full_new_term=full_new_term)
        moved = replace(
            of_offer(one, to),
            term=lasts,
            last_day=ends,
            created=tenant.at,
            parent_id=None,
            cancellable_until=tenant.at + WINDOW,
            migrated_from=one.subscription_id,
        )
        tenant = tenant.put(moved)
    return tenant


def renewed(world: World, tenant: Tenant, one: Subscription, day: date) -> Tenant:
    """Return what there is once a term is over: nothing, the next one, or what was scheduled."""
    scheduled = [it for it in tenant.schedules if it.subscription_id == one.subscription_id]
    tenant = replace(tenant, schedules=tenant.schedules.difference(scheduled))
    if one.state is SubscriptionState.SUSPENDED:
        disabled = is_new(one.catalog_id)
        over = SubscriptionState.DISABLED if disabled else SubscriptionState.SUSPENDED
        return tenant.put(replace(one, state=over, last_day=None))
    for it in scheduled:
        if it.target is None:
            one = replace(one, seats=it.seats)
        elif (moved := _as_scheduled(world, tenant, one, it)) is not None:
            return moved
    if one.cancels_at_end or (one.auto_renews is False and not is_new(one.catalog_id)):
        return tenant.put(replace(one, state=SubscriptionState.EXPIRED))
    return tenant.put(_in_next_term(one, day))


def _as_scheduled(world: World, tenant: Tenant, one: Subscription, it: Schedule) -> Tenant | None:
    """Return a scheduled migration done; None where it fails on its day, and the term renews."""
    assert it.target is not None
    try:
        may_migrate(world, tenant, one, it.target, it.members, full_new_term=True)
        sized = one if it.seats is None else replace(one, seats=it.seats)
        billed = replace(sized, billing_cycle=it.billing_cycle or one.billing_cycle)
        after = migrated(
            tenant, billed, it.target, members=it.members, full_new_term=True, term=it.term
        )
        return within_caps(world, tenant, after)
    except Refused:
        return None


def _end_after(
    tenant: Tenant, one: Subscription, term: str | None, *, full_new_term: bool
) -> date | None:
    """Return where a migration leaves the end: the rest of the term, or of a switched one.

    A switched term keeps the anniversary's day [docs/sources.md 3].
    """
    if full_new_term:
        return end_of_term(tenant.today, term)
    renewal = renewal_of(one)
    if term == one.term or renewal is None or term is None:
        return one.last_day
    while months_later(renewal, -MONTHS[term]) > tenant.today:
        renewal = months_later(renewal, -MONTHS[term])
    return renewal - timedelta(days=1)


def _in_next_term(one: Subscription, day: date) -> Subscription:
    """Return it renewed, or for the month that a new-commerce one goes on with unasked.

    Source: docs/sources.md 0 (extended service term) and 6 (renewal, 7 days to cancel).
    """
    extended = one.auto_renews is False
    term = "P1M" if extended else one.term
    undated = one.promotion_ends is None
    return replace(
        one,
        term=term,
        last_day=end_of_term(day, term),
        promotion_id=None if undated else one.promotion_id,
        cancellable_until=midnight(day) + WINDOW if is_new(one.catalog_id) else None,
    )
