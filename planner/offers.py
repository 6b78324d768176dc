"""What an offer is: a legacy licence offer or a new-commerce SKU, and what is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from planner.ids import CatalogId, ProductGuid, ServicePlanId


class Commerce(StrEnum):
    """Which of Microsoft's two catalogs an offer belongs to."""

    LEGACY = "LEGACY"
    NEW_COMMERCE = "NEW_COMMERCE"


class Segment(StrEnum):
    """Whom an offer is for, as Microsoft's price lists name it."""

    COMMERCIAL = "COMMERCIAL"
    EDUCATION = "EDUCATION"
    CHARITY = "CHARITY"
    GOVERNMENT = "GOVERNMENT"


class Known(StrEnum):
    """A yes, a no, or not known; absence of a fact is never a no."""

    YES = "YES"
    NO = "NO"
    UNKNOWN = "UNKNOWN"


class LimitScope(StrEnum):
    """How often a tenant may own a legacy offer [docs/sources.md 6]."""

    NONE = "NONE"
    CONCURRENT = "CONCURRENT"
    LIFETIME = "LIFETIME"


@dataclass(frozen=True, slots=True)
class Offer:
    """One node of the catalog graph. Whatever may be unknown is None, never empty or zero."""

    catalog_id: CatalogId
    title: str
    commerce: Commerce
    segment: Segment | None
    is_addon: Known
    is_trial: bool
    markets: frozenset[str] | None
    """ISO 3166 alpha-2 codes in which a source lists the offer; None where no source says."""
    sources: tuple[str, ...]
    former_titles: tuple[str, ...] = ()
    product_guid: ProductGuid | None = None
    provisioning_id: str | None = None
    minimum_seats: int | None = None
    maximum_seats: int | None = None
    limit: int | None = None
    limit_scope: LimitScope = LimitScope.NONE
    duration: str | None = None
    """A legacy term as the offer matrix writes it, such as `1 Year`."""
    billing: tuple[str, ...] = ()
    """Legacy: billing frequencies. New commerce: `term/billing plan`, such as `P1Y/Monthly`."""


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """A service inside a product, such as Exchange Online (Plan 1)."""

    plan_id: ServicePlanId
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Product:
    """A product of Microsoft's identifier table with the service plans it carries."""

    product_guid: ProductGuid
    string_id: str
    title: str
    plan_ids: frozenset[ServicePlanId]
    source: str


@dataclass(frozen=True, slots=True)
class Price:
    """A retail (ERP) price per seat for the whole term, in the currency's major unit."""

    catalog_id: CatalogId
    segment: Segment
    term: str
    billing_plan: str
    market: str
    currency: str
    amount: Decimal
    effective_start: date | None
    effective_end: date | None
    """The last day on which the price holds (inclusive)."""
    source: str


ServicePlans = Mapping[ServicePlanId, ServicePlan]
