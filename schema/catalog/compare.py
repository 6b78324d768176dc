"""Two offers side by side, and offers that give the services wanted."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

import strawberry

from planner import service_offers as planner_services
from planner.catalog import Catalog
from planner.ids import CatalogId
from planner.offers import Commerce, Known, Segment
from planner.transitions import EvidenceKind
from resolvers.catalog import compare as use_cases
from resolvers.catalog import offers
from resolvers.catalog.compare import MarketRequest
from resolvers.problems import NotFound
from schema.catalog.comparison import Comparison, show_comparison
from schema.catalog.offer import Offer, ServicePlan, show_offer
from schema.catalog.price import Price, show_price
from schema.catalog.scope import ScopeInput
from schema.catalog.service_set import BetterVersions, ServicesNotKnown, better_versions, show_plans
from schema.context import Info
from schema.errors.problems import OfferNotFound
from schema.limits.arguments import PAGE, First
from schema.relay.connections import PageInfo, cursor_of, page_info
from schema.relay.cursors import decode_catalog_cursor, encode_catalog_cursor
from schema.scalars import Day, Instant

_WITH_SERVICES = "offersWithServices"


@strawberry.type(description="An offer that gives the services wanted.")
class OfferWithServices:
    offer: Offer = strawberry.field(description="The offer.")
    extra: list[ServicePlan] = strawberry.field(
        description="What it gives beside them, in order of title, without common plans."
    )
    cheapest_month: Price | None = strawberry.field(
        description="Null where no market was named, or no list of it tells."
    )
    sold: Known | None = strawberry.field(
        description="In the market asked for; null where none was named."
    )
    evidence: EvidenceKind = strawberry.field(description="How well its services are known.")


@strawberry.type(description="One element of a page with its cursor.")
class OfferWithServicesEdge:
    cursor: str = strawberry.field(
        resolver=cursor_of, description="Where the page after it begins."
    )
    node: OfferWithServices = strawberry.field(description="The element.")
    item: strawberry.Private[CatalogId]
    write: strawberry.Private[Callable[[CatalogId], str]]


@strawberry.type(
    description="Fewest extra services first, then by price where it is known, then by id."
)
class OfferWithServicesConnection:
    edges: list[OfferWithServicesEdge] = strawberry.field(description="The elements of this page.")
    page_info: PageInfo = strawberry.field(description="What lies beyond it.")
    total_count: int = strawberry.field(description="How many there are on all pages.")
    not_known_count: int = strawberry.field(
        description="Further offers that may give them: nobody tells their services."
    )


ComparisonResult = Annotated[
    Comparison | OfferNotFound,
    strawberry.union("ComparisonResult", description="Two offers side by side."),
]
OffersWithServicesResult = Annotated[
    OfferWithServicesConnection | OfferNotFound,
    strawberry.union("OffersWithServicesResult", description="Offers that give the services."),
]
From = Annotated[str, strawberry.argument(name="from", description="An offer by catalog id.")]
To = Annotated[str, strawberry.argument(name="to", description="An offer by catalog id.")]


BetterVersionsOfResult = Annotated[
    BetterVersions | ServicesNotKnown | OfferNotFound,
    strawberry.union("BetterVersionsResult", description="Versions with more services."),
]


@strawberry.type
class CompareQuery:
    @strawberry.field(
        description="Reachable versions that keep every service of an offer and add some, and "
        "those that add some but lose others."
    )
    def better_versions(
        self, info: Info, catalog_id: str, scope: ScopeInput | None = None
    ) -> BetterVersionsOfResult:
        found = offers.offer(info.context.asked, catalog_id)
        if isinstance(found, NotFound):
            return OfferNotFound.of(found)
        return better_versions(info, found.catalog_id, scope)

    @strawberry.field(
        description="Two offers side by side: services, retail prices, seats, terms, markets, and "
        "the best way from each to the other. Without a market prices of all are shown."
    )
    def compare(
        self,
        info: Info,
        origin: From,
        target: To,
        market: str | None = None,
        segment: Segment | None = None,
        at: Instant | None = None,
    ) -> ComparisonResult:
        asked = info.context.asked
        request = MarketRequest(market, segment, at)
        found = use_cases.compare_offers(asked, origin, target, request)
        if isinstance(found, NotFound):
            return OfferNotFound.of(found)
        return show_comparison(found, on=Day(use_cases.scope_in(asked, request).day))

    @strawberry.field(
        description="Offers known to give at least these service plans (GUIDs, 1 to 200), trials "
        "left out. A market leaves out what is known not to be sold there."
    )
    def offers_with_services(
        self,
        info: Info,
        service_plans: list[str],
        commerce: Commerce | None = None,
        market: str | None = None,
        segment: Segment | None = None,
        at: Instant | None = None,
        first: First = PAGE,
        after: str | None = None,
    ) -> OffersWithServicesResult:
        asked = info.context.asked
        key = None
        if after is not None:
            key = CatalogId(decode_catalog_cursor(_WITH_SERVICES, asked.catalog, after))
        request = MarketRequest(market, segment, at)
        found = use_cases.offers_with_services(
            asked, service_plans, request, commerce=commerce, first=first, after=key
        )
        if isinstance(found, NotFound):
            return OfferNotFound.of(found)
        return _connection(asked.catalog, found, after=after)


def _connection(
    catalog: Catalog, page: use_cases.ServicesPage, *, after: str | None
) -> OfferWithServicesConnection:
    write = partial(encode_catalog_cursor, _WITH_SERVICES, catalog)
    ids = [one.offer.catalog_id for one in page.offers]
    edges = [
        OfferWithServicesEdge(node=_with_services(one), item=catalog_id, write=write)
        for one, catalog_id in zip(page.offers, ids, strict=True)
    ]
    return OfferWithServicesConnection(
        edges=edges,
        page_info=page_info(ids, write, has_next=page.has_next, after=after),
        total_count=page.total,
        not_known_count=page.not_known,
    )


def _with_services(value: planner_services.OfferWithServices) -> OfferWithServices:
    return OfferWithServices(
        offer=show_offer(value.offer),
        extra=show_plans(value.extra),
        cheapest_month=None if value.price is None else show_price(value.price),
        sold=value.sold,
        evidence=value.evidence,
    )
