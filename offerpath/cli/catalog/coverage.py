"""How much a catalog knows: offers, service plans, moves and their evidence, counted."""

from collections import Counter
from collections.abc import Iterable

from planner.catalog import Catalog
from planner.ids import CatalogId
from planner.offers import Commerce, Known
from planner.paths import Path, reachable
from planner.scope import Scope
from planner.transitions import TransitionKind

Counts = dict[str, int]


def coverage(catalog: Catalog, scope: Scope) -> dict[str, Counts]:
    """Return counts by topic; every question of the scope is asked once, about a second."""
    return {
        "offers": _counted(offer.commerce.value for offer in catalog.offers.values()),
        "servicePlansOfLegacy": _plans(catalog, Commerce.LEGACY),
        "servicePlansOfNewCommerce": _plans(catalog, Commerce.NEW_COMMERCE),
        "notKnown": {
            "markets": sum(offer.markets is None for offer in catalog.offers.values()),
            "isAddon": sum(offer.is_addon is Known.UNKNOWN for offer in catalog.offers.values()),
            "equivalentAmongSeveral": len(_ambiguous(catalog)),
        },
        "transitions": _counted(edge.kind.value for edge in catalog.transitions),
        "evidence": _counted(edge.evidence.name for edge in catalog.transitions),
        "denials": {"pairs": len(catalog.denials)},
        "legacyOffers": _legacy(catalog, scope),
    }


def _counted(names: Iterable[str]) -> Counts:
    return dict(sorted(Counter(names).items()))


def _plans(catalog: Catalog, commerce: Commerce) -> Counts:
    """Count the offers of a commerce by how their service plans are known."""
    ids = [offer.catalog_id for offer in catalog.offers.values() if offer.commerce is commerce]
    plans = [catalog.plans.get(catalog_id) for catalog_id in ids]
    return _counted("UNKNOWN" if known is None else known.origin.value for known in plans)


def _ambiguous(catalog: Catalog) -> set[CatalogId]:
    """Return the legacy offers that have several candidate equivalents."""
    return {
        edge.origin
        for edge in catalog.transitions
        if edge.kind is TransitionKind.MIGRATION and edge.candidates
    }


def _legacy(catalog: Catalog, scope: Scope) -> Counts:
    """Count how many legacy offers reach new commerce: at all, without upgrades, in one step."""
    ways = [
        _to_new_commerce(catalog, offer.catalog_id, scope)
        for offer in catalog.offers.values()
        if offer.commerce is Commerce.LEGACY
    ]
    return {
        "all": len(ways),
        "reachNewCommerce": sum(bool(found) for found in ways),
        "withoutLegacyUpgrade": sum(
            any(path.cost.legacy_upgrades == 0 for path in found) for found in ways
        ),
        "inOneStep": sum(any(path.cost.steps == 1 for path in found) for found in ways),
    }


def _to_new_commerce(catalog: Catalog, origin: CatalogId, scope: Scope) -> list[Path]:
    return [
        path
        for path in reachable(catalog, origin, scope)
        if catalog.offers[path.target].commerce is Commerce.NEW_COMMERCE
    ]
