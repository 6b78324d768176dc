"""Subscriptions as GraphQL shows them."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import strawberry

from planner import customers as planner
from planner.customers import Seller, SubscriptionState
from planner.options import NotInCatalog as PlannerNotInCatalog
from planner.rules import Mode
from resolvers.customers import customers as use_cases
from resolvers.customers.baseline import baseline_of_subscription
from resolvers.customers.judgements import judgement_of
from resolvers.problems import NotFound
from schema.catalog.offer import Offer, offer_of
from schema.catalog.scope import ScopeInput, read_scope
from schema.catalog.service_set import ServiceConflictsResult, service_conflicts
from schema.context import Info
from schema.customers.affected import AffectedAccountsResult, affected_accounts
from schema.customers.baseline import Baseline, show_baseline
from schema.customers.choices import (
    CannotSuppose,
    ChoicesInput,
    WhatIfInput,
    read_choices,
    read_what_if,
)
from schema.customers.option import (
    MoreLicensesResult,
    OptionResult,
    OptionsResult,
    option_connection,
    option_key,
    show_answer,
    show_more_licenses,
    show_not_in_catalog,
)
from schema.customers.price_comparison import PriceComparisonResult, price_comparison
from schema.customers.trade_off import TradeOffsResult, show_trade_offs
from schema.limits.arguments import PAGE, Extra, First
from schema.plain_fields import within
from schema.relay.node import Node, global_id
from schema.scalars import Day, Instant


@dataclass(frozen=True, slots=True)
class Held:
    """A subscription with the customer that holds it."""

    customer: planner.Customer
    subscription: planner.Subscription


@strawberry.type(description="Seats that were added together and may still be given back.")
class ReducibleSeats:
    seats: int
    until: Instant


@strawberry.type(description="What the next renewal changes; a field that is null stays as it is.")
class RenewalInstructions:
    catalog_id: str | None = strawberry.field(description="The SKU of the next term.")
    term: str | None
    billing_cycle: str | None
    seats: int | None
    custom_end: Day | None = strawberry.field(description="Its last day, inclusive.")


_held = partial(within, "held.subscription")


def _id(self: Any) -> strawberry.ID:
    held: Held = self.held
    key = f"{held.customer.customer_id}/{held.subscription.subscription_id}"
    return global_id("Subscription", key)


@strawberry.type(description="A subscription that the customer holds, with us or elsewhere.")
class Subscription(Node):
    id: strawberry.ID = strawberry.field(resolver=_id, description="Opaque global id.")
    subscription_id: str = _held()
    seller: Seller = _held()
    state: SubscriptionState = _held()
    state_as_given: str = _held(description="The status as the source writes it.")
    catalog_id: str | None = _held(description="Null for one seen through Graph.")
    product_guid: str | None = _held(description="What Graph calls skuId.")
    title: str = _held()
    friendly_name: str = _held()
    seats: int | None = _held()
    is_trial: bool | None = _held()
    term: str | None = _held()
    billing_cycle: str | None = _held()
    created: Instant | None = _held()
    starts: Instant | None = _held(description="When the current term began.")
    last_day: Day | None = _held(description="Last day of the term, inclusive.")
    auto_renews: bool | None = _held()
    parent_id: str | None = _held(description="The base of a legacy add-on.")
    promotion_id: str | None = _held()
    promotion_ends: Day | None = _held(
        description="Last day of the promotion, inclusive; null where no source says."
    )
    cancellable_until: Instant | None = _held(
        description="Until when it can be cancelled within its term; null where no source says."
    )
    reducible: list[ReducibleSeats] | None = _held(
        description="The first to lapse first. Empty: none; null: not known."
    )
    renewal: RenewalInstructions | None = _held(
        description="Null where nothing is scheduled, or no source says."
    )
    cancels_at_end: bool | None = _held(
        description="Whether it is scheduled to be cancelled at its end; null: not known."
    )
    partner_of_record: str | None = _held(description="Partner Center's partnerId, as given.")
    migrated_from: str | None = _held(
        description="The id of the legacy subscription that it was migrated from."
    )
    held: strawberry.Private[Held]

    @strawberry.field(description="Its offer; null where the catalog has none of that id.")
    def offer(self, info: Info) -> Offer | None:
        catalog = info.context.asked.catalog
        offer = self.held.subscription.catalog_id
        return offer_of(catalog, offer) if offer in catalog.offers and offer else None

    @strawberry.field(description="Every offer it can become, best way first, judged.")
    def options(
        self,
        info: Info,
        first: First = PAGE,
        after: str | None = None,
        scope: ScopeInput | None = None,
        mode: Mode = Mode.WITHOUT_LICENSE_TRANSFER,
        choices: ChoicesInput | None = None,
        what_if: WhatIfInput | None = None,
    ) -> OptionsResult:
        asked = info.context.asked
        held = self.held
        page = use_cases.options_for(
            asked,
            held.customer,
            held.subscription,
            read_scope(scope),
            choices=read_choices(mode, choices),
            what_if=read_what_if(what_if),
            first=first,
            after=None if after is None else option_key(asked.catalog, after),
        )
        if isinstance(page, NotFound):
            return CannotSuppose.of(page)
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
        choices: ChoicesInput | None = None,
        what_if: WhatIfInput | None = None,
    ) -> OptionResult:
        held = self.held
        judged = judgement_of(
            info.context.asked,
            held.customer,
            held.subscription,
            read_scope(scope),
            target=target,
            choices=read_choices(mode, choices),
            what_if=read_what_if(what_if),
        )
        return show_answer(judged)

    @strawberry.field(
        description="The ways that no other way beats in everything, the best by the profile "
        "first, with what each trades for what."
    )
    def trade_offs(
        self,
        info: Info,
        scope: ScopeInput | None = None,
        mode: Mode = Mode.WITHOUT_LICENSE_TRANSFER,
        choices: ChoicesInput | None = None,
        what_if: WhatIfInput | None = None,
    ) -> TradeOffsResult:
        held = self.held
        found = use_cases.trade_offs_for(
            info.context.asked,
            held.customer,
            held.subscription,
            read_scope(scope),
            choices=read_choices(mode, choices),
            what_if=read_what_if(what_if),
        )
        return show_trade_offs(found)

    @strawberry.field(
        description="A year's cost now and in each target (all within reach by default)."
    )
    def price_comparison(
        self, info: Info, targets: list[str] | None = None, at: Instant | None = None
    ) -> PriceComparisonResult:
        return price_comparison(info, self.held.customer, self.held.subscription, targets, at)

    @strawberry.field(description="What a target would give a second time, and who gives it.")
    def service_conflicts(self, info: Info, target: str) -> ServiceConflictsResult:
        return service_conflicts(info, self.held.customer, self.held.subscription, target)

    @strawberry.field(description="Users whom a move concerns, by default the best one there is.")
    async def affected_accounts(
        self,
        info: Info,
        target: str | None = None,
        scope: ScopeInput | None = None,
        mode: Mode = Mode.WITHOUT_LICENSE_TRANSFER,
        choices: ChoicesInput | None = None,
    ) -> AffectedAccountsResult:
        return await affected_accounts(
            info,
            self.held.customer,
            self.held.subscription,
            target=target,
            scope=scope,
            choices=read_choices(mode, choices),
        )

    @strawberry.field(description="What happens to it if nobody acts; 24 months unless `until`.")
    def baseline(self, info: Info, at: Instant | None = None, until: Day | None = None) -> Baseline:
        held = self.held
        told = baseline_of_subscription(
            info.context.asked, held.customer, held.subscription, at=at, until=until
        )
        return show_baseline(told)

    @strawberry.field(description="How `extra` more seats are had.")
    def more_licenses(
        self, info: Info, extra: Extra, scope: ScopeInput | None = None
    ) -> MoreLicensesResult:
        held = self.held
        answer = use_cases.more_licenses_for(
            info.context.asked, held.customer, held.subscription, read_scope(scope), extra=extra
        )
        return show_more_licenses(answer)


def show_subscription(customer: planner.Customer, value: planner.Subscription) -> Subscription:
    return Subscription(held=Held(customer, value))
