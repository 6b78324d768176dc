"""`import` takes a file whole or not at all; `blockers` tells what stops a customer."""

from pathlib import Path

import pytest

from tests.offerpath.command import Cli

BAD_ROW = 617
TARGET = "CFQ7TTC0LDPB:0001"


def _customers(path: Path, *, bad: int | None = None) -> Path:
    """Write a thousand customers; the row numbered `bad` has no GUID."""
    lines = ["customer_id,name,domain,market,segment"]
    for row in range(1, 1001):
        guid = "no-guid" if row == bad else f"30000000-0000-4000-8000-{row:012d}"
        lines.append(f"{guid},Company {row},company{row}.example,US,commercial")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _stored(cli: Cli) -> int:
    count: int = cli.call("init", "--json").json["customers"]
    return count


def test_one_bad_row_in_a_thousand_stores_nothing_and_is_named(cli: Cli, tmp_path: Path) -> None:
    before = _stored(cli)
    file = _customers(tmp_path / "customers.csv", bad=BAD_ROW)
    done = cli.run("import", str(file), "--json")
    assert (done.code, done.err) == (5, "")
    (told,) = done.json["files"]
    assert (told["imported"], told["refused"]["code"]) == (None, "BAD_ROWS")
    assert [one["line"] for one in told["refused"]["problems"]] == [BAD_ROW + 1]
    shown = cli.run("import", str(file))
    assert shown.code == 5
    assert str(BAD_ROW + 1) in shown.out
    assert _stored(cli) == before


def test_a_refused_file_does_not_stop_the_others(cli: Cli, tmp_path: Path) -> None:
    good = _customers(tmp_path / "good.csv")
    bad = _customers(tmp_path / "bad.csv", bad=1)
    before = _stored(cli)
    done = cli.call("import", str(bad), str(good), "--json")
    assert done.code == 5
    assert [one["imported"] is not None for one in done.json["files"]] == [False, True]
    assert done.json["files"][1]["imported"]["counts"]["customersAdded"] == 1000
    assert _stored(cli) == before + 1000


def test_standard_input_is_read(cli: Cli) -> None:
    text = (
        "customer_id,name,domain,market,segment\n"
        "40000000-0000-4000-8000-000000000001,Piped,piped.example,US,commercial\n"
    )
    done = cli.run("import", "-", "--json", stdin=text)
    assert (done.code, done.json["files"][0]["imported"]["rows"]) == (0, 1)


def test_a_file_of_200_mb_is_refused_unread(cli: Cli, tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    done = cli.call("import", str(large), "--json")
    assert done.code == 5
    assert done.json["files"][0]["refused"]["code"] == "FILE_TOO_LARGE"
    assert "200.0 MiB; the limit is 64 MiB" in done.json["files"][0]["refused"]["message"]


@pytest.mark.parametrize("name", ["absent.csv", "."])
def test_a_file_that_cannot_be_read_is_bad_input(cli: Cli, tmp_path: Path, name: str) -> None:
    done = cli.call("import", str(tmp_path / name), "--json")
    assert (done.code, done.error["code"]) == (2, "FILE_NOT_READABLE")


@pytest.mark.parametrize(
    ("code", "option"),
    [("MALFORMED_ID", ("--customer", "contoso")), ("BAD_DATE", ("--as-of", "yesterday"))],
)
def test_bad_options_of_an_import_are_bad_input(
    tmp_path: Path, code: str, option: tuple[str, str]
) -> None:
    done = Cli(tmp_path / "data").call("import", "x.csv", *option, "--json")
    assert (done.code, done.error["code"]) == (2, code)


def test_blockers_tells_each_subscription_its_rules_findings_and_remedies(cli: Cli) -> None:
    done = cli.call("blockers", "Oakline Furniture", "--json")
    assert (done.code, done.err) == (0, "")
    assert set(done.json) == {"catalog", "at", "customer", "subscriptions"}
    (one,) = done.json["subscriptions"]
    assert set(one) == {"subscription", "option", "noPath", "notInCatalog"}
    assert (one["noPath"], one["notInCatalog"]) == (None, None)
    assert set(one["option"]) == {
        "readiness", "mode", "path", "rulesRan", "blockers", "unanswered", "assumes", "instead"
    }  # fmt: skip
    assert "SUBSCRIPTION_STATE" in one["option"]["rulesRan"]


def test_what_is_blocked_ends_with_4_and_its_blocker(cli: Cli) -> None:
    done = cli.call("blockers", "Kestrel Cycles", "--json")
    assert done.code == 4
    (one,) = done.json["subscriptions"]
    assert one["option"]["readiness"] == "BLOCKED"
    assert one["option"]["blockers"][0]["code"] == "SUBSCRIPTION_NOT_ACTIVE"
    shown = cli.call("blockers", "Kestrel Cycles")
    assert shown.code == 4
    assert "BLOCKS SUBSCRIPTION_NOT_ACTIVE" in shown.out
    assert "rules that ran: " in shown.out


def test_one_subscription_its_target_and_the_mode_can_be_named(cli: Cli) -> None:
    """By the customer's id: without licence transfer the same services only warn."""
    customer = cli.call("blockers", "Redwood Insurance", "--target", TARGET, "--json").json
    wanted = customer["subscriptions"][0]["subscription"]["subscriptionId"]
    done = cli.call(
        *("blockers", customer["customer"]["customerId"], "--subscription", wanted),
        *("--target", TARGET, "--license-transfer", "--json"),
    )
    (only,) = done.json["subscriptions"]
    assert only["subscription"]["subscriptionId"] == wanted
    assert only["option"]["mode"] == "WITH_LICENSE_TRANSFER"


@pytest.mark.parametrize(
    ("exit_code", "code", "arguments"),
    [
        (3, "CUSTOMER_NOT_FOUND", ("00000000-0000-4000-8000-000000000009",)),
        (3, "CUSTOMER_NOT_FOUND", ("nobody of that name",)),
        (2, "AMBIGUOUS_CUSTOMER", ("sample",)),
        (2, "MALFORMED_ID", ("Alder Dental", "--subscription", "x")),
        (
            3,
            "SUBSCRIPTION_NOT_FOUND",
            ("Alder Dental", "--subscription", "00000000-0000-4000-8000-000000000009"),
        ),
        (3, "OFFER_NOT_FOUND", ("Alder Dental", "--target", "CFQ7TTC0ZZZZ:0001")),
    ],
)
def test_whom_blockers_does_not_find(
    cli: Cli, exit_code: int, code: str, arguments: tuple[str, ...]
) -> None:
    done = cli.call("blockers", *arguments, "--json")
    assert (done.code, done.error["code"]) == (exit_code, code)


ALDER = "3f0e8d27-51b4-4c9a-9d3e-7a6b1c2d4e5f"


@pytest.mark.parametrize("written", [ALDER.replace("-", ""), f"{{{ALDER}}}", f"urn:uuid:{ALDER}"])
@pytest.mark.parametrize(
    "command",
    [("blockers",), ("options",), ("baseline",), ("plan",), ("plan", "make"), ("plan", "list")],
)
def test_an_id_in_another_form_is_refused_with_the_form_that_is_wanted(
    cli: Cli, command: tuple[str, ...], written: str
) -> None:
    done = cli.call(*command, written, "--json")
    assert (done.code, done.error["code"]) == (2, "MALFORMED_ID")
    assert done.error["message"].endswith(
        "is not the id of a customer, which is a GUID with hyphens and without braces"
    )
