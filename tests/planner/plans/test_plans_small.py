"""Small plans as a consultant would write them, each played into the toy Partner Center."""

from dataclasses import replace
from datetime import date, timedelta

from planner.customers import Seller
from planner.customers import SubscriptionState as State
from planner.facts import SeatCap
from planner.offers import Known
from planner.plans.search.acts import StepKind
from planner.plans.search.solution import Status
from planner.transitions import Prerequisite
from tests.planner.builders import NOW, oid, subscription
from tests.planner.plans.examples import (
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
    offers_of,
    plan_of,
    played,
    to,
    told,
    world,
)


def test_an_old_subscription_migrates_today() -> None:
    who = agreed(held("A"))
    plan = plan_of(SIMPLE, who)
    assert told(plan) == ["11-23 MIGRATE 1"]
    assert plan.valid_until == date(2027, 3, 1)
    assert offers_of(ends(played(SIMPLE, who, plan))) == [oid("a")]


def test_a_young_one_waits_for_its_month() -> None:
    who = agreed(held("A", created=YOUNG))
    plan = plan_of(SIMPLE, who)
    assert told(plan) == ["12-14 WAIT_UNTIL 1", "12-14 MIGRATE 1"]
    assert offers_of(ends(played(SIMPLE, who, plan))) == [oid("a")]


def test_on_the_last_day_of_its_term_it_takes_a_full_new_one() -> None:
    who = agreed(held("A", last_day=NOW.date()))
    plan = plan_of(SIMPLE, who, at=NOW + timedelta(hours=10))
    assert told(plan) == ["11-23 MIGRATE 1"]
    assert plan.steps[0].full_new_term
    ends(played(SIMPLE, who, plan))


def test_a_base_takes_its_addon_along_once_the_addon_may_go() -> None:
    base = held("A")
    addon = held("D", 2, parent_id=base.subscription_id, created=YOUNG)
    who = agreed(base, addon)
    plan = plan_of(SIMPLE, who)
    assert told(plan) == ["12-14 WAIT_UNTIL 1", "12-14 MIGRATE 1"]
    assert [member.subscription_id for member in plan.steps[-1].members] == [addon.subscription_id]
    assert offers_of(ends(played(SIMPLE, who, plan))) == [oid("a"), oid("d")]
    assert [outcome.status for outcome in plan.outcomes] == [Status.MET, Status.MET]


def test_what_another_channel_sold_is_cancelled_there_before_the_upgrade() -> None:
    other = subscription("C", number=2, seller=Seller.ANOTHER_CHANNEL)
    who = agreed(held("A"), other)
    plan = plan_of(UPGRADE, who)
    assert set(kinds(plan)) == {StepKind.CANCEL_ELSEWHERE, StepKind.UPGRADE, StepKind.MIGRATE}
    end = ends(played(UPGRADE, who, plan))
    assert offers_of(end) == [oid("b")]
    assert end.foreign == ()


def test_a_conversion_with_licences_from_another_seller_owes_work_by_hand() -> None:
    one = held("a")
    who = agreed(one, subscription("b", number=2, seller=Seller.ANOTHER_PARTNER))
    plan = plan_of(CONVERSION, who, to(one, "b"))
    end = ends(played(CONVERSION, who, plan))
    assert plan.outcomes[0].status is Status.MET
    assert end.due == frozenset()


def test_a_suspended_one_is_reactivated_and_the_agreement_is_asked_for_once() -> None:
    who = replace(agreed(held("A", state=State.SUSPENDED), held("B", 2)), agreement=Known.NO)
    plan = plan_of(SIMPLE, who)
    assert kinds(plan).count(StepKind.GET_AGREEMENT) == 1
    assert kinds(plan).count(StepKind.REACTIVATE) == 1
    assert offers_of(ends(played(SIMPLE, who, plan))) == [oid("a"), oid("b")]


def test_of_two_that_want_the_last_seats_one_is_left_and_says_why() -> None:
    made = world(MIGRATIONS, SERVICES, seat_caps=(SeatCap(oid("a"), 15, None, None, "caps"),))
    who = agreed(held("A", 1), held("A", 2))
    plan = plan_of(made, who)
    assert sorted(outcome.status for outcome in plan.outcomes) == [Status.MET, Status.UNMET]
    (unmet,) = (outcome for outcome in plan.outcomes if outcome.status is Status.UNMET)
    assert [blocker.code for blocker in unmet.blockers] == ["SEAT_CAP_EXCEEDED"]
    end = ends(played(made, who, plan))
    assert sorted(filter(None, offers_of(end))) == sorted([oid("A"), oid("a")])


def test_a_base_is_bought_for_an_addon_that_has_none() -> None:
    made = world(MIGRATIONS, SERVICES, prerequisites=(Prerequisite(oid("d"), oid("a"), "list"),))
    who = agreed(held("D"))
    plan = plan_of(made, who)
    assert kinds(plan) == [StepKind.BUY_PREREQUISITE, StepKind.MIGRATE]
    assert sorted(filter(None, offers_of(ends(played(made, who, plan))))) == [oid("a"), oid("d")]


def test_what_expired_is_bought_anew_and_its_users_moved() -> None:
    who = agreed(held("A", state=State.EXPIRED, last_day=date(2026, 11, 20)))
    plan = plan_of(SIMPLE, who)
    assert kinds(plan) == [StepKind.BUY_NEW, StepKind.REASSIGN_LICENSES]
    end = ends(played(SIMPLE, who, plan))
    assert end.due == frozenset()
    assert end.get(end.follower(held("A").subscription_id)).catalog_id == oid("a")


def test_a_step_comes_after_what_it_needs() -> None:
    plan = plan_of(UPGRADE, agreed(held("A", 1), held("C", 2)), to(held("A", 1), "b"))
    before: set[str] = set()
    for step in plan.steps:
        assert before.issuperset(step.needs)
        before.add(step.key)


def test_a_purchase_tells_the_term_of_what_is_bought() -> None:
    made = world("A>a migration documented manual", SERVICES)
    made = replace(
        made,
        offers=tuple(
            replace(one, billing=("P1Y/Monthly",)) if one.title == "Sku a" else one
            for one in made.offers
        ),
    )
    plan = plan_of(made, agreed(held("A", term="P1M", last_day=date(2026, 12, 10))))
    (bought,) = (step for step in plan.steps if step.kind is StepKind.BUY_NEW)
    assert bought.term == "P1Y"
