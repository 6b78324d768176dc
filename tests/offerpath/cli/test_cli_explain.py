"""`explain` answers with causes first and changes last, as text, JSON and a drawing."""

from pathlib import Path

import pytest

from tests.offerpath.command import Cli
from tests.schema.api import BUSINESS_BASIC, LEGACY_E3, NEW_BASIC, NEW_E3

NOBODYS_OFFER = "00000000-0000-4000-8000-00000000ABCD"
EXCLUDED = ("explain", BUSINESS_BASIC, "--to", LEGACY_E3, "--legacy-upgrades", "exclude")


def test_no_path_is_a_no_with_numbered_causes_and_what_would_open_one(cli: Cli) -> None:
    done = cli.call(*EXCLUDED)
    assert (done.code, done.err) == (4, "")
    lines = done.out.splitlines()
    assert lines[0] == "IMPOSSIBLE: There is no such path."
    assert lines[1].startswith("1. ")
    opens = lines.index("A way opens where you:")
    assert "ask with the legacy-upgrade policy LAST or INCLUDE" in lines[opens + 1]
    assert "\x1b" not in done.out


def test_json_has_the_tree_the_frontier_and_the_changes(cli: Cli) -> None:
    done = cli.call(*EXCLUDED, "--json")
    assert (done.code, done.err) == (4, "")
    assert set(done.json) == {"catalog", "at", "from", "found", "explanation"}
    assert done.json["found"] is None
    told = done.json["explanation"]
    assert set(told) == {
        *("verdict", "message", "goalCount", "nodes", "frontier", "openings", "tried"),
        *("isExhaustive", "text", "mermaid"),
    }
    assert [node["number"] for node in told["nodes"]] == list(range(1, len(told["nodes"]) + 1))
    (opening,) = told["openings"]
    assert opening["exactness"] == "EXACT"
    assert [change["field"] for change in opening["changes"]] == ["LEGACY_UPGRADES"]
    assert opening["path"]["to"]["catalogId"] == LEGACY_E3
    assert {"from", "to", "kind", "refusals"} == set(told["frontier"]["refused"][0])


def test_a_drawing_is_mermaid_and_nothing_else(cli: Cli) -> None:
    done = cli.call(*EXCLUDED, "--mermaid")
    assert done.code == 4
    lines = done.out.splitlines()
    assert lines[0] == "flowchart LR"
    assert any('-.->|"LEGACY_UPGRADES_EXCLUDED"|' in line for line in lines)
    assert all(line.startswith("  ") for line in lines[1:])


def test_a_question_with_paths_shows_them_and_is_answered(cli: Cli) -> None:
    done = cli.call("explain", BUSINESS_BASIC, "--to", "any", "--json")
    assert done.code == 0
    assert done.json["explanation"] is None
    assert done.json["found"]["paths"][0]["to"]["catalogId"] == NEW_BASIC
    assert NEW_E3 in cli.call("explain", BUSINESS_BASIC, "--product", "cfq7ttc0lf8r").out


def test_the_kinds_asked_for_are_the_only_ones_used(cli: Cli) -> None:
    done = cli.call("explain", BUSINESS_BASIC, "--to", NEW_E3, "--kind", "conversion", "--json")
    assert done.code == 4
    fields = [
        (change["field"], change["after"])
        for opening in done.json["explanation"]["openings"]
        for change in opening["changes"]
    ]
    assert ("KINDS", "MIGRATION") in fields


def test_what_the_catalog_does_not_have_is_not_found(cli: Cli) -> None:
    done = cli.call("explain", NOBODYS_OFFER, "--to", "any", "--json")
    assert (done.code, done.error["code"]) == (3, "OFFER_NOT_FOUND")


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("GOAL_MISSING", ("explain", BUSINESS_BASIC)),
        ("GOAL_MISSING", ("explain", BUSINESS_BASIC, "--to", "any", "--product", "X")),
        ("MALFORMED_ID", ("explain", "business-basic", "--to", "any")),
        ("MALFORMED_ID", ("explain", BUSINESS_BASIC, "--services", "mail")),
        ("USAGE", ("explain", BUSINESS_BASIC, "--to", "any", "--mermaid")),
        ("USAGE", ("explain", BUSINESS_BASIC, "--to", "any", "--kind", "leap")),
    ],
)
def test_bad_input_ends_with_2_before_anything_is_started(
    tmp_path: Path, code: str, arguments: tuple[str, ...]
) -> None:
    done = Cli(tmp_path / "data").call(*arguments, "--json")
    assert (done.code, done.error["code"]) == (2, code)
    assert not (tmp_path / "data").exists()
