"""As whom the database is reached: which roles are refused, which are warned of, and where."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from db.errors import (
    DatabaseNotMigrated,
    NotTheOwner,
    OneRoleForBoth,
    OtherDatabase,
    OwnerTooStrong,
    RoleOwnsTables,
    RoleTooStrong,
)
from offerpath.cli.problems import problem_of
from offerpath.cli.serving.doctor import Examination, examined
from offerpath.database_access import TOO_FEW_CONNECTIONS
from offerpath.house import open_house
from offerpath.settings import BadSetting, Settings, load_settings
from tests.conftest import PostgresServer, with_database

ADDRESS = "postgresql://offerpath:hidden@127.0.0.1:1/offerpath"


@dataclass(frozen=True, slots=True)
class Roles:
    """Three ways into one database that was empty: its owner, a role that owns nothing, all."""

    owner_url: str
    app_url: str
    admin_url: str
    folder: Path

    def settings(self, **given: object) -> Settings:
        return Settings(data_dir=self.folder, sample=False, **given)  # type: ignore[arg-type]

    def of_both(self, **given: object) -> Settings:
        return self.settings(database_url=self.app_url, migrations_url=self.owner_url, **given)

    async def has_tables(self) -> bool:
        connection = await asyncpg.connect(self.admin_url)
        try:
            return await connection.fetchval("select to_regclass('public.customer')") is not None
        finally:
            await connection.close()


@asynccontextmanager
async def made(postgres_server: PostgresServer, folder: Path) -> AsyncIterator[Roles]:
    name, role = f"test_{uuid4().hex}", f"app_{uuid4().hex}"
    admin = await asyncpg.connect(postgres_server.admin_url)
    parts = urlsplit(postgres_server.url)
    await admin.execute(f"create role {role} login password 'plain'")
    await admin.execute(f'create database {name} owner "{parts.username}"')
    yield Roles(
        with_database(postgres_server.url, name),
        parts._replace(
            netloc=f"{role}:plain@{parts.hostname}:{parts.port}", path=f"/{name}"
        ).geturl(),
        with_database(postgres_server.admin_url, name),
        folder,
    )
    await admin.execute(f"drop database {name} with (force)")
    await admin.execute(f"drop role {role}")
    await admin.close()


@pytest_asyncio.fixture
async def roles(postgres_server: PostgresServer, tmp_path: Path) -> AsyncIterator[Roles]:
    """Give them with nothing made."""
    async with made(postgres_server, tmp_path) as empty:
        yield empty


@pytest_asyncio.fixture(scope="module")
async def both(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Roles]:
    """Give them once both have set the installation up."""
    async with made(postgres_server, tmp_path_factory.mktemp("both")) as ready:
        async with open_house(ready.of_both(), load_sample=False):
            pass
        yield ready


async def warnings_of(settings: Settings, caplog: pytest.LogCaptureFixture) -> list[str]:
    """Set the installation up as `init` and `serve` do; return the codes it warned of."""
    caplog.clear()
    with caplog.at_level(logging.WARNING, "offerpath.house"):
        async with open_house(settings, load_sample=True):
            pass
    told = [record.getMessage() for record in caplog.records if record.name == "offerpath.house"]
    assert not any("plain" in words or "password" in words for words in told)
    return [words.partition(":")[0] for words in told]


async def examination(settings: Settings) -> Examination:
    async with examined(settings) as found:
        return found


def marks(found: Examination) -> dict[str, str]:
    return {
        check.name: "warning" if check.is_warning else "ok" if check.is_ok else "broken"
        for check in found.checks
    }


async def test_two_roles_are_set_up_without_a_warning_and_the_doctor_agrees(
    both: Roles, caplog: pytest.LogCaptureFixture
) -> None:
    assert await warnings_of(both.of_both(), caplog) == []
    found = await examination(both.of_both())
    assert (found.is_ok, set(marks(found).values())) == (True, {"ok"})
    alone = both.settings(database_url=both.app_url)
    assert await warnings_of(alone, caplog) == []
    assert marks(await examination(alone)) | {"owner": "ok"} == marks(found)


async def test_one_role_that_owns_its_tables_works_and_is_warned_of(
    roles: Roles, caplog: pytest.LogCaptureFixture
) -> None:
    alone = roles.settings(database_url=roles.owner_url)
    assert await warnings_of(alone, caplog) == ["DATABASE_ROLE_OWNS_TABLES"]
    found = await examination(alone)
    assert (found.is_ok, marks(found)["role"]) == (True, "warning")
    (said,) = [check for check in found.checks if check.name == "role"]
    assert "DATABASE_ROLE_OWNS_TABLES" in said.message
    assert "OFFERPATH_MIGRATIONS_URL" in str(said.remedy)


async def test_a_role_is_refused_before_anything_was_made(roles: Roles) -> None:
    for settings, error in (
        (roles.settings(database_url=roles.admin_url), RoleTooStrong),
        (
            roles.settings(database_url=roles.admin_url, migrations_url=roles.owner_url),
            RoleTooStrong,
        ),
        (
            roles.settings(database_url=roles.owner_url, migrations_url=roles.owner_url),
            OneRoleForBoth,
        ),
        (
            roles.settings(database_url=roles.owner_url, migrations_url=roles.admin_url),
            RoleOwnsTables,
        ),
        (
            roles.settings(database_url=roles.app_url, migrations_url=roles.admin_url),
            OwnerTooStrong,
        ),
        (
            roles.of_both(direct_url=with_database(roles.app_url, "postgres")),
            OtherDatabase,
        ),
        (roles.settings(database_url=roles.app_url), DatabaseNotMigrated),
    ):
        with pytest.raises(error) as caught:
            async with open_house(settings, load_sample=True):
                pass
        problem = problem_of(caught.value)
        assert problem.exit == 1
        assert problem.code == error.code
        assert not await roles.has_tables()


async def test_the_doctor_finds_that_the_owner_may_make_no_tables_as_init_does(
    roles: Roles, postgres_server: PostgresServer
) -> None:
    """Of an empty database; once nothing is missing no table is made, and the right not needed."""
    name = f"maker_{uuid4().hex}"
    admin = await asyncpg.connect(roles.admin_url)
    await admin.execute(f"create role {name} login password 'plain'")
    app = urlsplit(roles.app_url)
    maker = app._replace(netloc=f"{name}:plain@{app.netloc.rpartition('@')[2]}").geturl()
    settings = roles.of_both().model_copy(update={"migrations_url": maker})
    try:
        (said,) = [one for one in (await examination(settings)).checks if one.name == "owner"]
        assert not said.is_ok
        assert "OFFERPATH_MIGRATIONS_URL" in str(said.remedy)
        with pytest.raises(NotTheOwner) as caught:
            async with open_house(settings, load_sample=False):
                pass
        problem = problem_of(caught.value)
        assert (said.message, said.remedy) == (
            f"{problem.message} ({problem.code})",
            problem.remedy,
        )
        await admin.execute(f"grant create on schema public to {name}")
        async with open_house(settings, load_sample=False):
            pass
        await admin.execute(f"revoke create on schema public from {name}")
        assert marks(await examination(settings))["owner"] == "ok"
    finally:
        await admin.execute(f"drop owned by {name} cascade")
        await admin.execute(f"drop role {name}")
        await admin.close()


async def test_the_doctor_says_what_an_empty_database_needs(roles: Roles) -> None:
    for settings, names_the_owner in (
        (roles.settings(database_url=roles.app_url), True),
        (roles.of_both(), False),
        (roles.settings(database_url=roles.owner_url), False),
    ):
        found = await examination(settings)
        (said,) = [one for one in found.checks if one.name == "migrations"]
        assert not said.is_ok
        assert "offerpath init" in str(said.remedy)
        assert ("OFFERPATH_MIGRATIONS_URL" in str(said.remedy)) is names_the_owner


async def test_the_doctor_finds_rights_that_are_not_as_they_should_be(both: Roles) -> None:
    owner = await asyncpg.connect(both.owner_url)
    await owner.execute(f"grant delete on audit_entry to {urlsplit(both.app_url).username}")
    await owner.close()
    found = await examination(both.of_both())
    assert (found.is_ok, marks(found)["role"]) == (False, "broken")
    async with open_house(both.of_both(), load_sample=False):
        pass
    assert (await examination(both.of_both())).is_ok


async def test_more_connections_than_the_server_has_are_warned_of_with_figures(
    both: Roles, caplog: pytest.LogCaptureFixture
) -> None:
    many = both.of_both(workers=7, pool_max=99)
    assert await warnings_of(many, caplog) == [TOO_FEW_CONNECTIONS]
    found = await examination(many)
    assert (found.is_ok, marks(found)["connections"]) == (True, "warning")
    (said,) = [check.message for check in found.checks if check.name == "connections"]
    for figure in ("7 of OFFERPATH_WORKERS", "99 of OFFERPATH_POOL_MAX", "700 connections"):
        assert figure in said
    pooled = many.model_copy(update={"direct_url": both.app_url + "?"})
    assert marks(await examination(pooled))["connections"] == "ok"


async def test_a_limit_of_the_role_counts_as_well(both: Roles) -> None:
    admin, role = await asyncpg.connect(both.admin_url), urlsplit(both.app_url).username
    for limit, mark in ((11, "ok"), (10, "warning"), (-1, "ok")):
        await admin.execute(f"alter role {role} connection limit {limit}")
        assert marks(await examination(both.of_both()))["connections"] == mark
    await admin.close()


def wrong(url: str, how: str, *, other: str) -> str:
    """Return an address that does not lead where it should."""
    parts = urlsplit(url)
    match how:
        case "password":
            return parts._replace(
                netloc=f"{parts.username}:hidden@{parts.netloc.rpartition('@')[2]}"
            ).geturl()
        case "database":
            return with_database(url, "postgres")
        case "no database":
            return with_database(url, "nothing_here")
        case "server":
            return parts._replace(netloc=f"{parts.netloc.rpartition(':')[0]}:1").geturl()
        case _:
            return other


CASES = {
    "password": "DATABASE_UNAVAILABLE",
    "database": "DATABASE_ADDRESSES_DIFFER",
    "no database": "DATABASE_UNAVAILABLE",
    "server": "DATABASE_UNAVAILABLE",
}


@pytest.mark.parametrize(
    ("setting", "how", "code"),
    [
        *(("migrations_url", how, code) for how, code in CASES.items()),
        ("migrations_url", "role", "DATABASE_ONE_ROLE_FOR_BOTH"),
        *(("direct_url", how, code) for how, code in CASES.items()),
        ("direct_url", "role", "DATABASE_ROLES_DIFFER"),
    ],
)
async def test_a_wrong_address_is_told_by_name_in_one_line(
    both: Roles, setting: str, how: str, code: str
) -> None:
    """By `doctor`, which goes on, and by a start, which does not."""
    right, other = both.owner_url, both.app_url
    if setting == "direct_url":
        right, other = other, right
    settings = both.of_both().model_copy(update={setting: wrong(right, how, other=other)})
    found = await examination(settings)
    name = {"migrations_url": "owner", "direct_url": "direct"}[setting]
    (said,) = [check for check in found.checks if not check.is_ok]
    assert said.name == name
    assert f"({code})" in said.message
    assert f"OFFERPATH_{setting.upper()}" in str(said.remedy)
    assert not any("\n" in text or "hidden" in text for text in (said.message, str(said.remedy)))
    assert found.asked is not None
    with pytest.raises(Exception, match=r".") as caught:
        async with open_house(settings, load_sample=False):
            pass
    problem = problem_of(caught.value)
    assert (problem.code, problem.remedy) == (code, said.remedy)
    assert said.message == f"{problem.message} ({code})"


async def test_addresses_that_are_right_are_told_as_such(both: Roles) -> None:
    found = await examination(both.of_both(direct_url=both.app_url + "?application_name=direct"))
    told = {check.name: check.message for check in found.checks if check.is_ok}
    assert {"owner", "direct"} <= told.keys()
    assert str(urlsplit(both.owner_url).username) in told["owner"]


@pytest.mark.parametrize("name", ["OFFERPATH_MIGRATIONS_URL", "OFFERPATH_DIRECT_URL"])
def test_another_address_needs_that_of_the_application(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OFFERPATH_DATABASE_URL", raising=False)
    monkeypatch.setenv(name, ADDRESS)
    with pytest.raises(BadSetting, match=f"{name} is set, which needs OFFERPATH_DATABASE_URL"):
        load_settings()


@pytest.mark.parametrize("name", ["OFFERPATH_MIGRATIONS_URL", "OFFERPATH_DIRECT_URL"])
def test_another_address_is_as_secret_and_may_come_from_a_file(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFERPATH_DATABASE_URL", ADDRESS)
    monkeypatch.setenv("OFFERPATH_SECRETS_DIR", str(tmp_path))
    (tmp_path / name.lower()).write_text(f"{ADDRESS}\n")
    settings = load_settings()
    assert getattr(settings, name.lower().removeprefix("offerpath_")) == ADDRESS
    assert "hidden" not in repr(settings)
    monkeypatch.setenv(name, ADDRESS.replace("postgresql", "mysql"))
    with pytest.raises(BadSetting) as caught:
        load_settings()
    assert "hidden" not in str(caught.value)
