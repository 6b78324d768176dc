"""Does a promotion of the legacy price stop the migration?"""

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
from planner.lifecycle import days_after
from planner.rules.renewal import is_ours_after, wait_for_renewal
from planner.rules.term_end import carried_out_on, is_over, renews_on
from planner.rules.walk import CLEAR, Answer, StepInHand

_SOURCE = (
    "docs/sources.md 3: code 3, 900218; active promotions and those of the first purchase; 0: "
    "Microsoft's own migration at the renewal"
)
_CODES = (
    PartnerCenterCode("MIGRATION", 3, "SubscriptionPromotionsPresent"),
    PartnerCenterCode("REST", 900218, "has promotions applied to it"),
)


def promotion(step: StepInHand) -> Answer:
    """A subscription with a promotion cannot migrate before the promotion has ended.

    Where no source dates its end, it ends with the term at the latest; what then becomes of the
    subscription, most often Microsoft's own migration, the remedy tells. One that has ended is
    noted: the documentation also names promotions of the first purchase, the error only those
    applied.
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

    None where neither is known, where the term that the data tell of is over already (what renewed
    may have the promotion still), and where it does not renew (there is nothing to migrate then).
    """
    subscription = step.subscription
    if subscription.promotion_ends is not None:
        return days_after(subscription.promotion_ends, 1)
    renewal = renews_on(subscription)
    is_past = renewal is not None and renewal <= step.at.astimezone(UTC).date()
    return None if is_past or subscription.auto_renews is False else renewal


def _ended(step: StepInHand) -> Blocker:
    validate = Remedy(
        RemedyAction.VALIDATE_WITH_PARTNER_CENTER,
        Actor.US,
        "Ask Partner Center: validate the migration",
        role="ADMIN_AGENT",
    )
    return Blocker(
        BlockerCode.PROMOTION_HAS_ENDED,
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
        BlockerCode.PROMOTION_PRESENT,
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
        remedies=(_wait(step, clears_on),),
        clears_on=_while_ours(step, clears_on),
        partner_center=_CODES,
    )


def _while_ours(step: StepInHand, clears_on: date | None) -> date | None:
    """Return the day; None where Microsoft has moved the subscription by then, or it has ended."""
    renewal = _coming_renewal(step)
    if clears_on is None or renewal is None or clears_on < renewal:
        return clears_on
    return clears_on if is_ours_after(step, renewal) else None


def _dated(step: StepInHand, clears_on: date | None) -> tuple[Evidence, ...]:
    if clears_on is None or step.subscription.promotion_ends is not None:
        return ()
    return (Evidence("the promotion's end is not known; it lasts at most as long as the term"),)


def _wait(step: StepInHand, clears_on: date | None) -> Remedy:
    """Return the remedy of waiting; from the term's end on it is the renewal that decides."""
    renewal = _coming_renewal(step)
    if clears_on is None or renewal is None or clears_on < renewal:
        return _wait_until(clears_on, renewal)
    return wait_for_renewal(step, renewal) or _wait_until(None, renewal)


def _coming_renewal(step: StepInHand) -> date | None:
    renewal = renews_on(step.subscription)
    return None if renewal is None or is_over(step.subscription, step.at) else renewal


def _wait_until(day: date | None, ends: date | None) -> Remedy:
    if day is not None:
        message = f"Wait until {day}, then migrate"
        return Remedy(RemedyAction.WAIT_UNTIL, Actor.US, message, until=day)
    before = "" if ends is None else f"; on {ends} its term is over, and it does not go on as it is"
    message = (
        "Wait until the promotion ends, then migrate; no source says when: ask Partner Center"
        f"{before}"
    )
    return Remedy(RemedyAction.WAIT_UNTIL, Actor.US, message)


def _unanswered(step: StepInHand) -> Unanswered:
    return Unanswered(
        "PROMOTION",
        ("subscription.promotion",),
        "Partner Center does not show promotions of legacy subscriptions; one would stop it",
        step=step.pair,
    )
