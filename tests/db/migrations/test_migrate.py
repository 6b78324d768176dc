"""What migrating promises: once, by whoever comes first, and never backwards."""

import asyncio
import multiprocessing
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from db import migrate as module
from db.errors import DatabaseFromNewerVersion, MigrationFailed
from db.migrate import migrate, pending
from resolvers.ports import StorageUnavailable
from tests.conftest import PostgresServer, with_database

ALL = len(list((Path(module.__file__).parent / "migrations").glob("*.sql")))


@pytest_asyncio.fixture
async def empty_url(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """Give a database in which nothing was migrated."""
    name = f"test_{uuid4().hex}"
    admin = await asyncpg.connect(postgres_server.admin_url)
    await admin.execute(f'create database {name} owner "{urlsplit(postgres_server.url).username}"')
    yield with_database(postgres_server.url, name)
    await admin.execute(f"drop database {name} with (force)")
    await admin.close()


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


def migrate_in_process(url: str) -> int:
    return asyncio.run(migrate(url))


async def test_an_empty_database_is_migrated_once(empty_url: str) -> None:
    assert len(await pending(empty_url)) == ALL
    assert await migrate(empty_url) == ALL
    assert await pending(empty_url) == []
    assert await migrate(empty_url) == 0


async def test_many_at_once_all_succeed_and_one_does_the_work(empty_url: str) -> None:
    applied = await asyncio.gather(*(migrate(empty_url) for _ in range(5)))
    assert sorted(applied) == [0, 0, 0, 0, ALL]


async def test_two_processes_at_once_both_succeed(empty_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as processes:
        first, second = (processes.submit(migrate_in_process, empty_url) for _ in range(2))
        done = [await asyncio.wrap_future(each) for each in (first, second)]
    assert sorted(done) == [0, ALL]


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(empty_url: str) -> None:
    await migrate(empty_url)
    await execute(
        empty_url,
        "insert into _pogo_migration values ('x', '9999_from_the_future', now(), 'public')",
    )
    for attempt in (migrate, pending):
        with pytest.raises(DatabaseFromNewerVersion, match="9999_from_the_future") as caught:
            await attempt(empty_url)
        assert caught.value.code == "DATABASE_FROM_NEWER_VERSION"


async def test_a_migration_that_fails_keeps_nothing_and_can_be_tried_again(empty_url: str) -> None:
    await execute(empty_url, "create table subscription (in_the_way int)")
    with pytest.raises(MigrationFailed):
        await migrate(empty_url)
    await execute(empty_url, "drop table subscription")
    assert await migrate(empty_url) == ALL


async def test_a_database_that_is_away_is_an_outage() -> None:
    with pytest.raises(StorageUnavailable):
        await migrate("postgresql://x:y@127.0.0.1:1/x")
