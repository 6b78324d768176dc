"""Every process hears what any of them stores, once it can be read; of others' it hears nothing."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest

from db.catalogs import PostgresCatalogStore
from db.changes import APPLICATION_NAME, CHANNEL, MOST_IDS, PostgresChanges, change_from
from db.customers import PostgresCustomerStore
from db.embedded import EmbeddedServer
from db.followers import MOST_WAITING, Followers
from db.jobs import PostgresJobStore
from db.migrate import migrate
from db.plans import PostgresPlanStore
from db.pool import Database
from planner.accounts.accounts import Account
from planner.customers import HoldingsState
from planner.permissions import Role
from resolvers.ports import UnknownCustomer
from resolvers.records.changes import RESYNC, Change, ChangeKind, News
from resolvers.records.imports import AccountsChange, CustomerImport
from resolvers.records.jobs import JobAt, JobKind, JobPhase
from resolvers.records.plans import PlanEvent, PlanEventKind
from resolvers.records.principal import Principal
from tests.db.catalog_examples import EVERYTHING
from tests.db.customer_examples import ACME, FULL, MONDAY, guid, holds, store
from tests.db.embedded_clients import new_folder, postmaster
from tests.db.test_pool import Outage

SOON = 10.0
READING = JobAt(JobPhase.READING)


@asynccontextmanager
async def listening(url: str, **settings: float) -> AsyncIterator[PostgresChanges]:
    changes = PostgresChanges(url, **settings)
    async with changes.listening():
        async with asyncio.timeout(SOON):
            await changes.heard()
        yield changes


async def next_of(news: AsyncIterator[News]) -> News:
    async with asyncio.timeout(SOON):
        return await anext(news)


async def until(news: AsyncIterator[News], wanted: News) -> None:
    async with asyncio.timeout(SOON):
        while await anext(news) != wanted:
            pass


def customers_of(principal: Principal, *ids: str) -> Change:
    return Change(ChangeKind.CUSTOMERS, principal.partner_id, ids)


@pytest.fixture
def customers(database: Database) -> PostgresCustomerStore:
    return PostgresCustomerStore(database)


@pytest.fixture
def other() -> Principal:
    return Principal(str(uuid4()), frozenset(Role))


async def test_an_import_is_told_to_every_process_with_the_customers_it_touches(
    database_url: str, customers: PostgresCustomerStore, principal: Principal
) -> None:
    async with listening(database_url) as first, listening(database_url) as second:
        with first.follow(principal) as one, second.follow(principal) as two:
            await store(customers, principal, ACME, holdings=(holds(ACME, FULL),))
            for news in (one, two):
                assert await next_of(news) == customers_of(principal, ACME.customer_id)
            account = AccountsChange(
                ACME.customer_id, HoldingsState.COMPLETE, MONDAY, (Account(guid(70)),)
            )
            await customers.store(principal, CustomerImport(accounts=(account,)))
            assert await next_of(one) == customers_of(principal, ACME.customer_id)


async def test_an_import_that_is_refused_is_told_to_nobody(
    database_url: str, customers: PostgresCustomerStore, principal: Principal
) -> None:
    await customers.ensure_partner(principal, name="test")
    async with listening(database_url) as changes:
        with changes.follow(principal) as news:
            with pytest.raises(UnknownCustomer):
                await customers.store(principal, CustomerImport(holdings=(holds(ACME, FULL),)))
            later = replace(ACME, customer_id=guid(500))
            await store(customers, principal, later)
            assert await next_of(news) == customers_of(principal, later.customer_id)


async def test_what_is_told_can_be_read_already(
    database_url: str, customers: PostgresCustomerStore, principal: Principal
) -> None:
    async with listening(database_url) as changes:
        with changes.follow(principal) as news:
            storing = asyncio.create_task(store(customers, principal, ACME))
            await next_of(news)
            assert ACME.customer_id in await customers.customers(principal, [ACME.customer_id])
            await storing


async def test_more_customers_than_an_announcement_holds_are_told_without_their_ids(
    database_url: str, customers: PostgresCustomerStore, principal: Principal
) -> None:
    many = [replace(ACME, customer_id=guid(1000 + n)) for n in range(MOST_IDS + 1)]
    async with listening(database_url) as changes:
        with changes.follow(principal) as news:
            await store(customers, principal, *many)
            assert await next_of(news) == customers_of(principal)
            await store(customers, principal, *many[1:])
            told = await next_of(news)
            assert told == customers_of(principal, *(one.customer_id for one in many[1:]))


async def test_another_partners_changes_never_reach_a_follower(
    database: Database,
    database_url: str,
    customers: PostgresCustomerStore,
    principal: Principal,
    other: Principal,
) -> None:
    jobs = PostgresJobStore(database)
    async with listening(database_url) as changes:
        with changes.follow(principal) as news, changes.follow(other) as theirs:
            await store(customers, other, ACME)
            assert await jobs.begin(other, guid(90), JobKind.IMPORT, READING)
            await until(theirs, Change(ChangeKind.JOB, other.partner_id, (guid(90),)))
            await store(customers, principal, ACME)
            assert await next_of(news) == customers_of(principal, ACME.customer_id)


async def test_nobody_can_announce_in_anothers_name(
    database: Database, database_url: str, principal: Principal, other: Principal
) -> None:
    customers = PostgresCustomerStore(database)
    await store(customers, other, ACME)
    plans = PostgresPlanStore(database)
    event = PlanEvent(
        2, PlanEventKind.APPROVED, datetime(2026, 11, 23, tzinfo=UTC), "x", "f", "", None
    )
    async with listening(database_url) as changes:
        with changes.follow(other) as theirs:
            assert not await plans.append(principal, guid(60), event)
            await store(customers, principal, ACME)
            await store(customers, other, ACME)
            assert await next_of(theirs) == customers_of(other, ACME.customer_id)


async def test_a_public_catalog_is_told_to_every_partner_and_to_the_processes_own_memory(
    database_url: str, postgres_catalogs: PostgresCatalogStore, principal: Principal
) -> None:
    async with listening(database_url) as changes:
        with changes.follow(principal) as news, changes.follow_catalogs() as own:
            added, _ = await postgres_catalogs.add_bundled(EVERYTHING, label="new")
            told = Change(ChangeKind.CATALOG, None, (added.version_id,))
            assert await next_of(news) == told
            assert await next_of(own) == told
            again, is_new = await postgres_catalogs.add_bundled(EVERYTHING, label="again")
            assert (again, is_new) == (added, False)


async def test_a_lost_connection_is_replaced_and_nothing_is_missed_afterwards(
    database_url: str, admin_url: str, customers: PostgresCustomerStore, principal: Principal
) -> None:
    async with listening(database_url) as changes:
        with changes.follow(principal) as news:
            for number in range(3):
                assert await _terminated(admin_url) >= 1
                missed = replace(ACME, customer_id=guid(700 + number))
                await store(customers, principal, missed)
                await until(news, RESYNC)
                # What RESYNC stands for can be read now.
                assert await customers.customers(principal, [missed.customer_id])
                heard = replace(ACME, customer_id=guid(800 + number))
                await store(customers, principal, heard)
                await until(news, customers_of(principal, heard.customer_id))


async def _terminated(admin_url: str) -> int:
    connection = await asyncpg.connect(admin_url)
    try:
        count = await connection.fetchval(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            " where application_name = $1 and datname = current_database()",
            APPLICATION_NAME,
        )
    finally:
        await connection.close()
    return int(count)


async def test_a_way_that_is_cut_for_a_while_ends_with_a_resync(
    database_url: str, customers: PostgresCustomerStore, principal: Principal
) -> None:
    way = Outage(database_url)
    await way.open()
    async with listening(way.url, patience_seconds=1) as changes:
        with changes.follow(principal) as news:
            await way.cut()
            await store(customers, principal, ACME)
            await asyncio.sleep(0.3)
            await way.open()
            assert await next_of(news) is RESYNC
            await store(customers, principal, ACME)
            assert await next_of(news) == customers_of(principal, ACME.customer_id)
    await way.cut()


async def test_a_connection_that_stalls_is_noticed_and_replaced(
    database_url: str, principal: Principal
) -> None:
    way = Stalling(database_url)
    await way.open()
    async with listening(way.url, patience_seconds=0.3, quiet_seconds=0.1) as changes:
        with changes.follow(principal) as news:
            way.stall()
            assert await next_of(news) is RESYNC
    await way.cut()


class Stalling(Outage):
    """A way on which, from some moment on, what is open carries nothing; new ways do."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._stalled: set[Any] = set()

    def stall(self) -> None:
        self._stalled |= set(self._pipes)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            if sink not in self._stalled:
                sink.write(data)
        sink.close()


