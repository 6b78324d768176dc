"""Retail prices on a day, the dated rules about them, and a subscription's cost over a year."""

import random
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.bundled import bundled_facts
from planner.catalog import Catalog
from planner.coverage import Source
from planner.customers import Customer, Subscription
from planner.ids import CatalogId
from planner.offers import Price, Segment
from planner.pricing.cost_now import Cost, cost_now
from planner.pricing.prices import (
    PriceGap,
    PriceNotKnown,
    Quote,
    cheapest_month,
    prices_of,
    rounded,
)
from planner.pricing.rules import (
    EXTENDED_TERM,
    EXTENDED_TERM_WITHOUT_MONTHLY,
    MONTHLY_BILLING,
    MONTHLY_TERM,
    PRICE_RULES,
    Surcharge,
    surcharge_in_lists,
)
from planner.pricing.twelve_months import TwelveMonths, twelve_months
from tests.examples import checked
from tests.planner.builders import catalog, customer, from_facts, offer, oid, subscription

TODAY = date(2026, 11, 23)
BEFORE = date(2025, 3, 31)
MOVES = "A>a migration documented, A>b migration documented"


def price(
    name: str,
    amount: str,
    term: str = "P1Y",
    billing: str = "Annual",
    *,
    market: str = "US",
    currency: str = "USD",
    segment: Segment = Segment.COMMERCIAL,
    starts: date | None = None,
    ends: date | None = None,
    source: str = "list",
) -> Price:
    return Price(
        oid(name),
        segment,
        term,
        billing,
        market,
        currency,
        Decimal(amount),
        starts,
        ends,
        source,
    )


def priced(*prices: Price, dated: date | None = date(2025, 11, 1), source: str = "list") -> Catalog:
    return catalog(MOVES, prices=prices, sources=[Source(source, source, dated)])


def quotes(
    made: Catalog, name: str = "a", *, market: str | None = "US", on: date = TODAY
) -> tuple[Quote, ...]:
    found = prices_of(made, oid(name), market=market, on=on)
    assert not isinstance(found, PriceNotKnown), found
    return found


def gap(made: Catalog, name: str = "a", **asked: object) -> PriceNotKnown:
    found = prices_of(made, oid(name), **({"market": "US", "on": TODAY} | asked))
    assert isinstance(found, PriceNotKnown)
    assert found.code == "PRICE_NOT_KNOWN"
    assert found.remedy
    return found


@cache
def bundled() -> Catalog:
    return from_facts(bundled_facts())


@pytest.mark.parametrize(
    ("term", "billing", "amount", "month"),
    [
        ("P1M", "Monthly", "7.20", "7.20"),
        ("P1Y", "Annual", "72", "6.00"),
        ("P1Y", "Monthly", "75.60", "6.30"),
        ("P3Y", "Triennial", "216", "6.00"),
        ("P1Y", "Annual", "10", "0.83"),
        ("P6M", "Monthly", "30", "5.00"),
    ],
)
def test_the_price_of_a_term_and_of_a_month_are_told_apart(
    term: str, billing: str, amount: str, month: str
) -> None:
    (quote,) = quotes(priced(price("a", amount, term, billing)))
    assert (quote.term, quote.billing_plan) == (term, billing)
    assert (quote.per_term, quote.per_month) == (Decimal(amount), Decimal(month))


def test_a_legacy_price_is_for_a_month_whatever_the_term() -> None:
    (quote,) = quotes(priced(price("A", "5", "P1M", "Monthly")), "A")
    assert (quote.term, quote.billing_plan, quote.per_term) == (None, None, None)
    assert quote.per_month == 5


def test_a_term_that_cannot_be_read_has_no_month() -> None:
    (quote,) = quotes(priced(price("a", "5", "OneTime", "OneTime")))
    assert (quote.per_term, quote.per_month) == (Decimal(5), None)


