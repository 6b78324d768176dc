"""A partner's customers: one, many at once, a page of them, and what stops their subscriptions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.customers import MAX_SEATS, Customer, Subscription
from planner.ids import CatalogId
from planner.options import (
    MoreLicenses,
    NotInCatalog,
    Option,
    SeatsNotKnown,
    judge,
    more_licenses,
    ways,
)
from planner.paths import Path
from planner.rules import Choices
from planner.tradeoffs import TradeOff, by_profile, needs_judgement, trade_offs
from planner.what_if import Supposed
from resolvers import inputs
from resolvers.access.permits import Task
from resolvers.asked import Asked
from resolvers.catalog.moves import ScopeRequest, checked_scope, position_after
from resolvers.codes.code import Code
from resolvers.customers.suppositions import WhatIfRequest, supposed
from resolvers.problems import (
    NotFound,
    customer_not_found,
    out_of_range,
    subscription_supposed_gone,
)
from resolvers.records.customers import CustomerKey, Page

MAX_EXTRA_SEATS = MAX_SEATS


async def customers_by_id(asked: Asked, customer_ids: Sequence[str]) -> Mapping[str, Customer]:
    """Return those that this partner has, with holdings; a batch for loaders. Ids are GUIDs."""
    asked.require(Task.READ_CUSTOMERS)
    return await asked.customers.customers(asked.principal, customer_ids)


async def customer(asked: Asked, customer_id: str) -> Customer | NotFound:
    """Return one customer with holdings. Raises: BadInput MALFORMED_ID."""
    asked.require(Task.READ_CUSTOMERS)
    parsed = inputs.guid(customer_id, what="customer")
    found = await customers_by_id(asked, (parsed,))
    return found.get(parsed) or customer_not_found(parsed)


async def customers(
    asked: Asked,
    *,
    first: int,
    after: CustomerKey | None,
    text: str | None,
    with_holdings: bool = False,
) -> Page:
    """Return a page in order of (name, customer id). Raises: BadInput."""
    asked.require(Task.READ_CUSTOMERS)
    inputs.page_size(first)
    wanted = inputs.search_text(text)
    return await asked.customers.page(
        asked.principal,
        first=first,
        after=after,
        text=wanted or None,
        with_holdings=with_holdings,
    )


async def customer_of_subscription(asked: Asked, subscription_id: str) -> str | None:
    """Return the customer that holds a subscription with us. Raises: BadInput MALFORMED_ID."""
    asked.require(Task.READ_CUSTOMERS)
    parsed = inputs.guid(subscription_id, what="subscription")
    return await asked.customers.customer_of(asked.principal, parsed)


@dataclass(frozen=True, slots=True)
class OptionPage:
    """Ways of one subscription in order of merit, judged, and what lies beyond."""

    options: tuple[Option, ...]
    has_next: bool
    total: int


def options_for(
    asked: Asked,
    owner: Customer,
    subscription: Subscription,
    request: ScopeRequest,
    *,
    choices: Choices,
    first: int,
    after: CatalogId | None,
    what_if: WhatIfRequest | None = None,
) -> OptionPage | NotInCatalog | NotFound:
    """Return a page of ways after one target; only those of the page are judged, but for
    profiles that order ways by what judging finds.

    Raises: BadInput.
    """
    inputs.page_size(first)
    facts = held_as_supposed(asked, owner, subscription, request, what_if)
    if isinstance(facts, NotFound):
        return facts
    held, given = facts
    found = ways(given.catalog, given.customer, held, given.scope)
    if isinstance(found, NotInCatalog):
        return found
    if needs_judgement(given.scope.profile):
        ordered = _in_order(asked, given, held, found, choices)
        begin = 0 if after is None else position_after([one.path for one in ordered], after)
        page = ordered[begin : begin + first]
        return OptionPage(page, begin + first < len(found), len(found))
    begin = 0 if after is None else position_after(found, after)
    judged = _judge_all(asked, given, held, found[begin : begin + first], choices)
    return OptionPage(judged, begin + first < len(found), len(found))


def trade_offs_for(
    asked: Asked,
    owner: Customer,
    subscription: Subscription,
    request: ScopeRequest,
    *,
    choices: Choices,
    what_if: WhatIfRequest | None = None,
) -> tuple[TradeOff, ...] | NotInCatalog | NotFound:
    """Return the ways that no other way beats, the best by the profile first. Raises: BadInput."""
    facts = held_as_supposed(asked, owner, subscription, request, what_if)
    if isinstance(facts, NotFound):
        return facts
    held, given = facts
    found = ways(given.catalog, given.customer, held, given.scope)
    if isinstance(found, NotInCatalog):
        return found
    ordered = _in_order(asked, given, held, found, choices)
    return trade_offs(given.catalog, given.customer, held, ordered, given.scope.day)


def _in_order(
    asked: Asked, given: Supposed, held: Subscription, found: Sequence[Path], choices: Choices
) -> tuple[Option, ...]:
    return by_profile(
        given.catalog,
        given.customer,
        held,
        _judge_all(asked, given, held, found, choices),
        profile=given.scope.profile,
        on=given.scope.day,
    )


def _judge_all(
    asked: Asked, given: Supposed, held: Subscription, found: Sequence[Path], choices: Choices
) -> tuple[Option, ...]:
    return tuple(
        judge(
            given.catalog,
            given.customer,
            held,
            path,
            given.scope,
            choices=choices,
            acting=asked.acting,
        )
        for path in found
    )


def held_as_supposed(
    asked: Asked,
    owner: Customer,
    subscription: Subscription,
    request: ScopeRequest,
    what_if: WhatIfRequest | None,
) -> tuple[Subscription, Supposed] | NotFound:
    """Return a subscription and all else as it would be. Raises: BadInput."""
    given = supposed(asked.catalog, owner, checked_scope(asked, request), what_if)
    if isinstance(given, NotFound):
        return given
    held = subscription if what_if is None else given.now(subscription)
    if held is None:
        return subscription_supposed_gone(subscription.subscription_id)
    return held, given


def in_order(subscriptions: Sequence[Subscription]) -> tuple[Subscription, ...]:
    """Return subscriptions in the order of pages: by title and id."""
    return tuple(sorted(subscriptions, key=lambda held: (held.title, held.subscription_id)))


def more_licenses_for(
    asked: Asked, owner: Customer, subscription: Subscription, request: ScopeRequest, *, extra: int
) -> MoreLicenses | NotInCatalog | SeatsNotKnown:
    """Return how `extra` more seats are had. Raises: BadInput EXTRA_OUT_OF_RANGE."""
    if not 1 <= extra <= MAX_EXTRA_SEATS:
        raise out_of_range(Code.EXTRA_OUT_OF_RANGE, "extra", extra, maximum=MAX_EXTRA_SEATS)
    return more_licenses(
        asked.catalog, owner, subscription, checked_scope(asked, request), extra=extra
    )
