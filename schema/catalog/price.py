"""Retail prices as GraphQL shows them, each with its list and its day."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from planner.ids import CatalogId
from planner.offers import Segment
from planner.pricing import prices as planner
from planner.pricing.prices import PriceGap
from resolvers.catalog import prices as use_cases
from resolvers.catalog.compare import MarketRequest
from resolvers.codes.code import Code
from schema.context import Info
from schema.errors.problems import Problem
from schema.scalars import Day, day_or_none

strawberry.enum(PriceGap, description="Why no loaded list gives a price.")


@strawberry.type(description="An amount in a currency.")
class Money:
    amount: Decimal = strawberry.field(description="A decimal number as a string.")
    currency: str = strawberry.field(description="ISO 4217 code, such as USD.")


@strawberry.type(
    description="A retail (ERP) price for one seat, as one list gives it. Never a partner's cost."
)
class Price:
    catalog_id: str = strawberry.field(description="The offer it is for.")
    market: str = strawberry.field(description="ISO 3166 code.")
    segment: Segment = strawberry.field(description="Whom the price is for.")
    term: str | None = strawberry.field(
        description="ISO 8601 duration; null for a legacy price, which is for a month in any term."
    )
    billing_plan: str | None = strawberry.field(description="Monthly, Annual, Triennial or None.")
    per_term: Money | None = strawberry.field(description="One seat for the whole term.")
    per_month: Money | None = strawberry.field(
        description="One seat for a month; what is billed yearly counts by its twelfth, rounded."
    )
    surcharge: Decimal = strawberry.field(
        description="A rate that a dated rule adds because the list lacks it: 0.05, mostly 0."
    )
    effective_start: Day | None = strawberry.field(description="First day it holds.")
    effective_end: Day | None = strawberry.field(description="Last day it holds, inclusive.")
    source: str = strawberry.field(description="The list, as the catalog names it.")
    as_of: Day | None = strawberry.field(description="The day that the list speaks for.")


@strawberry.type(description="No loaded list tells the price. Its code is PRICE_NOT_KNOWN.")
class PriceNotKnown(Problem):
    catalog_id: str | None = strawberry.field(description="Null where the subscription names none.")
    gap: PriceGap = strawberry.field(description="Why no loaded list tells it.")
    fields: list[str] = strawberry.field(description="Facts that would have to be known.")


@strawberry.type(description="An offer's retail prices on one day, at least one.")
class OfferPrices:
    on: Day = strawberry.field(description="The day they hold on.")
    prices: list[Price] = strawberry.field(
        description="In order of market, currency, segment, length of term and billing."
    )


OfferPricesResult = Annotated[
    OfferPrices | PriceNotKnown,
    strawberry.union("OfferPricesResult", description="Prices, or why none is known."),
]


def offer_prices(
    info: Info,
    offer: CatalogId,
    market: str | None,
    segment: Segment | None,
    at: datetime | None,
) -> OfferPrices | PriceNotKnown:
    """Answer `Offer.prices` for an offer that the catalog has."""
    asked = info.context.asked
    found = use_cases.offer_prices(asked, offer, MarketRequest(market, segment, at))
    return show_prices(found, on=(at or asked.now).date())


def show_prices(
    found: tuple[planner.Quote, ...] | planner.PriceNotKnown, *, on: date
) -> OfferPrices | PriceNotKnown:
    if isinstance(found, planner.PriceNotKnown):
        return show_gap(found)
    return OfferPrices(on=Day(on), prices=[show_price(quote) for quote in found])


def show_price(value: planner.Quote) -> Price:
    return Price(
        catalog_id=value.catalog_id,
        market=value.market,
        segment=value.segment,
        term=value.term,
        billing_plan=value.billing_plan,
        per_term=money(value.per_term, value.currency),
        per_month=money(value.per_month, value.currency),
        surcharge=value.surcharge,
        effective_start=day_or_none(value.effective_start),
        effective_end=day_or_none(value.effective_end),
        source=value.source,
        as_of=day_or_none(value.as_of),
    )


def show_gap(value: planner.PriceNotKnown) -> PriceNotKnown:
    return PriceNotKnown(
        code=Code(value.code),
        message=value.message,
        remedy=value.remedy,
        catalog_id=value.catalog_id,
        gap=value.gap,
        fields=list(value.fields),
    )


def money(amount: Decimal | None, currency: str) -> Money | None:
    """Return an amount with its currency; None stays None."""
    return None if amount is None else Money(amount=amount, currency=currency)
