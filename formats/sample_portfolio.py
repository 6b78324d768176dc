"""The sample portfolio: made-up companies, as a bundle that the importer reads like any other.

`formats/sample/portfolio.toml` is the file that a person edits, and tells its own keys. Nothing
here depends on who imports it: sellers are told by the bundle itself.
"""

import re
import tomllib
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID, uuid5

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from formats.detect import read_import
from formats.import_options import ImportOptions
from planner.ids import CatalogId, is_new_commerce, parse_catalog_id, parse_guid
from planner.offers import Segment
from resolvers.records import CustomerImport

SAMPLE_FILE = Path(__file__).parent / "sample" / "portfolio.toml"
SAMPLE_NAME = "offerpath-sample.json"

_NAMESPACE = UUID("8a0f3f3e-6a0c-5c55-9a52-0ffe27a7f001")
_OTHER_PARTNER = str(uuid5(_NAMESPACE, "another partner"))
_NO_END = "9999-12-31T00:00:00Z"
_YEARS_OF_RENEWALS = 5
"""A legacy offer can no longer be bought anew, so its subscription began some terms ago."""
_GRAPH = "https://graph.microsoft.com/v1.0/$metadata#"

_Loaded = Literal["complete", "partial", "not_loaded"]
_Seller = Literal["another_partner", "another_channel", "not_known"]


class BadSampleFile(ValueError):
    """The sample's file says something that cannot be; the message names where."""

    code = "BAD_SAMPLE_FILE"


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Offer(_Table):
    catalog_id: Annotated[CatalogId, BeforeValidator(parse_catalog_id)] = Field(alias="id")
    title: str
    by_usage: bool = False
    in_catalog: bool = True


class _Product(_Table):
    product_guid: Annotated[str, BeforeValidator(parse_guid)] = Field(alias="id")
    part_number: str
    in_catalog: bool = True


class _Holdings(_Table):
    own: _Loaded
    foreign: _Loaded


class _Own(_Table):
    offer: str
    seats: int = Field(ge=0)
    start: date
    key: str | None = None
    id: str | None = None
    state: str = "active"
    term: Literal["P1M", "P1Y", "P3Y", "none"] = "P1Y"
    billing: Literal["monthly", "annual", "none"] = "monthly"
    created: date | None = None
    trial: bool = False
    auto_renew: bool = True
    parent: str | None = None
    in_graph: str | None = None
    goal: str | None = None

    @property
    def named(self) -> str:
        return self.key or self.offer


class _Foreign(_Table):
    product: str
    seats: int = Field(ge=0)
    seller: _Seller
    key: str | None = None
    id: str | None = None
    state: str = "Enabled"

    @property
    def named(self) -> str:
        return self.key or self.product


class _Customer(_Table):
    name: str
    shows: str
    holdings: _Holdings
    id: str | None = None
    market: str | None = None
    segment: Segment | None = None
    own: tuple[_Own, ...] = ()
    foreign: tuple[_Foreign, ...] = ()


class _Portfolio(_Table):
    as_of: datetime
    offers: dict[str, _Offer]
    products: dict[str, _Product]
    customers: tuple[_Customer, ...]


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
    return _read(SAMPLE_FILE).as_of.astimezone(UTC)


def sample_portfolio(file: Path = SAMPLE_FILE) -> CustomerImport:
    """Return the sample as the importer reads its bundle. Raises: BadSampleFile, OSError."""
    options = ImportOptions(None, _read(file).as_of.astimezone(UTC))
    return read_import(sample_bundle(file), name=SAMPLE_NAME, options=options).customer_import


def sample_bundle(file: Path = SAMPLE_FILE) -> bytes:
    """Return the sample as our JSON bundle, the same bytes every time.

    Raises: BadSampleFile, OSError.
    """
    portfolio = _read(file)
    rows = [_customer_row(portfolio, customer) for customer in portfolio.customers]
    return orjson.dumps({"customers": rows}, option=orjson.OPT_INDENT_2)


def sample_customers(file: Path = SAMPLE_FILE) -> tuple[SampleCustomer, ...]:
    """Return what each customer shows, in the file's order. Raises: BadSampleFile, OSError."""
    portfolio = _read(file)
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