@pytest.mark.parametrize(
    ("on", "amount"),
    [
        (date(2025, 12, 31), "60"),
        (date(2026, 1, 1), "72"),
        (date(2026, 3, 31), "72"),
        (date(2026, 4, 1), "60"),
    ],
)
def test_of_ranges_that_overlap_the_one_that_begins_last_wins_on_its_days(
    on: date, amount: str
) -> None:
    made = priced(
        price("a", "60", starts=date(2024, 5, 1)),
        price("a", "72", starts=date(2026, 1, 1), ends=date(2026, 3, 31)),
    )
    (quote,) = quotes(made, on=on)
    assert quote.per_term == Decimal(amount)


def test_of_ranges_that_begin_together_the_newer_list_wins() -> None:
    rows = price("a", "60", source="old"), price("a", "72", source="new")
    sources = [Source("old", "", date(2024, 1, 1)), Source("new", "", date(2025, 1, 1))]
    (quote,) = quotes(catalog(MOVES, prices=rows, sources=sources))
    assert (quote.per_term, quote.as_of) == (Decimal(72), date(2025, 1, 1))


def test_days_far_away_mean_no_begin_and_no_end() -> None:
    made = priced(price("a", "60", starts=date(1753, 1, 2), ends=date(9999, 11, 30)))
    (quote,) = quotes(made)
    assert (quote.effective_start, quote.effective_end) == (None, None)


def test_a_price_that_nobody_tells_is_not_known_and_says_why() -> None:
    made = priced(price("a", "60", starts=date(2026, 1, 1)))
    assert gap(made, "b").gap is PriceGap.NOT_LISTED
    assert gap(made, market="DE").gap is PriceGap.OTHER_MARKET
    assert "US" in gap(made, market="DE").message
    assert gap(made, segment=Segment.CHARITY).gap is PriceGap.OTHER_SEGMENT
    early = gap(made, on=date(2025, 12, 31))
    assert early.gap is PriceGap.OTHER_DAY
    assert "2026-01-01" in early.message


def test_prices_kept_from_somebody_are_withheld_and_not_called_unknown() -> None:
    whole = Catalog(bundled_facts(), version_id="whole", content_hash="")
    bare = whole.without_prices()
    listed = next(iter(whole.prices))
    told = prices_of(bare, listed, market=None, on=date(2026, 11, 23))
    assert isinstance(told, PriceNotKnown)
    assert told.gap is PriceGap.WITHHELD
    assert not isinstance(prices_of(whole, listed, market=None, on=date(2026, 11, 23)), type(told))
    assert (bare.graph, bare.offers) == (whole.graph, whole.offers)


def test_a_price_of_zero_is_known() -> None:
    (quote,) = quotes(priced(price("a", "0", "P1M", "None")))
    assert (quote.per_term, quote.per_month) == (Decimal(0), Decimal(0))


def test_without_a_market_the_prices_of_all_are_told_each_in_its_currency() -> None:
    made = priced(price("a", "60"), price("a", "5000", market="IN", currency="INR"))
    assert [(one.market, one.currency) for one in quotes(made, market=None)] == [
        ("IN", "INR"),
        ("US", "USD"),
    ]


def test_only_retail_is_ever_told() -> None:
    names = {field.name for field in (*fields(Quote), *fields(Price), *fields(Cost))}
    assert not {name for name in names if "unit" in name or "cost_price" in name or name == "list"}
    assert "amount" in names


def test_the_cheapest_month_is_of_whichever_term() -> None:
    made = priced(price("a", "7.20", "P1M", "Monthly"), price("a", "72"))
    found = cheapest_month(made, oid("a"), "US", TODAY)
    assert found is not None
    assert found.term == "P1Y"
    assert cheapest_month(made, oid("a"), "DE", TODAY) is None


@pytest.mark.parametrize(
    ("amount", "currency", "whole"),
    [("0.005", "USD", "0.01"), ("1.004999", "EUR", "1.00"), ("100.5", "JPY", "101")],
)
def test_half_a_unit_is_rounded_upwards(amount: str, currency: str, whole: str) -> None:
    assert rounded(Decimal(amount), currency) == Decimal(whole)


