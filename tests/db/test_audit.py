"""What an audit promises; the in-memory and the Postgres ones keep the same promises."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest

from db.audit import PostgresAuditLog
from db.errors import StatementFailed
from db.pool import Database
from planner.permissions import Role
from resolvers.ports import AuditLog
from resolvers.records.audit import AuditAction, AuditEntry, AuditMark
from resolvers.records.principal import ActorKind, Principal
from tests.memory_stores import MemoryAuditLog

MONDAY = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)
ENTRY = AuditEntry(
    str(uuid4()),
    MONDAY,
    AuditAction.IMPORT,
    "customers.csv; drop table audit_entry",
    True,
    ActorKind.KEY,
    str(uuid4()),
    "Nightly 'script' \u202e",
    str(uuid4()),
    frozenset({Role.ADMIN_AGENT, Role.SALES_AGENT}),
    "2001:db8::1",
)
BY_HAND = replace(
    ENTRY,
    entry_id=str(uuid4()),
    action=AuditAction.EXPORT,
    actor_kind=ActorKind.LOCAL,
    actor_id="",
    key_id=None,
    roles=frozenset(),
    address=None,
    is_permitted=False,
)


@pytest.fixture(params=["memory", "postgres"])
def audit(request: pytest.FixtureRequest) -> AuditLog:
    if request.param == "memory":
        return MemoryAuditLog()
    database: Database = request.getfixturevalue("database")
    return PostgresAuditLog(database)


async def _all(audit: AuditLog, principal: Principal) -> tuple[AuditEntry, ...]:
    return (await audit.page(principal, action=None, first=200, after=None)).entries


async def test_an_entry_comes_back_as_it_was_written(audit: AuditLog, principal: Principal) -> None:
    await audit.add(principal, ENTRY)
    await audit.add(principal, replace(BY_HAND, at=MONDAY + timedelta(seconds=1)))
    assert await _all(audit, principal) == (
        replace(BY_HAND, at=MONDAY + timedelta(seconds=1)),
        ENTRY,
    )
    assert await audit.entry(principal, ENTRY.entry_id) == ENTRY


@pytest.mark.parametrize("entry_id", ["9c48e9ca-b193-4f75-ac3e-7aa5038d22d4", "x", ""])
async def test_nothing_has_another_id(audit: AuditLog, principal: Principal, entry_id: str) -> None:
    await audit.add(principal, ENTRY)
    assert await audit.entry(principal, entry_id) is None


async def test_pages_make_up_the_whole_newest_first(audit: AuditLog, principal: Principal) -> None:
    made = [
        replace(ENTRY, entry_id=str(uuid4()), at=MONDAY + timedelta(minutes=number // 2))
        for number in range(7)
    ]
    for entry in made:
        await audit.add(principal, entry)
    expected = sorted(made, key=lambda one: (one.at, one.entry_id), reverse=True)
    found: list[AuditEntry] = []
    mark = None
    while True:
        page = await audit.page(principal, action=None, first=3, after=mark)
        assert page.total == 7
        found += page.entries
        if not page.has_next:
            break
        mark = AuditMark(found[-1].at, found[-1].entry_id)
    assert found == expected


async def test_entries_of_one_action_are_found_alone(audit: AuditLog, principal: Principal) -> None:
    await audit.add(principal, ENTRY)
    await audit.add(principal, BY_HAND)
    page = await audit.page(principal, action=AuditAction.EXPORT, first=10, after=None)
    assert page.entries == (BY_HAND,)
    assert page.total == 1


async def test_another_partner_finds_no_entry(audit: AuditLog, principal: Principal) -> None:
    await audit.add(principal, ENTRY)
    assert await _all(audit, replace(principal, partner_id=str(uuid4()))) == ()


@pytest.mark.parametrize(
    "change",
    ["update audit_entry set subject = ''", "delete from audit_entry", "truncate audit_entry"],
)
async def test_the_database_lets_nobody_change_or_take_back_an_entry(
    database: Database, principal: Principal, change: str
) -> None:
    audit = PostgresAuditLog(database)
    await audit.add(principal, ENTRY)
    with pytest.raises(StatementFailed) as caught:
        async with database.transaction(principal) as connection:
            await connection.execute(change)
    assert caught.value.sqlstate == "42501"
    assert await _all(audit, principal) == (ENTRY,)


async def test_nobody_writes_into_the_audit_of_another(
    database: Database, principal: Principal
) -> None:
    with pytest.raises(StatementFailed) as caught:
        async with database.transaction(principal) as connection:
            await connection.execute(
                "insert into audit_entry (partner_id, entry_id, at, action, subject, is_permitted,"
                " actor_kind, actor_id, actor_label, roles)"
                " values ($1, $2, now(), 'IMPORT', '', true, 'LOCAL', '', '', '{}')",
                str(uuid4()),
                str(uuid4()),
            )
    assert caught.value.sqlstate == asyncpg.InsufficientPrivilegeError.sqlstate
