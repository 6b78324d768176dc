"""No partner reaches another's rows, whatever a statement forgets: the database sees to it."""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from db.catalogs import PostgresCatalogStore
from db.customers import PostgresCustomerStore
from db.errors import StatementFailed
from db.pool import Database
from db.statements import SQL
from planner.accounts.accounts import Account
from planner.customers import HoldingsState
from resolvers.records.catalog import CatalogVersion
from resolvers.records.imports import AccountsChange, CustomerImport
from resolvers.records.principal import Principal
from tests.db.catalog_examples import EVERYTHING
from tests.db.customer_examples import ACME, FULL, MONDAY, guid, holds, store

CUSTOMER_SIDE = ("partner", "customer", "holdings", "subscription", "account_list", "account")
NOT_ALLOWED = "42501"


@pytest.fixture
def other() -> Principal:
    return Principal(str(uuid4()), frozenset())


@pytest_asyncio.fixture
async def admin(admin_url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(admin_url)
    yield connection
    await connection.close()


@pytest_asyncio.fixture
async def customers(
    postgres_customers: PostgresCustomerStore, principal: Principal
) -> PostgresCustomerStore:
    """Give a store in which the principal has a customer with a subscription and an account."""
    await store(postgres_customers, principal, ACME, holdings=(holds(ACME, FULL),))
    account = AccountsChange(ACME.customer_id, HoldingsState.COMPLETE, MONDAY, (Account(guid(70)),))
    await postgres_customers.store(principal, CustomerImport(accounts=(account,)))
    return postgres_customers


async def add_own_version(
    database: Database, principal: Principal, label: str = "own"
) -> CatalogVersion:
    async with database.transaction(principal) as connection:
        row = await SQL.add_version(
            connection, content_hash=uuid4().hex * 2, label=label, counts="{}"
        )
    return CatalogVersion(**{**row, "counts": {}})


async def test_every_table_is_under_row_level_security_even_for_its_owner(
    admin: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    rows = await admin.fetch(
        "select relname, relrowsecurity and relforcerowsecurity as is_secured from pg_class"
        " where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
        " and relname not like '\\_pogo\\_%'"
    )
    assert len(rows) == 28
    assert [row["relname"] for row in rows if not row["is_secured"]] == []


async def test_no_table_can_be_emptied_whole(
    database: Database, admin: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    """Row-level security does not bind TRUNCATE; the right to it is not there."""
    rows = await admin.fetch(
        "select relname from pg_class where relnamespace = 'public'::regnamespace"
        " and relkind in ('r', 'p') and relname not like '\\_pogo\\_%'"
    )
    async with database.administration(read_only=True) as connection:
        may = [
            row["relname"]
            for row in rows
            if await connection.fetchval(
                "select has_table_privilege($1, 'truncate')", row["relname"]
            )
        ]
    assert len(rows) == 28
    assert may == []


async def test_the_partner_leads_every_key_of_customers(
    admin: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    keys = await admin.fetch(
        "select i.indexrelid::regclass::text as name, a.attname as leader"
        " from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]"
        " where i.indrelid = any($1::regclass[])"
        " union all "
        "select c.conname, a.attname"
        " from pg_constraint c join pg_attribute a"
        " on a.attrelid = c.conrelid and a.attnum = c.conkey[1]"
        " where c.contype in ('f', 'p', 'u') and c.conrelid = any($1::regclass[])",
        CUSTOMER_SIDE,
    )
    assert len(keys) >= 13
    assert {row["leader"] for row in keys} == {"partner_id"}


@pytest.mark.parametrize("table", CUSTOMER_SIDE)
async def test_another_partner_sees_changes_and_deletes_nothing(
    owner_database: Database,
    customers: PostgresCustomerStore,
    principal: Principal,
    other: Principal,
    table: str,
) -> None:
    """As the owner, whom no missing right keeps from it."""
    mine = principal.partner_id
    async with owner_database.transaction(other) as connection:
        assert await connection.fetchval(f"select count(*) from {table}") == 0
        update = f"update {table} set partner_id = partner_id where partner_id = $1"
        assert await connection.execute(update, mine) == "UPDATE 0"
        assert await connection.execute(f"delete from {table}") == "DELETE 0"
    async with owner_database.transaction(principal) as connection:
        assert await connection.fetchval(f"select count(*) from {table}") == 1


@pytest.mark.parametrize("table", CUSTOMER_SIDE)
async def test_without_a_partner_nothing_of_anybody_is_seen(
    database: Database, customers: PostgresCustomerStore, table: str
) -> None:
    async with database.administration() as connection:
        assert await connection.fetchval(f"select count(*) from {table}") == 0
        await connection.execute("reset offerpath.partner_id")
        assert await connection.fetchval(f"select count(*) from {table}") == 0


async def test_rows_of_another_partner_cannot_be_inserted_nor_given_away(
    owner_database: Database,
    customers: PostgresCustomerStore,
    principal: Principal,
    other: Principal,
) -> None:
    insert = "insert into partner (partner_id, name) values ($1, 'x')"
    with pytest.raises(StatementFailed) as caught:
        async with owner_database.transaction(principal) as connection:
            await connection.execute(insert, other.partner_id)
    assert caught.value.sqlstate == NOT_ALLOWED
    with pytest.raises(StatementFailed) as caught:
        async with owner_database.transaction(principal) as connection:
            await connection.execute("update subscription set partner_id = $1", other.partner_id)
    assert caught.value.sqlstate == NOT_ALLOWED


async def test_the_partner_is_forgotten_when_the_transaction_ends(
    database_url: str, customers: PostgresCustomerStore, principal: Principal
) -> None:
    database = await Database.open(database_url, min_size=1, max_size=1)
    async with database.transaction(principal) as connection:
        assert await connection.fetchval("select count(*) from customer") == 1
    async with database._pool.acquire() as bare:
        assert await bare.fetchval("select count(*) from customer") == 0
    await database.close()


async def test_a_principal_whose_partner_is_no_guid_is_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="GUID"):
        database.transaction(Principal("'; drop table customer", frozenset()))


async def test_a_partner_plans_with_its_own_version_and_no_other_sees_it(
    database: Database,
    postgres_catalogs: PostgresCatalogStore,
    principal: Principal,
    other: Principal,
) -> None:
    own = await add_own_version(database, principal)
    bundled, _ = await postgres_catalogs.add_bundled(EVERYTHING, label="bundled")
    assert await postgres_catalogs.current(principal) == own
    assert await postgres_catalogs.current(other) == bundled
    assert await postgres_catalogs.version(other, own.version_id) is None
    with pytest.raises(KeyError):
        await postgres_catalogs.facts(other, own.version_id)


async def test_only_the_owner_adds_to_a_version_and_nobody_changes_it(
    database: Database,
    owner_database: Database,
    postgres_catalogs: PostgresCatalogStore,
    principal: Principal,
    other: Principal,
) -> None:
    own = await add_own_version(database, principal)
    bundled, _ = await postgres_catalogs.add_bundled(EVERYTHING, label="bundled")
    row = '[{"plan_id": "p", "source": "s"}]'
    add = SQL.add_common_plans
    async with database.transaction(principal) as connection:
        await add(connection, version_id=own.version_id, rows=row)
    async with owner_database.transaction(principal) as connection:
        assert await connection.execute("update common_plan set source = 'x'") == "UPDATE 0"
        assert await connection.execute("delete from catalog_version") == "DELETE 0"
    for version, intruder in ((own, other), (bundled, principal)):
        with pytest.raises(StatementFailed) as caught:
            async with database.transaction(intruder) as connection:
                await add(connection, version_id=version.version_id, rows=row)
        assert caught.value.sqlstate == NOT_ALLOWED


async def test_a_partner_cannot_add_a_public_version(
    database: Database, principal: Principal
) -> None:
    insert = (
        "insert into catalog_version (partner_id, content_hash, label, counts)"
        " values ($1, repeat('0', 64), 'x', '{}')"
    )
    for owner in (None, guid(1)):
        with pytest.raises(StatementFailed) as caught:
            async with database.transaction(principal) as connection:
                await connection.execute(insert, owner)
        assert caught.value.sqlstate == NOT_ALLOWED


async def test_a_partner_that_leaves_takes_everything_along(
    owner_database: Database, customers: PostgresCustomerStore, principal: Principal
) -> None:
    async with owner_database.transaction(principal) as connection:
        await connection.execute("delete from partner")
        for table in CUSTOMER_SIDE:
            assert await connection.fetchval(f"select count(*) from {table}") == 0
