"""What use cases need stored, as protocols that the stores in `db` fit."""

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from planner.accounts.accounts import Accounts
from planner.customers import Customer
from planner.facts import CatalogFacts
from planner.ids import ProductGuid
from planner.permissions import Role
from planner.portfolios.portfolio import CustomerFilter, Held
from resolvers.codes.code import Code
from resolvers.records.audit import AuditAction, AuditEntry, AuditMark, AuditPage
from resolvers.records.catalog import CatalogVersion
from resolvers.records.changes import News
from resolvers.records.customers import AccountsInfo, CustomerKey, HeldElsewhere, Page
from resolvers.records.imports import (
    CustomerImport,
    ImportCounts,
    ImportFile,
    ReadFile,
    RefusedFile,
)
from resolvers.records.jobs import Job, JobAt, JobKind
from resolvers.records.keys import Adding, ApiKeyMark, ApiKeyPage, HashedKey
from resolvers.records.plans import PlanEvent, PlanKey, PlanPage, SavedPlan
from resolvers.records.principal import Principal


class CatalogStore(Protocol):
    """Immutable catalog versions. A partner sees the bundled ones and its own."""

    async def current(self, principal: Principal) -> CatalogVersion | None:
        """Return the version this partner plans with: its newest own, else the newest bundled."""
        ...

    async def version(self, principal: Principal, version_id: str) -> CatalogVersion | None: ...

    async def facts(self, principal: Principal, version_id: str) -> CatalogFacts:
        """Return every row of a version. Raises: KeyError where the partner sees no such one."""
        ...

    async def add_bundled(self, facts: CatalogFacts, *, label: str) -> tuple[CatalogVersion, bool]:
        """Store the facts as a public version unless one has the same content; whether new."""
        ...


class AccountStore(Protocol):
    """User accounts of a partner's customers with their licences; stored by an import."""

    async def account_lists(
        self, principal: Principal, customer_ids: Sequence[str]
    ) -> Mapping[str, AccountsInfo]:
        """Return how many accounts are stored, for the customers of whom any list is."""
        ...

    async def accounts(
        self,
        principal: Principal,
        customer_ids: Sequence[str],
        *,
        products: Collection[ProductGuid] | None = None,
    ) -> Mapping[str, Accounts]:
        """Return the accounts of the customers of whom any list is stored, in order of id.

        With `products` only those with a licence of one of them, in whatever state; the number of
        statements does not grow. Memory grows with the accounts: some hundred bytes each.
        """
        ...


class CustomerStore(AccountStore, Protocol):
    """A partner's customers with what they hold; no partner ever sees another's."""

    async def ensure_partner(self, principal: Principal, *, name: str) -> None: ...

    async def customers(
        self, principal: Principal, customer_ids: Sequence[str]
    ) -> Mapping[str, Customer]:
        """Return those that exist, with holdings, in a number of statements that does not grow."""
        ...

    async def page(
        self,
        principal: Principal,
        *,
        first: int,
        after: CustomerKey | None,
        text: str | None,
        with_holdings: bool = False,
    ) -> Page:
        """Return customers in order of (name, customer_id), whole only `with_holdings`.

        `text` is looked for in name and domain, without case. `total` counts all that match.
        """
        ...

    async def customer_of(self, principal: Principal, subscription_id: str) -> str | None:
        """Return the customer_id that holds this subscription with us, or None."""
        ...

    def stream(
        self, principal: Principal, wanted: CustomerFilter
    ) -> AsyncGenerator[tuple[Customer, ...]]:
        """Yield whole customers with holdings, in batches, in order of (name, customer_id).

        All are of one state of the store; memory does not grow with their number. Close it where
        it is left early: `async with aclosing(...)`. Cancelling its task lets go of the database.
        """
        ...

    def own_rows(
        self, principal: Principal, wanted: CustomerFilter
    ) -> AsyncGenerator[tuple[Held, ...]]:
        """Yield every own subscription as a flat row, in batches, as `stream` does.

        In order of (customer's name, customer_id, subscription_id).
        """
        ...

    async def store(self, principal: Principal, changes: CustomerImport) -> ImportCounts:
        """Store an import in one transaction.

        Raises: UnknownCustomer for holdings or accounts of nobody; HeldByOthers for subscriptions
        of ours that another customer has, unless the import replaces what that one has with us.
        """
        ...


class PlanStore(Protocol):
    """A partner's saved plans, which never change, and their histories, which only grow."""

    async def add(self, principal: Principal, saved: SavedPlan) -> None:
        """Store a plan with its events. Raises: UnknownCustomer."""
        ...

    async def plans(self, principal: Principal, plan_ids: Sequence[str]) -> Mapping[str, SavedPlan]:
        """Return those that exist, by id, in a number of statements that does not grow."""
        ...

    async def page(
        self, principal: Principal, customer_id: str, *, first: int, after: PlanKey | None
    ) -> PlanPage:
        """Return a customer's plans, newest first; empty for a customer that is not stored."""
        ...

    async def append(self, principal: Principal, plan_id: str, event: PlanEvent) -> bool:
        """Add an event under its number; False where the plan has one of that number, or is none.

        Of several who append the same number exactly one does: whoever decides by a history and
        appends the number after it can be sure that nothing came in between.
        """
        ...

    async def approved(self, principal: Principal, customer_id: str) -> tuple[SavedPlan, ...]:
        """Return the customer's plans that were approved and not superseded, in order of id."""
        ...

    async def approve(
        self,
        principal: Principal,
        customer_id: str,
        events: Mapping[str, PlanEvent],
        *,
        beside: Collection[str],
    ) -> bool:
        """Add events to the customer's plans, by the plans' ids: all of them, or none and False.

        Nothing is added where a number is taken, or where the customer's approved plans are not
        exactly those `beside` which the approval was decided on. Of several who approve plans of
        one customer at once, one is after the other.
        """
        ...


