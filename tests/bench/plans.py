"""Print what a plan costs against reading its customer from the database: 20 subscriptions."""

import asyncio
import gc
import time
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from statistics import median
from uuid import UUID, uuid4, uuid5

from db.embedded import EmbeddedServer
from planner.customers import Customer, HoldingsState, Subscription
from planner.portfolios.portfolio import EVERY_CUSTOMER
from resolvers.asked import Asked
from resolvers.plans.plans import PlanMade, plan_for
from resolvers.plans.requests import PlanRequest
from resolvers.records.imports import CustomerImport, HoldingsChange
from tests.bench.scratch import portfolio_of, server_on_one_core

_CUSTOMERS = 15
_SUBSCRIPTIONS = 20
_READS = 20
_AGAIN = 3
_AS_OF = datetime(2026, 11, 20, tzinfo=UTC)


def main() -> None:
    """Measure on one core, which the database shares."""
    with server_on_one_core() as server:
        asyncio.run(_ratio_in(server))


async def _ratio(asked: Asked) -> None:
    reads, first, again, exact = list[float](), list[float](), list[float](), 0
    ids = await store_customers(asked, _CUSTOMERS + 1)
    # What a process works out once for a catalog and a day is no part of a plan.
    await _planned(asked, await _read(asked, ids.pop()))
    for customer_id in ids:
        reads += [await _seconds_to_read(asked, customer_id) for _ in range(_READS)]
        owner = await _read(asked, customer_id)
        made, seconds = await _planned(asked, owner)
        first.append(seconds)
        again.append(min([(await _planned(asked, owner))[1] for _ in range(_AGAIN)]))
        exact += made.plan.exactness.value == "EXACT"
    print(
        "plan of %d subscriptions: median %.0f ms, at most %.2f s, %.0f times reading them "
        "(%.0f times where its offers were asked of before), %d of %d exact"
        % (
            _SUBSCRIPTIONS,
            median(first) * 1000,
            max(first),
            median(first) / median(reads),
            median(again) / median(reads),
            exact,
            len(first),
        )
    )


@contextmanager
def _collecting_as_a_server() -> Iterator[None]:
    """Leave the catalog to itself, and look at short-lived objects less often, as a server does."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


async def _planned(asked: Asked, owner: Customer) -> tuple[PlanMade, float]:
    begun = time.perf_counter()
    made = await plan_for(asked, owner, PlanRequest())
    assert isinstance(made, PlanMade)
    return made, time.perf_counter() - begun


async def _ratio_in(server: EmbeddedServer) -> None:
    async with portfolio_of(server, _CUSTOMERS * _SUBSCRIPTIONS * 2) as scratch:
        with _collecting_as_a_server():
            await _ratio(scratch.asked)


async def _read(asked: Asked, customer_id: str) -> Customer:
    found = await asked.customers.customers(asked.principal, (customer_id,))
    return found[customer_id]


async def _seconds_to_read(asked: Asked, customer_id: str) -> float:
    begun = time.perf_counter()
    await _read(asked, customer_id)
    return time.perf_counter() - begun


async def store_customers(asked: Asked, number: int = _CUSTOMERS) -> list[str]:
    """Store customers that each hold so many of the portfolio's subscriptions; return their ids."""
    waiting = iter(await _subscriptions(asked))
    customers = [Customer(str(uuid4()), f"Plan {place}", market="US") for place in range(number)]
    holdings = tuple(
        HoldingsChange(
            one.customer_id,
            is_foreign,
            HoldingsState.COMPLETE,
            _AS_OF,
            () if is_foreign else tuple(islice(waiting, _SUBSCRIPTIONS)),
        )
        for one in customers
        for is_foreign in (False, True)
    )
    await asked.customers.store(asked.principal, CustomerImport(tuple(customers), holdings))
    return [one.customer_id for one in customers]


async def _subscriptions(asked: Asked) -> list[Subscription]:
    found: list[Subscription] = []
    stream = asked.customers.stream(asked.principal, EVERY_CUSTOMER)
    async with aclosing(stream) as batches:
        async for batch in batches:
            found.extend(_of_another_id(own) for one in batch for own in one.holdings.own)
    return found


def _of_another_id(held: Subscription) -> Subscription:
    """One subscription is held by one customer alone, so the copies have ids of their own."""
    parent = None if held.parent_id is None else _another(held.parent_id)
    return replace(held, subscription_id=_another(held.subscription_id), parent_id=parent)


def _another(subscription_id: str) -> str:
    return str(uuid5(UUID(subscription_id), "copy"))


if __name__ == "__main__":
    main()
