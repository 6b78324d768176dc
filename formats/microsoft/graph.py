"""What Microsoft Graph says a tenant holds: directory/subscriptions and subscribedSkus (v1.0).

Shapes: docs/formats.md; learn.microsoft.com/graph/api/resources/companysubscription,
/subscribedsku and /licenseunitsdetail.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from pydantic_core import PydanticCustomError

from formats.microsoft.collection import Collection, placed
from formats.problems import Findings, Place, UniqueIds
from formats.rows import Row, names, read_row, read_state
from formats.values import (
    Guid,
    OptionalFlag,
    OptionalGuid,
    OptionalInstant,
    OptionalSeats,
    OptionalText,
    OptionalUnits,
    is_far,
    read_guid,
)
from planner.customers import MAX_SEATS, Seller, Subscription, SubscriptionState
from planner.ids import ProductGuid, ServicePlanId

STATES: Mapping[str, SubscriptionState] = {
    "enabled": SubscriptionState.ACTIVE,
    "warning": SubscriptionState.EXPIRED,
    "suspended": SubscriptionState.SUSPENDED,
    "deleted": SubscriptionState.DELETED,
    "lockedout": SubscriptionState.DISABLED,
}
"""Graph's five values. `warning` is the grace period after expiry and `suspended` comes next, by
the text of licenseUnitsDetail; `lockedout` follows the customer's own cancellation there, which
comes nearest to Partner Center's disabled: both mappings are our reading."""
_WRAPPER = {"@odata.context", "@odata.count", "@odata.nextLink", "value"}


class ServicePlanRow(Row):
    ignored = names("servicePlanName provisioningStatus appliesTo")
    service_plan_id: Guid


class DirectoryRow(Row):
    """A companySubscription."""

    ignored = names("ownerId ownerType @odata.type @odata.id @odata.context")
    id: OptionalGuid = None
    commerce_subscription_id: OptionalText = None
    sku_id: Guid
    sku_part_number: OptionalText = None
    status: OptionalText = None
    is_trial: OptionalFlag = None
    total_licenses: OptionalSeats = None
    created_date_time: OptionalInstant = None
    next_lifecycle_date_time: OptionalInstant = None
    owner_tenant_id: OptionalGuid = None
    service_status: list[ServicePlanRow] | None = None


class UnitsRow(Row):
    enabled: OptionalUnits = None
    suspended: OptionalUnits = None
    warning: OptionalUnits = None
    locked_out: OptionalUnits = None


class SkuRow(Row):
    """A subscribedSku: one product of the tenant, whoever sold it."""

    ignored = names("accountName appliesTo consumedUnits @odata.type @odata.id @odata.context")
    id: OptionalText = None
    account_id: OptionalGuid = None
    sku_id: Guid
    sku_part_number: OptionalText = None
    capability_status: OptionalText = None
    prepaid_units: UnitsRow | None = None
    subscription_ids: list[Guid] | None = None
    service_plans: list[ServicePlanRow] | None = None


@dataclass(frozen=True, slots=True)
class Tenant:
    """Whose tenant is read, and what tells our own subscriptions from others'."""

    customer_id: str
    partner_tenant_id: str | None
    own_ids: frozenset[str] = frozenset()
    """Our Partner Center subscription ids, where the same file names them."""
    own_is_complete: bool = False


@dataclass(slots=True)
class Seen:
    """What directory/subscriptions already told, so that subscribedSkus adds only the rest."""

    subscription_ids: set[str] = field(default_factory=set)
    product_guids: set[str] = field(default_factory=set)


def read_collection(value: Mapping[str, Any], place: Place, findings: Findings) -> Collection:
    """Return the items of `{"@odata.context", "@odata.nextLink", "value"}`; no next: complete."""
    items = value.get("value")
    if not isinstance(items, list):
        findings.problem("WRONG_TYPE", place.at("value"), "a list of resources is needed")
        return Collection((), is_complete=False)
    for name in value.keys() - _WRAPPER:
        findings.notice("UNKNOWN_FIELD", place.at(name[:80]))
    has_next = bool(value.get("@odata.nextLink"))
    if has_next:
        findings.notice("MORE_PAGES", place.at("@odata.nextLink"))
    return Collection(placed(items, place.at("value")), is_complete=not has_next)


def read_directory(
    collection: Collection, tenant: Tenant, *, ids: UniqueIds, seen: Seen, findings: Findings
) -> tuple[Subscription, ...]:
    """Return the subscriptions that are not ours; ours are left out, counted in a notice."""
    subscriptions = []
    for place, item in collection.items:
        row = read_row(DirectoryRow, item, place, findings)
        if row is None:
            continue
        subscription = _directory_subscription(row, tenant, place, findings)
        if subscription is None or not ids.add(subscription.subscription_id, place):
            continue
        seen.subscription_ids |= {subscription.subscription_id, row.id or ""}
        seen.product_guids.add(row.sku_id)
        if _is_ours(row, subscription):
            findings.notice("OURS_LEFT_OUT", place)
        else:
            subscriptions.append(subscription)
    return tuple(subscriptions)


def _is_ours(row: DirectoryRow, subscription: Subscription) -> bool:
    """Ours comes from Partner Center under its commerceSubscriptionId; without one it stays."""
    return subscription.seller is Seller.US and row.commerce_subscription_id is not None


