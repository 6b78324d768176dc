"""As whom, and by which way, is the database reached; and what of that an operator should mend."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Final

from db.errors import RoleOwnsTables
from db.pool import Database
from offerpath.keeper import Keeper
from offerpath.settings import PREFIX, Settings

OnProgress = Callable[[str], None]

TOO_FEW_CONNECTIONS: Final = "DATABASE_CONNECTIONS_TOO_FEW"


def say_nothing(_sentence: str) -> None:
    """Take progress that nobody asked for."""


@dataclass(frozen=True, slots=True, repr=False)
class Addresses:
    """Where the database is, with passwords: not to be shown."""

    url: str
    """For the application's transactions, maybe by a pooler."""
    direct_url: str
    """For the same role without a pooler: for what needs a session of its own."""
    owner_url: str | None
    """For the role that owns the tables; None where it is the application's, or is not given."""

    @property
    def is_pooled(self) -> bool:
        return self.url != self.direct_url


@contextmanager
def database_addresses(
    settings: Settings, on_progress: OnProgress = say_nothing
) -> Iterator[Addresses]:
    """Give the database's addresses; the embedded server runs at least until the block ends."""
    if settings.database_url is not None:
        direct = settings.direct_url or settings.database_url
        yield Addresses(settings.database_url, direct, settings.migrations_url)
        return
    with Keeper(settings.data_dir / "postgres", on_progress) as keeper:
        yield Addresses(keeper.url, keeper.url, keeper.owner_url)


@asynccontextmanager
async def opened_database(addresses: Addresses, settings: Settings) -> AsyncIterator[Database]:
    """Give a pool as set; first of all its role is looked at. Raises: RoleTooStrong."""
    database = await Database.open(
        addresses.url,
        min_size=settings.pool_min,
        max_size=settings.pool_max,
        statement_timeout_seconds=settings.statement_timeout_seconds,
        keeps_statements=not addresses.is_pooled,
    )
    try:
        yield database
    finally:
        await database.close()


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that works, and is not as it should be."""

    code: str
    message: str
    remedy: str


def concern_of_role(database: Database) -> Concern | None:
    """Return what to say of a role that owns its tables; None of one that owns nothing."""
    role = database.role
    if not (role.is_owner or role.may_create):
        return None
    return Concern(
        RoleOwnsTables.code,
        f"the database role {role.name} owns the tables that it works with, so a statement of its "
        "own could switch row-level security off",
        f"Set {PREFIX}MIGRATIONS_URL to that role and {PREFIX}DATABASE_URL to one that owns "
        "nothing: docs/running.md, Two roles",
    )


async def concern_of_connections(
    settings: Settings, addresses: Addresses, database: Database
) -> Concern | None:
    """Return what to say where the server has fewer connections than its processes may open."""
    each = 1 if addresses.is_pooled else settings.pool_max + 1
    needed, room = settings.workers * each, await database.look_at_room()
    if needed <= room.usable:
        return None
    counted = "" if addresses.is_pooled else f"{settings.pool_max} of {PREFIX}POOL_MAX and "
    return Concern(
        TOO_FEW_CONNECTIONS,
        f"{settings.workers} of {PREFIX}WORKERS x ({counted}1 that listens) are {needed} "
        f"connections, and the server has {room.usable} for the role {database.role.name} "
        f"(max_connections {room.most}, of which {room.reserved} are reserved)",
        f"Lower {PREFIX}POOL_MAX or {PREFIX}WORKERS, or raise the server's max_connections or the "
        "role's or database's connection limit",
    )
