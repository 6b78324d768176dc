"""`affected` shows whom a move concerns, and `import` takes Graph's users."""

import json
from pathlib import Path

import pytest

from tests.offerpath.command import Cli

NORTHGATE = "Northgate"
BUSINESS_BASIC = "BD938F12-058F-4927-BBA3-AE36B1D2501C"
LEGACY_E3 = "796B6B5F-613C-4E24-A17C-EBA730D49C02"
NOBODY = "00000000-0000-4000-8000-00000000abcd"
AT = ("--at", "2026-11-23")


@pytest.fixture(scope="module")
def subscription(cli: Cli) -> str:
    """Give the customer's subscription of Business Basic."""
    told = cli.call("blockers", NORTHGATE, "--target", LEGACY_E3, *AT, "--json").json
    (one,) = (
        each["subscription"]
        for each in told["subscriptions"]
        if each["subscription"]["catalogId"] == BUSINESS_BASIC
    )
    return str(one["subscriptionId"])


def test_affected_tells_everything_as_json(cli: Cli, subscription: str) -> None:
    asked = ("affected", NORTHGATE, "--subscription", subscription, "--target", LEGACY_E3)
    done = cli.call(*asked, *AT, "--json")
    assert (done.code, done.err) == (0, "")
    assert set(done.json) == {
        *("catalog", "at", "customer", "subscription", "affected", "noPath", "notInCatalog"),
    }
    affected = done.json["affected"]
    assert (affected["handling"], affected["state"], affected["holders"]) == (
        "BY_HAND",
        "COMPLETE",
        4,
    )
    assert (affected["total"], affected["hasMore"]) == (4, False)
    assert affected["accounts"][0]["account"]["displayName"] == "Booking desk 1"
    assert {work["kind"] for work in affected["accounts"][0]["work"]} >= {"GRANTED_TWICE"}


def test_affected_tells_what_each_user_needs_where_no_json_is_asked_for(
    cli: Cli, subscription: str
) -> None:
    asked = ("affected", NORTHGATE, "--subscription", subscription, "--target", LEGACY_E3)
    done = cli.call(*asked, *AT, "--first", "1")
    assert done.code == 0
    assert "licences are reassigned by hand" in done.out
    assert "4 users have a licence of it; 4 need attention" in done.out
    assert "   GRANTED_TWICE: 1 user gets services twice\n" in done.out
    assert "\nbooking1@northgate-travel.test\n   WARNS SERVICES_LOST: " in done.out
    assert "and 3 more users; --first shows more" in done.out


def test_affected_says_that_nobody_needs_attention(cli: Cli, subscription: str) -> None:
    done = cli.call("affected", NORTHGATE, "--subscription", subscription, *AT)
    assert done.code == 0
    assert "4 users have a licence of it; none needs attention" in done.out


def test_where_users_are_not_loaded_it_says_what_to_import(cli: Cli) -> None:
    told = cli.call("blockers", "Elmstreet", *AT, "--json").json
    one = told["subscriptions"][0]["subscription"]["subscriptionId"]
    done = cli.call("affected", "Elmstreet", "--subscription", one, *AT)
    assert done.code == 0
    assert "import the customer's users (Microsoft Graph)" in done.out
    assert "0 users" not in done.out


def test_a_subscription_that_is_not_there_is_not_found(cli: Cli) -> None:
    done = cli.call("affected", NORTHGATE, "--subscription", NOBODY, *AT, "--json")
    assert (done.code, done.error["code"]) == (3, "SUBSCRIPTION_NOT_FOUND")


def test_no_path_ends_with_4(cli: Cli, subscription: str) -> None:
    asked = ("affected", NORTHGATE, "--subscription", subscription, "--target", BUSINESS_BASIC)
    done = cli.call(*asked, *AT, "--json")
    assert done.code == 4
    assert (done.json["affected"], done.json["noPath"] is None) == (None, False)


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("MALFORMED_ID", ("--subscription", "mine")),
        ("SEATS_OUT_OF_RANGE", ("--subscription", NOBODY, "--seats", "0")),
        ("FIRST_OUT_OF_RANGE", ("--subscription", NOBODY, "--first", "0")),
        ("USAGE", ()),
    ],
)
def test_bad_input_ends_with_2_before_anything_is_started(
    tmp_path: Path, code: str, more: tuple[str, ...]
) -> None:
    done = Cli(tmp_path / "data").call("affected", NORTHGATE, *more, "--json")
    assert (done.code, done.error["code"]) == (2, code)
    assert not (tmp_path / "data").exists()


def test_users_are_imported_for_the_customer_that_is_named(cli: Cli, tmp_path: Path) -> None:
    named = cli.call("blockers", "Granite", *AT, "--json").json["customer"]["customerId"]
    row = {
        "id": "77777777-0000-4000-8000-000000000001",
        "userPrincipalName": "frontdesk@granite.test",
        "assignedLicenses": [],
    }
    file = tmp_path / "users.json"
    file.write_text(json.dumps({"@odata.context": "x#users", "value": [row]}))
    done = cli.call("import", str(file), "--customer", named)
    assert done.code == 0
    assert "accounts: 1 stored, 0 removed" in done.out
    assert "frontdesk" not in done.out + done.err
    refused = cli.call("import", str(file), "--json").json["files"][0]["refused"]
    assert refused["code"] == "CUSTOMER_NEEDED"
