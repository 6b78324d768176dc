"""Batches of one request: many fields that need customers cost one round of statements."""

from collections.abc import Sequence

from strawberry.dataloader import DataLoader

from planner.customers import Customer
from resolvers.asked import Asked
from resolvers.customers import customers_by_id


class Loaders:
    """The loaders of one request."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self.customer: DataLoader[str, Customer | None] = DataLoader(load_fn=self._customers)

    async def _customers(self, customer_ids: Sequence[str]) -> list[Customer | None]:
        found = await customers_by_id(self._asked, tuple(customer_ids))
        return [found.get(customer_id) for customer_id in customer_ids]
