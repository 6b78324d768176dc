"""The audit in Postgres: entries are added and read, never changed."""

import orjson

from db.pool import Database
from db.rows import rows_from_records
from db.statements import SQL
from planner.ids import is_guid
from resolvers.ports import AuditLog
from resolvers.records.audit import AuditAction, AuditEntry, AuditMark, AuditPage
from resolvers.records.principal import Principal


class PostgresAuditLog:
    """Fits resolvers.ports.AuditLog."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, principal: Principal, entry: AuditEntry) -> None:
        row = orjson.dumps(entry, default=sorted).decode()
        async with self._database.transaction(principal) as connection:
            await SQL.add_audit_entry(connection, row=row)

    async def entry(self, principal: Principal, entry_id: str) -> AuditEntry | None:
        if not is_guid(entry_id):
            return None
        async with self._database.transaction(principal, read_only=True) as connection:
            row = await SQL.audit_entry(connection, entry_id=entry_id)
        return None if row is None else rows_from_records(AuditEntry, [row])[0]

    async def page(
        self,
        principal: Principal,
        *,
        action: AuditAction | None,
        first: int,
        after: AuditMark | None,
    ) -> AuditPage:
        async with self._database.transaction(principal, read_only=True) as connection:
            query = SQL.page_of_audit(
                connection,
                action=action,
                after_at=after.at if after else None,
                after_id=after.entry_id if after else None,
                wanted=first + 1,
            )
            rows = [row async for row in query]
            total: int = await SQL.count_of_audit(connection, action=action)
        found = rows_from_records(AuditEntry, rows[:first])
        return AuditPage(tuple(found), has_next=len(rows) > first, total=total)


def _fits(store: PostgresAuditLog) -> AuditLog:
    """Let mypy hold the store to its protocol."""
    return store
