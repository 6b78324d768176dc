"""The sample portfolio: made-up companies, as a bundle that the importer reads like any other.

`formats/sample/portfolio.toml` is the file that a person edits, and tells its own keys. Nothing
here depends on who imports it: sellers are told by the bundle itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from formats.detect import read_import
from formats.import_options import ImportOptions
from formats.sample.file import (
    BadSampleFile,
    CustomerEntry,
    ForeignEntry,
    OwnEntry,
    PortfolioFile,
    read_portfolio,
)
from formats.sample.ids import OTHER_PARTNER, customer_id, derived, own_id, slug
from formats.sample.subscription import own_row
from formats.sample.users import users_part
from planner.ids import CatalogId
from resolvers.records.imports import CustomerImport

__all__ = [
    "BadSampleFile",
    "SampleCustomer",
    "sample_as_of",
    "sample_bundle",
    "sample_customers",
    "sample_portfolio",
]

SAMPLE_FILE = Path(__file__).with_name("portfolio.toml")
SAMPLE_NAME = "offerpath-sample.json"

_GRAPH = "https://graph.microsoft.com/v1.0/$metadata#"


@dataclass(frozen=True, slots=True)
class SampleCustomer:
    """What a customer of the sample is there to show."""

    customer_id: str
    name: str
    shows: str
    goals: Mapping[str, CatalogId]
    """The offer that the customer wants, by subscription id, where the file names one."""


def sample_as_of() -> datetime:
    """Return the instant that the sample speaks for, aware and UTC."""
    return read_portfolio(SAMPLE_FILE).as_of.astimezone(UTC)


def sample_portfolio(file: Path = SAMPLE_FILE) -> CustomerImport:
    """Return the sample as the importer reads its bundle. Raises: BadSampleFile, OSError."""
    options = ImportOptions(None, read_portfolio(file).as_of.astimezone(UTC))
    return read_import(sample_bundle(file), name=SAMPLE_NAME, options=options).customer_import


def sample_bundle(file: Path = SAMPLE_FILE) -> bytes:
    """Return the sample as our JSON bundle, the same bytes every time.

    Raises: BadSampleFile, OSError.
    """
    portfolio = read_portfolio(file)
    rows = [_customer_row(portfolio, customer) for customer in portfolio.customers]
    return orjson.dumps({"customers": rows}, option=orjson.OPT_INDENT_2)


def sample_customers(file: Path = SAMPLE_FILE) -> tuple[SampleCustomer, ...]:
    """Return what each customer shows, in the file's order. Raises: BadSampleFile, OSError."""
    portfolio = read_portfolio(file)
    return tuple(
        SampleCustomer(
            customer_id(customer),
            customer.name,
            customer.shows,
            {
                own_id(customer, own): portfolio.offers[own.goal].catalog_id
                for own in customer.own
                if own.goal is not None
            },
        )
        for customer in portfolio.customers
    )


def _customer_row(portfolio: PortfolioFile, customer: CustomerEntry) -> dict[str, Any]:
    tenant_id = customer_id(customer)
    row: dict[str, Any] = {
        "id": tenant_id,
        "companyProfile": {
            "tenantId": tenant_id,
            "domain": f"{slug(customer.name)}.example",
            "companyName": customer.name,
        },
        "relationshipToPartner": "reseller",
    }
    if customer.market is not None:
        row["billingProfile"] = {"defaultAddress": {"country": customer.market}}
    if customer.segment is not None:
        row["segment"] = customer.segment.value
    row |= _trust(portfolio, customer)
    row |= _own_part(portfolio, customer) | _foreign_parts(portfolio, customer)
    return row | users_part(portfolio, customer)


def _trust(portfolio: PortfolioFile, customer: CustomerEntry) -> dict[str, Any]:
    """Return whether the customer accepted the agreement and lets us administer it."""
    confirmation = {
        "type": "MicrosoftCustomerAgreement",
        "dateAgreed": f"{portfolio.agreed.isoformat()}T00:00:00Z",
    }
    told: dict[str, Any] = {}
    if customer.agreement != "not_known":
        told["agreements"] = [confirmation] if customer.agreement == "accepted" else []
    if customer.delegated_admin != "not_known":
        told["allowDelegatedAccess"] = customer.delegated_admin == "granted"
    return told


def _own_part(portfolio: PortfolioFile, customer: CustomerEntry) -> dict[str, Any]:
    """Return our subscriptions; a bare array is how a list that may be longer is written."""
    items = [own_row(portfolio, customer, own) for own in customer.own]
    match customer.holdings.own:
        case "not_loaded":
            return {}
        case "partial":
            return {"subscriptions": items}
        case "complete":
            attributes = {"objectType": "Collection"}
            whole = {"totalCount": len(items), "items": items, "attributes": attributes}
            return {"subscriptions": whole}


def _foreign_parts(portfolio: PortfolioFile, customer: CustomerEntry) -> dict[str, Any]:
    """Return what Graph tells: directory/subscriptions with owners, subscribedSkus without."""
    if customer.holdings.foreign == "not_loaded":
        return {}
    told = [_graph_row(portfolio, customer, own) for own in customer.own if own.in_graph]
    told += [
        _directory_row(portfolio, customer, one)
        for one in customer.foreign
        if one.seller != "not_known"
    ]
    skus = [
        _sku_row(portfolio, customer, one) for one in customer.foreign if one.seller == "not_known"
    ]
    parts: dict[str, Any] = {"subscribedSkus": _answer("subscribedSkus", skus)} if skus else {}
    if customer.holdings.foreign == "complete":
        parts["directorySubscriptions"] = _answer("directory/subscriptions", told)
    elif told or not skus:
        parts["directorySubscriptions"] = told
    return parts


def _answer(what: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"@odata.context": f"{_GRAPH}{what}", "value": rows}


def _graph_row(portfolio: PortfolioFile, customer: CustomerEntry, own: OwnEntry) -> dict[str, Any]:
    """Return Graph's own row of a subscription that we sold."""
    product = portfolio.products[own.in_graph or ""]
    return {
        "id": derived(customer, "graph", own.named),
        "commerceSubscriptionId": own_id(customer, own),
        "skuId": product.product_guid,
        "skuPartNumber": product.part_number,
        "status": "Enabled",
        "isTrial": own.trial,
        "totalLicenses": own.seats,
        "ownerTenantId": None,
    }


def _directory_row(
    portfolio: PortfolioFile, customer: CustomerEntry, one: ForeignEntry
) -> dict[str, Any]:
    product = portfolio.products[one.product]
    is_partner = one.seller == "another_partner"
    return {
        "id": derived(customer, "graph", one.named),
        "commerceSubscriptionId": one.id or derived(customer, "foreign", one.named),
        "skuId": product.product_guid,
        "skuPartNumber": product.part_number,
        "status": one.state,
        "isTrial": False,
        "totalLicenses": one.seats,
        "ownerTenantId": OTHER_PARTNER if is_partner else customer_id(customer),
    }


def _sku_row(
    portfolio: PortfolioFile, customer: CustomerEntry, one: ForeignEntry
) -> dict[str, Any]:
    product = portfolio.products[one.product]
    return {
        "id": f"{customer_id(customer)}_{product.product_guid}",
        "skuId": product.product_guid,
        "skuPartNumber": product.part_number,
        "capabilityStatus": one.state,
        "prepaidUnits": {"enabled": one.seats, "suspended": 0, "warning": 0, "lockedOut": 0},
        "subscriptionIds": [one.id or derived(customer, "foreign", one.named)],
    }
