"""Has the subscription been active for more than a month?"""

from datetime import UTC, date

from planner.blocker_codes import BlockerCode
from planner.blockers import (
    Actor,
    Blocker,
    Evidence,
    PartnerCenterCode,
    Remedy,
    RemedyAction,
    Severity,
    SubjectKind,
    Unanswered,
)
from planner.lifecycle import days_after, months_after
from planner.rules.term_end import carried_out_on
from planner.rules.walk import CLEAR, Answer, StepInHand

_SOURCE = "docs/sources.md 3: code 7, 900226 (active for 1 month or less; production only)"
_CODES = (
    PartnerCenterCode("MIGRATION", 7, "SubscriptionActiveForLessThanOneMonth"),
    PartnerCenterCode("REST", 900226, "active for 1 month or less"),
)


def subscription_age(step: StepInHand) -> Answer:
    """A subscription that was created a calendar month ago or less cannot migrate yet.

    It can from the day after that month on, whole UTC days; a sandbox does not check it.
    Source: docs/sources.md 3 (code 7, 900226).
    """
    created = step.subscription.created
    if not step.is_first:
        return CLEAR
    if created is None:
        message = "When the subscription was bought is not known; in its first month it stays"
        return (Unanswered("AGE", ("subscription.creationDate",), message, step=step.pair),)
    bought = created.astimezone(UTC).date()
    clears_on = _day_after_a_month(bought)
    if clears_on is not None and carried_out_on(step) >= clears_on:
        return CLEAR
    return (_blocker(step, bought, clears_on),)


def _day_after_a_month(bought: date) -> date | None:
    month_later = months_after(bought, 1)
    return None if month_later is None else days_after(month_later, 1)


def _blocker(step: StepInHand, bought: date, clears_on: date | None) -> Blocker:
    subscription = step.subscription
    return Blocker(
        BlockerCode.ACTIVE_FOR_A_MONTH_OR_LESS,
        Severity.BLOCKS,
        SubjectKind.SUBSCRIPTION,
        subscription.subscription_id,
        f"Bought on {bought}, it cannot migrate in its first month",
        _SOURCE,
        step=step.pair,
        parameters=(("created", str(bought)),),
        evidence=(
            Evidence(
                f"it was created on {bought}", subscription.subscription_id, subscription.seller
            ),
        ),
        remedies=(
            Remedy(
                RemedyAction.WAIT_UNTIL,
                Actor.US,
                f"Wait until {clears_on}, then migrate",
                until=clears_on,
            ),
        ),
        clears_on=clears_on,
        partner_center=_CODES,
    )
