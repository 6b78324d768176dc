"""What is stored of a partner's customers, counted."""

from collections import Counter
from collections.abc import AsyncIterator

from planner.customers import Customer
from resolvers.asked import Asked
from resolvers.customers.customers import customers, customers_by_id
from resolvers.inputs import MAX_FIRST
from resolvers.records.customers import CustomerKey

Counts = dict[str, int]


async def stored_counts(asked: Asked) -> dict[str, Counts]:
    """Return customers, subscriptions and how much of them is loaded, page by page."""
    total: Counter[str] = Counter()
    own: Counter[str] = Counter()
    foreign: Counter[str] = Counter()
    async for customer in _all(asked):
        held = customer.holdings
        total.update(customers=1, own=len(held.own), foreign=len(held.foreign))
        own[held.own_state.value] += 1
        foreign[held.foreign_state.value] += 1
    return {
        "stored": {
            "customers": total["customers"],
            "ownSubscriptions": total["own"],
            "foreignSubscriptions": total["foreign"],
        },
        "ownHoldings": dict(sorted(own.items())),
        "foreignHoldings": dict(sorted(foreign.items())),
    }


async def _all(asked: Asked) -> AsyncIterator[Customer]:
    after: CustomerKey | None = None
    while True:
        page = await customers(asked, first=MAX_FIRST, after=after, text=None)
        ids = [customer.customer_id for customer in page.customers]
        for customer in (await customers_by_id(asked, ids)).values():
            yield customer
        if not page.has_next:
            return
        after = CustomerKey(page.customers[-1].name, ids[-1])
