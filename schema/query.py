"""The root fields, one small class per area, put together at the end."""

from functools import partial
from typing import Annotated

import strawberry

from planner.ids import CatalogId, is_guid
from planner.offers import Commerce, Known, Segment
from planner.paths import PathsFound as PlannerPathsFound
from planner.rules import Mode
from resolvers.catalog import moves, offers
from resolvers.customers import customers as customer_cases
from resolvers.customers.judgements import customer_blockers
from resolvers.problems import NotFound
from resolvers.records.catalog import OfferFilter
from resolvers.records.customers import CustomerKey
from schema.access.api_key import ApiKeyQuery
from schema.access.audit import AuditQuery
from schema.access.job import JobQuery
from schema.access.viewer import ViewerQuery
from schema.catalog.catalog import Catalog, show_catalog
from schema.catalog.compare import CompareQuery
from schema.catalog.explain import ExplainQuery
from schema.catalog.matrix import MatrixResult, show_matrix
from schema.catalog.offer import OfferConnection, OfferResult, show_offer
from schema.catalog.path import PathsResult, show_no_path, show_paths
from schema.catalog.scope import GoalInput, ScopeInput, read_scope
from schema.context import Info
from schema.customers.choices import (
    ChoicesInput,
    WhatIfInput,
    not_found,
    read_choices,
    read_what_if,
)
from schema.customers.customer import (
    OF_HOLDINGS,
    BlockersResult,
    CustomerBlockers,
    CustomerConnection,
    CustomerResult,
    show_customer,
    show_judgements,
)
from schema.customers.portfolio import PortfolioQuery
from schema.errors.problems import CustomerNotFound, OfferNotFound
from schema.limits.arguments import PAGE, PATHS, First, FirstPaths
from schema.plans.query import PlanQuery
from schema.relay.connections import connect
from schema.relay.cursors import (
    bad_cursor,
    decode_catalog_cursor,
    decode_cursor,
    encode_catalog_cursor,
    encode_cursor,
)
from schema.relay.node import Node
from schema.relay.nodes import node_of
from schema.selected import asks_for

_OFFERS = "offers"
_CUSTOMERS = "customers"


@strawberry.type
class NodeQuery:
    @strawberry.field(description="Whatever has this global id; null where nothing has.")
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:  # noqa: A002
        return await node_of(info.context, id)


@strawberry.type
class CatalogQuery:
    @strawberry.field(description="The catalog version that answers this request.")
    def catalog(self, info: Info) -> Catalog:
        return show_catalog(info.context.asked)

    @strawberry.field(description="One offer by its catalog id, in either case.")
    def offer(self, info: Info, catalog_id: str) -> OfferResult:
        found = offers.offer(info.context.asked, catalog_id)
        return OfferNotFound.of(found) if isinstance(found, NotFound) else show_offer(found)

    @strawberry.field(
        description=(
            "Offers in order of title. Every word of `text` must begin a word of a title, or an "
            "id; a market keeps offers of which nothing is known."
        )
    )
    def offers(
        self,
        info: Info,
        text: str | None = None,
        commerce: Commerce | None = None,
        segment: Segment | None = None,
        market: str | None = None,
        addon: Known | None = None,
        first: First = PAGE,
        after: str | None = None,
    ) -> OfferConnection:
        catalog = info.context.asked.catalog
        key = None
        if after is not None:
            key = CatalogId(decode_catalog_cursor(_OFFERS, catalog, after))
        wanted = OfferFilter(text, commerce, segment, market, addon)
        page = offers.offers(info.context.asked, wanted, first=first, after=key)
        return connect(
            page.offers,
            cursor=lambda one: encode_catalog_cursor(_OFFERS, catalog, one.catalog_id),
            node=show_offer,
            has_next=page.has_next,
            total=page.total,
            after=after,
        )


Origin = Annotated[
    str, strawberry.argument(name="from", description="The offer it begins at, by catalog id.")
]
Goal = Annotated[GoalInput, strawberry.argument(name="to", description="Where it shall end.")]
Origins = Annotated[
    list[str], strawberry.argument(name="from", description="Offers by catalog id.")
]
Targets = Annotated[list[str], strawberry.argument(name="to", description="Offers by catalog id.")]