async def test_postgres_killed_and_restarted_ends_with_a_resync_and_then_changes() -> None:
    with new_folder() as folder, EmbeddedServer.attach(folder) as server:
        await migrate(server.owner_url, app_role=urlsplit(server.url).username)
        principal = Principal(str(uuid4()), frozenset(Role))
        database = await Database.open(server.url)
        customers = PostgresCustomerStore(database)
        await store(customers, principal, ACME)
        async with listening(server.url) as changes:
            with changes.follow(principal) as news:
                os.kill(postmaster(folder), signal.SIGKILL)
                await until(news, RESYNC)
                heard = replace(ACME, customer_id=guid(801))
                await store(customers, principal, heard)
                await until(news, customers_of(principal, heard.customer_id))
        await database.close()


async def test_a_slow_reader_gets_one_resync_and_holds_no_more_than_the_limit(
    principal: Principal, other: Principal
) -> None:
    followers = Followers()
    with followers.follow(principal) as slow, followers.follow(other) as theirs:
        for number in range(MOST_WAITING * 5 + 3):
            followers.tell(customers_of(principal, guid(number)))
        last = customers_of(principal, guid(MOST_WAITING * 5 + 2))
        told = [await next_of(slow)]
        while told[-1] != last:
            told.append(await next_of(slow))
        assert told[0] is RESYNC
        assert RESYNC not in told[1:]
        assert len(told) <= MOST_WAITING
        followers.tell(customers_of(other, guid(1)))
        assert await next_of(theirs) == customers_of(other, guid(1))
    assert len(followers) == 0


