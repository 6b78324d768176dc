"""What plans get wrong, each fault by its smallest example; a mended one fails here."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from planner.customers import Reducible, Seller
from planner.customers import SubscriptionState as State
from planner.facts import SeatCap
from planner.goals import OfferGoal
from planner.offers import Known, LimitScope
from planner.plans.goals import SubscriptionGoal
from planner.plans.plan import make_plan
from planner.plans.search.acts import StepKind
from planner.plans.search.solution import Exactness, Status
from planner.plans.wanted import Wanted
from planner.transitions import Prerequisite
from tests.planner.builders import NOW, SCOPE, from_facts, oid, subscription
from tests.planner.plans.examples import (
    A_MONTH_AGO,
    CONVERSION,
    MIGRATIONS,
    SERVICES,
    SIMPLE,
    UPGRADE,
    YOUNG,
    agreed,
    ends,
    held,
    kinds,
    plan_of,
    played,
    to,
    world,
)


def test_what_has_met_its_goal_is_not_cancelled_for_another_one() -> None:
    made = world(
        "A>B upgrade documented, B>b migration documented, C>c migration documented", SERVICES
    )
    plan = plan_of(made, agreed(held("A", 1), held("C", 2)))
    assert all(one.reached for one in plan.outcomes if one.status is Status.MET)


def test_two_that_upgrade_to_the_same_offer_are_planned_together() -> None:
    made = world("A>B upgrade documented, B>b migration documented", {"A": "MAIL", "B": "MAIL"})
    who = agreed(held("A", 1, created=YOUNG), held("A", 2, created=YOUNG))
    ends(played(made, who, plan_of(made, who)))


def test_what_a_trial_becomes_is_seen_by_those_that_convert() -> None:
    made = world("e>b trial documented, a>b conversion documented", SERVICES | {"e": "FAX"})
    made = replace(
        made, offers=tuple(replace(one, is_trial=one.title == "Sku e") for one in made.offers)
    )
    trial, paid = held("e", 1, is_trial=True), held("a", 2)
    who = agreed(trial, paid)
    ends(played(made, who, plan_of(made, who, to(trial, "b"), to(paid, "b"))))


def test_an_exact_plan_has_no_step_that_could_be_left_out() -> None:
    made = world(MIGRATIONS + ", A>B upgrade documented, A>C upgrade documented", SERVICES)
    ended = date(2026, 11, 23)
    who = agreed(
        held("A", 1, created=A_MONTH_AGO),
        held("A", 2, state=State.SUSPENDED, promotion_id="P", promotion_ends=ended),
        subscription("B", 20, number=50, seller=Seller.ANOTHER_CHANNEL),
    )
    plan = plan_of(made, who)
    assert plan.exactness is Exactness.EXACT
    assert len(plan.steps) == 4


def test_a_concurrent_limit_is_free_only_once_the_cancelled_one_is_deprovisioned() -> None:
    made = world("A>B upgrade documented, B>b migration documented", {"A": "MAIL", "B": "FAX"})
    limited = replace(
        made,
        offers=tuple(
            replace(one, limit=1, limit_scope=LimitScope.CONCURRENT)
            if one.catalog_id == oid("B")
            else one
            for one in made.offers
        ),
    )
    who = agreed(held("A", 1), held("B", 2))
    plan = plan_of(limited, who, to(held("A", 1), "b"))
    ends(played(limited, who, plan))


def test_nothing_is_bought_before_the_agreement() -> None:
    services = {"B": "MAIL", "C": "TEAMS", "c": "TEAMS"}
    made = world("B>C upgrade documented, C>c migration documented", services)
    who = replace(agreed(held("B", state=State.EXPIRED)), agreement=Known.NO)
    plan = plan_of(made, who)
    assert StepKind.BUY_NEW in kinds(plan)
    ends(played(made, who, plan))


def test_a_prerequisite_is_not_bought_beyond_its_limit() -> None:
    made = world(
        MIGRATIONS,
        SERVICES,
        prerequisites=(Prerequisite(oid("d"), oid("a"), "list"),),
        seat_caps=(SeatCap(oid("a"), 30, None, None, "caps"),),
    )
    who = agreed(held("D", seats=35))
    ends(played(made, who, plan_of(made, who)))


def test_what_is_over_for_good_is_bought_anew_today_however_young_it_is() -> None:
    who = agreed(held("A", state=State.EXPIRED, created=YOUNG))
    assert kinds(plan_of(SIMPLE, who)) == [StepKind.BUY_NEW, StepKind.REASSIGN_LICENSES]


@pytest.mark.parametrize("seats", [1, 10, 12])
def test_what_is_bought_anew_is_ordered_with_the_seats_that_it_shall_have(seats: int) -> None:
    one = held("A", state=State.EXPIRED)
    who = agreed(one)
    plan = plan_of(SIMPLE, who, to(one, "a", seats))
    assert kinds(plan) == [StepKind.BUY_NEW, StepKind.REASSIGN_LICENSES]
    bought = ends(played(SIMPLE, who, plan)).get(f"{one.subscription_id}>{oid('a')}")
    assert (bought.seats, plan.outcomes[0].seats) == (seats, seats)


def test_what_is_bought_anew_with_fewer_seats_needs_room_for_those_alone() -> None:
    made = world(MIGRATIONS, SERVICES, seat_caps=(SeatCap(oid("a"), 30, None, None, "caps"),))
    one = held("A", seats=35, state=State.EXPIRED)
    asked = {30: Status.MET, 31: Status.UNMET}
    for seats, status in asked.items():
        assert plan_of(made, agreed(one), to(one, "a", seats)).outcomes[0].status is status


def test_a_base_for_an_addon_with_fewer_seats_is_bought_with_as_many() -> None:
    made = world(MIGRATIONS, SERVICES, prerequisites=(Prerequisite(oid("d"), oid("a"), "list"),))
    one = held("D")
    plan = plan_of(made, agreed(one), to(one, "d", 4))
    bought = [one.seats_after for one in plan.steps if one.kind is StepKind.BUY_PREREQUISITE]
    assert bought == [4]


def test_a_conversion_to_what_is_sold_by_the_year_tells_the_year() -> None:
    made = replace(
        CONVERSION,
        offers=tuple(
            replace(one, billing=("P1Y/Monthly",)) if one.title == "Sku b" else one
            for one in CONVERSION.offers
        ),
    )
    one = held("a", term="P1M", last_day=date(2026, 12, 10))
    plan = plan_of(made, agreed(one), to(one, "b"))
    assert [step.term for step in plan.steps] == ["P1Y"]


def test_an_addon_that_migrates_by_hand_does_not_go_along() -> None:
    made = world("A>a migration documented, D>d migration documented manual", SERVICES)
    base = held("A")
    who = agreed(base, held("D", 2, parent_id=base.subscription_id))
    ends(played(made, who, plan_of(made, who)))


def test_every_member_of_a_bundle_has_a_valid_partner_id() -> None:
    base = held("A")
    addon = held("D", 2, parent_id=base.subscription_id, partner_of_record="unknown")
    who = agreed(base, addon)
    ends(played(SIMPLE, who, plan_of(SIMPLE, who)))


def test_an_addon_is_not_reactivated_under_a_base_that_is_gone() -> None:
    base = held("A", state=State.EXPIRED)
    addon = held("D", 2, parent_id=base.subscription_id, state=State.SUSPENDED)
    who = agreed(base, addon)
    ends(played(SIMPLE, who, plan_of(SIMPLE, who)))


@pytest.mark.parametrize("change", [{"state": State.SUSPENDED}, {"is_trial": True}])
def test_seats_change_only_where_it_is_active_and_paid(change: dict[str, object]) -> None:
    one = replace(held("a"), **change)  # type: ignore[arg-type]
    goal = SubscriptionGoal(one.subscription_id, OfferGoal(oid("a")), 12)
    who = agreed(one)
    ends(played(CONVERSION, who, plan_of(CONVERSION, who, goal)))


def test_seats_are_not_given_back_at_a_renewal_that_will_not_be() -> None:
    one = held("a", auto_renews=False, cancels_at_end=True, reducible=())
    goal = SubscriptionGoal(one.subscription_id, OfferGoal(oid("a")), 5)
    who = agreed(one)
    plan = plan_of(CONVERSION, who, goal)
    assert plan.outcomes[0].status is Status.UNMET


def test_seats_are_given_back_before_their_own_window_ends() -> None:
    until = NOW + timedelta(days=2)
    one = held("a", reducible=(Reducible(5, until),))
    goal = SubscriptionGoal(one.subscription_id, OfferGoal(oid("a")), 5)
    plan = plan_of(CONVERSION, agreed(one), goal)
    assert plan.steps[0].latest is not None
    assert plan.steps[0].latest.day == until.date()


def test_what_does_not_renew_is_converted_before_it_ends() -> None:
    one = held("a", auto_renews=False, cancels_at_end=True)
    plan = plan_of(CONVERSION, agreed(one), to(one, "b"))
    assert plan.steps[0].latest is not None
    assert plan.steps[0].latest.day == one.last_day


def test_no_wait_ends_after_its_latest_day() -> None:
    one = held("A", last_day=date(2026, 11, 24), created=A_MONTH_AGO)
    plan = plan_of(SIMPLE, agreed(one))
    assert kinds(plan) == [StepKind.WAIT_UNTIL, StepKind.MIGRATE]
    assert all(step.latest is None or step.earliest.day <= step.latest.day for step in plan.steps)


def test_a_suspended_one_in_the_way_is_gone_once_its_term_is_over() -> None:
    one, other = held("A", 1), held("c", 2, state=State.SUSPENDED, last_day=date(2026, 11, 28))
    who = agreed(one, other)
    plan = plan_of(UPGRADE, who, to(one, "b"))
    assert kinds(plan) == [StepKind.WAIT_UNTIL, StepKind.UPGRADE, StepKind.MIGRATE]
    ends(played(UPGRADE, who, plan))


@pytest.mark.parametrize(("own_end", "is_in_time"), [(28, True), (27, False)])
@pytest.mark.parametrize("renews", [True, False])
def test_nothing_is_waited_for_that_is_gone_only_after_our_own_term(
    own_end: int, *, is_in_time: bool, renews: bool
) -> None:
    """At its renewal Microsoft moves a legacy one, or lets it end: then it is not ours to move."""
    one = held("A", 1, last_day=date(2026, 11, own_end), auto_renews=renews)
    other = held("c", 2, state=State.SUSPENDED, last_day=date(2026, 11, 27))
    (outcome,) = plan_of(UPGRADE, agreed(one, other), to(one, "b")).outcomes
    assert outcome.status is (Status.MET if is_in_time else Status.UNMET)
    why = "waiting helps from 2026-11-28 on, when its own term is over (2026-11-27)"
    assert (why in outcome.message) is not is_in_time


def test_no_goal_waits_past_the_renewal_of_another_one() -> None:
    """The first one's room is free only once the second, legacy too, is no longer ours to move."""
    made = world(
        "A>B upgrade documented, B>b migration documented, D>d migration documented",
        SERVICES | {"D": "FAX"},
    )
    late = held("A", 1, last_day=date(2027, 3, 1))
    in_the_way = held("c", 3, state=State.SUSPENDED, last_day=date(2026, 12, 20))
    soon = held("D", 2, last_day=date(2026, 12, 10))
    plan = plan_of(made, agreed(late, soon, in_the_way), to(late, "b"), to(soon, "d"))
    for step in plan.steps:
        if step.subscription_id == soon.subscription_id and step.earliest is not None:
            assert soon.last_day is not None
            assert step.earliest.day <= soon.last_day
    assert {one.status for one in plan.outcomes} == {Status.MET}


