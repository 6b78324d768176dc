"""A larger or a much dearer product is told as such, and the equivalent never is."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.catalog import Catalog
from planner.facts import CommonPlan, ServiceFamily
from planner.offers import Known, Segment
from planner.plans.saved.document import document_of, value_of
from planner.pricing.prices import Quote
from planner.service_sets import FamilyMove
from planner.upsells import (
    Upsell,
    counts_of,
    is_much_dearer,
    upsell_of,
    without_price,
    words_of,
)
from tests.planner.builders import catalog, from_facts, oid, pid, with_plans

MAILS = ServiceFamily("MAIL", frozenset({pid("MAIL"), pid("MAILTWO")}), "families")
MADE = catalog(
    "A>B upgrade documented, A>a migration documented, B>b migration documented, "
    "A>C upgrade documented, T>a trial documented",
    **with_plans(
        {
            "A": "MAIL OLD COMMON",
            "a": "MAIL DESK VOICE",
            "B": "DESK MAILTWO TEAMS PHONE",
            "b": "DESK MAILTWO TEAMS PHONE",
            "C": "COMMON",
            "T": "MAIL",
        }
    ),
    common_plans=[CommonPlan(pid("COMMON"), "table")],
    service_families=[
        MAILS,
        ServiceFamily("PHONES", frozenset({pid("PHONE"), pid("NOPHONE")}), "families"),
    ],
)


def test_more_services_gained_than_lost_make_an_upsell_and_the_main_ones_come_first() -> None:
    found = upsell_of(MADE, oid("A"), oid("b"))
    assert found is not None
    assert found.gained is not None
    assert found.gained == (pid("PHONE"), pid("DESK"), pid("TEAMS"))
    assert found.lost == (pid("OLD"),)
    told = words_of(MADE, found)
    assert "a larger product than" in told
    assert "3 services more" in told
    assert "1 service fewer" in told
    assert counts_of(found) == "3 services more, 1 service fewer, 1 service swapped"


def test_a_service_that_gives_way_to_another_of_its_family_is_neither_gained_nor_lost() -> None:
    found = upsell_of(MADE, oid("A"), oid("b"))
    assert found is not None
    (change,) = found.swapped
    assert [plan.plan_id for plan in change.before + change.after] == [pid("MAIL"), pid("MAILTWO")]
    assert change.move is FamilyMove.SWAPPED
    assert "Mailtwo in place of Mail" in words_of(MADE, found)


def _by_title(before: str, after: str) -> Catalog:
    """Return a catalog in which A becomes B, whose only service is the other's of that title."""
    titles = {pid("MAIL"): before, pid("MAILTWO"): after}
    plain = catalog(
        "A>B upgrade documented",
        **with_plans({"A": "MAIL", "B": "MAILTWO"}),
        service_families=[MAILS],
    ).facts
    plans = (replace(one, title=titles[one.plan_id]) for one in plain.service_plans)
    return from_facts(replace(plain, service_plans=tuple(plans)))


def test_a_larger_plan_of_one_service_makes_a_larger_product_and_a_smaller_one_none() -> None:
    one, two = "Exchange Online (Plan 1)", "Exchange Online (Plan 2)"
    made = _by_title(one, two)
    found = upsell_of(made, oid("A"), oid("B"))
    assert found is not None
    assert (found.gained, found.lost, found.is_larger) == ((), (), True)
    assert f"{two} in place of {one}" in words_of(made, found)
    assert upsell_of(_by_title(two, one), oid("A"), oid("B")) is None
    assert upsell_of(_by_title("Mail", "Post"), oid("A"), oid("B")) is None


@pytest.mark.parametrize("origin", ["A", "T"])
def test_the_equivalent_is_no_upsell_whatever_it_gives_or_costs(origin: str) -> None:
    assert upsell_of(MADE, oid(origin), oid("a"), is_dearer=Known.YES) is None


def test_a_trial_costs_nothing_so_that_the_price_alone_makes_no_upsell_of_what_follows() -> None:
    facts = MADE.facts
    trial = (replace(one, is_trial=one.catalog_id == oid("A")) for one in facts.offers)
    made = from_facts(replace(facts, offers=tuple(trial)))
    assert upsell_of(MADE, oid("A"), oid("C"), is_dearer=Known.YES) is not None
    assert upsell_of(made, oid("A"), oid("C"), is_dearer=Known.YES) is None
    assert upsell_of(made, oid("A"), oid("b"), is_dearer=Known.YES) is not None


