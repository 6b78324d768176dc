"""The one place where rooms are joined: a database that is ready, and what asks it questions."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import db
from db.addresses import look_at_direct
from db.migrate import bring_up_to_date
from db.pool import Database
from db.stores import postgres_stores
from offerpath.database_access import (
    Addresses,
    OnProgress,
    concern_of_connections,
    concern_of_role,
    database_addresses,
    opened_database,
    say_nothing,
)
from offerpath.import_files import import_reader
from offerpath.rate_limits import queues
from offerpath.settings import Settings
from planner.permissions import Role
from resolvers.asked import Asked
from resolvers.catalog.catalogs import Catalogs
from resolvers.ports import CatalogStore, CustomerStore, ImportReader, Stores
from resolvers.records.principal import Principal

if TYPE_CHECKING:
    from offerpath.sign_in.recognition import SignedIn, SignIn

log = logging.getLogger("offerpath.house")

_NOBODY = Principal("00000000-0000-0000-0000-000000000000", frozenset())
"""A principal that owns nothing: it sees the public catalogs alone."""
ITSELF = replace(_NOBODY, roles=frozenset({Role.MPN_PARTNER_ADMIN}))
"""The same with a role that reads catalogs and no customers: for what the process asks by itself
where sign-in is on."""
_NOTE = "bundled-catalog.txt"


@dataclass(frozen=True, slots=True)
class House:
    """All that a request or a command needs, ready for use."""

    settings: Settings
    url: str
    """The database's address without a pooler, with its password: not to be shown."""
    database: Database
    catalogs: Catalogs
    principal: Principal
    """The one local partner, with every role; where sign-in is on, `ITSELF`."""
    read_import: ImportReader
    sign_in: "SignIn | None" = None
    """Knows who asks; None where sign-in is off, and everybody is the local partner."""

    async def principal_of(self, authorization: str | None) -> Principal:
        """Return who stands behind an Authorization header. Raises: SignInRefused."""
        signed_in = await self.signed_in(authorization)
        return self.principal if signed_in is None else signed_in.principal

    async def signed_in(self, authorization: str | None) -> "SignedIn | None":
        """Return who asks, and until when; None without sign-in. Raises: SignInRefused."""
        return None if self.sign_in is None else await self.sign_in.signed_in(authorization)

    async def as_holder(self) -> "House":
        """Return the house as the holder of OFFERPATH_TOKEN enters it. Raises: SignInRefused."""
        if self.sign_in is None:
            return self
        token = self.settings.token
        principal = await self.principal_of(f"Bearer {token}" if token else None)
        return replace(self, principal=principal)

    async def asked(self, *, now: datetime | None = None) -> Asked:
        """Pin the current catalog for one question, asked now unless told otherwise."""
        return await self.catalogs.asked(self.principal, now=now or datetime.now(UTC))


@asynccontextmanager
async def open_house(
    settings: Settings, *, load_sample: bool, on_progress: OnProgress = say_nothing
) -> AsyncIterator[House]:
    """Bring the database up to date, fill it where it is empty, and hand out the house.

    Cost: about 3 s for the first start, 0.2 s for later ones. What is there already is left alone.
    Whoever may load the sample sets the installation up, and is told what is not as it should be.
    Raises: EmbeddedServerError, StorageUnavailable and the other errors of `db`.
    """
    # Before the event loop has other work: attach blocks, and nobody waits for anything else yet.
    with database_addresses(settings, on_progress) as addresses:
        url = addresses.direct_url
        # The role comes first: one that is refused shall not have changed anything.
        async with opened_database(addresses, settings) as database:
            if addresses.is_pooled:
                await look_at_direct(database, url)
            if await bring_up_to_date(database, url=url, owner_url=addresses.owner_url):
                on_progress("Made the tables of this version")
            if load_sample:
                await _tell_concerns(settings, addresses, database)
            stores = postgres_stores(database)
            catalogs, customers = stores.catalogs, stores.customers
            await _load_bundled_catalog(catalogs, settings.data_dir / _NOTE, on_progress)
            reader = import_reader(settings.max_import_bytes)
            graphs = Catalogs(stores, queues=queues(settings))
            if settings.auth != "off":
                async with _signing_in(settings, stores) as sign_in:
                    yield House(settings, url, database, graphs, ITSELF, reader, sign_in)
                return
            principal = local_principal(settings)
            await customers.ensure_partner(principal, name="local")
            if load_sample and settings.sample:
                await _load_sample(customers, principal, on_progress)
            yield House(settings, url, database, graphs, principal, reader)


@asynccontextmanager
async def _signing_in(settings: Settings, stores: Stores) -> AsyncIterator["SignIn"]:
    # Loaded where it is used: an installation without sign-in starts without its libraries.
    from offerpath.sign_in.recognition import SignIn

    async def ensure_partner(principal: Principal) -> None:
        await stores.customers.ensure_partner(principal, name=principal.partner_id)

    sign_in = SignIn.of(settings, stores.keys, ensure_partner)
    try:
        yield sign_in
    finally:
        await sign_in.close()


def local_principal(settings: Settings) -> Principal:
    """Return the partner of an installation without sign-in, with every role."""
    return Principal(settings.partner_id, frozenset(Role), settings.partner_type)


async def _tell_concerns(settings: Settings, addresses: Addresses, database: Database) -> None:
    connections = await concern_of_connections(settings, addresses, database)
    for concern in (concern_of_role(database), connections):
        if concern is not None:
            log.warning("%s: %s. %s", concern.code, concern.message, concern.remedy)


def bundled_label() -> str:
    """Return the label of the bundled catalog: it changes with its files and their readers.

    A hash of 2.4 MB, 5 ms, instead of the half second that reading them takes.
    """
    room = Path(db.__file__).parent
    digest = hashlib.sha256()
    for file in (*sorted(room.glob("bundled*.py")), *sorted((room / "seed").iterdir())):
        digest.update(f"{file.name}\0".encode())
        digest.update(file.read_bytes())
    return f"bundled:{digest.hexdigest()[:12]}"


async def _load_bundled_catalog(
    catalogs: CatalogStore, note: Path, on_progress: OnProgress
) -> None:
    """Store the bundled catalog unless that was done; `note` remembers where rows are the same."""
    newest, label = await catalogs.current(_NOBODY), bundled_label()
    if newest and (newest.label == label or _read(note) == f"{label} {newest.content_hash}"):
        return
    from db.bundled import bundled_facts

    on_progress("Loading the bundled catalog")
    await catalogs.add_bundled(await asyncio.to_thread(bundled_facts), label=label)
    newest = await catalogs.current(_NOBODY)
    if newest is not None and newest.label != label:
        # Other bytes, the same rows: the stored version stays, with its older label.
        _write(note, f"{label} {newest.content_hash}")


def _read(note: Path) -> str:
    try:
        return note.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _write(note: Path, text: str) -> None:
    """Write it if that can be done: without it the next start takes half a second longer."""
    with suppress(OSError):
        note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        note.write_text(text, encoding="utf-8")


async def _load_sample(
    customers: CustomerStore, principal: Principal, on_progress: OnProgress
) -> None:
    if (await customers.page(principal, first=1, after=None, text=None)).total:
        return
    from formats.sample.portfolio import sample_portfolio

    on_progress("Loading sample customers")
    await customers.store(principal, sample_portfolio())
