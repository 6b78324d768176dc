"""Whether an offer is sold in a market, by what the sources that list offers cover."""

from collections.abc import Iterable
from datetime import date

from planner.coverage import Coverage
from planner.offers import Commerce, Known, Offer
from planner.transitions import TransitionKind


def sold_in(offer: Offer, market: str, coverage: Iterable[Coverage], on: date) -> Known:
    """Return YES where a source lists the offer in the market, NO where a complete one omits it.

    A legacy offer's country set is complete in itself, and one without a set is UNKNOWN. A
    new-commerce SKU's markets are those whose price lists were loaded: it is not sold where a list
    that is whole on that day omits it, and UNKNOWN elsewhere.
    Source: the catalog's notes (110 offers have no country set).
    """
    if offer.markets is not None and market in offer.markets:
        return Known.YES
    if offer.commerce is Commerce.LEGACY:
        return Known.UNKNOWN if offer.markets is None else Known.NO
    return Known.NO if _listed_whole(market, offer, coverage, on) else Known.UNKNOWN


def _listed_whole(market: str, offer: Offer, coverage: Iterable[Coverage], on: date) -> bool:
    return any(
        scope.kind is None
        and scope.market == market
        and scope.segment in (None, offer.segment)
        and _holds(scope, on)
        for scope in coverage
    )


def is_covered(coverage: Iterable[Coverage], offer: Offer, kind: TransitionKind, on: date) -> bool:
    """Return whether a source that lists the offer is complete for that kind of move on a day."""
    return any(
        scope.kind is kind
        and scope.source_id in offer.sources
        and scope.segment in (None, offer.segment)
        and _holds(scope, on)
        for scope in coverage
    )


def _holds(scope: Coverage, on: date) -> bool:
    begun = scope.starts is None or scope.starts <= on
    return begun and (scope.ends is None or on < scope.ends)
