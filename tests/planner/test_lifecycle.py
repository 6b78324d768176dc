"""On which days terms begin and end: checked against a calendar that is walked day by day."""

from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.lifecycle import (
    calendar_of,
    days_after,
    months_after,
    months_in,
    term_of_duration,
)
from tests.examples import checked

DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
TERMS = st.sampled_from(("P1M", "P1Y", "P3Y"))


@pytest.mark.parametrize(
    ("term", "months"),
    [("P1M", 1), ("P1Y", 12), ("P3Y", 36), ("P6M", 6), (None, None), ("", None), ("P0M", None)],
)
def test_a_term_counts_months_or_is_not_known(term: str | None, months: int | None) -> None:
    assert months_in(term) == months
    assert months_in("P45D") is None


@pytest.mark.parametrize(
    ("duration", "term"),
    [("1 Year", "P1Y"), ("3 Years", "P3Y"), ("2 Months", "P2M"), ("45 Day", None), (None, None)],
)
def test_a_legacy_duration_is_a_term_where_it_counts_months(
    duration: str | None, term: str | None
) -> None:
    assert term_of_duration(duration) == term


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2021, 12, 11), -1, date(2021, 11, 11)),
        (date(2026, 11, 10), 36, date(2029, 11, 10)),
    ],
)
def test_months_keep_the_day_or_take_the_last_of_a_short_month(
    day: date, months: int, later: date
) -> None:
    assert months_after(day, months) == later


def test_the_calendar_ends_without_an_error() -> None:
    assert months_after(date(9999, 6, 1), 12) is None
    assert months_after(date(1, 6, 1), -12) is None
    assert days_after(date.max, 1) is None
    assert calendar_of(date.max, "P1Y") is None
    late = calendar_of(date(9998, 6, 30), "P1Y")
    assert late is not None
    assert list(late.renewals()) == [date(9998, 7, 1), date(9999, 7, 1)]
    assert list(late.terms())[-1] == (date(9999, 7, 1), None)


def test_a_switched_term_keeps_the_anniversary_day_of_the_documentation() -> None:
    """An annual term that ended on 2022-02-10, switched to monthly on 2021-11-17."""
    monthly = calendar_of(date(2021, 12, 10), "P1M")
    assert monthly is not None
    assert monthly.first_day == date(2021, 11, 11)
    assert next(monthly.terms()) == (date(2021, 12, 11), date(2022, 1, 10))


def test_an_anniversary_on_the_31st_comes_back_after_a_short_month() -> None:
    february = calendar_of(date(2026, 2, 27), "P1M", starts=date(2026, 1, 31))
    assert february is not None
    assert list(islice(february.renewals(), 3)) == [
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
    ]
    assert february.first_day == date(2026, 1, 31)
    unanchored = calendar_of(date(2026, 2, 27), "P1M")
    assert unanchored is not None
    assert unanchored.next_renewal(date(2026, 2, 28)) == date(2026, 3, 28)


def test_without_a_length_only_the_first_renewal_is_known() -> None:
    calendar = calendar_of(date(2026, 5, 3), None)
    assert calendar is not None
    assert list(calendar.renewals()) == [date(2026, 5, 4)]
    assert list(calendar.terms()) == [(date(2026, 5, 4), None)]
    assert calendar.first_day is None
    assert calendar.next_renewal(date(2026, 5, 4)) is None
    assert calendar_of(None, "P1Y") is None


@given(DAYS, TERMS, st.one_of(st.none(), DAYS))
@checked(300)
def test_terms_follow_each_other_without_gap_or_overlap(
    last_day: date, term: str, starts: date | None
) -> None:
    calendar = calendar_of(last_day, term, starts=starts)
    assert calendar is not None
    expected = last_day + timedelta(days=1)
    for first, last in islice(calendar.terms(), 40):
        assert first == expected
        assert last is not None
        assert first <= last
        expected = last + timedelta(days=1)


@given(DAYS, TERMS, st.one_of(st.none(), DAYS))
@checked(300)
def test_every_renewal_is_on_the_anniversary_or_on_the_last_day_of_a_shorter_month(
    last_day: date, term: str, starts: date | None
) -> None:
    calendar = calendar_of(last_day, term, starts=starts)
    assert calendar is not None
    months = {"P1M": 1, "P1Y": 12, "P3Y": 36}[term]
    days = list(islice(calendar.renewals(), 40))
    for day, later in pairwise(days):
        assert (later.year - day.year) * 12 + later.month - day.month == months
    for day in days:
        ends_month = (day + timedelta(days=1)).month != day.month
        assert day.day == calendar.anniversary or (ends_month and day.day < calendar.anniversary)


@given(DAYS, TERMS, st.one_of(st.none(), DAYS), st.integers(0, 4000))
@checked(300)
def test_the_next_renewal_is_the_first_one_that_a_day_by_day_search_meets(
    last_day: date, term: str, starts: date | None, beyond: int
) -> None:
    calendar = calendar_of(last_day, term, starts=starts)
    assert calendar is not None
    after = last_day + timedelta(days=beyond)
    days = set(islice(calendar.renewals(), 200))
    day = after + timedelta(days=1)
    while day not in days:
        day += timedelta(days=1)
    assert calendar.next_renewal(after) == day
