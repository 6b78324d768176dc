"""Whether an installation works: each thing that must hold, looked at in turn."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from db.migrate import pending
from db.pool import Database
from db.stores import postgres_stores
from offerpath.cli.problems import problem_of
from offerpath.house import database_address, local_principal
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
    with ExitStack() as stack:
        with found.naming("server"):
            url = stack.enter_context(database_address(settings))
        await _look_at_migrations(url, found)
        database = await _look_at_role(url, found, folder if not settings.database_url else None)
        try:
            yield database
        finally:
            await database.close()


async def _look_at_migrations(url: str, found: Examination) -> None:
    with found.naming("migrations"):
        waiting = await pending(url)
    if waiting:
        listed = ", ".join(waiting)
        found.failed("migrations", f"not applied: {listed}", "Run `offerpath init`")
        raise Stop
    found.passed("migrations", "all are applied")


async def _look_at_role(url: str, found: Examination, folder: Path | None) -> Database:
    where = "the server of OFFERPATH_DATABASE_URL" if folder is None else f"embedded, in {folder}"
    with found.naming("role"):
        database = await Database.open(url)
    async with database.administration(read_only=True) as connection:
        version = connection.get_server_version()
    # Since PostgreSQL 10 the second number is what the driver calls micro.
    found.postgres = f"{version.major}.{version.micro}"
    found.passed("server", f"PostgreSQL {found.postgres} answers ({where})")
    role = urlsplit(url).username or "of the connection"
    found.passed("role", f"the role {role} is no superuser and cannot bypass row-level security")
    return database


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
