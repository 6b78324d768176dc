"""An add-on needs a base; a chosen end, a term and a billing cycle must be possible."""

from calendar import monthrange
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.blockers import Actor, RemedyAction, Severity
from planner.customers import Customer, HoldingsState, Seller, Subscription, SubscriptionState
from planner.offers import Known
from planner.readiness import DECIDING_RULES
from planner.rules import Choices
from planner.rules.walk import Answer
from tests.examples import checked
from tests.planner.builders import (
    customer,
    from_facts,
    oid,
    subscription,
)
from tests.planner.rules.asked_migration import (
    CATALOG,
    SOLD,
    TODAY,
    asked,
    catalog_of,
    codes_of,
    owned,
)
from tests.planner.rules.asked_rules import RULE, actions, fails, unknown

# Prerequisites

NEEDS_A = catalog_of(bases="a")


def _needs(source: Subscription, *others: Subscription, held: Customer | None = None) -> Answer:
    return asked("PREREQUISITE", source, *others, move="Bb", held=held, catalog=NEEDS_A)


def test_an_add_on_needs_one_of_its_bases_from_whichever_seller() -> None:
    source = owned("B")
    blocker = fails(_needs(source))
    assert (blocker.code, blocker.severity) == ("PREREQUISITE_MISSING", Severity.BLOCKS)
    assert codes_of(blocker) == [("REST", 400041)]
    assert actions(blocker) == [(RemedyAction.BUY_PREREQUISITE, Actor.US)]
    assert _needs(source, owned("a", 1)) == ()
    assert _needs(source, subscription("a", seller=Seller.ANOTHER_PARTNER)) == ()
    assert fails(_needs(source, owned("c", 1)))


def test_the_legacy_base_that_an_add_on_hangs_on_is_its_base() -> None:
    base = owned("A", 1)
    addon = owned("B", 2, base)
    assert _needs(addon, base) == ()
    assert fails(_needs(addon))


def test_a_base_that_is_not_active_or_not_seen_is_unknown_and_decides_nothing() -> None:
    source, idle = owned("B"), owned("a", 1, state=SubscriptionState.SUSPENDED)
    assert unknown(_needs(source, idle)) == (f"status of subscription {idle.subscription_id}",)
    unseen = customer(source, foreign_state=HoldingsState.NOT_LOADED)
    assert unknown(_needs(source, held=unseen)) == ("holdings.foreign",)
    opaque = replace(subscription("a", seller=Seller.ANOTHER_PARTNER), product_guid=None)
    fields = (f"product of subscription {opaque.subscription_id}",)
    assert unknown(_needs(source, opaque)) == fields
    assert "PREREQUISITE" not in DECIDING_RULES
    assert RULE["PREREQUISITE"].needs_holding


def test_an_add_on_whose_bases_no_list_names_is_unknown_and_anything_else_clear() -> None:
    made = CATALOG.facts
    for name, told, expected in (("B", Known.YES, True), ("B", Known.NO, False)):
        offers = tuple(
            replace(one, is_addon=told if one.catalog_id == oid(name) else Known.UNKNOWN)
            for one in made.offers
        )
        catalog = from_facts(replace(made, offers=offers))
        answer = asked("PREREQUISITE", owned("B"), move="Bb", catalog=catalog)
        assert bool(answer) is expected
    assert asked("PREREQUISITE", owned("B"), move="Bb") == ()


# Custom end dates


def _custom(day: date, *others: Subscription, term: str | None = None, **told: Any) -> Answer:
    source = owned(**told)
    return asked("CUSTOM_END_DATE", source, *others, choices=Choices(custom_end=day, term=term))


def test_without_a_chosen_end_nothing_is_asked() -> None:
    assert asked("CUSTOM_END_DATE", owned(term=None)) == ()


def test_a_months_end_in_the_first_term_is_clear_whatever_is_loaded() -> None:
    source = owned()
    held = customer(source, own_state=HoldingsState.NOT_LOADED)
    for day in (date(2026, 11, 30), date(2027, 2, 28), date(2027, 10, 31)):
        choices = Choices(custom_end=day)
        assert asked("CUSTOM_END_DATE", source, held=held, choices=choices) == ()


@pytest.mark.parametrize("day", [date(2026, 10, 31), date(2027, 11, 30), date(2029, 1, 31)])
def test_an_end_outside_the_first_term_is_invalid(day: date) -> None:
    blocker = fails(_custom(day))
    assert (blocker.code, blocker.severity) == ("CUSTOM_END_DATE_INVALID", Severity.BLOCKS)
    assert codes_of(blocker) == [("MIGRATION", 11), ("REST", 900291)]
    assert actions(blocker) == [(RemedyAction.CHANGE_END_DATE, Actor.US)]


@pytest.mark.parametrize("day", [28, 29, 30])
def test_a_monthly_term_does_not_end_on_these_days_unless_the_month_does(day: int) -> None:
    other = owned("b", 1, last_day=date(2026, 12, day))
    at = datetime(2026, 12, 5, tzinfo=UTC)
    choices = Choices(custom_end=date(2026, 12, day), term="P1M")
    blocker = fails(asked("CUSTOM_END_DATE", owned(), other, choices=choices, at=at))
    assert blocker.code == "CUSTOM_END_DATE_INVALID"
    november = Choices(custom_end=date(2026, 11, 30), term="P1M")
    assert asked("CUSTOM_END_DATE", owned(), choices=november) == ()
    annual = Choices(custom_end=date(2026, 12, day))
    assert asked("CUSTOM_END_DATE", owned(), other, choices=annual, at=at) == ()


