"""Does a promotion of the legacy price stop the migration?"""

from datetime import UTC, date

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
from planner.lifecycle import days_after
from planner.rules.term_end import carried_out_on, renews_on
from planner.rules.walk import CLEAR, Answer, StepInHand

_SOURCE = "docs/sources.md 3: code 3, 900218; active promotions and those of the first purchase"
_CODES = (
    PartnerCenterCode("MIGRATION", 3, "SubscriptionPromotionsPresent"),
    PartnerCenterCode("REST", 900218, "has promotions applied to it"),
)


def promotion(step: StepInHand) -> Answer:
    """A subscription with a promotion cannot migrate before the promotion has ended.

    Where no source dates its end, it ends with the term at the latest. One that has ended is noted:
    the documentation also names promotions of the first purchase, the error only those applied.
    Partner Center's resource does not show legacy promotions, so a subscription without one is not
    clear but UNKNOWN, which decides nothing.
    Source: docs/sources.md 3 (code 3, 900218).
    """
    if not step.is_first:
        return CLEAR
    subscription = step.subscription
    if subscription.promotion_id is None and subscription.promotion_ends is None:
        return (_unanswered(step),)
    clears_on = _clears_on(step)
    if clears_on is not None and clears_on <= carried_out_on(step):
        return (_ended(step),)
    return (_blocker(step, clears_on),)


def _clears_on(step: StepInHand) -> date | None:
    """Return the first day without the promotion: after its own end, else after the term's.

    None where neither is known, or where the term that the data tell of is over already: what
    renewed may have the promotion still.
    """
    subscription = step.subscription
    if subscription.promotion_ends is not None:
        return days_after(subscription.promotion_ends, 1)
    renewal = renews_on(subscription)
    is_past = renewal is not None and renewal <= step.at.astimezone(UTC).date()
    return None if is_past else renewal


def _ended(step: StepInHand) -> Blocker:
    validate = Remedy(
        RemedyAction.VALIDATE_WITH_PARTNER_CENTER,
        Actor.US,
        "Ask Partner Center: validate the migration",
        role="ADMIN_AGENT",
    )
    return Blocker(
        "PROMOTION_HAS_ENDED",
        Severity.NOTES,
        SubjectKind.SUBSCRIPTION,
        step.subscription.subscription_id,
        "Its promotion is over; one that came with the first purchase may stop it still",
        _SOURCE,
        step=step.pair,
        remedies=(validate,),
    )


def _blocker(step: StepInHand, clears_on: date | None) -> Blocker:
    subscription = step.subscription
    named = subscription.promotion_id or "a promotion"
    return Blocker(
        "PROMOTION_PRESENT",
        Severity.BLOCKS,
        SubjectKind.SUBSCRIPTION,
        subscription.subscription_id,
        "A promotion applies to the subscription; it cannot migrate before the promotion ends",
        _SOURCE,
        step=step.pair,
        parameters=(("promotion", subscription.promotion_id),) if subscription.promotion_id else (),
        evidence=(
            Evidence(f"it has {named}", subscription.subscription_id, subscription.seller),
            *_dated(step, clears_on),
        ),
        remedies=(_wait(clears_on),),
        clears_on=clears_on,
        partner_center=_CODES,
    )


def _dated(step: StepInHand, clears_on: date | None) -> tuple[Evidence, ...]:
    if clears_on is None or step.subscription.promotion_ends is not None:
        return ()
    return (Evidence("the promotion's end is not known; it lasts at most as long as the term"),)


def _wait(clears_on: date | None) -> Remedy:
    message = (
        "Wait until the promotion ends, then migrate; no source says when: ask Partner Center"
        if clears_on is None
        else f"Wait until {clears_on}, then migrate"
    )
    return Remedy(RemedyAction.WAIT_UNTIL, Actor.US, message, until=clears_on)


def _unanswered(step: StepInHand) -> Unanswered:
    return Unanswered(
        "PROMOTION",
        ("subscription.promotion",),
        "Partner Center does not show promotions of legacy subscriptions; one would stop it",
        step=step.pair,
    )
