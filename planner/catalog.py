"""The catalog as a frozen directed graph, with everything that was derived from its facts once."""

import copy
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Self

import networkx as nx

from planner.edges import Pair, weigh
from planner.facts import CatalogFacts, CommonPlan, SaleEnd, SeatCap, ServiceFamily
from planner.ids import CatalogId, ProductGuid, ServicePlanId, product_id_of
from planner.offers import Offer, Price, ServicePlan
from planner.services import OfferPlans, plans_by_offer
from planner.transitions import Claim, Transition


class UnknownOffer(LookupError):
    """The catalog has no offer with this id."""

    code = "OFFER_NOT_FOUND"

    def __init__(self, catalog_id: str) -> None:
        super().__init__(f"the catalog has no offer {catalog_id}")
        self.catalog_id = catalog_id


class Catalog:
    """One immutable catalog version. Nodes are catalog ids; edges carry a `transition`.

    Shared by every request that pins its version: nothing here may be changed after `__init__`.
    """

    def __init__(self, facts: CatalogFacts, *, version_id: str, content_hash: str) -> None:
        self.version_id = version_id
        self.content_hash = content_hash
        self.facts = facts
        self.offers: Mapping[CatalogId, Offer] = {
            offer.catalog_id: offer for offer in sorted(facts.offers, key=lambda o: o.catalog_id)
        }
        self.transitions, self.denials = weigh(facts.claims, facts.conflicts)
        self.graph: nx.DiGraph[CatalogId] = _frozen_graph(self.offers, self.transitions)
        self.plans: Mapping[CatalogId, OfferPlans] = plans_by_offer(
            self.offers.values(), facts.products, self.transitions
        )
        self.service_plans: Mapping[ServicePlanId, ServicePlan] = {
            plan.plan_id: plan for plan in facts.service_plans
        }
        self.common_plans: Mapping[ServicePlanId, CommonPlan] = {
            plan.plan_id: plan for plan in facts.common_plans
        }
        self.families: Mapping[ServicePlanId, tuple[ServiceFamily, ...]] = _families(facts)
        self.seat_caps: Mapping[CatalogId, SeatCap] = {
            cap.catalog_id: cap for cap in facts.seat_caps
        }
        self.plans_of_product: Mapping[ProductGuid, frozenset[ServicePlanId]] = {
            product.product_guid: product.plan_ids for product in facts.products
        }
        self.product_titles: Mapping[ProductGuid, str] = {
            product.product_guid: product.title for product in facts.products
        }
        self.sale_ends: Mapping[CatalogId, tuple[SaleEnd, ...]] = _sale_ends(facts)
        self.bases: Mapping[CatalogId, tuple[CatalogId, ...]] = _bases(facts)
        self.prices: Mapping[CatalogId, tuple[Price, ...]] = _prices(facts)
        self.withholds_prices = False
        """Whether prices are left out of `prices` though some may be loaded."""
        self._products = _products(self.offers)

    def without_prices(self) -> Self:
        """Return the same version as if no price list were loaded; all else is shared."""
        bare = copy.copy(self)
        bare.prices = {}
        bare.withholds_prices = True
        return bare

    def offer(self, catalog_id: CatalogId) -> Offer:
        """Raises: UnknownOffer."""
        try:
            return self.offers[catalog_id]
        except KeyError:
            raise UnknownOffer(catalog_id) from None

    def transition(self, origin: CatalogId, target: CatalogId) -> Transition | None:
        edge: Mapping[str, Transition] | None = self.graph.get_edge_data(origin, target)
        return None if edge is None else edge["transition"]

    def transitions_from(self, catalog_id: CatalogId) -> tuple[Transition, ...]:
        """Return the moves out of an offer in order of their targets."""
        if catalog_id not in self.graph:
            return ()
        return tuple(edge["transition"] for edge in self.graph.succ[catalog_id].values())

    def transitions_into(self, catalog_id: CatalogId) -> tuple[Transition, ...]:
        """Return the moves into an offer in order of their origins."""
        if catalog_id not in self.graph:
            return ()
        return tuple(edge["transition"] for edge in self.graph.pred[catalog_id].values())

    def denial(self, origin: CatalogId, target: CatalogId) -> tuple[Claim, ...]:
        return self.denials.get((origin, target), ())

    def skus_of(self, product_id: str) -> tuple[CatalogId, ...]:
        """Return the SKUs of a new-commerce product; empty where there is none."""
        return self._products.get(product_id.upper(), ())


def _frozen_graph(
    offers: Mapping[CatalogId, Offer], transitions: Iterable[Transition]
) -> "nx.DiGraph[CatalogId]":
    graph: nx.DiGraph[CatalogId] = nx.DiGraph()
    graph.add_nodes_from(offers)
    for transition in transitions:
        for end in (transition.origin, transition.target):
            if end not in offers:
                raise UnknownOffer(end)
        graph.add_edge(transition.origin, transition.target, transition=transition)
    frozen: nx.DiGraph[CatalogId] = nx.freeze(graph)
    return frozen


def _families(facts: CatalogFacts) -> dict[ServicePlanId, tuple[ServiceFamily, ...]]:
    of_plan: dict[ServicePlanId, list[ServiceFamily]] = defaultdict(list)
    for family in sorted(facts.service_families, key=lambda family: family.name):
        for plan_id in family.plan_ids:
            of_plan[plan_id].append(family)
    return {plan_id: tuple(families) for plan_id, families in of_plan.items()}


def _sale_ends(facts: CatalogFacts) -> dict[CatalogId, tuple[SaleEnd, ...]]:
    ends: dict[CatalogId, list[SaleEnd]] = defaultdict(list)
    for end in sorted(
        facts.sale_ends, key=lambda one: (one.starts, one.market or "", one.source, one.message)
    ):
        ends[end.catalog_id].append(end)
    return {catalog_id: tuple(of_offer) for catalog_id, of_offer in ends.items()}


def _prices(facts: CatalogFacts) -> dict[CatalogId, tuple[Price, ...]]:
    prices: dict[CatalogId, list[Price]] = defaultdict(list)
    for price in sorted(facts.prices, key=_by_line):
        prices[price.catalog_id].append(price)
    return {catalog_id: tuple(of_offer) for catalog_id, of_offer in prices.items()}


def _by_line(price: Price) -> tuple[str, str, str, str, str, date, Decimal]:
    start = price.effective_start or date.min
    line = price.market, price.currency, price.term, price.billing_plan
    return *line, price.source, start, price.amount


def _bases(facts: CatalogFacts) -> dict[CatalogId, tuple[CatalogId, ...]]:
    bases: dict[CatalogId, set[CatalogId]] = defaultdict(set)
    for prerequisite in facts.prerequisites:
        bases[prerequisite.addon].add(prerequisite.base)
    return {addon: tuple(sorted(of_addon)) for addon, of_addon in bases.items()}


def _products(offers: Mapping[CatalogId, Offer]) -> dict[str, tuple[CatalogId, ...]]:
    skus: dict[str, list[CatalogId]] = defaultdict(list)
    for catalog_id in offers:
        if ":" in catalog_id:
            skus[product_id_of(catalog_id)].append(catalog_id)
    return {product: tuple(ids) for product, ids in skus.items()}


__all__ = ["Catalog", "Pair", "UnknownOffer"]
