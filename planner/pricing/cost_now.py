"""What a subscription costs as it is, at the retail price of the day on which its term began."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from planner.catalog import Catalog
from planner.customers import Customer, Subscription
from planner.customers import SubscriptionState as State
from planner.ids import CatalogId, is_new_commerce
from planner.lifecycle import calendar_of
from planner.pricing.prices import PriceGap, PriceNotKnown, Quote, prices_of, rounded

_YEAR = 12
_PAID_AHEAD_MONTHS = {"Triennial": 36, "Biennial": 24}


@dataclass(frozen=True, slots=True)
class Cost:
    """What the seats cost at one retail price; None where the seats or the term is not known."""

    quote: Quote
    monthly: Decimal | None
    """All seats for a month."""
    yearly: Decimal | None
    """All seats for twelve months: a third of what three years cost."""
    committed: Decimal | None
    """All seats for the whole term; None for a legacy offer."""
    paid_in_a_year: Decimal | None
    """What the bills of twelve months come to: three years paid ahead count whole."""


@dataclass(frozen=True, slots=True)
class PriceNote:
    """Why a cost may differ from what is paid, and who says so."""

    code: str
    message: str
    source: str


@dataclass(frozen=True, slots=True)
class CostNow:
    """What the subscription costs as it is, at retail."""

    cost: Cost | PriceNotKnown
    priced_on: date
    """The day whose list was taken: that of the term's begin, since a price holds for a term."""
    notes: tuple[PriceNote, ...]


def cost_now(
    catalog: Catalog, customer: Customer, subscription: Subscription, *, on: date
) -> CostNow:
    """Return what a subscription costs at retail, as it is.

    A new-commerce price is fixed for the term, so that the list of the day on which the term began
    is asked; where that list is not loaded, the one of `on`, with a note. What is over costs
    nothing any more, and no price of it is told.
    Source: docs/sources.md 6 (prices are fixed for a term; nothing is billed after expiry).
    """
    offer = subscription.catalog_id
    notes = list(_notes(subscription))
    if is_over(subscription):
        return CostNow(_not_billed(subscription), on, tuple(notes))
    if offer is None or offer not in catalog.offers:
        return CostNow(_offer_not_known(subscription), on, tuple(notes))
    if not is_new_commerce(offer):
        found = quotes_for(catalog, customer, offer, on)
        first = found if isinstance(found, PriceNotKnown) else found[0]
        if isinstance(first, Quote):
            notes.append(_of_legacy_list(first))
        return CostNow(_cost_or_gap(first, subscription.seats), on, tuple(notes))
    begun = term_begin(subscription, on)
    fixed = None if begun is None else _own_quote(catalog, customer, subscription, begun)
    if begun is not None and isinstance(fixed, Quote):
        return CostNow(cost_of(fixed, subscription.seats), begun, tuple(notes))
    found_today = _own_quote(catalog, customer, subscription, on)
    if isinstance(found_today, Quote):
        notes.append(_TERM_NOT_DATED if begun is None else _LIST_BEGINS_LATER)
    return CostNow(_cost_or_gap(found_today, subscription.seats), on, tuple(notes))


def seat_price(
    catalog: Catalog, customer: Customer, subscription: Subscription, *, on: date
) -> Quote | None:
    """Return the retail price of a seat that products are compared by; None if no list tells.

    What is over is compared as what it was, by the list of the day, though nothing is billed for
    it.
    """
    if is_over(subscription):
        subscription = replace(subscription, state=State.ACTIVE)
    cost = cost_now(catalog, customer, subscription, on=on).cost
    return None if isinstance(cost, PriceNotKnown) else cost.quote


_OVER = frozenset({State.EXPIRED, State.DISABLED, State.DELETED})


def is_over(subscription: Subscription) -> bool:
    """Return whether nothing is billed for a subscription any more.

    Source: docs/sources.md 6 (an expired one is not billed, and then disabled and deleted).
    """
    return subscription.state in _OVER


def _not_billed(subscription: Subscription) -> PriceNotKnown:
    return PriceNotKnown(
        subscription.catalog_id,
        PriceGap.NOT_BILLED,
        f"The subscription is {subscription.state.value.lower()}: nothing is billed for it",
        "Nothing needs to be done",
    )


def term_begin(subscription: Subscription, on: date) -> date | None:
    """Return the first day of the term that `on` lies in; None where that cannot be told."""
    last = subscription.last_day
    starts = None if subscription.starts is None else subscription.starts.date()
    calendar = calendar_of(last, subscription.term, starts=starts)
    begun = None if calendar is None else calendar.first_day
    if last is None or begun is None:
        return None
    return begun if begun <= on <= last else None


