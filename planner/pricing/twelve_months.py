"""What a subscription costs in a year, now and in every term and billing of every target."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from planner.catalog import Catalog
from planner.customers import Customer, Subscription
from planner.ids import CatalogId, is_new_commerce
from planner.lifecycle import days_after
from planner.pricing.cost_now import Cost, CostNow, cost_now, cost_of, quotes_for, term_begin
from planner.pricing.prices import PriceNotKnown, Quote, rounded
from planner.pricing.rules import (
    EXTENDED_TERM,
    EXTENDED_TERM_BOUGHT_FROM,
    EXTENDED_TERM_WITHOUT_MONTHLY,
    PriceRule,
)

_YEAR = 12
_MONTHLY_TERM = "P1M/Monthly"


@dataclass(frozen=True, slots=True)
class Change:
    """What changes against today; a minus is cheaper."""

    monthly: Decimal
    yearly: Decimal
    percent: Decimal | None
    """In tenths; None where today it costs nothing."""


@dataclass(frozen=True, slots=True)
class CostLine:
    """One term and billing of one target."""

    target: CatalogId
    cost: Cost
    change: Change | None
    why_no_change: str | None
    """Told where `change` is None."""


@dataclass(frozen=True, slots=True)
class ExtendedTermCost:
    """What it costs after its end where nobody renews or cancels it."""

    begins: date
    rule: PriceRule
    quote: Quote
    """The price that the rate is added to."""
    per_month: Decimal
    """One seat for a month."""
    monthly: Decimal | None
    """All seats for a month; None where the seats are not known."""


@dataclass(frozen=True, slots=True)
class TwelveMonths:
    """A comparison over twelve months at retail prices of one market on one day."""

    subscription_id: str
    on: date
    market: str | None
    seats: int | None
    now: CostNow
    lines: tuple[CostLine, ...]
    """The cheapest year first (unknown last), then currency, shorter terms, ids."""
    not_priced: tuple[PriceNotKnown, ...]
    """Targets without a known price, in order of id."""
    extended: ExtendedTermCost | None
    """None where no extended service term follows, or its price is not known."""
    unknown: tuple[str, ...]
    """Fields of customer or subscription without which something above is not told."""


def twelve_months(
    catalog: Catalog,
    customer: Customer,
    subscription: Subscription,
    targets: Iterable[CatalogId],
    *,
    on: date,
) -> TwelveMonths:
    """Compare what a subscription costs now with every term and billing of the targets.

    A new-commerce subscription's own offer is always among them: it may renew into another term.
    Retail prices only, in the customer's market and each offer's own segment.
    Raises: UnknownOffer for a target that the catalog does not have.
    """
    now = cost_now(catalog, customer, subscription, on=on)
    lines: list[CostLine] = []
    gaps: list[PriceNotKnown] = []
    for target in sorted({*targets, *_own(catalog, subscription)}):
        found = quotes_for(catalog, customer, target, on)
        if isinstance(found, PriceNotKnown):
            gaps.append(found)
        else:
            lines.extend(_line(quote, subscription.seats, now) for quote in found)
    return TwelveMonths(
        subscription.subscription_id,
        on,
        customer.market,
        subscription.seats,
        now,
        tuple(sorted(lines, key=_cheapest_first)),
        tuple(gaps),
        _extended(catalog, customer, subscription, on),
        tuple(_unknown(customer, subscription, now)),
    )


def _own(catalog: Catalog, subscription: Subscription) -> tuple[CatalogId, ...]:
    offer = subscription.catalog_id
    known = offer is not None and offer in catalog.offers and is_new_commerce(offer)
    return (offer,) if offer is not None and known else ()


def _line(quote: Quote, seats: int | None, now: CostNow) -> CostLine:
    cost = cost_of(quote, seats)
    why = _why_not_comparable(cost, now.cost)
    if why is not None or isinstance(now.cost, PriceNotKnown):
        return CostLine(quote.catalog_id, cost, None, why)
    return CostLine(quote.catalog_id, cost, _change(now.cost, cost), None)


def _why_not_comparable(cost: Cost, now: Cost | PriceNotKnown) -> str | None:
    if isinstance(now, PriceNotKnown):
        return f"What it costs now is not known: {now.message}"
    if cost.yearly is None or now.yearly is None:
        return "How many seats it has, or how long its price holds, is not known"
    if cost.quote.currency != now.quote.currency:
        return f"Today's price is in {now.quote.currency}, and no rate of exchange is assumed"
    return None


def _change(now: Cost, then: Cost) -> Change | None:
    if None in (now.monthly, now.yearly, then.monthly, then.yearly):
        return None
    monthly = (then.monthly or Decimal(0)) - (now.monthly or Decimal(0))
    before = now.yearly or Decimal(0)
    yearly = (then.yearly or Decimal(0)) - before
    percent = _in_tenths(100 * yearly / before) if before else None
    return Change(monthly, yearly, percent)


def _in_tenths(percent: Decimal) -> Decimal:
    return percent.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def _cheapest_first(line: CostLine) -> tuple[bool, str, Decimal, int, CatalogId, str]:
    quote, yearly = line.cost.quote, line.cost.yearly
    if yearly is None:
        yearly = None if quote.month is None else quote.month * _YEAR
    months, billing = quote.months or 0, quote.billing_plan or ""
    return yearly is None, quote.currency, yearly or Decimal(0), months, line.target, billing


def _extended(
    catalog: Catalog, customer: Customer, subscription: Subscription, on: date
) -> ExtendedTermCost | None:
    """Return the extended service term's cost where auto-renewal is off and no cancel is planned.

    Source: docs/sources.md 0.
    """
    last, begun = subscription.last_day, term_begin(subscription, on)
    offers = _own(catalog, subscription)
    if last is None or begun is None or not offers or subscription.auto_renews is not False:
        return None
    is_due = EXTENDED_TERM.starts is not None and last >= EXTENDED_TERM.starts
    if not is_due or begun < EXTENDED_TERM_BOUGHT_FROM or subscription.cancels_at_end:
        return None
    found = quotes_for(catalog, customer, offers[0], on)
    has_monthly = _MONTHLY_TERM in catalog.offers[offers[0]].billing
    base = None if isinstance(found, PriceNotKnown) else _rate_base(found, has_monthly)
    if base is None or base[1].month is None:
        return None
    rule, quote = base
    month = (quote.month or Decimal(0)) * (1 + rule.rate)
    seats = subscription.seats
    all_seats = None if seats is None else rounded(month * seats, quote.currency)
    begins = days_after(last, 1) or last
    return ExtendedTermCost(begins, rule, quote, rounded(month, quote.currency), all_seats)


def _rate_base(quotes: Iterable[Quote], has_monthly: bool) -> tuple[PriceRule, Quote] | None:
    """Return the rule and its price; None where there is a monthly term without a known price."""
    by_term = {(quote.term, quote.billing_plan): quote for quote in reversed(tuple(quotes))}
    monthly, annual = by_term.get(("P1M", "Monthly")), by_term.get(("P1Y", "Annual"))
    if monthly is not None:
        return EXTENDED_TERM, monthly
    return None if annual is None or has_monthly else (EXTENDED_TERM_WITHOUT_MONTHLY, annual)


def _unknown(customer: Customer, subscription: Subscription, now: CostNow) -> Iterator[str]:
    if customer.market is None:
        yield "customer.market"
    if subscription.seats is None:
        yield "subscription.quantity"
    if isinstance(now.cost, PriceNotKnown):
        yield from (field for field in now.cost.fields if field != "customer.market")
