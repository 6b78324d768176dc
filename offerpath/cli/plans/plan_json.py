"""The JSON of a plan on the command line, with the names that schema.graphql has."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from offerpath.cli import answers
from planner import goals as planner_goals
from planner.catalog import Catalog
from planner.ids import CatalogId
from planner.plans.goals import SubscriptionGoal
from planner.plans.saved.difference import (
    FieldChange,
    OutcomeDifference,
    PlanDifference,
    StepDifference,
)
from planner.plans.search.money import MonthlyPrice
from planner.plans.told.steps import AlternativePlan, ApiCall, BatchRow, MemberStep, Outcome, Plan
from planner.plans.told.steps import PlanStep as Step
from resolvers.plans.fields import api_name
from resolvers.plans.merit import Merit, Weighing, merit_of

_TOLD_APART = frozenset({"origin", "target", "into", "goal", "reached", "no_path", "candidates"})
"""Fields that the JSON names otherwise than the planner does."""


def plan_answer(catalog: Catalog, plan: Plan, weighing: Weighing) -> answers.Json:
    """Return a plan whole: goals, outcomes, steps, components, alternatives, merit by name."""
    return {
        "customerId": plan.customer_id,
        "at": answers.instant(plan.at),
        "completesOn": answers.plain(plan.completes_on),
        "validUntil": answers.plain(plan.valid_until),
        "exactness": plan.exactness,
        "merit": _merit(merit_of(plan.merit, weighing)),
        "goals": [_goal(goal) for goal in plan.goals],
        "outcomes": [_outcome(catalog, outcome) for outcome in plan.outcomes],
        "steps": [step_answer(catalog, step) for step in plan.steps],
        "components": [answers.plain(component) for component in plan.components],
        "alternatives": [_alternative(catalog, one, weighing) for one in plan.alternatives],
    }


def step_answer(catalog: Catalog, step: Step) -> answers.Json:
    told = {one.name: getattr(step, one.name) for one in fields(step)} | {
        "from": _reference(catalog, step.origin),
        "to": _reference(catalog, step.target),
        "into_subscription_id": step.into,
        "evidence": step.evidence.name if step.evidence else None,
        "price_before": _price(step.price_before),
        "price_after": _price(step.price_after),
        "members": [_member(catalog, member) for member in step.members],
        "call": _call(step.call),
        "batch_rows": [_row(row) for row in step.batch_rows],
        "blockers": answers.findings(step.blockers),
        "unanswered": answers.findings(step.unanswered),
    }
    return _named(told)


def _named(told: Mapping[str, Any]) -> answers.Json:
    kept = {name: value for name, value in told.items() if name not in _TOLD_APART}
    return {answers.camel(name): answers.plain(value) for name, value in kept.items()}


def _reference(catalog: Catalog, offer: CatalogId | None) -> answers.Json | None:
    return None if offer is None else answers.reference(catalog, offer)


def _member(catalog: Catalog, member: MemberStep) -> answers.Json:
    return {
        "subscriptionId": member.subscription_id,
        "title": member.title,
        "seats": member.seats,
        "term": member.term,
        "billingCycle": member.billing_cycle,
        "fullNewTerm": member.full_new_term,
        "from": answers.reference(catalog, member.origin),
        "to": answers.reference(catalog, member.target),
    }


def _call(call: ApiCall | None) -> answers.Json | None:
    if call is None:
        return None
    return {"method": call.method, "path": call.path, "body": call.body, "note": call.note}


def _row(row: BatchRow) -> answers.Json:
    cells = [{"column": column, "value": value} for column, value in row.columns]
    return {"file": row.file, "cells": cells}


def _goal(goal: SubscriptionGoal) -> answers.Json:
    told: answers.Json = {
        "subscriptionId": goal.subscription_id,
        "offerId": None,
        "productId": None,
        "anyNewCommerce": False,
        "servicePlans": None,
        "seats": goal.seats,
        "part": goal.part,
    }
    match goal.goal:
        case planner_goals.OfferGoal(catalog_id):
            told["offerId"] = catalog_id
        case planner_goals.ProductGoal(product_id):
            told["productId"] = product_id
        case planner_goals.ServicesGoal(plan_ids):
            told["servicePlans"] = sorted(plan_ids)
        case planner_goals.NewCommerceGoal():
            told["anyNewCommerce"] = True
    return told


def _outcome(catalog: Catalog, outcome: Outcome) -> answers.Json:
    told = {one.name: getattr(outcome, one.name) for one in fields(outcome)} | {
        "price_now": _price(outcome.price_now),
        "price_then": _price(outcome.price_then),
        "blockers": answers.findings(outcome.blockers),
    }
    upsell = outcome.upsell
    no_path = outcome.no_path
    return _named(told) | {
        "goal": _goal(outcome.goal),
        "reached": _reference(catalog, outcome.reached),
        "upsell": None if upsell is None else answers.upsell_answer(catalog, upsell),
        "candidates": answers.references(catalog, outcome.candidates),
        "noPath": None if no_path is None else answers.no_path_answer(catalog, no_path),
    }


def _alternative(catalog: Catalog, other: AlternativePlan, weighing: Weighing) -> answers.Json:
    return {
        "subscriptionIds": list(other.subscription_ids),
        "tradeOff": other.trade_off,
        "merit": _merit(merit_of(other.merit, weighing)),
        "steps": [step_answer(catalog, step) for step in other.steps],
        "goals": [_goal(goal) for goal in other.goals],
        "priceInPlan": _price(other.price_in_plan),
        "priceThen": _price(other.price_then),
    }


def _merit(merit: Merit) -> answers.Json:
    found = merit.moves_by_evidence
    counts = found and [{"evidence": kind.name, "moves": moves} for kind, moves in found]
    told = {one.name: getattr(merit, one.name) for one in fields(merit)}
    return _named(told | {"monthly_price": _text(merit.monthly_price)}) | {
        "movesByEvidence": None if found is None else counts
    }


def _price(price: MonthlyPrice | None) -> answers.Json | None:
    """Return a price with its amount as text: a JSON number would be read as a float."""
    if price is None:
        return None
    return {
        "amount": _text(price.amount),
        "currency": price.currency,
        "source": price.source,
        "asOf": answers.plain(price.as_of),
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def difference_answer(catalog: Catalog, told: PlanDifference) -> answers.Json:
    """Return all that differs between two plans, what is the same included."""
    return {
        "isSame": told.is_same,
        "steps": [_step_difference(catalog, one) for one in told.steps],
        "outcomes": [_outcome_difference(catalog, one) for one in told.outcomes],
        "fields": _fields(told.fields),
        "moved": answers.plain(told.moved),
    }


def _fields(found: Iterable[FieldChange]) -> list[answers.Json]:
    return [
        {"field": api_name(one.field), "before": one.before, "after": one.after} for one in found
    ]


def _step_difference(catalog: Catalog, one: StepDifference) -> answers.Json:
    return {
        "key": one.key,
        "change": one.change,
        "old": None if one.old is None else step_answer(catalog, one.old),
        "new": None if one.new is None else step_answer(catalog, one.new),
        "fields": _fields(one.fields),
        "reasons": answers.plain(one.reasons),
    }


def _outcome_difference(catalog: Catalog, one: OutcomeDifference) -> answers.Json:
    return {
        "subscriptionId": one.subscription_id,
        "change": one.change,
        "old": None if one.old is None else _outcome(catalog, one.old),
        "new": None if one.new is None else _outcome(catalog, one.new),
        "fields": _fields(one.fields),
        "reasons": answers.plain(one.reasons),
    }
