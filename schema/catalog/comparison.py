"""Two offers side by side, as GraphQL shows them."""

from decimal import Decimal

import strawberry

from planner import compare as planner
from planner.facts import SeatCap as PlannerSeatCap
from planner.no_path import NoPath as PlannerNoPath
from planner.offers import Known, LimitScope
from planner.paths import Path as PlannerPath
from schema.catalog.matrix import PathOrNone
from schema.catalog.offer import Offer, show_offer
from schema.catalog.path import NoPath, Path, show_no_path, show_path
from schema.catalog.price import Money, OfferPricesResult, Price, money, show_price, show_prices
from schema.catalog.service_set import ServiceEffectResult, show_effect
from schema.scalars import Day


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


def show_comparison(value: planner.Comparison, *, on: Day) -> Comparison:
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