def test_no_goal_is_told_as_met_that_another_one_undid_where_few_states_are_allowed() -> None:
    made = world(
        "A>B upgrade documented, B>b migration documented, C>c migration documented", SERVICES
    )
    who = agreed(held("C", 1), held("A", 2))
    for states in range(1, 40):
        plan = make_plan(from_facts(made), who, Wanted(SCOPE), states=states)
        assert all(one.reached for one in plan.outcomes if one.status is Status.MET)


def test_what_a_later_move_would_need_ties_goals_too() -> None:
    """The suspended trial's best way is B>b; from B it may go on to C, whose services C gives."""
    made = world(
        "E>B trial documented, B>b migration documented, B>C upgrade documented,"
        "C>c migration documented",
        SERVICES | {"E": "MAIL", "B": "MAIL"},
        seat_caps=(SeatCap(oid("b"), 30, None, None, "caps"),),
    )
    trial = held("E", 1, 35, state=State.SUSPENDED, is_trial=True)
    plan = plan_of(made, agreed(trial, held("C", 2)))
    assert len(plan.components) == 1


@pytest.mark.parametrize("execution", ["", " manual"])
def test_the_base_of_an_addon_has_to_be_one_that_its_new_sku_needs(execution: str) -> None:
    made = world(
        f"C>c migration documented, D>d migration documented{execution}",
        SERVICES,
        prerequisites=(Prerequisite(oid("d"), oid("a"), "list"),),
    )
    base = held("C", 1)
    who = agreed(base, held("D", 2, parent_id=base.subscription_id))
    ends(played(made, who, plan_of(made, who)))
