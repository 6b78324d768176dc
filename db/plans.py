"""Saved plans and their histories, in Postgres."""

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import orjson

from db.guids import is_guid
from db.pool import Database
from db.rows import rows_from_records
from db.statements import SQL
from planner.customers import Customer
from planner.plans.saved.document import document_of, plan_document, plan_of, value_of
from planner.plans.saved.question import PlanQuestion
from resolvers.ports import PlanStore, UnknownCustomer
from resolvers.records.plans import PlanEvent, PlanKey, PlanPage, SavedPlan
from resolvers.records.principal import Principal

if TYPE_CHECKING:
    from db.statements import Connection


class PostgresPlanStore:
    """Fits resolvers.ports.PlanStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, principal: Principal, saved: SavedPlan) -> None:
        """As the protocol says. Raises: UnknownCustomer; StatementFailed for an id in use."""
        async with self._database.transaction(principal) as connection:
            added = await SQL.add_plan(
                connection,
                row=orjson.dumps(_row(saved)).decode(),
                parts=orjson.dumps(dict(saved.parts)).decode(),
                question=document_of(saved.question),
                document=plan_document(saved.plan),
                facts=None if saved.read is None else document_of(saved.read),
            )
            if added is None:
                raise UnknownCustomer(saved.customer_id)
            for event in saved.events:
                await _append(connection, saved.plan_id, event)

    async def plans(self, principal: Principal, plan_ids: Sequence[str]) -> Mapping[str, SavedPlan]:
        ids = [plan_id for plan_id in plan_ids if is_guid(plan_id)]
        async with self._database.transaction(principal, read_only=True) as connection:
            rows = [row async for row in SQL.plans_by_id(connection, plan_ids=ids)]
            found = await _with_events(connection, rows)
        return {saved.plan_id: saved for saved in found}

    async def page(
        self, principal: Principal, customer_id: str, *, first: int, after: PlanKey | None
    ) -> PlanPage:
        if not is_guid(customer_id):
            return PlanPage((), has_next=False, total=0)
        async with self._database.transaction(principal, read_only=True) as connection:
            query = SQL.page_of_plans(
                connection,
                customer_id=customer_id,
                after_created_at=after.created_at if after else None,
                after_id=after.plan_id if after else None,
                wanted=first + 1,
            )
            rows = [row async for row in query]
            total: int = await SQL.count_of_plans(connection, customer_id=customer_id)
            found = await _with_events(connection, rows[:first])
        return PlanPage(found, has_next=len(rows) > first, total=total)

    async def append(self, principal: Principal, plan_id: str, event: PlanEvent) -> bool:
        if not is_guid(plan_id):
            return False
        async with self._database.transaction(principal) as connection:
            return await _append(connection, plan_id, event)

    async def approved(self, principal: Principal, customer_id: str) -> tuple[SavedPlan, ...]:
        if not is_guid(customer_id):
            return ()
        async with self._database.transaction(principal, read_only=True) as connection:
            rows = [row async for row in SQL.approved_plans(connection, customer_id=customer_id)]
            return await _with_events(connection, rows)

    async def approve(
        self,
        principal: Principal,
        customer_id: str,
        events: Mapping[str, PlanEvent],
        *,
        beside: Collection[str],
    ) -> bool:
        if not all(map(is_guid, (customer_id, *events))):
            return False
        try:
            async with self._database.transaction(principal) as connection:
                await _approve(connection, customer_id, events, beside)
        except _Overtaken:
            return False
        return True


class _Overtaken(Exception):
    """Somebody else was quicker: the transaction is rolled back."""


async def _approve(
    connection: "Connection",
    customer_id: str,
    events: Mapping[str, PlanEvent],
    beside: Collection[str],
) -> None:
    """Raises: _Overtaken."""
    await SQL.lock_customer(connection, customer_id=customer_id)
    # A statement of its own: it sees what was committed while the lock was waited for.
    found = SQL.ids_of_approved_plans(connection, customer_id=customer_id)
    if {row["plan_id"] async for row in found} != {*beside}:
        raise _Overtaken
    for plan_id, event in events.items():
        if not await _append(connection, plan_id, event):
            raise _Overtaken


async def _append(connection: "Connection", plan_id: str, event: PlanEvent) -> bool:
    row = orjson.dumps(event).decode()
    if await SQL.add_plan_event(connection, plan_id=plan_id, row=row) is None:
        return False
    await SQL.announce_plan(connection, plan_id=plan_id)
    return True


def _row(saved: SavedPlan) -> dict[str, Any]:
    return {
        "plan_id": saved.plan_id,
        "customer_id": saved.customer_id,
        "created_at": saved.created_at,
        "created_by": saved.created_by,
        "fingerprint": saved.fingerprint,
        "at": saved.plan.at,
        "valid_until": saved.plan.valid_until,
    }


async def _with_events(connection: "Connection", rows: Sequence[Any]) -> tuple[SavedPlan, ...]:
    """Return the plans of the rows, in their order."""
    ids = [row["plan_id"] for row in rows]
    records = [row async for row in SQL.events_of_plans(connection, plan_ids=ids)]
    events = zip(
        map(itemgetter("plan_id"), records),
        rows_from_records(PlanEvent, records, skip=1),
        strict=True,
    )
    by_plan = {
        plan_id: tuple(event for _, event in of_plan)
        for plan_id, of_plan in groupby(events, key=itemgetter(0))
    }
    return tuple(_saved(row, by_plan.get(row["plan_id"], ())) for row in rows)


def _saved(row: Mapping[str, Any], events: tuple[PlanEvent, ...]) -> SavedPlan:
    return SavedPlan(
        row["plan_id"],
        row["customer_id"],
        row["created_at"],
        row["created_by"],
        row["fingerprint"],
        orjson.loads(row["parts"]),
        value_of(PlanQuestion, row["question"]),
        plan_of(row["document"]),
        events,
        None if row["facts"] is None else value_of(Customer, row["facts"]),
    )


def _fits(store: PostgresPlanStore) -> PlanStore:
    """Let mypy hold the store to its protocol."""
    return store