def quotes_for(
    catalog: Catalog, customer: Customer, offer: CatalogId, on: date
) -> tuple[Quote, ...] | PriceNotKnown:
    """Return an offer's prices in the customer's market and the offer's own segment."""
    if customer.market is not None:
        return prices_of(catalog, offer, market=customer.market, on=on)
    return PriceNotKnown(
        catalog.offer(offer).catalog_id,
        PriceGap.MARKET_NOT_KNOWN,
        "The customer's country is not known, and prices are those of a market",
        "Import the customer with its country",
        ("customer.market",),
    )


def _own_quote(
    catalog: Catalog, customer: Customer, subscription: Subscription, on: date
) -> Quote | PriceNotKnown:
    """Return the price of the subscription's own term and billing."""
    offer = CatalogId(subscription.catalog_id or "")
    missing = term_not_known(subscription)
    if missing:
        message = "Which term and billing the subscription has is not known"
        remedy = "Import the subscription with its term and billing cycle"
        return PriceNotKnown(offer, PriceGap.TERM_NOT_KNOWN, message, remedy, missing)
    found = quotes_for(catalog, customer, offer, on)
    if isinstance(found, PriceNotKnown):
        return found
    for quote in found:
        if quote.term == subscription.term and _same_billing(quote, subscription):
            return quote
    return PriceNotKnown(
        offer,
        PriceGap.OTHER_TERM,
        f"No loaded list prices {offer} for {subscription.term} billed "
        f"{subscription.billing_cycle} on {on.isoformat()}",
        "Look it up in Partner Center's price list, which this version cannot import yet",
    )


def term_not_known(subscription: Subscription) -> tuple[str, ...]:
    """Return the fields without which nobody can say which of an offer's prices it has."""
    given = (
        ("subscription.termDuration", subscription.term),
        ("subscription.billingCycle", subscription.billing_cycle),
    )
    return tuple(name for name, value in given if value is None)


def _same_billing(quote: Quote, subscription: Subscription) -> bool:
    asked = (subscription.billing_cycle or "").replace("_", "")
    return (quote.billing_plan or "").casefold() == asked.casefold()


def _cost_or_gap(found: Quote | PriceNotKnown, seats: int | None) -> Cost | PriceNotKnown:
    return found if isinstance(found, PriceNotKnown) else cost_of(found, seats)


def cost_of(quote: Quote, seats: int | None) -> Cost:
    """Return what that many seats cost at a price."""
    month = quote.month
    if seats is None or month is None or quote.months is None:
        return Cost(quote, None, None, None, None)
    ahead = max(_YEAR, _PAID_AHEAD_MONTHS.get(quote.billing_plan or "", 0))
    return Cost(
        quote,
        _total(quote, seats, 1),
        _total(quote, seats, _YEAR),
        None if quote.term is None else _total(quote, seats, quote.months),
        _total(quote, seats, min(ahead, max(quote.months, _YEAR))),
    )


def _total(quote: Quote, seats: int, months: int) -> Decimal:
    """Multiply before dividing, so that a year of a year's price is that price."""
    return rounded(quote.amount * seats * months / (quote.months or 1), quote.currency)


_TERM_NOT_DATED = PriceNote(
    "TERM_BEGIN_NOT_KNOWN",
    "A price is fixed for its term, and when this term began is not known: the list of the day "
    "asked for was taken",
    "docs/sources.md 6 (prices are fixed for a term)",
)
_LIST_BEGINS_LATER = PriceNote(
    "LIST_OF_TERM_BEGIN_NOT_LOADED",
    "A price is fixed for its term, and no loaded list gives it for the day on which the term "
    "began: the list of the day asked for was taken",
    "docs/sources.md 6 (prices are fixed for a term)",
)
_PROMOTION = PriceNote(
    "PROMOTION",
    "The subscription has a promotion; the retail price does not know it",
    "docs/sources.md 5 (field names)",
)


def _notes(subscription: Subscription) -> Iterator[PriceNote]:
    if subscription.promotion_id is not None:
        yield _PROMOTION


def _of_legacy_list(quote: Quote) -> PriceNote:
    dated = f" of {quote.as_of.isoformat()}" if quote.as_of else ""
    return PriceNote(
        "LEGACY_PRICE_LIST",
        f"The price is that of a legacy list{dated}, for one seat and month; what is paid today "
        "may differ",
        quote.source,
    )


def _offer_not_known(subscription: Subscription) -> PriceNotKnown:
    offer = subscription.catalog_id or subscription.title or "without an offer"
    return PriceNotKnown(
        subscription.catalog_id,
        PriceGap.OFFER_NOT_KNOWN,
        f"The catalog has no offer {offer}, so nothing is known of its price",
        "Check the offer id",
    )
