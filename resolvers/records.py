"""Frozen records that use cases and stores exchange; none of them has behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, StrEnum

from planner.accounts.accounts import Account
from planner.customers import Customer, HoldingsState, Subscription
from planner.offers import Commerce, Known, Segment
from planner.permissions import PartnerType, Role
from resolvers.codes import Code


class ActorKind(StrEnum):
    """By what somebody was recognised."""

    LOCAL = "LOCAL"
    """By nothing: sign-in is off, and who can reach the machine is the one local partner."""
    TOKEN = "TOKEN"  # noqa: S105
    KEY = "KEY"


@dataclass(frozen=True, slots=True)
class Actor:
    """The person, or the program, on whose behalf a question comes."""

    kind: ActorKind
    actor_id: str
    """The token's object id (else its subject), as a lower-case GUID where it is one; a key acts
    as the one who made it; empty for LOCAL."""
    label: str = ""
    """What people call it: the token's name, the key's name; may be empty."""
    key_id: str | None = None
    """The key that was shown, where one was."""


NOBODY_NAMED = Actor(ActorKind.LOCAL, "")


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: a partner (its tenant) and the roles held there."""

    partner_id: str
    """Lower-case GUID."""
    roles: frozenset[Role]
    partner_type: PartnerType | None = None
    """None where nobody said how the partner stands in the programme."""
    actor: Actor = NOBODY_NAMED
    address: str | None = None
    """The network address that the question came from; None for the command line."""


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
class HeldElsewhere:
    """A subscription of ours and the customer that has it in the store."""

    subscription_id: str
    customer_id: str
    customer_name: str


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


class ChangeKind(StrEnum):
    """What kind of thing changed, and which ids a change carries."""

    CATALOG = "CATALOG"
    """A catalog version was added: its id."""
    CUSTOMERS = "CUSTOMERS"
    """An import stored something: the customers' ids, or none where they are too many to name."""
    PLAN = "PLAN"
    """A plan was saved, or something happened to it: the plan's id, then the customer's."""
    JOB = "JOB"
    """A job began, got on or ended: its id."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was stored just now, told by ids alone: whoever cares reads it anew."""

    kind: ChangeKind
    partner_id: str | None
    """Whose it is; None for what everybody sees, which is the bundled catalog."""
    ids: tuple[str, ...]


class Resync(Enum):
    """In the place of changes that were not heard: read anew whatever you show."""

    RESYNC = "RESYNC"


RESYNC = Resync.RESYNC

News = Change | Resync
