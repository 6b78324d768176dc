"""The report `options`: every way, judged, with retail prices and nothing else for prices."""

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from offerpath.report_kinds import CustomersReportName
from planner.customers import Customer
from planner.offers import Price, Segment
from planner.options import NotInCatalog, options
from planner.scope import Scope
from tests.formats.reports.customer_reports import (
    NOW,
    asked_of,
    by_subscription,
    customers_of,
    importing,
    lines,
    sample_asked,
    sample_lines,
)
from tests.formats.reports.test_customer_reports import CONTOSO
from tests.planner.builders import customer, facts, oid, subscription

OPTIONS = CustomersReportName.OPTIONS
AMOUNTS = (
    "now_monthly",
    "now_yearly",
    "then_monthly",
    "then_yearly",
    "monthly_difference",
    "yearly_difference",
)


async def test_every_way_of_every_subscription_is_a_line_in_order_of_merit() -> None:
    asked = await sample_asked()
    told = by_subscription(await sample_lines(OPTIONS))
    for owner in await customers_of(asked):
        for held in owner.holdings.own:
            found = told.pop(held.subscription_id)
            ways = options(asked.catalog, owner, held, Scope(NOW), acting=asked.acting)
            if isinstance(ways, NotInCatalog) or not ways:
                assert [(line["rank"], line["target_id"]) for line in found] == [(0, None)]
                assert found[0]["standing"] != "CAN_MOVE"
                assert found[0]["standing_message"]
                continue
            assert [line["rank"] for line in found] == list(range(1, len(ways) + 1))
            assert [line["target_id"] for line in found] == [way.target for way in ways]
            assert [line["readiness"] for line in found] == [way.readiness.value for way in ways]
            assert {line["standing"] for line in found} == {"CAN_MOVE"}
    assert not told


def priced(letter: str, amount: str, *, term: str = "P1Y", billing: str = "Annual") -> Price:
    return Price(
        oid(letter),
        Segment.COMMERCIAL,
        term,
        billing,
        "US",
        "USD",
        Decimal(amount),
        date(2020, 1, 1),
        None,
        "list",
    )


def owner(**changes: Any) -> Customer:
    held = replace(subscription("a", 10), term="P1Y", billing_cycle="annual", **changes)
    return replace(customer(held), customer_id=CONTOSO)


async def prices_with(*prices: Price, held: Customer | None = None) -> dict[str, Any]:
    made = facts("a>b conversion documented", prices=prices)
    (line,) = await lines(await asked_of(importing(held or owner()), made), OPTIONS)
    return line


async def test_prices_are_of_the_same_term_and_billing_where_the_target_has_them() -> None:
    line = await prices_with(
        priced("a", "120"),
        priced("b", "240"),
        priced("b", "10", term="P1M", billing="Monthly"),
    )
    assert (line["then_choice"], line["then_term"]) == ("SAME_TERM_AND_BILLING", "P1Y")
    assert [line[name] for name in AMOUNTS] == [
        Decimal(each) for each in ("100.00", "1200.00", "200.00", "2400.00", "100.00", "1200.00")
    ]
    assert (line["now_currency"], line["then_currency"], line["price_gaps"]) == ("USD", "USD", ())


async def test_without_the_same_term_the_cheapest_year_is_told() -> None:
    line = await prices_with(
        priced("a", "120"),
        priced("b", "30", term="P1M", billing="Monthly"),
        priced("b", "540", term="P3Y", billing="Annual"),
    )
    assert (line["then_choice"], line["then_term"]) == ("CHEAPEST_YEAR", "P3Y")
    assert line["then_yearly"] == Decimal("1800.00")


async def test_a_price_that_is_not_known_is_empty_and_says_why() -> None:
    line = await prices_with(priced("a", "120"))
    assert (line["now_yearly"], line["then_yearly"]) == (Decimal("1200.00"), None)
    assert (line["yearly_difference"], line["price_gaps"]) == (None, ("THEN_NOT_LISTED",))
    line = await prices_with(priced("b", "240"))
    assert [line[name] for name in AMOUNTS] == [None, None, Decimal(200), Decimal(2400), None, None]
    assert line["price_gaps"] == ("NOW_NOT_LISTED",)


async def test_unknown_seats_leave_amounts_empty_and_name_the_field() -> None:
    line = await prices_with(priced("a", "120"), priced("b", "240"), held=owner(seats=None))
    assert {line[name] for name in AMOUNTS} == {None}
    assert line["price_missing_fields"] == ("subscription.quantity",)
    assert line["then_currency"] == "USD"


async def test_another_currency_makes_no_difference_known() -> None:
    euros = replace(priced("b", "240"), currency="EUR")
    line = await prices_with(priced("a", "120"), euros)
    assert (line["now_currency"], line["then_currency"]) == ("USD", "EUR")
    assert (line["yearly_difference"], line["then_yearly"]) == (None, Decimal("2400.00"))


async def test_every_amount_is_a_retail_price_of_the_catalog_times_the_seats() -> None:
    """No column has any other source: a partner's own prices are nowhere in the catalog."""
    asked = await sample_asked()
    catalog, told = asked.catalog, 0
    for line in await sample_lines(OPTIONS):
        for kind, offer in (("now", line["offer_id"]), ("then", line["target_id"])):
            if line[f"{kind}_monthly"] is None:
                continue
            told += 1
            retail = {
                (line["seats"] * price.amount * (1 + surcharge) / months).quantize(
                    Decimal("0.01"), ROUND_HALF_UP
                )
                for price in catalog.facts.prices
                if price.catalog_id == offer and price.currency == line[f"{kind}_currency"]
                for surcharge in (Decimal(0), Decimal("0.05"))
                for months in (1, 12, 36)
            }
            assert line[f"{kind}_monthly"] in retail
    assert told > 100


async def test_the_differences_are_those_of_the_amounts_beside_them() -> None:
    compared = 0
    for line in await sample_lines(OPTIONS):
        for unit in ("monthly", "yearly"):
            now, then, change = (
                line[f"now_{unit}"],
                line[f"then_{unit}"],
                line[f"{unit}_difference"],
            )
            if change is None:
                assert None in (now, then) or line["now_currency"] != line["then_currency"]
            else:
                compared += 1
                assert change == then - now
    assert compared > 100


async def test_no_column_is_called_cost_price_or_margin() -> None:
    (line, *_) = await sample_lines(OPTIONS)
    forbidden = ("partner_price", "cost_price", "margin", "discount", "net_price")
    assert not [name for name in line if any(word in name for word in forbidden)]
