"""Why a plan is not made, saved, decided on or marked: outcomes with codes and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from planner.plans.staleness import Freshness, StaleReason
from resolvers.plan_records import PlanEvent, SavedPlan
from resolvers.problems import NotFound


@dataclass(frozen=True, slots=True)
class PlanRefused:
    """An answer that users expect to get now and then; nothing was stored."""

    code: str
    message: str
    remedy: str
    fingerprint: str | None = None
    """The plan's own, where another one was named."""
    reasons: tuple[StaleReason, ...] = ()
    """For PLAN_STALE: what moved."""
    event: PlanEvent | None = None
    """What was done before, by whom and when, where that is why."""
    steps: tuple[str, ...] = ()
    """For STEP_NEEDS_OTHERS: the keys of the steps that come first, in the plan's order."""


def plan_not_found(plan_id: str) -> NotFound:
    return NotFound(
        "PLAN_NOT_FOUND", f"You have no plan {plan_id}", plan_id, "Look at the customer's plans"
    )


def contradictory(message: str) -> PlanRefused:
    return PlanRefused("GOAL_CONTRADICTORY", message, "Give each subscription one goal")


def not_ours(subscription_id: str) -> PlanRefused:
    return PlanRefused(
        "SUBSCRIPTION_NOT_FOUND",
        f"The customer holds no subscription {subscription_id} with us",
        "Name one of the customer's own subscriptions, or import them",
    )


def nothing_to_plan() -> PlanRefused:
    return PlanRefused(
        "NOTHING_TO_PLAN",
        "No subscription needs a move: none that is loaded is on a legacy offer",
        "Name a goal for a subscription, or import the customer's subscriptions",
    )


def what_if_not_saved() -> PlanRefused:
    return PlanRefused(
        "WHAT_IF_NOT_SAVED",
        "A plan of supposed facts is not kept: nobody could carry it out as things are",
        "Ask without the what-if; another day alone is asked for with `at` of the scope",
    )


def mismatch(fingerprint: str) -> PlanRefused:
    return PlanRefused(
        "FINGERPRINT_MISMATCH",
        f"The plan's fingerprint is {fingerprint}, not the one named",
        "Read the plan again and name its fingerprint",
        fingerprint=fingerprint,
    )


def stale(found: Freshness) -> PlanRefused:
    return PlanRefused(
        "PLAN_STALE",
        "Since the plan was made: " + "; ".join(reason.message for reason in found.reasons),
        "Make the plan again and compare the two",
        reasons=found.reasons,
    )


def approved_before(event: PlanEvent) -> PlanRefused:
    return PlanRefused(
        "ALREADY_APPROVED",
        f"The plan was approved at {event.at.isoformat()} by {event.by}",
        "Nothing is left to decide; make another plan where this one is wrong",
        event=event,
    )


def rejected_before(event: PlanEvent) -> PlanRefused:
    return PlanRefused(
        "PLAN_REJECTED",
        f"The plan was rejected at {event.at.isoformat()} by {event.by}",
        "Make another plan",
        event=event,
    )


def not_approved() -> PlanRefused:
    return PlanRefused(
        "PLAN_NOT_APPROVED",
        "Steps are carried out once the plan is approved",
        "Approve the plan first, naming its fingerprint",
    )


def step_not_found(step_key: str) -> PlanRefused:
    return PlanRefused(
        "STEP_NOT_FOUND",
        f"The plan has no step {step_key}",
        "Name the key of one of its steps",
    )


def needs_others(step_key: str, missing: Iterable[str]) -> PlanRefused:
    steps = tuple(missing)
    return PlanRefused(
        "STEP_NEEDS_OTHERS",
        f"{step_key} comes after {', '.join(steps)}",
        "Mark those as done first",
        steps=steps,
    )


def too_early(step_key: str, earliest: date) -> PlanRefused:
    return PlanRefused(
        "STEP_TOO_EARLY",
        f"{step_key} cannot be done before {earliest.isoformat()}",
        "Mark it on that day or later, or make the plan again where the facts have moved",
    )


def marked_before(event: PlanEvent) -> PlanRefused:
    return PlanRefused(
        "STEP_ALREADY_MARKED",
        f"{event.step_key} was marked {event.kind} at {event.at.isoformat()} by {event.by}",
        "A step that is done stays done; one that failed can still be marked as done",
        event=event,
    )


def of_different_customers(old: SavedPlan, new: SavedPlan) -> PlanRefused:
    return PlanRefused(
        "PLANS_OF_DIFFERENT_CUSTOMERS",
        f"The plans are of the customers {old.customer_id} and {new.customer_id}",
        "Compare two plans of one customer",
    )
