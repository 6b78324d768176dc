"""Customers and what they hold as GraphQL shows them."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Any

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
from schema.scalars import Day, Instant, instant_or_none

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

    whole: strawberry.Private[planner.Customer | None]
    """With its holdings; None where these were not read with it."""

    def _of_whole(self, info: Info, read: Callable[[planner.Customer], Any]) -> Any:
        """Return what is read of it with its holdings, awaitable where these are not here yet.

        A field that can be answered at once is no task of its own.
        """
        return self._loaded(info, read) if self.whole is None else read(self.whole)

    async def _loaded(self, info: Info, read: Callable[[planner.Customer], Any]) -> Any:
        found = await info.context.loaders.customer.load(self.customer_id)
        # Removed since the page was read: it holds nothing any more.
        return read(found or planner.Customer(self.customer_id, self.name))

    @strawberry.field(description="What we sold.")
    def own_holdings(self, info: Info) -> HoldingsInfo:
        shown: HoldingsInfo = self._of_whole(info, _own_holdings)
        return shown

    @strawberry.field(description="What others sold.")
    def foreign_holdings(self, info: Info) -> HoldingsInfo:
        shown: HoldingsInfo = self._of_whole(info, _foreign_holdings)
        return shown

    @strawberry.field(description="How many of its user accounts are loaded.")
    async def accounts(self, info: Info) -> AccountsInfo:
        return await accounts_info(info, self.customer_id)

    @strawberry.field(description="In order of title and id; ours, or those of others.")
    def subscriptions(
        self,
        info: Info,
        first: FirstOfMany = LONG_PAGE,
        after: str | None = None,
        foreign: bool = False,
    ) -> SubscriptionConnection:
        page = partial(_subscription_page, foreign=foreign, first=first, after=after)
        shown: SubscriptionConnection = self._of_whole(info, page)
        return shown

    @strawberry.field(description="What happens if nobody acts; 24 months unless `until`.")
    def baseline(self, info: Info, at: Instant | None = None, until: Day | None = None) -> Baseline:
        def read(whole: planner.Customer) -> Baseline:
            return show_baseline(baseline_for(info.context.asked, whole, at=at, until=until))

        shown: Baseline = self._of_whole(info, read)
        return shown

    @strawberry.field(description="What stops each subscription that is still on a legacy offer.")
    def blockers(
        self,
        info: Info,
        scope: ScopeInput | None = None,
        mode: Mode = Mode.WITHOUT_LICENSE_TRANSFER,
        choices: ChoicesInput | None = None,
    ) -> list[SubscriptionBlockers]:
        def read(whole: planner.Customer) -> list[SubscriptionBlockers]:
            judged = customer_blockers(
                info.context.asked,
                whole,
                read_scope(scope),
                target=None,
                choices=read_choices(mode, choices),
            )
            return [] if isinstance(judged, NotFound) else show_judgements(whole, judged)

        shown: list[SubscriptionBlockers] = self._of_whole(info, read)
        return shown


OF_HOLDINGS = frozenset(("ownHoldings", "foreignHoldings", "subscriptions", "baseline", "blockers"))
"""Fields of a customer that need what it holds."""


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


def show_customer(value: planner.Customer, *, is_whole: bool = True) -> Customer:
    """Return a customer as it is shown; `is_whole` where its holdings were read with it."""
    return Customer(
        id=global_id("Customer", value.customer_id),
        customer_id=value.customer_id,
        name=value.name,
        domain=value.domain,
        market=value.market,
        segment=value.segment,
        agreement=value.agreement,
        delegated_admin=value.delegated_admin,
        whole=value if is_whole else None,
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


def _own_holdings(whole: planner.Customer) -> HoldingsInfo:
    holdings = whole.holdings
    return _holdings(holdings.own_state, holdings.own_as_of, holdings.own)


def _foreign_holdings(whole: planner.Customer) -> HoldingsInfo:
    holdings = whole.holdings
    return _holdings(holdings.foreign_state, holdings.foreign_as_of, holdings.foreign)


def _holdings(
    state: HoldingsState, as_of: datetime | None, held: tuple[planner.Subscription, ...]
) -> HoldingsInfo:
    return HoldingsInfo(
        state=state,
        as_of=instant_or_none(as_of),
        count=len(held),
    )


def _subscription_page(
    customer: planner.Customer, *, foreign: bool, first: int, after: str | None
) -> SubscriptionConnection:
    inputs.page_size(first)
    ordered = use_cases.in_order(customer.holdings.foreign if foreign else customer.holdings.own)
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
