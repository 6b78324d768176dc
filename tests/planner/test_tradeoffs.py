"""Ways are ordered by what a profile prefers, and only those worth a look are traded off."""

from dataclasses import astuple, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache

import pytest

from db.bundled import bundled_facts
from planner.catalog import Catalog
from planner.customers import Customer, Holdings, HoldingsState, Seller, Subscription
from planner.customers import SubscriptionState as State
from planner.ids import parse_catalog_id
from planner.offers import Known, Segment
from planner.options import NotInCatalog, Option, options
from planner.profiles import Profile
from planner.scope import Scope
from planner.tradeoffs import OptionFacts, by_profile, facts_of, line_of, trade_offs
from tests.planner.builders import from_facts

NOW = datetime(2026, 11, 23, tzinfo=UTC)
DAY = NOW.date()
BASIC = Subscription(
    "00000001-0000-4000-8000-000000000000",
    Seller.US,
    State.ACTIVE,
    "active",
    catalog_id=parse_catalog_id("BD938F12-058F-4927-BBA3-AE36B1D2501C"),
    seats=40,
    is_trial=False,
    term="P1Y",
    billing_cycle="monthly",
    created=datetime(2025, 3, 1, tzinfo=UTC),
    last_day=date(2027, 2, 28),
    auto_renews=True,
)
CUSTOMER = Customer(
    "c",
    "Contoso",
    market="US",
    segment=Segment.COMMERCIAL,
    agreement=Known.YES,
    holdings=Holdings((BASIC,), HoldingsState.COMPLETE, NOW, (), HoldingsState.COMPLETE, NOW),
)
PLAIN = OptionFacts(1, 0, 1, 0, 4, 0, 0, DAY, Decimal("252.00"), "USD")


@cache
def _bundled() -> Catalog:
    return from_facts(bundled_facts())


@cache
def _ways(customer: Customer = CUSTOMER) -> tuple[Option, ...]:
    found = options(_bundled(), customer, BASIC, Scope(NOW))
    assert not isinstance(found, NotInCatalog)
    return found


def _ordered(profile: Profile) -> tuple[OptionFacts, ...]:
    found = by_profile(_bundled(), CUSTOMER, BASIC, _ways(), profile=profile, on=DAY)
    assert sorted(map(id, found)) == sorted(map(id, _ways())), "nothing is lost or added"
    return tuple(facts_of(_bundled(), CUSTOMER, BASIC, one, DAY) for one in found)


def test_cheapest_orders_by_what_a_month_costs_and_the_unknown_comes_last() -> None:
    prices = [facts.monthly for facts in _ordered(Profile.CHEAPEST)]
    known = [price for price in prices if price is not None]
    assert len(known) > 5
    assert known == sorted(known)
    assert prices[: len(known)] == known


def test_least_disruption_orders_by_licences_reassigned_by_hand_first() -> None:
    by_hand = [facts.seats_by_hand for facts in _ordered(Profile.LEAST_DISRUPTION)]
    assert by_hand == sorted(by_hand, key=lambda seats: (seats is None, seats or 0))
    assert set(by_hand) == {0, 40}


def test_soonest_orders_by_the_day_and_what_has_none_comes_last() -> None:
    days = [facts.done_on for facts in _ordered(Profile.SOONEST)]
    assert days == sorted(days, key=lambda day: day or date.max)


@pytest.mark.parametrize("profile", [Profile.FEWEST_STEPS, Profile.BEST_DOCUMENTED])
def test_profiles_of_paths_keep_the_order_of_paths(profile: Profile) -> None:
    assert by_profile(_bundled(), CUSTOMER, BASIC, _ways(), profile=profile, on=DAY) == _ways()


def test_without_a_market_no_price_is_known_and_none_is_taken_for_nothing() -> None:
    nowhere = replace(CUSTOMER, market=None)
    facts = [facts_of(_bundled(), nowhere, BASIC, one, DAY) for one in _ways(nowhere)]
    assert {one.monthly for one in facts} == {None}


def test_what_is_kept_is_beaten_by_nothing_and_what_is_left_out_by_something() -> None:
    kept = trade_offs(_bundled(), CUSTOMER, BASIC, _ways(), DAY)
    all_facts = [facts_of(_bundled(), CUSTOMER, BASIC, one, DAY) for one in _ways()]
    assert 1 < len(kept) < len(all_facts)
    chosen = [one.facts for one in kept]
    for facts in all_facts:
        beaten = any(_beats(other, facts) for other in all_facts)
        assert (facts in chosen) or beaten
        assert not (beaten and facts in chosen[1:])
    assert kept[0].option is _ways()[0]
    assert kept[0].line == ""
    assert all(one.line for one in kept[1:] if one.facts != kept[0].facts)


def _beats(one: OptionFacts, other: OptionFacts) -> bool:
    """Say it by the definition: nowhere worse, somewhere better, unknown is worst."""
    pairs = [
        (left, right)
        for left, right in zip(astuple(one)[:-1], astuple(other)[:-1], strict=True)
        if left != right
    ]
    return bool(pairs) and all(
        left is not None and (right is None or left < right) for left, right in pairs
    )


def test_a_line_counts_what_is_saved_and_what_is_paid() -> None:
    other = replace(
        PLAIN,
        steps=2,
        manual_steps=1,
        seats_by_hand=40,
        services_lost=1,
        done_on=date(2026, 11, 24),
        monthly=Decimal("240.00"),
        standing=0,
        doubt=1,
    )
    assert line_of(PLAIN, other) == (
        "1 step more, 1 step by hand more, 40 seats more to reassign by hand, 1 service more lost, "
        "1 day later, 12.00 USD a month cheaper, READY instead of CONDITIONAL, better documented"
    )
    assert line_of(other, PLAIN).startswith("1 step fewer, 1 step by hand fewer, 40 seats fewer")
    assert line_of(PLAIN, PLAIN) == ""


def test_prices_of_two_currencies_are_never_compared() -> None:
    rupees = replace(PLAIN, monthly=Decimal("9.00"), currency="INR")
    assert "a month" not in line_of(PLAIN, rupees)
