"""The file that a person edits to change the sample: its tables, read and checked.

`formats/sample/portfolio.toml` tells its own keys.
"""

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from planner.ids import CatalogId, is_new_commerce, parse_catalog_id, parse_guid
from planner.offers import Segment

_Loaded = Literal["complete", "partial", "not_loaded"]
_Seller = Literal["another_partner", "another_channel", "not_known"]
_Term = Literal["P1M", "P1Y", "P3Y"]


class BadSampleFile(ValueError):
    """The sample's file says something that cannot be; the message names where."""

    code = "BAD_SAMPLE_FILE"


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OfferEntry(_Table):
    catalog_id: Annotated[CatalogId, BeforeValidator(parse_catalog_id)] = Field(alias="id")
    title: str
    by_usage: bool = False
    in_catalog: bool = True


class ProductEntry(_Table):
    product_guid: Annotated[str, BeforeValidator(parse_guid)] = Field(alias="id")
    part_number: str
    in_catalog: bool = True


class HoldingsEntry(_Table):
    own: _Loaded
    foreign: _Loaded


class AddedEntry(_Table):
    seats: int = Field(ge=1)
    on: date


class NextTermEntry(_Table):
    offer: str | None = None
    seats: int | None = Field(default=None, ge=0)
    term: _Term | None = None
    billing: Literal["monthly", "annual"] | None = None
    last_day: date | None = None


class OwnEntry(_Table):
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
    promotion: str | None = None
    promotion_ends: date | None = None
    added: tuple[AddedEntry, ...] = ()
    renewal: NextTermEntry | None = None
    cancels_at_end: bool = False
    partner: str | None = None
    migrated_from: str | None = None
    not_known: tuple[Literal["created", "billing", "trial", "partner"], ...] = ()

    @property
    def named(self) -> str:
        return self.key or self.offer


class ForeignEntry(_Table):
    product: str
    seats: int = Field(ge=0)
    seller: _Seller
    key: str | None = None
    id: str | None = None
    state: str = "Enabled"

    @property
    def named(self) -> str:
        return self.key or self.product


class LicenseEntry(_Table):
    product: str
    off: tuple[Annotated[str, BeforeValidator(parse_guid)], ...] = ()
    group: Annotated[str, BeforeValidator(parse_guid)] | None = None
    error: str = "None"


class AccountEntry(_Table):
    name: str
    login: str
    licenses: tuple[LicenseEntry, ...]
    location: str | None = "US"
    enabled: bool = True


class CustomerEntry(_Table):
    name: str
    shows: str
    holdings: HoldingsEntry
    id: str | None = None
    market: str | None = None
    segment: Segment | None = None
    agreement: Literal["accepted", "not_accepted", "not_known"] = "accepted"
    delegated_admin: Literal["granted", "not_granted", "not_known"] = "granted"
    own: tuple[OwnEntry, ...] = ()
    foreign: tuple[ForeignEntry, ...] = ()
    accounts: _Loaded = "not_loaded"
    users: tuple[AccountEntry, ...] = ()


class PortfolioFile(_Table):
    as_of: datetime
    partner_id: str
    agreed: date
    offers: dict[str, OfferEntry]
    products: dict[str, ProductEntry]
    customers: tuple[CustomerEntry, ...]


def read_portfolio(file: Path) -> PortfolioFile:
    """Return what the file says. Raises: BadSampleFile, OSError."""
    try:
        portfolio = PortfolioFile.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadSampleFile(f"{file.name}: {error}") from error
    if portfolio.as_of.tzinfo is None:
        raise BadSampleFile(f"{file.name}: as_of needs a time zone")
    for customer in portfolio.customers:
        for problem in _problems(portfolio, customer):
            raise BadSampleFile(f"{file.name}, {customer.name}: {problem}")
    return portfolio


def _problems(portfolio: PortfolioFile, customer: CustomerEntry) -> list[str]:
    return [
        *_unknown_names(portfolio, customer),
        *_repeated_keys(customer),
        *_contradictions(customer),
        *_not_in_legacy(portfolio, customer),
    ]


def _unknown_names(portfolio: PortfolioFile, customer: CustomerEntry) -> list[str]:
    keys = {own.named for own in customer.own}
    offers = [name for own in customer.own for name in (own.offer, own.goal)]
    offers += [own.renewal.offer for own in customer.own if own.renewal]
    products = [one.product for one in customer.foreign] + [own.in_graph for own in customer.own]
    products += [held.product for user in customer.users for held in user.licenses]
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


def _not_in_legacy(portfolio: PortfolioFile, customer: CustomerEntry) -> list[str]:
    """Name what a legacy resource has no field for, so that the bundle could not say it."""
    return [
        f"{own.named} is a legacy offer, which has no {name}"
        for own in customer.own
        if own.offer in portfolio.offers
        and not is_new_commerce(portfolio.offers[own.offer].catalog_id)
        for name in ("added", "renewal", "cancels_at_end", "migrated_from")
        if getattr(own, name)
    ]


def _repeated_keys(customer: CustomerEntry) -> list[str]:
    sides: tuple[tuple[OwnEntry | ForeignEntry, ...], ...] = (customer.own, customer.foreign)
    names = [[one.named for one in side] for side in sides]
    names.append([user.login for user in customer.users])
    return [
        f"{name} stands here twice; give each a key of its own"
        for side in names
        for name in sorted(set(side))
        if side.count(name) > 1
    ]


def _contradictions(customer: CustomerEntry) -> list[str]:
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
        "seats cannot have been added beyond those that there are": (
            any(sum(one.seats for one in own.added) > own.seats for own in customer.own)
        ),
        "users need accounts = complete or partial": (
            customer.users and customer.accounts == "not_loaded"
        ),
        "in_graph needs own = complete and foreign = complete or partial": (
            any(own.in_graph for own in customer.own)
            and (holdings.own != "complete" or holdings.foreign == "not_loaded")
        ),
    }
    return [message for message, is_wrong in wrong.items() if is_wrong]
