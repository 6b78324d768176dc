"""Offers as GraphQL shows them, with where they can go."""

from typing import TYPE_CHECKING, Annotated
from weakref import WeakKeyDictionary

import strawberry

from planner.availability import sold_in
from planner.catalog import Catalog
from planner.ids import CatalogId, is_new_commerce
from planner.offers import Commerce, Known, LimitScope, Segment
from planner.offers import Offer as PlannerOffer
from planner.services import OfferPlans, PlansOrigin
from planner.transitions import EvidenceKind
from resolvers import inputs
from resolvers.catalog.moves import ReachRequest, reach
from schema.catalog.price import OfferPricesResult, offer_prices
from schema.catalog.scope import ScopeInput, read_scope
from schema.context import Info
from schema.errors.problems import OfferNotFound
from schema.limits.arguments import PAGE, First
from schema.relay.connections import Connection
from schema.relay.cursors import decode_catalog_cursor
from schema.relay.node import Node, global_id
from schema.scalars import Instant

if TYPE_CHECKING:
    from schema.catalog.path import ReachableConnection
    from schema.catalog.transition import Transition

_REACHABLE = "reachable"


@strawberry.type(description="A service inside an offer, such as Exchange Online (Plan 1).")
class ServicePlan:
    plan_id: str = strawberry.field(description="GUID, as Microsoft Graph writes it.")
    name: str
    title: str


@strawberry.type(description="The service plans that an offer gives, and how that is known.")
class ServicePlans:
    origin: PlansOrigin
    evidence: EvidenceKind
    source: str
    plans: list[ServicePlan] = strawberry.field(description="In order of name.")
    inherited_from: Annotated["Offer", strawberry.lazy("schema.catalog.offer")] | None = (
        strawberry.field(description="The legacy offer they are inherited from over a MIGRATION.")
    )


@strawberry.type(description="A legacy licence offer or a new-commerce SKU.")
class Offer(Node):
    catalog_id: str = strawberry.field(
        description="Legacy: the durable offer id, a GUID. New commerce: ProductId:SkuId."
    )
    title: str
    former_titles: list[str] = strawberry.field(description="Earlier or other names.")
    commerce: Commerce
    segment: Segment | None
    is_addon: Known
    is_trial: bool
    markets: list[str] | None = strawberry.field(
        description="ISO codes where a source lists it, in order; null where no source says."
    )
    minimum_seats: int | None
    maximum_seats: int | None = strawberry.field(description="Null where there is no limit.")
    limit: int | None = strawberry.field(description="How many a tenant may own.")
    limit_scope: LimitScope
    duration: str | None
    billing: list[str]
    provisioning_id: str | None
    sources: list[str] = strawberry.field(description="Sources that list the offer.")
    value: strawberry.Private[PlannerOffer]

    @strawberry.field(description="The new-commerce ProductId; null for a legacy offer.")
    def product_id(self) -> str | None:
        return self.catalog_id.partition(":")[0] if self._is_new_commerce else None

    @strawberry.field(description="The new-commerce SkuId with its zeros; null for a legacy offer.")
    def sku_id(self) -> str | None:
        return self.catalog_id.partition(":")[2] if self._is_new_commerce else None

    @property
    def _is_new_commerce(self) -> bool:
        return is_new_commerce(self.value.catalog_id)

    @strawberry.field(description="Whether it is sold in a market, by what the sources cover.")
    def sold_in(self, info: Info, market: str) -> Known:
        code = inputs.market(market) or ""
        asked = info.context.asked
        return sold_in(self.value, code, asked.catalog.facts.coverage, asked.now.date())

    @strawberry.field(description="The service plans it gives; null where they are not known.")
    def service_plans(self, info: Info) -> ServicePlans | None:
        catalog = info.context.asked.catalog
        plans = catalog.plans.get(self.value.catalog_id)
        return None if plans is None else _service_plans(catalog, plans)

    @strawberry.field(description="Retail prices on a day, or why none is known.")
    def prices(
        self,
        info: Info,
        market: str | None = None,
        segment: Segment | None = None,
        at: Instant | None = None,
    ) -> OfferPricesResult:
        return offer_prices(info, self.value.catalog_id, market, segment, at)

    @strawberry.field(description="For an add-on: the offers of which it needs one.")
    def prerequisites(
        self, info: Info
    ) -> list[Annotated["Offer", strawberry.lazy("schema.catalog.offer")]]:
        catalog = info.context.asked.catalog
        return [offer_of(catalog, base) for base in catalog.bases.get(self.value.catalog_id, ())]

    @strawberry.field(description="Moves of one step, in order of the offer at the other end.")
    def transitions(
        self, info: Info, reverse: bool = False
    ) -> list[Annotated["Transition", strawberry.lazy("schema.catalog.transition")]]:
        from schema.catalog.transition import transition_of

        asked = info.context.asked
        end = self.value.catalog_id
        moves = (
            asked.catalog.transitions_into(end) if reverse else asked.catalog.transitions_from(end)
        )
        return [transition_of(asked.catalog, move, asked.now.date()) for move in moves]

    @strawberry.field(
        description=(
            "Offers that it reaches, best first, each with its best path; or, in reverse, offers "
            "that reach it."
        )
    )
    def reachable(
        self,
        info: Info,
        first: First = PAGE,
        after: str | None = None,
        scope: ScopeInput | None = None,
        commerce: Commerce | None = None,
        reverse: bool = False,
    ) -> Annotated["ReachableConnection", strawberry.lazy("schema.catalog.path")]:
        from schema.catalog.path import reachable_connection

        asked = info.context.asked
        key = None
        if after is not None:
            key = CatalogId(decode_catalog_cursor(_REACHABLE, asked.catalog, after))
        request = ReachRequest(self.value.catalog_id, read_scope(scope), commerce, reverse)
        page = reach(asked, request, first=first, after=key)
        return reachable_connection(
            asked.catalog, page, after=after, reverse=reverse, kind=_REACHABLE
        )


