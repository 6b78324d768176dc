"""`blockers` and `plan` answer on facts as they would be, and store nothing of it."""

from pathlib import Path
from typing import Any

import pytest

from formats.sample.portfolio import sample_customers
from tests.offerpath.command import Cli
from tests.schema.api import LEGACY_E3, NEW_BASIC, NEW_E3

AT = ("--at", "2026-11-23")
NOBODY = "11111111-1111-4111-8111-111111111111"
NO_OFFER = "00000000-0000-4000-8000-00000000ABCD"
TARGET = "031C9E47-4802-4248-838E-778FB1D2CC05"
"""What another partner sells to Verdant."""


def elsewhere(cli: Cli) -> str:
    """Return what Verdant holds with another partner, as the blocker names it."""
    told = cli.call("blockers", "Verdant", "--target", TARGET, *AT, "--json").json
    (judged,) = told["subscriptions"]
    owned = [each for each in judged["option"]["blockers"] if each["code"].endswith("_OWNED")]
    ids = {one["subscriptionId"] for each in owned for one in each["evidence"]}
    (found,) = {each for each in ids if each is not None}
    return str(found)


def codes(told: Any) -> set[str]:
    return {
        finding["code"] for one in told["subscriptions"] for finding in one["option"]["blockers"]
    }


def test_what_would_be_cancelled_no_longer_blocks(cli: Cli) -> None:
    question = ("blockers", "Verdant", "--target", TARGET, *AT, "--json")
    plain = cli.call(*question)
    assert "TARGET_ALREADY_OWNED" in codes(plain.json)
    supposed = cli.call(*question, "--if-cancelled", elsewhere(cli))
    assert (supposed.code, supposed.err) == (0, "")
    assert "TARGET_ALREADY_OWNED" not in codes(supposed.json)
    assert cli.call(*question).json == plain.json


def test_a_plan_needs_no_step_for_what_would_be_gone(cli: Cli) -> None:
    question = ("plan", "make", "Rowan", *AT)
    plain = cli.call(*question, "--json").json["plan"]
    seats = {one["goal"]["subscriptionId"] for one in plain["outcomes"]}
    foreign = {
        step["subscriptionId"] for step in plain["steps"] if step["kind"] == "CANCEL_ELSEWHERE"
    }
    (other,) = foreign - seats
    done = cli.call(*question, "--if-cancelled", other, "--json")
    assert (done.code, done.err) == (0, "")
    kinds = [step["kind"] for step in done.json["plan"]["steps"]]
    assert "CANCEL_ELSEWHERE" not in kinds
    assert cli.call(*question, "--json").json["plan"] == plain


def test_a_plan_on_supposed_facts_says_so_to_people(cli: Cli) -> None:
    held = cli.call("plan", "Elmstreet", *AT, "--json").json["plan"]["outcomes"][0]
    more = f"{held['goal']['subscriptionId']}={held['seats'] + 1}"
    text = cli.call("plan", "Elmstreet", *AT, "--if-seats", more)
    assert text.out.startswith("The facts are partly supposed; nothing of it is stored.\n")
    assert f"{held['seats'] + 1} seats" in text.out
    document = cli.call("plan", "Elmstreet", *AT, "--if-seats", more, "--markdown").out
    assert document.startswith("# Plan for Elmstreet")
    assert "supposed" in document.split("\n\n")[1]
    plain = cli.call("plan", "Elmstreet", *AT)
    as_it_is = f"{held['goal']['subscriptionId']}={held['seats']}"
    assert cli.call("plan", "Elmstreet", *AT, "--if-seats", as_it_is).out == plain.out


def test_a_move_that_is_supposed_opens_a_way(cli: Cli) -> None:
    customer = next(one for one in sample_customers() if one.name.startswith("Hollyhock"))
    told = cli.call("blockers", "Hollyhock", *AT, "--json").json
    (held,) = told["subscriptions"]
    origin = held["subscription"]["catalogId"]
    goal = f"{held['subscription']['subscriptionId']}={NEW_BASIC}"
    question = ("plan", customer.customer_id, "--goal", goal, *AT, "--json")
    assert cli.call(*question).code == 4
    done = cli.call(*question, "--if-move", f"{origin.lower()}={NEW_BASIC}")
    assert (done.code, done.err) == (0, "")
    assert done.json["plan"]["outcomes"][0]["reached"]["catalogId"] == NEW_BASIC


@pytest.mark.parametrize("command", ["blockers", "plan"])
@pytest.mark.parametrize(
    ("code", "supposed"),
    [
        ("SUBSCRIPTION_NOT_FOUND", ("--if-cancelled", NOBODY)),
        ("SUBSCRIPTION_NOT_FOUND", ("--if-seats", f"{NOBODY}=3")),
        ("ASSUMED_OFFER_NOT_FOUND", ("--if-move", f"{NO_OFFER}={NEW_E3}")),
    ],
)
def test_what_is_not_there_to_suppose_anything_about_ends_with_3(
    cli: Cli, command: str, code: str, supposed: tuple[str, ...]
) -> None:
    done = cli.call(command, "Elmstreet", *supposed, "--json")
    assert (done.code, done.error["code"]) == (3, code)
    assert done.error["remedy"]


@pytest.mark.parametrize("command", ["blockers", "options", "plan"])
def test_what_contradicts_itself_or_cannot_be_is_bad_input(cli: Cli, command: str) -> None:
    told = cli.call("blockers", "Elmstreet", "--json").json["subscriptions"]
    held = told[0]["subscription"]["subscriptionId"]
    for code, supposed in (
        ("WHAT_IF_IMPOSSIBLE", ("--if-move", f"{NEW_E3}={LEGACY_E3}")),
        ("WHAT_IF_CONTRADICTORY", ("--if-cancelled", held, "--if-seats", f"{held}=3")),
        ("WHAT_IF_CONTRADICTORY", ("--if-seats", f"{held}=3", "--if-seats", f"{held}=4")),
    ):
        done = cli.call(command, "Elmstreet", *supposed, "--json")
        assert (done.code, done.error["code"]) == (2, code)
        assert done.error["remedy"]


@pytest.mark.parametrize("command", ["blockers", "plan"])
@pytest.mark.parametrize(
    ("code", "supposed"),
    [
        ("MALFORMED_PAIR", ("--if-seats", NOBODY)),
        ("SEATS_OUT_OF_RANGE", ("--if-seats", f"{NOBODY}=some")),
        ("MALFORMED_PAIR", ("--if-move", NEW_E3)),
    ],
)
def test_a_malformed_supposition_ends_with_2_before_anything_is_started(
    tmp_path: Path, command: str, code: str, supposed: tuple[str, ...]
) -> None:
    done = Cli(tmp_path / "data").call(command, "Elmstreet", *supposed, "--json")
    assert (done.code, done.error["code"]) == (2, code)
    assert not (tmp_path / "data").exists()


def test_a_plan_on_supposed_facts_is_not_saved(tmp_path: Path) -> None:
    supposed = ("--if-cancelled", NOBODY)
    done = Cli(tmp_path / "data").call("plan", "Elmstreet", *supposed, "--save", "--json")
    assert (done.code, done.error["code"]) == (2, "WHAT_IF_NOT_SAVED")
    assert "--save" in done.error["remedy"]
    assert not (tmp_path / "data").exists()
