"""What the document says comes otherwise: what is over does not end, what happens has a day."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from planner.baselines.rules import BaselineCode
from planner.customers import SubscriptionState
from planner.plans.search.acts import StepKind
from planner.plans.told.steps import Due, PlanStep
from tests.formats.plans.spoken import (
    CASE,
    PLAIN,
    TODAY,
    event,
    having,
    held_as,
    made_of,
    outcome_of,
    row,
    section,
)
from tests.planner.builders import oid

# ------------------------------------------------------------------- what is over already


OVER = {"last_day": TODAY - timedelta(days=22), "state": SubscriptionState.ACTIVE}


@pytest.mark.parametrize(
    "changes", [OVER, {"state": SubscriptionState.DISABLED}, {"state": SubscriptionState.EXPIRED}]
)
@pytest.mark.parametrize(
    ("kind", "ahead", "over"),
    [
        (StepKind.CONVERT_TRIAL, "The trial ends", "Nothing follows the trial, which has ended"),
        (
            StepKind.BUY_NEW,
            "You lose the service when the old subscription ends",
            "Nothing takes the place of the old subscription, which has ended",
        ),
        (
            StepKind.REASSIGN_LICENSES,
            "Your users lose the service with the old licences",
            "Your users get no licence of what takes its place",
        ),
    ],
)
def test_what_is_over_is_not_said_to_end(
    changes: dict[str, Any], kind: StepKind, ahead: str, over: str
) -> None:
    made = replace(made_of(replace(PLAIN, kind=kind)), baseline=replace(CASE.baseline, events=()))
    assert row(made)["If it is not done"] == ahead
    assert row(held_as(made, **changes))["If it is not done"].startswith(over)


def test_a_term_that_is_over_has_no_rest() -> None:
    monthly = replace(PLAIN, term="P1Y", billing_cycle="monthly")
    assert "of which the rest remains" in section(made_of(monthly), "What you commit to")
    told = section(held_as(made_of(monthly), **OVER), "What you commit to")
    assert "of which the rest remains" not in told
    assert f"(the last one that we know of ended on {OVER['last_day']}, so on which day it" in told


def test_the_term_that_a_trials_conversion_begins_has_one() -> None:
    trial = replace(PLAIN, key="trial", kind=StepKind.CONVERT_TRIAL, target=oid("A"))
    monthly = replace(PLAIN, term="P1Y", billing_cycle="monthly")
    told = section(held_as(made_of(trial, monthly), **OVER), "What you commit to")
    assert "of which the rest remains" in told


def test_what_comes_after_a_term_that_is_over_is_not_known() -> None:
    quiet = replace(CASE, baseline=replace(CASE.baseline, events=()))
    assert outcome_of(quiet)[2].startswith("Nothing that is known, until ")
    assert outcome_of(held_as(quiet, **OVER))[2] == (
        f"What comes next is not known: its term ended on {OVER['last_day']}, as far as we know"
    )


# ------------------------------------------------------------------- what happens otherwise


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (BaselineCode.EXPIRES_FOR_GOOD, "On {}, it expires and cannot be reactivated"),
        (BaselineCode.EXPIRES, "On {}, it ends"),
        (BaselineCode.RENEWS, "On {}, it renews"),
        (BaselineCode.MICROSOFT_LED_MIGRATION, "From {} on, Microsoft moves it to new commerce"),
        (BaselineCode.DISABLED, "From {} on, your users can no longer use it"),
        (BaselineCode.NOT_KNOWN, "What happens to it from {} on is not known"),
    ],
)
def test_what_happens_once_is_on_a_day_and_what_lasts_from_it_on(
    code: BaselineCode, told: str
) -> None:
    when = date(2027, 6, 1)
    assert outcome_of(having(event(code, when)))[2].startswith(told.format(when))


def test_a_day_that_is_not_known_is_not_told_twice() -> None:
    told = outcome_of(having(event(BaselineCode.NOT_KNOWN, None)))[2]
    assert told == "What happens to it, and when, is not known"
    told = outcome_of(having(event(BaselineCode.EXPIRES, None)))[2]
    assert told == "On a day that we do not know, it ends"


def test_a_move_after_the_subscriptions_end_is_an_open_question() -> None:
    ends = having(event(BaselineCode.EXPIRES_FOR_GOOD, date(2027, 2, 8)))

    def asked(*steps: PlanStep) -> str:
        return section(replace(ends, plan=replace(ends.plan, steps=steps)), "Open questions")

    late = replace(PLAIN, earliest=Due(date(2027, 9, 9), "anything"))
    told = "Offer A: on 2027-02-08, it expires and cannot be reactivated, before step 1; whether"
    assert told in asked(late)
    assert "before step" not in asked(PLAIN)
    fewer = replace(PLAIN, key="fewer", kind=StepKind.REDUCE_SEATS, origin=None, target=None)
    assert "before step" not in asked(fewer, late)
