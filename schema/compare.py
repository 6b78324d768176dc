"""Two offers side by side, and offers that give the services wanted."""

from decimal import Decimal
from typing import Annotated

import strawberry

from planner import compare as planner
from planner import service_offers as planner_services
from planner.catalog import Catalog
from planner.facts import SeatCap as PlannerSeatCap
from planner.ids import CatalogId
from planner.no_path import NoPath as PlannerNoPath
from planner.offers import Commerce, Known, LimitScope, Segment
from planner.paths import Path as PlannerPath
from planner.transitions import EvidenceKind
from resolvers import compare as use_cases
from resolvers import offers
from resolvers.compare import MarketRequest
from resolvers.problems import NotFound
from schema.connections import PageInfo, page_info
from schema.context import Info
from schema.cursors import decode_catalog_cursor, encode_catalog_cursor
from schema.matrix import PathOrNone
from schema.offer import Offer, ServicePlan, show_offer
from schema.path import NoPath, Path, show_no_path, show_path
from schema.price import Money, OfferPricesResult, Price, money, show_price, show_prices
from schema.problems import OfferNotFound
from schema.scalars import Day, Instant
from schema.scope import ScopeInput
from schema.service_set import (
    BetterVersions,
    ServiceEffectResult,
    ServicesNotKnown,
    better_versions,
    show_effect,
    show_plans,
)

_WITH_SERVICES = "offersWithServices"


@strawberry.type(description="A limit on seats, pooled over all sellers of a tenant.")
class SeatCap:
    per_offer: int = strawberry.field(description="Seats of this offer.")
    family: str | None = strawberry.field(description="Offers whose seats count together.")
    per_family: int | None = strawberry.field(description="Seats of the family together.")
    source: str = strawberry.field(description="Who says so.")


@strawberry.type(description="One of two offers that are compared.")
class ComparedOffer:
    offer: Offer = strawberry.field(description="The offer.")
    terms: list[str] | None = strawberry.field(
        description="Term and billing plan, such as P1Y/Monthly; null where no source says."
    )
    minimum_seats: int | None = strawberry.field(description="Null where no source says.")
    maximum_seats: int | None = strawberry.field(description="Null where no source says.")
    seat_cap: SeatCap | None = strawberry.field(
        description="A limit over all sellers, where there is one."
    )
    limit: int | None = strawberry.field(description="How many a tenant may own.")
    limit_scope: LimitScope = strawberry.field(description="How the limit counts.")
    sold: Known | None = strawberry.field(
        description="In the market asked for; null where none was named."
    )
    prices: OfferPricesResult = strawberry.field(
        description="Retail prices on the day, or why none is known."
    )


@strawberry.type(description="What two offers share, and what one of them has alone.")
class SharedAndOwn:
    in_both: list[str] = strawberry.field(description="What both have, in order.")
    only_from: list[str] = strawberry.field(description="What only the first has, in order.")
    only_to: list[str] = strawberry.field(description="What only the second has, in order.")


@strawberry.type(description="Prices of one market, currency, term and billing side by side.")
class PriceLine:
    market: str = strawberry.field(description="ISO 3166 code.")
    currency: str = strawberry.field(
        description="ISO 4217 code; prices in two currencies never share a line."
    )
    term: str | None = strawberry.field(description="Null on a line of legacy prices alone.")
    billing_plan: str | None = strawberry.field(description="Null for legacy prices alone.")
    origin: Price | None = strawberry.field(
        name="from", description="A legacy price of a month stands beside every line."
    )
    target: Price | None = strawberry.field(name="to", description="Null where no list gives it.")
    difference_per_month: Money | None = strawberry.field(
        description="One seat's month at the target less that at the origin."
    )
    difference_per_term: Money | None = strawberry.field(
        description="The same for the whole term; null with a legacy price."
    )


