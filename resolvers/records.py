"""Frozen records that use cases and stores exchange; none of them has behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from planner.accounts.accounts import Account
from planner.customers import Customer, HoldingsState, Subscription
from planner.offers import Commerce, Known, Segment
from planner.permissions import PartnerType, Role


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: a partner (its tenant) and the roles held there."""

    partner_id: str
    """Lower-case GUID."""
    roles: frozenset[Role]
    partner_type: PartnerType | None = None
    """None where nobody said how the partner stands in the programme."""


@dataclass(frozen=True, slots=True)
class CatalogVersion:
    """An immutable catalog: its id, the hash of its content, how many rows of each kind."""

    version_id: str
    """Lower-case GUID."""
    content_hash: str
    owner_partner_id: str | None
    """None for the bundled catalog, which is public."""
    label: str
    created_at: datetime
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OfferFilter:
    """Which offers are wanted; None asks nothing of that field."""

    text: str | None = None
    commerce: Commerce | None = None
    segment: Segment | None = None
    market: str | None = None
    addon: Known | None = None


@dataclass(frozen=True, slots=True)
class CustomerKey:
    """Where a page of customers begins: after this one, in order of (name, customer_id)."""

    name: str
    customer_id: str


@dataclass(frozen=True, slots=True)
class Page:
    """Up to `first` customers without holdings, and whether more follow."""

    customers: tuple[Customer, ...]
    has_next: bool
    total: int


@dataclass(frozen=True, slots=True)
class HoldingsChange:
    """New holdings of one customer, replacing those of the same side (own or foreign) whole."""

    customer_id: str
    is_foreign: bool
    state: HoldingsState
    as_of: datetime
    subscriptions: tuple[Subscription, ...]


@dataclass(frozen=True, slots=True)
class AccountsChange:
    """New user accounts of one customer, replacing all that are stored of it."""

    customer_id: str
    state: HoldingsState
    as_of: datetime
    accounts: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class AccountsInfo:
    """How many of a customer's user accounts are stored, without any of them."""

    state: HoldingsState = HoldingsState.NOT_LOADED
    as_of: datetime | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class CustomerImport:
    """What one import stores, in one transaction: all of it or nothing.

    `customers` are added or replaced by customer_id (their holdings stay); then each change of
    holdings replaces that side of its customer whole, and each of accounts all of its customer's.
    """

    customers: tuple[Customer, ...] = ()
    holdings: tuple[HoldingsChange, ...] = ()
    accounts: tuple[AccountsChange, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What an import changed, counted in rows."""

    customers_added: int
    customers_changed: int
    customers_unchanged: int
    subscriptions_stored: int
    subscriptions_removed: int
    accounts_stored: int = 0
    accounts_removed: int = 0


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing in an imported file that must be corrected; line or path say where."""

    code: str
    message: str
    line: int | None
    path: str


@dataclass(frozen=True, slots=True)
class FileNotice:
    """Something in an imported file that was kept and is worth telling, counted."""

    code: str
    path: str
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file somebody wants imported, with what the file itself does not say."""

    content: bytes
    name: str
    as_of: datetime
    customer_id: str | None = None
    partner_tenant_id: str | None = None
    is_complete: bool | None = None


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read whole: what to store, and what to tell."""

    kind: str
    rows: int
    changes: CustomerImport
    notices: tuple[FileNotice, ...]


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file of which nothing is used."""

    code: str
    message: str
    problems: tuple[FileProblem, ...] = ()
    problems_left_out: int = 0
