"""Where a path may end: an offer, a product, new commerce, or a set of services."""

from dataclasses import dataclass
from functools import lru_cache

from planner.catalog import Catalog
from planner.ids import CatalogId, ServicePlanId
from planner.offers import Commerce


@dataclass(frozen=True, slots=True)
class OfferGoal:
    """Exactly this offer."""

    catalog_id: CatalogId


@dataclass(frozen=True, slots=True)
class ProductGoal:
    """Any SKU of this new-commerce product."""

    product_id: str


@dataclass(frozen=True, slots=True)
class NewCommerceGoal:
    """Any new-commerce SKU."""


@dataclass(frozen=True, slots=True)
class ServicesGoal:
    """Any new-commerce SKU known to give at least these service plans."""

    plan_ids: frozenset[ServicePlanId]


Goal = OfferGoal | ProductGoal | NewCommerceGoal | ServicesGoal


class UnknownProduct(LookupError):
    """The catalog has no SKU of this product."""

    code = "PRODUCT_NOT_FOUND"

    def __init__(self, product_id: str) -> None:
        super().__init__(f"the catalog has no new-commerce SKU of product {product_id}")
        self.identifier = product_id


class UnknownServicePlan(LookupError):
    """The catalog knows no service plan with this id."""

    code = "SERVICE_PLAN_NOT_FOUND"

    def __init__(self, plan_id: str) -> None:
        super().__init__(f"the catalog knows no service plan {plan_id}")
        self.identifier = plan_id


def members_of(catalog: Catalog, goal: Goal) -> frozenset[CatalogId]:
    """Return the offers that meet a goal.

    Raises: UnknownOffer, UnknownProduct, UnknownServicePlan for an id nobody has.
    """
    match goal:
        case OfferGoal(catalog_id):
            return frozenset({catalog.offer(catalog_id).catalog_id})
        case ProductGoal(product_id):
            return _skus(catalog, product_id)
        case ServicesGoal(plan_ids):
            return _giving(catalog, plan_ids)
        case NewCommerceGoal():
            return _new_commerce(catalog)


def _skus(catalog: Catalog, product_id: str) -> frozenset[CatalogId]:
    skus = catalog.skus_of(product_id)
    if not skus:
        raise UnknownProduct(product_id)
    return frozenset(skus)


def _giving(catalog: Catalog, plan_ids: frozenset[ServicePlanId]) -> frozenset[CatalogId]:
    for plan_id in sorted(plan_ids):
        if plan_id not in catalog.service_plans:
            raise UnknownServicePlan(plan_id)
    return frozenset(
        catalog_id
        for catalog_id in _new_commerce(catalog)
        if (plans := catalog.plans.get(catalog_id)) is not None and plan_ids <= plans.plan_ids
    )


@lru_cache(maxsize=8)
def _new_commerce(catalog: Catalog) -> frozenset[CatalogId]:
    return frozenset(
        offer.catalog_id
        for offer in catalog.offers.values()
        if offer.commerce is Commerce.NEW_COMMERCE
    )
