"""What use cases need stored, as protocols that the stores in `db` fit."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from planner.customers import Customer
from planner.facts import CatalogFacts
from resolvers.plan_records import PlanEvent, PlanKey, PlanPage, SavedPlan
from resolvers.records import (
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


class CustomerStore(Protocol):
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

    async def store(self, principal: Principal, changes: CustomerImport) -> ImportCounts:
        """Store an import in one transaction. Raises: UnknownCustomer for holdings of nobody."""
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
