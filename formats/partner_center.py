"""What Partner Center's customers and subscriptions (REST, JSON) say of a customer.

Shapes: json_shapes sections 0 to 3 (Microsoft's subscription and customer resources);
docs/formats.md tells users the same.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from formats.collection import Collection, Items, placed
from formats.problems import Findings, Place, UniqueIds
from formats.rows import Row, names, read_billing_cycle, read_row, read_state, read_term
from formats.segments import QualificationRow, segment_of
from formats.values import (
    Guid,
    OptionalFlag,
    OptionalGuid,
    OptionalInstant,
    OptionalSeats,
    OptionalText,
    Text,
    catalog_id_of,
    last_day_of,
)
from planner.countries import country_of
from planner.customers import Customer, Seller, Subscription, SubscriptionState
from planner.ids import CatalogId

STATES: Mapping[str, SubscriptionState] = {
    state.value.lower(): state
    for state in SubscriptionState
    if state is not SubscriptionState.UNRECOGNIZED
}
"""The documented values of `status`: docs/sources.md 5. CSV files use the same words."""
_CUSTOMER_IN_LINK = re.compile(r"/customers/([0-9a-f-]{36})/", re.IGNORECASE)


_USAGE = "usage"
"""`billingType` of what is paid by use [docs/sources.md 5]."""


class SubscriptionRow(Row):
    """A Subscription resource, legacy or new commerce."""

    ignored = names(
        "entitlementId unitType effectiveStartDateTime hasPurchasableAddons "
        "isMicrosoftProduct actions partnerId suspensionReasons contractType publisherName "
        "orderId attributes productType cancellationAllowedUntilDate billingCycleEndDate "
        "billingCycleEndDateTime renewalTermDuration refundOptions refundableQuantity "
        "scheduledNextTermInstructions scheduledActions nextChargeInstructions "
        "migratedFromSubscriptionId consumptionType attentionNeeded actionTaken"
    )
    id: Guid
    offer_id: Text
    offer_name: OptionalText = None
    friendly_name: OptionalText = None
    quantity: OptionalSeats = None
    parent_subscription_id: OptionalGuid = None
    creation_date: OptionalInstant = None
    effective_start_date: OptionalInstant = None
    commitment_end_date: OptionalInstant = None
    commitment_end_date_time: OptionalInstant = None
    status: OptionalText = None
    auto_renew_enabled: OptionalFlag = None
    billing_cycle: OptionalText = None
    billing_type: OptionalText = None
    term_duration: OptionalText = None
    is_trial: OptionalFlag = None
    promotion_id: OptionalText = None
    links: Any = None


class AddressRow(Row):
    ignored = names(
        "addressLine1 addressLine2 city state region postalCode firstName lastName middleName "
        "phoneNumber"
    )
    country: OptionalText = None


class BillingProfileRow(Row):
    ignored = names("id firstName lastName email culture language profileType links attributes")
    company_name: OptionalText = None
    default_address: AddressRow | None = None


class CompanyProfileRow(Row):
    ignored = names("address email links attributes organizationRegistrationNumber")
    tenant_id: OptionalGuid = None
    domain: OptionalText = None
    company_name: OptionalText = None


class CustomerRow(Row):
    """A Customer resource; `qualifications` is the answer of its own endpoint, put in by hand."""

    ignored = names(
        "commerceId relationshipToPartner allowDelegatedAccess customDomains "
        "associatedPartnerId userCredentials links attributes"
    )
    id: OptionalGuid = None
    company_profile: CompanyProfileRow
    billing_profile: BillingProfileRow | None = None
    qualifications: list[QualificationRow] | None = None


def read_collection(value: Mapping[str, Any], place: Place, findings: Findings) -> Collection:
    """Return the items of `{totalCount, items, links, attributes}`.

    Complete: totalCount equals the number of items and neither links.next nor a continuation
    token leads on.
    """
    items = value.get("items")
    if not isinstance(items, list):
        findings.problem("WRONG_TYPE", place.at("items"), "a list of resources is needed")
        return Collection((), is_complete=False)
    for name in value.keys() - {"totalCount", "items", "links", "attributes", "continuationToken"}:
        findings.notice("UNKNOWN_FIELD", place.at(name[:80]))
    links = value.get("links")
    has_next = bool(value.get("continuationToken")) or (
        isinstance(links, dict) and bool(links.get("next"))
    )
    if has_next:
        findings.notice("MORE_PAGES", place.at("links.next"))
    return Collection(
        placed(items, place.at("items")),
        is_complete=value.get("totalCount") == len(items) and not has_next,
    )


def read_customers(items: Items, findings: Findings) -> tuple[Customer, ...]:
    """Return the customers, in the file's order, without holdings."""
    ids = UniqueIds(findings, "customer")
    customers = []
    for place, item in items:
        row = read_row(CustomerRow, item, place, findings)
        customer = None if row is None else customer_of(row, place, findings)
        if customer is not None and ids.add(customer.customer_id, place.at("id")):
            customers.append(customer)
    return tuple(customers)


