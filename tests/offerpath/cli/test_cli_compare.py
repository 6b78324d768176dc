"""`compare` sets two offers side by side, as a table and as JSON."""

from pathlib import Path

import pytest

from tests.offerpath.command import Cli

BUSINESS_BASIC = "BD938F12-058F-4927-BBA3-AE36B1D2501C"
NEW_E3 = "CFQ7TTC0LF8R:0001"
NOBODYS_OFFER = "00000000-0000-4000-8000-00000000ABCD"
AT = ("--at", "2026-11-23")


def test_compare_answers_with_every_part_and_money_as_text(cli: Cli) -> None:
    done = cli.call("compare", BUSINESS_BASIC.lower(), NEW_E3, "--market", "us", *AT, "--json")
    assert (done.code, done.err) == (0, "")
    assert set(done.json) == {
        *("catalog", "at", "from", "to", "sameSegment", "services", "prices"),
        *("terms", "markets", "there", "back"),
    }
    assert done.json["from"]["catalogId"] == BUSINESS_BASIC
    annual = next(
        line
        for line in done.json["prices"]
        if (line["term"], line["billingPlan"]) == ("P1Y", "Annual")
    )
    assert annual["to"]["perTerm"] == {"amount": "276", "currency": "USD"}
    assert annual["from"]["perTerm"] is None
    assert annual["differencePerMonth"] == {"amount": "18.00", "currency": "USD"}
    assert done.json["services"]["notKnown"] is None
    effect = done.json["services"]["effect"]
    assert effect["families"][0]["move"] == "UPGRADED"
    taken = {plan["planId"] for one in effect["families"] for plan in one["before"] + one["after"]}
    assert not taken & {plan["planId"] for plan in effect["added"] + effect["lost"]}
    assert done.json["there"]["noPath"] is None
    assert done.json["back"]["path"] is None
    assert done.json["back"]["noPath"]["verdict"] == "IMPOSSIBLE"


def test_compare_shows_a_table_where_no_json_is_asked_for(cli: Cli) -> None:
    done = cli.call("compare", BUSINESS_BASIC, NEW_E3, "--market", "US", *AT)
    assert done.code == 0
    assert "B loses 1 service: " in done.out
    assert "upgraded: Exchange Online (Plan 1) -> Exchange Online (Plan 2)" in done.out
    assert " ".join(done.out.split()).count("Exchange Online (Plan 2)") == 1
    (row,) = (line for line in done.out.splitlines() if " P1Y   Annual" in line)
    assert row.split()[:9] == ["US", "P1Y", "Annual", "5.00", "USD", "23.00", "USD", "18.00", "USD"]
    assert "A to B: Office 365 E3" in done.out
    assert "B to A: IMPOSSIBLE" in done.out


def test_a_price_that_nobody_tells_is_said_with_its_remedy_and_is_no_zero(cli: Cli) -> None:
    asked = ("compare", BUSINESS_BASIC, NEW_E3, "--market", "DE", *AT)
    done = cli.call(*asked, "--json")
    assert (done.code, done.json["prices"]) == (0, [])
    assert done.json["from"]["priceNotKnown"]["code"] == "PRICE_NOT_KNOWN"
    assert done.json["to"]["priceNotKnown"]["gap"] == "OTHER_MARKET"
    shown = cli.call(*asked).out
    assert "Price of B: Office 365 E3" in shown
    assert "0.00" not in shown


@pytest.mark.parametrize("ends", [(NOBODYS_OFFER, NEW_E3), (NEW_E3, NOBODYS_OFFER)])
def test_an_offer_that_the_catalog_does_not_have_is_not_found(
    cli: Cli, ends: tuple[str, str]
) -> None:
    done = cli.call("compare", *ends, "--json")
    assert (done.code, done.error["code"]) == (3, "OFFER_NOT_FOUND")
    assert NOBODYS_OFFER in done.error["message"]


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("MALFORMED_MARKET", ("--market", "USA")),
        ("BAD_DATE", ("--at", "soon")),
        ("USAGE", ("--segment", "nobody")),
    ],
)
def test_bad_input_ends_with_2_before_anything_is_started(
    tmp_path: Path, code: str, more: tuple[str, ...]
) -> None:
    done = Cli(tmp_path / "data").call("compare", BUSINESS_BASIC, NEW_E3, *more, "--json")
    assert (done.code, done.error["code"]) == (2, code)
    malformed = Cli(tmp_path / "data").call("compare", "e3", NEW_E3, "--json")
    assert (malformed.code, malformed.error["code"]) == (2, "MALFORMED_ID")
    assert not (tmp_path / "data").exists()
