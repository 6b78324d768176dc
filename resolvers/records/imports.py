"""What an import brings, what it changed, and what was wrong with its file."""

from dataclasses import dataclass
from datetime import datetime

from planner.accounts.accounts import Account
from planner.customers import Customer, HoldingsState, Subscription
from resolvers.codes.code import Code


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

    code: Code
    message: str
    problems: tuple[FileProblem, ...] = ()
    problems_left_out: int = 0