OfferConnection = Connection[Offer]
OfferResult = Annotated[
    Offer | OfferNotFound, strawberry.union("OfferResult", description="An offer, if it exists.")
]


_SHOWN: WeakKeyDictionary[Catalog, dict[CatalogId, Offer]] = WeakKeyDictionary()
"""Offers as they were shown, for as long as their catalog is there; nobody changes one."""


def offer_of(catalog: Catalog, catalog_id: CatalogId) -> Offer:
    """Return the GraphQL value of an offer that the catalog has: one and the same for all."""
    shown = _SHOWN.get(catalog)
    if shown is None:
        shown = _SHOWN[catalog] = {}
    offer = shown.get(catalog_id)
    if offer is None:
        offer = shown[catalog_id] = show_offer(catalog.offers[catalog_id])
    return offer


def show_offer(value: PlannerOffer) -> Offer:
    return Offer(
        id=global_id("Offer", value.catalog_id),
        catalog_id=value.catalog_id,
        title=value.title,
        former_titles=list(value.former_titles),
        commerce=value.commerce,
        segment=value.segment,
        is_addon=value.is_addon,
        is_trial=value.is_trial,
        markets=None if value.markets is None else sorted(value.markets),
        minimum_seats=value.minimum_seats,
        maximum_seats=value.maximum_seats,
        limit=value.limit,
        limit_scope=value.limit_scope,
        duration=value.duration,
        billing=list(value.billing),
        provisioning_id=value.provisioning_id,
        sources=list(value.sources),
        value=value,
    )


def _service_plans(catalog: Catalog, plans: OfferPlans) -> ServicePlans:
    known = (catalog.service_plans[plan_id] for plan_id in plans.plan_ids)
    return ServicePlans(
        origin=plans.origin,
        evidence=plans.evidence,
        source=plans.source,
        plans=[
            ServicePlan(plan_id=plan.plan_id, name=plan.name, title=plan.title)
            for plan in sorted(known, key=lambda plan: (plan.name, plan.plan_id))
        ],
        inherited_from=(
            None if plans.inherited_from is None else offer_of(catalog, plans.inherited_from)
        ),
    )