def _read(file: Path) -> _Portfolio:
    try:
        portfolio = _Portfolio.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadSampleFile(f"{file.name}: {error}") from error
    if portfolio.as_of.tzinfo is None:
        raise BadSampleFile(f"{file.name}: as_of needs a time zone")
    for customer in portfolio.customers:
        for problem in _problems(portfolio, customer):
            raise BadSampleFile(f"{file.name}, {customer.name}: {problem}")
    return portfolio


def _problems(portfolio: _Portfolio, customer: _Customer) -> list[str]:
    return [
        *_unknown_names(portfolio, customer),
        *_repeated_keys(customer),
        *_contradictions(customer),
    ]


def _unknown_names(portfolio: _Portfolio, customer: _Customer) -> list[str]:
    keys = {own.named for own in customer.own}
    offers = [name for own in customer.own for name in (own.offer, own.goal)]
    products = [one.product for one in customer.foreign] + [own.in_graph for own in customer.own]
    parents = [own.parent for own in customer.own]
    return [
        f"there is no {what} {name}"
        for what, names, known in (
            ("offer", offers, portfolio.offers.keys()),
            ("product", products, portfolio.products.keys()),
            ("base", parents, keys),
        )
        for name in names
        if name is not None and name not in known
    ]


def _repeated_keys(customer: _Customer) -> list[str]:
    sides: tuple[tuple[_Own | _Foreign, ...], ...] = (customer.own, customer.foreign)
    names = [[one.named for one in side] for side in sides]
    return [
        f"{name} stands here twice; give each a key of its own"
        for side in names
        for name in sorted(set(side))
        if side.count(name) > 1
    ]


def _contradictions(customer: _Customer) -> list[str]:
    """Name what the bundle could not say: the reader tells sellers by a whole list of ours."""
    holdings = customer.holdings
    sellers = {one.seller for one in customer.foreign}
    wrong = {
        "subscriptions of ours need own = complete or partial": (
            customer.own and holdings.own == "not_loaded"
        ),
        "foreign subscriptions need foreign = complete or partial": (
            customer.foreign and holdings.foreign == "not_loaded"
        ),
        "a seller that is not known makes foreign partial": (
            "not_known" in sellers and holdings.foreign == "complete"
        ),
        "a named seller needs own = complete": (
            sellers - {"not_known"} and holdings.own != "complete"
        ),
        "in_graph needs own = complete and foreign = complete or partial": (
            any(own.in_graph for own in customer.own)
            and (holdings.own != "complete" or holdings.foreign == "not_loaded")
        ),
    }
    return [message for message, is_wrong in wrong.items() if is_wrong]


def _customer_id(customer: _Customer) -> str:
    return customer.id or str(uuid5(_NAMESPACE, customer.name))


def _own_id(customer: _Customer, own: _Own) -> str:
    return own.id or _derived(customer, "own", own.named)


def _derived(customer: _Customer, side: str, key: str) -> str:
    return str(uuid5(UUID(_customer_id(customer)), f"{side}/{key}"))


def _domain(name: str) -> str:
    words = re.findall(r"[a-z0-9]+", name.removesuffix("(sample)").lower())
    return f"{'-'.join(words)}.example"


def _customer_row(portfolio: _Portfolio, customer: _Customer) -> dict[str, Any]:
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


def _own_part(portfolio: _Portfolio, customer: _Customer) -> dict[str, Any]:
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


def _own_row(portfolio: _Portfolio, customer: _Customer, own: _Own) -> dict[str, Any]:
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


def _created(offer: _Offer, own: _Own) -> date:
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


def _foreign_parts(portfolio: _Portfolio, customer: _Customer) -> dict[str, Any]:
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


def _graph_row(portfolio: _Portfolio, customer: _Customer, own: _Own) -> dict[str, Any]:
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


def _directory_row(portfolio: _Portfolio, customer: _Customer, one: _Foreign) -> dict[str, Any]:
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


def _sku_row(portfolio: _Portfolio, customer: _Customer, one: _Foreign) -> dict[str, Any]:
    product = portfolio.products[one.product]
    return {
        "id": f"{_customer_id(customer)}_{product.product_guid}",
        "skuId": product.product_guid,
        "skuPartNumber": product.part_number,
        "capabilityStatus": one.state,
        "prepaidUnits": {"enabled": one.seats, "suspended": 0, "warning": 0, "lockedOut": 0},
        "subscriptionIds": [one.id or _derived(customer, "foreign", one.named)],
    }
