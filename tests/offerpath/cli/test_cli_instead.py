"""`blockers`, `portfolio` and `plan` on a terminal agree, and a reader may stop reading."""

import subprocess
from pathlib import Path

import pytest

from formats.sample.portfolio import sample_as_of, sample_customers
from tests.offerpath.command import PROGRAM, Cli

AT = ("--at", sample_as_of().date().isoformat())
ROWANS = "5e83b3ba-30d0-51a6-abc4-365d4ce51f69"
ROWAN = "a6e7dc1d-1f82-5cc6-87bc-b15843019829"


def test_blockers_show_what_is_open_beside_the_way_that_is_blocked(cli: Cli) -> None:
    done = cli.call("blockers", "Gulmohar", *AT)
    assert (done.code, done.err) == (4, "")
    before, after = done.out.split("OPEN INSTEAD: ")
    assert "BLOCKED: to SharePoint (Plan 2)" in before
    told = " ".join(after.split())
    assert told.startswith("CONDITIONAL: to Microsoft 365 Business Premium")
    assert "a larger product than SharePoint (Plan 2): 53 services more" in told
    assert "1 legacy upgrade more" in told
    bought = " ".join(cli.call("blockers", "Kestrel", *AT).out.split())
    assert "OPEN INSTEAD: READY: buy Microsoft 365 Business Standard" in bought
    assert "OPEN INSTEAD" not in cli.call("blockers", "Hollyhock", *AT).out
    assert "OPEN INSTEAD" not in cli.call("blockers", "Lakeside", *AT).out


def test_the_json_has_it_inside_the_option(cli: Cli) -> None:
    told = cli.call("blockers", "Gulmohar", *AT, "--json").json["subscriptions"][0]["option"]
    instead = told["instead"]
    assert (told["readiness"], instead["readiness"]) == ("BLOCKED", "CONDITIONAL")
    assert instead["path"]["to"] == instead["target"]
    assert instead["upsell"]["message"].startswith("a larger product")
    assert instead["upsell"]["isDearer"] == "UNKNOWN"
    assert [one["move"] for one in instead["upsell"]["swapped"]] == ["DOWNGRADED"]
    plan = cli.call("plan", "Gulmohar", *AT, "--json").json["plan"]
    (outcome,) = plan["outcomes"]
    assert outcome["reached"]["catalogId"] == instead["target"]["catalogId"]
    assert outcome["upsell"] == instead["upsell"]


def test_the_portfolio_counts_what_is_open_and_the_customers_without_anything(
    tmp_path: Path,
) -> None:
    cli = Cli(tmp_path / "data")
    assert cli.call("init", "--json").code == 0
    told = cli.call("portfolio", *AT, "--json").json["portfolio"]
    assert (told["customers"], told["customersLookedAt"]) == (54, len(sample_customers()))
    assert [one["kind"] for one in told["instead"]] == ["BUY_NEW", "ANOTHER_TARGET"]
    text = cli.call("portfolio", *AT).out
    assert "54 customers (and 2 of which none is counted)" in text
    assert "OPEN INSTEAD OF BLOCKED" in text


def test_a_plan_shows_upsells_losses_and_the_terms_of_add_ons(cli: Cli) -> None:
    rowan = " ".join(cli.call("plan", "Rowan", *AT).out.split())
    assert "which is a larger product than Microsoft 365 Apps for business" in rowan
    assert "much dearer at retail" in rowan
    assert "instead: 300 of 340 seats become Microsoft 365 Apps for business" in rowan
    assert f"by --seats {ROWANS}=300 beside its --goal {ROWANS}=any" in rowan
    assert "retail a month 2616.00 USD instead of 4284.00 USD" in rowan
    asked = ("--goal", f"{ROWANS}=any", "--seats", f"{ROWANS}=300")
    assert "to Microsoft 365 Apps for business" in cli.call("plan", "Rowan", *AT, *asked).out
    assert "WARNS SERVICES_NOT_REPLACED: The users of the 40 seats" in rowan
    bundle = " ".join(cli.call("plan", "Fresh Add-on", *AT).out.split())
    assert "45 seats, P1Y, billed monthly" in bundle


def test_a_note_is_kept_with_a_saved_plan_and_refused_without_one(cli: Cli) -> None:
    saved = cli.call("plan", "Gulmohar", "--save", "--note", "as discussed", "--json").json
    assert saved["history"][0]["note"] == "as discussed"
    refused = cli.call("plan", "Gulmohar", "--note", "as discussed", "--json")
    assert (refused.code, refused.error["code"]) == (2, "USAGE")
    assert "--save" in refused.error["message"]


def test_a_list_tells_steps_and_waits_apart(cli: Cli) -> None:
    assert cli.call("plan", "Fresh Add-on", *AT, "--save").code == 0
    assert " 1 + 1 wait " in cli.call("plan", "list", "Fresh Add-on").out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("offers", "e3", "--first", "200"), 0),
        (("blockers", "Kestrel"), 4),
        (("plan", ROWAN, "--markdown", "--internal"), 0),
        (("plan", ROWAN, "--json"), 0),
    ],
)
def test_a_reader_that_stops_early_is_no_fault(
    cli: Cli, arguments: tuple[str, ...], code: int
) -> None:
    """As with `| head`, which ends before anything is written."""
    command = subprocess.Popen(
        [PROGRAM, *arguments],
        env=cli.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert command.stdout is not None
    command.stdout.close()
    assert command.stderr is not None
    assert command.stderr.read() == b""
    assert command.wait(timeout=60) == code
    command.stderr.close()
