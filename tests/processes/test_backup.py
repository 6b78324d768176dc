"""What pg_dump writes and pg_restore reads back answers as before, and keeps partners apart."""

import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest

from db.bundled import bundled_facts
from db.migrate import migrate
from db.pgbinaries import find_binaries
from db.pool import Database
from db.stores import postgres_stores
from formats.sample.portfolio import sample_portfolio
from planner.permissions import Role
from resolvers.catalog.catalogs import Catalogs
from resolvers.records.principal import Principal
from tests.conftest import PostgresServer, with_database
from tests.schema.api import Api, make_app

LOOK = """{
  catalog { contentHash }
  customers(first: 50) {
    totalCount
    edges { node {
      customerId name
      subscriptions { edges { node { subscriptionId seats title state lastDay } } }
    } }
  }
  auditEntries(first: 50) { edges { node { at action subject isPermitted actorLabel } } }
  portfolio { customers total { subscriptions seats } readiness { readiness tally { seats } } }
}"""
PLANS = """query($id: String!) {
  plans(customerId: $id) {
    edges { node { planId status fingerprint history { kind at by fingerprint } } }
  }
}"""
SAVE = """mutation($id: String!) {
  savePlan(customerId: $id) { ... on SavedPlan { planId fingerprint } }
}"""
APPROVE = """mutation($id: String!, $fingerprint: String!) {
  approvePlan(planId: $id, fingerprint: $fingerprint) { ... on SavedPlan { status } }
}"""
AGAIN = """query($id: String!) {
  planFor(customerId: $id) { ... on Plan { fingerprint } }
}"""
ACT = "select set_config('offerpath.partner_id', $1, true)"
GUARDED = """select relname, relrowsecurity, relforcerowsecurity,
  (select array_agg(polname || ' ' || coalesce(pg_get_expr(polqual, polrelid), '')
     order by polname) from pg_policy where polrelid = pg_class.oid) as policies,
  pg_get_userbyid(relowner) as owner,
  exists (select from pg_attribute
    where attrelid = pg_class.oid and attname = 'partner_id') as has_partner
from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname"""


@dataclass(frozen=True, slots=True)
class Installation:
    """One database, its owner's address and a superuser's."""

    url: str
    admin_url: str

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Database]:
        database = await Database.open(self.url)
        try:
            yield database
        finally:
            await database.close()

    async def guards(self) -> list[dict[str, Any]]:
        admin = await asyncpg.connect(self.admin_url)
        try:
            return [dict(row) for row in await admin.fetch(GUARDED)]
        finally:
            await admin.close()


@asynccontextmanager
async def empty(server: PostgresServer) -> AsyncIterator[Installation]:
    """Give an empty database of the role that offerpath connects as, as docs/running.md says."""
    name, role = f"test_backup_{uuid4().hex}", urlsplit(server.url).username
    admin = await asyncpg.connect(server.admin_url)
    try:
        await admin.execute(f'create database {name} owner "{role}"')
        yield Installation(with_database(server.url, name), with_database(server.admin_url, name))
        await admin.execute(f"drop database {name} with (force)")
    finally:
        await admin.close()


def _run(program: str, *arguments: str) -> None:
    done = subprocess.run(
        [find_binaries() / program, *arguments], capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")


async def _filled(database: Database, *partners: str) -> None:
    stores = postgres_stores(database)
    await stores.catalogs.add_bundled(bundled_facts(), label="bundled")
    for partner in partners:
        principal = Principal(partner, frozenset(Role))
        await stores.customers.ensure_partner(principal, name="test")
        await stores.customers.store(principal, sample_portfolio())


def _api(database: Database, partner: str) -> Api:
    return Api(make_app(Catalogs(postgres_stores(database))), partner)


async def _seen(api: Api) -> list[Any]:
    """Return what a partner sees: its customers, plans, audit and portfolio."""
    told = await api.ask(LOOK)
    ids = [edge["node"]["customerId"] for edge in told["customers"]["edges"]]
    return [told, *[await api.ask(PLANS, id=customer) for customer in ids]]


async def _planned(api: Api) -> dict[str, str]:
    """Save a plan for every customer, approve the first; return the fingerprints by customer."""
    listed = await api.ask("{ customers(first: 50) { edges { node { customerId } } } }")
    prints: dict[str, str] = {}
    for edge in listed["customers"]["edges"]:
        customer = edge["node"]["customerId"]
        kept = (await api.ask(SAVE, id=customer))["savePlan"]
        if kept and not prints:
            given = {"id": kept["planId"], "fingerprint": kept["fingerprint"]}
            assert (await api.ask(APPROVE, **given))["approvePlan"] == {"status": "APPROVED"}
        prints |= {customer: kept["fingerprint"]} if kept else {}
    return prints


@pytest.mark.parametrize("form", ["custom", "directory"])
async def test_a_restored_database_answers_as_before_with_its_partners_apart(
    postgres_server: PostgresServer, tmp_path: Path, form: str
) -> None:
    one, other, third = (str(uuid4()) for _ in range(3))
    dump = str(tmp_path / "dump")
    async with empty(postgres_server) as source, empty(postgres_server) as target:
        await migrate(source.url)
        async with source.opened() as database:
            await _filled(database, one, other)
            prints = await _planned(_api(database, one))
            assert prints
            before = await _seen(_api(database, one))
        _run("pg_dump", f"--format={form}", f"--file={dump}", source.admin_url)
        _run("pg_restore", "--exit-on-error", f"--dbname={target.admin_url}", dump)
        assert await target.guards() == await source.guards()
        assert not await migrate(target.url)
        async with target.opened() as database:
            api = _api(database, one)
            assert await _seen(api) == before
            for customer, print_ in prints.items():
                again = (await api.ask(AGAIN, id=customer))["planFor"]
                assert again == {"fingerprint": print_}
            nobodys = await _api(database, third).ask(LOOK)
            assert nobodys["customers"]["totalCount"] == 0
            theirs = await _api(database, other).ask(LOOK)
            assert theirs["customers"] == before[0]["customers"]
            assert theirs["auditEntries"]["edges"] == []
            for customer in prints:
                kept = await _api(database, other).ask(PLANS, id=customer)
                assert kept["plans"]["edges"] == []
            assert await _planned(_api(database, other)) == prints
        await _nobody_sees_rows(target, third)


async def _nobody_sees_rows(installation: Installation, partner: str) -> None:
    """The application's role gets no row of a partner that it does not act for."""
    guarded = [one["relname"] for one in await installation.guards() if one["has_partner"]]
    assert {"customer", "subscription", "plan", "audit_entry", "api_key"} <= set(guarded)
    connection = await asyncpg.connect(installation.url)
    try:
        for acting in ("", partner):
            async with connection.transaction():
                await connection.execute(
                    "select set_config('offerpath.partner_id', $1, true)", acting
                )
                for table in guarded:
                    count = f"select count(*) from {table} where partner_id is not null"
                    assert await connection.fetchval(count) == 0, table
    finally:
        await connection.close()


async def test_a_dump_by_the_application_itself_is_refused_and_never_incomplete(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    """Its role sees one partner's rows at a time: a dump by it would miss all of them."""
    async with empty(postgres_server) as source:
        await migrate(source.url)
        done = subprocess.run(
            [find_binaries() / "pg_dump", f"--file={tmp_path / 'dump'}", source.url],
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode != 0
        assert "row-level security" in done.stderr
