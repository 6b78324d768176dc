"""Who asks, when, and of which catalog: what every use case of one request shares."""

from dataclasses import dataclass, field
from datetime import datetime

from planner.catalog import Catalog
from planner.permissions import Acting
from resolvers.access import permits
from resolvers.access.permits import Task
from resolvers.codes.code import Code
from resolvers.ports import AuditLog, CatalogStore, CustomerStore, PlanStore, Stores
from resolvers.records.catalog import CatalogVersion
from resolvers.records.principal import Principal
from resolvers.work.turns import Queues, Work


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: its principal, its instant, and the one catalog version it is answered from."""

    principal: Principal
    now: datetime
    """The request's instant, aware UTC; the default of every `at`."""
    version: CatalogVersion
    catalog: Catalog
    """Without prices where the principal may not see them."""
    stores: Stores
    whole_catalog: Catalog | None = None
    """The same with its prices, where `catalog` is without: for what nobody is shown."""
    queues: Queues = field(default_factory=Queues, compare=False, repr=False)
    """What heavy work waits for; shared by all requests of a process."""

    def require(self, task: Task) -> None:
        """Do nothing where the principal may do a task. Raises: NotPermitted."""
        permits.require(self.principal, task)

    def work(self) -> Work:
        """Return a piece of heavy work for the partner that asks; it has not begun."""
        return self.queues.work(self.principal.partner_id)

    @property
    def catalogs(self) -> CatalogStore:
        return self.stores.catalogs

    @property
    def customers(self) -> CustomerStore:
        return self.stores.customers

    @property
    def plans(self) -> PlanStore:
        return self.stores.plans

    @property
    def audit(self) -> AuditLog:
        return self.stores.audit

    @property
    def catalog_as_stored(self) -> Catalog:
        """The catalog with all it has, for telling whether a saved plan still holds."""
        return self.whole_catalog or self.catalog

    @property
    def acting(self) -> Acting:
        """Who carries moves out, as far as the principal tells."""
        return Acting(self.principal.roles, self.principal.partner_type)


class NoCatalog(RuntimeError):
    """No catalog version is stored yet; `offerpath init` loads the bundled one."""

    code = Code.NO_CATALOG

    def __init__(self) -> None:
        super().__init__("no catalog is loaded; run `offerpath init`")
