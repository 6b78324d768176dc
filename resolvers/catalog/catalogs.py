"""Which catalog version answers a request, kept in memory once it was built."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from planner.catalog import Catalog
from resolvers.access.permits import Task, is_permitted, require
from resolvers.asked import Asked, NoCatalog
from resolvers.ports import Changes, StorageUnavailable, Stores
from resolvers.records.catalog import CatalogVersion
from resolvers.records.changes import RESYNC
from resolvers.records.principal import Principal
from resolvers.work.turns import Queues


@dataclass(frozen=True, slots=True)
class _Built:
    """One version as a graph, twice over the same nodes and edges."""

    whole: Catalog
    unpriced: Catalog
    """For principals who may not see prices."""


class Catalogs:
    """Catalog versions as graphs, shared by all requests of a process; the last few are kept."""

    def __init__(
        self,
        stores: Stores,
        *,
        keep: int = 4,
        seconds_current: float = 5.0,
        queues: Queues | None = None,
    ) -> None:
        """Keep that many built catalogs, and look for a newer version that often."""
        self.queues = queues or Queues()
        """What heavy work of this process waits for."""
        self._stores = stores
        self._catalogs = stores.catalogs
        self._keep = keep
        self._seconds_current = seconds_current
        self._built: OrderedDict[str, _Built] = OrderedDict()
        self._current: dict[str, tuple[CatalogVersion, float]] = {}
        self._building = asyncio.Lock()
        self._added = 0
        """How many versions were heard of, so that a look begun before one is not trusted."""

    async def keep_current(self, changes: Changes) -> None:
        """Look for a newer version at once when one is added, by any process; until cancelled.

        Whoever follows after this has begun finds the new version with `asked`.
        """
        with changes.follow_catalogs() as news:
            async for each in news:
                self._added += 1
                owner = None if each is RESYNC else each.partner_id
                for partner_id, (version, _) in [*self._current.items()]:
                    if owner in (None, partner_id):
                        # Kept, though it is to be looked for: the database may be away.
                        self._current[partner_id] = version, 0.0

    async def asked(self, principal: Principal, *, now: datetime) -> Asked:
        """Pin the partner's current catalog for one request, as the principal may see it.

        Raises: NotPermitted; NoCatalog.
        """
        require(principal, Task.READ_CATALOG)
        version = await self._version(principal)
        built = self._built.get(version.version_id) or await self._build(principal, version)
        shown = built.whole if is_permitted(principal, Task.READ_PRICES) else built.unpriced
        return Asked(principal, now, version, shown, self._stores, built.whole, self.queues)

    async def _version(self, principal: Principal) -> CatalogVersion:
        """Return the current version, looked up anew every few seconds: others may add one."""
        known = self._current.get(principal.partner_id)
        if known is not None and time.monotonic() < known[1]:
            return known[0]
        added = self._added
        try:
            version = await self._catalogs.current(principal)
        except StorageUnavailable:
            # What is in memory answers on while the database is away.
            if known is None:
                raise
            version = known[0]
        if version is None:
            raise NoCatalog
        until = time.monotonic() + self._seconds_current if added == self._added else 0.0
        self._current[principal.partner_id] = version, until
        return version

    async def _build(self, principal: Principal, version: CatalogVersion) -> "_Built":
        async with self._building:
            built = self._built.get(version.version_id)
            if built is None:
                facts = await self._catalogs.facts(principal, version.version_id)
                whole = await asyncio.to_thread(
                    Catalog,
                    facts,
                    version_id=version.version_id,
                    content_hash=version.content_hash,
                )
                built = _Built(whole, whole.without_prices())
                self._built[version.version_id] = built
                while len(self._built) > self._keep:
                    self._built.popitem(last=False)
        return built
