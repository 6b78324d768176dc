"""`offers`, `reachable` and `paths` answer with the documented JSON and exit codes."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from offerpath.cli.exits import Exit
from tests.offerpath.command import Cli

DOCUMENTATION = Path(__file__).parents[3] / "docs" / "cli.md"

BUSINESS_PREMIUM = "61795CAB-2ABD-43F6-88E9-C9ADAE5746E0"
NEW_BUSINESS_PREMIUM = "CFQ7TTC0LCHC:0002"
NOBODYS_OFFER = "00000000-0000-4000-8000-00000000ABCD"
COMMANDS = (
    "serve",
    "init",
    "import",
    "offers",
    "reachable",
    "paths",
    "explain",
    "compare",
    "prices",
    "blockers",
    "options",
    "affected",
    "baseline",
    "portfolio",
    "plan",
    "report",
    "key",
    "audit",
    "documents",
    "doctor",
)
LATE = ("networkx", "strawberry", "graphql", "asyncpg")
"""What answers questions, and takes its time to load."""
ANSWERED = {"catalog", "at"}


def test_the_help_lists_every_command_and_the_exit_codes(tmp_path: Path) -> None:
    done = Cli(tmp_path).run("--help", COLUMNS="300")
    assert done.code == 0
    for command in COMMANDS:
        assert f" {command} " in done.out
    assert "2 bad input; 3 not found; 4 the answer is a no" in done.out


def test_the_help_lists_no_command_that_is_not_listed_here(tmp_path: Path) -> None:
    done = Cli(tmp_path).run("--help", COLUMNS="300", TERM="dumb")
    told = done.out.partition("Commands")[2]
    listed = re.findall(r"^│ ([a-z]+) ", told, re.MULTILINE)
    assert sorted(listed) == sorted(COMMANDS)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["plan", "make", "--help"]])
def test_what_needs_no_answer_loads_nothing_that_gives_one(arguments: list[str]) -> None:
    program = (
        "import sys; from offerpath.cli.main import run_command; "
        f"code = run_command({arguments!r}); "
        f"print(code, [name for name in {LATE!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stderr == "0 []\n"
    assert done.stdout


def test_the_documentation_names_every_command_and_exit_code() -> None:
    text = DOCUMENTATION.read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"### `offerpath {name}" not in text] == []
    assert [code for code in Exit if f"| {code} |" not in text] == []


def test_the_version_is_told(tmp_path: Path) -> None:
    assert Cli(tmp_path).run("--version").out.startswith("offerpath 0.")


def test_paths_answers_on_stdout_and_is_quiet_on_stderr(cli: Cli) -> None:
    done = cli.run("paths", BUSINESS_PREMIUM.lower(), "any", "--first", "2", "--json")
    assert (done.code, done.err) == (0, "")
    assert done.out.count("\n") == 1
    assert set(done.json) == ANSWERED | {
        "from", "to", "paths", "hasMore", "isExhaustive", "noPath"
    }  # fmt: skip
    best = done.json["paths"][0]
    assert best["to"] == {
        "catalogId": NEW_BUSINESS_PREMIUM,
        "title": "Microsoft 365 Business Premium",
    }
    assert [step["kind"] for step in best["steps"]] == ["MIGRATION"]
    assert set(best) == {"from", "to", "readiness", "cost", "steps", "conditions", "assumes"}
    assert done.json["noPath"] is None


def test_paths_shows_a_table_where_no_json_is_asked_for(cli: Cli) -> None:
    done = cli.run("paths", BUSINESS_PREMIUM, "product:cfq7ttc0lchc")
    assert (done.code, done.err) == (0, "")
    assert NEW_BUSINESS_PREMIUM in done.out
    assert "MIGRATION (API)" in done.out
    assert "\x1b" not in done.out


def test_the_swapped_direction_is_a_no_that_says_so(cli: Cli) -> None:
    done = cli.call("paths", NEW_BUSINESS_PREMIUM, BUSINESS_PREMIUM, "--json")
    assert (done.code, done.json["paths"]) == (4, [])
    no_path = done.json["noPath"]
    assert no_path["verdict"] == "IMPOSSIBLE"
    assert "NO_WAY_BACK_TO_LEGACY" in [cause["code"] for cause in no_path["causes"]]
    assert cli.call("paths", NEW_BUSINESS_PREMIUM, BUSINESS_PREMIUM).out.startswith("IMPOSSIBLE")


@pytest.mark.parametrize(
    "arguments",
    [
        ("paths", NOBODYS_OFFER, "any"),
        ("paths", BUSINESS_PREMIUM, NOBODYS_OFFER),
        ("paths", BUSINESS_PREMIUM, "product:NOSUCHTHING1"),
        ("reachable", NOBODYS_OFFER),
    ],
)
def test_what_the_catalog_does_not_have_is_not_found(cli: Cli, arguments: tuple[str, ...]) -> None:
    done = cli.call(*arguments, "--json")
    assert done.code == 3
    assert done.error["code"] in ("OFFER_NOT_FOUND", "PRODUCT_NOT_FOUND")


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("MALFORMED_ID", ("paths", "business-premium", "any")),
        ("MALFORMED_ID", ("reachable", "1234")),
        ("BAD_DATE", ("paths", BUSINESS_PREMIUM, "any", "--at", "soon")),
        ("FIRST_OUT_OF_RANGE", ("paths", BUSINESS_PREMIUM, "any", "--first", "0")),
        ("MALFORMED_MARKET", ("offers", "e3", "--market", "USA")),
        ("USAGE", ("offers", "e3", "--segment", "nobody")),
        ("USAGE", ("paths", BUSINESS_PREMIUM, "any", "--faster")),
        ("USAGE", ("move", BUSINESS_PREMIUM)),
        ("USAGE", ("paths", BUSINESS_PREMIUM)),
    ],
)
def test_bad_input_ends_with_2_before_anything_is_started(
    tmp_path: Path, code: str, arguments: tuple[str, ...]
) -> None:
    done = Cli(tmp_path / "data").call(*arguments, "--json")
    assert (done.code, done.error["code"]) == (2, code)
    assert not (tmp_path / "data").exists()


def test_reachable_lists_offers_best_first_and_in_reverse_who_reaches_one(cli: Cli) -> None:
    done = cli.call("reachable", BUSINESS_PREMIUM, "--commerce", "new_commerce", "--json")
    assert (done.code, done.err) == (0, "")
    assert set(done.json) == ANSWERED | {"offer", "reverse", "paths", "total", "hasMore"}
    assert done.json["paths"][0]["to"]["catalogId"] == NEW_BUSINESS_PREMIUM
    back = cli.call("reachable", NEW_BUSINESS_PREMIUM, "--reverse", "--first", "200", "--json").json
    assert BUSINESS_PREMIUM in [path["from"]["catalogId"] for path in back["paths"]]


def test_offers_finds_by_words_and_no_match_is_an_answer(cli: Cli) -> None:
    done = cli.call("offers", "365 business premium", "--first", "3", "--json")
    assert set(done.json) == ANSWERED | {"offers", "total", "hasMore"}
    assert len(done.json["offers"]) == 3
    assert done.json["hasMore"]
    nothing = cli.call("offers", "no such words")
    assert (nothing.code, nothing.out) == (0, "No offer matches.\n")


def test_offers_are_narrowed_to_addons(cli: Cli) -> None:
    done = cli.call("offers", "audio conferencing", "--addon", "yes", "--json")
    found = json.loads(done.out)["offers"]
    assert {offer["isAddon"] for offer in found} == {"YES"}
    assert cli.call("offers", "audio", "--addon", "maybe").code == 2
