"""What a database keeps when it is brought up from an earlier version."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from db import migrate as module
from db.catalogs import PostgresCatalogStore
from db.customers import PostgresCustomerStore
from db.migrate import migrate
from db.pool import Database
from planner.customers import (
    Customer,
    Holdings,
    HoldingsState,
    Seller,
    Subscription,
    SubscriptionState,
)
from planner.ids import CatalogId
from planner.offers import Known
from resolvers.records.principal import Principal
from tests.conftest import PostgresServer, with_database
from tests.db.customer_examples import FULL, MONDAY, guid, holds, store

FOLDER = Path(module.__file__).parent / "migrations"
FIRST = "0001_catalogs_and_customers"
VERSION = guid(900)
AT_FIRST = f"""
select set_config('offerpath.partner_id', '{{partner}}', false);
insert into partner (partner_id, name) values (current_partner(), 'Before');
insert into customer (partner_id, customer_id, name, market, folded)
values (current_partner(), '{guid(1)}', 'Acme', 'US', 'acme');
insert into holdings values (current_partner(), '{guid(1)}', false, 'COMPLETE', '{MONDAY}');
insert into subscription (
    partner_id, customer_id, is_foreign, subscription_id, seller, state, state_as_given,
    catalog_id, title, friendly_name, seats, last_day
) values (
    current_partner(), '{guid(1)}', false, '{guid(11)}', 'US', 'ACTIVE', 'active',
    'CFQ7TTC0LH18:0001', 'Basic', '', 25, '2027-11-23'
);
select set_config('offerpath.partner_id', '', false);
insert into catalog_version (version_id, content_hash, label, counts)
values ('{VERSION}', repeat('a', 64), 'Before', '{{{{"offers": 1}}}}');
insert into offer (
    version_id, row_number, catalog_id, title, commerce, is_addon, is_trial, sources,
    former_titles, limit_scope, billing
) values (
    '{VERSION}', 1, 'CFQ7TTC0LH18:0001', 'Basic', 'NEW_COMMERCE', 'NO', false, array[]::text [],
    array[]::text [], 'NONE', array[]::text []
);
"""
KEPT = Subscription(
    guid(11),
    Seller.US,
    SubscriptionState.ACTIVE,
    "active",
    catalog_id=CatalogId("CFQ7TTC0LH18:0001"),
    title="Basic",
    seats=25,
    last_day=date(2027, 11, 23),
)


@pytest_asyncio.fixture
async def old_url(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    """Give a database that only the first migration was applied to."""
    name = f"test_{uuid4().hex}"
    admin = await asyncpg.connect(postgres_server.admin_url)
    await admin.execute(f'create database {name} owner "{urlsplit(postgres_server.url).username}"')
    url = with_database(postgres_server.url, name)
    shutil.copy(FOLDER / f"{FIRST}.sql", tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(module, "_FOLDER", tmp_path)
        assert await migrate(url) == 1
    yield url
    await admin.execute(f"drop database {name} with (force)")
    await admin.close()


async def fill(url: str, principal: Principal) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(AT_FIRST.format(partner=principal.partner_id))
    await connection.close()


async def test_customers_and_subscriptions_stay_and_what_is_new_is_not_known(
    old_url: str, principal: Principal
) -> None:
    await fill(old_url, principal)
    assert await migrate(old_url) == len(list(FOLDER.glob("*.sql"))) - 1
    database = await Database.open(old_url, min_size=1, max_size=1)
    found = await PostgresCustomerStore(database).customers(principal, [guid(1)])
    await database.close()
    assert found[guid(1)] == Customer(
        guid(1),
        "Acme",
        market="US",
        agreement=Known.UNKNOWN,
        delegated_admin=Known.UNKNOWN,
        holdings=Holdings((KEPT,), HoldingsState.COMPLETE, MONDAY),
    )


async def test_an_import_after_it_fills_in_what_is_new(old_url: str, principal: Principal) -> None:
    await fill(old_url, principal)
    await migrate(old_url)
    database = await Database.open(old_url, min_size=1, max_size=1)
    customers = PostgresCustomerStore(database)
    given = Customer(guid(1), "Acme", market="US", agreement=Known.YES)
    told = replace(
        FULL, subscription_id=guid(11), cancellable_until=datetime.max.replace(tzinfo=UTC)
    )
    counts = await store(customers, principal, given, holdings=(holds(given, told),))
    found = (await customers.customers(principal, [guid(1)]))[guid(1)]
    await database.close()
    assert (counts.customers_changed, counts.subscriptions_removed) == (1, 0)
    assert (found.agreement, found.holdings.own) == (Known.YES, (told,))


async def test_a_catalog_version_of_before_has_no_ends_of_sale(
    old_url: str, principal: Principal
) -> None:
    await fill(old_url, principal)
    await migrate(old_url)
    database = await Database.open(old_url, min_size=1, max_size=1)
    catalogs = PostgresCatalogStore(database)
    current = await catalogs.current(principal)
    facts = await catalogs.facts(principal, VERSION)
    await database.close()
    assert current is not None
    assert current.version_id == VERSION
    assert [offer.catalog_id for offer in facts.offers] == ["CFQ7TTC0LH18:0001"]
    assert facts.sale_ends == ()
