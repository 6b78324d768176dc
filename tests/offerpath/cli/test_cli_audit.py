"""`offerpath audit`: what was asked on the command line."""

import pytest

from tests.offerpath.command import Cli


def _newest(cli: Cli, *options: str) -> dict[str, object]:
    entry: dict[str, object] = cli.call("audit", "--first", "1", "--json", *options).json[
        "entries"
    ][0]
    return entry


def test_what_a_command_asked_for_is_written_down(cli: Cli) -> None:
    assert cli.call("key", "create", "Audited").code == 2
    entry = _newest(cli)
    assert entry["action"] == "CREATE_KEY"
    assert (entry["isPermitted"], entry["address"]) == (True, None)
    assert entry["actor"] == {"kind": "LOCAL", "id": "", "label": ""}
    key_id = "11111111-1111-4111-8111-111111111111"
    assert cli.call("key", "revoke", key_id).code == 3
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
    cli.call("key", "create", "Shown")
    key_id = str(_newest(cli)["subject"])
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
