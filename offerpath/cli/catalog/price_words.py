"""Retail prices as words for a terminal."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from planner.pricing.prices import PriceNotKnown, Quote, rounded

NOT_KNOWN = "not known"


def amount(value: Decimal | None, currency: str) -> str:
    """Return `88.20 USD`, or that it is not known; a list's finer amounts stay as they are."""
    if value is None:
        return NOT_KNOWN
    in_cents = rounded(value, currency)
    return f"{in_cents if in_cents == value else value} {currency}"


def month(quote: Quote | None) -> str:
    """Return what one seat costs a month."""
    return NOT_KNOWN if quote is None else amount(quote.per_month, quote.currency)


def billed(quote: Quote) -> str:
    """Return for how long and how it is billed: `P1Y/Monthly`; legacy prices tell neither."""
    return f"{quote.term}/{quote.billing_plan}" if quote.term else "listed by the month"


def dated(quote: Quote) -> str:
    """Return the list that gives a price, and its day."""
    return f"{quote.source} ({quote.as_of.isoformat()})" if quote.as_of else quote.source


def lists(whose: str, quotes: Iterable[Quote | None]) -> Iterator[str]:
    """Yield which lists give these prices, each once; nothing where there is no price."""
    named = dict.fromkeys(dated(quote) for quote in quotes if quote is not None)
    if named:
        yield f"{whose}: {', '.join(named)}"


def gap(found: PriceNotKnown) -> Iterator[str]:
    """Yield why no loaded list tells a price, and what would."""
    yield f"   {found.code}: {found.message}."
    yield f"      remedy: {found.remedy}"
