"""What streaming a whole portfolio promises, of the in-memory and the Postgres store alike."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from uuid import uuid4

import pytest
import pytest_asyncio

from db import customer_stream
from db.customers import PostgresCustomerStore
from db.pool import Database
from planner.customers import Customer, HoldingsState, Subscription
from planner.offers import Segment
from planner.portfolios.portfolio import EVERY_CUSTOMER, CustomerFilter, Held, held_of
from resolvers.ports import CustomerStore
from resolvers.records.imports import HoldingsChange
from resolvers.records.principal import Principal
from tests.db.customer_examples import ACME, BARE, BETA, FULL, NO_PLANS, guid, holds, store

NAMES = ("zebra", "Zoo", "apple", "Äpfel", "Straße 7", "", "🎉", "Acme", "Acme", "10% off_", "￿x")
MANY = [
    Customer(
        guid(1000 - number),
        name,
        f"c{number}.Example",
        ("US", "DE", None)[number % 3],
        (Segment.COMMERCIAL, None)[number % 2],
    )
    for number, name in enumerate(NAMES)
]


def _own(customer: Customer, count: int) -> HoldingsChange:
    return holds(customer, *(_numbered(customer, number) for number in range(count)))


def _numbered(customer: Customer, number: int) -> Subscription:
    return replace(FULL, subscription_id=guid(int(customer.customer_id[-4:], 16) * 100 + number))


@pytest.fixture
def few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make batches so small that a few customers fill several."""
    monkeypatch.setattr(customer_stream, "_CUSTOMERS_AT_A_TIME", 3)
    monkeypatch.setattr(customer_stream, "_ROWS_AT_A_TIME", 2)


@pytest_asyncio.fixture
async def filled(
    customers: CustomerStore, principal: Principal, few_at_a_time: None
) -> CustomerStore:
    """Give a store with eleven customers, none to three subscriptions each; some of others too."""
    del few_at_a_time
    sides = [_own(one, number % 4) for number, one in enumerate(MANY)]
    sides += [holds(one, BARE, NO_PLANS, is_foreign=True) for one in MANY[::4]]
    await store(customers, principal, *MANY, holdings=tuple(sides))
    return customers


async def _streamed(
    customers: CustomerStore, principal: Principal, wanted: CustomerFilter = EVERY_CUSTOMER
) -> list[Customer]:
    return [customer async for batch in customers.stream(principal, wanted) for customer in batch]


async def _rows(
    customers: CustomerStore, principal: Principal, wanted: CustomerFilter = EVERY_CUSTOMER
) -> list[Held]:
    return [held async for batch in customers.own_rows(principal, wanted) for held in batch]


def _in_order(customers: list[Customer]) -> list[Customer]:
    return sorted(customers, key=lambda one: (one.name, one.customer_id))


async def test_the_stream_gives_every_customer_whole_and_in_order(
    filled: CustomerStore, principal: Principal
) -> None:
    found = await _streamed(filled, principal)
    by_id = await filled.customers(principal, [one.customer_id for one in MANY])
    assert found == _in_order(list(by_id.values()))
    assert {len(one.holdings.own) for one in found} == {0, 1, 2, 3}
    assert any(one.holdings.foreign_state is HoldingsState.COMPLETE for one in found)


async def test_rows_are_the_own_subscriptions_of_the_stream(
    filled: CustomerStore, principal: Principal
) -> None:
    found = await _rows(filled, principal)
    streamed = await _streamed(filled, principal)
    assert found == [held_of(one, held) for one in streamed for held in one.holdings.own]
    keys = [(held.customer_name, held.customer_id, held.subscription_id) for held in found]
    assert keys == sorted(keys)


