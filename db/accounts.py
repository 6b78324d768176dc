"""User accounts of customers in Postgres: replaced customer by customer, read by product."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import orjson

from db.guids import is_guid
from db.pool import Database
from db.statements import SQL
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
from resolvers.records.customers import AccountsInfo
from resolvers.records.imports import AccountsChange
from resolvers.records.principal import Principal

if TYPE_CHECKING:
    from db.statements import Connection

_CHUNK = 2_000
"""Accounts in one statement: about a megabyte of JSON."""


async def account_lists(
    database: Database, principal: Principal, customer_ids: Sequence[str]
) -> Mapping[str, AccountsInfo]:
    """Return how much is loaded, for the customers of whom anything is; one statement."""
    ids = [customer_id for customer_id in customer_ids if is_guid(customer_id)]
    async with database.transaction(principal, read_only=True) as connection:
        query = SQL.account_lists(connection, customer_ids=ids)
        return {
            row["customer_id"]: AccountsInfo(
                HoldingsState(row["state"]), row["as_of"], row["count"]
            )
            async for row in query
        }


async def accounts_of(
    database: Database,
    principal: Principal,
    customer_ids: Sequence[str],
    products: Collection[ProductGuid] | None,
) -> Mapping[str, Accounts]:
    """Return the accounts of the customers of whom anything is loaded; two statements."""
    ids = [customer_id for customer_id in customer_ids if is_guid(customer_id)]
    wanted = None if products is None else sorted(products)
    async with database.transaction(principal, read_only=True) as connection:
        query = SQL.account_lists(connection, customer_ids=ids)
        lists = [row async for row in query]
        query = SQL.accounts_of(connection, customer_ids=ids, products=wanted)
        rows = [row async for row in query]
    found = {
        customer_id: tuple(_accounts(each))
        for customer_id, each in groupby(rows, key=itemgetter("customer_id"))
    }
    return {
        row["customer_id"]: Accounts(
            HoldingsState(row["state"]), row["as_of"], found.get(row["customer_id"], ())
        )
        for row in lists
    }


def _accounts(rows: Iterator[Any]) -> Iterator[Account]:
    # Most accounts of a customer have the same licences: each text is read once.
    known: dict[str, tuple[License, ...]] = {}
    for row in rows:
        text = row["licenses"]
        if text not in known:
            known[text] = tuple(map(_license, orjson.loads(text)))
        yield Account(
            row["account_id"],
            row["principal_name"],
            row["display_name"],
            row["usage_location"],
            row["is_enabled"],
            known[text],
        )


def _license(row: Mapping[str, Any]) -> License:
    off = row["disabled_plans"]
    return License(
        ProductGuid(row["product_guid"]),
        None if off is None else frozenset(map(ServicePlanId, off)),
        AssignedBy(row["assigned_by"]),
        row["group_id"],
        AssignmentState(row["state"]),
        AssignmentError(row["error"]),
    )


async def store_accounts(
    connection: "Connection", changes: Sequence[AccountsChange]
) -> tuple[int, int]:
    """Replace the accounts of customers that are stored; return how many came and how many went.

    Of two changes of one customer, and of two accounts with one id, the last counts.
    """
    last = list({change.customer_id: change for change in changes}.values())
    if not last:
        return 0, 0
    customer_ids = [change.customer_id for change in last]
    await SQL.upsert_account_lists(
        connection,
        customer_ids=customer_ids,
        states=[change.state for change in last],
        as_of=[change.as_of for change in last],
    )
    placed = [(change.customer_id, one) for change in last for one in _last_of_each(change)]
    removed: int = await SQL.remove_accounts(
        connection,
        customer_ids=customer_ids,
        kept_customers=[customer_id for customer_id, _ in placed],
        kept_ids=[one.account_id for _, one in placed],
    )
    for start in range(0, len(placed), _CHUNK):
        rows = [_row(*each) for each in placed[start : start + _CHUNK]]
        await SQL.add_accounts(connection, rows=orjson.dumps(rows).decode())
    return len(placed), removed


def _last_of_each(change: AccountsChange) -> Collection[Account]:
    return {one.account_id: one for one in change.accounts}.values()


def _row(customer_id: str, account: Account) -> dict[str, Any]:
    return {
        "customer_id": customer_id,
        "account_id": account.account_id,
        "principal_name": account.principal_name,
        "display_name": account.display_name,
        "usage_location": account.usage_location,
        "is_enabled": account.is_enabled,
        "licenses": [_license_row(one) for one in account.licenses],
        "products": sorted({one.product_guid for one in account.licenses}),
    }


def _license_row(one: License) -> dict[str, Any]:
    off = one.disabled_plans
    return {
        "product_guid": one.product_guid,
        "disabled_plans": None if off is None else sorted(off),
        "assigned_by": one.assigned_by,
        "group_id": one.group_id,
        "state": one.state,
        "error": one.error,
    }