def test_a_month_from_march_2_may_end_on_april_2_as_the_documentation_has_it() -> None:
    at, end = datetime(2022, 3, 2, tzinfo=UTC), date(2022, 4, 2)
    other = owned("b", 1, last_day=end)
    choices = Choices(custom_end=end, term="P1M")
    assert asked("CUSTOM_END_DATE", owned(), other, choices=choices, at=at) == ()


def test_an_end_that_nobody_else_has_is_not_aligned_and_the_possible_days_are_named() -> None:
    other, trial = owned("b", 1, last_day=date(2027, 3, 5)), owned("c", 2, is_trial=True)
    legacy = owned("B", 3, last_day=date(2027, 3, 6))
    day = date(2027, 3, 6)
    blocker = fails(_custom(day, other, replace(trial, last_day=day), legacy))
    assert codes_of(blocker) == [("MIGRATION", 12), ("REST", 900292)]
    assert ("allowed", "2027-03-05") in blocker.parameters
    assert _custom(date(2027, 3, 5), other) == ()
    assert RULE["CUSTOM_END_DATE"].needs_holding


@pytest.mark.parametrize(("term", "aligns"), [("P1M", True), ("P1Y", False), ("P3Y", False)])
def test_only_a_monthly_term_aligns_with_a_monthly_subscription(term: str, aligns: bool) -> None:
    other = owned("b", 1, term="P1M", last_day=date(2026, 12, 5))
    answer = _custom(date(2026, 12, 5), other, term=term)
    assert (answer == ()) is aligns
    if not aligns:
        assert fails(answer).evidence[0].subscription_id == other.subscription_id


def test_what_is_not_known_of_the_others_or_of_the_term_is_unknown() -> None:
    day = date(2026, 12, 5)
    other = owned("b", 1, last_day=None)
    assert unknown(_custom(day, other)) == (
        f"commitmentEndDate of subscription {other.subscription_id}",
    )
    termless = replace(other, term=None, last_day=day)
    assert unknown(_custom(day, termless)) == (
        f"termDuration of subscription {other.subscription_id}",
    )
    termless_source = asked("CUSTOM_END_DATE", owned(term=None), choices=Choices(custom_end=day))
    assert unknown(termless_source) == ("subscription.termDuration",)
    source = owned()
    held = customer(source, own_state=HoldingsState.PARTIAL)
    answer = asked("CUSTOM_END_DATE", source, held=held, choices=Choices(custom_end=day))
    assert unknown(answer) == ("holdings.own",)


def test_a_later_anniversary_of_anothers_end_warns_since_sources_disagree() -> None:
    other = owned("b", 1, last_day=date(2027, 10, 1))
    blocker = fails(_custom(date(2028, 10, 1), other, term="P3Y"))
    assert (blocker.code, blocker.severity) == ("CUSTOM_END_DATE_ON_ANNIVERSARY", Severity.WARNS)
    assert actions(blocker) == [(RemedyAction.VALIDATE_WITH_PARTNER_CENTER, Actor.US)]


@checked(300)
@given(
    chosen=st.dates(date(2026, 11, 1), date(2028, 3, 31)),
    term=st.sampled_from(["P1M", "P1Y"]),
    theirs=st.sampled_from(["P1M", "P1Y", "P3Y"]),
)
def test_a_months_end_or_anothers_own_end_within_the_term_and_nothing_else_is_clear(
    chosen: date, term: str, theirs: str
) -> None:
    ends = date(2026, 12, 13)
    answer = _custom(chosen, owned("b", 1, term=theirs, last_day=ends), term=term)
    last = date(2026, 12, 23) if term == "P1M" else date(2027, 11, 23)
    is_month_end = chosen.day == monthrange(chosen.year, chosen.month)[1]
    joins = chosen == ends and (term == "P1M" or theirs != "P1M")
    assert (answer == ()) is (TODAY <= chosen <= last and (is_month_end or joins))


# Term and billing


def test_what_the_subscription_has_must_be_a_combination_of_the_target() -> None:
    assert asked("TERM_AND_BILLING", owned()) == ()
    blocker = fails(asked("TERM_AND_BILLING", owned(term="P3Y")))
    assert (blocker.code, blocker.severity) == ("TERM_AND_BILLING_NOT_OFFERED", Severity.BLOCKS)
    assert codes_of(blocker) == [("MIGRATION", 6), ("REST", 900222)]
    assert actions(blocker) == [(RemedyAction.CHANGE_TERM_OR_BILLING, Actor.US)]
    assert all(combination in blocker.remedies[0].message for combination in SOLD)


def test_choices_go_before_what_the_subscription_has() -> None:
    chosen = Choices(term="P3Y", billing_cycle="triennial")
    assert asked("TERM_AND_BILLING", owned(term=None), choices=chosen) == ()
    assert fails(asked("TERM_AND_BILLING", owned(), choices=Choices(term="P2Y")))
    assert fails(asked("TERM_AND_BILLING", owned(), choices=Choices(billing_cycle="triennial")))


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"term": None}, "subscription.termDuration"),
        ({"term": "P6M"}, "subscription.termDuration"),
        ({"billing_cycle": None}, "subscription.billingCycle"),
        ({"billing_cycle": "weekly"}, "subscription.billingCycle"),
    ],
)
def test_a_value_that_is_missing_or_undocumented_is_unknown(
    told: dict[str, Any], field: str
) -> None:
    assert unknown(asked("TERM_AND_BILLING", owned(**told))) == (field,)


def test_a_target_without_a_price_list_is_unknown() -> None:
    made = CATALOG.facts
    offers = tuple(replace(one, billing=()) for one in made.offers)
    answer = asked("TERM_AND_BILLING", owned(), catalog=from_facts(replace(made, offers=offers)))
    assert unknown(answer) == (f"billing of {oid('a')}",)
