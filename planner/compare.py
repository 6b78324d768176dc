"""How two offers differ: services, prices, seats, terms, markets, and the way between them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from planner.availability import sold_in
from planner.catalog import Catalog
from planner.facts import SeatCap
from planner.goals import OfferGoal
from planner.ids import CatalogId
from planner.lifecycle import term_of_duration
from planner.no_path import NoPath
from planner.offers import Commerce, Known, LimitScope, Offer
from planner.paths import Path, PathQuestion, paths
from planner.pricing.prices import PriceNotKnown, Quote, prices_of, rounded
from planner.scope import Scope, whole_day
from planner.service_sets import ServiceEffect, ServicesNotKnown, service_effect


@dataclass(frozen=True, slots=True)
class SeatLimits:
    """How many seats an offer takes; None where no source says so, which is not `no limit`."""

    minimum: int | None
    maximum: int | None
    cap: SeatCap | None
    """A limit pooled over all sellers of a tenant."""
    limit: int | None
    """How many subscriptions of it a tenant may own."""
    limit_scope: LimitScope


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two offers, as far as it is known."""

    offer: Offer
    seats: SeatLimits
    terms: tuple[str, ...] | None
    """`term/billing plan`, such as `P1Y/Monthly`, in order; None where no source says."""
    sold: Known | None
    """Whether it is sold in the market asked for; None where none was."""
    prices: tuple[Quote, ...] | PriceNotKnown


@dataclass(frozen=True, slots=True)
class Both:
    """Two sets side by side, each in order."""

    in_both: tuple[str, ...]
    only_origin: tuple[str, ...]
    only_target: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PriceLine:
    """The prices of one market, currency, term and billing side by side.

    A legacy price is one for a month whatever the term: it stands beside every line.
    """

    market: str
    currency: str
    term: str | None
    """None on a line of legacy prices alone."""
    billing_plan: str | None
    origin: Quote | None
    """None where no list gives it: not known, or not sold so."""
    target: Quote | None
    difference_per_month: Decimal | None
    """The target's month less the origin's for one seat; None where either is not known."""
    difference_per_term: Decimal | None
    """The same for the whole term; None for a legacy price too."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two offers side by side, on one day."""

    origin: Side
    target: Side
    same_segment: bool | None
    """None where the segment of either is not known."""
    services: ServiceEffect | ServicesNotKnown
    prices: tuple[PriceLine, ...]
    """In order of market, currency, length of term, billing."""
    terms: Both | None
    """None where those of either are not known."""
    markets: Both | None
    """None where those of either are not known."""
    there: Path | NoPath
    """The best way from the origin to the target, or why there is none."""
    back: Path | NoPath


def compare(catalog: Catalog, origin: CatalogId, target: CatalogId, scope: Scope) -> Comparison:
    """Compare two offers in the scope's market, segment and day.

    Without a market prices of all are shown; without a segment those of each offer's own.
    Raises: UnknownOffer.
    """
    left, right = _side(catalog, origin, scope), _side(catalog, target, scope)
    segments = left.offer.segment, right.offer.segment
    return Comparison(
        left,
        right,
        None if None in segments else segments[0] is segments[1],
        service_effect(catalog, origin, target),
        tuple(_lines(left.prices, right.prices)),
        _both(left.terms, right.terms),
        _both(left.offer.markets, right.offer.markets),
        _best(catalog, origin, target, scope),
        _best(catalog, target, origin, scope),
    )


def terms_of(offer: Offer) -> tuple[str, ...] | None:
    """Return the terms and billing plans of an offer in new commerce's writing; None if unknown.

    The offer matrix writes a legacy term in words and its billing apart: `1 Year`, `annual`.
    """
    if not offer.billing:
        return None
    if offer.commerce is Commerce.NEW_COMMERCE:
        return tuple(sorted(offer.billing))
    if offer.duration is None:
        return None
    term = term_of_duration(offer.duration) or offer.duration
    return tuple(sorted(f"{term}/{billing.capitalize()}" for billing in offer.billing))


def _side(catalog: Catalog, catalog_id: CatalogId, scope: Scope) -> Side:
    offer = catalog.offer(catalog_id)
    seats = SeatLimits(
        offer.minimum_seats,
        offer.maximum_seats,
        catalog.seat_caps.get(catalog_id),
        offer.limit,
        offer.limit_scope,
    )
    market, coverage = scope.market, catalog.facts.coverage
    prices = prices_of(catalog, catalog_id, market=market, segment=scope.segment, on=scope.day)
    sold = None if market is None else sold_in(offer, market, coverage, scope.day)
    return Side(offer, seats, terms_of(offer), sold, prices)


def _best(catalog: Catalog, origin: CatalogId, target: CatalogId, scope: Scope) -> Path | NoPath:
    answer = paths(catalog, PathQuestion(origin, OfferGoal(target), whole_day(scope)))
    return answer if isinstance(answer, NoPath) else answer.paths[0]


def _both(origin: Iterable[str] | None, target: Iterable[str] | None) -> Both | None:
    if origin is None or target is None:
        return None
    left, right = frozenset(origin), frozenset(target)
    return Both(
        tuple(sorted(left & right)), tuple(sorted(left - right)), tuple(sorted(right - left))
    )


_Key = tuple[str, str, int, str, str]


def _lines(
    origin: tuple[Quote, ...] | PriceNotKnown, target: tuple[Quote, ...] | PriceNotKnown
) -> Iterator[PriceLine]:
    left, right = _by_line(origin), _by_line(target)
    keys = {**left, **right}
    for key in sorted(keys):
        market, currency, _, term, billing = key
        if not term and any(other[:2] == key[:2] and other[3] for other in keys):
            # A month's legacy price already stands beside each of the other lines.
            continue
        for one, other in product(_at(left, key), _at(right, key)):
            yield _line(market, currency, term, billing, one, other)


def _by_line(prices: tuple[Quote, ...] | PriceNotKnown) -> Mapping[_Key, list[Quote]]:
    found: dict[_Key, list[Quote]] = defaultdict(list)
    for quote in () if isinstance(prices, PriceNotKnown) else prices:
        length = 0 if quote.term is None else quote.months or 0
        key = (quote.market, quote.currency, length, quote.term or "", quote.billing_plan or "")
        found[key].append(quote)
    return found


def _at(quotes: Mapping[_Key, list[Quote]], key: _Key) -> tuple[Quote | None, ...]:
    """Return the quotes of a line, else the legacy ones of its market and currency, else None."""
    legacy: _Key = (key[0], key[1], 0, "", "")
    return tuple(quotes.get(key) or quotes.get(legacy) or (None,))


def _line(
    market: str,
    currency: str,
    term: str,
    billing: str,
    origin: Quote | None,
    target: Quote | None,
) -> PriceLine:
    return PriceLine(
        market,
        currency,
        term or None,
        billing or None,
        origin,
        target,
        _difference(_month(origin), _month(target), currency),
        _difference(_per_term(origin), _per_term(target), currency),
    )


def _month(quote: Quote | None) -> Decimal | None:
    return None if quote is None else quote.month


def _per_term(quote: Quote | None) -> Decimal | None:
    return None if quote is None else quote.per_term


def _difference(origin: Decimal | None, target: Decimal | None, currency: str) -> Decimal | None:
    if origin is None or target is None:
        return None
    return rounded(target - origin, currency)
