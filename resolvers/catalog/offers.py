"""Which offers the catalog has: one by id, or a page of those that a filter lets through."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from planner.availability import sold_in
from planner.catalog import Catalog
from planner.ids import CatalogId
from planner.offers import Known, Offer
from resolvers import inputs
from resolvers.asked import Asked
from resolvers.codes.code import Code
from resolvers.problems import BadInput, NotFound, offer_not_found
from resolvers.records.catalog import OfferFilter

_SHORTEST_ID = 6


@dataclass(frozen=True, slots=True)
class OfferPage:
    """Offers in order of (title, catalog id), and what lies beyond."""

    offers: tuple[Offer, ...]
    has_next: bool
    total: int


def offer(asked: Asked, catalog_id: str) -> Offer | NotFound:
    """Return one offer. Raises: BadInput MALFORMED_ID."""
    parsed = inputs.catalog_id(catalog_id)
    return asked.catalog.offers.get(parsed) or offer_not_found(parsed)


def offers(asked: Asked, wanted: OfferFilter, *, first: int, after: CatalogId | None) -> OfferPage:
    """Return a page after one offer. Raises: BadInput.

    Every word of the text must begin a word of the title or a former title, or be the beginning
    (six characters or more) of the id or the provisioning id. A market keeps offers that are sold
    there and those of which nothing is known.
    """
    inputs.page_size(first)
    matching = _matching(asked.catalog, _normalised(wanted), asked.now.date())
    begin = 0 if after is None else _position_after(asked.catalog, matching, after)
    page = matching[begin : begin + first]
    return OfferPage(page, begin + first < len(matching), len(matching))


def _normalised(wanted: OfferFilter) -> OfferFilter:
    given = inputs.search_text(wanted.text)
    text = " ".join(given.casefold().split()) if given else None
    market = inputs.market(wanted.market)
    return OfferFilter(text or None, wanted.commerce, wanted.segment, market, wanted.addon)


def _sort_key(offer: Offer) -> tuple[str, CatalogId]:
    return offer.title.casefold(), offer.catalog_id


@lru_cache(maxsize=64)
def _matching(catalog: Catalog, wanted: OfferFilter, on: date) -> tuple[Offer, ...]:
    chosen = (offer for offer in catalog.offers.values() if _matches(catalog, offer, wanted, on))
    return tuple(sorted(chosen, key=_sort_key))


def _matches(catalog: Catalog, offer: Offer, wanted: OfferFilter, on: date) -> bool:
    return (
        wanted.commerce in (None, offer.commerce)
        and wanted.segment in (None, offer.segment)
        and wanted.addon in (None, offer.is_addon)
        and (wanted.text is None or _has_words(offer, wanted.text))
        and (
            wanted.market is None
            or sold_in(offer, wanted.market, catalog.facts.coverage, on) is not Known.NO
        )
    )


def _has_words(offer: Offer, text: str) -> bool:
    names = " ".join((offer.title, *offer.former_titles)).casefold()
    ids = (offer.catalog_id.casefold(), (offer.provisioning_id or "").casefold())
    return all(_begins_a_word(word, names) or _begins_an_id(word, ids) for word in text.split())


def _begins_a_word(word: str, names: str) -> bool:
    at = names.find(word)
    while at > 0 and names[at - 1].isalnum():
        at = names.find(word, at + 1)
    return at >= 0


def _begins_an_id(word: str, ids: Iterable[str]) -> bool:
    """Return whether a word is the beginning of an id; short ones are left to the titles."""
    return len(word) >= _SHORTEST_ID and any(one.startswith(word) for one in ids)


def _position_after(catalog: Catalog, matching: tuple[Offer, ...], after: CatalogId) -> int:
    """Return where the page begins; the offer of the cursor need not match the filter itself."""
    last = catalog.offers.get(after)
    if last is None:
        raise BadInput(Code.BAD_CURSOR, "this cursor names an offer that the catalog does not have")
    key = _sort_key(last)
    return sum(_sort_key(offer) <= key for offer in matching)
