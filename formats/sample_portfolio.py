"""The sample portfolio: made-up companies, as a bundle that the importer reads like any other.

`formats/sample/portfolio.toml` is the file that a person edits, and tells its own keys. Nothing
here depends on who imports it: sellers are told by the bundle itself.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import orjson

from formats.detect import read_import
from formats.import_options import ImportOptions
from formats.sample_file import (
    BadSampleFile,
    CustomerEntry,
    ForeignEntry,
    OfferEntry,
    OwnEntry,
    PortfolioFile,
    read_portfolio,
)
from planner.ids import CatalogId, is_new_commerce
from resolvers.records import CustomerImport

__all__ = [
    "BadSampleFile",
    "SampleCustomer",
    "sample_as_of",
    "sample_bundle",
    "sample_customers",
    "sample_portfolio",
]

SAMPLE_FILE = Path(__file__).parent / "sample" / "portfolio.toml"
SAMPLE_NAME = "offerpath-sample.json"

_NAMESPACE = UUID("8a0f3f3e-6a0c-5c55-9a52-0ffe27a7f001")
_OTHER_PARTNER = str(uuid5(_NAMESPACE, "another partner"))
_NO_END = "9999-12-31T00:00:00Z"
_YEARS_OF_RENEWALS = 5
"""A legacy offer can no longer be bought anew, so its subscription began some terms ago."""
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
            _customer_id(customer),
            customer.name,
            customer.shows,
            {
                _own_id(customer, own): portfolio.offers[own.goal].catalog_id
                for own in customer.own
                if own.goal is not None
            },
        )
        for customer in portfolio.customers
    )


def _customer_id(customer: CustomerEntry) -> str:
    return customer.id or str(uuid5(_NAMESPACE, customer.name))


def _own_id(customer: CustomerEntry, own: OwnEntry) -> str:
    return own.id or _derived(customer, "own", own.named)


def _derived(customer: CustomerEntry, side: str, key: str) -> str:
    return str(uuid5(UUID(_customer_id(customer)), f"{side}/{key}"))


def _domain(name: str) -> str:
    words = re.findall(r"[a-z0-9]+", name.removesuffix("(sample)").lower())
    return f"{'-'.join(words)}.example"


def _customer_row(portfolio: PortfolioFile, customer: CustomerEntry) -> dict[str, Any]:
    customer_id = _customer_id(customer)
    row: dict[str, Any] = {
        "id": customer_id,
        "companyProfile": {
            "tenantId": customer_id,
            "domain": _domain(customer.name),
            "companyName": customer.name,
        },
        "relationshipToPartner": "reseller",
    }
    if customer.market is not None:
        row["billingProfile"] = {"defaultAddress": {"country": customer.market}}
    if customer.segment is not None:
        row["segment"] = customer.segment.value
    return row | _own_part(portfolio, customer) | _foreign_parts(portfolio, customer)


def _own_part(portfolio: PortfolioFile, customer: CustomerEntry) -> dict[str, Any]:
    """Return our subscriptions; a bare array is how a list that may be longer is written."""
    items = [_own_row(portfolio, customer, own) for own in customer.own]
    match customer.holdings.own:
        case "not_loaded":
            return {}
        case "partial":
            return {"subscriptions": items}
        case "complete":
            attributes = {"objectType": "Collection"}
            whole = {"totalCount": len(items), "items": items, "attributes": attributes}
            return {"subscriptions": whole}


def _own_row(portfolio: PortfolioFile, customer: CustomerEntry, own: OwnEntry) -> dict[str, Any]:
    offer = portfolio.offers[own.offer]
    bases = {base.named: _own_id(customer, base) for base in customer.own}
    row = {
        "id": _own_id(customer, own),
        "offerId": offer.catalog_id,
        "offerName": offer.title,
        "friendlyName": offer.title,
        "quantity": own.seats,
        "parentSubscriptionId": None if own.parent is None else bases[own.parent],
        "creationDate": _midnight(_created(offer, own)),
        "effectiveStartDate": _midnight(own.start),
        "status": own.state,
        "autoRenewEnabled": own.auto_renew,
        "billingCycle": own.billing,
        "billingType": "usage" if offer.by_usage else "license",
        "isTrial": own.trial,
    }
    if own.term == "none":
        return row | {"commitmentEndDate": _NO_END}
    end = _term_end(own.start, own.term)
    if not is_new_commerce(offer.catalog_id):
        return row | {"termDuration": own.term, "commitmentEndDate": _midnight(end)}
    last = (end - timedelta(days=1)).isoformat()
    return row | {
        "termDuration": own.term,
        "commitmentEndDate": f"{last}T00:00:00Z",
        "commitmentEndDateTime": f"{last}T23:59:59Z",
    }


def _created(offer: OfferEntry, own: OwnEntry) -> date:
    if own.created is not None:
        return own.created
    if own.trial or is_new_commerce(offer.catalog_id):
        return own.start
    return _add_months(own.start, -12 * _YEARS_OF_RENEWALS)


def _term_end(start: date, term: str) -> date:
    """Return the first day after the term, as legacy writes its end; new commerce ends before."""
    return _add_months(start, {"P1M": 1, "P1Y": 12, "P3Y": 36}[term])


def _add_months(day: date, months: int) -> date:
    """Return the same day of another month, or its last one where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


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
        "id": _derived(customer, "graph", own.named),
        "commerceSubscriptionId": _own_id(customer, own),
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
        "id": _derived(customer, "graph", one.named),
        "commerceSubscriptionId": one.id or _derived(customer, "foreign", one.named),
        "skuId": product.product_guid,
        "skuPartNumber": product.part_number,
        "status": one.state,
        "isTrial": False,
        "totalLicenses": one.seats,
        "ownerTenantId": _OTHER_PARTNER if is_partner else _customer_id(customer),
    }


def _sku_row(
    portfolio: PortfolioFile, customer: CustomerEntry, one: ForeignEntry
) -> dict[str, Any]:
    product = portfolio.products[one.product]
    return {
        "id": f"{_customer_id(customer)}_{product.product_guid}",
        "skuId": product.product_guid,
        "skuPartNumber": product.part_number,
        "capabilityStatus": one.state,
        "prepaidUnits": {"enabled": one.seats, "suspended": 0, "warning": 0, "lockedOut": 0},
        "subscriptionIds": [one.id or _derived(customer, "foreign", one.named)],
    }
