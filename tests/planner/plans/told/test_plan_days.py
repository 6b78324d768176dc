"""Days in plans: the hour of asking changes none, data that look old give none that cannot be."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.customers import Customer, Subscription
from planner.customers import SubscriptionState as State
from planner.lifecycle import days_between
from planner.offers import Segment
from planner.permissions import ANYONE
from planner.plans.alternatives import facts_of
from planner.plans.goals import ANY_NEW_COMMERCE, SubscriptionGoal, default_goals
from planner.plans.search.acts import StepKind
from planner.plans.search.situation import Situation
from planner.plans.search.solve import solve
from planner.plans.told.steps import Due, Plan
from planner.plans.wanted import Wanted
from planner.profiles import Profile
from planner.readiness import Readiness
from planner.scope import Scope
from planner.search import Budget
from tests.planner.builders import NOW, from_facts
from tests.planner.plans.examples import SIMPLE, UPGRADE, YOUNG, agreed, held, kinds, plan_of, to

HOURS = st.integers(0, 24 * 60 * 60 - 1).map(lambda seconds: NOW + timedelta(seconds=seconds))
INSTANTS = st.integers(0, 15 * 365 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))


@given(INSTANTS, INSTANTS, INSTANTS)
def test_days_add_up_over_any_stop_on_the_way(
    one: datetime, two: datetime, three: datetime
) -> None:
    assert days_between(one, two) + days_between(two, three) == days_between(one, three)


def test_days_are_those_of_the_calendar_in_utc() -> None:
    late = datetime(2026, 11, 23, 23, 59, tzinfo=UTC)
    assert days_between(late, late + timedelta(minutes=1)) == 1
    assert days_between(NOW, late) == 0
    assert days_between(NOW, late.astimezone(timezone(timedelta(hours=5)))) == 0


@pytest.mark.parametrize("profile", [Profile.FEWEST_STEPS, Profile.SOONEST])
@given(HOURS)
def test_the_hour_of_asking_changes_no_count(profile: Profile, at: datetime) -> None:
    assert _counts(profile, at) == _counts(profile, NOW)


def _counts(profile: Profile, at: datetime) -> object:
    """Return the merit and the days of a plan that has to wait for midnight."""
    who, made = agreed(held("A", created=YOUNG)), from_facts(SIMPLE)
    wanted, start = Wanted(Scope(at, profile=profile)), Situation(who, ANYONE, at)
    [goal] = default_goals(who)
    found = solve(made, wanted, start, (goal,), Budget(1000))
    facts = facts_of(found, start)
    assert facts.days > 0
    return found.cost, facts.days


# ---------------------------------------------------------------------------- data that look old


def test_a_last_day_that_is_over_is_told_as_over() -> None:
    plan = plan_of(SIMPLE, agreed(held("A", last_day=date(2026, 11, 1))))
    latest = _latest(plan)
    assert (latest.day, "so it must not wait" in latest.because) == (NOW.date(), True)
    assert "2026-10-31 was the last day" in latest.because


def test_one_that_is_ahead_keeps_its_own_reason() -> None:
    latest = _latest(plan_of(SIMPLE, agreed(held("A", last_day=date(2027, 3, 9)))))
    assert latest.day == date(2027, 3, 8)
    assert latest.because.startswith("its term ends on 2027-03-09")


# ------------------------------------------------------------------------ what stays legacy


UNSORTED = replace(UPGRADE, offers=tuple(replace(one, segment=None) for one in UPGRADE.offers))
"""Offers of no segment, so that the customer's decides."""


def _of(segment: Segment | None, one: Subscription) -> Customer:
    return replace(agreed(one), segment=segment)


@pytest.mark.parametrize("seats", [5, 30])
@pytest.mark.parametrize("segment", [Segment.COMMERCIAL, Segment.CHARITY, Segment.EDUCATION])
def test_what_changes_its_seats_and_stays_legacy_has_its_renewal_as_its_last_day(
    segment: Segment, seats: int
) -> None:
    one = held("A", last_day=date(2027, 3, 2))
    goal = SubscriptionGoal(one.subscription_id, None, seats)
    plan = plan_of(UNSORTED, _of(segment, one), goal)
    assert _latest(plan) == Due(
        date(2027, 3, 2), "on 2027-03-03 Microsoft migrates it or lets it end"
    )
    assert plan.valid_until == date(2027, 3, 2)
    assert plan.outcomes[0].message == (
        "It stays, with other seats; it is legacy still, and on 2027-03-03 Microsoft migrates it "
        "or lets it end"
    )


def test_an_upgrade_to_a_legacy_offer_has_it_too() -> None:
    one = held("A", last_day=date(2027, 3, 2))
    plan = plan_of(UNSORTED, _of(Segment.COMMERCIAL, one), to(one, "B"))
    assert (kinds(plan)[0], _latest(plan).day) == (StepKind.UPGRADE, date(2027, 3, 2))
    assert "it is legacy still, and on 2027-03-03" in plan.outcomes[0].message


@pytest.mark.parametrize("segment", [Segment.GOVERNMENT, None])
def test_no_last_day_is_told_where_no_source_dates_what_microsoft_does(
    segment: Segment | None,
) -> None:
    one = held("A", last_day=date(2027, 3, 2))
    plan = plan_of(UNSORTED, _of(segment, one), SubscriptionGoal(one.subscription_id, None, 30))
    assert (plan.steps[0].latest, plan.valid_until) == (None, None)
    assert plan.outcomes[0].message.endswith("; it is legacy still")


def test_what_does_not_renew_has_the_last_day_of_its_term() -> None:
    one = held("A", last_day=date(2027, 3, 2), auto_renews=False)
    plan = plan_of(UNSORTED, _of(None, one), SubscriptionGoal(one.subscription_id, None, 30))
    assert _latest(plan).day == date(2027, 3, 2)
    assert plan.outcomes[0].message.endswith("does not renew: it is over after 2027-03-02")


def test_nothing_is_said_of_a_renewal_that_is_over() -> None:
    one = held("A", last_day=date(2026, 11, 1))
    plan = plan_of(UNSORTED, _of(Segment.COMMERCIAL, one), to(one, "A", 30))
    assert "so it must not wait" in _latest(plan).because
    assert plan.outcomes[0].message.endswith("its term ended on 2026-11-01 as far as the data tell")


def _latest(plan: Plan) -> Due:
    [step] = plan.steps
    assert step.latest is not None
    return step.latest


# ----------------------------------------------------------------------- a status that says nothing


@pytest.mark.parametrize("state", [State.NONE, State.UNRECOGNIZED])
def test_a_status_that_says_nothing_is_planned_and_the_step_is_unknown(state: State) -> None:
    one = replace(held("A"), state=state, state_as_given="none")
    plan = plan_of(SIMPLE, agreed(one))
    assert plan.goals == (SubscriptionGoal(one.subscription_id, ANY_NEW_COMMERCE),)
    assert [step.readiness for step in plan.steps] == [Readiness.UNKNOWN]
    asked = {each.rule for step in plan.steps for each in step.unanswered}
    known = {
        each.rule for step in plan_of(SIMPLE, agreed(held("A"))).steps for each in step.unanswered
    }
    assert asked - known == {"SUBSCRIPTION_STATE"}


def test_what_is_deleted_is_not_planned() -> None:
    assert default_goals(agreed(replace(held("A"), state=State.DELETED))) == ()
