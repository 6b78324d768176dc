"""`offerpath audit`: what was asked on the command line and over the network."""

import asyncio

import pytest

from tests.offerpath.command import Cli
from tests.offerpath.test_cli_keys import SignedIn, issuer, signed_in

__all__ = ["issuer", "signed_in"]


def _newest(cli: Cli, *options: str) -> dict[str, object]:
    entry: dict[str, object] = cli.call("audit", "--first", "1", "--json", *options).json[
        "entries"
    ][0]
    return entry


def test_a_command_that_changes_something_is_written_down(cli: Cli) -> None:
    key_id = cli.call("key", "create", "Audited", "--json").json["keyId"]
    entry = _newest(cli)
    assert (entry["action"], entry["subject"]) == ("CREATE_KEY", key_id)
    assert (entry["isPermitted"], entry["address"]) == (True, None)
    assert entry["actor"] == {"kind": "LOCAL", "id": "", "label": ""}
    cli.call("key", "revoke", key_id)
    assert (_newest(cli)["action"], _newest(cli)["subject"]) == ("REVOKE_KEY", key_id)


def test_a_report_on_customers_is_written_down_and_found_by_its_action(
    cli: Cli, tmp_path_factory: pytest.TempPathFactory
) -> None:
    out = tmp_path_factory.mktemp("reports") / "blockers.csv"
    assert cli.call("report", "blockers", "--out", str(out), "--text", "Rowan").code == 0
    cli.call("key", "create", "Another", "--json")
    assert _newest(cli, "--action", "export")["subject"] == "blockers"
    told = cli.call("audit", "--action", "EXPORT", "--json").json["entries"]
    assert {one["action"] for one in told} == {"EXPORT"}


def test_the_table_says_when_what_who_and_from_where(cli: Cli) -> None:
    key_id = cli.call("key", "create", "Shown", "--json").json["keyId"]
    shown = cli.call("audit", "--action", "create_key")
    assert shown.code == 0
    for word in ("At", "CREATE_KEY", key_id, "yes", "this installation", "command line"):
        assert word in shown.out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("--first", "0"), "FIRST_OUT_OF_RANGE"), (("--action", "theft"), "USAGE")],
)
def test_what_cannot_be_is_said(cli: Cli, arguments: tuple[str, ...], code: str) -> None:
    done = cli.call("audit", *arguments, "--json")
    assert (done.code, done.error["code"]) == (2, code)


async def test_with_sign_in_it_tells_who_asked_and_who_was_refused(
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
