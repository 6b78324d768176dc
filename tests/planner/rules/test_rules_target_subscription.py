"""A conversion goes into an existing subscription, or waits for the renewal, under conditions."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from planner.blockers import Actor, Alternative, RemedyAction, Severity, Unanswered
from planner.customers import HoldingsState, Seller, Subscription, SubscriptionState
from planner.readiness import DECIDING_RULES
from planner.rules import Choices
from planner.rules.walk import Answer
from tests.planner.builders import (
    customer,
    subscription,
)
from tests.planner.rules.asked_conversion import ENDS, asked, codes_of, owned
from tests.planner.rules.asked_rules import RULE, actions, fails, unknown

# Into an existing subscription

TARGET = owned("b", 7)


def _into(
    target: Subscription = TARGET,
    *,
    source: Subscription | None = None,
    into: str | None = None,
    at_renewal: bool = False,
    **more: Any,
) -> Answer:
    choices = Choices(into=into or target.subscription_id, at_renewal=at_renewal)
    return asked("TARGET_SUBSCRIPTION", source or owned(), target, choices=choices, **more)


def test_a_longer_running_active_subscription_of_the_target_takes_the_seats() -> None:
    later = replace(TARGET, last_day=ENDS + timedelta(days=1))
    assert _into(later) == ()
    assert _into(later, into=later.subscription_id.upper()) == ()
    assert asked("TARGET_SUBSCRIPTION", owned()) == ()
    assert RULE["TARGET_SUBSCRIPTION"].needs_holding


def test_only_the_last_step_goes_into_it() -> None:
    assert _into(into="f" * 36, is_last=False) == ()


def test_the_source_itself_is_no_target() -> None:
    source = owned()
    blocker = fails(_into(source=source, into=source.subscription_id))
    assert (blocker.code, codes_of(blocker)) == (
        "TARGET_SUBSCRIPTION_IS_SOURCE",
        [("REST", 900259)],
    )


def test_a_subscription_of_another_offer_is_no_target() -> None:
    blocker = fails(_into(owned("c", 7)))
    assert blocker.code == "TARGET_SUBSCRIPTION_OTHER_OFFER"
    assert codes_of(blocker) == [("REST", 900260)]


def test_what_is_not_ours_blocks_and_what_is_not_loaded_is_unknown() -> None:
    foreign = subscription("b", number=7, seller=Seller.ANOTHER_PARTNER)
    for answer in (_into(foreign), _into(into="f" * 36)):
        blocker = fails(answer)
        assert (blocker.code, blocker.severity) == ("TARGET_SUBSCRIPTION_NOT_OURS", Severity.BLOCKS)
        assert blocker.alternatives == (Alternative.ANOTHER_MODE,)
    source = owned()
    partial = customer(source, own_state=HoldingsState.PARTIAL)
    assert unknown(_into(source=source, held=partial)) == ("holdings.own",)


@pytest.mark.parametrize(
    ("state", "codes", "remedies"),
    [
        ("SUSPENDED", [("TARGET_SUBSCRIPTION", 1), ("REST", 900258)], ["REACTIVATE"]),
        ("EXPIRED", [("TARGET_SUBSCRIPTION", 1), ("REST", 900258)], []),
        ("PENDING", [("REST", 900261)], ["WAIT_FOR_PROVISIONING"]),
    ],
)
def test_it_must_be_active(state: str, codes: list[tuple[str, int]], remedies: list[str]) -> None:
    target = replace(TARGET, state=SubscriptionState(state), last_day=ENDS + timedelta(days=1))
    blocker = fails(_into(target))
    assert (codes_of(blocker), [one.action for one in blocker.remedies]) == (codes, remedies)
    assert all(one.subscription_id == target.subscription_id for one in blocker.remedies)


@pytest.mark.parametrize(
    ("until", "clears_on"),
    [
        (datetime(2026, 11, 28, 10, 30, tzinfo=UTC), date(2026, 11, 29)),
        (datetime(2026, 11, 28, tzinfo=UTC), date(2026, 11, 28)),
    ],
)
def test_it_must_be_out_of_its_cancellation_window(until: datetime, clears_on: date) -> None:
    target = replace(TARGET, cancellable_until=until, last_day=ENDS + timedelta(days=1))
    blocker = fails(_into(target))
    assert codes_of(blocker) == [("TARGET_SUBSCRIPTION", 2)]
    assert blocker.clears_on == blocker.remedies[0].until == clears_on
    assert _into(target, at=until) == ()
    assert fails(_into(target, at=until - timedelta(microseconds=1)))


@pytest.mark.parametrize(
    ("source_term", "target_term", "shorter"),
    [("P1Y", "P1M", True), ("P1Y", "P1Y", False), ("P1M", "P3Y", False), ("P3Y", "P1Y", True)],
)
def test_its_term_may_not_be_shorter(source_term: str, target_term: str, shorter: bool) -> None:
    target = replace(TARGET, term=target_term, last_day=ENDS + timedelta(days=1))
    answer = _into(target, source=owned(term=source_term))
    assert bool(answer) is shorter
    if shorter:
        assert codes_of(fails(answer)) == [("TARGET_SUBSCRIPTION", 3), ("REST", 900267)]


@pytest.mark.parametrize(
    ("days", "severity"), [(-1, Severity.BLOCKS), (0, Severity.NOTES), (1, None)]
)
def test_its_end_may_not_be_earlier_and_equal_ends_are_noted(
    days: int, severity: Severity | None
) -> None:
    answer = _into(replace(TARGET, last_day=ENDS + timedelta(days=days)))
    if severity is None:
        assert answer == ()
    else:
        blocker = fails(answer)
        assert blocker.severity is severity
        assert codes_of(blocker) == [("TARGET_SUBSCRIPTION", 4), ("REST", 900236)]


def test_a_trial_may_end_on_the_same_day_as_its_target() -> None:
    source, target = owned("t", term="P1M"), owned("a", 7)
    assert _into(target, source=source, move="ta") == ()
    early = replace(target, last_day=ENDS - timedelta(days=1))
    assert fails(_into(early, source=source, move="ta"))


def test_it_is_immediate_only() -> None:
    later = replace(TARGET, last_day=ENDS + timedelta(days=1))
    assert fails(_into(later, at_renewal=True)).code == "INTO_EXISTING_IS_IMMEDIATE"


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"state": SubscriptionState.UNRECOGNIZED}, "status"),
        ({"cancellable_until": None}, "cancellationAllowedUntilDate"),
        ({"term": None}, "termDuration"),
        ({"term": "P1W"}, "termDuration"),
        ({"last_day": None}, "commitmentEndDate"),
    ],
)
def test_what_is_not_known_of_it_is_unknown_and_decides(told: dict[str, Any], name: str) -> None:
    known: dict[str, Any] = {"last_day": ENDS + timedelta(days=1)}
    target = replace(TARGET, **(known | told))
    assert unknown(_into(target)) == (f"{name} of subscription {target.subscription_id}",)
    assert "TARGET_SUBSCRIPTION" in DECIDING_RULES


def test_what_is_not_known_of_the_source_is_unknown_too() -> None:
    target = replace(TARGET, last_day=ENDS + timedelta(days=1))
    answer = _into(target, source=owned(term=None, last_day=None))
    fields = [one.fields for one in answer if isinstance(one, Unanswered)]
    assert fields == [("subscription.termDuration",), ("subscription.commitmentEndDate",)]


# Scheduled conversions


def test_a_scheduled_conversion_needs_auto_renewal() -> None:
    at_renewal = Choices(at_renewal=True)
    rule = "SCHEDULED_CONVERSION"
    assert asked(rule, owned(), choices=at_renewal) == ()
    assert asked(rule, owned(auto_renews=False)) == ()
    blocker = fails(asked(rule, owned(auto_renews=False), choices=at_renewal))
    assert (blocker.code, blocker.severity) == ("AUTO_RENEWAL_OFF", Severity.BLOCKS)
    assert actions(blocker) == [(RemedyAction.SCHEDULE_FOR_RENEWAL, Actor.US)]
    unsure = asked(rule, owned(auto_renews=None), choices=at_renewal)
    assert unknown(unsure) == ("subscription.autoRenewEnabled",)
