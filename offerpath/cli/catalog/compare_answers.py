"""What `compare` asks and shows."""

from collections.abc import Iterable

from rich.console import RenderableType

from offerpath.cli import answers
from offerpath.cli.catalog import price_json, price_words, tables
from offerpath.cli.exits import Exit, Missing
from offerpath.cli.terminal import show, show_json
from offerpath.house import House
from planner.catalog import Catalog
from planner.compare import Both, Comparison, PriceLine, Side
from planner.counting import counted
from planner.ids import CatalogId
from planner.no_path import NoPath
from planner.offers import ServicePlan
from planner.paths import Path
from planner.pricing.prices import PriceNotKnown
from planner.service_sets import ServiceEffect, ServicesNotKnown
from resolvers.asked import Asked
from resolvers.catalog.compare import MarketRequest, compare_offers
from resolvers.problems import NotFound


async def answer_compare(
    house: House, *, ends: tuple[CatalogId, CatalogId], request: MarketRequest, as_json: bool
) -> Exit:
    asked = await house.asked()
    found = compare_offers(asked, *ends, request)
    if isinstance(found, NotFound):
        raise Missing(found)
    if as_json:
        show_json(_answer(asked, request, found))
    else:
        show(*_tables(asked.catalog, found))
    return Exit.ANSWERED


def _answer(asked: Asked, request: MarketRequest, found: Comparison) -> answers.Json:
    catalog = asked.catalog
    return answers.asked_of(asked, request.at) | {
        "from": _side(catalog, found.origin),
        "to": _side(catalog, found.target),
        "sameSegment": found.same_segment,
        "services": _services(found.services),
        "prices": [_line(line) for line in found.prices],
        "terms": _both(found.terms),
        "markets": _both(found.markets),
        "there": _way(catalog, found.there),
        "back": _way(catalog, found.back),
    }


def _side(catalog: Catalog, side: Side) -> answers.Json:
    gap = isinstance(side.prices, PriceNotKnown)
    return answers.reference(catalog, side.offer.catalog_id) | {
        "terms": None if side.terms is None else list(side.terms),
        "minimumSeats": side.seats.minimum,
        "maximumSeats": side.seats.maximum,
        "seatCap": None if side.seats.cap is None else answers.plain(side.seats.cap),
        "limit": side.seats.limit,
        "limitScope": side.seats.limit_scope,
        "sold": side.sold,
        "priceNotKnown": answers.plain(side.prices) if gap else None,
    }


def _services(found: ServiceEffect | ServicesNotKnown) -> answers.Json:
    """Return the effect, or why it is not known: exactly one of the two is not null."""
    if isinstance(found, ServicesNotKnown):
        return {"effect": None, "notKnown": answers.plain(found)}
    effect = {name: answers.plain(getattr(found, name)) for name in ("added", "kept", "lost")}
    return {
        "effect": effect
        | {
            "families": answers.plain(found.families),
            "common": {
                "added": answers.plain(found.common_added),
                "kept": answers.plain(found.common_kept),
                "lost": answers.plain(found.common_lost),
            },
            "keepsEverything": found.keeps_everything,
            "evidence": found.evidence.name,
            "sources": list(found.sources),
        },
        "notKnown": None,
    }


def _line(line: PriceLine) -> answers.Json:
    return {
        "market": line.market,
        "currency": line.currency,
        "term": line.term,
        "billingPlan": line.billing_plan,
        "from": price_json.price(line.origin),
        "to": price_json.price(line.target),
        "differencePerMonth": price_json.money(line.difference_per_month, line.currency),
        "differencePerTerm": price_json.money(line.difference_per_term, line.currency),
    }


def _both(found: Both | None) -> answers.Json | None:
    if found is None:
        return None
    return {
        "inBoth": list(found.in_both),
        "onlyFrom": list(found.only_origin),
        "onlyTo": list(found.only_target),
    }