DAYS = st.dates(date(2024, 1, 1), date(2027, 1, 1))
RANGES = st.lists(st.tuples(DAYS, st.integers(0, 900), st.integers(1, 99)), min_size=1, max_size=6)


@checked(80)
@given(RANGES, DAYS, st.integers(0, 1000))
def test_the_price_of_a_day_is_that_of_its_latest_range_under_any_order_of_rows(
    ranges: list[tuple[date, int, int]], on: date, seed: int
) -> None:
    rows = [
        price("a", str(amount), starts=start, ends=date.fromordinal(start.toordinal() + length))
        for start, length, amount in ranges
    ]
    holding = [row for row in rows if row.effective_start <= on <= row.effective_end]  # type: ignore[operator]
    mixed = random.Random(seed).sample(rows, len(rows))  # noqa: S311 - no secret
    found = prices_of(priced(*mixed), oid("a"), market="US", on=on)
    if not holding:
        assert isinstance(found, PriceNotKnown)
        return
    assert not isinstance(found, PriceNotKnown)
    latest = max(row.effective_start for row in holding)  # type: ignore[type-var]
    assert [one.effective_start for one in found] == [latest]
    assert found == prices_of(priced(*rows), oid("a"), market="US", on=on)


# The rules.


def _pair(monthly: str, *, starts: date | None = date(2024, 5, 1)) -> tuple[Price, Price]:
    annual = price("a", "100", starts=starts)
    return annual, price("a", monthly, "P1Y", "Monthly", starts=starts)


def _monthly_billed(made: Catalog, on: date = TODAY) -> Quote:
    (found,) = (one for one in quotes(made, on=on) if one.billing_plan == "Monthly")
    return found


@pytest.mark.parametrize(
    ("monthly", "dated", "on", "per_term"),
    [
        ("100", BEFORE, TODAY, "105.00"),
        ("100", BEFORE, date(2025, 4, 1), "105.00"),
        ("100", BEFORE, BEFORE, "100"),
        ("105", BEFORE, TODAY, "105"),
        ("100", date(2025, 4, 1), TODAY, "100"),
        ("105", date(2025, 11, 1), TODAY, "105"),
    ],
)
def test_five_percent_are_added_to_old_lists_alone_and_never_twice(
    monthly: str, dated: date, on: date, per_term: str
) -> None:
    quote = _monthly_billed(priced(*_pair(monthly), dated=dated), on)
    assert quote.per_term == Decimal(per_term)
    assert quote.listed == Decimal(monthly)
    assert (quote.surcharge != 0) == (quote.per_term != quote.listed)


def test_terms_of_a_month_and_annual_billing_never_get_the_surcharge() -> None:
    rows = price("a", "100"), price("a", "10", "P1M", "Monthly"), price("a", "300", "P3Y")
    made = priced(*_pair("100")[1:], *rows, dated=BEFORE)
    added = {(one.term, one.billing_plan): one.surcharge for one in quotes(made)}
    assert {key for key, rate in added.items() if rate} == {("P1Y", "Monthly")}


def test_a_price_without_its_annual_twin_follows_its_list_as_a_whole() -> None:
    alone = price("b", "50", "P1Y", "Monthly")
    without = priced(*_pair("100"), alone, dated=BEFORE)
    assert [one.surcharge for one in quotes(without, "b")] == [MONTHLY_BILLING.rate]
    within = priced(*_pair("105"), alone, dated=BEFORE)
    assert [one.surcharge for one in quotes(within, "b")] == [0]
    nothing_to_compare = priced(alone, dated=BEFORE)
    assert [one.surcharge for one in quotes(nothing_to_compare, "b")] == [0]


def test_a_list_without_a_day_is_taken_as_it_is_written() -> None:
    made = priced(*_pair("100", starts=None), dated=None)
    assert _monthly_billed(made).surcharge == 0


