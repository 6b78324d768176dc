"""Readiness is the first that holds: blocked, unknown, conditional, ready."""

from datetime import date

import pytest

from planner.blockers import (
    Actor,
    Blocker,
    Remedy,
    RemedyAction,
    Severity,
    SubjectKind,
    Unanswered,
)
from planner.readiness import Readiness, readiness
from planner.rules import RULES

WAY_OUT = (Remedy(RemedyAction.REACTIVATE, Actor.US, "reactivate"),)
DECIDING = Unanswered("SEAT_CAP", ("seats",), "how many?")
LISTED_ONLY = Unanswered("TRADE_STATUS", ("trade status",), "only Partner Center knows")


def _finding(
    severity: Severity, *, remedies: tuple[Remedy, ...] = (), clears_on: date | None = None
) -> Blocker:
    return Blocker(
        "CODE",
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


@pytest.mark.parametrize("rule", [rule.name for rule in RULES])
def test_every_rule_of_the_table_decides_and_names_its_source(rule: str) -> None:
    assert readiness([], [Unanswered(rule, ("field",), "?")]) is Readiness.UNKNOWN
    assert all(one.source for one in RULES)
