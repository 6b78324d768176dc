"""What stops a customer's subscriptions on their best ways, and what is open instead."""

from dataclasses import dataclass

from planner.customers import Customer, Subscription
from planner.ids import CatalogId
from planner.instead import Instead, instead_of
from planner.no_path import NoPath
from planner.options import NotInCatalog, Option, blockers, needs_move
from planner.rules import Choices
from planner.what_if import Supposed
from resolvers import inputs
from resolvers.asked import Asked
from resolvers.catalog.moves import ScopeRequest, checked_scope
from resolvers.customers.customers import held_as_supposed, in_order
from resolvers.customers.suppositions import WhatIfRequest, supposed
from resolvers.problems import NotFound, offer_not_found


@dataclass(frozen=True, slots=True)
class Judgement:
    """One subscription of a customer and its best way, judged, or why there is none."""

    subscription: Subscription
    answer: Option | NoPath | NotInCatalog
    instead: Instead | None = None
    """What is open where that way is BLOCKED; None where nothing is."""


def blockers_of(
    asked: Asked,
    owner: Customer,
    subscription: Subscription,
    request: ScopeRequest,
    *,
    target: str | None,
    choices: Choices,
    what_if: WhatIfRequest | None = None,
) -> Option | NoPath | NotInCatalog | NotFound:
    """Return the best way to a target (any new-commerce SKU by default), judged.

    Raises: BadInput.
    """
    facts = _goal_and_held(asked, owner, subscription, request, target, what_if)
    if isinstance(facts, NotFound):
        return facts
    goal, held, given = facts
    return _judged(asked, given, held, goal, choices)


def judgement_of(
    asked: Asked,
    owner: Customer,
    subscription: Subscription,
    request: ScopeRequest,
    *,
    target: str | None,
    choices: Choices,
    what_if: WhatIfRequest | None = None,
) -> Judgement | NotFound:
    """Return what `blockers_of` does, with what is open instead of a way that is BLOCKED.

    Raises: BadInput.
    """
    facts = _goal_and_held(asked, owner, subscription, request, target, what_if)
    if isinstance(facts, NotFound):
        return facts
    goal, held, given = facts
    return _judgement(asked, given, held, goal, choices)


def _goal_and_held(
    asked: Asked,
    owner: Customer,
    subscription: Subscription,
    request: ScopeRequest,
    target: str | None,
    what_if: WhatIfRequest | None,
) -> tuple[CatalogId | None, Subscription, Supposed] | NotFound:
    goal = _target(asked, target)
    if isinstance(goal, NotFound):
        return goal
    facts = held_as_supposed(asked, owner, subscription, request, what_if)
    return facts if isinstance(facts, NotFound) else (goal, *facts)


def customer_blockers(
    asked: Asked,
    owner: Customer,
    request: ScopeRequest,
    *,
    target: str | None,
    choices: Choices,
    what_if: WhatIfRequest | None = None,
) -> tuple[Judgement, ...] | NotFound:
    """Judge the customer's own subscriptions, in order of title and id. Raises: BadInput.

    Without a target: those still on a legacy offer, each to its best new-commerce SKU. With one:
    all of ours but those that already are of that offer.
    """
    goal = _target(asked, target)
    if isinstance(goal, NotFound):
        return goal
    given = supposed(asked.catalog, owner, checked_scope(asked, request), what_if)
    if isinstance(given, NotFound):
        return given
    return tuple(
        _judgement(asked, given, held, goal, choices)
        for held in in_order(given.customer.holdings.own)
        if _is_asked_for(held, goal)
    )


def _judgement(
    asked: Asked, given: Supposed, held: Subscription, goal: CatalogId | None, choices: Choices
) -> Judgement:
    answer = _judged(asked, given, held, goal, choices)
    if not isinstance(answer, Option):
        return Judgement(held, answer)
    instead = instead_of(
        given.catalog,
        given.customer,
        held,
        given.scope,
        answer,
        named=goal is not None,
        acting=asked.acting,
    )
    return Judgement(held, answer, instead)


def _judged(
    asked: Asked, given: Supposed, held: Subscription, goal: CatalogId | None, choices: Choices
) -> Option | NoPath | NotInCatalog:
    return blockers(
        given.catalog,
        given.customer,
        held,
        given.scope,
        target=goal,
        choices=choices,
        acting=asked.acting,
    )


def _target(asked: Asked, target: str | None) -> CatalogId | NotFound | None:
    goal = None if target is None else inputs.catalog_id(target)
    if goal is not None and goal not in asked.catalog.offers:
        return offer_not_found(goal)
    return goal


def _is_asked_for(subscription: Subscription, goal: CatalogId | None) -> bool:
    return needs_move(subscription) if goal is None else subscription.catalog_id != goal