def test_both_bundled_lists_include_the_surcharge_and_no_bundled_price_gets_it_again() -> None:
    said = surcharge_in_lists(bundled())
    new = {key: one for key, one in said.items() if one.pairs}
    assert {key: one.verdict for key, one in new.items()} == {
        ("NCE_LicenseBasedPL_GA_US_2025-11", "US"): Surcharge.INCLUDED,
        ("outcome_sheet_IN_2026-08", "IN"): Surcharge.INCLUDED,
    }
    assert all(one.with_surcharge >= 0.99 * one.pairs for one in new.values())
    for catalog_id in bundled().prices:
        for day in (date(2025, 4, 1), TODAY):
            found = prices_of(bundled(), catalog_id, market=None, on=day)
            assert isinstance(found, PriceNotKnown) or not any(one.surcharge for one in found)


def test_every_rule_has_a_source_and_what_is_usual_is_no_rule() -> None:
    assert all(rule.source.startswith("docs/sources.md 0") for rule in PRICE_RULES)
    assert [rule for rule in PRICE_RULES if not rule.is_binding] == [MONTHLY_TERM]


# A year of a subscription.

FULL = (
    price("a", "12", "P1M", "Monthly"),
    price("a", "120"),
    price("a", "126", "P1Y", "Monthly"),
    price("a", "330", "P3Y", "Triennial"),
    price("a", "330", "P3Y"),
    price("A", "9", "P1M", "Monthly"),
)


def _amounts(first: int | str, second: int | str) -> tuple[Decimal, Decimal]:
    return Decimal(first), Decimal(second)


def _year(
    prices: Iterable[Price],
    held: Subscription,
    *targets: str,
    on: date = TODAY,
    owner: Customer | None = None,
) -> TwelveMonths:
    made = priced(*prices)
    return twelve_months(made, owner or customer(held), held, [*map(oid, targets)], on=on)


def test_every_term_and_billing_stands_beside_todays_cost_for_the_seats_cheapest_first() -> None:
    found = _year(FULL, subscription("A", 10), "a")
    assert isinstance(found.now.cost, Cost)
    assert (found.now.cost.monthly, found.now.cost.yearly) == _amounts(90, 1080)
    assert found.now.cost.committed is None
    lines = [
        (line.cost.quote.term, line.cost.quote.billing_plan, line.cost.monthly, line.cost.yearly)
        for line in found.lines
    ]
    assert lines == [
        ("P3Y", "Annual", *_amounts("91.67", 1100)),
        ("P3Y", "Triennial", *_amounts("91.67", 1100)),
        ("P1Y", "Annual", *_amounts(100, 1200)),
        ("P1Y", "Monthly", *_amounts(105, 1260)),
        ("P1M", "Monthly", *_amounts(120, 1440)),
    ]
    changes = [line.change for line in found.lines]
    assert [one and one.yearly for one in changes] == [20, 20, 120, 180, 360]
    assert [one and one.percent for one in changes][-1] == Decimal("33.3")


def test_what_is_committed_and_what_the_bills_of_a_year_come_to_are_told_apart() -> None:
    found = _year(FULL, subscription("A", 10), "a")
    told = {
        (line.cost.quote.term, line.cost.quote.billing_plan): (
            line.cost.committed,
            line.cost.paid_in_a_year,
        )
        for line in found.lines
    }
    assert told == {
        ("P3Y", "Annual"): _amounts(3300, 1100),
        ("P3Y", "Triennial"): _amounts(3300, 3300),
        ("P1Y", "Annual"): _amounts(1200, 1200),
        ("P1Y", "Monthly"): _amounts(1260, 1260),
        ("P1M", "Monthly"): _amounts(120, 1440),
    }


def test_the_year_is_made_of_unrounded_parts() -> None:
    found = _year([price("a", "10")], subscription("A", 7), "a")
    (line,) = found.lines
    assert (line.cost.monthly, line.cost.yearly) == (Decimal("5.83"), Decimal(70))


