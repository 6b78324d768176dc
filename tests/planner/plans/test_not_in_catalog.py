"""Subscriptions of offers that the catalog does not have: plans say what is not known of them."""

from dataclasses import replace

from planner.facts import SeatCap
from planner.plans.goals import SubscriptionGoal
from planner.plans.search.acts import StepKind
from planner.plans.search.solution import Status
from planner.readiness import Readiness
from planner.seats import seat_room
from tests.planner.builders import from_facts, oid
from tests.planner.plans.examples import SERVICES, SIMPLE, agreed, held, kinds, plan_of, world

UNLISTED = replace(held("A", 1), catalog_id=oid("X"))


def test_more_seats_of_an_offer_that_the_catalog_does_not_have_are_unknown_and_asked_about() -> (
    None
):
    plan = plan_of(SIMPLE, agreed(UNLISTED), SubscriptionGoal(UNLISTED.subscription_id, None, 30))
    (step,) = plan.steps
    assert (step.kind, step.readiness) == (StepKind.ADD_SEATS, Readiness.UNKNOWN)
    (question,) = step.unanswered
    assert (question.rule, question.fields) == ("SEAT_CAP", (f"offer {oid('X')}",))
    assert "the catalog does not have it" in question.message


def test_they_are_known_for_what_the_catalog_has() -> None:
    one = held("A")
    (step,) = plan_of(SIMPLE, agreed(one), SubscriptionGoal(one.subscription_id, None, 30)).steps
    assert step.readiness is Readiness.READY


def test_beside_other_goals_the_seats_are_planned_too() -> None:
    goals = (
        SubscriptionGoal(UNLISTED.subscription_id, None, 30),
        SubscriptionGoal(held("A", 2).subscription_id),
    )
    plan = plan_of(SIMPLE, agreed(UNLISTED, held("A", 2)), *goals)
    assert set(kinds(plan)) == {StepKind.ADD_SEATS, StepKind.MIGRATE}


def test_a_limit_is_kept_where_one_is_named_for_an_offer_that_the_catalog_does_not_have() -> None:
    made = world(
        "A>a migration documented", SERVICES, seat_caps=(SeatCap(oid("X"), 20, None, None, "caps"),)
    )
    room = seat_room(from_facts(made), agreed(UNLISTED), UNLISTED, oid("X"))
    assert (room.limit, room.room, room.unknown) == (20, 20, (f"offer {oid('X')}",))
    plan = plan_of(made, agreed(UNLISTED), SubscriptionGoal(UNLISTED.subscription_id, None, 30))
    assert [one.status for one in plan.outcomes] == [Status.UNMET]
