"""What stops a migration today, and from which day on it no longer does."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.blockers import Actor, Alternative, RemedyAction, Severity
from planner.readiness import DECIDING_RULES
from planner.rules import NO_CHOICES, Choices
from tests.examples import checked
from tests.planner.builders import (
    NOW,
)
from tests.planner.rules.asked_migration import (
    DAY,
    TODAY,
    asked,
    blocking,
    codes_of,
    midnight,
    owned,
)
from tests.planner.rules.asked_rules import actions, fails, unknown

# Age


@pytest.mark.parametrize(
    ("created", "clears_on"),
    [
        (date(2026, 10, 23), date(2026, 11, 24)),
        (date(2026, 11, 22), date(2026, 12, 23)),
        (date(2026, 1, 31), date(2026, 3, 1)),
        (date(2024, 1, 30), date(2024, 3, 1)),
    ],
)
def test_the_first_month_stops_it_until_the_day_after_the_month(
    created: date, clears_on: date
) -> None:
    source = owned(created=datetime.combine(created, time(15), UTC))
    last = midnight(clears_on) - timedelta(microseconds=1)
    blocker = fails(asked("AGE", source, at=last))
    assert (blocker.severity, blocker.clears_on) == (Severity.BLOCKS, clears_on)
    assert codes_of(blocker) == [("MIGRATION", 7), ("REST", 900226)]
    assert actions(blocker) == [(RemedyAction.WAIT_UNTIL, Actor.US)]
    assert blocker.remedies[0].until == clears_on
    assert asked("AGE", source, at=midnight(clears_on)) == ()


def test_an_unknown_day_of_purchase_is_unknown_and_decides() -> None:
    assert unknown(asked("AGE", owned(created=None))) == ("subscription.creationDate",)
    assert "AGE" in DECIDING_RULES


def test_the_age_counts_for_the_first_step_alone_and_at_renewal_for_the_renewal() -> None:
    fresh = owned(created=NOW)
    assert asked("AGE", fresh, is_first=False) == ()
    assert asked("AGE", fresh, choices=Choices(at_renewal=True)) == ()
    soon = replace(fresh, last_day=TODAY + 5 * DAY)
    assert fails(asked("AGE", soon, choices=Choices(at_renewal=True)))


# Term end


@pytest.mark.parametrize(
    ("left", "stops"),
    [
        (timedelta(hours=48), False),
        (timedelta(hours=24) + timedelta(microseconds=1), False),
        (timedelta(hours=24), True),
        (timedelta(hours=24) - timedelta(microseconds=1), True),
        (timedelta(microseconds=1), True),
    ],
)
def test_the_last_24_hours_stop_it_and_begin_with_their_first_instant(
    left: timedelta, stops: bool
) -> None:
    source = owned(last_day=date(2026, 12, 31))
    answer = asked("TERM_END", source, at=datetime(2027, 1, 1, tzinfo=UTC) - left)
    assert bool(answer) is stops
    if stops:
        blocker = fails(answer)
        assert (blocker.severity, blocker.clears_on) == (Severity.BLOCKS, None)
        assert codes_of(blocker) == [("MIGRATION", 2), ("MIGRATION", 10), ("REST", 900217)]
        assert actions(blocker) == [
            (RemedyAction.START_NEW_TERM, Actor.US),
            (RemedyAction.WAIT_UNTIL, Actor.MICROSOFT),
        ]


@pytest.mark.parametrize(
    ("last_day", "clears_on"),
    [(date(2024, 1, 9), date(2024, 1, 10)), (date(2024, 1, 10), None)],
)
def test_the_renewal_clears_nothing_from_the_day_on_which_microsoft_migrates_itself(
    last_day: date, clears_on: date | None
) -> None:
    source = owned(last_day=last_day, created=datetime(2020, 1, 1, tzinfo=UTC))
    assert fails(asked("TERM_END", source, at=midnight(last_day))).clears_on == clears_on
    promoted = replace(source, promotion_id="P")
    assert fails(asked("PROMOTION", promoted, at=midnight(last_day))).clears_on == clears_on
    dated = replace(promoted, promotion_ends=last_day + DAY)
    later = clears_on and clears_on + DAY
    assert fails(asked("PROMOTION", dated, at=midnight(last_day))).clears_on == later


def test_no_instant_of_the_last_day_is_in_time_and_every_one_of_the_day_before() -> None:
    source = owned(last_day=TODAY)
    assert fails(asked("TERM_END", source, at=midnight(TODAY)))
    assert asked("TERM_END", source, at=midnight(TODAY) - timedelta(microseconds=1)) == ()
    assert asked("TERM_END", source, at=midnight(TODAY - DAY)) == ()


def test_a_full_new_term_and_a_move_at_renewal_are_not_stopped() -> None:
    source, late = owned(last_day=TODAY), midnight(TODAY) + timedelta(hours=9)
    for choices in (Choices(full_new_term=True), Choices(at_renewal=True)):
        assert asked("TERM_END", source, at=late, choices=choices) == ()
        assert asked("TERM_END", replace(source, last_day=None), choices=choices) == ()


def test_what_does_not_renew_does_not_clear_by_waiting() -> None:
    source = owned(last_day=TODAY, auto_renews=False)
    blocker = fails(asked("TERM_END", source, at=NOW + timedelta(hours=1)))
    assert blocker.clears_on is None
    assert actions(blocker) == [(RemedyAction.START_NEW_TERM, Actor.US)]


def test_past_its_end_the_state_rule_asks_and_this_one_is_silent() -> None:
    source = owned(last_day=TODAY - DAY)
    for choices in (NO_CHOICES, Choices(full_new_term=True), Choices(at_renewal=True)):
        assert asked("TERM_END", source, choices=choices) == ()
        assert unknown(asked("SUBSCRIPTION_STATE", source, choices=choices)) == (
            "subscription.status",
            "subscription.commitmentEndDate",
        )
    field = ("subscription.commitmentEndDate",)
    assert unknown(asked("TERM_END", replace(source, last_day=None))) == field
    assert asked("TERM_END", replace(source, last_day=None), is_first=False) == ()


# Promotion


def test_a_promotion_stops_it_until_the_day_after_its_end() -> None:
    source = owned(promotion_id="39NFJQT1PFPB", promotion_ends=date(2026, 12, 31))
    blocker = fails(asked("PROMOTION", source))
    assert (blocker.severity, blocker.clears_on) == (Severity.BLOCKS, date(2027, 1, 1))
    assert codes_of(blocker) == [("MIGRATION", 3), ("REST", 900218)]
    assert actions(blocker) == [(RemedyAction.WAIT_UNTIL, Actor.US)]
    later = fails(asked("PROMOTION", source, at=midnight(date(2027, 1, 1))))
    assert (later.code, later.severity) == ("PROMOTION_HAS_ENDED", Severity.NOTES)


def test_a_promotion_without_an_end_lasts_at_most_the_term() -> None:
    source = owned(promotion_id="P", last_day=date(2026, 12, 31))
    waits = fails(asked("PROMOTION", source)).remedies
    assert [(one.actor, one.until) for one in waits] == [(Actor.MICROSOFT, date(2027, 1, 1))]
    at_renewal = fails(asked("PROMOTION", source, choices=Choices(at_renewal=True)))
    assert at_renewal.severity is Severity.NOTES


@pytest.mark.parametrize("last_day", [None, TODAY - DAY])
def test_where_nothing_dates_the_promotion_one_waits_without_a_date(last_day: date | None) -> None:
    blocker = fails(asked("PROMOTION", owned(promotion_id="P", last_day=last_day)))
    assert blocker.clears_on is None
    assert [(one.action, one.until) for one in blocker.remedies] == [
        (RemedyAction.WAIT_UNTIL, None)
    ]


def test_a_promotion_that_is_not_shown_is_unknown_and_decides_nothing() -> None:
    assert unknown(asked("PROMOTION", owned())) == ("subscription.promotion",)
    assert "PROMOTION" not in DECIDING_RULES
    assert asked("PROMOTION", owned(), is_first=False) == ()


@checked(200)
@given(
    created=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    last_day=st.dates(TODAY, date(2028, 1, 1)),
    promotion=st.none() | st.dates(date(2026, 6, 1), date(2028, 1, 1)),
    at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001
)
def test_clears_on_is_the_first_day_on_which_the_finding_is_gone(
    created: date, last_day: date, promotion: date | None, at: datetime
) -> None:
    source = owned(
        created=midnight(created),
        last_day=last_day,
        promotion_id=None if promotion is None else "P",
        promotion_ends=promotion,
    )
    instant = at.replace(tzinfo=UTC)
    for rule in ("AGE", "TERM_END", "PROMOTION"):
        for blocker in blocking(asked(rule, source, at=instant)):
            if blocker.clears_on is None:
                # Microsoft has moved it by then.
                assert rule == "TERM_END" or (promotion or last_day) >= last_day
                continue
            assert instant < midnight(blocker.clears_on)
            assert not blocking(asked(rule, source, at=midnight(blocker.clears_on)))
            just_before = midnight(blocker.clears_on) - timedelta(microseconds=1)
            assert blocking(asked(rule, source, at=just_before))


# Trials


def test_a_trial_never_migrates_it_is_converted_first() -> None:
    for source, move in ((owned("T"), "Ta"), (owned("T", is_trial=None), "Ta")):
        blocker = fails(asked("TRIAL", source, move=move))
        assert (blocker.code, blocker.severity) == ("SUBSCRIPTION_IS_TRIAL", Severity.BLOCKS)
        assert actions(blocker) == [(RemedyAction.CONVERT_TRIAL, Actor.US)]
        assert "Offer A" in blocker.remedies[0].message


def test_a_trial_that_nothing_converts_may_be_bought_new() -> None:
    for source, move in ((owned("U"), "Ua"), (owned(is_trial=True), "Aa")):
        blocker = fails(asked("TRIAL", source, move=move))
        assert (blocker.remedies, blocker.alternatives) == ((), (Alternative.BUY_NEW,))


def test_a_trials_upgrade_that_the_matrix_claims_only_warns() -> None:
    assert fails(asked("TRIAL", owned("T"), move="TB")).severity is Severity.WARNS


def test_what_was_converted_or_is_paid_is_clear() -> None:
    assert asked("TRIAL", owned(is_trial=None)) == ()
    assert asked("TRIAL", owned("T", is_trial=True), move="Aa", is_first=False) == ()
