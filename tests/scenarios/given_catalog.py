"""The catalog that a scenario file gives: the bundled one, or an excerpt of a few letters."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from db.bundled import bundled_facts
from planner.catalog import Catalog
from planner.coverage import Coverage
from planner.facts import SaleEnd, SeatCap
from planner.ids import CatalogId, is_new_commerce, parse_catalog_id
from planner.offers import Offer
from planner.transitions import Prerequisite
from tests.planner import builders
from tests.scenarios.model import Excerpt, Scenario, Told


@cache
def bundled() -> Catalog:
    return builders.from_facts(bundled_facts())


def catalog_of(scenario: Scenario) -> Catalog:
    if isinstance(scenario.catalog, str):
        assert scenario.catalog == "bundled"
        return bundled()
    return _excerpt(scenario.catalog.model_dump_json())


@lru_cache(maxsize=256)
def _excerpt(text: str) -> Catalog:
    """Return the tiny catalog; the same for the same words, so that answers kept for it serve."""
    excerpt = Excerpt.model_validate_json(text)
    rows = builders.with_plans(excerpt.services)
    described: Any = rows.pop("offers")
    named = {one.catalog_id: one for one in described}
    moves = "\n".join(excerpt.moves)
    for name in excerpt.offers:
        named.setdefault(builders.oid(name), builders.offer(name))
    facts = builders.facts(moves, offers=named.values(), **rows)
    told = {builders.oid(name): one for name, one in excerpt.offers.items()}
    offers = tuple(_offer(one, told.get(one.catalog_id, Told())) for one in facts.offers)
    return builders.from_facts(
        replace(
            facts,
            offers=offers,
            windows=builders.CONTESTED if excerpt.contested_since_march_2022 else (),
            coverage=tuple(
                Coverage("list", kind, None, None, None, None) for kind in excerpt.complete
            ),
            seat_caps=tuple(
                SeatCap(
                    catalog_id,
                    one.seat_cap,
                    one.family,
                    one.seat_cap if one.family else None,
                    "limits",
                )
                for catalog_id, one in told.items()
                if one.seat_cap is not None
            ),
            prerequisites=tuple(
                Prerequisite(catalog_id, builders.oid(base), "list")
                for catalog_id, one in told.items()
                for base in one.bases
            ),
            sale_ends=tuple(
                SaleEnd(catalog_id, None, one.end_of_sale, "no new sales", "list")
                for catalog_id, one in told.items()
                if one.end_of_sale is not None
            ),
        )
    )


def _cap(catalog_id: CatalogId, told: Told) -> SeatCap:
    assert told.seat_cap
    in_family = told.seat_cap if told.family else None
    return SeatCap(catalog_id, told.seat_cap, told.family, in_family, "limits")


_USUAL = {True: ("P1M/Monthly", "P1Y/Annual", "P1Y/Monthly"), False: ("annual", "monthly")}


def _offer(offer: Offer, told: Told) -> Offer:
    usual = _USUAL[is_new_commerce(offer.catalog_id)]
    return replace(
        offer,
        billing=usual if told.billing is None else told.billing,
        is_trial=told.is_trial,
        is_addon=told.is_addon,
        segment=told.segment,
        markets=None if told.markets is None else frozenset(told.markets),
        limit=told.limit,
        limit_scope=told.limit_scope,
    )


def id_of(text: str | None) -> CatalogId:
    assert text
    return builders.oid(text) if len(text) == 1 else parse_catalog_id(text)


def ids_of(texts: Iterable[str]) -> frozenset[CatalogId]:
    return frozenset(map(id_of, texts))
