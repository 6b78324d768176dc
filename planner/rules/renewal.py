"""What waiting for the renewal of a legacy subscription comes to."""

from datetime import date

from planner.baselines.rules import DAYS_TO_CHANGE_AFTER_RUN, RUNS, MigrationRun
from planner.blockers import Actor, Remedy, RemedyAction
from planner.rules.walk import StepInHand


def wait_for_renewal(step: StepInHand, renewal: date) -> Remedy | None:
    """Return the remedy of waiting for the renewal day; None where the subscription ends on it.

    Where Microsoft migrates it on that day itself, the remedy says so: nothing is left for us.
    Source: docs/sources.md 0 (Microsoft-led migration; more than 300 seats are left out).
    """
    run = _run(step)
    if renewal < run.starts:
        message = f"Wait for the renewal on {renewal}, then migrate"
        return Remedy(RemedyAction.WAIT_UNTIL, Actor.US, message, until=renewal)
    if not run.is_dated:
        message = f"Wait for {renewal}, then migrate if it is legacy still: {run.message}"
        return Remedy(RemedyAction.WAIT_UNTIL, Actor.US, message, until=renewal)
    return None if _is_left_out(step) else _moved(renewal, run)


def is_ours_after(step: StepInHand, renewal: date) -> bool:
    """Return whether it may still be ours to migrate after the renewal, so that waiting helps.

    Source: docs/sources.md 0 (Microsoft-led migration at the renewal).
    """
    run = _run(step)
    return renewal < run.starts or not run.is_dated


def _run(step: StepInHand) -> MigrationRun:
    return RUNS[step.catalog.offers[step.transition.origin].segment or step.customer.segment]


def _is_left_out(step: StepInHand) -> bool:
    """Return whether it has more seats than Microsoft's run takes: it expires for good."""
    cap, seats = step.catalog.seat_caps.get(step.transition.origin), step.subscription.seats
    return cap is not None and seats is not None and seats > cap.per_offer


def _moved(renewal: date, run: MigrationRun) -> Remedy:
    message = (
        f"Wait for the renewal on {renewal}, which leaves nothing to migrate: Microsoft moves it "
        "to the equivalent SKU for a year, with the same billing plan and seats; for "
        f"{DAYS_TO_CHANGE_AFTER_RUN} days after that term and seats can be changed, or it can be "
        f"cancelled ({run.message})"
    )
    return Remedy(RemedyAction.WAIT_UNTIL, Actor.MICROSOFT, message, until=renewal)
