"""What a step's "if it is not done" says: of what is over already it is not told to end."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from planner.goals import OfferGoal
from planner.ids import parse_catalog_id
from planner.plans.goals import SubscriptionGoal
from planner.plans.plan import make_plan
from planner.plans.search.acts import StepKind
from planner.plans.wanted import Wanted
from tests.formats.sample.test_sample_portfolio import NAMES, SCOPE, catalog, customers

PREMIUM = parse_catalog_id("CFQ7TTC0LCHC:0002")
GONE_ON = " as far as the data tell"


def told(begins: str, kind: StepKind, *, day: int = 23, target: str = "") -> str:
    """Return what comes if the step of a sample customer's plan is not done."""
    who = customers()[next(one for one in NAMES if one.startswith(begins))]
    goals = None
    if target:
        wanted = next(one for one in who.holdings.own if one.title == target)
        goals = [SubscriptionGoal(wanted.subscription_id, OfferGoal(PREMIUM))]
    scope = replace(SCOPE, at=datetime(2026, 11, day, tzinfo=UTC))
    plan = make_plan(catalog(), who, Wanted(scope), goals=goals)
    [step] = (one for one in plan.steps if one.kind is kind)
    return step.if_not_done


@pytest.mark.parametrize(
    ("day", "expected"),
    [(1, "the trial ends"), (23, f"nothing follows the trial, which is over{GONE_ON}")],
)
def test_a_trial_that_is_over_does_not_end_once_more(day: int, expected: str) -> None:
    assert told("Opal", StepKind.CONVERT_TRIAL, day=day) == expected


def test_nor_does_a_subscription_in_whose_place_something_is_bought() -> None:
    over = told("Kestrel", StepKind.BUY_NEW)
    assert over == f"nothing takes its place, and it is over already{GONE_ON}"
    assert told("Birchwood", StepKind.BUY_NEW).startswith("nothing takes its place when it ends,")
    assert told("Kestrel", StepKind.REASSIGN_LICENSES) == (
        "users get no licence of what takes its place"
    )
    assert told("Birchwood", StepKind.REASSIGN_LICENSES).startswith("users keep the old licences")


def test_a_cancellation_that_opens_a_move_does_more_than_save_money() -> None:
    assert told("Birchwood", StepKind.CANCEL) == "the customer pays for both"
    cancelled = told("Fresh Add-on", StepKind.CANCEL, target="Office 365 E3")
    assert cancelled == "the move is refused because of it"
