"""Customers and what they hold as GraphQL shows them."""

from datetime import datetime
from typing import Annotated

import strawberry

from planner import customers as planner
from planner.customers import HoldingsState
from planner.offers import Known, Segment
from planner.rules import Mode
from resolvers import inputs
from resolvers.customers import customers as use_cases
from resolvers.customers.baseline import baseline_for
from resolvers.customers.judgements import Judgement, customer_blockers
from resolvers.problems import NotFound
from schema.catalog.scope import ScopeInput, read_scope
from schema.context import Info
from schema.customers.affected import AccountsInfo, accounts_info
from schema.customers.baseline import Baseline, show_baseline
from schema.customers.choices import CannotSuppose, ChoicesInput, read_choices
from schema.customers.option import OptionResult, show_answer
from schema.customers.subscription import Subscription, show_subscription
from schema.errors.problems import CustomerNotFound, OfferNotFound
from schema.limits.arguments import LONG_PAGE, FirstOfMany
from schema.relay.connections import Connection, connect
from schema.relay.cursors import decode_cursor, encode_cursor
from schema.relay.node import Node, global_id
from schema.scalars import Day, Instant

_SUBSCRIPTIONS = "subscriptions"


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
    agreement: Known = strawberry.field(
        description="Whether the Microsoft Customer Agreement is accepted."
    )
    delegated_admin: Known = strawberry.field(
        description="Whether the customer lets us administer its tenant."
    )

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

    @strawberry.field(description="How many of its user accounts are loaded.")
    async def accounts(self, info: Info) -> AccountsInfo:
        return await accounts_info(info, self.customer_id)

    @strawberry.field(description="In order of title and id; ours, or those of others.")
    async def subscriptions(
        self,
        info: Info,
        first: FirstOfMany = LONG_PAGE,
        after: str | None = None,
        foreign: bool = False,
    ) -> SubscriptionConnection:
        whole = await self._whole(info)
        side = whole.holdings.foreign if foreign else whole.holdings.own
        return _subscription_page(whole, side, first=inputs.page_size(first), after=after)

    @strawberry.field(description="What happens if nobody acts; 24 months unless `until`.")
    async def baseline(
        self, info: Info, at: Instant | None = None, until: Day | None = None
    ) -> Baseline:
        whole = await self._whole(info)
        return show_baseline(baseline_for(info.context.asked, whole, at=at, until=until))

    @strawberry.field(description="What stops each subscription that is still on a legacy offer.")
    async def blockers(
        self,
        info: Info,
        scope: ScopeInput | None = None,
        mode: Mode = Mode.WITHOUT_LICENSE_TRANSFER,
        choices: ChoicesInput | None = None,
    ) -> list[SubscriptionBlockers]:
        whole = await self._whole(info)
        judged = customer_blockers(
            info.context.asked,
            whole,
            read_scope(scope),
            target=None,
            choices=read_choices(mode, choices),
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
    CustomerBlockers | CustomerNotFound | OfferNotFound | CannotSuppose,
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
        agreement=value.agreement,
        delegated_admin=value.delegated_admin,
    )


def show_judgements(
    customer: planner.Customer, judged: tuple[Judgement, ...]
) -> list[SubscriptionBlockers]:
    return [
        SubscriptionBlockers(
            subscription=show_subscription(customer, one.subscription),
            answer=show_answer(one),
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
