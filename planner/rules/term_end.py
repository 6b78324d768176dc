"""Is there time enough left before the term ends?"""

from datetime import UTC, date, datetime, time, timedelta

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
from planner.customers import Subscription
from planner.lifecycle import days_after
from planner.rules.renewal import is_ours_after, wait_for_renewal
from planner.rules.walk import CLEAR, Answer, StepInHand

_SOURCE = (
    "docs/sources.md 3: codes 2 and 10, 900217; 0: legacy end dates are exclusive, Microsoft's own "
    "migration at the renewal"
)
_TOO_CLOSE = timedelta(hours=24)
_FIELD = "subscription.commitmentEndDate"


def term_end(step: StepInHand) -> Answer:
    """In the last 24 hours of its term a subscription migrates only into a full new term.

    The term ends at 00:00 UTC of the day after its last day. Its last 24 hours begin with that last
    day: what is asked for at 00:00 of it reaches Partner Center later, so the day before is the
    last one. A migration at renewal is not stopped; whether a term is over already is asked by
    SUBSCRIPTION_STATE.
    Source: docs/sources.md 3 (codes 2 and 10, 900217).
    """
    subscription, exempt = step.subscription, _is_exempt(step)
    if not step.is_first:
        return CLEAR
    renewal = renews_on(subscription)
    if renewal is None:
        return CLEAR if exempt else (_unanswered(step, "The end of the term is not known"),)
    ends = _begin_of(renewal)
    if exempt or step.at >= ends or ends - step.at > _TOO_CLOSE:
        return CLEAR
    return (_blocker(step, renewal),)


def is_over(subscription: Subscription, at: datetime) -> bool:
    """Return whether the term that the data tell of has ended: from 00:00 UTC after its last day.

    A renewal is carried out from then on, within 24 hours.
    Source: docs/sources.md 0 (ends in both commerces) and 6 (renewals).
    """
    renewal = renews_on(subscription)
    return renewal is not None and at >= _begin_of(renewal)


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def renews_on(subscription: Subscription) -> date | None:
    """Return the day after the last day of the term; None where that is not known."""
    return None if subscription.last_day is None else days_after(subscription.last_day, 1)


def carried_out_on(step: StepInHand) -> date:
    """Return the UTC day on which the move takes place: that of `at`, or of the renewal.

    Source: docs/sources.md 3 (migrateOnRenewal: a schedule is carried out then, and may fail then).
    """
    today = step.at.astimezone(UTC).date()
    renewal = renews_on(step.subscription) if step.choices.at_renewal else None
    return today if renewal is None else max(today, renewal)


def _is_exempt(step: StepInHand) -> bool:
    return step.choices.full_new_term or step.choices.at_renewal


def _blocker(step: StepInHand, renewal: date) -> Blocker:
    subscription = step.subscription
    renews = subscription.auto_renews is not False
    wait = wait_for_renewal(step, renewal) if renews else None
    return Blocker(
        BlockerCode.TOO_CLOSE_TO_TERM_END,
        Severity.BLOCKS,
        SubjectKind.SUBSCRIPTION,
        subscription.subscription_id,
        f"The last 24 hours of the term have begun; it ends at {renewal} 00:00 UTC",
        _SOURCE,
        step=step.pair,
        parameters=(("lastDay", str(subscription.last_day)),),
        evidence=(
            Evidence(
                f"its last day is {subscription.last_day}",
                subscription.subscription_id,
                subscription.seller,
            ),
        ),
        remedies=(_NEW_TERM, *((wait,) if wait else ())),
        clears_on=renewal if renews and is_ours_after(step, renewal) else None,
        partner_center=_CODES,
    )


_CODES = (
    PartnerCenterCode("MIGRATION", 2, "SubscriptionTooCloseToTermEnd"),
    PartnerCenterCode("MIGRATION", 10, "MigrationsWithinLast24hOfTermOnlyAllowedForFullTerm"),
    PartnerCenterCode("REST", 900217, "less than 24 hours from the term end"),
)
_NEW_TERM = Remedy(
    RemedyAction.START_NEW_TERM,
    Actor.US,
    "Migrate into a full new term, which is allowed in the last 24 hours too",
    role="ADMIN_AGENT",
)


def _unanswered(step: StepInHand, message: str) -> Unanswered:
    return Unanswered("TERM_END", (_FIELD,), message, step=step.pair)
