"""Steps of a plan that people do outside Partner Center's calls, each as documented."""

from dataclasses import replace

from planner.customers import Seller, SubscriptionState
from planner.offers import Known
from tests.planner.plans.tenant import REASSIGN, Refused, Tenant


def provision(tenant: Tenant, subscription_id: str) -> Tenant:
    """Wait until an order is processed, however long."""
    held = tenant.get(subscription_id)
    if held.state is not SubscriptionState.PENDING:
        raise Refused("provision", "nothing is being processed")
    return tenant.put(replace(held, state=SubscriptionState.ACTIVE, state_as_given="active"))


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
    """Another partner hands a subscription over, whole and unchanged."""
    found = [one for one in tenant.foreign if one.subscription_id == subscription_id]
    if not found or found[0].seller is not Seller.ANOTHER_PARTNER:
        raise Refused("transfer", "no other partner has it")
    return cancel_elsewhere(tenant, subscription_id).put(replace(found[0], seller=Seller.US))
