"""The application's role has exactly the rights that are decided on, on every table there is."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
import pytest_asyncio

from db.embedded import EmbeddedServer
from db.errors import (
    DatabaseNotMigrated,
    NotTheOwner,
    OneRoleForBoth,
    OtherDatabase,
    OwnerTooStrong,
    RoleOwnsTables,
)
from db.grants import GRANTS, grant, is_granted, wanted
from db.migrate import bring_up_to_date, migrate, waiting_for
from db.pool import Database
from db.statements import SQL
from tests.conftest import PostgresServer, with_database
from tests.db.roles.two_roles import Connection, Two, update

NOT_GRANTED = {"_pogo_version"}
"""Tables that the application has no business with."""
ALL_RIGHTS = ("select", "insert", "update", "delete", "truncate", "references", "trigger")


@pytest_asyncio.fixture
async def owner(owner_url: str, database: Database) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(owner_url)
    yield connection
    await connection.close()


async def test_what_every_table_grants_is_decided(owner: Connection) -> None:
    rows = await owner.fetch(
        "select relname from pg_class where relnamespace = 'public'::regnamespace"
        " and relkind in ('r', 'p', 'v', 'm', 'f', 'S')"
    )
    assert {row["relname"] for row in rows} == set(GRANTS) | NOT_GRANTED


async def test_the_role_has_what_is_decided_and_nothing_else(
    owner: Connection, database: Database
) -> None:
    """Asked of PostgreSQL itself, right by right."""
    role, decided = database.role.name, set(wanted())
    for table in (*GRANTS, *NOT_GRANTED):
        for right in ALL_RIGHTS:
            has = await owner.fetchval("select has_table_privilege($1, $2, $3)", role, table, right)
            assert has == ((table, right, None) in decided), (table, right)
        columns = await owner.fetch(
            "select attname, has_column_privilege($1, attrelid, attnum, 'update') as may_update"
            " from pg_attribute where attrelid = $2::text::regclass and attnum > 0"
            " and not attisdropped",
            role,
            table,
        )
        changeable = {row["attname"] for row in columns if row["may_update"]}
        assert changeable == {
            right.column for right in decided if right[:2] == (table, "update")
        }, table


async def test_every_statement_of_ours_is_allowed_to_the_application(
    owner: Connection, database_url: str
) -> None:
    """Planned by PostgreSQL, which looks at the rights and carries nothing out."""
    if owner.get_server_version().major < 16:
        pytest.skip("PostgreSQL 15 plans no statement without its values")
    app = await asyncpg.connect(database_url)
    refused, planned = [], 0
    for name in SQL.available_queries:
        statement = getattr(SQL, name).sql
        try:
            await app.execute(f"explain (generic_plan) {statement}")
            planned += 1
        except asyncpg.InsufficientPrivilegeError as error:
            refused.append((name, str(error)))
        except asyncpg.IndeterminateDatatypeError:
            pass  # Its values have no types without the driver.
    await app.close()
    assert refused == []
    assert planned > 50


async def test_the_first_start_makes_the_tables_and_gives_the_rights(two: Two) -> None:
    assert await update(two) > 0
    assert await update(two) == 0
    database = await Database.open(two.url, max_size=1)
    assert await waiting_for(database) == []
    assert (database.role.is_owner, database.role.may_create) == (False, False)
    await database.close()


@pytest.mark.parametrize(
    "change",
    [
        "grant truncate on customer to {role}",
        "grant delete on audit_entry to {role}",
        "grant update (digest) on api_key to {role}",
        "grant select on _pogo_version to {role}",
        "grant select on customer to public",
        "grant update (name) on customer to public",
        "grant create on schema public to {role}",
        "grant create on schema public to public",
        "grant temporary on database {database} to {role}",
        "revoke insert on customer from {role}",
        "revoke usage on schema public from public",
        "create table later (x int); grant all on later to {role};"
        " alter table later owner to {owner}",
    ],
)
async def test_a_start_mends_rights_that_were_changed(two: Two, change: str) -> None:
    await update(two)
    owner_role = urlsplit(two.owner_url).username
    await two.do(change.format(role=two.quoted, database=two.name, owner=owner_role))
    owner = await asyncpg.connect(two.owner_url)
    assert not await is_granted(owner, two.role)
    await update(two)
    assert await is_granted(owner, two.role)
    await owner.close()


async def test_rights_are_given_all_at_once(two: Two) -> None:
    """Who works on meanwhile never finds them missing: it is one transaction."""
    await update(two)
    await two.do(f"grant truncate on customer to {two.quoted}")
    owner, app = await asyncpg.connect(two.owner_url), await asyncpg.connect(two.url)
    async with owner.transaction():
        await grant(owner, two.role)
        assert await app.fetch("select * from customer") == []
    assert await app.fetch("select * from customer") == []
    assert not await app.fetchval("select has_table_privilege('customer', 'truncate')")
    await owner.close()
    await app.close()


async def test_one_role_for_both_is_refused_before_anything_is_made(two: Two) -> None:
    with pytest.raises(OneRoleForBoth) as caught:
        await migrate(two.owner_url, app_role=urlsplit(two.owner_url).username)
    assert caught.value.code == "DATABASE_ONE_ROLE_FOR_BOTH"
    owner = await asyncpg.connect(two.owner_url)
    assert await owner.fetchval("select to_regclass('public.customer')") is None
    await owner.close()


async def test_a_member_of_the_owner_is_refused(two: Two) -> None:
    await two.admin.execute(f'grant "{urlsplit(two.owner_url).username}" to {two.quoted}')
    with pytest.raises(RoleOwnsTables):
        await update(two)


@pytest.mark.parametrize(
    "right", ["alter role {role} createrole", "grant create on database {database} to {role}"]
)
async def test_a_role_that_could_make_itself_an_owner_is_refused(two: Two, right: str) -> None:
    await two.do(right.format(role=two.quoted, database=two.name))
    with pytest.raises(RoleOwnsTables):
        await update(two)
    await two.do(f"revoke all on database {two.name} from {two.quoted}")


async def test_without_the_owner_the_tables_have_to_be_there(two: Two) -> None:
    database = await Database.open(two.url, max_size=1)
    with pytest.raises(DatabaseNotMigrated) as caught:
        await bring_up_to_date(database, url=two.url, owner_url=None)
    assert caught.value.code == "DATABASE_NOT_MIGRATED"
    assert "0001_catalogs_and_customers" in str(caught.value)
    await update(two)
    assert await bring_up_to_date(database, url=two.url, owner_url=None) == 0
    await database.close()


async def test_an_owner_of_another_database_is_found_out(
    two: Two, postgres_server: PostgresServer
) -> None:
    """Neither is changed: whose tables would they be, and who would have rights on them?"""
    other = Two(postgres_server, two.admin)
    await other.make()
    database = await Database.open(two.url, max_size=1)
    with pytest.raises(OtherDatabase) as caught:
        await bring_up_to_date(database, url=two.url, owner_url=other.owner_url)
    assert caught.value.code == "DATABASE_ADDRESSES_DIFFER"
    assert f"one to {other.name}, that of the application to {two.name};" in str(caught.value)
    await database.close()
    for one in (two, other):
        assert not await has_tables(one)
    await other.drop()


async def test_a_database_of_the_same_name_on_another_server_is_another_one(
    two: Two, tmp_path: Path
) -> None:
    with EmbeddedServer.attach(tmp_path / "postgres") as elsewhere:
        named = with_database(elsewhere.owner_url, two.name)
        admin = await asyncpg.connect(elsewhere.admin_url)
        await admin.execute(f'create database {two.name} owner "{urlsplit(named).username}"')
        await admin.close()
        database = await Database.open(two.url, max_size=1)
        with pytest.raises(OtherDatabase, match=f"one to {two.name} of another server"):
            await bring_up_to_date(database, url=two.url, owner_url=named)
        await database.close()
    assert not await has_tables(two)


async def test_one_server_has_many_names(two: Two) -> None:
    """By its socket, by its name and by its address it is the same."""
    database = await Database.open(two.url, max_size=1)
    parts = urlsplit(two.owner_url)
    for host in ("localhost", "127.0.0.1"):
        owner_url = parts._replace(
            netloc=f"{parts.username}:{parts.password}@{host}:{parts.port}"
        ).geturl()
        await bring_up_to_date(database, url=two.url, owner_url=owner_url)
    assert await waiting_for(database) == []
    await database.close()


async def test_many_that_start_at_once_know_that_it_is_one_database(two: Two) -> None:
    applied = await asyncio.gather(*(update(two) for _ in range(6)))
    assert sorted(applied)[:5] == [0] * 5
    assert sorted(applied)[5] > 0


async def test_a_superuser_owns_no_tables_of_ours(two: Two) -> None:
    database = await Database.open(two.url, max_size=1)
    with pytest.raises(OwnerTooStrong) as caught:
        await bring_up_to_date(database, url=two.url, owner_url=two.admin_url)
    assert caught.value.code == "DATABASE_OWNER_TOO_STRONG"
    assert not await has_tables(two)
    await database.close()


async def test_who_does_not_own_the_tables_is_told_whose_they_are_and_can_be_given_them(
    two: Two,
) -> None:
    """A superuser made them, as an earlier version let it: docs/running.md says how to go on."""
    superuser, owner = urlsplit(two.admin_url).username, urlsplit(two.owner_url).username
    await migrate(two.admin_url)
    with pytest.raises(NotTheOwner) as caught:
        await update(two)
    assert caught.value.code == "DATABASE_ROLE_NOT_OWNER"
    assert str(caught.value) == (
        f"the role {owner} cannot bring the database up to date: the tables belong to {superuser}"
    )
    for statement in _statements_of_the_guide(str(owner)):
        await two.do(statement)
    assert await update(two) == 0
    assert await has_tables(two)


def _statements_of_the_guide(owner: str) -> Iterator[str]:
    guide = Path(__file__).parents[3] / "docs" / "running.md"
    _, _, after = guide.read_text(encoding="utf-8").partition("tables that a superuser made")
    _, _, block = after.partition("```sql\n")
    block, _, _ = block.partition("```")
    assert "owner to offerpath" in block
    yield block.replace("owner to offerpath", f'owner to "{owner}"')


@pytest.mark.parametrize("has_second_role", [True, False])
async def test_a_missing_right_is_told_with_the_role_and_what_postgres_says(
    two: Two, has_second_role: bool
) -> None:
    """A role that may use the database, and make nothing in it."""
    owner = Two(two.server, two.admin)
    await two.admin.execute(f"create role {owner.quoted} login password 'x'")
    parts = urlsplit(owner.url)
    url = parts._replace(path=f"/{two.name}").geturl()
    database = await Database.open(two.url, max_size=1)
    trying = (
        bring_up_to_date(database, url=two.url, owner_url=url) if has_second_role else migrate(url)
    )
    with pytest.raises(NotTheOwner) as caught:
        await trying
    said = str(caught.value)
    assert owner.role in said
    assert "permission denied for schema public (SQLSTATE 42501)" in said
    assert "\n" not in said
    await database.close()
    await two.admin.execute(f"drop role {owner.quoted}")


async def has_tables(one: Two) -> bool:
    connection = await asyncpg.connect(one.admin_url)
    try:
        return await connection.fetchval("select to_regclass('public.customer')") is not None
    finally:
        await connection.close()


async def test_one_role_alone_goes_on_as_before(two: Two) -> None:
    """It owns its tables, and row-level security is forced on it."""
    database = await Database.open(two.owner_url, max_size=1)
    assert await bring_up_to_date(database, url=two.owner_url, owner_url=None) > 0
    assert await bring_up_to_date(database, url=two.owner_url, owner_url=None) == 0
    assert (await database.look_at_role()).is_owner
    await database.close()


async def test_the_one_role_becomes_the_owner_and_a_new_one_the_applications(two: Two) -> None:
    alone = await Database.open(two.owner_url, max_size=1)
    await bring_up_to_date(alone, url=two.owner_url, owner_url=None)
    await alone.close()
    assert await update(two) == 0
    app = await asyncpg.connect(two.url)
    assert await app.fetch("select * from customer") == []
    await app.close()
