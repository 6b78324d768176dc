"""`offerpath key`, and the command line where sign-in is on."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.offerpath.command import Cli, Done
from tests.offerpath.issuer import AUDIENCE, OTHER_TENANT, TENANT, Issuer

KEY = re.compile(r"ofp_[A-Za-z0-9_-]{86}")


@pytest_asyncio.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with Issuer().up() as answering:
        yield answering


class SignedIn:
    """The command line with sign-in on, as whoever holds a token."""

    def __init__(self, cli: Cli, issuer: Issuer) -> None:
        self.cli = cli
        self.issuer = issuer

    async def run(self, token: str | None, *arguments: str) -> Done:
        variables = {
            "OFFERPATH_AUTH": "oidc",
            "OFFERPATH_OIDC_ISSUER": self.issuer.url,
            "OFFERPATH_OIDC_AUDIENCE": AUDIENCE,
        } | ({} if token is None else {"OFFERPATH_TOKEN": token})
        # The issuer answers from this process.
        return await asyncio.to_thread(self.cli.run, *arguments, **variables)


@pytest.fixture
def signed_in(cli: Cli, issuer: Issuer) -> SignedIn:
    return SignedIn(cli, issuer)


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


async def test_with_sign_in_a_command_needs_a_token(signed_in: SignedIn) -> None:
    done = await signed_in.run(None, "offers", "Teams", "--json")
    assert done.code == 2
    assert done.error["code"] == "NOT_SIGNED_IN"
    assert "OFFERPATH_TOKEN" in done.error["remedy"]
    assert signed_in.issuer.asked == []


async def test_with_sign_in_a_command_acts_as_the_tokens_holder(signed_in: SignedIn) -> None:
    """The local partner has the sample customers; the token's partner has none."""
    issuer = signed_in.issuer
    done = await signed_in.run(issuer.token(), "portfolio", "--json")
    assert done.code == 0, done
    assert done.json["portfolio"]["customers"] == 0
    no_role = issuer.token(roles=None)
    refused = await signed_in.run(no_role, "portfolio", "--json")
    assert (refused.code, refused.error["code"]) == (2, "NOT_PERMITTED")
    late = await signed_in.run(issuer.token(exp=1), "portfolio", "--json")
    assert (late.code, late.error["code"]) == (2, "TOKEN_EXPIRED")
    assert "ey" not in late.err


async def test_with_sign_in_a_key_does_instead_of_a_token(signed_in: SignedIn) -> None:
    person = signed_in.issuer.token(tid=OTHER_TENANT)
    made = (await signed_in.run(person, "key", "create", "Nightly", "--json")).json
    assert made["owner"]["label"] == "An Analyst"
    signed_in.issuer.status = 500
    listed = await signed_in.run(made["token"], "key", "list", "--json")
    assert [one["keyId"] for one in listed.json["apiKeys"]] == [made["keyId"]]
    again = await signed_in.run(made["token"], "key", "create", "Another", "--json")
    assert (again.code, again.error["code"]) == (2, "KEY_MAKES_NO_KEYS")


async def test_an_issuer_that_is_away_is_a_fault_and_not_the_tokens(signed_in: SignedIn) -> None:
    signed_in.issuer.status = 500
    done = await signed_in.run(signed_in.issuer.token(tid=TENANT), "portfolio", "--json")
    assert (done.code, done.error["code"]) == (1, "SIGN_IN_UNAVAILABLE")


async def test_with_sign_in_init_needs_no_token_and_loads_no_sample(signed_in: SignedIn) -> None:
    done = await signed_in.run(None, "init", "--json")
    assert done.code == 0, done
    assert done.json["customers"] is None
    assert done.json["offers"] > 0