def test_unknown_seats_market_and_prices_stay_unknown_and_are_named() -> None:
    found = _year(FULL, subscription("A", None), "a", "b")
    assert found.unknown == ("subscription.quantity",)
    assert {(line.cost.yearly, line.change) for line in found.lines} == {(None, None)}
    assert all(line.why_no_change for line in found.lines)
    assert [(one.catalog_id, one.gap) for one in found.not_priced] == [
        (oid("b"), PriceGap.NOT_LISTED)
    ]
    nowhere = _year(FULL, subscription("A"), "a", owner=customer(subscription("A"), market=None))
    assert (nowhere.unknown, nowhere.lines) == (("customer.market",), ())
    assert [one.gap for one in nowhere.not_priced] == [PriceGap.MARKET_NOT_KNOWN]
    assert isinstance(nowhere.now.cost, PriceNotKnown)


def test_without_todays_price_the_targets_are_told_without_a_change() -> None:
    found = _year(FULL[:2], subscription("A", 10), "a")
    assert isinstance(found.now.cost, PriceNotKnown)
    assert [line.cost.yearly for line in found.lines] == [1200, 1440]
    assert all(line.change is None and line.why_no_change for line in found.lines)


def test_currencies_are_never_compared() -> None:
    rows = price("a", "120", currency="EUR"), price("A", "9", "P1M", "Monthly")
    (line,) = _year(rows, subscription("A", 10), "a").lines
    assert line.change is None
    assert "USD" in (line.why_no_change or "")


def _held(term: str = "P1Y", billing: str = "annual", **more: object) -> Subscription:
    last = date(2027, 3, 31)
    return replace(
        subscription("a"),
        term=term,
        billing_cycle=billing,
        last_day=last,
        **more,  # type: ignore[arg-type]
    )


def test_a_price_is_that_of_the_day_on_which_the_term_began() -> None:
    rows = (
        price("a", "120", starts=date(2024, 1, 1), ends=date(2026, 6, 30)),
        price("a", "150", starts=date(2026, 7, 1)),
    )
    found = _year(rows, _held())
    assert isinstance(found.now.cost, Cost)
    assert (found.now.priced_on, found.now.cost.yearly) == (date(2026, 4, 1), Decimal(1200))
    assert found.now.notes == ()
    (line,) = found.lines
    assert line.target == oid("a")
    assert line.change is not None
    assert line.change.yearly == 300


@pytest.mark.parametrize(
    ("held", "note"),
    [
        (_held(), "LIST_OF_TERM_BEGIN_NOT_LOADED"),
        (replace(_held(), last_day=None), "TERM_BEGIN_NOT_KNOWN"),
        (replace(_held(), last_day=date.max), "TERM_BEGIN_NOT_KNOWN"),
        (replace(_held(), last_day=date(2026, 1, 1)), "TERM_BEGIN_NOT_KNOWN"),
    ],
)
def test_where_that_day_or_its_list_is_not_known_todays_is_taken_and_said_so(
    held: Subscription, note: str
) -> None:
    made = priced(price("a", "150", starts=date(2026, 7, 1)))
    now = cost_now(made, customer(held), held, on=TODAY)
    assert isinstance(now.cost, Cost)
    assert (now.priced_on, [one.code for one in now.notes]) == (TODAY, [note])


def test_a_legacy_price_says_of_which_list_it_is() -> None:
    held = subscription("A")
    now = cost_now(priced(*FULL, dated=date(2021, 9, 1)), customer(held), held, on=TODAY)
    (note,) = now.notes
    assert (note.code, note.source) == ("LEGACY_PRICE_LIST", "list")
    assert "2021-09-01" in note.message


