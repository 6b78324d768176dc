"""A partner's customers and what they hold, in Postgres."""

from collections.abc import AsyncGenerator, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from db import accounts as account_rows
from db.changes import announce_import
from db.customer_import import store_import
from db.customer_stream import own_rows, whole_customers
from db.guids import is_guid
from db.pool import Database
from db.rows import rows_from_records
from db.statements import SQL
from planner.accounts.accounts import Accounts
from planner.customers import Customer, Holdings, HoldingsState, Subscription
from planner.ids import ProductGuid, parse_guid
from planner.offers import Known, Segment
from planner.portfolios.portfolio import CustomerFilter, Held
from resolvers.ports import CustomerStore
from resolvers.records.customers import AccountsInfo, CustomerKey, Page
from resolvers.records.imports import CustomerImport, ImportCounts
from resolvers.records.principal import Principal

if TYPE_CHECKING:
    from db.statements import Connection

_NUL = "\0"
_NOT_LOADED = Holdings()

Side = tuple[str, bool]
"""A customer's id and whether its foreign subscriptions are meant."""


class PostgresCustomerStore:
    """Fits resolvers.ports.CustomerStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ensure_partner(self, principal: Principal, *, name: str) -> None:
        async with self._database.transaction(principal) as connection:
            await SQL.ensure_partner(connection, name=name)

    async def customers(
        self, principal: Principal, customer_ids: Sequence[str]
    ) -> Mapping[str, Customer]:
        ids = [customer_id for customer_id in customer_ids if is_guid(customer_id)]
        async with self._database.transaction(principal, read_only=True) as connection:
            return await _whole(connection, ids)

    async def page(
        self,
        principal: Principal,
        *,
        first: int,
        after: CustomerKey | None,
        text: str | None,
        with_holdings: bool = False,
    ) -> Page:
        """As the protocol says. Raises: ValueError where `after` holds no customer's id."""
        if _NUL in (text or ""):
            return Page((), has_next=False, total=0)
        transaction = self._database.transaction(principal, read_only=with_holdings)
        async with transaction as connection:
            query = SQL.page_of_customers(
                connection,
                folded=text.casefold() if text else None,
                # No stored name holds NUL, and it is the least character: the order is kept.
                after_name=after.name.replace(_NUL, "") if after else None,
                after_id=parse_guid(after.customer_id) if after else None,
                wanted=first + 1,
            )
            rows = [row async for row in query]
            found = [row for row in rows if row["customer_id"] is not None]
            customers = await _page(connection, found[:first], with_holdings=with_holdings)
        return Page(customers, has_next=len(found) > first, total=rows[0]["total"])

    async def customer_of(self, principal: Principal, subscription_id: str) -> str | None:
        """As the protocol says; where two customers hold it, the one imported last."""
        if not is_guid(subscription_id):
            return None
        async with self._database.transaction(principal) as connection:
            found: str | None = await SQL.customer_of_subscription(
                connection, subscription_id=subscription_id
            )
        return found

    def stream(
        self, principal: Principal, wanted: CustomerFilter
    ) -> AsyncGenerator[tuple[Customer, ...]]:
        return whole_customers(self._database, principal, wanted, assemble=_assembled)

    def own_rows(
        self, principal: Principal, wanted: CustomerFilter
    ) -> AsyncGenerator[tuple[Held, ...]]:
        return own_rows(self._database, principal, wanted)

    async def account_lists(
        self, principal: Principal, customer_ids: Sequence[str]
    ) -> Mapping[str, AccountsInfo]:
        return await account_rows.account_lists(self._database, principal, customer_ids)

    async def accounts(
        self,
        principal: Principal,
        customer_ids: Sequence[str],
        *,
        products: Collection[ProductGuid] | None = None,
    ) -> Mapping[str, Accounts]:
        return await account_rows.accounts_of(self._database, principal, customer_ids, products)

    async def store(self, principal: Principal, changes: CustomerImport) -> ImportCounts:
        """As the protocol says.

        Where an import holds a customer, a side, or a subscription of a side twice, the last one
        counts. Removed are the subscriptions that a side had and has no longer.
        Raises: UnknownCustomer, UnknownPartner, HeldByOthers; ValueError where an id is no GUID.
        """
        async with self._database.transaction(principal) as connection:
            counts = await store_import(connection, principal, changes)
            await announce_import(connection, changes)
            return counts


async def _page(
    connection: "Connection", rows: Sequence[Mapping[str, Any]], *, with_holdings: bool
) -> tuple[Customer, ...]:
    if not with_holdings:
        return tuple(map(_customer, rows))
    ids = [row["customer_id"] for row in rows]
    whole = await _whole(connection, ids)
    return tuple(whole[customer_id] for customer_id in ids)


async def _whole(connection: "Connection", customer_ids: Sequence[str]) -> dict[str, Customer]:
    query = SQL.customers_with_holdings(connection, customer_ids=customer_ids)
    customers = [row async for row in query]
    query = SQL.subscriptions_of(connection, customer_ids=customer_ids)
    subscriptions = [row async for row in query]
    return _assembled(customers, subscriptions)


def _assembled(customers: Sequence[Any], subscriptions: Sequence[Any]) -> dict[str, Customer]:
    return _with_holdings(customers, _by_side(subscriptions))


def _with_holdings(
    records: Sequence[Mapping[str, Any]], by_side: Mapping[Side, tuple[Subscription, ...]]
) -> dict[str, Customer]:
    found: dict[str, Customer] = {}
    for customer_id, sides in groupby(records, key=itemgetter("customer_id")):
        rows = list(sides)
        loaded = {row["is_foreign"]: row for row in rows}
        own = _side(loaded.get(False), by_side.get((customer_id, False), ()))
        foreign = _side(loaded.get(True), by_side.get((customer_id, True), ()))
        found[customer_id] = _customer(rows[0], Holdings(*own, *foreign))
    return found


def _side(
    loaded: Mapping[str, Any] | None, subscriptions: tuple[Subscription, ...]
) -> tuple[tuple[Subscription, ...], HoldingsState, datetime | None]:
    if loaded is None:
        return (), HoldingsState.NOT_LOADED, None
    return subscriptions, HoldingsState(loaded["state"]), loaded["as_of"]


def _by_side(records: Sequence[Any]) -> dict[Side, tuple[Subscription, ...]]:
    rows: Iterable[tuple[Any, Subscription]] = zip(
        records, rows_from_records(Subscription, records, skip=2), strict=True
    )
    return {
        (customer_id, is_foreign): tuple(subscription for _, subscription in side)
        for (customer_id, is_foreign), side in groupby(rows, key=lambda row: row[0][:2])
    }


def _customer(row: Mapping[str, Any], holdings: Holdings = _NOT_LOADED) -> Customer:
    segment = Segment(row["segment"]) if row["segment"] else None
    return Customer(
        row["customer_id"],
        row["name"],
        row["domain"],
        row["market"],
        segment,
        agreement=Known(row["agreement"]),
        delegated_admin=Known(row["delegated_admin"]),
        holdings=holdings,
    )


def _fits(store: PostgresCustomerStore) -> CustomerStore:
    """Let mypy hold the store to its protocol."""
    return store
