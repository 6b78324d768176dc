"""Is the partner on record for the subscription a partner id at all?"""

import re

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
from planner.permissions import Action, role_for
from planner.rules.walk import CLEAR, Answer, StepInHand
from planner.transitions import TransitionKind

_RULE = "PARTNER_OF_RECORD"
_SOURCE = "docs/sources.md 3 (code 9, REST 900247: partner id on record)"
_PARTNER_ID = re.compile(r"[0-9]+")
_CODES = (
    PartnerCenterCode("MIGRATION", 9, "InvalidPartnerIdOnRecord"),
    PartnerCenterCode("REST", 900247, "InvalidPartnerIdOnRecord"),
)


def partner_of_record(step: StepInHand) -> Answer:
    """A partner id that is not made of digits BLOCKS a migration and WARNS of any other move.

    The codes are a migration's, and no page names the id for other moves: these are asked at the
    first step alone. A well-formed id may still be refused: only Partner Center knows live ones.
    Source: docs/sources.md 3 (code 9, 900247).
    """
    if not step.is_first and step.transition.kind is not TransitionKind.MIGRATION:
        return CLEAR
    given = step.subscription.partner_of_record
    if given is None or not given.strip():
        message = "Which partner is on record for the subscription is not known"
        return (Unanswered(_RULE, ("subscription.partnerId",), message, step=step.pair),)
    if _PARTNER_ID.fullmatch(given.strip()):
        return CLEAR
    return (_blocker(step, given),)


def _blocker(step: StepInHand, given: str) -> Blocker:
    subscription = step.subscription
    is_migration = step.transition.kind is TransitionKind.MIGRATION
    return Blocker(
        BlockerCode.PARTNER_OF_RECORD_INVALID,
        Severity.BLOCKS if is_migration else Severity.WARNS,
        SubjectKind.SUBSCRIPTION,
        subscription.subscription_id,
        f"The partner id on record, {given!r}, is not a number",
        _SOURCE,
        step=step.pair,
        parameters=(("partnerId", given),),
        evidence=(
            Evidence(
                f"partnerId is {given!r}",
                subscription.subscription_id,
                subscription.seller,
                source=_SOURCE,
            ),
        ),
        remedies=(
            Remedy(
                RemedyAction.CORRECT_PARTNER_ID,
                Actor.US,
                "Put a valid partner id on record for the subscription",
                role=role_for(Action.MANAGE_SUBSCRIPTION).value,
            ),
        ),
        partner_center=_CODES if is_migration else (),
    )
