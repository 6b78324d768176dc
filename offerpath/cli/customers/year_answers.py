"""What `options --year` asks and shows: a year's retail cost now and in every target."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.console import RenderableType

from offerpath.cli import answers
from offerpath.cli.catalog import price_json, price_words, tables
from offerpath.cli.customers.whose import asked_about, customer_named
from offerpath.cli.exits import Exit, Missing
from offerpath.cli.terminal import show, show_json
from offerpath.house import House
from planner.catalog import Catalog
from planner.customers import Customer, Subscription
from planner.ids import CatalogId
from planner.pricing.cost_now import Cost
from planner.pricing.prices import PriceNotKnown
from planner.pricing.twelve_months import Change, CostLine, ExtendedTermCost, TwelveMonths
from resolvers.asked import Asked
from resolvers.catalog.prices import PriceComparison, price_comparison
from resolvers.problems import NotFound

_NOT_PRICED = 5
"""How many targets without a price are named before the rest is counted."""


@dataclass(frozen=True, slots=True)
class YearRequest:
    """Whose subscriptions, or which one, and against what; None: all within reach."""

    customer: str
    subscription_id: str | None
    targets: Sequence[CatalogId] | None
    at: datetime | None
    first: int


async def answer_year(house: House, *, request: YearRequest, as_json: bool) -> Exit:
    asked = await house.asked()
    customer = await customer_named(asked, request.customer)
    held = asked_about(customer, request.subscription_id)
    found = [(one, _compared(asked, customer, one, request)) for one in held]
    if as_json:
        told = [
            {
                "subscription": answers.subscription_answer(one),
                "priceComparison": _answer(asked.catalog, compared),
            }
            for one, compared in found
        ]
        whose = {"customer": answers.customer_answer(customer), "subscriptions": told}
        show_json(answers.asked_of(asked, request.at) | whose)
    else:
        parts = ((one, _told(asked.catalog, each, request.first)) for one, each in found)
        show(*tables.of_subscriptions(customer, parts))
    return Exit.ANSWERED


def _compared(
    asked: Asked, customer: Customer, held: Subscription, request: YearRequest
) -> PriceComparison:
    """Raises: Missing for a target that is not there; BadInput."""
    found = price_comparison(asked, customer, held, targets=request.targets, at=request.at)
    if isinstance(found, NotFound):
        raise Missing(found)
    return found


def _answer(catalog: Catalog, compared: PriceComparison) -> answers.Json:
    months = compared.months
    now = months.now
    gap = isinstance(now.cost, PriceNotKnown)
    return {
        "on": answers.plain(months.on),
        "market": months.market,
        "seats": months.seats,
        "now": {
            "cost": None if isinstance(now.cost, PriceNotKnown) else _cost(now.cost),
            "priceNotKnown": answers.plain(now.cost) if gap else None,
            "pricedOn": answers.plain(now.priced_on),
            "notes": answers.plain(now.notes),
        },
        "options": [_line_answer(catalog, line) for line in months.lines],
        "notPriced": answers.plain(months.not_priced),
        "targetsLeftOut": compared.targets_left_out,
        "extendedTerm": None if months.extended is None else _extended_answer(months.extended),
        "unknown": list(months.unknown),
    }


def _cost(cost: Cost) -> answers.Json:
    currency = cost.quote.currency
    return {
        "price": price_json.price(cost.quote),
        "monthly": price_json.money(cost.monthly, currency),
        "yearly": price_json.money(cost.yearly, currency),
        "committed": price_json.money(cost.committed, currency),
        "paidInAYear": price_json.money(cost.paid_in_a_year, currency),
    }


def _line_answer(catalog: Catalog, line: CostLine) -> answers.Json:
    currency, change = line.cost.quote.currency, line.change
    changed = None if change is None else _change_answer(change, currency)
    return {
        "target": answers.reference(catalog, line.target),
        "cost": _cost(line.cost),
        "change": changed,
        "whyNoChange": line.why_no_change,
    }


def _change_answer(change: Change, currency: str) -> answers.Json:
    return {
        "monthly": price_json.money(change.monthly, currency),
        "yearly": price_json.money(change.yearly, currency),
        "percent": None if change.percent is None else str(change.percent),
    }


def _extended_answer(value: ExtendedTermCost) -> answers.Json:
    currency = value.quote.currency
    return {
        "begins": answers.plain(value.begins),
        "rule": value.rule.code,
        "message": value.rule.message,
        "rate": str(value.rule.rate),
        "price": price_json.price(value.quote),
        "perMonth": price_json.money(value.per_month, currency),
        "monthly": price_json.money(value.monthly, currency),
        "source": value.rule.source,
    }


def _told(catalog: Catalog, compared: PriceComparison, first: int) -> Iterator[RenderableType]:
    months = compared.months
    yield from _now(months)
    if months.extended is not None:
        yield from _extended(months.extended)
    if months.lines:
        yield _table(catalog, months.lines, first)
        yield from tables.more(len(months.lines[:first]), len(months.lines))
    why = dict.fromkeys(line.why_no_change for line in months.lines if line.why_no_change)
    yield from (f"   no change told: {one}" for one in why)
    yield from _not_priced(months)
    if compared.targets_left_out:
        yield f"   {compared.targets_left_out} more targets are within reach; --target names some"


def _now(months: TwelveMonths) -> Iterator[str]:
    cost = months.now.cost
    if isinstance(cost, PriceNotKnown):
        yield "   now: not known"
        yield from price_words.gap(cost)
    else:
        quote = cost.quote
        yield (
            f"   now: {price_words.amount(cost.monthly, quote.currency)} a month, "
            f"{price_words.amount(cost.yearly, quote.currency)} a year; "
            f"{price_words.billed(quote)}, {price_words.dated(quote)}"
        )
    yield from (f"      {note.code}: {note.message}" for note in months.now.notes)


def _extended(value: ExtendedTermCost) -> Iterator[str]:
    monthly = price_words.amount(value.monthly, value.quote.currency)
    yield f"   from {value.begins.isoformat()}, if nobody renews or cancels it: {monthly} a month"
    yield f"      {value.rule.code}: {value.rule.message}"


def _table(catalog: Catalog, lines: Sequence[CostLine], first: int) -> RenderableType:
    """Return the lines; what is paid in a year has a column where it is not what a year costs."""
    paid = any(line.cost.paid_in_a_year != line.cost.yearly for line in lines[:first])
    return tables.table(
        *("OFFER", "Title", "TERM/BILLING", "A MONTH", "A YEAR", "CHANGE"),
        *(("PAID IN A YEAR",) if paid else ()),
        rows=(_row(catalog, line, paid=paid) for line in lines[:first]),
    )


def _row(catalog: Catalog, line: CostLine, *, paid: bool) -> tuple[str, ...]:
    cost, currency = line.cost, line.cost.quote.currency
    in_a_year = (price_words.amount(cost.paid_in_a_year, currency),) if paid else ()
    return (
        line.target,
        catalog.offers[line.target].title,
        price_words.billed(cost.quote),
        price_words.amount(cost.monthly, currency),
        price_words.amount(cost.yearly, currency),
        "" if line.change is None else f"{line.change.yearly:+}",
        *in_a_year,
    )


def _not_priced(months: TwelveMonths) -> Iterator[str]:
    found = months.not_priced
    for gap in found[:_NOT_PRICED]:
        yield f"   {gap.code}: {gap.message}."
    if len(found) > _NOT_PRICED:
        yield f"   and {len(found) - _NOT_PRICED} more without a price"
