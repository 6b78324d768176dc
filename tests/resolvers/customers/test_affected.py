"""Whom a move or a plan concerns is asked of the stored accounts that matter, and of no others."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from planner.accounts.accounts import NO_ACCOUNTS, Accounts
from planner.accounts.affected import Affected
from planner.accounts.affected_plan import affected_by_plan
from planner.customers import Customer
from planner.ids import ProductGuid
from planner.no_path import NoPath
from planner.plans.plan import make_plan
from planner.plans.wanted import Wanted
from planner.rules import NO_CHOICES
from resolvers.asked import Asked
from resolvers.catalog.moves import ScopeRequest
from resolvers.customers.affected import (
    account_lists,
    accounts_holding,
    affected_accounts,
    affected_of_plan,
    loading,
)
from resolvers.customers.imports import import_customers
from resolvers.problems import NotFound
from resolvers.records.customers import AccountsInfo
from resolvers.records.imports import (
    AccountsChange,
    CustomerImport,
    ImportFile,
    ReadFile,
    RefusedFile,
)
from resolvers.records.principal import Principal
from tests.memory_stores import MemoryCustomerStore
from tests.planner.accounts.account_builders import account, accounts
from tests.planner.builders import (
    COMPLETE,
    SCOPE,
    catalog,
    customer,
    guid,
    oid,
    subscription,
    with_plans,
)

CATALOG = catalog(
    "A>a migration derived, A>B upgrade documented, B>b migration derived, D>d migration derived",
    **with_plans({"A": "MAIL", "a": "MAIL", "B": "TEAMS", "b": "TEAMS", "D": "DESK"}),
)
OURS = subscription("A", 10)
OWNER = replace(customer(OURS, subscription("D", 5, number=3)), customer_id="c" * 8)
KNOWN = accounts("ada: A -MAIL", "bob: D", "cleo: A, D", "dan: E")


class Watched(MemoryCustomerStore):
    """Remembers which products were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.products: list[Collection[ProductGuid] | None] = []

    async def accounts(
        self,
        principal: Principal,
        customer_ids: Sequence[str],
        *,
        products: Collection[ProductGuid] | None = None,
    ) -> Mapping[str, Accounts]:
        self.products.append(products)
        return await super().accounts(principal, customer_ids, products=products)


@pytest.fixture
def stored() -> Watched:
    return Watched()


@pytest.fixture
async def asked(bundled: Asked, stored: Watched) -> Asked:
    """Give a question about a small catalog, with one customer and its accounts stored."""
    made = replace(bundled, catalog=CATALOG, stores=replace(bundled.stores, customers=stored))
    await stored.ensure_partner(made.principal, name="x")
    bare = replace(OWNER, holdings=Customer("", "").holdings)
    assert KNOWN.as_of is not None
    change = AccountsChange(OWNER.customer_id, KNOWN.state, KNOWN.as_of, KNOWN.accounts)
    await stored.store(made.principal, CustomerImport((bare,), (), (change,)))
    return made


async def asked_for(asked: Asked, target: str | None) -> object:
    return await affected_accounts(
        asked,
        OWNER,
        OURS,
        ScopeRequest(),
        target=target,
        choices=NO_CHOICES,
        load=loading(asked),
    )


async def test_only_holders_of_the_products_on_the_way_are_loaded(
    asked: Asked, stored: Watched
) -> None:
    found = await asked_for(asked, oid("B"))
    assert isinstance(found, Affected)
    assert stored.products == [{guid("A"), guid("B")}]
    assert found.holders == 2
    assert [one.account.display_name for one in found.accounts] == ["Ada", "Cleo"]


async def test_without_a_target_it_is_the_best_way_to_new_commerce(asked: Asked) -> None:
    found = await asked_for(asked, None)
    assert isinstance(found, Affected)
    assert found.target == oid("a")


async def test_where_there_is_no_way_no_account_is_loaded(asked: Asked, stored: Watched) -> None:
    assert isinstance(await asked_for(asked, oid("d")), NoPath)
    assert isinstance(await asked_for(asked, "CFQ7TTC0000Z:0001"), NotFound)
    assert stored.products == []


async def test_a_plan_has_the_same_answer_as_with_every_account(
    asked: Asked, stored: Watched
) -> None:
    plan = make_plan(CATALOG, OWNER, Wanted(SCOPE))
    assert plan.steps
    found = await affected_of_plan(asked, OWNER, plan)
    in_order = replace(KNOWN, accounts=tuple(sorted(KNOWN.accounts, key=lambda one: one.order)))
    assert found == affected_by_plan(CATALOG, OWNER, in_order, plan)
    (products,) = stored.products
    assert products is not None
    assert guid("E") not in products


async def test_many_accounts_are_judged_like_few(asked: Asked, stored: Watched) -> None:
    many = tuple(
        replace(account("ada: A"), account_id=f"{number:08x}-0000-4000-8000-000000000000")
        for number in range(1_500)
    )
    assert KNOWN.as_of is not None
    change = AccountsChange(OWNER.customer_id, COMPLETE, KNOWN.as_of, many)
    await stored.store(asked.principal, CustomerImport(accounts=(change,)))
    found = await asked_for(asked, oid("B"))
    assert isinstance(found, Affected)
    assert (found.holders, len(found.accounts)) == (1_500, 1_500)


async def test_a_customer_of_whom_nothing_is_loaded_has_no_accounts_and_not_none(
    asked: Asked,
) -> None:
    lists = await account_lists(asked, ["nobody", OWNER.customer_id])
    assert lists["nobody"] == AccountsInfo()
    assert lists[OWNER.customer_id].count == len(KNOWN.accounts)
    wanted = frozenset({guid("A")})
    batch = await accounts_holding(asked, [("nobody", wanted), (OWNER.customer_id, wanted)])
    assert batch[0] == NO_ACCOUNTS
    assert {one.display_name for one in batch[1].accounts} == {"Ada", "Cleo"}


@pytest.mark.parametrize(("days", "is_refused"), [(-1, True), (0, False)])
async def test_an_older_list_of_accounts_does_not_hide_a_newer_one(
    asked: Asked, stored: Watched, days: int, is_refused: bool
) -> None:
    assert KNOWN.as_of is not None
    as_of = KNOWN.as_of + timedelta(days=days)
    change = AccountsChange(OWNER.customer_id, COMPLETE, as_of, ())

    def read(file: ImportFile) -> ReadFile:
        del file
        return ReadFile("graph_users", 0, CustomerImport(accounts=(change,)), ())

    outcome = await import_customers(asked, ImportFile(b"", "x", as_of), read)
    assert isinstance(outcome, RefusedFile) is is_refused
    if isinstance(outcome, RefusedFile):
        assert outcome.code == "OLDER_THAN_STORED"
        assert "Ada" not in outcome.problems[0].message
    lists = await stored.account_lists(asked.principal, [OWNER.customer_id])
    assert lists[OWNER.customer_id].count == (len(KNOWN.accounts) if is_refused else 0)