def test_fewer_services_at_the_same_price_are_no_upsell() -> None:
    assert upsell_of(MADE, oid("A"), oid("C")) is None
    assert upsell_of(MADE, oid("A"), oid("A"), is_dearer=Known.YES) is None
    assert upsell_of(MADE, None, oid("b"), is_dearer=Known.YES) is None
    assert upsell_of(MADE, oid("Z"), oid("b"), is_dearer=Known.YES) is None


def test_what_is_an_upsell_by_its_price_alone_is_none_for_readers_without_prices() -> None:
    by_price = upsell_of(MADE, oid("A"), oid("C"), is_dearer=Known.YES)
    assert by_price is not None
    assert not by_price.is_larger
    assert "dearer" in words_of(MADE, by_price)
    assert without_price(by_price) is None
    both = upsell_of(MADE, oid("A"), oid("b"), is_dearer=Known.YES)
    shown = without_price(both)
    assert shown is not None
    assert "dearer" not in words_of(MADE, shown) + counts_of(shown)
    assert shown.is_dearer is Known.UNKNOWN
    assert without_price(None) is None


def test_services_that_are_not_known_are_not_counted_as_none() -> None:
    unknown = catalog("A>B upgrade documented", **with_plans({"A": "MAIL"}))
    assert upsell_of(unknown, oid("A"), oid("B")) is None
    found = upsell_of(unknown, oid("A"), oid("B"), is_dearer=Known.YES)
    assert found is not None
    assert (found.gained, found.lost) == (None, None)


def test_a_price_that_is_not_known_is_told_as_such_and_makes_no_upsell() -> None:
    assert upsell_of(MADE, oid("A"), oid("C"), is_dearer=Known.UNKNOWN) is None
    found = upsell_of(MADE, oid("A"), oid("b"), is_dearer=Known.UNKNOWN)
    assert found is not None
    assert words_of(MADE, found).endswith("what it costs more at retail is not known")
    assert words_of(MADE, found, priced=False) == words_of(MADE, replace(found, is_dearer=Known.NO))
    assert "price not known" in counts_of(found)


def a_price(listed: str, months: int | None = 1, currency: str = "USD") -> Quote:
    return Quote(
        oid("a"),
        "US",
        currency,
        Segment.COMMERCIAL,
        None,
        None,
        Decimal(listed),
        months,
        Decimal(0),
        None,
        None,
        "list",
        None,
    )


@given(
    st.decimals("0.01", "1000", places=2),
    st.decimals("0.01", "1000", places=2),
    st.sampled_from([1, 12, 36]),
    st.sampled_from([1, 12, 36]),
)
def test_the_price_of_a_month_decides_whatever_term_it_is_listed_for(
    before: Decimal, after: Decimal, now: int, then: int
) -> None:
    found = is_much_dearer(a_price(str(before * now), now), a_price(str(after * then), then))
    assert found is (Known.YES if 2 * after >= 3 * before else Known.NO)


def test_what_was_free_is_much_dearer_once_it_has_a_price() -> None:
    assert is_much_dearer(a_price("0"), a_price("0.01")) is Known.YES
    assert is_much_dearer(a_price("0"), a_price("0")) is Known.NO


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, a_price("9")),
        (a_price("1"), None),
        (a_price("1"), a_price("9", currency="EUR")),
        (a_price("1", None), a_price("9")),
        (a_price("1"), a_price("9", None)),
    ],
)
def test_what_is_not_known_is_neither_dearer_nor_not(
    before: Quote | None, after: Quote | None
) -> None:
    assert is_much_dearer(before, after) is Known.UNKNOWN


@pytest.mark.parametrize(("was", "is_now"), [(True, Known.YES), (False, Known.UNKNOWN)])
def test_what_was_written_down_as_a_yes_or_no_is_still_read(*, was: bool, is_now: Known) -> None:
    found = upsell_of(MADE, oid("A"), oid("b"), is_dearer=Known.NO)
    assert found is not None
    text = document_of(found)
    assert value_of(Upsell, text) == found
    told = json.loads(text)
    del told["value"]["swapped"]
    told["value"]["is_dearer"] = was
    formerly = value_of(Upsell, json.dumps(told))
    assert formerly == replace(found, is_dearer=is_now, swapped=())
