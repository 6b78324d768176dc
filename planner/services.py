"""Which service plans an offer gives, and from which fact that is known."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from planner.ids import CatalogId, ProductGuid, ServicePlanId
from planner.offers import Commerce, Offer, Product
from planner.transitions import EvidenceKind, Transition, TransitionKind

# Government suffixes stay: the government clouds carry service plans of their own.
_SEGMENT_SUFFIX = re.compile(
    r"\s*\((?:Non[-\u2011]?Profit(?: Staff)?|Education(?:al)?(?: Faculty| Student)?)"
    r"(?: Pricing)?\)\s*$",
    re.IGNORECASE,
)


class PlansOrigin(StrEnum):
    """How an offer was matched with a product of Microsoft's identifier table."""

    PROVISIONING_ID = "PROVISIONING_ID"
    SKU_TITLE = "SKU_TITLE"
    INHERITED = "INHERITED"


@dataclass(frozen=True, slots=True)
class OfferPlans:
    """The service plans that an offer gives and why we think so."""

    plan_ids: frozenset[ServicePlanId]
    product_guids: frozenset[ProductGuid]
    """Products that Microsoft Graph may name for a subscription of this offer."""
    origin: PlansOrigin
    evidence: EvidenceKind
    inherited_from: CatalogId | None
    """The legacy offer at the other end of the MIGRATION that they are inherited over."""
    source: str


def plans_by_offer(
    offers: Iterable[Offer], products: Iterable[Product], transitions: Iterable[Transition]
) -> dict[CatalogId, OfferPlans]:
    """Return the plans of every offer for which they are known; absent means not known.

    Legacy: by provisioning id. New commerce: by exact SKU title without its segment suffix, else
    inherited over an unambiguous MIGRATION with that edge's evidence. Never by product title:
    Office 365 E5 without Audio Conferencing would get the plans of Office 365 E5.
    """
    listed = tuple(offers)
    by_string_id, by_title = _index(products)
    known = {
        offer.catalog_id: plans
        for offer in listed
        if (plans := _matched(offer, by_string_id, by_title)) is not None
    }
    missing = {
        offer.catalog_id
        for offer in listed
        if offer.commerce is Commerce.NEW_COMMERCE and offer.catalog_id not in known
    }
    return known | _inherited(missing, known, transitions)


def without_segment_suffix(title: str) -> str:
    """Return a SKU title without its last `(Non-Profit Pricing)` or like suffixes."""
    shorter = _SEGMENT_SUFFIX.sub("", title)
    return shorter if shorter == title else without_segment_suffix(shorter)


def _index(
    products: Iterable[Product],
) -> tuple[Mapping[str, list[Product]], Mapping[str, list[Product]]]:
    by_string_id: dict[str, list[Product]] = defaultdict(list)
    by_title: dict[str, list[Product]] = defaultdict(list)
    for product in products:
        by_string_id[product.string_id.casefold()].append(product)
        by_title[product.title.casefold()].append(product)
    return by_string_id, by_title


def _matched(
    offer: Offer,
    by_string_id: Mapping[str, list[Product]],
    by_title: Mapping[str, list[Product]],
) -> OfferPlans | None:
    if offer.commerce is Commerce.LEGACY:
        found = by_string_id.get((offer.provisioning_id or "").casefold(), [])
        if offer.product_guid is not None and len(found) > 1:
            found = [product for product in found if product.product_guid == offer.product_guid]
        return _agreed(found, PlansOrigin.PROVISIONING_ID, EvidenceKind.OFFER_MATRIX)
    found = by_title.get(without_segment_suffix(offer.title).casefold(), [])
    return _agreed(found, PlansOrigin.SKU_TITLE, EvidenceKind.DERIVED)


def _agreed(
    products: list[Product], origin: PlansOrigin, evidence: EvidenceKind
) -> OfferPlans | None:
    """Return what the products agree on; where they differ the plans are not known."""
    if not products or any(other.plan_ids != products[0].plan_ids for other in products):
        return None
    guids = frozenset(product.product_guid for product in products)
    source = min(product.source for product in products)
    return OfferPlans(products[0].plan_ids, guids, origin, evidence, None, source)


def _inherited(
    missing: set[CatalogId],
    known: Mapping[CatalogId, OfferPlans],
    transitions: Iterable[Transition],
) -> dict[CatalogId, OfferPlans]:
    over: dict[CatalogId, list[Transition]] = defaultdict(list)
    for transition in transitions:
        if (
            transition.kind is TransitionKind.MIGRATION
            and transition.target in missing
            and transition.origin in known
            and not transition.candidates
        ):
            over[transition.target].append(transition)
    inherited = {target: _heir(edges, known) for target, edges in over.items()}
    return {target: plans for target, plans in inherited.items() if plans is not None}


def _heir(edges: list[Transition], known: Mapping[CatalogId, OfferPlans]) -> OfferPlans | None:
    best = min(edges, key=lambda edge: (-edge.evidence, edge.origin))
    plans = known[best.origin]
    if any(known[edge.origin].plan_ids != plans.plan_ids for edge in edges):
        return None
    return OfferPlans(
        plans.plan_ids,
        plans.product_guids,
        PlansOrigin.INHERITED,
        best.evidence,
        best.origin,
        plans.source,
    )
