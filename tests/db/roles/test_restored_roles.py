"""A dump brought back by somebody else's roles: the next start gives the application its rights."""

import asyncio
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest

from db.customers import PostgresCustomerStore
from db.grants import is_granted
from db.pgbinaries import find_binaries
from db.pool import Database
from planner.permissions import Role
from resolvers.records.principal import Principal
from tests.conftest import PostgresServer
from tests.db.customer_examples import ACME, FULL, holds, store
from tests.db.roles.two_roles import Two, update


def run(program: str, *arguments: str) -> None:
    done = subprocess.run(
        [find_binaries() / program, *arguments], capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("is_same_role", [True, False])
async def test_a_restored_database_is_reached_by_its_application_again(
    two: Two, postgres_server: PostgresServer, tmp_path: Path, is_same_role: bool
) -> None:
    """With the role of before its rights come with the dump; another one gets its own."""
    principal, dump = Principal(str(uuid4()), frozenset(Role)), str(tmp_path / "dump")
    await update(two)
    database = await Database.open(two.url, max_size=1)
    await store(PostgresCustomerStore(database), principal, ACME, holdings=(holds(ACME, FULL),))
    await database.close()
    await asyncio.to_thread(run, "pg_dump", "--format=custom", f"--file={dump}", two.admin_url)
    target = Two(postgres_server, two.admin, role=two.role if is_same_role else None)
    await target.make(with_role=not is_same_role)
    options = () if is_same_role else ("--no-privileges",)
    address = f"--dbname={target.admin_url}"
    await asyncio.to_thread(run, "pg_restore", "--exit-on-error", *options, address, dump)
    assert await update(target) == 0
    database = await Database.open(target.url, max_size=1)
    found = await PostgresCustomerStore(database).customers(principal, [ACME.customer_id])
    assert found[ACME.customer_id].holdings.own == (FULL,)
    async with database.administration(read_only=True) as connection:
        assert await is_granted(connection, target.role)
    await database.close()
    await target.drop(with_role=not is_same_role)
