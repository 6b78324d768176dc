"""What a store of API keys promises; the in-memory and the Postgres ones keep the same promises."""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from db.api_keys import PostgresApiKeyStore
from db.customers import PostgresCustomerStore
from db.errors import StatementFailed
from db.pool import Database
from planner.permissions import PartnerType, Role
from resolvers.ports import ApiKeyStore
from resolvers.records.keys import Adding, ApiKey, ApiKeyMark, ApiKeyPage, HashedKey
from resolvers.records.principal import Principal
from tests.memory_stores import MemoryApiKeyStore

MONDAY = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)
OWNER = "6a1e5b0c-0000-4000-8000-000000000007"
NOT_ALLOWED = "42501"
MANY = 50


def made(*, minutes: int = 0, owner_id: str = OWNER, days: int = 90) -> HashedKey:
    """Return a key that no other test has."""
    at = MONDAY + timedelta(minutes=minutes)
    roles = frozenset({Role.ADMIN_AGENT, Role.SALES_AGENT})
    key = ApiKey(
        str(uuid4()),
        owner_id,
        "An 'analyst' \u202e",
        "Nightly; drop table api_key",
        roles,
        PartnerType.DIRECT_BILL,
        at,
        at + timedelta(days=days),
    )
    return HashedKey(key, uuid4().bytes + uuid4().bytes)


@pytest_asyncio.fixture
async def postgres(database: Database, principal: Principal) -> PostgresApiKeyStore:
    await PostgresCustomerStore(database).ensure_partner(principal, name="test")
    return PostgresApiKeyStore(database)


@pytest.fixture(params=["memory", "postgres"])
def keys(request: pytest.FixtureRequest) -> ApiKeyStore:
    if request.param == "memory":
        return MemoryApiKeyStore()
    store: PostgresApiKeyStore = request.getfixturevalue("postgres")
    return store


@pytest.mark.parametrize("change", [{}, {"partner_type": None}, {"owner_id": "", "name": "é"}])
async def test_a_key_comes_back_as_it_was_added(
    keys: ApiKeyStore, principal: Principal, change: dict[str, str | None]
) -> None:
    given = made()
    given = replace(given, key=replace(given.key, **change))  # type: ignore[arg-type]
    await keys.add(principal, given, limit=MANY)
    assert await keys.key(principal, given.key.key_id) == given


@pytest.mark.parametrize("key_id", ["44ea857b-d5da-492c-a150-954228067b20", "", "nobody", "\0"])
async def test_where_no_key_is_nothing_is_found_and_nothing_happens(
    keys: ApiKeyStore, principal: Principal, key_id: str
) -> None:
    assert await keys.key(principal, key_id) is None
    await keys.revoke(principal, key_id, by=OWNER, now=MONDAY)
    await keys.touch(principal, key_id, now=MONDAY)
    page = await keys.page(principal, owner_id=None, first=5, after=None)
    assert page == ApiKeyPage((), has_next=False, total=0)


