"""A plan for a part of the seats, as the customer reads it."""

from dataclasses import replace
from datetime import date

import pytest

from formats.plans.markdown import plan_markdown
from formats.plans.names import subscription_names
from planner.baselines.baseline import baseline
from planner.customers import Customer
from planner.goals import OfferGoal
from planner.plans.goals import SubscriptionGoal
from planner.plans.plan import make_plan
from planner.plans.search.acts import StepKind
from planner.plans.wanted import Wanted
from resolvers.plan_writer import Audience
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


def test_one_licence_is_told_as_one() -> None:
    assert "1 licence of it becomes Sku b, the others stay" in _told(agreed(ONE), 1)
    alone = held("a", seats=1)
    goal = SubscriptionGoal(alone.subscription_id, OfferGoal(oid("b")))
    plan = make_plan(MADE, agreed(alone), Wanted(SCOPE), goals=[goal])
    text = plan_markdown(MADE, agreed(alone), plan, baseline(MADE, agreed(alone), at=NOW))
    assert "Sku b in Microsoft's new commerce, 1 licence," in text
    ours = plan_markdown(
        *(MADE, agreed(alone), plan, baseline(MADE, agreed(alone), at=NOW)),
        audience=Audience.INTERNAL,
    )
    assert ", 1 seat," in ours
    assert "1 seats" not in ours


def test_two_of_one_title_are_told_apart_by_their_licences_also_where_one_has_one() -> None:
    owner = agreed(held("a", seats=1), held("a", 2, seats=3))
    names = subscription_names(MADE, owner, make_plan(MADE, owner, Wanted(SCOPE)))
    assert sorted(names.values()) == ["Sku a (1 licence)", "Sku a (3 licences)"]


def test_a_part_that_goes_into_another_subscription_is_counted() -> None:
    told = _told(agreed(ONE, EXISTING), 40, StepKind.CONVERT)
    assert "Move 40 licences of Sku a into Sku b" in told


@pytest.mark.parametrize("part", [None, 100])
def test_the_whole_is_told_as_ever(part: int | None) -> None:
    told = _told(agreed(ONE), part)
    assert "Upgrade Sku a to Sku b" in told
    assert "the others stay" not in told
    assert told == _told(agreed(ONE), None)
