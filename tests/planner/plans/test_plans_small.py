"""Small plans as a consultant would write them, each played into the toy Partner Center."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from planner.customers import Reducible, Seller, Subscription
from planner.customers import SubscriptionState as State
from planner.facts import SeatCap
from planner.goals import OfferGoal
from planner.offers import Known, LimitScope
from planner.plans.acts import StepKind
from planner.plans.goals import SubscriptionGoal
from planner.plans.solve import Exactness, Status
from planner.plans.steps import Plan
from planner.transitions import Prerequisite
from tests.planner.builders import NOW, oid, subscription
from tests.planner.plans.examples import YOUNG, agreed, held, plan_of, played, told, world
from tests.planner.plans.replay import Failed
from tests.planner.plans.tenant import Tenant

SERVICES = {"A": "MAIL", "B": "MAIL TEAMS", "C": "TEAMS", "D": "FAX"} | {
    "a": "MAIL",
    "b": "MAIL TEAMS",
    "c": "TEAMS",
    "d": "FAX",
}
MIGRATIONS = """
    A>a migration documented, B>b migration documented
    C>c migration documented, D>d migration documented
"""
SIMPLE = world(MIGRATIONS, SERVICES)
UPGRADE = world("A>B upgrade documented, B>b migration documented", SERVICES)
CONVERSION = world("a>b conversion documented", SERVICES)


A_MONTH_AGO = datetime(2026, 10, 23, tzinfo=NOW.tzinfo)


def ends(tenant: Tenant | Failed) -> Tenant:
    assert isinstance(tenant, Tenant), str(tenant)
    return tenant


def to(one: Subscription, name: str, seats: int | None = None) -> SubscriptionGoal:
    return SubscriptionGoal(one.subscription_id, OfferGoal(oid(name)), seats)


def offers_of(tenant: Tenant) -> list[str | None]:
    return [one.catalog_id for one in tenant.own]


def kinds(plan: Plan) -> list[StepKind]:
    return [step.kind for step in plan.steps]


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


def wrong(why: str) -> pytest.MarkDecorator:
    """Mark what the plan gets wrong today; it fails as soon as that is mended."""
    return pytest.mark.xfail(strict=True, reason=why)


@wrong("plan._in_order sorts the steps of one day by subscription, before what they need")
def test_a_step_comes_after_what_it_needs() -> None:
    plan = plan_of(UPGRADE, agreed(held("A", 1), held("C", 2)), to(held("A", 1), "b"))
    before: set[str] = set()
    for step in plan.steps:
        assert before.issuperset(step.needs)
        before.add(step.key)


@wrong("solve takes a goal as met for ever, also where a later act cancels what met it")
def test_what_has_met_its_goal_is_not_cancelled_for_another_one() -> None:
    made = world(
        "A>B upgrade documented, B>b migration documented, C>c migration documented", SERVICES
    )
    plan = plan_of(made, agreed(held("A", 1), held("C", 2)))
    assert all(one.reached for one in plan.outcomes if one.status is Status.MET)


@wrong("components does not tie a goal to another one that holds, or becomes, its target")
def test_two_that_upgrade_to_the_same_offer_are_planned_together() -> None:
    made = world("A>B upgrade documented, B>b migration documented", {"A": "MAIL", "B": "MAIL"})
    who = agreed(held("A", 1, created=YOUNG), held("A", 2, created=YOUNG))
    ends(played(made, who, plan_of(made, who)))


@wrong("components looks at the services a goal's subscription has, not at those it will have")
def test_what_a_trial_becomes_is_seen_by_those_that_convert() -> None:
    made = world("e>b trial documented, a>b conversion documented", SERVICES | {"e": "FAX"})
    made = replace(
        made, offers=tuple(replace(one, is_trial=one.title == "Sku e") for one in made.offers)
    )
    trial, paid = held("e", 1, is_trial=True), held("a", 2)
    who = agreed(trial, paid)
    ends(played(made, who, plan_of(made, who, to(trial, "b"), to(paid, "b"))))


@wrong("solve takes the sum of what goals cost alone for a bound, though one wait serves both")
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


@wrong("effects._cancel forgets a cancelled legacy subscription, which counts for 90 days more")
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


@wrong("a purchase is not asked whether the customer accepted the agreement")
def test_nothing_is_bought_before_the_agreement() -> None:
    services = {"B": "MAIL", "C": "TEAMS", "c": "TEAMS"}
    made = world("B>C upgrade documented, C>c migration documented", services)
    who = replace(agreed(held("B", state=State.EXPIRED)), agreement=Known.NO)
    plan = plan_of(made, who)
    assert StepKind.BUY_NEW in kinds(plan)
    ends(played(made, who, plan))


@wrong("a purchase is not asked whether its seats fit the limit")
def test_a_prerequisite_is_not_bought_beyond_its_limit() -> None:
    made = world(
        MIGRATIONS,
        SERVICES,
        prerequisites=(Prerequisite(oid("d"), oid("a"), "list"),),
        seat_caps=(SeatCap(oid("a"), 30, None, None, "caps"),),
    )
    who = agreed(held("D", seats=35))
    ends(played(made, who, plan_of(made, who)))


@wrong("remedies.instead waits for an age or a promotion that no purchase asks for")
def test_what_is_over_for_good_is_bought_anew_today_however_young_it_is() -> None:
    who = agreed(held("A", state=State.EXPIRED, created=YOUNG))
    assert kinds(plan_of(SIMPLE, who)) == [StepKind.BUY_NEW, StepKind.REASSIGN_LICENSES]


@wrong("effects._walk and telling ignore the term that a conversion chooses")
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


@wrong("telling reads a purchase's term from the old subscription")
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


@wrong("moves._equivalent and rules.bundle let an add-on migrate along that no call migrates")
def test_an_addon_that_migrates_by_hand_does_not_go_along() -> None:
    made = world("A>a migration documented, D>d migration documented manual", SERVICES)
    base = held("A")
    who = agreed(base, held("D", 2, parent_id=base.subscription_id))
    ends(played(made, who, plan_of(made, who)))


@wrong("rules.bundle asks members neither for their partner of record nor for their seats' limit")
def test_every_member_of_a_bundle_has_a_valid_partner_id() -> None:
    base = held("A")
    addon = held("D", 2, parent_id=base.subscription_id, partner_of_record="unknown")
    who = agreed(base, addon)
    ends(played(SIMPLE, who, plan_of(SIMPLE, who)))


@wrong("an add-on is reactivated though its base is not active (27009)")
def test_an_addon_is_not_reactivated_under_a_base_that_is_gone() -> None:
    base = held("A", state=State.EXPIRED)
    addon = held("D", 2, parent_id=base.subscription_id, state=State.SUSPENDED)
    who = agreed(base, addon)
    ends(played(SIMPLE, who, plan_of(SIMPLE, who)))


@wrong("openings._change_seats asks neither for the state nor whether it is a trial")
@pytest.mark.parametrize("change", [{"state": State.SUSPENDED}, {"is_trial": True}])
def test_seats_change_only_where_it_is_active_and_paid(change: dict[str, object]) -> None:
    one = replace(held("a"), **change)  # type: ignore[arg-type]
    goal = SubscriptionGoal(one.subscription_id, OfferGoal(oid("a")), 12)
    who = agreed(one)
    ends(played(CONVERSION, who, plan_of(CONVERSION, who, goal)))


@wrong("openings._give_back schedules for a renewal that will not be")
def test_seats_are_not_given_back_at_a_renewal_that_will_not_be() -> None:
    one = held("a", auto_renews=False, cancels_at_end=True, reducible=())
    goal = SubscriptionGoal(one.subscription_id, OfferGoal(oid("a")), 5)
    who = agreed(one)
    plan = plan_of(CONVERSION, who, goal)
    assert plan.outcomes[0].status is Status.UNMET


@wrong("telling knows no latest day for giving seats back")
def test_seats_are_given_back_before_their_own_window_ends() -> None:
    until = NOW + timedelta(days=2)
    one = held("a", reducible=(Reducible(5, until),))
    goal = SubscriptionGoal(one.subscription_id, OfferGoal(oid("a")), 5)
    plan = plan_of(CONVERSION, agreed(one), goal)
    assert plan.steps[0].latest is not None
    assert plan.steps[0].latest.day == until.date()


@wrong("telling knows no latest day for what ends without renewing")
def test_what_does_not_renew_is_converted_before_it_ends() -> None:
    one = held("a", auto_renews=False, cancels_at_end=True)
    plan = plan_of(CONVERSION, agreed(one), to(one, "b"))
    assert plan.steps[0].latest is not None
    assert plan.steps[0].latest.day == one.last_day


@wrong("telling holds a wait's latest day against the day it begins")
def test_no_wait_ends_after_its_latest_day() -> None:
    one = held("A", last_day=date(2026, 11, 24), created=A_MONTH_AGO)
    plan = plan_of(SIMPLE, agreed(one))
    assert kinds(plan) == [StepKind.WAIT_UNTIL, StepKind.MIGRATE]
    assert all(step.latest is None or step.earliest.day <= step.latest.day for step in plan.steps)


@wrong("situation._carried_over leaves suspended what is disabled at its term's end")
def test_a_suspended_one_in_the_way_is_gone_once_its_term_is_over() -> None:
    one, other = held("A", 1), held("c", 2, state=State.SUSPENDED, last_day=date(2026, 11, 28))
    who = agreed(one, other)
    plan = plan_of(UPGRADE, who, to(one, "b"))
    assert kinds(plan) == [StepKind.WAIT_UNTIL, StepKind.UPGRADE, StepKind.MIGRATE]
    ends(played(UPGRADE, who, plan))
