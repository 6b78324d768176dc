# ruff: noqa: ARG002
"""A customer store that fails, to see what becomes of the failure."""

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence

from planner.accounts.accounts import Accounts
from planner.customers import Customer
from planner.ids import ProductGuid
from planner.portfolios.portfolio import CustomerFilter, Held
from resolvers.ports import CustomerStore
from resolvers.records.customers import AccountsInfo, CustomerKey, Page
from resolvers.records.imports import CustomerImport, ImportCounts
from resolvers.records.principal import Principal


class FailingCustomers:
    """Fits resolvers.ports.CustomerStore; every method raises what it is told to."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def ensure_partner(self, principal: Principal, *, name: str) -> None:
        raise self._error

    async def customers(
        self, principal: Principal, customer_ids: Sequence[str]
    ) -> Mapping[str, Customer]:
        raise self._error

    async def page(
        self,
        principal: Principal,
        *,
        first: int,
        after: CustomerKey | None,
        text: str | None,
        with_holdings: bool = False,
    ) -> Page:
        raise self._error

    async def customer_of(self, principal: Principal, subscription_id: str) -> str | None:
        raise self._error

    def stream(
        self, principal: Principal, wanted: CustomerFilter
    ) -> AsyncGenerator[tuple[Customer, ...]]:
        raise self._error

    def own_rows(
        self, principal: Principal, wanted: CustomerFilter
    ) -> AsyncGenerator[tuple[Held, ...]]:
        raise self._error

    async def account_lists(
        self, principal: Principal, customer_ids: Sequence[str]
    ) -> Mapping[str, AccountsInfo]:
        raise self._error

    async def accounts(
        self,
        principal: Principal,
        customer_ids: Sequence[str],
        *,
        products: Collection[ProductGuid] | None = None,
    ) -> Mapping[str, Accounts]:
        raise self._error

    async def store(self, principal: Principal, changes: CustomerImport) -> ImportCounts:
        raise self._error


def _fits(store: FailingCustomers) -> CustomerStore:
    """Let mypy hold the store to its protocol."""
    return store
