"""A data folder that an earlier version made, with one role, gets the second one and keeps all."""

from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from db import embedded
from db.customers import PostgresCustomerStore
from db.embedded import EmbeddedServer
from db.migrate import bring_up_to_date, migrate
from db.pool import Database
from planner.permissions import Role
from resolvers.records.principal import Principal
from tests.db.customer_examples import ACME, FULL, holds, store
from tests.db.embedded_clients import ask

PRINCIPAL = Principal(str(uuid4()), frozenset(Role))


async def made_as_before(folder: Path) -> None:
    """Make what an earlier version left: its one role owns the database and the tables."""
    with EmbeddedServer.attach(folder) as server:
        await ask(server.admin_url, "drop role offerpath_app")
        assert await migrate(server.owner_url) > 0
        database = await Database.open(server.owner_url)
        customers = PostgresCustomerStore(database)
        await store(customers, PRINCIPAL, ACME, holdings=(holds(ACME, FULL),))
        await database.close()
    (folder / "offerpath_app.password").unlink()


async def test_the_role_before_owns_the_tables_and_the_new_one_reads_them(folder: Path) -> None:
    await made_as_before(folder)
    with EmbeddedServer.attach(folder) as server:
        assert "//offerpath_app:" in server.url
        database = await Database.open(server.url)
        assert await bring_up_to_date(database, url=server.url, owner_url=server.owner_url) == 0
        found = await PostgresCustomerStore(database).customers(PRINCIPAL, [ACME.customer_id])
        assert found[ACME.customer_id].holdings.own == (FULL,)
        assert (database.role.name, database.role.is_owner) == ("offerpath_app", False)
        await database.close()
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(server.url, "alter table customer disable row level security")
        url, owner_url = server.url, server.owner_url
    with EmbeddedServer.attach(folder) as again:
        assert (again.url, again.owner_url) == (url, owner_url)
        assert await ask(again.url) == await ask(again.owner_url) == 1


async def test_an_upgrade_that_was_killed_half_way_is_done_again(folder: Path) -> None:
    """The role is there already, and the file of its password was not written."""
    await made_as_before(folder)
    EmbeddedServer.attach(folder).close()
    (folder / "offerpath_app.password").unlink()
    with EmbeddedServer.attach(folder) as server:
        assert await ask(server.url, "select current_user::text") == "offerpath_app"


async def test_a_server_that_an_earlier_version_runs_is_used_by_its_one_role(folder: Path) -> None:
    """It says nothing of a second role; the next start of a server makes it."""
    with EmbeddedServer.attach(folder) as server:
        ready = {
            "version": server.version,
            "port": server.port,
            "socket_dir": str(server.socket_dir),
            "password": (folder / "offerpath.password").read_text(),
            "admin_password": (folder / "postgres.password").read_text(),
        }
        beside = embedded.EmbeddedServer(server._supervisor.dup(), folder, ready)
        assert beside.url == beside.owner_url == server.owner_url
        assert await ask(beside.url) == 1
        beside._supervisor.close()
