"""Steps of a plan that need no catalog: calls on what is there, and what people do."""

from dataclasses import replace
from datetime import timedelta

from planner.customers import Seller, SubscriptionState
from planner.offers import Known
from tests.planner.plans.checks import is_active
from tests.planner.plans.tenant import (
    CANCEL_OLD,
    LIVE,
    REASSIGN,
    Refused,
    Tenant,
    is_new,
    midnight,
    renewal_of,
)


def provision(tenant: Tenant, subscription_id: str) -> Tenant:
    """Wait until an order is processed, however long."""
    held = tenant.get(subscription_id)
    if held.state is not SubscriptionState.PENDING:
        raise Refused("provision", "nothing is being processed")
    return tenant.put(replace(held, state=SubscriptionState.ACTIVE, state_as_given="active"))


_COUNTED_FOR = timedelta(days=90)
"""For how long a cancelled legacy subscription counts [docs/sources.md 6]."""


def reassign(tenant: Tenant, subscription_id: str) -> Tenant:
    """Give users the new licences by hand."""
    tenant.get(tenant.follower(subscription_id))
    return replace(tenant, due=tenant.due - {(REASSIGN, subscription_id)})


def agree(tenant: Tenant) -> Tenant:
    return replace(tenant, agreement=Known.YES)


def correct_partner_id(tenant: Tenant, subscription_id: str) -> Tenant:
    return tenant.put(replace(tenant.get(subscription_id), partner_of_record="4847383"))


def cancel_elsewhere(tenant: Tenant, subscription_id: str) -> Tenant:
    """The customer cancels what somebody else sold."""
    left = tuple(one for one in tenant.foreign if one.subscription_id != subscription_id)
    if len(left) == len(tenant.foreign):
        raise Refused("404", f"nobody sold {subscription_id}")
    return replace(tenant, foreign=left)


def transfer_in(tenant: Tenant, subscription_id: str) -> Tenant:
    """Another partner hands a new-commerce subscription over, whole and unchanged."""
    found = [one for one in tenant.foreign if one.subscription_id == subscription_id]
    if not found or found[0].seller is not Seller.ANOTHER_PARTNER:
        raise Refused("transfer", "no other partner has it")
    if found[0].catalog_id is not None and not is_new(found[0].catalog_id):
        raise Refused("transfer", "partners hand over new-commerce licences only")
    after = cancel_elsewhere(tenant, subscription_id).put(replace(found[0], seller=Seller.US))
    return replace(after, transferred=after.transferred | {subscription_id})


def reactivate(tenant: Tenant, subscription_id: str) -> Tenant:
    held = tenant.get(subscription_id)
    if held.state is not SubscriptionState.SUSPENDED:
        raise Refused("reactivate", f"it is {held.state}")
    base = held.parent_id and tenant.has(held.parent_id) and tenant.get(held.parent_id)
    if base and base.state is not SubscriptionState.ACTIVE:
        raise Refused("27009", "its base is not active")
    return tenant.put(replace(held, state=SubscriptionState.ACTIVE, state_as_given="active"))


def cancel(tenant: Tenant, subscription_id: str) -> Tenant:
    """Cancel now: a legacy one at any time, a new-commerce one in its window."""
    held = tenant.get(subscription_id)
    if held.state not in LIVE:
        raise Refused("cancel", f"it is {held.state}")
    if is_new(held.catalog_id) or subscription_id in tenant.transferred:
        until = held.cancellable_until
        if until is None or tenant.at > until:
            raise Refused("900213", "out of its cancellation window")
    after = tenant.drop(subscription_id)
    if held.catalog_id is not None and not is_new(held.catalog_id):
        counts = (held.catalog_id, tenant.today + _COUNTED_FOR)
        after = replace(after, cancelled=(*after.cancelled, counts))
    for addon in after.addons_below(subscription_id):
        if addon.state is SubscriptionState.ACTIVE:
            after = after.put(
                replace(addon, state=SubscriptionState.SUSPENDED, state_as_given="suspended")
            )
    return replace(after, due=after.due - {(CANCEL_OLD, subscription_id)})


def turn_off_renewal(tenant: Tenant, subscription_id: str) -> Tenant:
    """Schedule the cancellation for the term's end, which needs a term that still runs."""
    held = tenant.get(subscription_id)
    is_active(held, "schedule")
    renewal = renewal_of(held)
    if renewal is not None and tenant.at >= midnight(renewal):
        raise Refused("schedule", "locked from 00:00 UTC of the renewal day")
    off = replace(held, auto_renews=False, cancels_at_end=True)
    return replace(tenant.put(off), schedules=tenant.unscheduled(subscription_id))
