"""How two offers differ, which offers give the services wanted, and which versions give more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from planner.compare import Comparison, compare
from planner.customers import Customer, Subscription
from planner.goals import UnknownServicePlan
from planner.ids import CatalogId, ServicePlanId
from planner.offers import Commerce, Segment
from planner.scope import Scope
from planner.search import OutOfBudget
from planner.service_offers import (
    BetterVersions,
    OfferWithServices,
    better_versions,
    offers_with,
)
from planner.service_sets import ServiceConflicts, ServicesNotKnown, conflicts
from resolvers import inputs
from resolvers.asked import Asked
from resolvers.catalog.moves import ScopeRequest, checked_scope
from resolvers.codes.code import Code
from resolvers.problems import BadInput, NotFound, goal_not_found, limits, offer_not_found

MAX_SERVICES = 200


@dataclass(frozen=True, slots=True)
class MarketRequest:
    """In which market and segment, and on which day; None asks nothing of that field."""

    market: str | None = None
    segment: Segment | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ServicesPage:
    """Offers that give the services wanted, in order of merit, and what lies beyond."""

    offers: tuple[OfferWithServices, ...]
    has_next: bool
    total: int
    not_known: int
    """How many further offers may give them: nobody tells their services."""


def scope_in(asked: Asked, request: MarketRequest) -> Scope:
    """Read where and when a comparison holds. Raises: BadInput MALFORMED_MARKET."""
    at = request.at or asked.now
    return Scope(at, market=inputs.market(request.market), segment=request.segment)


def compare_offers(
    asked: Asked, origin: str, target: str, request: MarketRequest
) -> Comparison | NotFound:
    """Return two offers side by side. Raises: BadInput."""
    ends = inputs.catalog_id(origin), inputs.catalog_id(target)
    scope = scope_in(asked, request)
    for end in ends:
        if end not in asked.catalog.offers:
            return offer_not_found(end)
    return compare(asked.catalog, *ends, scope)


def offers_with_services(
    asked: Asked,
    service_plans: Sequence[str],
    request: MarketRequest,
    *,
    commerce: Commerce | None,
    first: int,
    after: CatalogId | None,
) -> ServicesPage | NotFound:
    """Return a page of the offers known to give at least these services. Raises: BadInput."""
    inputs.page_size(first)
    wanted = _service_plans(service_plans)
    scope = scope_in(asked, request)
    try:
        found = offers_with(
            asked.catalog,
            wanted,
            commerce=commerce,
            market=scope.market,
            segment=scope.segment,
            on=scope.day,
        )
    except UnknownServicePlan as error:
        return goal_not_found(error)
    begin = 0 if after is None else _position_after(found.offers, after)
    page = found.offers[begin : begin + first]
    has_next = begin + first < len(found.offers)
    return ServicesPage(page, has_next, len(found.offers), found.not_known)


def _service_plans(given: Sequence[str]) -> frozenset[ServicePlanId]:
    if not 1 <= len(given) <= MAX_SERVICES:
        raise BadInput(
            Code.SERVICES_OUT_OF_RANGE,
            f"name 1 to {MAX_SERVICES} service plans, not {len(given)}",
            parameters=limits("services", len(given), minimum=1, maximum=MAX_SERVICES),
        )
    return frozenset(ServicePlanId(inputs.guid(text, what="service plan")) for text in given)


def _position_after(found: Sequence[OfferWithServices], after: CatalogId) -> int:
    for index, one in enumerate(found):
        if one.offer.catalog_id == after:
            return index + 1
    raise BadInput(Code.CURSOR_FROM_ANOTHER_QUESTION, "this cursor belongs to another question")


def better_versions_of(
    asked: Asked, offer: CatalogId, request: ScopeRequest
) -> BetterVersions | ServicesNotKnown:
    """Return the versions of an offer with more services; the offer is there. Raises: BadInput."""
    try:
        return better_versions(asked.catalog, offer, checked_scope(asked, request))
    except OutOfBudget as error:
        raise BadInput(Code.GAVE_UP, str(error), remedy="ask for fewer steps") from None


def service_conflicts(
    asked: Asked, owner: Customer, subscription: Subscription, target: str
) -> ServiceConflicts | ServicesNotKnown | NotFound:
    """Return what a target would give a second time, and who gives it already. Raises: BadInput."""
    wanted = inputs.catalog_id(target)
    if wanted not in asked.catalog.offers:
        return offer_not_found(wanted)
    return conflicts(asked.catalog, owner, subscription, wanted)
