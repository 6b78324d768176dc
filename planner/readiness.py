"""How ready a move is, from what its rules answered."""

from collections.abc import Iterable
from enum import StrEnum

from planner.blockers import Blocker, Severity, Unanswered


class Readiness(StrEnum):
    """The first that holds, in this order."""

    BLOCKED = "BLOCKED"
    UNKNOWN = "UNKNOWN"
    CONDITIONAL = "CONDITIONAL"
    READY = "READY"


DECIDING_RULES: frozenset[str] = frozenset(
    {
        "SUBSCRIPTION_STATE",
        "TARGET_OFFERED",
        "SERVICES_ALREADY_OWNED",
        "TARGET_ALREADY_OWNED",
        "SEAT_CAP",
        "SCHEDULED_CONVERSION",
        "ADDONS_PRESENT",
        "OFFER_LIMIT",
        "BILLING_CYCLE",
        "AGE",
        "TERM_END",
        "TRIAL",
        "BUNDLE",
        "DOWNGRADE",
        "TARGET_SUBSCRIPTION",
        "CUSTOM_END_DATE",
        "TERM_AND_BILLING",
    }
)
"""Rules whose UNKNOWN makes the answer UNKNOWN; the others' is listed and decides nothing."""

DECIDING_QUESTIONS: frozenset[str] = frozenset({"PROVISIONING", "SEATS_GIVEN_BACK", "TRANSFER"})
"""What a plan asks of its own steps, and no rule asks of a move: each decides likewise."""


def decides(question: Unanswered) -> bool:
    """Return whether an open question makes the answer UNKNOWN."""
    return question.rule in DECIDING_RULES or question.rule in DECIDING_QUESTIONS


def readiness(blockers: Iterable[Blocker], unanswered: Iterable[Unanswered]) -> Readiness:
    """Return the readiness that findings and open questions leave.

    BLOCKED: something BLOCKS that has neither a remedy nor a day on which it clears. UNKNOWN: a
    deciding rule could not be answered. CONDITIONAL: anything else failed; a NOTES never weakens.
    """
    found = tuple(blockers)
    if any(is_final(blocker) for blocker in found):
        return Readiness.BLOCKED
    if any(map(decides, unanswered)):
        return Readiness.UNKNOWN
    if any(blocker.severity is not Severity.NOTES for blocker in found):
        return Readiness.CONDITIONAL
    return Readiness.READY


def is_final(blocker: Blocker) -> bool:
    """Return whether it stops a move that nothing opens."""
    shut = blocker.severity is Severity.BLOCKS
    return shut and not blocker.remedies and blocker.clears_on is None
