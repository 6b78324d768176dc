"""What storing user accounts promises, with and without a database."""

from dataclasses import replace
from uuid import uuid4

import pytest

from planner.accounts.accounts import (
    Account,
    Accounts,
    AssignedBy,
    AssignmentError,
    AssignmentState,
    License,
)
from planner.customers import HoldingsState
from planner.ids import ProductGuid, ServicePlanId
from resolvers.ports import CustomerStore, UnknownCustomer
from resolvers.records.customers import AccountsInfo
from resolvers.records.imports import AccountsChange, CustomerImport, ImportCounts
from resolvers.records.principal import Principal
from tests.db.customer_examples import ACME, BETA, FULL, MONDAY, TUESDAY, guid, holds

MAIL, DESK = ProductGuid(guid(301)), ProductGuid(guid(302))
WHOLE = Account(
    guid(201),
    'desk "1"\\{a,b}@acme.test',
    "Büro 🎉",
    "US",
    is_enabled=False,
    licenses=(
        License(
            MAIL,
            frozenset({ServicePlanId(guid(401)), ServicePlanId(guid(402))}),
            AssignedBy.GROUP,
            guid(501),
            AssignmentState.ACTIVE_WITH_ERROR,
            AssignmentError.COUNT_VIOLATION,
        ),
        License(DESK, frozenset(), AssignedBy.ACCOUNT, None, AssignmentState.ACTIVE),
    ),
)
BARE = Account(guid(202))
NO_LOCATION = Account(guid(203), "b@acme.test", "B", "", is_enabled=True, licenses=(License(DESK),))


def has(customer_id: str, *accounts: Account, **fields: object) -> AccountsChange:
    made = AccountsChange(customer_id, HoldingsState.COMPLETE, MONDAY, accounts)
    return replace(made, **fields)  # type: ignore[arg-type]


async def put(
    customers: CustomerStore, principal: Principal, *changes: AccountsChange
) -> ImportCounts:
    await customers.ensure_partner(principal, name="A partner")
    return await customers.store(principal, CustomerImport((ACME, BETA), (), changes))


async def of(customers: CustomerStore, principal: Principal, **asked: object) -> Accounts:
    found = await customers.accounts(principal, [ACME.customer_id], **asked)  # type: ignore[arg-type]
    return found[ACME.customer_id]


async def test_accounts_come_back_as_stored(customers: CustomerStore, principal: Principal) -> None:
    change = has(ACME.customer_id, NO_LOCATION, WHOLE, BARE)
    counts = await put(customers, principal, change)
    assert (counts.accounts_stored, counts.accounts_removed) == (3, 0)
    found = await of(customers, principal)
    assert found == Accounts(HoldingsState.COMPLETE, MONDAY, (WHOLE, BARE, NO_LOCATION))


async def test_only_holders_of_the_products_are_read_where_some_are_named(
    customers: CustomerStore, principal: Principal
) -> None:
    await put(customers, principal, has(ACME.customer_id, WHOLE, BARE, NO_LOCATION))
    for products, expected in (
        ({MAIL}, (WHOLE,)),
        ({DESK}, (WHOLE, NO_LOCATION)),
        (set(), ()),
        ({ProductGuid(guid(999))}, ()),
    ):
        found = await of(customers, principal, products=products)
        assert found == Accounts(HoldingsState.COMPLETE, MONDAY, expected)


async def test_a_list_replaces_the_one_before_whole(
    customers: CustomerStore, principal: Principal
) -> None:
    await put(customers, principal, has(ACME.customer_id, WHOLE, BARE))
    changed = replace(WHOLE, licenses=())
    partial = has(ACME.customer_id, changed, state=HoldingsState.PARTIAL, as_of=TUESDAY)
    counts = await put(customers, principal, partial)
    assert (counts.accounts_stored, counts.accounts_removed) == (1, 1)
    found = await of(customers, principal)
    assert found == Accounts(HoldingsState.PARTIAL, TUESDAY, (changed,))


async def test_an_empty_complete_list_deletes_every_account(
    customers: CustomerStore, principal: Principal
) -> None:
    await put(customers, principal, has(ACME.customer_id, WHOLE, BARE))
    counts = await put(customers, principal, has(ACME.customer_id))
    assert (counts.accounts_stored, counts.accounts_removed) == (0, 2)
    assert await of(customers, principal) == Accounts(HoldingsState.COMPLETE, MONDAY, ())


async def test_how_much_is_loaded_is_told_without_the_accounts(
    customers: CustomerStore, principal: Principal
) -> None:
    await put(customers, principal, has(ACME.customer_id, WHOLE, BARE))
    ids = [ACME.customer_id, BETA.customer_id, guid(9), "nobody", "a\0b"]
    assert await customers.account_lists(principal, ids) == {
        ACME.customer_id: AccountsInfo(HoldingsState.COMPLETE, MONDAY, 2)
    }
    assert list(await customers.accounts(principal, ids)) == [ACME.customer_id]
    assert await customers.account_lists(principal, []) == {}


async def test_an_import_of_other_things_leaves_accounts_alone(
    customers: CustomerStore, principal: Principal
) -> None:
    await put(customers, principal, has(ACME.customer_id, WHOLE))
    renamed = replace(ACME, name="Acme Ltd")
    await customers.store(principal, CustomerImport((renamed,), (holds(ACME, FULL),)))
    assert (await of(customers, principal)).accounts == (WHOLE,)


async def test_what_an_import_names_twice_counts_once_and_the_last_wins(
    customers: CustomerStore, principal: Principal
) -> None:
    again = replace(WHOLE, display_name="Other")
    changes = has(ACME.customer_id, BARE), has(ACME.customer_id, WHOLE, again)
    counts = await put(customers, principal, *changes)
    assert counts.accounts_stored == 1
    assert (await of(customers, principal)).accounts == (again,)


async def test_accounts_of_nobody_store_nothing(
    customers: CustomerStore, principal: Principal
) -> None:
    with pytest.raises(UnknownCustomer) as caught:
        await put(customers, principal, has(ACME.customer_id, WHOLE), has(guid(9), BARE))
    assert caught.value.customer_id == guid(9)
    assert await customers.account_lists(principal, [ACME.customer_id]) == {}


async def test_another_partner_sees_no_account(
    customers: CustomerStore, principal: Principal
) -> None:
    await put(customers, principal, has(ACME.customer_id, WHOLE))
    other = Principal(str(uuid4()), principal.roles)
    assert await customers.accounts(other, [ACME.customer_id]) == {}
    counts = await put(customers, other, has(ACME.customer_id, BARE))
    assert (counts.accounts_stored, counts.accounts_removed) == (1, 0)
    assert (await of(customers, principal)).accounts == (WHOLE,)


async def test_many_accounts_come_back_whole(
    customers: CustomerStore, principal: Principal
) -> None:
    many = tuple(replace(WHOLE, account_id=guid(10_000 + number)) for number in range(4_500))
    await put(customers, principal, has(ACME.customer_id, *many))
    assert (await of(customers, principal)).accounts == many