class JobStore(Protocol):
    """A partner's long work; what ended, or was lost, is forgotten after a day."""

    async def begin(self, principal: Principal, job_id: str, kind: JobKind, at: JobAt) -> bool:
        """Add a job; False where the partner has one of that id."""
        ...

    async def update(self, principal: Principal, job_id: str, at: JobAt) -> None:
        """Say how far a job got; one that is not running any longer stays as it is."""
        ...

    async def job(self, principal: Principal, job_id: str) -> Job | None: ...


class Changes(Protocol):
    """What is stored, by whichever process, told to all that follow it.

    Following begins when the block is entered, so whoever reads after that misses nothing. RESYNC
    comes after the connection was lost and is back, and where a reader was too slow.
    """

    def follow(self, principal: Principal) -> AbstractContextManager[AsyncIterator[News]]:
        """Follow what this partner may know of: its own, and the bundled catalog."""
        ...

    def follow_catalogs(self) -> AbstractContextManager[AsyncIterator[News]]:
        """Follow the catalog versions of every partner: for a process's own memory alone."""
        ...


class AuditLog(Protocol):
    """What a partner's people asked for. Entries are added and read, never changed."""

    async def add(self, principal: Principal, entry: AuditEntry) -> None: ...

    async def entry(self, principal: Principal, entry_id: str) -> AuditEntry | None:
        """Return an entry of the principal's partner."""
        ...

    async def page(
        self,
        principal: Principal,
        *,
        action: AuditAction | None,
        first: int,
        after: AuditMark | None,
    ) -> AuditPage:
        """Return entries, of one action or all, newest first."""
        ...


class ApiKeyStore(Protocol):
    """A partner's API keys: their hashes alone. A key is never deleted, only revoked."""

    async def add(self, principal: Principal, hashed: HashedKey, *, limit: int) -> Adding:
        """Add a key unless its owner has `limit` that live when it is made; return what became.

        However many are added at once, no owner has more. Keys revoked or expired do not count.
        None is added with a role that its owner lost by `narrow`, in whichever process.
        """
        ...

    async def key(self, principal: Principal, key_id: str) -> HashedKey | None:
        """Return a key of the principal's partner, revoked and expired ones too."""
        ...

    async def page(
        self, principal: Principal, *, owner_id: str | None, first: int, after: ApiKeyMark | None
    ) -> ApiKeyPage:
        """Return the keys of one owner (of everybody where None), newest first."""
        ...

    async def revoke(self, principal: Principal, key_id: str, *, by: str, now: datetime) -> None:
        """Revoke a key, once: what was written first stays. Nothing where there is no such key."""
        ...

    async def touch(self, principal: Principal, key_id: str, *, now: datetime) -> None:
        """Write down that a key was used, unless that was done within the last minute."""
        ...

    async def narrow(
        self, principal: Principal, *, owner_id: str, roles: Collection[Role], told_at: datetime
    ) -> int:
        """Take from an owner's keys every role but those told last; return how many had another.

        Of one moment what all told counts. A key is given no role back; revoked ones stay as is.
        """
        ...


@dataclass(frozen=True, slots=True)
class Stores:
    """Everything that is stored, as use cases reach it."""

    catalogs: CatalogStore
    customers: CustomerStore
    plans: PlanStore
    audit: AuditLog
    keys: ApiKeyStore
    jobs: JobStore


class ImportReader(Protocol):
    """Reads a file of the outside world into rows of ours, or says why none of it is used."""

    def __call__(self, file: ImportFile) -> ReadFile | RefusedFile: ...


class UnknownCustomer(LookupError):
    """Holdings were given for a customer that is neither stored nor part of the import."""

    code = Code.CUSTOMER_NOT_FOUND

    def __init__(self, customer_id: str) -> None:
        super().__init__(f"no customer {customer_id} is stored; import the customer first")
        self.customer_id = customer_id


class HeldByOthers(LookupError):
    """Subscriptions of ours were given for one customer, and another one has them already."""

    def __init__(self, held: tuple[HeldElsewhere, ...]) -> None:
        super().__init__(f"{len(held)} subscription(s) are held by another customer")
        self.held = held
        """In order of their ids; at most 1,000."""


class StorageUnavailable(RuntimeError):
    """The database cannot be reached or refuses to work; the message carries no driver text."""

    code = Code.DATABASE_UNAVAILABLE
