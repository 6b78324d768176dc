"""`options` and `baseline` tell of subscriptions what the API tells, and `prices` of an offer."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLObjectType, build_schema

from schema.print import FILE
from tests.offerpath.command import Cli

ROWAN = "Rowan"
LEGACY_BASIC = "BD938F12-058F-4927-BBA3-AE36B1D2501C"
NEW_BASIC = "CFQ7TTC0LH18:0001"
NEW_STANDARD = "CFQ7TTC0LDPB:0001"
NOBODY = "00000000-0000-4000-8000-00000000abcd"
AT = ("--at", "2026-11-23")
BOUGHT = "cb9f11b9-7bff-5855-931f-083a83026bc9"
"""Rowan's 280 seats of new-commerce Business Basic, billed monthly for a year."""


def fields_of(name: str) -> set[str]:
    """Return the fields of a type as the committed schema names them."""
    told = build_schema(FILE.read_text(encoding="utf-8")).type_map[name]
    assert isinstance(told, GraphQLObjectType)
    return set(told.fields)


def answered(cli: Cli, *arguments: str) -> Any:
    done = cli.call(*arguments, "--json")
    assert (done.code, done.err) == (0, ""), done
    assert set(done.json) >= {"catalog", "at"}
    return done.json


def test_options_judges_every_way_and_counts_those_left_out(cli: Cli) -> None:
    told = answered(cli, "options", ROWAN, *AT, "--first", "2")
    assert set(told) == {"catalog", "at", "customer", "subscriptions"}
    assert len(told["subscriptions"]) == told["customer"]["ownHoldings"]["count"] == 2
    for one in told["subscriptions"]:
        assert set(one) == {"subscription", "options", "total", "hasMore", "notInCatalog"}
        assert len(one["options"]) == 2 < one["total"]
        assert one["hasMore"]
        assert {"readiness", "blockers", "rulesRan"} <= set(one["options"][0])


def test_options_shows_what_stops_each_way(cli: Cli) -> None:
    done = cli.call("options", ROWAN, *AT, "--first", "1")
    assert done.code == 0
    assert "1. Microsoft 365 Apps for business (CFQ7TTC0LH1G:0001): 1 step, CONDITIONAL" in done.out
    assert "MIGRATION; stopped by SEAT_CAP_EXCEEDED" in done.out
    assert re.search(r"^1 of \d+; --first shows more", done.out, re.MULTILINE)


def test_trade_offs_begin_with_the_best_way_and_say_what_the_others_trade(cli: Cli) -> None:
    asked = ("options", ROWAN, "--subscription", BOUGHT, "--trade-offs", *AT)
    (told,) = answered(cli, *asked)["subscriptions"]
    best, *others = told["tradeOffs"]
    assert set(best) == fields_of("TradeOff")
    assert best["line"] == ""
    assert others
    assert all(one["line"] for one in others)
    shown = cli.call(*asked).out
    assert shown.count("against the first: ") == len(others)
    assert others[0]["line"] in " ".join(shown.split())


def test_a_year_compares_costs_that_add_up_and_puts_the_cheapest_first(cli: Cli) -> None:
    asked = ("options", ROWAN, "--subscription", BOUGHT, "--year", "--target", NEW_STANDARD, *AT)
    (one,) = answered(cli, *asked)["subscriptions"]
    told = one["priceComparison"]
    assert set(told) == fields_of("PriceComparison")
    assert (told["seats"], told["market"]) == (280, "US")
    assert {line["target"]["catalogId"] for line in told["options"]} == {NEW_BASIC, NEW_STANDARD}
    assert set(told["options"][0]) == fields_of("PriceOption")
    assert set(told["options"][0]["cost"]) == fields_of("RetailCost")
    now = Decimal(told["now"]["cost"]["yearly"]["amount"])
    years = [Decimal(line["cost"]["yearly"]["amount"]) for line in told["options"]]
    assert years == sorted(years)
    assert [Decimal(line["change"]["yearly"]["amount"]) for line in told["options"]] == [
        year - now for year in years
    ]


def test_a_year_shows_amounts_with_their_currency(cli: Cli) -> None:
    done = cli.call("options", ROWAN, "--subscription", BOUGHT, "--year", "--first", "1", *AT)
    assert done.code == 0
    assert "now: 1764.00 USD a month, 21168.00 USD a year" in done.out
    assert re.search(r"P1Y/Annual +1680\.00 USD +20160\.00 USD +-1008\.00", done.out)


def test_what_is_supposed_gone_is_not_asked_about_unless_it_is_named(cli: Cli) -> None:
    gone = ("--if-cancelled", BOUGHT)
    told = answered(cli, "options", ROWAN, *AT, *gone)["subscriptions"]
    assert [one["subscription"]["subscriptionId"] for one in told] != []
    assert BOUGHT not in [one["subscription"]["subscriptionId"] for one in told]
    named = cli.call("options", ROWAN, "--subscription", BOUGHT, *gone, "--json")
    assert (named.code, named.error["code"]) == (3, "SUBSCRIPTION_SUPPOSED_GONE")


def test_supposed_seats_are_shown(cli: Cli) -> None:
    told = answered(cli, "options", ROWAN, "--subscription", BOUGHT, "--if-seats", f"{BOUGHT}=7")
    assert told["subscriptions"][0]["subscription"]["seats"] == 7