@pytest.mark.parametrize("first", [1, 2, 5, 9])
async def test_pages_give_every_key_once_newest_first(
    keys: ApiKeyStore, principal: Principal, first: int
) -> None:
    # Two of each minute: the ids decide between them.
    given = [made(minutes=number // 2) for number in range(5)]
    others = [made(owner_id="another")]
    for each in (*given, *others):
        await keys.add(principal, each, limit=MANY)
    for owner, wanted in ((OWNER, given), (None, given + others)):
        found: list[ApiKey] = []
        has_next = True
        while has_next:
            after = ApiKeyMark(found[-1].created_at, found[-1].key_id) if found else None
            page = await keys.page(principal, owner_id=owner, first=first, after=after)
            assert page.total == len(wanted)
            found += page.keys
            has_next = page.has_next
        ordered = sorted(wanted, key=lambda one: (one.key.created_at, one.key.key_id))
        assert found == [one.key for one in reversed(ordered)]


async def test_a_key_is_revoked_once_and_what_was_written_first_stays(
    keys: ApiKeyStore, principal: Principal
) -> None:
    given = made()
    await keys.add(principal, given, limit=MANY)
    await keys.revoke(principal, given.key.key_id, by="first", now=MONDAY)
    await keys.revoke(principal, given.key.key_id, by="second", now=MONDAY + timedelta(days=1))
    found = await keys.key(principal, given.key.key_id)
    assert found == replace(given, key=replace(given.key, revoked_at=MONDAY, revoked_by="first"))


async def test_use_is_written_at_most_once_a_minute(
    keys: ApiKeyStore, principal: Principal
) -> None:
    given = made()
    await keys.add(principal, given, limit=MANY)
    for seconds, written in ((0, 0), (59, 0), (60, 60), (61, 60), (300, 300), (10, 300)):
        at = MONDAY + timedelta(seconds=seconds)
        await keys.touch(principal, given.key.key_id, now=at)
        found = await keys.key(principal, given.key.key_id)
        assert found is not None
        assert found.key.last_used_at == MONDAY + timedelta(seconds=written)


async def test_a_key_is_added_unless_its_owner_has_as_many_that_are_taken(
    keys: ApiKeyStore, principal: Principal
) -> None:
    live, gone, over = made(), made(), made(days=1)
    for each in (live, gone, over, made(owner_id="another")):
        assert await keys.add(principal, each, limit=3) is Adding.ADDED
    more, tomorrow = made(), made(minutes=24 * 60)
    assert await keys.add(principal, more, limit=3) is Adding.TOO_MANY
    assert await keys.key(principal, more.key.key_id) is None
    await keys.revoke(principal, gone.key.key_id, by="", now=MONDAY)
    assert await keys.add(principal, more, limit=2) is Adding.TOO_MANY
    assert await keys.add(principal, more, limit=3) is Adding.ADDED
    # By then one of the three has ended.
    assert await keys.add(principal, tomorrow, limit=3) is Adding.ADDED
    assert await keys.add(principal, made(minutes=24 * 60), limit=3) is Adding.TOO_MANY


async def test_of_many_that_are_added_at_once_no_more_are_than_the_limit(
    keys: ApiKeyStore, principal: Principal
) -> None:
    wanted = [made() for _ in range(24)] + [made(owner_id="another") for _ in range(6)]
    told = await asyncio.gather(*(keys.add(principal, one, limit=5) for one in wanted))
    added = [one is Adding.ADDED for one in told]
    assert (sum(added[:24]), sum(added[24:])) == (5, 5)
    page = await keys.page(principal, owner_id=None, first=50, after=None)
    assert {key.key_id for key in page.keys} == {
        one.key.key_id for one, is_added in zip(wanted, added, strict=True) if is_added
    }


async def test_another_partner_neither_sees_nor_changes_a_key(
    keys: ApiKeyStore, principal: Principal
) -> None:
    given = made()
    await keys.add(principal, given, limit=MANY)
    other = Principal(str(uuid4()), frozenset(Role))
    assert await keys.key(other, given.key.key_id) is None
    await keys.revoke(other, given.key.key_id, by="", now=MONDAY)
    await keys.touch(other, given.key.key_id, now=MONDAY)
    assert (await keys.page(other, owner_id=None, first=5, after=None)).total == 0
    assert await keys.add(principal, made(), limit=1) is Adding.TOO_MANY
    assert await keys.key(principal, given.key.key_id) == given


# What the database itself sees to.


async def test_rows_are_added_for_oneself_alone_and_never_deleted(
    owner_database: Database, postgres: PostgresApiKeyStore, principal: Principal
) -> None:
    """As the owner, whom no missing right keeps from it."""
    await postgres.add(principal, made(), limit=MANY)
    other = Principal(str(uuid4()), frozenset())
    await PostgresCustomerStore(owner_database).ensure_partner(other, name="other")
    for statement in (
        "insert into api_key select ($1::uuid), key_id, owner_id, owner_label, name, roles,"
        " partner_type, created_at, expires_at, null, null, '', digest from api_key",
        "update api_key set partner_id = $1",
    ):
        with pytest.raises(StatementFailed) as caught:
            async with owner_database.transaction(principal) as connection:
                await connection.execute(statement, other.partner_id)
        assert caught.value.sqlstate == NOT_ALLOWED
    async with owner_database.transaction(principal) as connection:
        assert await connection.execute("delete from api_key") == "DELETE 0"
        assert await connection.fetchval("select count(*) from api_key") == 1
    async with owner_database.transaction(other) as connection:
        assert await connection.fetchval("select count(*) from api_key") == 0


async def test_an_owners_keys_are_narrowed_for_good_and_nobody_elses(
    keys: ApiKeyStore, principal: Principal
) -> None:
    live, revoked, other = made(), made(), made(owner_id="somebody else")
    for given in (live, revoked, other):
        await keys.add(principal, given, limit=MANY)
    await keys.revoke(principal, revoked.key.key_id, by=OWNER, now=MONDAY)
    both = live.key.roles

    async def narrow(roles: Collection[Role], *, seconds: int) -> int:
        at = MONDAY + timedelta(seconds=seconds)
        return await keys.narrow(principal, owner_id=OWNER, roles=roles, told_at=at)

    assert await narrow(both, seconds=0) == 0
    assert await narrow({Role.SALES_AGENT}, seconds=1) == 1
    assert await narrow(both, seconds=2) == 0
    stranger = replace(principal, partner_id=str(uuid4()))
    assert await keys.narrow(stranger, owner_id="", roles=(), told_at=MONDAY) == 0
    roles = [await keys.key(principal, given.key.key_id) for given in (live, revoked, other)]
    assert [found and found.key.roles for found in roles] == [{Role.SALES_AGENT}, both, both]
    assert await narrow((), seconds=3) == 1
    empty = await keys.key(principal, live.key.key_id)
    assert empty is not None
    assert empty.key.roles == frozenset()


@pytest.mark.parametrize(
    ("told", "held"),
    [
        ([], True),
        ([("both", 0)], True),
        ([("both", 0), ("sales", 1)], False),
        ([("sales", 1), ("both", 0)], False),
        ([("sales", 0), ("both", 1)], True),
        ([("both", 0), ("sales", 0)], False),
        ([("sales", 0), ("both", 0)], False),
        ([("both", 0), ("none", 1), ("both", 0)], False),
        ([("sales", 1), ("none", 0)], False),
    ],
)
async def test_no_key_is_added_with_a_role_that_was_told_last_to_be_lost(
    keys: ApiKeyStore, principal: Principal, told: list[tuple[str, int]], held: bool
) -> None:
    """Whatever the order in which tokens are seen: when they were issued counts."""
    sales = frozenset({Role.SALES_AGENT})
    named = {"both": made().key.roles, "sales": sales, "none": frozenset[Role]()}
    for name, seconds in told:
        at = MONDAY + timedelta(seconds=seconds)
        await keys.narrow(principal, owner_id=OWNER, roles=named[name], told_at=at)
    given = made()
    wanted = Adding.ADDED if held else Adding.ROLE_LOST
    assert await keys.add(principal, given, limit=MANY) is wanted
    assert (await keys.key(principal, given.key.key_id) is not None) == held
    # Nobody else is kept from anything.
    assert await keys.add(principal, made(owner_id="another"), limit=MANY) is Adding.ADDED


async def test_an_older_token_takes_nothing_from_a_key(
    keys: ApiKeyStore, principal: Principal
) -> None:
    """A role that was given since is not taken back by a token that does not know of it."""
    given, later = made(), MONDAY + timedelta(hours=1)
    await keys.narrow(principal, owner_id=OWNER, roles=given.key.roles, told_at=later)
    await keys.add(principal, given, limit=MANY)
    assert await keys.narrow(principal, owner_id=OWNER, roles=(), told_at=MONDAY) == 0
    assert await keys.key(principal, given.key.key_id) == given


async def test_a_key_that_is_added_while_its_owner_loses_a_role_is_refused_or_narrowed(
    keys: ApiKeyStore, principal: Principal
) -> None:
    owners = [f"owner {number}" for number in range(12)]
    for owner_id in owners:
        await keys.narrow(principal, owner_id=owner_id, roles=made().key.roles, told_at=MONDAY)
    given = [made(owner_id=owner_id) for owner_id in owners for _ in range(4)]
    later, sales = MONDAY + timedelta(seconds=1), {Role.SALES_AGENT}
    await asyncio.gather(
        *(keys.add(principal, one, limit=MANY) for one in given[::2]),
        *(
            keys.narrow(principal, owner_id=owner_id, roles=sales, told_at=later)
            for owner_id in owners
        ),
        *(keys.add(principal, one, limit=MANY) for one in given[1::2]),
    )
    page = await keys.page(principal, owner_id=None, first=MANY, after=None)
    assert all(key.roles <= sales for key in page.keys)


async def test_of_a_partner_that_is_not_stored_nobody_leaves_a_trace(
    database: Database, postgres: PostgresApiKeyStore
) -> None:
    stranger = Principal(str(uuid4()), frozenset())
    await postgres.narrow(stranger, owner_id=OWNER, roles=(), told_at=MONDAY)
    async with database.transaction(stranger) as connection:
        assert await connection.fetchval("select count(*) from key_maker") == 0


@pytest.mark.parametrize("table", ["api_key", "key_maker"])
async def test_the_table_is_under_forced_row_level_security_and_led_by_the_partner(
    admin_url: str, postgres: PostgresApiKeyStore, table: str
) -> None:
    connection = await asyncpg.connect(admin_url)
    try:
        secured = await connection.fetchval(
            "select relrowsecurity and relforcerowsecurity from pg_class where relname = $1",
            table,
        )
        leaders = await connection.fetch(
            "select a.attname from pg_index i join pg_attribute a"
            " on a.attrelid = i.indrelid and a.attnum = i.indkey[0]"
            " where i.indrelid = $1::text::regclass",
            table,
        )
    finally:
        await connection.close()
    assert secured is True
    assert {row["attname"] for row in leaders} == {"partner_id"}


async def test_no_column_holds_the_secret(
    database: Database, postgres: PostgresApiKeyStore, principal: Principal
) -> None:
    given = made()
    await postgres.add(principal, given, limit=MANY)
    async with database.transaction(principal) as connection:
        row = await connection.fetchrow("select * from api_key")
    assert row is not None
    assert [name for name, value in row.items() if isinstance(value, bytes)] == ["digest"]
    assert row["digest"] == given.digest
