"""What an offer costs at retail: by market, term and billing, on a day, and from which list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import groupby

from planner.catalog import Catalog
from planner.ids import CatalogId
from planner.lifecycle import months_in
from planner.offers import Commerce, Offer, Price, Segment
from planner.pricing.rules import surcharge_rate

_WITHOUT_CENTS = frozenset({"JPY", "KRW"})
_EARLIEST_YEAR = 1900
_LATEST_YEAR = 9000


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Return an amount in the currency's smallest unit, half a unit upwards.

    The one rounding there is: listed amounts stay as listed, sums are made of unrounded parts and
    rounded once, at the end.
    """
    unit = Decimal(1) if currency in _WITHOUT_CENTS else Decimal("0.01")
    return amount.quantize(unit, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Quote:
    """A retail (ERP) price for one seat, as one list gives it on one day.

    What a partner pays is in no quote. A legacy list prices a month whatever the term is: then
    `term` and `billing_plan` are None and only `per_month` is known.
    """

    catalog_id: CatalogId
    market: str
    currency: str
    segment: Segment
    term: str | None
    """ISO 8601 duration, such as P1Y."""
    billing_plan: str | None
    """Monthly, Annual, Triennial or None as the list writes it."""
    listed: Decimal
    """The list's own amount: for the whole term, or for a month where `term` is None."""
    months: int | None
    """How many months `listed` pays for; None where the term cannot be read."""
    surcharge: Decimal
    """A rate that a dated rule adds and the list lacks: 0.05, mostly 0."""
    effective_start: date | None
    effective_end: date | None
    """Last day, inclusive; None where it has no end."""
    source: str
    as_of: date | None
    """The day that the list speaks for."""

    @property
    def amount(self) -> Decimal:
        """The listed amount with what a rule adds, not rounded."""
        return self.listed * (1 + self.surcharge)

    @property
    def month(self) -> Decimal | None:
        """One seat for one month, not rounded; sums are made of it."""
        return None if self.months is None else self.amount / self.months

    @property
    def per_term(self) -> Decimal | None:
        """One seat for the whole term."""
        if self.term is None:
            return None
        return rounded(self.amount, self.currency) if self.surcharge else self.listed

    @property
    def per_month(self) -> Decimal | None:
        """One seat for a month, rounded; what is billed once a year counts by its twelfth."""
        month = self.month
        return None if month is None else rounded(month, self.currency)


class PriceGap(StrEnum):
    """Why no loaded list gives a price."""

    NOT_LISTED = "NOT_LISTED"
    OTHER_MARKET = "OTHER_MARKET"
    OTHER_SEGMENT = "OTHER_SEGMENT"
    OTHER_DAY = "OTHER_DAY"
    OTHER_TERM = "OTHER_TERM"
    MARKET_NOT_KNOWN = "MARKET_NOT_KNOWN"
    TERM_NOT_KNOWN = "TERM_NOT_KNOWN"
    OFFER_NOT_KNOWN = "OFFER_NOT_KNOWN"
    NOT_BILLED = "NOT_BILLED"
    """It is over: nothing is billed for it, whatever the list says."""
    WITHHELD = "WITHHELD"
    """Whoever asks may not see prices, loaded or not."""


@dataclass(frozen=True, slots=True)
class PriceNotKnown:
    """No loaded list tells the price. Not known is not free."""

    catalog_id: CatalogId | None
    gap: PriceGap
    message: str
    remedy: str
    fields: tuple[str, ...] = ()
    """What would have to be known of the customer or subscription."""
    code: str = "PRICE_NOT_KNOWN"


@lru_cache(maxsize=8192)
def prices_of(
    catalog: Catalog,
    offer: CatalogId,
    *,
    market: str | None,
    segment: Segment | None = None,
    on: date,
) -> tuple[Quote, ...] | PriceNotKnown:
    """Return an offer's retail prices that hold on a day, at least one, or why there is none.

    In order of market, currency, segment, length of term and billing. Without a market those of
    all; without a segment those of the offer's own. Of ranges that overlap the one that begins
    last wins. Raises: UnknownOffer.
    """
    known = catalog.offer(offer)
    wanted = segment or known.segment
    listed: tuple[Price, ...] = catalog.prices.get(offer, ())
    there = tuple(price for price in listed if market in (None, price.market))
    meant = tuple(price for price in there if wanted in (None, price.segment))
    holding = tuple(price for price in meant if _holds(price, on))
    if holding:
        return _quotes(catalog, known, holding, on)
    if catalog.withholds_prices:
        return _withheld(known)
    if not listed:
        return _not_known(known, PriceGap.NOT_LISTED, (), market, wanted, on)
    if not there:
        return _not_known(known, PriceGap.OTHER_MARKET, listed, market, wanted, on)
    gap = PriceGap.OTHER_DAY if meant else PriceGap.OTHER_SEGMENT
    return _not_known(known, gap, meant or there, market, wanted, on)


def cheapest_month(
    catalog: Catalog, offer: CatalogId, market: str, on: date, *, segment: Segment | None = None
) -> Quote | None:
    """Return the quote with the smallest price a month in a market; None where none is known."""
    found = prices_of(catalog, offer, market=market, segment=segment, on=on)
    if isinstance(found, PriceNotKnown):
        return None
    monthly = (quote for quote in found if quote.month is not None)
    return min(monthly, key=_cheapest_first, default=None)


def _cheapest_first(quote: Quote) -> tuple[str, Decimal, int, str]:
    return (
        quote.currency,
        quote.month or Decimal(0),
        quote.months or 0,
        quote.billing_plan or "",
    )


@lru_cache(maxsize=16)
def _dates_of_sources(catalog: Catalog) -> Mapping[str, date | None]:
    return {source.source_id: source.dated for source in catalog.facts.sources}


def _holds(price: Price, on: date) -> bool:
    begun = price.effective_start is None or price.effective_start <= on
    return begun and (price.effective_end is None or on <= price.effective_end)


def _quotes(catalog: Catalog, offer: Offer, prices: Iterable[Price], on: date) -> tuple[Quote, ...]:
    ordered = sorted(prices, key=lambda price: (_what_for(price), _newest_last(catalog, price)))
    latest = [list(same)[-1] for _, same in groupby(ordered, key=_what_for)]
    return tuple(_quote(catalog, offer, price, on) for price in latest)


def _what_for(price: Price) -> tuple[str, str, str, int, str, str]:
    months = months_in(price.term) or 0
    return (
        price.market,
        price.currency,
        price.segment.value,
        months,
        price.term,
        price.billing_plan,
    )


def _newest_last(catalog: Catalog, price: Price) -> tuple[date, date, str, date, Decimal]:
    dated = _dates_of_sources(catalog).get(price.source)
    return (
        price.effective_start or date.min,
        dated or date.min,
        price.source,
        price.effective_end or date.max,
        price.amount,
    )


def _quote(catalog: Catalog, offer: Offer, price: Price, on: date) -> Quote:
    is_legacy = offer.commerce is Commerce.LEGACY
    dated = _dates_of_sources(catalog).get(price.source)
    return Quote(
        price.catalog_id,
        price.market,
        price.currency,
        price.segment,
        None if is_legacy else price.term,
        None if is_legacy else price.billing_plan,
        price.amount,
        months_in(price.term),
        surcharge_rate(catalog, price, dated=dated, on=on),
        _told(price.effective_start),
        _told(price.effective_end),
        price.source,
        dated,
    )


def _told(day: date | None) -> date | None:
    """Return a day that means one; lists write `always` and `no end` as days far away."""
    if day is None or not _EARLIEST_YEAR <= day.year < _LATEST_YEAR:
        return None
    return day


def _withheld(offer: Offer) -> PriceNotKnown:
    return PriceNotKnown(
        offer.catalog_id,
        PriceGap.WITHHELD,
        f"The price of {offer.title} ({offer.catalog_id}) is not shown to your roles",
        "Ask somebody whose role may see prices",
    )


def _not_known(
    offer: Offer,
    gap: PriceGap,
    prices: tuple[Price, ...],
    market: str | None,
    segment: Segment | None,
    on: date,
) -> PriceNotKnown:
    markets = ", ".join(sorted({price.market for price in prices}))
    segments = ", ".join(sorted({price.segment.value for price in prices}))
    starts = [price.effective_start for price in prices if price.effective_start]
    said = {
        PriceGap.NOT_LISTED: "is in no loaded price list",
        PriceGap.OTHER_MARKET: f"has a loaded price in {markets}, and none in {market}",
        PriceGap.OTHER_SEGMENT: f"has a loaded price for {segments}, and none for {segment}",
        PriceGap.OTHER_DAY: f"has no loaded price that holds on {on.isoformat()}"
        + (f"; the first begins on {min(starts).isoformat()}" if starts else ""),
    }
    where = f"the market {market}" if market else "your market"
    return PriceNotKnown(
        offer.catalog_id,
        gap,
        f"{offer.title} ({offer.catalog_id}) {said[gap]}",
        f"Look it up in Partner Center's price list of {where}, which this version cannot import "
        "yet",
    )