@strawberry.type(description="Two offers side by side on one day.")
class Comparison:
    on: Day = strawberry.field(description="The day it holds on.")
    origin: ComparedOffer = strawberry.field(name="from", description="The first of the two.")
    target: ComparedOffer = strawberry.field(name="to", description="The second of the two.")
    same_segment: bool | None = strawberry.field(description="Null where either's is not known.")
    services: ServiceEffectResult = strawberry.field(
        description="What a move from the first to the second does to services."
    )
    prices: list[PriceLine] = strawberry.field(
        description="In order of market, currency, length of term and billing."
    )
    terms: SharedAndOwn | None = strawberry.field(description="Null where either's are unknown.")
    markets: SharedAndOwn | None = strawberry.field(description="Null where either's are unknown.")
    there: PathOrNone = strawberry.field(description="The best way, or why there is none.")
    back: PathOrNone = strawberry.field(description="The best way back, or why there is none.")


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
    cursor: str = strawberry.field(description="Where the page after it begins.")
    node: OfferWithServices = strawberry.field(description="The element.")


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
        return _comparison(found, on=Day(use_cases.scope_in(asked, request).day))

    @strawberry.field(
        description="Offers known to give at least these service plans (GUIDs, 1 to 200), trials "
        "left out. A market leaves out what is known not to be sold there. `first` is 1 to 200."
    )
    def offers_with_services(
        self,
        info: Info,
        service_plans: list[str],
        commerce: Commerce | None = None,
        market: str | None = None,
        segment: Segment | None = None,
        at: Instant | None = None,
        first: int = 20,
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


def _comparison(value: planner.Comparison, *, on: Day) -> Comparison:
    return Comparison(
        on=on,
        origin=_side(value.origin, on),
        target=_side(value.target, on),
        same_segment=value.same_segment,
        services=show_effect(value.services),
        prices=[_line(line) for line in value.prices],
        terms=_shared(value.terms),
        markets=_shared(value.markets),
        there=_way(value.there),
        back=_way(value.back),
    )


def _side(value: planner.Side, on: Day) -> ComparedOffer:
    seats = value.seats
    return ComparedOffer(
        offer=show_offer(value.offer),
        terms=None if value.terms is None else list(value.terms),
        minimum_seats=seats.minimum,
        maximum_seats=seats.maximum,
        seat_cap=_cap(seats.cap),
        limit=seats.limit,
        limit_scope=seats.limit_scope,
        sold=value.sold,
        prices=show_prices(value.prices, on=on),
    )


def _cap(value: PlannerSeatCap | None) -> SeatCap | None:
    if value is None:
        return None
    return SeatCap(
        per_offer=value.per_offer,
        family=value.family,
        per_family=value.per_family,
        source=value.source,
    )


def _line(value: planner.PriceLine) -> PriceLine:
    def amount(found: Decimal | None) -> Money | None:
        return money(found, value.currency)

    return PriceLine(
        market=value.market,
        currency=value.currency,
        term=value.term,
        billing_plan=value.billing_plan,
        origin=None if value.origin is None else show_price(value.origin),
        target=None if value.target is None else show_price(value.target),
        difference_per_month=amount(value.difference_per_month),
        difference_per_term=amount(value.difference_per_term),
    )


def _shared(value: planner.Both | None) -> SharedAndOwn | None:
    if value is None:
        return None
    return SharedAndOwn(
        in_both=list(value.in_both),
        only_from=list(value.only_origin),
        only_to=list(value.only_target),
    )


def _way(value: PlannerPath | PlannerNoPath) -> Path | NoPath:
    return show_path(value) if isinstance(value, PlannerPath) else show_no_path(value)


def _connection(
    catalog: Catalog, page: use_cases.ServicesPage, *, after: str | None
) -> OfferWithServicesConnection:
    edges = [
        OfferWithServicesEdge(
            cursor=encode_catalog_cursor(_WITH_SERVICES, catalog, one.offer.catalog_id),
            node=_with_services(one),
        )
        for one in page.offers
    ]
    return OfferWithServicesConnection(
        edges=edges,
        page_info=page_info([edge.cursor for edge in edges], has_next=page.has_next, after=after),
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
