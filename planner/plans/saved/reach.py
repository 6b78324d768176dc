"""What of the catalog a plan can have read: a closure over the graph, as values by name."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import networkx as nx

from planner.catalog import Catalog, UnknownOffer
from planner.customers import Customer
from planner.goals import Goal, UnknownProduct, UnknownServicePlan, members_of
from planner.ids import CatalogId, ProductGuid, ServicePlanId, is_new_commerce
from planner.no_path import kinds_out_of
from planner.plans.saved.document import canonical, hashed, plain
from planner.plans.saved.question import PlanQuestion
from planner.plans.told.steps import Json
from planner.pricing.rules import surcharge_in_lists
from planner.transitions import Claim, TransitionKind

Facts = Iterator[tuple[str, Json]]
"""Names and values; what is not there has no name, so that its coming is a change."""


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far the moves of a customer's subscriptions lead, and what is looked at on the way."""

    walked: tuple[CatalogId, ...]
    """Offers held or scheduled, and every one that any move leads to from them, in order."""
    beside: tuple[CatalogId, ...]
    """Offers that these need, or share seats with, or that others hold, in order."""
    markets: frozenset[str]
    """Empty where neither the question nor the customer names one."""

    @property
    def offers(self) -> tuple[CatalogId, ...]:
        return (*self.walked, *self.beside)


def catalog_facts(catalog: Catalog, customer: Customer, question: PlanQuestion) -> Facts:
    """Yield every fact of the catalog within reach of a customer's subscriptions.

    Derived facts stand for the rows they come from: an edge with what denies it, and the service
    plans of an offer, which may be inherited from an offer out of reach.
    """
    reach = _reach(catalog, customer, question)
    yield from _offers(catalog, reach)
    yield from _moves(catalog, reach)
    yield from _by_market(catalog, reach)
    yield from _services(catalog, customer, reach)
    yield from _by_kind(catalog, reach)
    yield from _goals(catalog, customer, question, reach)


def _reach(catalog: Catalog, customer: Customer, question: PlanQuestion) -> _Reach:
    own = customer.holdings.own
    held = {one.catalog_id for one in own} | {one.renewal.catalog_id for one in own if one.renewal}
    roots = {offer for offer in held if offer is not None}
    walked = set(roots)
    for root in sorted(roots & catalog.offers.keys()):
        walked |= nx.descendants(catalog.graph, root)
    foreign = {one.catalog_id for one in customer.holdings.foreign if one.catalog_id is not None}
    bases = {base for offer in walked for base in catalog.bases.get(offer, ())}
    kin = _kin(catalog, walked | bases)
    markets = {question.scope.market, customer.market} - {None}
    return _Reach(
        tuple(sorted(walked)),
        tuple(sorted((foreign | bases | kin) - walked)),
        frozenset(market for market in markets if market is not None),
    )


def _kin(catalog: Catalog, offers: Iterable[CatalogId]) -> set[CatalogId]:
    """Return the offers whose seats are limited together with these."""
    caps = (catalog.seat_caps.get(offer) for offer in offers)
    families = {cap.family for cap in caps if cap is not None and cap.family is not None}
    return {cap.catalog_id for cap in catalog.seat_caps.values() if cap.family in families}


def _offers(catalog: Catalog, reach: _Reach) -> Facts:
    for offer in reach.offers:
        yield from _of_offer(catalog, offer)


@lru_cache(maxsize=8192)
def _of_offer(catalog: Catalog, offer: CatalogId) -> tuple[tuple[str, Json], ...]:
    """Return an offer's own facts, hashed once for all the plans that read them."""
    known: Mapping[str, object] = {
        "offer": catalog.offers.get(offer),
        "services": catalog.plans.get(offer),
        "seats": catalog.seat_caps.get(offer),
        "bases": catalog.bases.get(offer),
    }
    return tuple(
        (f"{name}/{offer}", hashed(plain(value)))
        for name, value in known.items()
        if value is not None
    )


def _moves(catalog: Catalog, reach: _Reach) -> Facts:
    for offer in reach.walked:
        moved = _moves_of(catalog, offer)
        if moved is not None:
            yield f"moves/{offer}", moved


@lru_cache(maxsize=8192)
def _moves_of(catalog: Catalog, offer: CatalogId) -> Json:
    denied = _denials_by_origin(catalog)
    moves, denials = catalog.transitions_from(offer), denied.get(offer, ())
    return hashed((plain(moves), plain(denials))) if moves or denials else None


@lru_cache(maxsize=8)
def _denials_by_origin(catalog: Catalog) -> dict[CatalogId, tuple[Claim, ...]]:
    found: dict[CatalogId, tuple[Claim, ...]] = {}
    for (origin, _), claims in catalog.denials.items():
        found[origin] = found.get(origin, ()) + claims
    return found


def _by_market(catalog: Catalog, reach: _Reach) -> Facts:
    """Yield ends of sale and prices, of the customer's market where that is known.

    With the prices go the lists they stand in: their days, and whether they hold the surcharge.
    """
    lists: set[tuple[str, str]] = set()
    for offer in reach.offers:
        facts, of_offer = _sold(catalog, offer, reach.markets)
        lists.update(of_offer)
        yield from facts
    days = {source.source_id: source.dated for source in catalog.facts.sources if lists}
    for source, market in sorted(lists):
        said = surcharge_in_lists(catalog).get((source, market))
        dated = days.get(source)
        yield f"price list/{source}/{market}", (plain(dated), said.verdict if said else None)


