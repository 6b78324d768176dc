"""The question of a scenario file, as the planner takes it."""

from datetime import datetime

from planner.catalog import Catalog
from planner.goals import Goal, NewCommerceGoal, OfferGoal, ServicesGoal
from planner.permissions import Acting
from planner.plans.goals import SubscriptionGoal
from planner.plans.wanted import Wanted
from planner.rules import Choices
from planner.scope import Scope
from planner.what_if import AssumedMove, WhatIf
from tests.scenarios.given_catalog import id_of, ids_of
from tests.scenarios.given_customer import subscription_id
from tests.scenarios.model import Question, Supposed, Wish


def acting_of(question: Question) -> Acting:
    hands = question.acting
    return Acting(hands.roles, hands.partner_type, hands.sign_in, hands.granular_roles)


def choices_of(question: Question) -> Choices:
    chosen = question.choices
    if chosen is None:
        return Choices(question.mode)
    into = None if chosen.into is None else subscription_id(chosen.into)
    return Choices(**(chosen.model_dump() | {"into": into}))


def scope_of(question: Question, at: datetime) -> Scope:
    return Scope(
        at,
        market=question.market,
        policy=question.policy,
        profile=question.profile,
        max_steps=question.max_steps,
        avoid=ids_of(question.avoid),
    )


def what_if_of(supposed: Supposed) -> WhatIf:
    return WhatIf(
        at=supposed.at,
        market=supposed.market,
        agreement=supposed.agreement,
        cancelled=frozenset(map(subscription_id, supposed.cancel)),
        seats=tuple((subscription_id(place), seats) for place, seats in supposed.seats.items()),
        moves=tuple(AssumedMove(id_of(origin), id_of(target)) for origin, target in supposed.moves),
    )


def wanted_of(question: Question) -> Wanted:
    scope = scope_of(question, question.at)
    return Wanted(scope, choices=choices_of(question), without=question.without)


def goals_of(catalog: Catalog, question: Question) -> tuple[SubscriptionGoal, ...] | None:
    if question.goals is None:
        return None
    return tuple(
        SubscriptionGoal(subscription_id(wish.of), _goal(catalog, wish), wish.seats, wish.part)
        for wish in question.goals
    )


def _goal(catalog: Catalog, wish: Wish) -> Goal | None:
    if wish.services:
        names = {plan.name: plan_id for plan_id, plan in catalog.service_plans.items()}
        return ServicesGoal(frozenset(names[name] for name in wish.services))
    if wish.to is None:
        return None
    return NewCommerceGoal() if wish.to == "ANY" else OfferGoal(id_of(wish.to))
