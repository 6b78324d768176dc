"""The command line where sign-in is on, as whoever holds a token or a key."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.offerpath.command import Cli, Done
from tests.offerpath.sign_in.issuer import AUDIENCE, OTHER_TENANT, TENANT, Issuer


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


async def test_with_sign_in_the_audit_tells_who_asked_and_who_was_refused(
    signed_in: SignedIn, tmp_path_factory: pytest.TempPathFactory
) -> None:
    admin = signed_in.issuer.token(roles=["AdminAgents"], name="An Admin")
    helpdesk = signed_in.issuer.token(roles=["HelpdeskAgents"], name="A Helper")
    file = tmp_path_factory.mktemp("files") / "customers.csv"
    await asyncio.to_thread(file.write_text, "nonsense")
    assert (await signed_in.run(helpdesk, "import", str(file), "--json")).code == 2
    refused = await signed_in.run(helpdesk, "audit", "--json")
    assert refused.error["code"] == "NOT_PERMITTED"
    entry = (await signed_in.run(admin, "audit", "--first", "1", "--json")).json["entries"][0]
    assert (entry["action"], entry["isPermitted"]) == ("IMPORT", False)
    assert entry["actor"]["kind"] == "TOKEN"
    assert entry["roles"] == ["HELPDESK_AGENT"]
