"""`offerpath key`: without sign-in, as what has no settings is; with it in tests/processes."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from offerpath.house import House, open_house
from offerpath.settings import load_settings
from planner.permissions import Role
from resolvers.access.key_text import new_key_text
from resolvers.records.keys import ApiKey, HashedKey
from tests.offerpath.command import Cli

KEY = re.compile(r"ofp_[A-Za-z0-9_-]{86}")


def test_without_sign_in_no_key_is_made(cli: Cli) -> None:
    before = cli.call("key", "list", "--json").json["total"]
    refused = cli.call("key", "create", "Nightly", "--role", "sales_agent", "--json")
    assert (refused.code, refused.error["code"]) == (2, "KEY_NEEDS_SIGN_IN")
    assert "OFFERPATH_AUTH" in refused.error["remedy"]
    assert not KEY.search(refused.out + refused.err)
    assert cli.call("key", "list", "--json").json["total"] == before


def test_a_key_that_an_earlier_version_made_is_listed_and_revoked(cli: Cli) -> None:
    key_id = asyncio.run(_made_without_sign_in(cli))
    listed = cli.call("key", "list")
    assert listed.code == 0
    assert key_id in listed.out
    assert "LIVE" in listed.out
    revoked = cli.call("key", "revoke", key_id, "--json")
    assert revoked.json["state"] == "REVOKED"
    assert revoked.json["owner"] == {"id": "", "label": ""}
    found = cli.call("key", "list", "--json").json["apiKeys"]
    assert {one["keyId"]: one["state"] for one in found}[key_id] == "REVOKED"


async def _made_without_sign_in(cli: Cli) -> str:
    async with open_house(load_settings(data_dir=cli.data_dir), load_sample=False) as house:
        return await _kept(house)


async def _kept(house: House) -> str:
    now, every = datetime.now(UTC), frozenset(Role)
    text = new_key_text(house.principal.partner_id, str(uuid4()))
    key = ApiKey(text.key_id, "", "", "Off", every, None, now, now + timedelta(days=7))
    keys = (await house.asked()).stores.keys
    await keys.add(house.principal, HashedKey(key, text.digest), limit=50)
    return text.key_id


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
