"""`offerpath report` on customers: whole files, the same options, refusals with a code."""

import hashlib
import json
import sys
from pathlib import Path

import pytest

from tests.formats.reports.reading import read_csv
from tests.offerpath.command import Cli

REPORTS = ("blockers", "options", "plans", "portfolio")
DAY = ("--at", "2026-11-23")


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_stands_there_whole_with_its_manifest(cli: Cli, tmp_path: Path, name: str) -> None:
    out = tmp_path / f"{name}.csv"
    done = cli.call("report", name, *DAY, "--market", "us", "--out", str(out), "--json")
    assert (done.code, done.err) == (0, "")
    assert done.json["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert (done.json["shape"], done.json["market"]) == (name, "US")
    assert done.json["at"] == "2026-11-23T00:00:00Z"
    rows = read_csv(out.read_bytes())
    assert len(rows) == done.json["rows"] > 0
    manifest = json.loads(Path(done.json["manifest"]).read_text(encoding="utf-8"))
    assert manifest["sha256"] == done.json["sha256"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        out.name,
        f"{out.name}.manifest.json",
    ]


@pytest.mark.parametrize("suffix", ["ndjson", "xlsx", "parquet"])
def test_the_name_tells_the_format_and_twice_is_the_same(
    cli: Cli, tmp_path: Path, suffix: str
) -> None:
    made = []
    for turn in ("first", "again"):
        out = tmp_path / f"{turn}.{suffix}"
        done = cli.call("report", "options", *DAY, "--out", str(out), "--json")
        assert (done.code, done.json["format"]) == (0, suffix)
        made.append(done.json["sha256"])
    assert made[0] == made[1]


def test_text_chooses_customers_and_licence_transfer_is_told(cli: Cli, tmp_path: Path) -> None:
    everything = tmp_path / "all.csv"
    cli.call("report", "blockers", *DAY, "--out", str(everything))
    name = read_csv(everything.read_bytes())[0]["customer_name"]
    out = tmp_path / "one.csv"
    arguments = ("--text", name.upper(), "--license-transfer", "--out", str(out), "--json")
    done = cli.call("report", "blockers", *DAY, *arguments)
    assert (done.json["text"], done.json["mode"]) == (name.upper(), "WITH_LICENSE_TRANSFER")
    assert {row["customer_name"] for row in read_csv(out.read_bytes())} == {name}


def test_without_json_it_says_what_it_wrote(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "portfolio.csv"
    done = cli.call("report", "portfolio", *DAY, "--out", str(out))
    assert (done.code, done.err) == (0, "")
    said = " ".join(done.out.split())
    assert f"{len(read_csv(out.read_bytes()))} rows" in said
    assert "standing can move" in said
    assert "as of 2026-11-23T00:00:00Z" in said


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_without_rows_says_so_and_prints_no_blank_counts(
    cli: Cli, tmp_path: Path, name: str
) -> None:
    out = tmp_path / f"{name}.csv"
    done = cli.call("report", name, *DAY, "--text", "nobody is called so", "--out", str(out))
    assert (done.code, done.err) == (0, "")
    said = " ".join(done.out.split())
    assert ": 0 rows" in said
    assert "nothing to tell: no customer matches" in said
    assert all(line.strip() for line in done.out.splitlines())


def test_parquet_without_its_extra_is_refused_with_the_command_that_installs_it(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = cli.call("report", "plans", "--out", str(tmp_path / "r.parquet"), "--json")
    assert (done.code, done.error["code"]) == (2, "PARQUET_NOT_INSTALLED")
    assert done.error["remedy"] == "pip install 'offerpath[parquet]'"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--market", "usa"), "MALFORMED_MARKET"),
        (("--at", "tomorrow"), "BAD_DATE"),
        (("--bom", "--format", "xlsx"), "BAD_OPTION"),
        (("--shape", "steps"), "USAGE"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(
    cli: Cli, tmp_path: Path, arguments: tuple[str, ...], code: str
) -> None:
    done = cli.call("report", "options", "--out", str(tmp_path / "r.csv"), *arguments, "--json")
    assert (done.code, done.error["code"]) == (2, code)
    assert list(tmp_path.iterdir()) == []
