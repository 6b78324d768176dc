"""What a catalog's rows say, read for a toy Partner Center without the planner's own graph."""

from collections.abc import Iterator, Mapping

from planner.customers import Subscription
from planner.facts import CatalogFacts
from planner.ids import CatalogId, ServicePlanId
from planner.offers import Offer
from planner.transitions import Claim, TransitionKind
from tests.planner.plans.tenant import NOWHERE


class World:
    """The rows of one catalog, which holds one claim for a pair and no denials."""

    def __init__(self, facts: CatalogFacts) -> None:
        self.offers: Mapping[CatalogId, Offer] = {one.catalog_id: one for one in facts.offers}
        self.moves: Mapping[tuple[CatalogId, CatalogId], Claim] = {
            (one.origin, one.target): one for one in facts.claims
        }
        self._plans = {one.product_guid: one.plan_ids for one in facts.products}
        self.common = frozenset(one.plan_id for one in facts.common_plans)
        self._caps = {one.catalog_id: one.per_offer for one in facts.seat_caps}
        self.bases = {
            addon.addon: {one.base for one in facts.prerequisites if one.addon == addon.addon}
            for addon in facts.prerequisites
        }

    def plans(self, offer: CatalogId | None) -> frozenset[ServicePlanId]:
        known = self.offers.get(offer or NOWHERE)
        guid = None if known is None else known.product_guid
        return frozenset() if guid is None else self._plans.get(guid, frozenset())

    def gives(self, held: Subscription) -> frozenset[ServicePlanId]:
        """Return the service plans of a subscription, by its offer or by its product."""
        if held.catalog_id is not None or held.product_guid is None:
            return self.plans(held.catalog_id)
        return self._plans.get(held.product_guid, frozenset())

    def is_of(self, held: Subscription, offer: CatalogId) -> bool:
        if held.catalog_id is not None or held.product_guid is None:
            return held.catalog_id == offer
        return held.product_guid == self.offers[offer].product_guid

    def equivalents(self, offer: CatalogId | None) -> tuple[CatalogId, ...]:
        """Return the new-commerce SKUs that an offer may migrate to, in order."""
        return tuple(
            sorted(
                target
                for (origin, target), claim in self.moves.items()
                if origin == offer and claim.kind is TransitionKind.MIGRATION
            )
        )

    def leads_to(self, offer: CatalogId | None) -> frozenset[CatalogId]:
        """Return every offer that moves lead to, one after the other."""
        found, waiting = set[CatalogId](), [offer]
        while waiting:
            here = waiting.pop()
            ahead = {target for origin, target in self.moves if origin == here} - found
            found |= ahead
            waiting.extend(ahead)
        return frozenset(found)

    def is_any(self, held: Subscription, offers: set[CatalogId]) -> bool:
        return any(self.is_of(held, offer) for offer in offers)

    def is_trial(self, held: Subscription) -> bool:
        offer = self.offers.get(held.catalog_id or NOWHERE)
        return held.is_trial is True or (offer is not None and offer.is_trial)

    def added(self, held: Subscription, target: CatalogId) -> frozenset[ServicePlanId]:
        """Return what the target gives and the subscription does not."""
        return self.plans(target) - self.plans(held.catalog_id) - self.common

    def limits(self) -> Iterator[tuple[CatalogId, int]]:
        for offer_id, offer in self.offers.items():
            known = [one for one in (self._caps.get(offer_id), offer.maximum_seats) if one]
            if known:
                yield offer_id, min(known)
