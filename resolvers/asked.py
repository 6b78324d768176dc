"""Who asks, when, and of which catalog: what every use case of one request shares."""

from dataclasses import dataclass
from datetime import datetime

from planner.catalog import Catalog
from planner.permissions import Acting
from resolvers.ports import CatalogStore, CustomerStore, PlanStore
from resolvers.records import CatalogVersion, Principal


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: its principal, its instant, and the one catalog version it is answered from."""

    principal: Principal
    now: datetime
    """The request's instant, aware UTC; the default of every `at`."""
    version: CatalogVersion
    catalog: Catalog
    catalogs: CatalogStore
    customers: CustomerStore
    plans: PlanStore

    @property
    def acting(self) -> Acting:
        """Who carries moves out, as far as the principal tells."""
        return Acting(self.principal.roles, self.principal.partner_type)


class NoCatalog(RuntimeError):
    """No catalog version is stored yet; `offerpath init` loads the bundled one."""

    code = "NO_CATALOG"

    def __init__(self) -> None:
        super().__init__("no catalog is loaded; run `offerpath init`")
