"""What happens to new-commerce subscriptions, and to trials, if nobody acts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from planner.baselines.baseline import baseline_of
from planner.baselines.rules import Certainty
from planner.blockers import Severity
from planner.customers import (
    RenewalInstructions,
    SubscriptionState,
)
from tests.planner.baselines.baseline_cases import (
    CATALOG,
    Code,
    calendar_of,
    day_at,
    held,
    only,
    told,
)
from tests.planner.builders import NOW, customer, oid


def test_a_yearly_subscription_renews_the_day_after_its_last_day_and_each_year() -> None:
    value = told(held("a"))
    assert calendar_of(value) == [("RENEWS", "2027-03-10"), ("RENEWS", "2028-03-10")]
    first, second = value.events
    assert first.last_day_to_act is not None
    assert first.last_day_to_act.day == date(2027, 3, 9)
    assert first.after is not None
    assert second.after is not None
    assert (first.after.last_day, second.after.last_day) == (date(2028, 3, 9), date(2029, 3, 9))


def test_monthly_renewals_are_told_once() -> None:
    value = told(held("a", "2026-11-30", term="P1M"))
    assert calendar_of(value) == [("RENEWS", "2026-12-01")]
    assert "monthly until 2028-11-23" in value.events[0].message
    short = baseline_of(
        CATALOG,
        customer(),
        held("a", "2026-11-30", term="P1M"),
        at=NOW,
        until=date(2026, 12, 15),
    )
    assert "monthly until" not in short.events[0].message


def test_what_is_scheduled_takes_effect_at_the_renewal_and_lasts() -> None:
    told_to = RenewalInstructions(oid("b"), "P1M", "monthly", 7, date(2027, 3, 31))
    value = told(held("a", renewal=told_to))
    assert calendar_of(value) == [("RENEWS", "2027-03-10"), ("SCHEDULED_CHANGE", "2027-03-10")]
    for one in value.events:
        assert one.after is not None
        assert (one.after.catalog_id, one.after.term, one.after.seats) == (oid("b"), "P1M", 7)
        assert one.after.last_day == date(2027, 3, 31)
    later = told(held("a", renewal=told_to), "2027-04-15")
    renewal = only(later, Code.RENEWS)
    assert renewal.day == date(2027, 5, 1)
    assert renewal.after is not None
    assert (renewal.after.catalog_id, renewal.after.seats) == (oid("b"), 7)


@pytest.mark.parametrize(
    ("last_day", "term", "codes"),
    [
        ("2026-05-03", "P1Y", ["EXPIRES", "DISABLED", "DELETED"]),
        ("2026-05-04", "P1Y", ["EXTENDED_SERVICE_TERM"]),
        ("2027-03-31", "P3Y", ["EXPIRES", "DISABLED", "DELETED"]),
        ("2028-03-31", "P3Y", ["EXTENDED_SERVICE_TERM"]),
        ("2028-03-30", "P3Y", ["EXPIRES", "DISABLED", "DELETED"]),
    ],
)
def test_the_extended_service_term_needs_both_of_its_dates(
    last_day: str, term: str, codes: list[str]
) -> None:
    at = date.fromisoformat(last_day) - timedelta(days=30)
    value = told(held("a", last_day, term=term, auto_renews=False), at.isoformat())
    assert [one.code.value for one in value.events] == codes


def test_without_a_term_the_start_tells_whether_it_goes_on() -> None:
    unknown = told(held("a", term=None, auto_renews=False))
    assert only(unknown, Code.NOT_KNOWN).unknown == ("subscription.term",)
    fresh = told(held("a", term=None, auto_renews=False, starts=day_at("2025-04-01")))
    assert only(fresh, Code.EXTENDED_SERVICE_TERM)


@pytest.mark.parametrize(
    ("name", "surcharge", "unknown"),
    [("a", "0.03", ()), ("b", "0.23", ()), ("c", None, ("offer.billing",))],
)
def test_the_extended_service_term_costs_more_where_there_is_no_monthly_plan(
    name: str, surcharge: str | None, unknown: tuple[str, ...]
) -> None:
    found = only(
        told(held(name, auto_renews=False, cancels_at_end=False)), Code.EXTENDED_SERVICE_TERM
    )
    assert found.surcharge == (None if surcharge is None else Decimal(surcharge))
    assert found.unknown == unknown
    assert found.after is not None
    assert (found.after.term, found.certainty) == ("P1M", Certainty.THIRD_PARTY)


def test_a_cancel_for_the_end_that_no_source_tells_of_is_a_doubt() -> None:
    found = only(told(held("a", auto_renews=False)), Code.EXTENDED_SERVICE_TERM)
    assert found.unknown == ("subscription.cancels_at_end",)


def test_a_cancel_for_the_end_beats_renewal_and_extended_service_term() -> None:
    for renews in (True, False, None):
        value = told(held("a", auto_renews=renews, cancels_at_end=True))
        assert calendar_of(value) == [("EXPIRES", "2027-03-10")]
        assert value.events[0].severity is Severity.WARNS


def test_what_expires_is_disabled_after_30_and_deleted_after_120_days() -> None:
    value = told(held("a", "2026-04-30", auto_renews=False), "2026-04-01")
    assert calendar_of(value) == [
        ("EXPIRES", "2026-05-01"),
        ("DISABLED", "2026-05-31"),
        ("DELETED", "2026-08-29"),
    ]
    deadlines = {one.last_day_to_act and one.last_day_to_act.day for one in value.events}
    assert deadlines == {date(2026, 4, 30)}
    assert {one.severity for one in value.events} == {Severity.BLOCKS}


@pytest.mark.parametrize(
    ("state", "calendar"),
    [
        ("EXPIRED", [("DISABLED", "2026-11-30"), ("DELETED", "2027-02-28")]),
        ("DISABLED", [("DELETED", "2027-02-28")]),
        ("DELETED", []),
    ],
)
def test_what_is_gone_goes_on_from_where_it_is(state: str, calendar: list[object]) -> None:
    gone = held("a", "2026-10-30", state=SubscriptionState(state), auto_renews=False)
    assert calendar_of(told(gone)) == calendar


def test_an_expiry_before_the_terms_end_dates_nothing() -> None:
    value = told(held("a", state=SubscriptionState.EXPIRED))
    assert calendar_of(value) == [("DELETED", None), ("DISABLED", None)]
    assert {one.unknown for one in value.events} == {("subscription.expired_on",)}


def test_a_suspended_one_is_disabled_at_its_terms_end_whatever_its_auto_renewal() -> None:
    value = told(held("a", state=SubscriptionState.SUSPENDED))
    assert calendar_of(value) == [("DISABLED", "2027-03-10"), ("DELETED", "2027-07-08")]
    assert value.events[0].last_day_to_act is not None
    assert value.events[0].last_day_to_act.day == date(2027, 3, 9)


@pytest.mark.parametrize("name", ["a", "A"])
def test_both_branches_are_told_where_auto_renewal_is_not_known(name: str) -> None:
    value = told(held(name, auto_renews=None))
    assert calendar_of(value) == [("NOT_KNOWN", "2027-03-10")]
    found = only(value, Code.NOT_KNOWN)
    assert found.unknown[0] == "subscription.auto_renews"
    assert "if so" in found.message
    assert "if not" in found.message


@pytest.mark.parametrize("name", ["a", "A"])
@pytest.mark.parametrize("renews", [True, False, None])
def test_without_a_last_day_nothing_is_dated(name: str, renews: bool | None) -> None:
    value = told(held(name, None, auto_renews=renews))
    assert calendar_of(value) == [("NOT_KNOWN", None)]
    assert value.events[0].unknown == ("subscription.last_day",)


@pytest.mark.parametrize("state", ["NONE", "PENDING", "UNRECOGNIZED"])
@pytest.mark.parametrize("name", ["a", "A"])
def test_a_status_that_says_nothing_says_nothing(name: str, state: str) -> None:
    value = told(held(name, state=SubscriptionState(state), state_as_given="odd"))
    assert calendar_of(value) == [("NOT_KNOWN", None)]
    assert value.events[0].unknown == ("subscription.status",)


def test_a_trial_that_renews_becomes_a_paid_year_billed_monthly() -> None:
    value = told(held("t", "2026-12-05", term="P1M", billing_cycle="none", seats=25))
    assert calendar_of(value) == [("TRIAL_CONVERTS", "2026-12-06"), ("RENEWS", "2027-12-06")]
    after = value.events[0].after
    assert after is not None
    assert (after.catalog_id, after.term, after.billing_cycle) == (oid("a"), "P1Y", "monthly")
    assert (after.seats, after.last_day) == (25, date(2027, 12, 5))


def test_a_trial_without_a_last_day_ends_30_days_after_its_start() -> None:
    started = held("t", None, starts=day_at("2026-11-20"), auto_renews=False)
    assert calendar_of(told(started)) == [("EXPIRES", "2026-12-20")]


def test_a_trial_whose_paid_offer_is_not_known_says_so() -> None:
    found = only(told(held("a", "2026-12-05", is_trial=True)), Code.TRIAL_CONVERTS)
    assert found.after is not None
    assert found.after.catalog_id is None
    assert found.unknown == ("paid offer of the trial",)


def test_a_legacy_trial_is_never_migrated() -> None:
    assert calendar_of(told(held("A", is_trial=True, auto_renews=False))) == [
        ("EXPIRES", "2027-03-10")
    ]
    assert calendar_of(told(held("A", is_trial=True))) == [("NOT_KNOWN", "2027-03-10")]