def _way(catalog: Catalog, found: Path | NoPath) -> answers.Json:
    """Return the best path or why there is none: exactly one of the two is not null."""
    if isinstance(found, NoPath):
        return {"path": None, "noPath": answers.no_path_answer(catalog, found)}
    return {"path": answers.path_answer(catalog, found), "noPath": None}


def _tables(catalog: Catalog, found: Comparison) -> Iterable[RenderableType]:
    sides = found.origin, found.target
    for letter, side in zip("AB", sides, strict=True):
        yield f"{letter}: {tables.named(catalog, side.offer.catalog_id)}"
    yield ""
    yield tables.table(" ", "A", "B", rows=_facts(*sides))
    yield ""
    yield from _service_lines(found.services)
    yield ""
    yield from _price_lines(found)
    yield ""
    for name, way in (("A to B", found.there), ("B to A", found.back)):
        yield f"{name}: {_way_line(catalog, way)}"


def _facts(*sides: Side) -> Iterable[tuple[str, ...]]:
    def row(name: str, *cells: object) -> tuple[str, ...]:
        return name, *(price_words.NOT_KNOWN if cell is None else str(cell) for cell in cells)

    yield row("segment", *(side.offer.segment for side in sides))
    yield row("terms", *(side.terms and ", ".join(side.terms) for side in sides))
    yield row("minimum seats", *(side.seats.minimum for side in sides))
    yield row("maximum seats", *(_most(side) for side in sides))
    if any(side.sold for side in sides):
        yield row("sold in the market", *(side.sold and side.sold.lower() for side in sides))


def _most(side: Side) -> int | None:
    cap = side.seats.cap
    limits = (side.seats.maximum, None if cap is None else cap.per_offer)
    return min((limit for limit in limits if limit is not None), default=None)


def _service_lines(found: ServiceEffect | ServicesNotKnown) -> Iterable[RenderableType]:
    if isinstance(found, ServicesNotKnown):
        yield f"Services: {found.message}."
        yield f"   remedy: {found.remedy}"
        return
    for name, plans in (("adds", found.added), ("keeps", found.kept), ("loses", found.lost)):
        yield f"B {name} {counted(len(plans), 'service')}" + _titles(plans)
    if found.families:
        yield f"B has {counted(len(found.families), 'service')} in another plan"
    for change in found.families:
        before, after = _joined(change.before), _joined(change.after)
        yield f"   {change.move.lower()}: {before} -> {after}"


def _titles(plans: tuple[ServicePlan, ...]) -> str:
    return f": {_joined(plans)}" if plans else ""


def _joined(plans: tuple[ServicePlan, ...]) -> str:
    return ", ".join(plan.title for plan in plans)


def _price_lines(found: Comparison) -> Iterable[RenderableType]:
    for letter, side in zip("AB", (found.origin, found.target), strict=True):
        if isinstance(side.prices, PriceNotKnown):
            yield f"Price of {letter}: {side.prices.message}."
            yield f"   remedy: {side.prices.remedy}"
    if not found.prices:
        return
    yield "Retail prices for one seat and month"
    yield tables.table(
        *("MARKET", "TERM", "BILLING", "A", "B", "DIFFERENCE"),
        rows=(_price_row(line) for line in found.prices),
    )
    yield from price_words.lists("A", (line.origin for line in found.prices))
    yield from price_words.lists("B", (line.target for line in found.prices))


def _price_row(line: PriceLine) -> tuple[str, ...]:
    return (
        line.market,
        line.term or "a month",
        line.billing_plan or "",
        price_words.month(line.origin),
        price_words.month(line.target),
        price_words.amount(line.difference_per_month, line.currency),
    )


def _way_line(catalog: Catalog, found: Path | NoPath) -> str:
    if isinstance(found, NoPath):
        return f"{found.verdict.value}: {found.message}; `offerpath paths` tells why"
    kinds = ", ".join(step.transition.kind.value for step in found.steps)
    return f"{tables.path_line(catalog, found)} ({kinds})"