def _directory_subscription(
    row: DirectoryRow, tenant: Tenant, place: Place, findings: Findings
) -> Subscription | None:
    commerce_id = _commerce_id(row, place, findings)
    subscription_id = commerce_id or row.id
    if subscription_id is None:
        findings.problem("MISSING", place.at("id"), "id or commerceSubscriptionId is needed")
        return None
    state = read_state(row.status, STATES, place.at("status"), findings)
    return Subscription(
        subscription_id=subscription_id,
        seller=_seller_of(row, commerce_id, tenant),
        state=state,
        state_as_given=row.status or "",
        product_guid=ProductGuid(row.sku_id),
        title=row.sku_part_number or "",
        seats=row.total_licenses,
        is_trial=row.is_trial,
        created=row.created_date_time,
        last_day=_last_day(row, state),
        service_plan_ids=_plans(row.service_status),
        seller_tenant_id=row.owner_tenant_id,
    )


def _commerce_id(row: DirectoryRow, place: Place, findings: Findings) -> str | None:
    if row.commerce_subscription_id is None:
        return None
    try:
        return read_guid(row.commerce_subscription_id)
    except PydanticCustomError:
        findings.notice("NOT_A_GUID", place.at("commerceSubscriptionId"))
        return None


def _seller_of(row: DirectoryRow, commerce_id: str | None, tenant: Tenant) -> Seller:
    """Return who sold it, by ownerTenantId: the partner tenant that created the subscription.

    Without our own tenant id, only a complete list of our subscriptions in the same file tells;
    otherwise not known. (companySubscription; docs/sources.md 6.)
    """
    owner = row.owner_tenant_id
    if commerce_id in tenant.own_ids or (owner and owner == tenant.partner_tenant_id):
        return Seller.US
    if tenant.partner_tenant_id is None and not tenant.own_is_complete:
        return Seller.NOT_KNOWN
    if owner is None or owner == tenant.customer_id:
        return Seller.ANOTHER_CHANNEL
    return Seller.ANOTHER_PARTNER


def _last_day(row: DirectoryRow, state: SubscriptionState) -> date | None:
    """Return the day before an active subscription leaves its state: our reading.

    nextLifecycleDateTime is the instant at which the next state begins if nobody renews.
    """
    end = row.next_lifecycle_date_time
    if end is None or state is not SubscriptionState.ACTIVE or is_far(end):
        return None
    return (end - timedelta(microseconds=1)).date()


def _plans(rows: list[ServicePlanRow] | None) -> frozenset[ServicePlanId] | None:
    """Return all service plans, whatever their provisioningStatus; None where none is listed."""
    if rows is None:
        return None
    return frozenset(ServicePlanId(row.service_plan_id) for row in rows)


def read_skus(
    collection: Collection, tenant: Tenant, *, ids: UniqueIds, seen: Seen, findings: Findings
) -> tuple[Subscription, ...]:
    """Return what the products tell beyond `seen`; the seller is never known here."""
    subscriptions: list[Subscription] = []
    for place, item in collection.items:
        row = read_row(SkuRow, item, place, findings)
        if row is None or not _is_of(tenant, row, place, findings):
            continue
        subscriptions += [
            _sku_subscription(row, subscription_id, place, findings)
            for subscription_id in _new_ids(row, tenant, seen)
            if ids.add(subscription_id, place)
        ]
    return tuple(subscriptions)


def _is_of(tenant: Tenant, row: SkuRow, place: Place, findings: Findings) -> bool:
    """Tell whether the product is this tenant's: its id is `{tenant id}_{product guid}`."""
    named, separator, _ = (row.id or "").lower().partition("_")
    if separator and len(named) == len(tenant.customer_id) and named != tenant.customer_id:
        message = f"this product is held by tenant {named}, not {tenant.customer_id}"
        findings.problem("OTHER_CUSTOMER", place.at("id"), message)
        return False
    return True


def _new_ids(row: SkuRow, tenant: Tenant, seen: Seen) -> list[str]:
    """Return the subscriptions of a product not told yet; a product without any gets a fixed id."""
    named = set(row.subscription_ids or ())
    if named:
        return sorted(named - seen.subscription_ids - tenant.own_ids)
    if row.sku_id in seen.product_guids:
        return []
    return [str(uuid5(UUID(tenant.customer_id), row.sku_id))]


def _sku_subscription(
    row: SkuRow, subscription_id: str, place: Place, findings: Findings
) -> Subscription:
    return Subscription(
        subscription_id=subscription_id,
        seller=Seller.NOT_KNOWN,
        state=read_state(row.capability_status, STATES, place.at("capabilityStatus"), findings),
        state_as_given=row.capability_status or "",
        product_guid=ProductGuid(row.sku_id),
        title=row.sku_part_number or "",
        seats=_seats(row, place, findings),
        service_plan_ids=_plans(row.service_plans),
    )


def _seats(row: SkuRow, place: Place, findings: Findings) -> int | None:
    """Return the units of a product with one subscription; of several, the share is not told."""
    if row.prepaid_units is None or len(set(row.subscription_ids or ())) > 1:
        return None
    units = row.prepaid_units
    counted = (units.enabled, units.warning, units.suspended, units.locked_out)
    seats = sum(count for count in counted if count is not None)
    if seats > MAX_SEATS:
        message = f"at most {MAX_SEATS:,} seats of one subscription are taken, not {seats:,}"
        findings.problem("OUT_OF_RANGE", place.at("prepaidUnits"), message)
    return seats
