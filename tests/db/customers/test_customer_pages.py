"""What a page of customers promises, of the in-memory and the Postgres store alike."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from planner.customers import Customer
from resolvers.ports import CustomerStore
from resolvers.records.customers import CustomerKey, Page
from resolvers.records.principal import Principal
from tests.db.customer_examples import ACME, FULL, guid, holds, store

NAMES = ("zebra", "Zoo", "apple", "Äpfel", "Straße 7", "", "🎉", "Acme", "Acme", "10% off_", "￿x")
MANY = [Customer(guid(i), name, f"c{i}.Example") for i, name in enumerate(NAMES, start=20)]


async def page(
    customers: CustomerStore,
    principal: Principal,
    *,
    first: int = 50,
    after: Customer | None = None,
    text: str | None = None,
    with_holdings: bool = False,
) -> Page:
    key = CustomerKey(after.name, after.customer_id) if after else None
    return await customers.page(
        principal, first=first, after=key, text=text, with_holdings=with_holdings
    )


def ordered(customers: Sequence[Customer]) -> tuple[Customer, ...]:
    return tuple(sorted(customers, key=lambda each: (each.name, each.customer_id)))


@pytest.mark.parametrize("first", [1, 2, 3, 11])
async def test_pages_follow_one_another_in_order_of_code_points(
    customers: CustomerStore, principal: Principal, first: int
) -> None:
    await store(customers, principal, *MANY, holdings=(holds(MANY[0], FULL),))
    answer = await page(customers, principal, first=first)
    found = list(answer.customers)
    while answer.has_next:
        assert (len(answer.customers), answer.total) == (first, len(MANY))
        answer = await page(customers, principal, first=first, after=found[-1])
        found += answer.customers
    assert tuple(found) == ordered(MANY)


async def test_a_page_with_holdings_is_the_same_page_of_whole_customers(
    customers: CustomerStore, principal: Principal
) -> None:
    held = [
        holds(each, replace(FULL, subscription_id=guid(200 + number)))
        for number, each in enumerate(MANY[:9])
    ]
    await store(customers, principal, *MANY, holdings=tuple(held))
    whole = await customers.customers(principal, [each.customer_id for each in MANY])
    plain = await page(customers, principal, first=7, after=ordered(MANY)[1])
    told = await page(customers, principal, first=7, after=ordered(MANY)[1], with_holdings=True)
    assert sum(len(each.holdings.own) for each in told.customers) > 1
    assert told.customers == tuple(whole[each.customer_id] for each in plain.customers)
    assert (told.has_next, told.total) == (plain.has_next, plain.total)


async def test_a_page_after_the_last_is_empty_and_still_knows_the_total(
    customers: CustomerStore, principal: Principal
) -> None:
    await store(customers, principal, *MANY)
    last = ordered(MANY)[-1]
    for with_holdings in (False, True):
        beyond = await page(customers, principal, after=last, with_holdings=with_holdings)
        assert beyond == Page((), False, len(MANY))


async def test_a_page_of_none_tells_the_total_alone(
    customers: CustomerStore, principal: Principal
) -> None:
    assert await page(customers, principal, first=0) == Page((), False, 0)
    await store(customers, principal, ACME)
    assert await page(customers, principal, first=0) == Page((), True, 1)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ACME", ["Acme", "Acme"]),
        ("äPF", ["Äpfel"]),
        ("STRASSE", ["Straße 7"]),
        ("%", ["10% off_"]),
        ("_", ["10% off_"]),
        ("\\", []),
        ("\0", []),
        ("C25.EX", [""]),
        ("nowhere", []),
    ],
)
async def test_text_is_found_in_name_and_domain_without_case(
    customers: CustomerStore, principal: Principal, text: str, names: list[str]
) -> None:
    await store(customers, principal, *MANY)
    answer = await page(customers, principal, text=text)
    assert ([each.name for each in answer.customers], answer.total) == (names, len(names))


async def test_empty_text_asks_nothing(customers: CustomerStore, principal: Principal) -> None:
    await store(customers, principal, *MANY)
    assert (await page(customers, principal, text="")).total == len(MANY)


async def test_pages_can_be_walked_within_a_search(
    customers: CustomerStore, principal: Principal
) -> None:
    await store(customers, principal, *MANY)
    first = await page(customers, principal, first=1, text="acme")
    rest = await page(customers, principal, first=1, text="acme", after=first.customers[0])
    assert (first.has_next, rest.has_next, rest.total) == (True, False, 2)
    assert first.customers + rest.customers == (MANY[7], MANY[8])
