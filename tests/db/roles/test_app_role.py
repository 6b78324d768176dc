"""As the role that the application connects as, there is no way around row-level security."""

import asyncio
from collections.abc import AsyncIterator
from typing import TypeAlias
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from db.pool import Database
from resolvers.records.principal import Principal

NOT_ALLOWED = "42501"

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@pytest_asyncio.fixture
async def app(
    database_url: str, database: Database, principal: Principal
) -> AsyncIterator[Connection]:
    """Give a bare session of the application's role, acting for a partner that is stored."""
    connection = await asyncpg.connect(database_url)
    await connection.execute(f"set offerpath.partner_id = '{principal.partner_id}'")
    await connection.execute(f"insert into partner values ('{principal.partner_id}', 'own')")
    yield connection
    await connection.close()


@pytest_asyncio.fixture
async def tables(owner_database: Database) -> list[str]:
    async with owner_database.administration(read_only=True) as connection:
        rows = await connection.fetch(
            "select relname from pg_class where relnamespace = 'public'::regnamespace"
            " and relkind in ('r', 'p')"
        )
    return [row["relname"] for row in rows]


@pytest.mark.parametrize(
    "attempt",
    [
        "alter table customer disable row level security",
        "alter table customer no force row level security",
        "alter table customer owner to current_user",
        "alter table customer disable trigger all",
        "alter policy own on customer using (true)",
        "drop policy own on customer",
        "create policy all_of_it on customer using (true)",
        "drop table customer cascade",
        "create table mine (customer_id uuid)",
        "create temporary table customer (customer_id uuid)",
        "create view all_of_them as select * from customer",
        "create index mine on customer (name)",
        "create schema mine",
        "create or replace function current_partner() returns uuid language sql"
        " return '00000000-0000-0000-0000-000000000000'::uuid",
        "create function mine() returns int language sql security definer return 1",
        "create function pg_temp.mine() returns int language sql return 1",
        "alter function current_partner() security definer",
        "drop function current_partner() cascade",
        "create role mine superuser",
        "alter role current_user bypassrls",
        "alter role current_user createrole",
        "set role postgres",
        "set session authorization postgres",
        "set session_replication_role = replica",
        "truncate customer cascade",
        "truncate audit_entry",
        "delete from audit_entry",
        "update audit_entry set subject = ''",
        "update audit_entry set subject = '' where false",
        "select from audit_entry for update",
        "delete from plan",
        "update plan set document = '{}'",
        "delete from plan_event",
        "delete from catalog_version",
        "update catalog_version set label = ''",
        "update price set amount = 0",
        "update api_key set digest = ''",
        "update api_key set owner_id = ''",
        "update api_key set expires_at = 'infinity'",
        "delete from api_key",
        "update partner set partner_id = gen_random_uuid()",
        "update customer set partner_id = gen_random_uuid()",
        "delete from partner",
        "delete from customer",
        "insert into _pogo_migration values ('x', 'x', now(), 'public')",
        "delete from _pogo_migration",
        "select * from _pogo_version",
        "select * from pg_authid",
        "select pg_read_file('/etc/passwd')",
        "copy customer to '/tmp/customers'",
        "copy customer to program 'cat'",
        "begin; lock table customer in access exclusive mode",
        "comment on table customer is ''",
    ],
)
async def test_every_way_around_is_refused(app: Connection, attempt: str) -> None:
    with pytest.raises(asyncpg.PostgresError) as caught:
        await app.execute(attempt)
    assert caught.value.sqlstate == NOT_ALLOWED


async def test_it_cannot_become_the_owner(app: Connection, owner_database: Database) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.execute(f'set role "{owner_database.role.name}"')
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.execute(f'grant "{owner_database.role.name}" to current_user')


async def test_switched_off_row_security_is_an_error_and_shows_nothing(
    app: Connection, tables: list[str]
) -> None:
    """PostgreSQL refuses such a query instead of answering it whole."""
    await app.execute("set row_security = off")
    for table in sorted(set(tables) - {"_pogo_migration", "_pogo_version"}):
        with pytest.raises(asyncpg.PostgresError) as caught:
            await app.fetch(f"select * from {table}")
        assert caught.value.sqlstate == NOT_ALLOWED, table


async def test_no_foreign_key_can_ask_whether_a_row_of_another_is_there(
    app: Connection, tables: list[str]
) -> None:
    """The right to refer to a table tells which of its keys exist, whoever's they are."""
    for right in ("truncate", "references", "trigger"):
        for table in tables:
            assert not await app.fetchval("select has_table_privilege($1, $2)", table, right)


async def test_it_can_pass_no_right_on(app: Connection) -> None:
    """PostgreSQL warns of it, and nothing is granted."""
    await app.execute("grant select on customer to public")
    rights = "select count(*) from pg_class, aclexplode(relacl) where relname = 'customer'"
    assert await app.fetchval(f"{rights} and grantee = 0") == 0


async def test_changes_can_be_told_and_listened_for(app: Connection) -> None:
    heard: asyncio.Queue[object] = asyncio.Queue()
    channel = f"test_{uuid4().hex}"
    await app.add_listener(channel, lambda *told: heard.put_nowait(told[3]))
    await app.execute("select pg_notify($1, 'x')", channel)
    async with asyncio.timeout(5):
        assert await heard.get() == "x"


async def test_no_function_of_ours_runs_with_its_owners_rights(owner_database: Database) -> None:
    async with owner_database.administration(read_only=True) as connection:
        rows = await connection.fetch(
            "select proname, prosecdef from pg_proc where pronamespace = 'public'::regnamespace"
        )
    assert [tuple(row) for row in rows] == [("current_partner", False)]
