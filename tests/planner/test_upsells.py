"""A larger or a much dearer product is told as such, and the equivalent never is."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.facts import CommonPlan, ServiceFamily
from planner.upsells import (
    counts_of,
    is_much_dearer,
    upsell_of,
    without_price,
    words_of,
)
from tests.planner.builders import catalog, oid, pid, with_plans

MADE = catalog(
    "A>B upgrade documented, A>a migration documented, B>b migration documented, "
    "A>C upgrade documented, T>a trial documented",
    **with_plans(
        {
            "A": "MAIL COMMON",
            "a": "MAIL DESK VOICE",
            "B": "DESK MAILTWO TEAMS",
            "b": "DESK MAILTWO TEAMS",
            "C": "COMMON",
            "T": "MAIL",
        }
    ),
    common_plans=[CommonPlan(pid("COMMON"), "table")],
    service_families=[
        ServiceFamily("MAIL", frozenset({pid("MAIL"), pid("MAILTWO")}), "families"),
    ],
)


def test_more_services_gained_than_lost_make_an_upsell_and_the_main_ones_come_first() -> None:
    found = upsell_of(MADE, oid("A"), oid("b"))
    assert found is not None
    assert found.gained is not None
    assert (found.gained[0], set(found.gained)) == (
        pid("MAILTWO"),
        {pid("MAILTWO"), pid("DESK"), pid("TEAMS")},
    )
    assert found.lost == (pid("MAIL"),)
    told = words_of(MADE, found)
    assert "a larger product than" in told
    assert "3 services more" in told
    assert "1 service fewer" in told
    assert counts_of(found) == "3 services more, 1 service fewer"


@pytest.mark.parametrize("origin", ["A", "T"])
def test_the_equivalent_is_no_upsell_whatever_it_gives_or_costs(origin: str) -> None:
    assert upsell_of(MADE, oid(origin), oid("a"), is_dearer=True) is None


def test_fewer_services_at_the_same_price_are_no_upsell() -> None:
    assert upsell_of(MADE, oid("A"), oid("C")) is None
    assert upsell_of(MADE, oid("A"), oid("A"), is_dearer=True) is None
    assert upsell_of(MADE, None, oid("b"), is_dearer=True) is None
    assert upsell_of(MADE, oid("Z"), oid("b"), is_dearer=True) is None


def test_what_is_an_upsell_by_its_price_alone_is_none_for_readers_without_prices() -> None:
    by_price = upsell_of(MADE, oid("A"), oid("C"), is_dearer=True)
    assert by_price is not None
    assert not by_price.is_larger
    assert "dearer" in words_of(MADE, by_price)
    assert without_price(by_price) is None
    both = upsell_of(MADE, oid("A"), oid("b"), is_dearer=True)
    shown = without_price(both)
    assert shown is not None
    assert "dearer" not in words_of(MADE, shown) + counts_of(shown)
    assert without_price(None) is None


def test_services_that_are_not_known_are_not_counted_as_none() -> None:
    unknown = catalog("A>B upgrade documented", **with_plans({"A": "MAIL"}))
    assert upsell_of(unknown, oid("A"), oid("B")) is None
    found = upsell_of(unknown, oid("A"), oid("B"), is_dearer=True)
    assert found is not None
    assert (found.gained, found.lost) == (None, None)


@given(
    st.decimals("0.01", "1000", places=2),
    st.decimals("0.01", "1000", places=2),
    st.integers(1, 500),
    st.integers(1, 500),
)
def test_the_price_of_a_seat_decides_and_not_how_many_there_are(
    before: Decimal, after: Decimal, now: int, then: int
) -> None:
    dearer = is_much_dearer(before * now, after * then, seats=(now, then))
    assert dearer == (2 * after >= 3 * before)


@pytest.mark.parametrize(
    ("before", "after", "seats"),
    [(None, "9", (1, 1)), ("1", None, (1, 1)), ("1", "9", (None, 1)), ("1", "9", (1, None))],
)
def test_what_is_not_known_is_never_much_dearer(
    before: str | None, after: str | None, seats: tuple[int | None, int | None]
) -> None:
    given_prices = tuple(None if one is None else Decimal(one) for one in (before, after))
    assert not is_much_dearer(*given_prices, seats=seats)