@pytest.mark.parametrize(
    ("wanted", "matches"),
    [
        (CustomerFilter(text=" STRASSE "), lambda one: one.name == "Straße 7"),
        (CustomerFilter(text="c1."), lambda one: one.domain == "c1.Example"),
        (CustomerFilter(text="%"), lambda one: "%" in one.name),
        (CustomerFilter(segment=Segment.COMMERCIAL), lambda one: one.segment is not None),
        (CustomerFilter(segment=Segment.EDUCATION), lambda _: False),
        (CustomerFilter(market="DE"), lambda one: one.market == "DE"),
        (
            CustomerFilter(text="a", segment=Segment.COMMERCIAL, market="US"),
            lambda one: one.segment and one.market == "US",
        ),
        (CustomerFilter(text="nobody"), lambda _: False),
        (CustomerFilter(text="\0"), lambda _: False),
    ],
)
async def test_a_filter_keeps_the_customers_that_match_every_field(
    filled: CustomerStore,
    principal: Principal,
    wanted: CustomerFilter,
    matches: Callable[[Customer], bool],
) -> None:
    found = await _streamed(filled, principal, wanted)
    assert [one.customer_id for one in found] == [
        one.customer_id for one in _in_order(MANY) if matches(one)
    ]
    own = [held.subscription_id for one in found for held in one.holdings.own]
    assert [held.subscription_id for held in await _rows(filled, principal, wanted)] == own


async def test_another_partner_sees_nothing(filled: CustomerStore) -> None:
    other = Principal(str(uuid4()), frozenset())
    assert await _streamed(filled, other) == []
    assert await _rows(filled, other) == []


async def test_all_batches_are_of_one_state(
    postgres_customers: PostgresCustomerStore, principal: Principal, few_at_a_time: None
) -> None:
    """What is imported meanwhile is for the next stream."""
    del few_at_a_time
    await store(postgres_customers, principal, *MANY, holdings=tuple(_own(one, 1) for one in MANY))
    found: list[Customer] = []
    async for batch in postgres_customers.stream(principal, EVERY_CUSTOMER):
        found.extend(batch)
        await store(
            postgres_customers,
            principal,
            *(replace(one, market="FR") for one in MANY),
            holdings=tuple(_own(one, 0) for one in MANY),
        )
    assert {one.market for one in found} == {"US", "DE", None}
    assert all(len(one.holdings.own) == 1 for one in found)


@pytest.mark.parametrize("method", ["stream", "own_rows"])
async def test_a_stream_that_is_left_or_cancelled_lets_go_of_its_connection(
    database: Database, principal: Principal, method: str, few_at_a_time: None
) -> None:
    del few_at_a_time
    customers = PostgresCustomerStore(database)
    await store(customers, principal, *MANY, holdings=tuple(_own(one, 2) for one in MANY))

    async def leave() -> None:
        async with aclosing(getattr(customers, method)(principal, EVERY_CUSTOMER)) as stream:
            async for _ in stream:
                return

    async def stay(reached: asyncio.Event) -> None:
        async with aclosing(getattr(customers, method)(principal, EVERY_CUSTOMER)) as stream:
            async for _ in stream:
                reached.set()
                await asyncio.sleep(60)

    # More often than the pool has connections.
    for _ in range(12):
        await leave()
        reached = asyncio.Event()
        task = asyncio.create_task(stay(reached))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert len(await customers.customers(principal, [MANY[0].customer_id])) == 1


async def test_a_stream_costs_three_statements_for_a_batch(
    database: Database, principal: Principal, few_at_a_time: None
) -> None:
    del few_at_a_time
    customers = PostgresCustomerStore(database)
    await store(customers, principal, ACME, BETA, holdings=(holds(ACME, FULL),))
    before = database.statements
    assert len(await _streamed(customers, principal)) == 2
    few = database.statements - before
    await store(customers, principal, *MANY, holdings=tuple(_own(one, 3) for one in MANY))
    before = database.statements
    assert len(await _streamed(customers, principal)) == 13
    # Five batches of three instead of one, with their customers, subscriptions and next ids.
    assert database.statements - before <= few + 4 * 3
