"""Whether an installation works: each thing that must hold, looked at in turn."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from db.addresses import look_at_direct
from db.grants import is_granted
from db.migrate import look_at_owner, waiting_for
from db.pool import Database
from db.stores import postgres_stores
from offerpath.cli.problems import problem_of
from offerpath.database_access import (
    Addresses,
    Concern,
    concern_of_connections,
    concern_of_role,
    database_addresses,
    opened_database,
)
from offerpath.house import local_principal
from offerpath.settings import Settings
from planner.facts import content_hash
from resolvers.asked import Asked
from resolvers.catalog.catalogs import Catalogs


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold, and what was found."""

    name: str
    is_ok: bool
    message: str
    remedy: str | None = None
    is_warning: bool = False
    """It holds, and is yet not as it should be."""


@dataclass(slots=True)
class Examination:
    """What was found so far; it ends at the first fault that lets nothing more be looked at."""

    checks: list[Check] = field(default_factory=list)
    postgres: str | None = None
    asked: Asked | None = None
    """A question to the installation, where its catalog can be read."""

    @property
    def is_ok(self) -> bool:
        return all(check.is_ok for check in self.checks)

    def passed(self, name: str, message: str) -> None:
        self.checks.append(Check(name, True, message))

    def failed(self, name: str, message: str, remedy: str | None) -> None:
        self.checks.append(Check(name, False, message, remedy))

    def warned(self, name: str, concern: Concern) -> None:
        said = f"{concern.message} ({concern.code})"
        self.checks.append(Check(name, True, said, concern.remedy, is_warning=True))

    @contextmanager
    def naming(self, name: str) -> Iterator[None]:
        """Turn what goes wrong in the block into a failed check of that name."""
        try:
            yield
        except Stop:
            raise
        except Exception as error:
            problem = problem_of(error)
            self.failed(name, f"{problem.message} ({problem.code})", problem.remedy)
            raise Stop from None


class Stop(Exception):
    """Nothing more can be looked at."""


@asynccontextmanager
async def examined(settings: Settings) -> AsyncIterator[Examination]:
    """Look at everything, change nothing; the database is open as long as the block."""
    found = Examination()
    with suppress(Stop):
        async with _database(settings, found) as database:
            with suppress(Stop):
                await _look_at_catalog(settings, database, found)
            yield found
            return
    yield found


@asynccontextmanager
async def _database(settings: Settings, found: Examination) -> AsyncIterator[Database]:
    folder = settings.data_dir / "postgres"
    if settings.database_url is None and not folder.exists():
        found.failed("server", f"nothing is set up in {folder.parent}", "Run `offerpath init`")
        raise Stop
    async with AsyncExitStack() as stack:
        with found.naming("server"):
            addresses = stack.enter_context(database_addresses(settings))
        with found.naming("role"):
            # As few connections as will do: others may have all the rest.
            few = settings.model_copy(update={"pool_min": 0, "pool_max": 2})
            database = await stack.enter_async_context(opened_database(addresses, few))
        await _look_at_server(database, found, None if settings.database_url else folder)
        await _look_at_other_addresses(settings, database, found)
        await _look_at_migrations(database, found, addresses)
        await _look_at_rights(database, found)
        await _look_at_connections(settings, addresses, database, found)
        yield database


async def _look_at_server(database: Database, found: Examination, folder: Path | None) -> None:
    where = "the server of OFFERPATH_DATABASE_URL" if folder is None else f"embedded, in {folder}"
    async with database.administration(read_only=True) as connection:
        version = connection.get_server_version()
    # Since PostgreSQL 10 the second number is what the driver calls micro.
    found.postgres = f"{version.major}.{version.micro}"
    found.passed("server", f"PostgreSQL {found.postgres} answers ({where})")


async def _look_at_other_addresses(
    settings: Settings, database: Database, found: Examination
) -> None:
    """Each that is set is told of, also where another one is wrong."""
    if settings.direct_url is not None:
        with suppress(Stop), found.naming("direct"):
            await look_at_direct(database, settings.direct_url)
            found.passed("direct", "the same database and role, without the pooler")
    if settings.migrations_url is not None:
        with suppress(Stop), found.naming("owner"):
            role = await look_at_owner(database, settings.migrations_url)
            found.passed("owner", f"the same database, and the role {role} may own its tables")


async def _look_at_migrations(database: Database, found: Examination, addresses: Addresses) -> None:
    with found.naming("migrations"):
        waiting = await waiting_for(database)
    if waiting:
        role, remedy = database.role, "Run `offerpath init`"
        if addresses.owner_url is None and not (role.is_owner or role.may_create):
            remedy += " with OFFERPATH_MIGRATIONS_URL, the role that owns the tables"
        found.failed("migrations", f"not applied: {', '.join(waiting)}", remedy)
        raise Stop
    found.passed("migrations", "all are applied")


async def _look_at_rights(database: Database, found: Examination) -> None:
    role = database.role.name
    if concern := concern_of_role(database):
        found.warned("role", concern)
        return
    with found.naming("role"):
        async with database.administration(read_only=True) as connection:
            has_its_rights = await is_granted(connection, role)
    if not has_its_rights:
        found.failed(
            "role",
            f"the role {role} has other rights on the tables than it needs",
            "Run `offerpath init` with OFFERPATH_MIGRATIONS_URL, which grants what it needs",
        )
        raise Stop
    found.passed("role", f"the role {role} owns nothing and cannot bypass row-level security")


async def _look_at_connections(
    settings: Settings, addresses: Addresses, database: Database, found: Examination
) -> None:
    with found.naming("connections"):
        concern = await concern_of_connections(settings, addresses, database)
        usable = (await database.look_at_room()).usable
    if concern is not None:
        found.warned("connections", concern)
    else:
        found.passed("connections", f"the server has {usable}, enough for all workers")


async def _look_at_catalog(settings: Settings, database: Database, found: Examination) -> None:
    catalogs = Catalogs(postgres_stores(database))
    with found.naming("catalog"):
        asked = await catalogs.asked(local_principal(settings), now=datetime.now(UTC))
        counted = await asyncio.to_thread(content_hash, asked.catalog.facts)
    if counted != asked.version.content_hash:
        found.failed(
            "catalog",
            f"version {asked.version.version_id} is stored with the hash "
            f"{asked.version.content_hash[:12]}, and its rows give {counted[:12]}",
            "Restore the database from a backup, or set up a new data folder",
        )
        raise Stop
    found.asked = asked
    found.passed("catalog", f"{asked.version.label}, its rows match its hash {counted[:12]}")
