"""What Partner Center's customers (REST, JSON) say, and how it wraps its answers.

Shapes: docs/formats.md, from Microsoft's customer resource.
"""

from collections.abc import Mapping
from typing import Any

from formats.microsoft.agreements import agreement_of
from formats.microsoft.collection import Collection, Items, placed
from formats.microsoft.segments import QualificationRow, segment_of
from formats.problems import Findings, Place, UniqueIds
from formats.rows import Row, names, read_row
from formats.values import OptionalFlag, OptionalGuid, OptionalText, known
from planner.countries import country_of
from planner.customers import Customer


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
    """A Customer resource; two parts are answers of endpoints of their own, put in by hand."""

    ignored = names(
        "commerceId relationshipToPartner customDomains associatedPartnerId userCredentials "
        "links attributes"
    )
    id: OptionalGuid = None
    company_profile: CompanyProfileRow
    billing_profile: BillingProfileRow | None = None
    allow_delegated_access: OptionalFlag = None
    qualifications: list[QualificationRow] | None = None
    agreements: Any = None


def read_collection(value: Mapping[str, Any], place: Place, findings: Findings) -> Collection:
    """Return the items of `{totalCount, items, links, attributes}`.

    Complete: totalCount equals the number of items and neither links.next nor a continuation
    token leads on. Another number where nothing leads on is noted, since pages may have been
    joined or cut; one that is no count at all is refused.
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
    total = _total(value.get("totalCount"), place.at("totalCount"), findings)
    if total is not None and total != len(items) and not has_next:
        findings.notice("TOTAL_DIFFERS", place.at("totalCount"), f"{total}, not {len(items)}")
    return Collection(
        placed(items, place.at("items")), is_complete=total == len(items) and not has_next
    )


def _total(given: object, place: Place, findings: Findings) -> int | None:
    """Return how many there are in all; None where it is not told or (reported) no count."""
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int):
        findings.problem("WRONG_TYPE", place, "a whole number is needed")
        return None
    if given < 0:
        findings.problem("OUT_OF_RANGE", place, f"a count is 0 or more, not {given}")
        return None
    return given


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
        agreement=agreement_of(_agreements(row, place.at("agreements"), findings), findings),
        delegated_admin=known(row.allow_delegated_access),
    )


def _agreements(row: CustomerRow, place: Place, findings: Findings) -> Collection | None:
    """Return the confirmations; a bare list of them is taken for whole."""
    if row.agreements is None:
        return None
    if isinstance(row.agreements, list):
        return Collection(placed(row.agreements, place), is_complete=True)
    if isinstance(row.agreements, dict):
        return read_collection(row.agreements, place, findings)
    findings.problem("WRONG_TYPE", place, "a collection or a list of agreements is needed")
    return None


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