def customer_of(row: CustomerRow, place: Place, findings: Findings) -> Customer | None:
    """Return the customer of a checked row; None (reported) where its two ids disagree."""
    profile = row.company_profile
    customer_id = row.id or profile.tenant_id
    if customer_id is None:
        findings.problem("MISSING", place.at("id"), "the customer's tenant id is needed")
        return None
    if profile.tenant_id not in (None, customer_id):
        findings.problem(
            "ID_CONFLICT",
            place.at("companyProfile", "tenantId"),
            f"the tenant id {profile.tenant_id} is not the customer's id {customer_id}",
        )
        return None
    return Customer(
        customer_id=customer_id,
        name=_name_of(row, customer_id, place, findings),
        domain=profile.domain,
        market=_market_of(row, place, findings),
        segment=segment_of(row.qualifications, place.at("qualifications"), findings),
    )


def _name_of(row: CustomerRow, customer_id: str, place: Place, findings: Findings) -> str:
    billing = row.billing_profile
    name = row.company_profile.company_name or (billing and billing.company_name)
    if name is None:
        findings.notice("MISSING_VALUE", place.at("companyProfile", "companyName"))
    return name or row.company_profile.domain or customer_id


def _market_of(row: CustomerRow, place: Place, findings: Findings) -> str | None:
    """Return the country; the list form of a customer carries none: unknown, not noted."""
    address = row.billing_profile and row.billing_profile.default_address
    if not address or address.country is None:
        return None
    market = country_of(address.country)
    if market is None:
        path = place.at("billingProfile", "defaultAddress", "country")
        findings.notice("UNKNOWN_VALUE", path, address.country)
    return market


def read_subscriptions(
    items: Items, *, customer_id: str, ids: UniqueIds, findings: Findings
) -> tuple[Subscription, ...]:
    """Return our subscriptions of one customer, in the file's order."""
    return tuple(_subscriptions(items, customer_id, ids, findings))


def _subscriptions(
    items: Items, customer_id: str, ids: UniqueIds, findings: Findings
) -> Iterator[Subscription]:
    for place, item in items:
        row = read_row(SubscriptionRow, item, place, findings)
        if row is not None and ids.add(row.id, place.at("id")):
            _check_customer(row.links, customer_id, place, findings)
            yield _subscription_of(row, place, findings)


def _check_customer(links: Any, customer_id: str, place: Place, findings: Findings) -> None:
    """Report a subscription whose own link names another customer than the importer did."""
    own = links.get("self") if isinstance(links, dict) else None
    uri = own.get("uri") if isinstance(own, dict) else None
    match = _CUSTOMER_IN_LINK.search(uri) if isinstance(uri, str) else None
    if match and match.group(1).lower() != customer_id:
        message = f"this is a subscription of customer {match.group(1).lower()}, not {customer_id}"
        findings.problem("OTHER_CUSTOMER", place.at("links", "self", "uri"), message)


def _subscription_of(row: SubscriptionRow, place: Place, findings: Findings) -> Subscription:
    offer_id = catalog_id_of(row.offer_id)
    # An Azure plan's id has the shape of a licence SKU's; only its billing tells.
    catalog_id = None if row.billing_type == _USAGE else offer_id
    if catalog_id is None:
        findings.notice("NOT_A_LICENCE_OFFER", place.at("offerId"), row.offer_id)
    if row.parent_subscription_id == row.id:
        findings.problem("BAD_PARENT", place.at("parentSubscriptionId"), "it is its own parent")
    return Subscription(
        subscription_id=row.id,
        seller=Seller.US,
        state=read_state(row.status, STATES, place.at("status"), findings),
        state_as_given=row.status or "",
        catalog_id=catalog_id,
        title=row.offer_name or "",
        friendly_name=row.friendly_name or "",
        seats=row.quantity,
        is_trial=row.is_trial,
        term=read_term(row.term_duration, place.at("termDuration"), findings),
        billing_cycle=read_billing_cycle(row.billing_cycle, place.at("billingCycle"), findings),
        created=row.creation_date,
        starts=row.effective_start_date,
        last_day=_last_day(row, offer_id, place, findings),
        auto_renews=row.auto_renew_enabled,
        parent_id=row.parent_subscription_id,
        promotion_id=row.promotion_id,
    )


def _last_day(
    row: SubscriptionRow, catalog_id: CatalogId | None, place: Place, findings: Findings
) -> date | None:
    """Return the last day by commitmentEndDate, else by commitmentEndDateTime."""
    ends = (row.commitment_end_date, row.commitment_end_date_time)
    days = [last_day_of(end, catalog_id) for end in ends if end is not None]
    if len(set(days)) > 1:
        findings.notice("END_DATES_DISAGREE", place.at("commitmentEndDateTime"))
    return days[0] if days else None
