"""Reports name what is open beside a blocked way, and count how often."""

import csv
from pathlib import Path

import orjson
import pytest

from formats.writing.output import manifest_path
from offerpath.report_kinds import CustomersReportName
from tests.formats.reports.customer_reports import sample_report, write

COLUMNS = ("instead", "instead_target_id", "instead_target_title", "instead_readiness")


async def rows(folder: Path, name: CustomersReportName) -> tuple[list[dict[str, str]], int]:
    """Return the lines of a report on the sample, and its count of what is open instead."""
    file = folder / "report.csv"
    await write(await sample_report(name), file, "csv")
    told = orjson.loads(manifest_path(file).read_bytes())
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text)), told["blocked_but_open_instead"]


@pytest.mark.parametrize("name", [CustomersReportName.BLOCKERS, CustomersReportName.PORTFOLIO])
async def test_what_is_open_stands_on_the_lines_of_what_is_blocked(
    tmp_path: Path, name: CustomersReportName
) -> None:
    lines, count = await rows(tmp_path, name)
    open_ = {line["subscription_id"]: line for line in lines if line["instead"]}
    assert len(open_) == count == 2
    for line in lines:
        is_told = [bool(line[column]) for column in COLUMNS]
        assert len(set(is_told)) == 1
        if line["instead"]:
            assert line["readiness"] == "BLOCKED"
            assert line["instead_readiness"] in ("READY", "CONDITIONAL", "UNKNOWN")
    kinds = {line["customer_name"].split()[0]: line["instead"] for line in open_.values()}
    # Plans leave Lakeside's deleted one out.
    assert kinds == {"Gulmohar": "ANOTHER_TARGET", "Kestrel": "BUY_NEW"}


async def test_both_reports_name_the_same(tmp_path: Path) -> None:
    each = []
    for name in (CustomersReportName.BLOCKERS, CustomersReportName.PORTFOLIO):
        lines, _ = await rows(tmp_path, name)
        each.append(
            {line["subscription_id"]: tuple(line[column] for column in COLUMNS) for line in lines}
        )
    assert each[0] == each[1]


async def test_blockers_tell_the_way_and_what_it_trades(tmp_path: Path) -> None:
    lines, _ = await rows(tmp_path, CustomersReportName.BLOCKERS)
    line = next(one for one in lines if one["customer_name"].startswith("Gulmohar"))
    assert line["instead_path"].endswith(f" > {line['instead_target_id']}")
    assert "legacy upgrade more" in line["instead_trade_off"]
    bought = next(one for one in lines if one["customer_name"].startswith("Kestrel"))
    assert (bought["instead_path"], bought["instead_target_id"]) == ("", bought["target_id"])
