"""What a plan for a part of the seats says, and what it leaves behind, on small customers."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from planner.accounts.affected_plan import affected_by_plan
from planner.accounts.handling import LicenseHandling
from planner.catalog import Catalog
from planner.customers import RenewalInstructions, Seller, Subscription
from planner.facts import SeatCap
from planner.goals import OfferGoal
from planner.offers import Offer
from planner.permissions import ANYONE
from planner.plans.goals import SubscriptionGoal
from planner.plans.merit import GIVEN_UP, UNKNOWN
from planner.plans.plan import make_plan
from planner.plans.saved.document import plan_document
from planner.plans.saved.document import plan_of as read_plan
from planner.plans.search.acts import Act, StepKind
from planner.plans.search.effects import after
from planner.plans.search.situation import Situation
from planner.plans.search.solution import Status
from planner.plans.told.steps import Plan, PlanStep
from planner.plans.wanted import Wanted
from planner.profiles import LegacyUpgradePolicy, Profile
from planner.rules import Choices
from tests.planner.accounts.account_builders import accounts
from tests.planner.builders import NOW, SCOPE, from_facts, oid, subscription
from tests.planner.plans.examples import (
    CONVERSION,
    FAR,
    SERVICES,
    agreed,
    ends,
    held,
    kinds,
    plan_of,
    played,
    to,
    world,
)
from tests.planner.plans.replay import done

LARGER = SERVICES | {"d": "MAIL TEAMS FAX"}
CHAIN = world("a>b conversion documented, b>d conversion documented", LARGER)
CAP = SeatCap(oid("b"), 30, None, None, "caps")
CAPPED = world("a>b conversion documented", SERVICES, seat_caps=(CAP,))
CONVERT, REASSIGN = StepKind.CONVERT, StepKind.REASSIGN_LICENSES
ONE = held("a", seats=100, renewal=RenewalInstructions(term="P3Y", seats=90))


def some(one: Subscription, name: str, part: int) -> SubscriptionGoal:
    return SubscriptionGoal(one.subscription_id, OfferGoal(oid(name)), part=part)


def step(plan: Plan, kind: StepKind) -> PlanStep:
    return next(one for one in plan.steps if one.kind is kind)


# What is left, and what comes of it


def test_the_part_ends_with_its_source_which_keeps_the_rest() -> None:
    plan = plan_of(CONVERSION, agreed(ONE), some(ONE, "b", 40))
    left, new = ends(played(CONVERSION, agreed(ONE), plan)).own
    assert (left.seats, left.catalog_id, new.seats, new.catalog_id) == (60, oid("a"), 40, oid("b"))
    assert (new.last_day, new.term, new.billing_cycle) == (FAR, "P1Y", "monthly")
    told = step(plan, CONVERT)
    assert (told.seats_before, told.part, told.term, told.billing_cycle) == (
        100,
        40,
        "P1Y",
        "monthly",
    )


def _divided(made: Catalog, one: Subscription, into: str | None = None) -> Situation:
    start = Situation(agreed(one, *(EXISTING,) * bool(into)), ANYONE, NOW)
    kind = StepKind.CONVERT_INTO_EXISTING if into else CONVERT
    edge = made.transition(oid("a"), oid("b"))
    chosen = Choices(seats=40, into=into)
    return after(made, start, Act(kind, one.subscription_id, NOW, edge, chosen, seats=40))


EXISTING = held("b", 2, seats=50, last_day=date(2027, 6, 30))


@pytest.mark.parametrize("into", [None, EXISTING.subscription_id])
def test_what_was_scheduled_for_the_source_is_gone_and_nothing_else(into: str | None) -> None:
    now = _divided(from_facts(CONVERSION), ONE, into)
    assert now.own(ONE.subscription_id) == replace(ONE, seats=60, renewal=None, reducible=None)


def test_an_existing_subscription_grows_by_the_part_and_keeps_its_end() -> None:
    now = _divided(from_facts(CONVERSION), ONE, EXISTING.subscription_id)
    assert now.own(EXISTING.subscription_id) == replace(EXISTING, seats=90)


def test_the_promotion_of_the_source_does_not_come_along() -> None:
    promoted = replace(ONE, promotion_id="SPRING", promotion_ends=FAR)
    left, new = _divided(from_facts(CONVERSION), promoted).customer.holdings.own
    assert (left.promotion_id, new.promotion_id, new.promotion_ends) == ("SPRING", None, None)


def test_the_part_goes_on_by_itself_where_its_goal_is_further() -> None:
    plan = plan_of(CHAIN, agreed(ONE), some(ONE, "d", 40))
    assert kinds(plan) == [CONVERT, REASSIGN, CONVERT]
    left, new = ends(played(CHAIN, agreed(ONE), plan)).own
    assert (left.seats, left.catalog_id, new.seats, new.catalog_id) == (60, oid("a"), 40, oid("d"))
    call = plan.steps[-1].call
    assert call is not None
    made = f"{{new subscription of {oid('b')} made of {ONE.subscription_id}}}"
    assert call.path.endswith(f"/subscriptions/{made}/transitions")
    assert call.body is not None
    assert call.body["quantity"] == 40


def test_two_parts_share_the_room_that_there_is() -> None:
    two = held("a", 2, seats=100)
    who = agreed(ONE, two)
    plan = plan_of(CAPPED, who, some(ONE, "b", 20), some(two, "b", 20))
    assert [one.status for one in plan.outcomes].count(Status.MET) == 1
    both = plan_of(CAPPED, who, some(ONE, "b", 10), some(two, "b", 20))
    assert [one.status for one in both.outcomes] == [Status.MET, Status.MET]
    ends(played(CAPPED, who, both))


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_what_stays_of_one_is_not_taken_along_by_what_comes_to_it(order: tuple[int, int]) -> None:
    """A part of the one could only go on by way of the other, whose rest shall stay."""
    monthly = replace(CHAIN, offers=tuple(map(_by_month, CHAIN.offers)))
    one, two = held("a", order[0], seats=20), held("b", order[1], seats=35)
    who = agreed(one, two)
    plan = plan_of(monthly, who, some(one, "d", 5), some(two, "d", 5))
    assert {it.goal.subscription_id: it.status for it in plan.outcomes} == {
        one.subscription_id: Status.UNMET,
        two.subscription_id: Status.MET,
    }
    end = ends(played(monthly, who, plan))
    left = [end.get(it.subscription_id) for it in (one, two)]
    assert [(it.catalog_id, it.seats) for it in left] == [(oid("a"), 20), (oid("b"), 30)]


def _by_month(offer: Offer) -> Offer:
    """Sell the offer that is on the way by the month alone."""
    return replace(offer, billing=("P1M/Monthly",)) if offer.catalog_id == oid("b") else offer


def test_seats_that_come_to_what_a_part_has_left_are_followed_to_the_rest() -> None:
    """The rest of the one is where the other ends; its part is elsewhere."""
    one, two = held("b", 1, seats=5), held("a", 2, seats=20)
    who = agreed(one, two)
    wanted = Wanted(SCOPE, without=frozenset({CONVERT}))
    tenant = ends(played(CHAIN, who, plan_of(CHAIN, who, some(one, "d", 2))))
    plan = make_plan(from_facts(CHAIN), who, wanted, goals=(to(two, "b"),))
    assert kinds(plan) == [StepKind.CONVERT_INTO_EXISTING]
    end = ends(done(CHAIN, tenant, plan.steps))
    assert (end.follower(two.subscription_id), end.get(one.subscription_id).seats) == (
        one.subscription_id,
        23,
    )
    assert end.get(end.follower(one.subscription_id)).catalog_id == oid("d")


# What a plan says of it


def test_the_call_into_an_existing_subscription_names_it_and_the_part() -> None:
    who = agreed(ONE, EXISTING)
    wanted = Wanted(SCOPE, without=frozenset({CONVERT}))
    plan = make_plan(from_facts(CONVERSION), who, wanted, goals=(some(ONE, "b", 40),))
    call = plan.steps[0].call
    assert call is not None
    assert call.body is not None
    assert call.body["toSubscriptionId"] == EXISTING.subscription_id
    assert call.body["quantity"] == 40
    assert call.body["transitionType"] == "transition_only"
    assert plan.outcomes[0].seats == 90
    assert "40 of its seats" in plan.outcomes[0].message


def test_licence_transfer_is_not_asked_for_a_part() -> None:
    choices = Choices(mode=Choices().mode.WITH_LICENSE_TRANSFER)
    part = plan_of(CONVERSION, agreed(ONE), some(ONE, "b", 40), choices=choices)
    whole = plan_of(CONVERSION, agreed(ONE), to(ONE, "b"), choices=choices)
    assert step(part, CONVERT).mode is Choices().mode.WITHOUT_LICENSE_TRANSFER
    assert step(whole, CONVERT).mode is Choices().mode.WITH_LICENSE_TRANSFER


def test_seats_that_are_not_known_leave_the_step_open() -> None:
    unknown = replace(ONE, seats=None)
    plan = plan_of(CONVERSION, agreed(unknown), some(unknown, "b", 40))
    assert plan.merit[UNKNOWN] == 1
    fields = [one.fields for one in step(plan, CONVERT).unanswered]
    assert ("subscription.quantity",) in fields


def test_only_the_licences_of_the_part_are_reassigned() -> None:
    wanted = Wanted(replace(SCOPE, profile=Profile.LEAST_DISRUPTION, policy=_BY_PROFILE))
    plan = make_plan(from_facts(CONVERSION), agreed(ONE), wanted, goals=(some(ONE, "b", 40),))
    assert plan.merit[3] == 40
    assert step(plan, REASSIGN).part == 40


_BY_PROFILE = LegacyUpgradePolicy.INCLUDE


def test_users_are_told_to_be_moved_by_hand_and_the_rest_is_not_concerned() -> None:
    made = from_facts(CONVERSION)
    plan = plan_of(CONVERSION, agreed(ONE), some(ONE, "b", 40))
    found = affected_by_plan(made, agreed(ONE), accounts("ada: a"), plan)
    handled = {one.affected.handling for one in found}
    assert handled == {LicenseHandling.BY_HAND}


def test_a_plan_with_a_part_is_read_as_it_was_written() -> None:
    plan = plan_of(CAPPED, agreed(ONE), to(ONE, "b"))
    assert plan.alternatives[0].goals == (some(ONE, "b", 30),)
    assert read_plan(plan_document(plan)) == plan


# Where all of the seats do not fit


def test_the_goals_that_an_alternative_names_give_its_steps() -> None:
    (other,) = plan_of(CAPPED, agreed(ONE), to(ONE, "b")).alternatives
    asked = plan_of(CAPPED, agreed(ONE), *other.goals)
    assert [one.key for one in asked.steps] == [one.key for one in other.steps]
    assert [one.status for one in asked.outcomes] == [Status.MET]
    assert other.merit[0] == 1
    assert asked.merit == (0, *other.merit[1:])


def test_nothing_is_offered_where_there_is_no_room_at_all() -> None:
    full = replace(subscription("b", 30, number=9, seller=Seller.ANOTHER_PARTNER))
    plan = plan_of(CAPPED, agreed(ONE, full), to(ONE, "b"))
    assert [one.status for one in plan.outcomes] == [Status.UNMET]
    assert plan.alternatives == ()


@pytest.mark.parametrize(
    ("part", "says"),
    [(101, "It has 100 seats, and 101 of them shall go"), (40, "No part of its seats can go")],
)
def test_a_part_that_cannot_go_says_why(part: int, says: str) -> None:
    made = world("A>a migration documented", SERVICES)
    legacy = held("A", seats=100)
    (outcome,) = plan_of(made, agreed(legacy), some(legacy, "a", part)).outcomes
    assert outcome.status is Status.UNMET
    assert outcome.message.startswith(says)


@pytest.mark.parametrize(("seats", "goal"), [(5, OfferGoal(oid("b"))), (None, None)])
def test_a_part_with_other_seats_or_without_a_goal_is_no_goal(
    seats: int | None, goal: OfferGoal | None
) -> None:
    with pytest.raises(ValueError, match="part"):
        SubscriptionGoal(ONE.subscription_id, goal, seats, 3)


# What somebody else sold and is cancelled


@pytest.mark.parametrize(
    ("theirs", "lost"), [("TEAMS", 0), ("MAIL TEAMS", 0), ("TEAMS FAX", 1), ("FAX", 0)]
)
def test_what_is_cancelled_elsewhere_is_given_up_where_a_service_is_missing_then(
    theirs: str, lost: int
) -> None:
    made = world("A>B upgrade documented", SERVICES | {"X": theirs, "x": theirs})
    who = agreed(held("A"), subscription("X", number=9, seller=Seller.ANOTHER_PARTNER))
    plan = plan_of(made, who, to(held("A"), "B"))
    assert [one.status for one in plan.outcomes] == [Status.MET]
    assert plan.merit[GIVEN_UP] == lost
    assert (StepKind.CANCEL_ELSEWHERE in kinds(plan)) == ("TEAMS" in theirs)


# Two that go the same way


@pytest.mark.parametrize(("part", "steps"), [(None, 3), (5, 4)])
def test_what_goes_on_in_another_ones_subscription_takes_no_more_steps_of_its_own(
    part: int | None, steps: int
) -> None:
    services = {"a": "MAIL", "b": "MAIL TEAMS", "c": "MAIL TEAMS FAX"}
    made = world("a>b conversion documented, b>c conversion documented", services)
    long_ago = NOW - timedelta(days=90)
    one, other = (held("a", number, 20, cancellable_until=long_ago) for number in (1, 2))
    who = agreed(one, other)
    goal = SubscriptionGoal(other.subscription_id, OfferGoal(oid("c")), part=part)
    plan = plan_of(made, who, to(one, "c"), goal)
    assert StepKind.CONVERT_INTO_EXISTING in kinds(plan)
    assert len(plan.steps) == steps
    assert [outcome.status for outcome in plan.outcomes] == [Status.MET] * 2
    ends(played(made, who, plan))
