"""How an import of customers is stored: set by set, never row by row."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

from db.accounts import store_accounts
from db.errors import UnknownPartner
from db.rows import rows_to_json
from db.statements import SQL
from planner.customers import Customer, Subscription
from resolvers.ports import HeldByOthers, UnknownCustomer
from resolvers.records.customers import HeldElsewhere
from resolvers.records.imports import CustomerImport, HoldingsChange, ImportCounts
from resolvers.records.principal import Principal

if TYPE_CHECKING:
    from db.statements import Connection

_CHUNK = 5_000
"""Rows in one statement: some megabytes of JSON, well within any statement timeout."""

Row = TypeVar("Row")

Placed = tuple[str, bool, Subscription]
"""A subscription with the customer and the side that it belongs to."""


async def store_import(
    connection: "Connection", principal: Principal, changes: CustomerImport
) -> ImportCounts:
    """Store the import in the transaction at hand.

    Raises: UnknownCustomer, UnknownPartner, HeldByOthers.
    """
    if await SQL.lock_partner(connection) is None:
        raise UnknownPartner(principal.partner_id)
    customers = list({customer.customer_id: customer for customer in changes.customers}.values())
    sides = {(change.customer_id, change.is_foreign): change for change in changes.holdings}
    added, changed = await _store_customers(connection, customers)
    await _refuse_held_by_others(connection, list(sides.values()))
    stored, removed = await _store_holdings(connection, list(sides.values()))
    await _refuse_unknown(connection, [change.customer_id for change in changes.accounts])
    accounts = await store_accounts(connection, changes.accounts)
    unchanged = len(customers) - added - changed
    return ImportCounts(added, changed, unchanged, stored, removed, *accounts)


async def _refuse_unknown(connection: "Connection", customer_ids: Sequence[str]) -> None:
    """Raises: UnknownCustomer for the first that is not stored."""
    if not customer_ids:
        return
    unknown = await SQL.first_unknown_customer(connection, customer_ids=customer_ids)
    if unknown is not None:
        raise UnknownCustomer(unknown)


async def _refuse_held_by_others(
    connection: "Connection", holdings: Sequence[HoldingsChange]
) -> None:
    """Raises: HeldByOthers where another customer has one of the subscriptions with us."""
    own = [change for change in holdings if not change.is_foreign]
    given = [(one.subscription_id, each.customer_id) for each in own for one in each.subscriptions]
    query = SQL.held_by_others(
        connection,
        subscription_ids=[subscription_id for subscription_id, _ in given],
        customer_ids=[customer_id for _, customer_id in given],
        replaced=[each.customer_id for each in own],
    )
    held = [HeldElsewhere(*row) async for row in query]
    if held:
        raise HeldByOthers(tuple(held))


async def _store_customers(
    connection: "Connection", customers: Sequence[Customer]
) -> tuple[int, int]:
    added = changed = 0
    for chunk in _chunks(customers):
        rows = orjson.dumps([_row(customer) for customer in chunk]).decode()
        counts = await SQL.upsert_customers(connection, rows=rows)
        added, changed = added + counts["added"], changed + counts["changed"]
    return added, changed


async def _store_holdings(
    connection: "Connection", holdings: Sequence[HoldingsChange]
) -> tuple[int, int]:
    customer_ids = [change.customer_id for change in holdings]
    await _refuse_unknown(connection, customer_ids)
    await SQL.upsert_holdings(
        connection,
        customer_ids=customer_ids,
        sides=[change.is_foreign for change in holdings],
        states=[change.state for change in holdings],
        as_of=[change.as_of for change in holdings],
    )
    return await _store_subscriptions(connection, holdings)


async def _store_subscriptions(
    connection: "Connection", holdings: Sequence[HoldingsChange]
) -> tuple[int, int]:
    placed = _placed(holdings)
    removed: int = await SQL.remove_subscriptions(
        connection,
        customer_ids=[change.customer_id for change in holdings],
        sides=[change.is_foreign for change in holdings],
        kept_customers=[customer_id for customer_id, _, _ in placed],
        kept_sides=[is_foreign for _, is_foreign, _ in placed],
        kept_ids=[subscription.subscription_id for _, _, subscription in placed],
    )
    for chunk in _chunks(placed):
        await SQL.add_subscriptions(
            connection,
            customer_ids=[customer_id for customer_id, _, _ in chunk],
            sides=[is_foreign for _, is_foreign, _ in chunk],
            rows=rows_to_json([subscription for _, _, subscription in chunk]),
        )
    return len(placed), removed


def _placed(holdings: Sequence[HoldingsChange]) -> list[Placed]:
    return [
        (change.customer_id, change.is_foreign, subscription)
        for change in holdings
        for subscription in {each.subscription_id: each for each in change.subscriptions}.values()
    ]


def _row(customer: Customer) -> dict[str, Any]:
    return {
        "customer_id": customer.customer_id,
        "name": customer.name,
        "domain": customer.domain,
        "market": customer.market,
        "segment": customer.segment,
        "agreement": customer.agreement,
        "delegated_admin": customer.delegated_admin,
        "folded": f"{customer.name}\n{customer.domain or ''}".casefold(),
    }


def _chunks(rows: Sequence[Row]) -> list[Sequence[Row]]:
    return [rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK)]