@strawberry.type
class PathQuery:
    @strawberry.field(description="The best paths from an offer to a goal, best first.")
    def paths(
        self,
        info: Info,
        origin: Origin,
        goal: Goal,
        first: FirstPaths = PATHS,
        via: list[str] | None = None,
        scope: ScopeInput | None = None,
    ) -> PathsResult:
        answer = moves.find_paths(
            info.context.asked,
            origin,
            goal.read(),
            read_scope(scope),
            first=first,
            via=via or (),
            stopped=info.context.deadline.stopped,
        )
        match answer:
            case PlannerPathsFound():
                return show_paths(answer)
            case NotFound():
                return OfferNotFound.of(answer)
            case _:
                return show_no_path(answer)

    @strawberry.field(description="The best path of every pair; at most 2,500 pairs.")
    async def matrix(
        self, info: Info, origins: Origins, targets: Targets, scope: ScopeInput | None = None
    ) -> MatrixResult:
        asked = info.context.asked
        cells = await moves.matrix(asked, origins, targets, read_scope(scope))
        if isinstance(cells, NotFound):
            return OfferNotFound.of(cells)
        return show_matrix(asked.catalog, cells)


def _customer_key(after: str) -> CustomerKey:
    name, customer_id = decode_cursor(_CUSTOMERS, after, length=2)
    if not is_guid(customer_id) or not _is_text(name):
        raise bad_cursor(after)
    return CustomerKey(name, customer_id)


def _is_text(name: str) -> bool:
    """Return whether the database could hold it: no lone surrogates, no NUL."""
    try:
        return b"\0" not in name.encode()
    except UnicodeEncodeError:
        return False


@strawberry.type
class CustomerQuery:
    @strawberry.field(description="One customer by its tenant id.")
    async def customer(self, info: Info, customer_id: str) -> CustomerResult:
        found = await customer_cases.customer(info.context.asked, customer_id)
        if isinstance(found, NotFound):
            return CustomerNotFound.of(found)
        info.context.loaders.customer.prime(found.customer_id, found)
        return show_customer(found)

    @strawberry.field(
        description="Customers in order of name; `text` is looked for in name and domain. "
    )
    async def customers(
        self, info: Info, text: str | None = None, first: First = PAGE, after: str | None = None
    ) -> CustomerConnection:
        key = None if after is None else _customer_key(after)
        is_whole = asks_for(info._raw_info, OF_HOLDINGS)
        page = await customer_cases.customers(
            info.context.asked, first=first, after=key, text=text, with_holdings=is_whole
        )
        return connect(
            page.customers,
            cursor=lambda one: encode_cursor(_CUSTOMERS, one.name, one.customer_id),
            node=partial(show_customer, is_whole=is_whole),
            has_next=page.has_next,
            total=page.total,
            after=after,
        )

    @strawberry.field(
        description="What stops a customer's subscriptions on the way to a target (for each its "
        "best new-commerce SKU by default)."
    )
    async def blockers(
        self,
        info: Info,
        customer_id: str,
        target: str | None = None,
        scope: ScopeInput | None = None,
        mode: Mode = Mode.WITHOUT_LICENSE_TRANSFER,
        choices: ChoicesInput | None = None,
        what_if: WhatIfInput | None = None,
    ) -> BlockersResult:
        asked = info.context.asked
        owner = await customer_cases.customer(asked, customer_id)
        if isinstance(owner, NotFound):
            return CustomerNotFound.of(owner)
        info.context.loaders.customer.prime(owner.customer_id, owner)
        judged = customer_blockers(
            asked,
            owner,
            read_scope(scope),
            target=target,
            choices=read_choices(mode, choices),
            what_if=read_what_if(what_if),
        )
        if isinstance(judged, NotFound):
            return not_found(judged)
        return CustomerBlockers(
            customer=show_customer(owner), subscriptions=show_judgements(owner, judged)
        )


@strawberry.type
class Query(
    NodeQuery,
    CatalogQuery,
    PathQuery,
    CustomerQuery,
    CompareQuery,
    ExplainQuery,
    PlanQuery,
    PortfolioQuery,
    ViewerQuery,
    ApiKeyQuery,
    AuditQuery,
    JobQuery,
):
    pass
