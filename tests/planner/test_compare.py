"""Two offers side by side: what differs, what it costs, and the way between them."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache

import pytest

from db.bundled import bundled_facts
from planner.catalog import Catalog, UnknownOffer
from planner.compare import Comparison, compare, terms_of
from planner.facts import CatalogFacts, SeatCap
from planner.ids import CatalogId
from planner.no_path import NoPath, Verdict
from planner.offers import Commerce, Known, Segment
from planner.paths import Path
from planner.pricing.prices import PriceNotKnown
from planner.scope import Scope
from planner.service_sets import ServiceEffect, ServicesNotKnown
from tests.planner.builders import NOW, facts, from_facts, offer, oid, with_plans
from tests.planner.pricing.test_prices import price

US = Scope(NOW, market="US")
BUSINESS_BASIC = CatalogId("BD938F12-058F-4927-BBA3-AE36B1D2501C")
NEW_E3 = CatalogId("CFQ7TTC0LF8R:0001")
PRICES = (
    price("A", "5", "P1M", "Monthly"),
    price("a", "72"),
    price("a", "7.20", "P1M", "Monthly"),
    price("b", "120"),
    price("b", "360", "P3Y"),
)


def _facts(**rows: object) -> CatalogFacts:
    plans = with_plans({"A": "MAIL", "a": "MAIL", "b": "MAIL TEAMS"})
    given = {**plans, "prices": PRICES} | rows
    return facts("A>a migration documented, a>b conversion documented", **given)  # type: ignore[arg-type]


def _compare(ends: str, scope: Scope = US, **rows: object) -> Comparison:
    return compare(from_facts(_facts(**rows)), oid(ends[0]), oid(ends[1]), scope)


def _lines(found: Comparison) -> list[tuple[object, ...]]:
    return [
        (
            line.term,
            line.billing_plan,
            line.origin and line.origin.per_month,
            line.target and line.target.per_month,
            line.difference_per_month,
            line.difference_per_term,
        )
        for line in found.prices
    ]


def test_prices_stand_side_by_side_by_term_and_billing_and_unknown_stays_unknown() -> None:
    assert _lines(_compare("ab")) == [
        ("P1M", "Monthly", Decimal("7.20"), None, None, None),
        ("P1Y", "Annual", 6, 10, 4, 48),
        ("P3Y", "Annual", None, 10, None, None),
    ]


def test_a_legacy_month_stands_beside_every_term_of_the_other() -> None:
    assert _lines(_compare("Aa")) == [
        ("P1M", "Monthly", 5, Decimal("7.20"), Decimal("2.20"), None),
        ("P1Y", "Annual", 5, 6, 1, None),
    ]
    assert _lines(_compare("aA")) == [
        ("P1M", "Monthly", Decimal("7.20"), 5, Decimal("-2.20"), None),
        ("P1Y", "Annual", 6, 5, -1, None),
    ]


def test_two_legacy_prices_are_one_line_without_a_term() -> None:
    prices = price("A", "5", "P1M", "Monthly"), price("B", "8", "P1M", "Monthly")
    made = from_facts(facts("A>B upgrade matrix", prices=prices))
    found = compare(made, oid("A"), oid("B"), US)
    assert _lines(found) == [(None, None, 5, 8, 3, None)]


def test_a_market_without_a_price_list_is_not_known_and_makes_no_line() -> None:
    found = _compare("ab", Scope(NOW, market="DE"))
    assert found.prices == ()
    assert isinstance(found.origin.prices, PriceNotKnown)
    assert isinstance(found.target.prices, PriceNotKnown)


def test_without_a_market_every_market_has_its_lines_and_currencies_stay_apart() -> None:
    indian = price("a", "5000", market="IN", currency="INR")
    found = _compare("ab", Scope(NOW), prices=(*PRICES, indian))
    assert [(line.market, line.currency) for line in found.prices] == [
        ("IN", "INR"),
        ("US", "USD"),
        ("US", "USD"),
        ("US", "USD"),
    ]
    assert found.prices[0].target is None
    assert found.origin.sold is None


def test_services_seats_terms_and_markets_are_compared() -> None:
    cap = SeatCap(oid("a"), 300, "FAMILY", 300, "pages")
    sizes = {"minimum_seats": 1, "maximum_seats": 500}
    told = {
        "A": {"billing": ("annual", "monthly"), "duration": "1 Year", **sizes},
        "a": {"billing": ("P1M/Monthly", "P1Y/Annual")},
    }
    base = _facts(seat_caps=[cap])
    offers = tuple(
        replace(one, markets=frozenset({"US", "IN"} if ":" in one.catalog_id else {"US", "DE"}))
        for one in base.offers
    )
    by_id = {oid(name): values for name, values in told.items()}
    offers = tuple(
        replace(one, **by_id.get(one.catalog_id, {}))  # type: ignore[arg-type]
        for one in offers
    )
    found = compare(from_facts(replace(base, offers=offers)), oid("A"), oid("a"), US)
    assert isinstance(found.services, ServiceEffect)
    assert (found.origin.seats.minimum, found.origin.seats.maximum) == (1, 500)
    assert (found.target.seats.minimum, found.target.seats.cap) == (None, cap)
    assert found.terms is not None
    assert (found.terms.in_both, found.terms.only_origin, found.terms.only_target) == (
        ("P1Y/Annual",),
        ("P1Y/Monthly",),
        ("P1M/Monthly",),
    )
    assert found.markets is not None
    assert (found.markets.in_both, found.markets.only_origin) == (("US",), ("DE",))
    assert (found.origin.sold, found.target.sold) == (Known.YES, Known.YES)


def test_what_no_source_says_of_terms_and_markets_is_unknown_and_not_empty() -> None:
    found = _compare("Aa")
    assert (found.terms, found.markets) == (None, None)
    assert (found.origin.terms, found.origin.seats.maximum) == (None, None)


@pytest.mark.parametrize(
    ("duration", "billing", "terms"),
    [
        ("1 Month", ("monthly",), ("P1M/Monthly",)),
        ("3 Years", ("annual",), ("P3Y/Annual",)),
        ("45 Day", ("none",), ("45 Day/None",)),
        (None, ("annual",), None),
        ("1 Year", (), None),
    ],
)
def test_legacy_terms_are_told_in_the_writing_of_new_commerce(
    duration: str | None, billing: tuple[str, ...], terms: tuple[str, ...] | None
) -> None:
    assert terms_of(replace(offer("A"), duration=duration, billing=billing)) == terms


def test_the_best_way_each_way_is_told_or_why_there_is_none() -> None:
    found = _compare("Ab")
    assert isinstance(found.there, Path)
    assert found.there.offers == (oid("A"), oid("a"), oid("b"))
    assert isinstance(found.back, NoPath)
    assert found.back.verdict is Verdict.IMPOSSIBLE
    back = _compare("bA")
    assert (back.there, back.back) == (found.back, found.there)


def test_segments_are_compared_and_each_offer_shows_its_own_prices() -> None:
    rows = _facts(prices=(price("a", "72"), price("b", "20", segment=Segment.CHARITY)))
    offers = tuple(
        replace(one, segment=Segment.CHARITY if one.catalog_id == oid("b") else one.segment)
        for one in rows.offers
    )
    made = from_facts(replace(rows, offers=offers))
    found = compare(made, oid("a"), oid("b"), US)
    assert found.same_segment is False
    assert _lines(found)[0][2:4] == (6, Decimal("1.67"))
    one_segment = compare(made, oid("a"), oid("b"), replace(US, segment=Segment.COMMERCIAL))
    assert isinstance(one_segment.target.prices, PriceNotKnown)


def test_an_offer_without_known_services_leaves_them_unknown() -> None:
    found = _compare("Ab", products=(), service_plans=())
    assert isinstance(found.services, ServicesNotKnown)


def test_an_offer_set_beside_itself_differs_in_nothing() -> None:
    found = _compare("bb")
    assert isinstance(found.services, ServiceEffect)
    assert (found.services.added, found.services.lost) == ((), ())
    assert {line.difference_per_month for line in found.prices} == {Decimal(0)}


def test_an_unknown_offer_is_refused() -> None:
    made = from_facts(_facts())
    with pytest.raises(UnknownOffer):
        compare(made, oid("a"), CatalogId("CFQ7TTC00000:9999"), US)


@pytest.mark.parametrize("seed", range(4))
def test_a_comparison_does_not_depend_on_the_order_of_rows(seed: int) -> None:
    made, dice = _facts(), random.Random(seed)  # noqa: S311 - no secret
    mixed = replace(
        made,
        offers=tuple(dice.sample(made.offers, len(made.offers))),
        prices=tuple(dice.sample(made.prices, len(made.prices))),
        products=tuple(dice.sample(made.products, len(made.products))),
    )
    assert repr(compare(from_facts(mixed), oid("A"), oid("b"), Scope(NOW))) == repr(
        compare(from_facts(made), oid("A"), oid("b"), Scope(NOW))
    )


@cache
def _bundled() -> Catalog:
    return from_facts(bundled_facts())


def test_business_basic_beside_office_365_e3_as_the_lists_have_them() -> None:
    scope = Scope(datetime(2026, 11, 23, tzinfo=UTC), market="US")
    found = compare(_bundled(), BUSINESS_BASIC, NEW_E3, scope)
    assert (found.origin.offer.commerce, found.same_segment) == (Commerce.LEGACY, True)
    told = {(line.term, line.billing_plan): line for line in found.prices}
    annual = told["P1Y", "Annual"]
    assert annual.origin is not None
    assert annual.target is not None
    assert (annual.origin.per_month, annual.origin.as_of) == (Decimal(5), date(2021, 9, 1))
    assert (annual.target.per_term, annual.difference_per_month) == (Decimal(276), Decimal(18))
    monthly = told["P1Y", "Monthly"].target
    assert monthly is not None
    assert (monthly.per_month, monthly.surcharge) == (Decimal("24.15"), Decimal(0))
    assert isinstance(found.services, ServiceEffect)
    assert {change.family for change in found.services.families} >= {
        "EXCHANGE_ONLINE",
        "SHAREPOINT_ONLINE",
    }
    assert isinstance(found.there, Path)
    assert isinstance(found.back, NoPath)