@pytest.mark.parametrize(
    ("held", "gap_found", "names"),
    [
        (_held("P1Y", "triennial"), PriceGap.OTHER_TERM, ()),
        (replace(_held(), term=None), PriceGap.TERM_NOT_KNOWN, ("subscription.termDuration",)),
        (
            replace(_held(), billing_cycle=None),
            PriceGap.TERM_NOT_KNOWN,
            ("subscription.billingCycle",),
        ),
        (replace(_held(), catalog_id=None), PriceGap.OFFER_NOT_KNOWN, ()),
        (replace(_held(), catalog_id=CatalogId("X")), PriceGap.OFFER_NOT_KNOWN, ()),
    ],
)
def test_what_is_missing_to_know_todays_price_is_named(
    held: Subscription, gap_found: PriceGap, names: tuple[str, ...]
) -> None:
    found = _year(FULL, held)
    assert isinstance(found.now.cost, PriceNotKnown)
    assert (found.now.cost.gap, found.now.cost.fields) == (gap_found, names)
    assert found.unknown == names


def test_a_promotion_is_said_to_make_the_price_another() -> None:
    held = replace(subscription("A"), promotion_id="39NFJQT1X1K2:0001")
    assert "PROMOTION" in [one.code for one in _year(FULL, held).now.notes]


def test_the_extended_service_term_costs_the_monthly_rate_and_three_percent() -> None:
    extended = _year(FULL, _held(auto_renews=False)).extended
    assert extended is not None
    assert (extended.begins, extended.rule) == (date(2027, 4, 1), EXTENDED_TERM)
    assert (extended.per_month, extended.monthly) == (Decimal("12.36"), Decimal("123.60"))


def test_without_a_monthly_term_it_costs_the_annual_month_and_23_percent() -> None:
    extended = _year(FULL[1:], _held(auto_renews=False)).extended
    assert extended is not None
    assert (extended.rule, extended.per_month) == (EXTENDED_TERM_WITHOUT_MONTHLY, Decimal("12.30"))


def test_a_monthly_term_whose_price_is_not_known_leaves_the_extended_price_unknown() -> None:
    sold = replace(offer("a"), billing=("P1M/Monthly", "P1Y/Annual"))
    made = catalog(MOVES, prices=FULL[1:], offers=[sold])
    held = _held(auto_renews=False)
    assert twelve_months(made, customer(held), held, (), on=TODAY).extended is None


@pytest.mark.parametrize(
    "held",
    [
        _held(),
        _held(auto_renews=True),
        _held(auto_renews=False, cancels_at_end=True),
        replace(_held(auto_renews=False), last_day=None),
        replace(_held(auto_renews=False), term="P3Y", last_day=date(2027, 3, 1)),
        replace(subscription("A"), auto_renews=False, last_day=date(2027, 3, 31), term="P1Y"),
    ],
)
def test_no_extended_term_follows_where_one_of_its_conditions_is_not_met(
    held: Subscription,
) -> None:
    assert _year(FULL, held).extended is None


AMOUNTS = st.integers(1, 100_000)


@checked(60)
@given(AMOUNTS, AMOUNTS, st.integers(1, 500), st.randoms(use_true_random=False))
def test_a_year_of_an_annual_price_is_that_price_and_order_does_not_matter(
    annual: int, triennial: int, seats: int, dice: random.Random
) -> None:
    rows = [
        price("a", str(annual)),
        price("a", str(triennial), "P3Y"),
        price("b", str(annual)),
        price("A", "9", "P1M", "Monthly"),
    ]
    held = subscription("A", seats)
    found = _year(rows, held, "a", "b")
    for line in found.lines:
        assert line.cost.yearly is not None
        assert line.change is not None
        assert line.change.yearly == line.cost.yearly - 108 * seats
        if line.cost.quote.term == "P1Y":
            assert line.cost.yearly == annual * seats
        else:
            assert abs(3 * line.cost.yearly - triennial * seats) <= Decimal("0.03")
    assert _year(dice.sample(rows, len(rows)), held, "b", "a").lines == found.lines
