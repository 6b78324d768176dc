"""What `prices` asks and shows: an offer's retail prices on a day, or why none is known."""

from collections.abc import Iterator

from rich.console import RenderableType

from offerpath.cli import answers
from offerpath.cli.catalog import price_json, price_words, tables
from offerpath.cli.exits import Exit, Missing
from offerpath.cli.terminal import show, show_json
from offerpath.house import House
from planner.catalog import Catalog
from planner.ids import CatalogId
from planner.pricing.prices import PriceNotKnown, Quote
from resolvers.asked import Asked
from resolvers.catalog.compare import MarketRequest
from resolvers.catalog.prices import offer_prices
from resolvers.problems import offer_not_found


async def answer_prices(
    house: House, *, offer: CatalogId, request: MarketRequest, as_json: bool
) -> Exit:
    asked = await house.asked()
    if offer not in asked.catalog.offers:
        raise Missing(offer_not_found(offer))
    found = offer_prices(asked, offer, request)
    if as_json:
        show_json(_answer(asked, request, offer, found))
    else:
        show(*_told(asked.catalog, offer, found))
    return Exit.ANSWERED


def _answer(
    asked: Asked,
    request: MarketRequest,
    offer: CatalogId,
    found: tuple[Quote, ...] | PriceNotKnown,
) -> answers.Json:
    """Return prices, or none and why: `priceNotKnown` is null where there is one."""
    told = answers.asked_of(asked, request.at)
    told |= {"offer": answers.reference(asked.catalog, offer), "prices": [], "priceNotKnown": None}
    if isinstance(found, PriceNotKnown):
        return told | {"priceNotKnown": answers.plain(found)}
    prices = [{"market": one.market} | (price_json.price(one) or {}) for one in found]
    return told | {"prices": prices}


def _told(
    catalog: Catalog, offer: CatalogId, found: tuple[Quote, ...] | PriceNotKnown
) -> Iterator[RenderableType]:
    yield f"{tables.named(catalog, offer)}, retail prices for one seat"
    if isinstance(found, PriceNotKnown):
        yield from price_words.gap(found)
        return
    yield tables.table(
        *("MARKET", "SEGMENT", "TERM", "BILLING", "A MONTH", "WHOLE TERM", "UNTIL"),
        rows=(_row(quote) for quote in found),
    )
    yield from price_words.lists("from", found)


def _row(quote: Quote) -> tuple[str, ...]:
    return (
        quote.market,
        quote.segment.value,
        quote.term or "",
        quote.billing_plan or "",
        price_words.month(quote),
        "" if quote.term is None else price_words.amount(quote.per_term, quote.currency),
        quote.effective_end.isoformat() if quote.effective_end else "",
    )
