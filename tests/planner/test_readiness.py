"""Readiness is the first that holds: blocked, unknown, conditional, ready."""

from datetime import date

import pytest

from planner.blocker_codes import BlockerCode
from planner.blockers import (
    Actor,
    Blocker,
    Remedy,
    RemedyAction,
    Severity,
    SubjectKind,
    Unanswered,
)
from planner.readiness import DECIDING_RULES, Readiness, readiness
from planner.rules import RULES

WAY_OUT = (Remedy(RemedyAction.REACTIVATE, Actor.US, "reactivate"),)
DECIDING = Unanswered("SEAT_CAP", ("seats",), "how many?")
LISTED_ONLY = Unanswered("TRADE_STATUS", ("trade status",), "only Partner Center knows")


def _finding(
    severity: Severity, *, remedies: tuple[Remedy, ...] = (), clears_on: date | None = None
) -> Blocker:
    return Blocker(
        BlockerCode.DOWNGRADE,
        severity,
        SubjectKind.SUBSCRIPTION,
        "subject",
        "message",
        "source",
        remedies=remedies,
        clears_on=clears_on,
    )


FINAL = _finding(Severity.BLOCKS)
REMEDIED = _finding(Severity.BLOCKS, remedies=WAY_OUT)
CLEARING = _finding(Severity.BLOCKS, clears_on=date(2027, 1, 1))
WARNING = _finding(Severity.WARNS)
NOTE = _finding(Severity.NOTES)


@pytest.mark.parametrize(
    ("found", "unanswered", "answer"),
    [
        ([], [], Readiness.READY),
        ([NOTE], [], Readiness.READY),
        ([], [LISTED_ONLY], Readiness.READY),
        ([WARNING], [], Readiness.CONDITIONAL),
        ([REMEDIED], [], Readiness.CONDITIONAL),
        ([CLEARING], [], Readiness.CONDITIONAL),
        ([NOTE, WARNING], [LISTED_ONLY], Readiness.CONDITIONAL),
        ([], [DECIDING], Readiness.UNKNOWN),
        ([REMEDIED, WARNING], [DECIDING], Readiness.UNKNOWN),
        ([FINAL], [], Readiness.BLOCKED),
        ([FINAL], [DECIDING], Readiness.BLOCKED),
        ([WARNING, REMEDIED, FINAL], [], Readiness.BLOCKED),
    ],
)
def test_the_first_that_holds_is_the_answer_in_any_order_of_findings(
    found: list[Blocker], unanswered: list[Unanswered], answer: Readiness
) -> None:
    assert readiness(found, unanswered) is answer
    assert readiness(found[::-1], unanswered) is answer


NAMES = [rule.name for rule in RULES]
LISTED_RULES = {
    "ROLE",
    "CUSTOMER_AGREEMENT",
    "PARTNER_OF_RECORD",
    "SIGN_IN",
    "ADMIN_PERMISSION",
    "PROMOTION",
    "PREREQUISITE",
}
"""Who acts, what was signed, and what the data rarely tell: asked for, and deciding nothing."""


def test_every_rule_either_decides_or_is_listed_and_names_its_source() -> None:
    assert set(NAMES) == DECIDING_RULES | LISTED_RULES
    assert DECIDING_RULES.isdisjoint(LISTED_RULES)
    assert len(NAMES) == len(set(NAMES))
    assert all(rule.source for rule in RULES)


@pytest.mark.parametrize("rule", NAMES)
def test_an_open_question_decides_exactly_where_its_rule_is_a_deciding_one(rule: str) -> None:
    """One that does not decide is told all the same, and weakens no other answer."""
    question = Unanswered(rule, ("field",), "?")
    decides = rule not in LISTED_RULES
    assert (readiness([], [question]) is Readiness.UNKNOWN) is decides
    assert readiness([], [question, DECIDING]) is Readiness.UNKNOWN
    assert readiness([FINAL], [question]) is Readiness.BLOCKED
    if not decides:
        assert readiness([], [question]) is Readiness.READY
        assert readiness([WARNING], [question]) is Readiness.CONDITIONAL
