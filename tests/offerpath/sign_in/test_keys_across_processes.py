"""Several processes over one database: no key has a role that its maker lost, whoever was told."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import pytest_asyncio

from db.customers import PostgresCustomerStore
from db.pool import Database
from db.stores import postgres_stores
from offerpath.sign_in.recognition import SignIn
from planner.permissions import Role
from resolvers.access.api_keys import KeyRefused, KeyWish, NewKey, create_key
from resolvers.asked import Asked
from resolvers.catalog.catalogs import Catalogs
from resolvers.codes.code import Code
from resolvers.ports import Stores
from resolvers.records.principal import Principal
from tests.db.catalog_examples import EVERYTHING
from tests.memory_stores import MemoryCatalogStore, memory_stores
from tests.offerpath.sign_in.issuer import Issuer
from tests.offerpath.sign_in.signing_in import Door, settings_of

BOTH = ("ADMIN_AGENT", "SALES_AGENT")


class Process:
    """What one process remembers, over the database of all."""

    def __init__(self, issuer: Issuer, database: Database, asked: Asked) -> None:
        self.stores: Stores = postgres_stores(database)
        self.customers = PostgresCustomerStore(database)
        self.asked = asked
        self.sign_in = SignIn.of(settings_of(issuer), self.stores.keys, self._greet)
        self.seconds = 0.0
        self.sign_in.clock = lambda: self.seconds

    async def _greet(self, principal: Principal) -> None:
        await self.customers.ensure_partner(principal, name="test")

    async def principal(self, text: str) -> Principal:
        return await self.sign_in.principal_of(f"Bearer {text}")

    async def make(self, principal: Principal) -> NewKey | KeyRefused:
        """Make a key as a request does that signed in before: with all that it had then."""
        asking = replace(self.asked, principal=principal, stores=self.stores)
        return await create_key(asking, KeyWish("Nightly"))


@pytest_asyncio.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with Issuer().up() as answering:
        yield answering


@pytest_asyncio.fixture
async def asked(principal: Principal) -> Asked:
    catalogs = MemoryCatalogStore()
    await catalogs.add_bundled(EVERYTHING, label="small")
    return await Catalogs(memory_stores(catalogs)).asked(principal, now=datetime.now(UTC))


@pytest_asyncio.fixture
async def processes(
    issuer: Issuer, database: Database, database_url: str, asked: Asked
) -> AsyncIterator[tuple[Process, Process]]:
    other = await Database.open(database_url, max_size=2)
    first, second = (Process(issuer, one, asked) for one in (database, other))
    yield first, second
    await first.sign_in.close()
    await second.sign_in.close()
    await other.close()


class Person:
    """Somebody whom no other test knows, and tokens that were issued one after another."""

    def __init__(self, issuer: Issuer) -> None:
        self._issuer = issuer
        self._named = {"tid": str(uuid4()), "oid": str(uuid4())}
        self._begun = int(time.time()) - 100

    def token(self, *roles: str, issued: int) -> str:
        return self._issuer.token(roles=list(roles), iat=self._begun + issued, **self._named)


@pytest.fixture
def person(issuer: Issuer) -> Person:
    return Person(issuer)


async def test_a_request_that_signed_in_before_makes_no_key_with_the_role_that_is_lost(
    processes: tuple[Process, Process], person: Person
) -> None:
    """Its body is slow: meanwhile another process sees the next token."""
    first, second = processes
    before = await first.principal(person.token(*BOTH, issued=0))
    await second.principal(person.token("SALES_AGENT", issued=10))
    refused = await first.make(before)
    assert isinstance(refused, KeyRefused)
    assert refused.code is Code.KEY_ROLE_NOT_HELD
    page = await first.stores.keys.page(before, owner_id=None, first=5, after=None)
    assert page.total == 0


async def test_nor_does_a_token_that_is_shown_again(
    processes: tuple[Process, Process], person: Person
) -> None:
    """It holds for as long as it says, and gives no key what a newer one is without."""
    first, second = processes
    old, new = person.token(*BOTH, issued=0), person.token("SALES_AGENT", issued=10)
    await second.principal(new)
    for one in (first, second):
        for _ in range(2):
            assert isinstance(await one.make(await one.principal(old)), KeyRefused)
            one.seconds += 61
    made = await first.make(await first.principal(new))
    assert isinstance(made, NewKey)
    assert (await second.principal(made.text.written())).roles == {Role.SALES_AGENT}


async def test_who_is_given_a_role_back_makes_keys_with_it(
    processes: tuple[Process, Process], person: Person
) -> None:
    first, second = processes
    await first.principal(person.token(*BOTH, issued=0))
    await first.principal(person.token(issued=10))
    again = await second.principal(person.token(*BOTH, issued=20))
    made = await second.make(again)
    assert isinstance(made, NewKey)
    await first.principal(person.token(issued=10))
    assert (await first.principal(made.text.written())).roles == set(map(Role, BOTH))


async def test_a_key_that_another_process_made_is_narrowed_by_it_all_the_same(
    processes: tuple[Process, Process], person: Person
) -> None:
    first, second = processes
    made = await first.make(await first.principal(person.token(*BOTH, issued=0)))
    assert isinstance(made, NewKey)
    await second.principal(person.token("SALES_AGENT", issued=10))
    assert (await first.principal(made.text.written())).roles == {Role.SALES_AGENT}


async def test_what_the_store_was_told_is_told_again_after_a_minute(issuer: Issuer) -> None:
    """Till then a token costs no statement; a database that is restored learns of it again."""
    door, told = Door(issuer), 0
    narrow = door.keys.narrow

    async def counted(*given: object, **named: object) -> int:
        nonlocal told
        told += 1
        return await narrow(*given, **named)  # type: ignore[arg-type]

    door.keys.narrow = counted  # type: ignore[method-assign]
    token, now = issuer.token(), [0.0]
    door.sign_in.clock = lambda: now[0]
    for seconds, wanted in ((0.0, 1), (59.9, 1), (60.0, 2), (119.0, 2), (121.0, 3)):
        now[0] = seconds
        await door.principal(token)
        assert told == wanted
    await door.principal(issuer.token(roles=["SALES_AGENT"]))
    assert told == 4
    await door.sign_in.close()
