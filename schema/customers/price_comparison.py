"""A subscription's cost over a year, now and in every target, as GraphQL shows it."""

from decimal import Decimal
from typing import Annotated

import strawberry

from planner.catalog import Catalog
from planner.customers import Customer, Subscription
from planner.ids import CatalogId
from planner.pricing import cost_now as planner_now
from planner.pricing import prices as planner
from planner.pricing import twelve_months as planner_months
from resolvers.catalog import prices as use_cases
from resolvers.problems import NotFound
from schema.answer_codes import PriceNoteCode
from schema.catalog.offer import Offer, offer_of
from schema.catalog.price import Money, Price, PriceNotKnown, money, show_gap, show_price
from schema.context import Info
from schema.errors.problems import OfferNotFound
from schema.scalars import Day, Instant


@strawberry.type(description="What all seats cost at one price; null: seats or term not known.")
class RetailCost:
    price: Price = strawberry.field(description="The price of one seat.")
    monthly: Money | None = strawberry.field(description="All seats for a month.")
    yearly: Money | None = strawberry.field(description="Twelve months: a third of three years.")
    committed: Money | None = strawberry.field(description="The whole term; null for legacy.")
    paid_in_a_year: Money | None = strawberry.field(
        description="The bills of twelve months: three years paid ahead count whole."
    )


@strawberry.type(description="Why a cost may differ from what is paid.")
class PriceNote:
    code: PriceNoteCode = strawberry.field(description="Why, for programs to switch on.")
    message: str = strawberry.field(description="One sentence for people.")
    source: str = strawberry.field(description="Who says so.")


RetailCostResult = Annotated[
    RetailCost | PriceNotKnown,
    strawberry.union("RetailCostResult", description="A cost, or why it is not known."),
]


@strawberry.type(description="What a subscription costs as it is, at retail.")
class CostNow:
    cost: RetailCostResult = strawberry.field(description="The cost, or why it is not known.")
    priced_on: Day = strawberry.field(description="The day whose list was taken.")
    notes: list[PriceNote] = strawberry.field(description="Why what is paid may differ.")


@strawberry.type(description="What changes against today; a minus is cheaper.")
class PriceChange:
    monthly: Money = strawberry.field(description="All seats for a month.")
    yearly: Money = strawberry.field(description="All seats for twelve months.")
    percent: Decimal | None = strawberry.field(description="In tenths; null: today it is free.")


@strawberry.type(description="One term and billing of one target.")
class PriceOption:
    cost: RetailCost = strawberry.field(description="What all seats would cost.")
    change: PriceChange | None = strawberry.field(
        description="Against today; null where either is not known."
    )
    why_no_change: str | None = strawberry.field(description="Told where `change` is null.")
    value: strawberry.Private[tuple[Catalog, CatalogId]]

    @strawberry.field(description="What the subscription would be of.")
    def target(self) -> Offer:
        return offer_of(*self.value)


@strawberry.type(description="What it costs after its end where nobody renews or cancels it.")
class ExtendedTermCost:
    begins: Day = strawberry.field(description="The day after the term.")
    rule: str = strawberry.field(description="The rule's code.")
    message: str = strawberry.field(description="The rule in a sentence.")
    rate: Decimal = strawberry.field(description="What is added to the price below.")
    price: Price = strawberry.field(description="What the rate is added to.")
    per_month: Money = strawberry.field(description="One seat for a month.")
    monthly: Money | None = strawberry.field(description="All seats for a month.")
    source: str = strawberry.field(description="Where the rule comes from.")


@strawberry.type(description="A subscription's cost over twelve months, at retail prices.")
class PriceComparison:
    on: Day = strawberry.field(description="The day whose lists were asked.")
    market: str | None = strawberry.field(description="The customer's; null where it is not known.")
    seats: int | None = strawberry.field(description="Null where they are not known.")
    now: CostNow = strawberry.field(description="What it costs as it is.")
    options: list[PriceOption] = strawberry.field(description="The cheapest year first.")
    not_priced: list[PriceNotKnown] = strawberry.field(description="Targets without a price.")
    targets_left_out: int = strawberry.field(
        description="Targets within reach beyond the first 50, in order of merit."
    )
    extended_term: ExtendedTermCost | None = strawberry.field(
        description="Where auto-renewal is off and no cancel is planned."
    )
    unknown: list[str] = strawberry.field(description="Facts without which something is not told.")


PriceComparisonResult = Annotated[
    PriceComparison | OfferNotFound,
    strawberry.union("PriceComparisonResult", description="A comparison of a year's cost."),
]


def price_comparison(
    info: Info,
    customer: Customer,
    subscription: Subscription,
    targets: list[str] | None,
    at: Instant | None,
) -> PriceComparison | OfferNotFound:
    """Answer `Subscription.priceComparison`."""
    asked = info.context.asked
    found = use_cases.price_comparison(asked, customer, subscription, targets=targets, at=at)
    if isinstance(found, NotFound):
        return OfferNotFound.of(found)
    return _comparison(asked.catalog, found)


def _comparison(catalog: Catalog, value: use_cases.PriceComparison) -> PriceComparison:
    months = value.months
    return PriceComparison(
        on=Day(months.on),
        market=months.market,
        seats=months.seats,
        now=CostNow(
            cost=_cost_result(months.now.cost),
            priced_on=Day(months.now.priced_on),
            notes=[
                PriceNote(code=PriceNoteCode(note.code), message=note.message, source=note.source)
                for note in months.now.notes
            ],
        ),
        options=[_option(catalog, line) for line in months.lines],
        not_priced=[show_gap(gap) for gap in months.not_priced],
        targets_left_out=value.targets_left_out,
        extended_term=None if months.extended is None else _extended(months.extended),
        unknown=list(months.unknown),
    )


def _cost_result(value: planner_now.Cost | planner.PriceNotKnown) -> RetailCost | PriceNotKnown:
    return show_gap(value) if isinstance(value, planner.PriceNotKnown) else _cost(value)


def _cost(value: planner_now.Cost) -> RetailCost:
    currency = value.quote.currency
    return RetailCost(
        price=show_price(value.quote),
        monthly=money(value.monthly, currency),
        yearly=money(value.yearly, currency),
        committed=money(value.committed, currency),
        paid_in_a_year=money(value.paid_in_a_year, currency),
    )


def _option(catalog: Catalog, line: planner_months.CostLine) -> PriceOption:
    currency, change = line.cost.quote.currency, line.change
    shown = None
    if change is not None:
        monthly = Money(amount=change.monthly, currency=currency)
        yearly = Money(amount=change.yearly, currency=currency)
        shown = PriceChange(monthly=monthly, yearly=yearly, percent=change.percent)
    return PriceOption(
        cost=_cost(line.cost),
        change=shown,
        why_no_change=line.why_no_change,
        value=(catalog, line.target),
    )


def _extended(value: planner_months.ExtendedTermCost) -> ExtendedTermCost:
    currency = value.quote.currency
    return ExtendedTermCost(
        begins=Day(value.begins),
        rule=value.rule.code,
        message=value.rule.message,
        rate=value.rule.rate,
        price=show_price(value.quote),
        per_month=Money(amount=value.per_month, currency=currency),
        monthly=money(value.monthly, currency),
        source=value.rule.source,
    )
