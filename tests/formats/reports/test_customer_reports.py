"""What every report on customers keeps: whole, the same bytes, the same cells in every format."""

import hashlib
import itertools
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest

from formats.writing.columns import Column, ColumnType
from formats.writing.formats import ReportForm, ReportFormat
from formats.writing.output import manifest_path, stream
from offerpath.report_kinds import CustomersReportName, of_customers
from planner.ids import CatalogId
from resolvers.reports.about_customers import CustomersRequest
from tests.formats.reports.customer_reports import (
    EVERYBODY,
    NAMES,
    asked_of,
    by_subscription,
    customers_of,
    importing,
    lines,
    lines_of,
    sample_asked,
    sample_lines,
    sample_report,
    write,
)
from tests.formats.reports.reading import read_csv, read_ndjson
from tests.formats.reports.test_path_report import FORMULAS, sheets
from tests.planner.builders import customer, subscription

FORMATS = tuple(form.value for form in ReportFormat)
DOCS = Path(__file__).parents[3] / "docs" / "reports.md"
CONTOSO = "00000000-0000-4000-8000-0000000000c0"


@pytest.mark.parametrize(("name", "form"), tuple(itertools.product(NAMES, FORMATS)))
async def test_the_same_customers_in_any_order_of_import_give_the_same_bytes(
    tmp_path: Path, name: CustomersReportName, form: str
) -> None:
    made = []
    for folder, is_backwards in (("a", False), ("b", True)):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / f"report.{form}"
        await write(await sample_report(name, is_backwards=is_backwards), path, form)
        made.append((path.read_bytes(), manifest_path(path).read_bytes()))
    assert made[0] == made[1]
    told = orjson.loads(made[0][1])
    assert told["sha256"] == hashlib.sha256(made[0][0]).hexdigest()


@pytest.mark.parametrize("name", NAMES)
async def test_all_formats_hold_the_same_cells(tmp_path: Path, name: CustomersReportName) -> None:
    report = await sample_report(name)
    for form in FORMATS:
        await write(report, tmp_path / f"r.{form}", form)
    names, *of_xlsx = sheets(tmp_path / "r.xlsx")[name.value]
    of_csv = read_csv((tmp_path / "r.csv").read_bytes())
    of_json = read_ndjson((tmp_path / "r.ndjson").read_bytes())
    of_parquet = pq.read_table(tmp_path / "r.parquet").to_pylist()
    assert list(of_csv[0]) == list(of_json[0]) == names == list(of_parquet[0])
    assert len(of_csv) > 50
    for texts, values, cells, typed in zip(of_csv, of_json, of_xlsx, of_parquet, strict=True):
        for column, cell in zip(report.table.columns, cells, strict=True):
            value = typed[column.name]
            assert values[column.name] == _in_json(value)
            assert texts[column.name].removeprefix("'") == _as_text(column, value)
            assert cell == _in_excel(column, value)


def _in_json(value: Any) -> Any:
    match value:
        case Decimal():
            return str(value)
        case date():
            return value.isoformat()
    return value