def test_the_baseline_tells_every_event_with_its_day_and_source(cli: Cli) -> None:
    told = answered(cli, "baseline", ROWAN, *AT)["baseline"]
    assert set(told) == fields_of("Baseline")
    assert told["until"] == "2028-11-23"
    for event in told["events"]:
        assert set(event) == fields_of("BaselineEvent")
        assert event["source"]
        assert event["after"] is None or {*event["after"], "offer"} == fields_of("Afterwards")
    days = [event["day"] or "9999" for event in told["events"]]
    assert days == sorted(days)
    one = answered(cli, "baseline", ROWAN, "--subscription", BOUGHT, *AT)["baseline"]
    assert one["events"] == [each for each in told["events"] if each["subscriptionId"] == BOUGHT]


def test_the_baseline_is_told_by_day_with_the_last_day_to_act(cli: Cli) -> None:
    done = cli.call("baseline", ROWAN, *AT, "--until", "2027-12-31")
    assert done.code == 0
    assert "if nobody acts, from 2026-11-23 to 2027-12-31" in done.out
    assert "\n2027-02-08\n   BLOCKS EXPIRES_FOR_GOOD: " in done.out
    assert "      act by 2027-02-06: " in done.out
    assert "2028-09-09" not in done.out


def test_prices_are_told_with_their_list(cli: Cli) -> None:
    told = answered(cli, "prices", NEW_BASIC.lower(), "--market", "us", *AT)
    assert set(told) == {"catalog", "at", "offer", "prices", "priceNotKnown"}
    assert told["priceNotKnown"] is None
    assert {one["market"] for one in told["prices"]} == {"US"}
    assert {*told["prices"][0], "catalogId"} == fields_of("Price")
    shown = cli.call("prices", NEW_BASIC, "--market", "US", *AT).out
    assert re.search(r"US +COMMERCIAL +P1Y +Annual +6\.00 USD +72\.00 USD", shown)
    assert "from: NCE_LicenseBasedPL_GA_US_2025-11 (2025-11-01)" in shown


def test_a_price_that_no_list_tells_is_an_answer_with_its_remedy(cli: Cli) -> None:
    told = answered(cli, "prices", LEGACY_BASIC, "--market", "FR", *AT)
    assert (told["prices"], told["priceNotKnown"]["code"]) == ([], "PRICE_NOT_KNOWN")
    shown = cli.call("prices", LEGACY_BASIC, "--market", "FR", *AT)
    assert shown.code == 0
    assert "PRICE_NOT_KNOWN: " in shown.out
    assert "remedy: " in shown.out


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("CUSTOMER_NOT_FOUND", ("options", "nobody by this name")),
        ("CUSTOMER_NOT_FOUND", ("baseline", "nobody by this name")),
        ("SUBSCRIPTION_NOT_FOUND", ("options", ROWAN, "--subscription", NOBODY)),
        ("SUBSCRIPTION_NOT_FOUND", ("options", ROWAN, "--year", "--subscription", NOBODY)),
        ("SUBSCRIPTION_NOT_FOUND", ("baseline", ROWAN, "--subscription", NOBODY)),
        ("OFFER_NOT_FOUND", ("options", ROWAN, "--year", "--target", NOBODY)),
        ("OFFER_NOT_FOUND", ("prices", NOBODY)),
    ],
)
def test_what_is_not_there_ends_with_3(cli: Cli, code: str, arguments: tuple[str, ...]) -> None:
    done = cli.call(*arguments, "--json")
    assert (done.code, done.error["code"]) == (3, code)


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("BAD_OPTION", ("options", ROWAN, "--target", NEW_BASIC)),
        ("BAD_OPTION", ("options", ROWAN, "--year", "--trade-offs")),
        ("BAD_OPTION", ("options", ROWAN, "--year", "--term", "P1Y")),
        ("BAD_OPTION", ("options", ROWAN, "--year", "--if-cancelled", NOBODY)),
        ("BAD_OPTION", ("options", ROWAN, "--year", "--legacy-upgrades", "exclude")),
        ("MALFORMED_ID", ("options", ROWAN, "--subscription", "mine")),
        ("FIRST_OUT_OF_RANGE", ("options", ROWAN, "--first", "0")),
        ("MALFORMED_ID", ("baseline", ROWAN, "--subscription", "mine")),
        ("MALFORMED_ID", ("prices", "business-basic")),
        ("MALFORMED_MARKET", ("prices", NEW_BASIC, "--market", "the moon")),
    ],
)
def test_bad_input_ends_with_2_before_anything_is_started(
    tmp_path: Path, code: str, arguments: tuple[str, ...]
) -> None:
    done = Cli(tmp_path / "data").call(*arguments, "--json")
    assert (done.code, done.error["code"]) == (2, code)
    assert not (tmp_path / "data").exists()


def test_a_day_beyond_the_horizon_is_bad_input(cli: Cli) -> None:
    done = cli.call("baseline", ROWAN, *AT, "--until", "2099-01-01", "--json")
    assert (done.code, done.error["code"]) == (2, "UNTIL_OUT_OF_RANGE")
