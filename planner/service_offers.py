"""Which offers give the services that are wanted, and which versions give more of them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from planner.availability import sold_in
from planner.catalog import Catalog
from planner.goals import UnknownServicePlan
from planner.ids import CatalogId, ServicePlanId
from planner.offers import Commerce, Known, Offer, Segment, ServicePlan
from planner.paths import Path, kept_reachable
from planner.pricing.prices import Quote, cheapest_month
from planner.scope import Scope, whole_day
from planner.service_sets import (
    ServiceEffect,
    ServicesNotKnown,
    in_order_of_title,
    service_effect,
    services_not_known,
)
from planner.transitions import EvidenceKind


@dataclass(frozen=True, slots=True)
class OfferWithServices:
    """An offer that gives the services wanted, and what it gives beside them."""

    offer: Offer
    extra: tuple[ServicePlan, ...]
    """In order of title, without common ones."""
    price: Quote | None
    """Its cheapest month for one seat in the market; None where no list tells, or no market."""
    sold: Known | None
    """Whether it is sold in the market; None where none was named."""
    evidence: EvidenceKind


@dataclass(frozen=True, slots=True)
class OffersWithServices:
    """Fewest extra services first, then by price (unknown last), then by id."""

    offers: tuple[OfferWithServices, ...]
    not_known: int
    """How many offers that the filters let through have services that nobody tells."""


def offers_with(
    catalog: Catalog,
    plan_ids: frozenset[ServicePlanId],
    *,
    commerce: Commerce | None = None,
    market: str | None = None,
    segment: Segment | None = None,
    on: date,
) -> OffersWithServices:
    """Return the offers known to give at least these services. Raises: UnknownServicePlan.

    Trials are left out: nobody keeps one. A market leaves out what a complete list says is not
    sold there, and keeps the unknown.
    """
    for plan_id in sorted(plan_ids):
        if plan_id not in catalog.service_plans:
            raise UnknownServicePlan(plan_id)
    asked = [
        offer
        for offer in catalog.offers.values()
        if not offer.is_trial
        and commerce in (None, offer.commerce)
        and segment in (None, offer.segment)
        and _sold(catalog, offer, market, on) is not Known.NO
    ]
    found = [
        _with_services(catalog, offer, plan_ids, market, on)
        for offer in asked
        if (plans := catalog.plans.get(offer.catalog_id)) and plan_ids <= plans.plan_ids
    ]
    not_known = sum(offer.catalog_id not in catalog.plans for offer in asked)
    return OffersWithServices(tuple(sorted(found, key=_by_extra)), not_known)


def _sold(catalog: Catalog, offer: Offer, market: str | None, on: date) -> Known | None:
    return None if market is None else sold_in(offer, market, catalog.facts.coverage, on)


def _with_services(
    catalog: Catalog,
    offer: Offer,
    wanted: frozenset[ServicePlanId],
    market: str | None,
    on: date,
) -> OfferWithServices:
    plans = catalog.plans[offer.catalog_id]
    extra = in_order_of_title(catalog, plans.plan_ids - wanted - catalog.common_plans.keys())
    price = None if market is None else cheapest_month(catalog, offer.catalog_id, market, on)
    sold = _sold(catalog, offer, market, on)
    return OfferWithServices(offer, extra, price, sold, plans.evidence)


def _by_extra(one: OfferWithServices) -> tuple[int, bool, str, Decimal, CatalogId]:
    month = None if one.price is None else one.price.per_month
    currency = "" if one.price is None else one.price.currency
    return len(one.extra), month is None, currency, month or Decimal(0), one.offer.catalog_id


@dataclass(frozen=True, slots=True)
class BetterVersion:
    """A target that keeps everything and adds something, with the best way there."""

    path: Path
    effect: ServiceEffect


@dataclass(frozen=True, slots=True)
class BetterVersions:
    """Versions with more services in the paths' order of merit."""

    versions: tuple[BetterVersion, ...]
    with_losses: tuple[BetterVersion, ...]
    """Targets that add something and lose something, which `effect` names."""
    not_known: tuple[CatalogId, ...]
    """Targets within reach whose services nobody tells, in order of merit."""


def better_versions(
    catalog: Catalog, origin: CatalogId, scope: Scope
) -> BetterVersions | ServicesNotKnown:
    """Return the targets within reach that keep every service and add some.

    A plan counts as kept where a larger one of its family takes its place (Plan 1 by Plan 2).
    Source: the upgrade page ("a different version with more services"). Raises: UnknownOffer;
    OutOfBudget.
    """
    if catalog.offer(origin).catalog_id not in catalog.plans:
        return services_not_known(catalog, (origin,))
    found: list[BetterVersion] = []
    trades: list[BetterVersion] = []
    opaque: list[CatalogId] = []
    for path in kept_reachable(catalog, origin, whole_day(scope)):
        effect = service_effect(catalog, origin, path.target)
        if isinstance(effect, ServicesNotKnown):
            opaque.append(path.target)
        elif effect.added or effect.families:
            wanted = found if effect.keeps_everything else trades
            wanted.append(BetterVersion(path, effect))
    return BetterVersions(tuple(found), tuple(trades), tuple(opaque))
