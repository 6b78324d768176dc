"""What use cases need stored, as protocols that the stores in `db` fit."""

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from typing import Protocol

from planner.accounts.accounts import Accounts
from planner.customers import Customer
from planner.facts import CatalogFacts
from planner.ids import ProductGuid
from planner.portfolios.portfolio import CustomerFilter, Held
from resolvers.plan_records import PlanEvent, PlanKey, PlanPage, SavedPlan
from resolvers.records import (
    AccountsInfo,
    CatalogVersion,
    CustomerImport,
    CustomerKey,
    ImportCounts,
    ImportFile,
    Page,
    Principal,
    ReadFile,
    RefusedFile,
)


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
        self, principal: Principal, *, first: int, after: CustomerKey | None, text: str | None
    ) -> Page:
        """Return customers in order of (name, customer_id), without their holdings.

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

        Raises: UnknownCustomer for holdings or accounts of nobody.
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


class ImportReader(Protocol):
    """Reads a file of the outside world into rows of ours, or says why none of it is used."""

    def __call__(self, file: ImportFile) -> ReadFile | RefusedFile: ...


class UnknownCustomer(LookupError):
    """Holdings were given for a customer that is neither stored nor part of the import."""

    code = "CUSTOMER_NOT_FOUND"

    def __init__(self, customer_id: str) -> None:
        super().__init__(f"no customer {customer_id} is stored; import the customer first")
        self.customer_id = customer_id


class StorageUnavailable(RuntimeError):
    """The database cannot be reached or refuses to work; the message carries no driver text."""

    code = "DATABASE_UNAVAILABLE"
