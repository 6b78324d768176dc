"""Batches of one request: many fields that need customers cost one round of statements."""

from collections.abc import Sequence
from functools import cached_property

from strawberry.dataloader import DataLoader

from planner.accounts.accounts import Accounts
from planner.customers import Customer
from planner.ids import ProductGuid
from resolvers.asked import Asked
from resolvers.customers.affected import account_lists, accounts_holding
from resolvers.customers.customers import customers_by_id
from resolvers.records.customers import AccountsInfo

Holding = tuple[str, frozenset[ProductGuid]]
"""A customer, and products of which its accounts shall have one."""


class Loaders:
    """The loaders of one request, each made when it is first used: most requests need none."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    @cached_property
    def customer(self) -> DataLoader[str, Customer | None]:
        return DataLoader(load_fn=self._customers)

    @cached_property
    def account_list(self) -> DataLoader[str, AccountsInfo]:
        return DataLoader(load_fn=self._account_lists)

    @cached_property
    def _accounts(self) -> DataLoader[Holding, Accounts]:
        return DataLoader(load_fn=self._accounts_holding)

    async def accounts_holding(
        self, customer_id: str, products: frozenset[ProductGuid]
    ) -> Accounts:
        """Load the accounts of a customer that may have one of the products."""
        return await self._accounts.load((customer_id, products))

    async def _customers(self, customer_ids: Sequence[str]) -> list[Customer | None]:
        found = await customers_by_id(self._asked, tuple(customer_ids))
        return [found.get(customer_id) for customer_id in customer_ids]

    async def _account_lists(self, customer_ids: Sequence[str]) -> list[AccountsInfo]:
        found = await account_lists(self._asked, tuple(customer_ids))
        return [found[customer_id] for customer_id in customer_ids]

    async def _accounts_holding(self, wanted: Sequence[Holding]) -> list[Accounts]:
        return list(await accounts_holding(self._asked, tuple(wanted)))
