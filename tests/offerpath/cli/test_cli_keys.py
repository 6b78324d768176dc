"""`offerpath key`."""

import re

import pytest

from tests.offerpath.command import Cli

KEY = re.compile(r"ofp_[A-Za-z0-9_-]{86}")


def test_a_key_is_made_listed_and_revoked(cli: Cli) -> None:
    made = cli.call("key", "create", "Nightly import", "--role", "sales_agent", "--days", "7")
    assert made.code == 0
    assert KEY.search(made.out)
    key_id = re.findall(r"[0-9a-f-]{36}", made.out)[0]
    listed = cli.call("key", "list")
    assert listed.code == 0
    assert key_id in listed.out
    assert "LIVE" in listed.out
    assert not KEY.search(listed.out)
    revoked = cli.call("key", "revoke", key_id, "--json")
    assert revoked.json["state"] == "REVOKED"
    found = cli.call("key", "list", "--json").json["apiKeys"]
    assert {one["keyId"]: one["state"] for one in found}[key_id] == "REVOKED"


def test_json_tells_the_key_and_its_text(cli: Cli) -> None:
    made = cli.call("key", "create", "Nightly", "--role", "SALES_AGENT", "--json").json
    assert KEY.fullmatch(made["token"])
    assert (made["name"], made["roles"], made["state"]) == ("Nightly", ["SALES_AGENT"], "LIVE")
    assert made["owner"] == {"id": "", "label": ""}


@pytest.mark.parametrize(
    ("arguments", "code", "exit_code"),
    [
        (("create", ""), "KEY_NAME_LENGTH", 2),
        (("create", "x", "--days", "400"), "DAYS_OUT_OF_RANGE", 2),
        (("create", "x", "--role", "king"), "USAGE", 2),
        (("revoke", "x"), "MALFORMED_ID", 2),
        (("revoke", "11111111-1111-4111-8111-111111111111"), "API_KEY_NOT_FOUND", 3),
        (("list", "--first", "0"), "FIRST_OUT_OF_RANGE", 2),
    ],
)
def test_what_cannot_be_is_said(
    cli: Cli, arguments: tuple[str, ...], code: str, exit_code: int
) -> None:
    done = cli.call("key", *arguments, "--json")
    assert (done.code, done.error["code"]) == (exit_code, code)
