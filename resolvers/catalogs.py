"""Which catalog version answers a request, kept in memory once it was built."""

import asyncio
import time
from collections import OrderedDict
from datetime import datetime

from planner.catalog import Catalog
from resolvers.asked import Asked, NoCatalog
from resolvers.ports import CatalogStore, CustomerStore, PlanStore, StorageUnavailable
from resolvers.records import CatalogVersion, Principal


class Catalogs:
    """Catalog versions as graphs, shared by all requests of a process; the last few are kept."""

    def __init__(
        self,
        catalogs: CatalogStore,
        customers: CustomerStore,
        plans: PlanStore,
        *,
        keep: int = 4,
        seconds_current: float = 5.0,
    ) -> None:
        """Keep that many built catalogs, and look for a newer version that often."""
        self._catalogs = catalogs
        self._customers = customers
        self._plans = plans
        self._keep = keep
        self._seconds_current = seconds_current
        self._built: OrderedDict[str, Catalog] = OrderedDict()
        self._current: dict[str, tuple[CatalogVersion, float]] = {}
        self._building = asyncio.Lock()

    async def asked(self, principal: Principal, *, now: datetime) -> Asked:
        """Pin the partner's current catalog for one request. Raises: NoCatalog."""
        version = await self._version(principal)
        catalog = self._built.get(version.version_id) or await self._build(principal, version)
        return Asked(principal, now, version, catalog, self._catalogs, self._customers, self._plans)

    async def _version(self, principal: Principal) -> CatalogVersion:
        """Return the current version, looked up anew every few seconds: others may add one."""
        known = self._current.get(principal.partner_id)
        if known is not None and time.monotonic() < known[1]:
            return known[0]
        try:
            version = await self._catalogs.current(principal)
        except StorageUnavailable:
            # What is in memory answers on while the database is away.
            if known is None:
                raise
            version = known[0]
        if version is None:
            raise NoCatalog
        self._current[principal.partner_id] = version, time.monotonic() + self._seconds_current
        return version

    async def _build(self, principal: Principal, version: CatalogVersion) -> Catalog:
        async with self._building:
            built = self._built.get(version.version_id)
            if built is None:
                facts = await self._catalogs.facts(principal, version.version_id)
                built = await asyncio.to_thread(
                    Catalog,
                    facts,
                    version_id=version.version_id,
                    content_hash=version.content_hash,
                )
                self._built[version.version_id] = built
                while len(self._built) > self._keep:
                    self._built.popitem(last=False)
        return built
