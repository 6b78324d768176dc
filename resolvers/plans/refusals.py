"""Why a plan is not made, saved, decided on or marked: outcomes with codes and what to do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from planner.plans.saved.staleness import Freshness, StaleReason
from resolvers.codes.code import Code
from resolvers.problems import NotFound
from resolvers.records.plans import PlanEvent, SavedPlan


@dataclass(frozen=True, slots=True)
class PlanRefused:
    """An answer that users expect to get now and then; nothing was stored."""

    code: Code
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
    content_hash: str | None = None
    """For CONTENT_MISMATCH: that of the plan as it is made now."""
    plans: tuple[str, ...] = ()
    """For PLANS_OVERLAP: the ids of the approved plans that stand in the way, in order."""
    subscription_id: str | None = None
    """Which one, for PART_TOO_LARGE and SUBSCRIPTION_NOT_FOUND."""
    most_seats: int | None = None
    """For PART_TOO_LARGE: how many seats may go."""
    step_key: str | None = None
    """Which step it is about, where it is about one."""
    earliest: date | None = None
    """For STEP_TOO_EARLY: the first day on which the step can be done."""


def plan_not_found(plan_id: str) -> NotFound:
    return NotFound(
        Code.PLAN_NOT_FOUND, f"You have no plan {plan_id}", plan_id, "Look at the customer's plans"
    )


def contradictory(message: str, remedy: str = "Give each subscription one goal") -> PlanRefused:
    return PlanRefused(Code.GOAL_CONTRADICTORY, message, remedy)


def part_too_large(subscription_id: str, part: int, seats: int) -> PlanRefused:
    return PlanRefused(
        Code.PART_TOO_LARGE,
        f"{part} seats of subscription {subscription_id} shall go, and it has {seats}",
        f"Give a part of at most {seats}, or leave it out: then all of them go",
        subscription_id=subscription_id,
        most_seats=seats,
    )


def not_ours(subscription_id: str) -> PlanRefused:
    return PlanRefused(
        Code.SUBSCRIPTION_NOT_FOUND,
        f"The customer holds no subscription {subscription_id} with us",
        "Name one of the customer's own subscriptions, or import them",
        subscription_id=subscription_id,
    )


def nothing_to_plan() -> PlanRefused:
    return PlanRefused(
        Code.NOTHING_TO_PLAN,
        "No subscription needs a move: none that is loaded is on a legacy offer, but for what is "
        "deleted",
        "Name a goal for a subscription, or import the customer's subscriptions",
    )


def nothing_asked() -> PlanRefused:
    return PlanRefused(
        Code.NOTHING_TO_PLAN,
        "The list of goals is empty, so nothing is asked for",
        "Leave the goals out to take every subscription of a legacy offer to new commerce, or name "
        "a subscription and its goal",
    )


def what_if_not_saved() -> PlanRefused:
    return PlanRefused(
        Code.WHAT_IF_NOT_SAVED,
        "A plan of supposed facts is not kept: nobody could carry it out as things are",
        "Ask without the what-if; another day alone is asked for with `at` of the scope",
    )


def mismatch(fingerprint: str) -> PlanRefused:
    return PlanRefused(
        Code.FINGERPRINT_MISMATCH,
        f"The plan's fingerprint is {fingerprint}, not the one named",
        "Read the plan again and name its fingerprint",
        fingerprint=fingerprint,
    )


def content_mismatch(content_hash: str) -> PlanRefused:
    return PlanRefused(
        Code.CONTENT_MISMATCH,
        "Made afresh, the plan has other steps, days or goals than the one that was looked at: "
        f"its content hash is {content_hash}",
        "Look at the plan again and name its content hash; where it was asked for on another day, "
        "ask with the same `at`",
        content_hash=content_hash,
    )


def approved_beside(others: Sequence[SavedPlan]) -> PlanRefused:
    ids = tuple(other.plan_id for other in others)
    return PlanRefused(
        Code.PLANS_OVERLAP,
        f"Of the same subscriptions another plan is approved and not done: {', '.join(ids)}",
        "Complete the other plan first, or approve with supersede: the other ends then, and its "
        "steps can no longer be marked",
        plans=ids,
    )


def superseded_before(event: PlanEvent) -> PlanRefused:
    return PlanRefused(
        Code.PLAN_SUPERSEDED,
        f"Plan {event.superseded_by} was approved in its place at {_minute(event.at)} "
        f"by {event.by}",
        "Go on with that plan, or make another one",
        event=event,
    )


def stale(found: Freshness) -> PlanRefused:
    return PlanRefused(
        Code.PLAN_STALE,
        "Since the plan was made: " + "; ".join(reason.message for reason in found.reasons),
        "Make the plan again and compare the two",
        reasons=found.reasons,
    )


def approved_before(event: PlanEvent) -> PlanRefused:
    return PlanRefused(
        Code.ALREADY_APPROVED,
        f"The plan was approved at {_minute(event.at)} by {event.by}",
        "Nothing is left to decide; make another plan where this one is wrong",
        event=event,
    )


def rejected_before(event: PlanEvent) -> PlanRefused:
    return PlanRefused(
        Code.PLAN_REJECTED,
        f"The plan was rejected at {_minute(event.at)} by {event.by}",
        "Make another plan",
        event=event,
    )


def not_approved() -> PlanRefused:
    return PlanRefused(
        Code.PLAN_NOT_APPROVED,
        "Steps are carried out once the plan is approved",
        "Approve the plan first, naming its fingerprint",
    )


def step_not_found(step_key: str) -> PlanRefused:
    return PlanRefused(
        Code.STEP_NOT_FOUND,
        f"The plan has no step {step_key}",
        "Name the key of one of its steps",
        step_key=step_key,
    )


def is_a_wait(step_key: str, until: date) -> PlanRefused:
    return PlanRefused(
        Code.STEP_IS_A_WAIT,
        f"{step_key} waits for {until.isoformat()}, which cannot fail",
        "Mark it as done on that day or later; where the plan cannot go on as it is, make another "
        "one, and approve that with supersede",
        step_key=step_key,
    )


def needs_others(step_key: str, missing: Iterable[str]) -> PlanRefused:
    steps = tuple(missing)
    return PlanRefused(
        Code.STEP_NEEDS_OTHERS,
        f"{step_key} comes after {', '.join(steps)}",
        "Mark those as done first",
        steps=steps,
        step_key=step_key,
    )


def too_early(step_key: str, earliest: date) -> PlanRefused:
    return PlanRefused(
        Code.STEP_TOO_EARLY,
        f"{step_key} cannot be done before {earliest.isoformat()}",
        "Mark it on that day or later, or make the plan again where the facts have moved",
        step_key=step_key,
        earliest=earliest,
    )


def marked_before(event: PlanEvent) -> PlanRefused:
    return PlanRefused(
        Code.STEP_ALREADY_MARKED,
        f"{event.step_key} was marked {event.kind} at {_minute(event.at)} by {event.by}",
        "A step that is done stays done; one that failed can still be marked as done",
        event=event,
        step_key=event.step_key,
    )


def of_different_customers(old: SavedPlan, new: SavedPlan) -> PlanRefused:
    return PlanRefused(
        Code.PLANS_OF_DIFFERENT_CUSTOMERS,
        f"The plans are of the customers {old.customer_id} and {new.customer_id}",
        "Compare two plans of one customer",
    )


def _minute(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