async def test_a_change_that_waits_already_is_told_once(principal: Principal) -> None:
    followers = Followers()
    with followers.follow(principal) as news:
        for _ in range(MOST_WAITING * 2):
            followers.tell(customers_of(principal, guid(1)))
        followers.tell(customers_of(principal, guid(2)))
        assert await next_of(news) == customers_of(principal, guid(1))
        assert await next_of(news) == customers_of(principal, guid(2))


async def test_announcements_of_an_unknown_form_are_left_out(
    database: Database,
    database_url: str,
    customers: PostgresCustomerStore,
    principal: Principal,
) -> None:
    async with listening(database_url) as changes:
        with changes.follow(principal) as news:
            async with database.administration() as connection:
                for payload in ("", "{", "[]", "null", '{"kind": "NEWER", "partner": null}'):
                    await connection.execute("select pg_notify($1, $2)", CHANNEL, payload)
            await store(customers, principal, ACME)
            assert await next_of(news) == customers_of(principal, ACME.customer_id)


def test_the_longest_announcement_fits_into_what_postgres_takes() -> None:
    ids = ",".join(f'"{guid(n)}"' for n in range(MOST_IDS))
    payload = f'{{"kind" : "CUSTOMERS", "partner" : "{guid(1)}", "ids" : [{ids}]}}'
    assert len(payload) < 8000
    assert len(change_from(payload).ids) == MOST_IDS