@lru_cache(maxsize=8192)
def _sold(
    catalog: Catalog, offer: CatalogId, markets: frozenset[str]
) -> tuple[tuple[tuple[str, Json], ...], frozenset[tuple[str, str]]]:
    """Return an offer's ends of sale and prices, hashed, and the lists that its prices stand in."""
    ends = [end for end in catalog.sale_ends.get(offer, ()) if _concerns(markets, end.market)]
    prices = [one for one in catalog.prices.get(offer, ()) if _concerns(markets, one.market)]
    facts: list[tuple[str, Json]] = []
    if ends:
        facts.append((f"sale/{offer}", hashed(_rows(ends))))
    if prices:
        exact = (replace(one, amount=one.amount.normalize()) for one in prices)
        facts.append((f"prices/{offer}", hashed(_rows(exact))))
    return tuple(facts), frozenset((one.source, one.market) for one in prices)


def _concerns(markets: frozenset[str], market: str | None) -> bool:
    return market is None or not markets or market in markets


def _services(catalog: Catalog, customer: Customer, reach: _Reach) -> Facts:
    """Yield the products held, and the service plans that any offer or holding gives."""
    held = customer.holdings.all
    guids = {one.product_guid for one in held if one.product_guid is not None}
    touched = {plan for one in held for plan in one.service_plan_ids or ()}
    for guid in sorted(guids & catalog.plans_of_product.keys()):
        touched |= catalog.plans_of_product[guid]
        yield f"product/{guid}", _product(catalog, guid)
    for offer in reach.offers:
        plans = catalog.plans.get(offer)
        touched |= frozenset() if plans is None else plans.plan_ids
    if touched:
        yield "service plans", tuple(_service_plan(catalog, plan) for plan in sorted(touched))


def _product(catalog: Catalog, guid: ProductGuid) -> Json:
    return (catalog.product_titles[guid], plain(catalog.plans_of_product[guid]))


@lru_cache(maxsize=8192)
def _service_plan(catalog: Catalog, plan: ServicePlanId) -> Json:
    return (
        plan,
        plain(catalog.service_plans.get(plan)),
        plain(catalog.common_plans.get(plan)),
        plain(catalog.families.get(plan, ())),
    )


def _by_kind(catalog: Catalog, reach: _Reach) -> Facts:
    """Yield the dates and lists of the kinds of move that lead, or may lead, on from the reach."""
    rows = catalog.facts
    offers = [catalog.offers[offer] for offer in reach.walked if offer in catalog.offers]
    sources = {source for offer in offers for source in offer.sources}
    kinds = _kinds(catalog, reach)
    for kind in sorted(kinds):
        windows = [one for one in rows.windows if one.kind is kind]
        if windows:
            yield f"dates/{kind}", _rows(windows)
        missing = [one for one in rows.missing_lists if one.kind is kind]
        if missing:
            yield f"missing/{kind}", _rows(missing)
    coverage = [
        one
        for one in rows.coverage
        if (one.kind is None and _concerns(reach.markets, one.market))
        or (one.kind in kinds and one.source_id in sources)
    ]
    if coverage:
        yield "coverage", _rows(coverage)


def _kinds(catalog: Catalog, reach: _Reach) -> frozenset[TransitionKind]:
    found: set[TransitionKind] = set()
    for offer in reach.walked:
        found.update(edge.kind for edge in catalog.transitions_from(offer))
        if offer in catalog.offers:
            found.update(kinds_out_of(catalog.offers[offer], {True, False}))
    return frozenset(found)


def _goals(catalog: Catalog, customer: Customer, question: PlanQuestion, reach: _Reach) -> Facts:
    """Yield what each goal means within reach; a goal shared by many is told once."""
    asked = {goal.goal for goal in question.goals_for(customer) if goal.goal is not None}
    for goal in sorted(asked, key=lambda one: canonical(plain(one))):
        yield f"goal/{canonical(plain(goal))}", _meaning(catalog, goal, reach)
    avoided = sorted(question.scope.avoid & catalog.offers.keys())
    if avoided:
        yield "avoided", plain(tuple(avoided))


def _meaning(catalog: Catalog, goal: Goal, reach: _Reach) -> Json:
    """Return the members within reach, whether there are others, and where all are denied."""
    try:
        members = members_of(catalog, goal)
    except (UnknownOffer, UnknownProduct, UnknownServicePlan) as error:
        return error.code
    denied = _denials_by_origin(catalog)
    shut = (
        offer
        for offer in reach.walked
        if offer in denied and members <= {claim.target for claim in denied[offer]}
    )
    commerces = sorted({is_new_commerce(member) for member in members})
    return (plain(tuple(sorted(members & set(reach.walked)))), tuple(commerces), tuple(shut))


def _rows(rows: Iterable[object]) -> Json:
    """Return rows in an order of their own: that of a catalog's rows has no meaning."""
    return tuple(sorted(map(plain, rows), key=canonical))
