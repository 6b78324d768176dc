"""Can the conversion be scheduled for the renewal?"""

from planner.blocker_codes import BlockerCode
from planner.blockers import (
    Actor,
    Blocker,
    Evidence,
    Remedy,
    RemedyAction,
    Severity,
    SubjectKind,
    Unanswered,
)
from planner.ids import is_new_commerce
from planner.rules.walk import CLEAR, Answer, StepInHand


def scheduled_conversion(step: StepInHand) -> Answer:
    """A conversion at renewal needs auto-renewal to be on; the state rule asks for the rest.

    Source: docs/sources.md 2 (scheduled changes: active, autoRenewEnabled).
    """
    if not step.choices.at_renewal or not step.is_first or not is_new_commerce(step.target):
        return CLEAR
    renews = step.subscription.auto_renews
    if renews is None:
        message = "Whether auto-renewal is on is not known; a scheduled change needs it"
        field = ("subscription.autoRenewEnabled",)
        return (Unanswered("SCHEDULED_CONVERSION", field, message, step=step.pair),)
    return CLEAR if renews else (_auto_renewal_off(step),)


def _auto_renewal_off(step: StepInHand) -> Blocker:
    subscription = step.subscription
    return Blocker(
        BlockerCode.AUTO_RENEWAL_OFF,
        Severity.BLOCKS,
        SubjectKind.SUBSCRIPTION,
        subscription.subscription_id,
        "Auto-renewal is off, so nothing can be scheduled for the renewal",
        "docs/sources.md 2: scheduled changes need an active subscription that renews",
        step=step.pair,
        evidence=(
            Evidence(
                "autoRenewEnabled is false", subscription.subscription_id, subscription.seller
            ),
        ),
        remedies=(
            Remedy(
                RemedyAction.SCHEDULE_FOR_RENEWAL,
                Actor.US,
                "Turn auto-renewal on, then schedule the conversion",
                role="ADMIN_AGENT",
            ),
        ),
    )
