"""All of a partner's customers, or their own subscriptions, a batch at a time from one snapshot.

A server-side cursor inside one read-only transaction: every batch is of the same state, and memory
holds one batch whatever the number of customers. The transaction lasts as long as the reader takes.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from db.pool import Database
from db.rows import rows_from_records
from db.statements import SQL
from planner.customers import Customer
from planner.portfolios.portfolio import CustomerFilter, Held
from resolvers.records.principal import Principal

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.statements import Connection

    Assemble = Callable[[Sequence[Any], Sequence[Any]], Mapping[str, Customer]]

_CUSTOMERS_AT_A_TIME = 50
"""A few hundred subscriptions: reading and building them keeps the event loop some milliseconds."""
_ROWS_AT_A_TIME = 1_000
_NUL = "\0"


async def whole_customers(
    database: Database, principal: Principal, wanted: CustomerFilter, *, assemble: "Assemble"
) -> AsyncGenerator[tuple[Customer, ...]]:
    """Yield customers with holdings in order of (name, customer_id).

    `assemble` makes customers of the rows of `customers_with_holdings` and `subscriptions_of`.
    """
    if _NUL in (wanted.text or ""):
        return
    async with (
        database.transaction(principal, read_only=True) as connection,
        SQL.customers_in_order_cursor(connection, **_parameters(wanted)) as opening,
    ):
        cursor = await opening
        while rows := await cursor.fetch(_CUSTOMERS_AT_A_TIME):
            ids = [row[0] for row in rows]
            found = await _with_holdings(connection, ids, assemble)
            yield tuple(found[customer_id] for customer_id in ids)


async def _with_holdings(
    connection: "Connection", ids: Sequence[str], assemble: "Assemble"
) -> Mapping[str, Customer]:
    customers = [row async for row in SQL.customers_with_holdings(connection, customer_ids=ids)]
    subscriptions = [row async for row in SQL.subscriptions_of(connection, customer_ids=ids)]
    return assemble(customers, subscriptions)


async def own_rows(
    database: Database, principal: Principal, wanted: CustomerFilter
) -> AsyncGenerator[tuple[Held, ...]]:
    """Yield own subscriptions in order of (customer's name, customer_id, subscription_id)."""
    if _NUL in (wanted.text or ""):
        return
    async with (
        database.transaction(principal, read_only=True) as connection,
        SQL.own_rows_in_order_cursor(connection, **_parameters(wanted)) as opening,
    ):
        cursor = await opening
        while rows := await cursor.fetch(_ROWS_AT_A_TIME):
            yield tuple(rows_from_records(Held, rows))


def _parameters(wanted: CustomerFilter) -> dict[str, str | None]:
    text = (wanted.text or "").strip()
    return {
        "folded": text.casefold() or None,
        "segment": None if wanted.segment is None else wanted.segment.value,
        "market": wanted.market,
    }
