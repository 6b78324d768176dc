"""What happens to legacy subscriptions and add-ons if nobody acts, and how it is asked."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from planner.baselines.baseline import baseline, baseline_of
from planner.baselines.rules import Certainty
from planner.blockers import Severity
from planner.customers import (
    Customer,
    Seller,
    Subscription,
    SubscriptionState,
)
from planner.ids import CatalogId
from tests.planner.baselines.baseline_cases import (
    CATALOG,
    TODAY,
    Code,
    calendar_of,
    held,
    only,
    told,
)
from tests.planner.builders import NOW, customer, oid, subscription


def test_a_commercial_legacy_subscription_is_migrated_at_its_renewal_to_an_annual_term() -> None:
    one = held("A", "2024-03-09", term="P3Y", billing_cycle="annual", seats=25)
    value = told(one, "2023-12-01")
    assert calendar_of(value) == [("MICROSOFT_LED_MIGRATION", "2024-03-10")]
    (found,) = value.events
    assert found.after is not None
    assert (found.after.catalog_id, found.after.term) == (oid("a"), "P1Y")
    assert (found.after.billing_cycle, found.after.seats) == ("annual", 25)
    assert found.after.last_day == date(2025, 3, 9)
    assert found.certainty is Certainty.DOCUMENTED


def test_our_own_migration_must_begin_24_hours_before_the_legacy_term_ends() -> None:
    found = only(told(held("A")), Code.MICROSOFT_LED_MIGRATION)
    assert (found.day, found.last_day_to_act and found.last_day_to_act.day) == (
        date(2027, 3, 10),
        date(2027, 3, 8),
    )
    assert found.last_day_to_act is not None
    assert "24 hours" in found.last_day_to_act.why


@pytest.mark.parametrize(
    ("name", "last_day", "codes"),
    [
        ("A", "2024-01-09", ["RENEWS"]),
        ("A", "2024-01-10", ["MICROSOFT_LED_MIGRATION"]),
        ("E", "2024-08-30", ["RENEWS"]),
        ("E", "2024-08-31", ["MICROSOFT_LED_MIGRATION"]),
        ("N", "2024-08-31", ["MICROSOFT_LED_MIGRATION"]),
        ("G", "2023-12-30", ["RENEWS"]),
        ("G", "2024-08-31", ["NOT_KNOWN"]),
    ],
)
def test_the_run_begins_on_the_day_that_its_segment_has(
    name: str, last_day: str, codes: list[str]
) -> None:
    at = date.fromisoformat(last_day) - timedelta(days=200)
    value = told(held(name, last_day), at.isoformat())
    assert [one.code.value for one in value.events][:1] == codes


def test_a_legacy_renewal_before_the_run_is_followed_by_the_migration_a_year_later() -> None:
    value = told(held("A", "2023-05-31"), "2023-01-01")
    assert calendar_of(value) == [
        ("RENEWS", "2023-06-01"),
        ("MICROSOFT_LED_MIGRATION", "2024-06-01"),
    ]


def test_nobody_says_when_government_is_migrated() -> None:
    found = only(told(held("G")), Code.NOT_KNOWN)
    assert found.certainty is Certainty.NOT_KNOWN
    assert found.unknown == ("date of the Microsoft-led migration",)


def test_without_a_segment_the_customers_decides_and_without_that_it_is_asked_for() -> None:
    one = held("U")
    nobody = replace(customer(one), segment=None)
    asked = baseline_of(CATALOG, nobody, one, at=NOW)
    assert only(asked, Code.NOT_KNOWN).unknown == ("customer.segment",)
    assert only(told(one), Code.MICROSOFT_LED_MIGRATION)


def test_several_equivalents_are_named_and_none_is_picked() -> None:
    found = only(told(held("B")), Code.MICROSOFT_LED_MIGRATION)
    assert found.after is not None
    assert found.after.catalog_id is None
    assert all(target in found.message for target in (oid("a"), oid("b")))
    assert found.unknown == ("equivalent new-commerce SKU",)


def test_without_an_equivalent_it_is_not_known_whether_it_is_migrated() -> None:
    for catalog_id in (oid("Z"), CatalogId("0FFE2A11-0000-4000-8000-5A3B1E000001")):
        found = only(told(replace(held("Z"), catalog_id=catalog_id)), Code.NOT_KNOWN)
        assert "equivalent new-commerce SKU" in found.unknown


def test_more_seats_than_the_cap_expire_for_good_and_the_cap_itself_does_not() -> None:
    many = only(told(held("C", seats=301)), Code.EXPIRES_FOR_GOOD)
    assert (many.day, many.severity) == (date(2027, 3, 10), Severity.BLOCKS)
    assert many.source == "docs/sources.md 0, cap_list"
    assert only(told(held("C", seats=300)), Code.MICROSOFT_LED_MIGRATION).unknown == ()
    unknown = only(told(held("C", seats=None)), Code.MICROSOFT_LED_MIGRATION)
    assert unknown.unknown == ("subscription.quantity",)
    assert only(told(held("A", seats=301)), Code.MICROSOFT_LED_MIGRATION)


def test_a_legacy_subscription_that_does_not_renew_ends() -> None:
    for seats in (10, 301):
        value = told(held("C", auto_renews=False, seats=seats))
        assert calendar_of(value) == [("EXPIRES", "2027-03-10")]


@pytest.mark.parametrize(
    ("name", "last_day", "since"),
    [
        ("A", "2025-01-09", None),
        ("A", "2025-01-10", "2024-01-11"),
        ("E", "2026-12-30", None),
        ("E", "2026-12-31", "2026-01-01"),
        ("G", "2027-06-30", None),
    ],
)
def test_a_legacy_term_that_began_after_the_run_looks_old(
    name: str, last_day: str, since: str | None
) -> None:
    at = date.fromisoformat(last_day) - timedelta(days=30)
    value = told(held(name, last_day), at.isoformat())
    days = [one.day for one in value.events if one.code is Code.DATA_LOOKS_OLD]
    assert days == ([date.fromisoformat(since)] if since else [])


def test_a_term_that_is_over_looks_old_in_both_commerces_and_only_while_listed_as_alive() -> None:
    for name in "Aa":
        # The renewal of 2023-10-01 lies before Microsoft's run: it is its end alone that tells.
        value = told(held(name, "2023-09-30"), "2023-12-01")
        assert only(value, Code.DATA_LOOKS_OLD).day == date(2023, 10, 1)
        on_the_day = told(held(name, "2023-09-30"), "2023-10-01")
        assert Code.DATA_LOOKS_OLD not in {one.code for one in on_the_day.events}
    gone = told(held("a", "2023-09-30", state=SubscriptionState.EXPIRED), "2023-12-01")
    assert Code.DATA_LOOKS_OLD not in {one.code for one in gone.events}


def test_a_suspended_legacy_subscription_is_deleted_on_a_day_that_no_field_dates() -> None:
    value = told(held("A", state=SubscriptionState.SUSPENDED))
    (found,) = value.events
    assert (found.code, found.day) == (Code.DELETED, None)
    assert found.unknown == ("subscription.suspended_since",)
    assert str(TODAY + timedelta(days=90)) in found.message


def addon(last_day: str, base: Subscription, **more: Any) -> Subscription:
    return held("Z", last_day, number=9, parent_id=base.subscription_id, **more)


def test_an_add_on_ends_with_its_base_where_that_ends_first() -> None:
    base = held("A", auto_renews=False)
    value = told(addon("2027-08-31", base), "2026-11-23", base)
    assert calendar_of(value) == [("FOLLOWS_BASE", "2027-03-10")]
    assert only(value, Code.FOLLOWS_BASE).certainty is Certainty.DOCUMENTED


def test_an_add_on_that_ends_first_or_with_its_base_speaks_for_itself() -> None:
    base = held("A", auto_renews=False)
    for last_day in ("2027-02-28", "2027-03-09"):
        one = addon(last_day, base, auto_renews=False)
        alone = told(replace(one, parent_id=None))
        assert calendar_of(told(one, "2026-11-23", base))[:1] == calendar_of(alone)
        assert calendar_of(alone)[0][0] == "EXPIRES"


def test_an_add_on_of_a_suspended_base_is_suspended_with_it() -> None:
    base = held("A", state=SubscriptionState.SUSPENDED)
    value = told(addon("2027-08-31", base), "2026-11-23", base)
    found = only(value, Code.FOLLOWS_BASE)
    assert (found.day, found.unknown) == (None, ("subscription.suspended_since",))


def test_an_add_on_whose_base_nobody_lists_is_in_doubt() -> None:
    base = held("A")
    value = told(addon("2027-08-31", base))
    found = only(value, Code.NOT_KNOWN)
    assert f"subscription {base.subscription_id}" in found.unknown


def test_parents_in_a_circle_end() -> None:
    one, two = held("A", number=1), held("C", number=2)
    one = replace(one, parent_id=two.subscription_id)
    two = replace(two, parent_id=one.subscription_id)
    value = baseline(CATALOG, customer(one, two), at=NOW)
    assert {event.subscription_id for event in value.events} == {
        one.subscription_id,
        two.subscription_id,
    }


def test_what_others_sold_has_no_dates_and_is_told_once() -> None:
    mine = held("a")
    theirs = subscription("a", 4, seller=Seller.ANOTHER_PARTNER)
    again = replace(mine, seller=Seller.NOT_KNOWN, catalog_id=None)
    value = baseline(CATALOG, customer(mine, theirs, again), at=NOW)
    assert calendar_of(value) == [
        ("RENEWS", "2027-03-10"),
        ("RENEWS", "2028-03-10"),
        ("NOT_KNOWN", None),
    ]
    assert value.events[-1].severity is Severity.NOTES


def test_holdings_that_are_not_whole_are_named() -> None:
    whole = baseline(CATALOG, customer(held("a")), at=NOW)
    assert whole.unknown == ()
    parts = baseline(CATALOG, Customer("0" * 8, "Contoso"), at=NOW)
    assert parts.unknown == ("holdings.own", "holdings.foreign")


def test_the_day_is_the_utc_day_of_an_aware_instant() -> None:
    one = held("a", "2026-11-22")
    tokyo = datetime.fromisoformat("2026-11-24T03:00:00+09:00")
    assert calendar_of(baseline_of(CATALOG, customer(one), one, at=tokyo))[0] == (
        "RENEWS",
        "2026-11-23",
    )
    with pytest.raises(ValueError, match="aware"):
        baseline(CATALOG, customer(one), at=datetime(2026, 1, 1))  # noqa: DTZ001
