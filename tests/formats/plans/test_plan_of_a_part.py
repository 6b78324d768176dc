"""A plan for a part of the seats, as the customer reads it."""

from dataclasses import replace
from datetime import date

import pytest

from formats.plans.markdown import plan_markdown
from planner.baselines.baseline import baseline
from planner.customers import Customer
from planner.goals import OfferGoal
from planner.plans.goals import SubscriptionGoal
from planner.plans.plan import make_plan
from planner.plans.search.acts import StepKind
from planner.plans.wanted import Wanted
from tests.planner.builders import NOW, SCOPE, from_facts, oid
from tests.planner.plans.examples import CONVERSION, agreed, held

ONE = held("a", seats=100)
EXISTING = held("b", 2, seats=50, last_day=date(2027, 6, 30))
MADE = from_facts(CONVERSION)


def _told(who: Customer, part: int | None, *without: StepKind) -> str:
    goal = SubscriptionGoal(ONE.subscription_id, OfferGoal(oid("b")), part=part)
    wanted = replace(Wanted(SCOPE), without=frozenset(without))
    plan = make_plan(MADE, who, wanted, goals=[goal])
    return plan_markdown(MADE, who, plan, baseline(MADE, who, at=NOW))


@pytest.mark.parametrize(
    "says",
    [
        "Upgrade 40 licences of Sku a to Sku b",
        "Reassign 40 licences of Sku a to your users by hand",
        "40 licences of it become Sku b, the others stay",
    ],
)
def test_the_customer_reads_how_many_licences_go_and_that_the_others_stay(says: str) -> None:
    assert says in _told(agreed(ONE), 40)


def test_a_part_that_goes_into_another_subscription_is_counted() -> None:
    told = _told(agreed(ONE, EXISTING), 40, StepKind.CONVERT)
    assert "Move 40 licences of Sku a into Sku b" in told


@pytest.mark.parametrize("part", [None, 100])
def test_the_whole_is_told_as_ever(part: int | None) -> None:
    told = _told(agreed(ONE), part)
    assert "Upgrade Sku a to Sku b" in told
    assert "the others stay" not in told
    assert told == _told(agreed(ONE), None)