def _as_text(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return column.separator.join(value) if isinstance(value, list) else str(value)


def _in_excel(column: Column, value: Any) -> Any:
    if isinstance(value, bool | int):
        return value
    return float(value) if isinstance(value, Decimal) else _as_text(column, value)


@pytest.mark.parametrize("name", NAMES)
async def test_every_cell_has_its_columns_type(name: CustomersReportName) -> None:
    report = await sample_report(name)
    columns = {column.name: column for column in report.table.columns}
    kinds: dict[ColumnType, type] = {
        ColumnType.TEXT: str,
        ColumnType.DATE: date,
        ColumnType.NUMBER: int,
        ColumnType.AMOUNT: Decimal,
        ColumnType.FLAG: bool,
        ColumnType.LIST: tuple,
    }
    for line in await lines_of(report):
        for column, cell in line.items():
            assert cell is None or type(cell) is kinds[columns[column].type], column
            assert not isinstance(cell, tuple) or all(type(each) is str for each in cell), column


@pytest.mark.parametrize("name", [n for n in NAMES if n is not CustomersReportName.PLANS])
async def test_every_subscription_of_every_customer_has_a_line(name: CustomersReportName) -> None:
    asked = await sample_asked()
    held = [s.subscription_id for c in await customers_of(asked) for s in c.holdings.own]
    told = by_subscription(await sample_lines(name))
    assert sorted(told) == sorted(held)


@pytest.mark.parametrize("name", NAMES)
async def test_customers_stand_in_order_of_name_and_id(name: CustomersReportName) -> None:
    told = [(line["customer_name"], line["customer_id"]) for line in await sample_lines(name)]
    assert told == sorted(told)


@pytest.mark.parametrize(
    ("name", "form"), tuple(itertools.product(NAMES, (ReportFormat.CSV, ReportFormat.NDJSON)))
)
async def test_a_stream_has_the_bytes_of_the_file(
    tmp_path: Path, name: CustomersReportName, form: ReportFormat
) -> None:
    report = await sample_report(name)
    await write(report, tmp_path / "r", form.value)
    parts = [part async for part in stream(report, ReportForm(form))]
    assert b"".join(parts) == (tmp_path / "r").read_bytes()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("title", FORMULAS)
async def test_csv_guards_a_name_that_a_spreadsheet_would_run(
    tmp_path: Path, name: CustomersReportName, title: str
) -> None:
    """A customer's name comes from outside: whoever chose it may mean harm."""
    named = replace(customer(subscription("A")), customer_id=CONTOSO, name=title)
    asked = await asked_of(importing(named))
    report = of_customers(asked, name, EVERYBODY)
    await write(report, tmp_path / "r.csv", "csv")
    if name is CustomersReportName.PLANS:
        assert {row["customer_name"] for row in read_csv((tmp_path / "r.csv").read_bytes())} == {
            f"'{title}"
        }
    else:
        (row,) = read_csv((tmp_path / "r.csv").read_bytes())
        assert row["customer_name"] == f"'{title}"


@pytest.mark.parametrize("name", NAMES)
async def test_the_manifest_tells_the_question_and_the_very_instant(
    tmp_path: Path, name: CustomersReportName
) -> None:
    request = CustomersRequest(text=" (Sample) ", market="us")
    report = await sample_report(name, request)
    facts = (await write(report, tmp_path / "r.csv", "csv")).facts
    assert {key: facts[key] for key in ("at", "text", "market", "segment", "mode", "roles")} == {
        "at": "2026-11-23T09:30:00Z",
        "text": "(Sample)",
        "market": "US",
        "segment": None,
        "mode": "WITHOUT_LICENSE_TRANSFER",
        "roles": ["ADMIN_AGENT"],
    }
    assert (facts["shape"], list(facts)) == (name.value, sorted(facts))


@pytest.mark.parametrize("name", [n for n in NAMES if n is not CustomersReportName.PORTFOLIO])
async def test_a_customer_of_whom_nothing_is_loaded_is_counted_and_not_called_empty(
    tmp_path: Path, name: CustomersReportName
) -> None:
    bare = replace(customer(), customer_id=CONTOSO)
    changes = replace(importing(bare), holdings=())
    report = of_customers(await asked_of(changes), name, EVERYBODY)
    facts = (await write(report, tmp_path / "r.csv", "csv")).facts
    counted = ("rows", "customers", "customers_not_loaded", "customers_without_subscriptions")
    assert [facts[key] for key in counted] == [0, 1, 1, 0]


@pytest.mark.parametrize("name", NAMES)
async def test_an_offer_that_the_catalog_lacks_is_told_and_stops_nobody(
    name: CustomersReportName,
) -> None:
    lost = replace(subscription("A"), catalog_id=CatalogId("0" * 8 + "-0000-0000-0000-" + "0" * 12))
    asked = await asked_of(importing(replace(customer(lost), customer_id=CONTOSO)))
    (line, *_) = await lines(asked, name)
    told = line.get("standing") or line["status"]
    assert told == ("UNMET" if name is CustomersReportName.PLANS else "NOT_IN_CATALOG")


@pytest.mark.parametrize("name", NAMES)
async def test_every_key_of_the_manifest_is_documented(
    tmp_path: Path, name: CustomersReportName
) -> None:
    report = await sample_report(name)
    await write(report, tmp_path / "r.csv", "csv")
    text = DOCS.read_text(encoding="utf-8")
    _, manifest = text.split("## Manifest")
    for key in orjson.loads(manifest_path(tmp_path / "r.csv").read_bytes()):
        family = key.partition("_")[0] + "_..."
        assert f"`{key}`" in manifest or f"`{family}`" in manifest, key
