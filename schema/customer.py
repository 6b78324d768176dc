"""Customers and their subscriptions as GraphQL shows them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import strawberry

from planner import customers as planner
from planner.customers import HoldingsState, Seller, SubscriptionState
from planner.offers import Segment
from planner.options import NotInCatalog as PlannerNotInCatalog
from planner.rules import Choices, Mode
from resolvers import customers as use_cases
from resolvers import inputs
from resolvers.problems import NotFound
from schema.connections import Connection, connect
from schema.context import Info
from schema.cursors import decode_cursor, encode_cursor
from schema.node import Node, global_id
from schema.offer import Offer, offer_of
from schema.option import (
    MoreLicensesResult,
    OptionResult,
    OptionsResult,
    option_connection,
    option_key,
    show_answer,
    show_more_licenses,
    show_not_in_catalog,
)
from schema.problems import CustomerNotFound, OfferNotFound
from schema.scalars import Day, Instant
from schema.scope import ScopeInput, read_scope

_SUBSCRIPTIONS = "subscriptions"


@dataclass(frozen=True, slots=True)
class Held:
    """A subscription with the customer that holds it."""

    customer: planner.Customer
    subscription: planner.Subscription


@strawberry.type(description="A subscription that the customer holds, with us or elsewhere.")
class Subscription(Node):
    subscription_id: str
    seller: Seller
    state: SubscriptionState
    state_as_given: str = strawberry.field(description="The status as the source writes it.")
    catalog_id: str | None = strawberry.field(description="Null for one seen through Graph.")
    product_guid: str | None = strawberry.field(description="What Graph calls skuId.")
    title: str
    friendly_name: str
    seats: int | None
    is_trial: bool | None
    term: str | None
    billing_cycle: str | None
    created: Instant | None
    last_day: Day | None = strawberry.field(description="Last day of the term, inclusive.")
    auto_renews: bool | None
    parent_id: str | None = strawberry.field(description="The base of a legacy add-on.")
    held: strawberry.Private[Held]

    @strawberry.field(description="Its offer; null where the catalog has none of that id.")
    def offer(self, info: Info) -> Offer | None:
        catalog = info.context.asked.catalog
        offer = self.held.subscription.catalog_id
        return offer_of(catalog, offer) if offer in catalog.offers and offer else None

    @strawberry.field(
        description="Every offer it can become, best way first, judged. `first` is 1 to 200."
    )
    def options(
        self,
        info: Info,
        first: int = 20,
        after: str | None = None,
        scope: ScopeInput | None = None,
        mode: Mode = Mode.WITHOUT_LICENSE_TRANSFER,
    ) -> OptionsResult:
        asked = info.context.asked
        held = self.held
        page = use_cases.options_for(
            asked,
            held.customer,
            held.subscription,
            read_scope(scope),
            choices=Choices(mode),
            first=first,
            after=None if after is None else option_key(asked.catalog, after),
        )
        if isinstance(page, PlannerNotInCatalog):
            return show_not_in_catalog(page)
        return option_connection(asked.catalog, page, after=after)

    @strawberry.field(
        description="The best way to a target (any new-commerce SKU by default), judged."
    )
    def blockers(
        self,
        info: Info,
        target: str | None = None,
        scope: ScopeInput | None = None,
        mode: Mode = Mode.WITHOUT_LICENSE_TRANSFER,
    ) -> OptionResult:
        held = self.held
        answer = use_cases.blockers_of(
            info.context.asked,
            held.customer,
            held.subscription,
            read_scope(scope),
            target=target,
            choices=Choices(mode),
        )
        return show_answer(answer)

    @strawberry.field(description="How `extra` more seats are had: 1 to 1,000,000.")
    def more_licenses(
        self, info: Info, extra: int, scope: ScopeInput | None = None
    ) -> MoreLicensesResult:
        held = self.held
        answer = use_cases.more_licenses_for(
            info.context.asked, held.customer, held.subscription, read_scope(scope), extra=extra
        )
        return show_more_licenses(answer)


@strawberry.type(description="How much of one side of a customer's holdings is loaded.")
class HoldingsInfo:
    state: HoldingsState
    as_of: Instant | None
    count: int


SubscriptionConnection = Connection[Subscription]


@strawberry.type(description="One subscription and its best way, judged, or why there is none.")
class SubscriptionBlockers:
    subscription: Subscription
    answer: OptionResult


@strawberry.type(description="A customer of the partner.")
class Customer(Node):
    customer_id: str = strawberry.field(description="The customer's tenant id.")
    name: str
    domain: str | None
    market: str | None = strawberry.field(description="ISO code; null where no source says.")
    segment: Segment | None

    async def _whole(self, info: Info) -> planner.Customer:
        found = await info.context.loaders.customer.load(self.customer_id)
        # Removed since the page was read: it holds nothing any more.
        return found or planner.Customer(self.customer_id, self.name)

    @strawberry.field(description="What we sold.")
    async def own_holdings(self, info: Info) -> HoldingsInfo:
        holdings = (await self._whole(info)).holdings
        return _holdings(holdings.own_state, holdings.own_as_of, holdings.own)

    @strawberry.field(description="What others sold.")
    async def foreign_holdings(self, info: Info) -> HoldingsInfo:
        holdings = (await self._whole(info)).holdings
        return _holdings(holdings.foreign_state, holdings.foreign_as_of, holdings.foreign)

    @strawberry.field(
        description="In order of title and id; ours, or those of others. `first` is 1 to 200."
    )
    async def subscriptions(
        self, info: Info, first: int = 50, after: str | None = None, foreign: bool = False
    ) -> SubscriptionConnection:
        whole = await self._whole(info)
        side = whole.holdings.foreign if foreign else whole.holdings.own
        return _subscription_page(whole, side, first=inputs.page_size(first), after=after)

    @strawberry.field(description="What stops each subscription that is still on a legacy offer.")
    async def blockers(
        self,
        info: Info,
        scope: ScopeInput | None = None,
        mode: Mode = Mode.WITHOUT_LICENSE_TRANSFER,
    ) -> list[SubscriptionBlockers]:
        whole = await self._whole(info)
        judged = use_cases.customer_blockers(
            info.context.asked, whole, read_scope(scope), target=None, choices=Choices(mode)
        )
        return [] if isinstance(judged, NotFound) else show_judgements(whole, judged)


@strawberry.type(description="What stops one customer on the way to one target.")
class CustomerBlockers:
    customer: Customer
    subscriptions: list[SubscriptionBlockers]


CustomerConnection = Connection[Customer]
CustomerResult = Annotated[
    Customer | CustomerNotFound,
    strawberry.union("CustomerResult", description="A customer, if this partner has it."),
]
BlockersResult = Annotated[
    CustomerBlockers | CustomerNotFound | OfferNotFound,
    strawberry.union("BlockersResult", description="What stops a customer's subscriptions."),
]


def show_customer(value: planner.Customer) -> Customer:
    return Customer(
        id=global_id("Customer", value.customer_id),
        customer_id=value.customer_id,
        name=value.name,
        domain=value.domain,
        market=value.market,
        segment=value.segment,
    )


def show_subscription(customer: planner.Customer, value: planner.Subscription) -> Subscription:
    return Subscription(
        id=global_id("Subscription", f"{customer.customer_id}/{value.subscription_id}"),
        subscription_id=value.subscription_id,
        seller=value.seller,
        state=value.state,
        state_as_given=value.state_as_given,
        catalog_id=value.catalog_id,
        product_guid=value.product_guid,
        title=value.title,
        friendly_name=value.friendly_name,
        seats=value.seats,
        is_trial=value.is_trial,
        term=value.term,
        billing_cycle=value.billing_cycle,
        created=None if value.created is None else Instant(value.created),
        last_day=None if value.last_day is None else Day(value.last_day),
        auto_renews=value.auto_renews,
        parent_id=value.parent_id,
        held=Held(customer, value),
    )


def show_judgements(
    customer: planner.Customer, judged: tuple[use_cases.Judgement, ...]
) -> list[SubscriptionBlockers]:
    return [
        SubscriptionBlockers(
            subscription=show_subscription(customer, one.subscription),
            answer=show_answer(one.answer),
        )
        for one in judged
    ]


def _holdings(
    state: HoldingsState, as_of: datetime | None, held: tuple[planner.Subscription, ...]
) -> HoldingsInfo:
    return HoldingsInfo(
        state=state,
        as_of=None if as_of is None else Instant(as_of),
        count=len(held),
    )


def _subscription_page(
    customer: planner.Customer,
    side: tuple[planner.Subscription, ...],
    *,
    first: int,
    after: str | None,
) -> SubscriptionConnection:
    ordered = use_cases.in_order(side)
    if after is not None:
        key = decode_cursor(_SUBSCRIPTIONS, after, length=2)
        rest = tuple(held for held in ordered if (held.title, held.subscription_id) > key)
    else:
        rest = ordered
    return connect(
        rest[:first],
        cursor=lambda held: encode_cursor(_SUBSCRIPTIONS, held.title, held.subscription_id),
        node=lambda held: show_subscription(customer, held),
        has_next=len(rest) > first,
        total=len(ordered),
        after=after,
    )
