"""What a report's file holds in each format, read back by other people's readers."""

import hashlib
import itertools
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import orjson
import pytest
from python_calamine import CalamineWorkbook

from formats.reports.shapes import COLUMNS, Shape
from formats.writing.encoders import CsvEncoder
from formats.writing.output import manifest_path, stream
from formats.writing.xlsx import TooLargeForXlsx
from resolvers.reports.paths import PathReport, PathRow
from tests.formats.reports.reading import (
    Wanted,
    bundled,
    form,
    read_csv,
    read_ndjson,
    ready,
    report_of,
    small,
    titled,
    write,
)

FORMATS = ("csv", "ndjson", "xlsx")
SHAPES = ("paths", "steps")
FORMULAS = ("=1+1", "+1", "-1", "@SUM(1)", "\tx", "\rx", "\nx")


async def written(report: PathReport, path: Path, wanted: Wanted) -> bytes:
    await write(report, path, wanted)
    return path.read_bytes()


async def streamed(report: PathReport, wanted: Wanted) -> bytes:
    parts = stream(ready(report, wanted.shape), wanted.form)
    return b"".join([part async for part in parts])


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize(("name", "shape"), tuple(itertools.product(FORMATS, SHAPES)))
async def test_the_same_report_has_the_same_bytes(tmp_path: Path, name: str, shape: str) -> None:
    wanted = form(name, shape)
    first, again = tmp_path / "first", tmp_path / "again"
    assert await written(small(), first, wanted) == await written(small(), again, wanted)
    told = [orjson.loads(manifest_path(path).read_bytes()) for path in (first, again)]
    assert told[0] | {"file": "again"} == told[1]


@pytest.mark.parametrize("shape", SHAPES)
async def test_all_formats_hold_the_same_cells(tmp_path: Path, shape: str) -> None:
    of_csv = read_csv(await written(small(), tmp_path / "r.csv", form("csv", shape)))
    of_json = read_ndjson(await written(small(), tmp_path / "r.ndjson", form("ndjson", shape)))
    await write(small(), tmp_path / "r.xlsx", form("xlsx", shape))
    names, *of_xlsx = sheets(tmp_path / "r.xlsx")[shape]
    assert list(of_csv[0]) == list(of_json[0]) == names
    columns = COLUMNS[Shape(shape)]
    for texts, values, cells in zip(of_csv, of_json, of_xlsx, strict=True):
        for column, cell in zip(columns, cells, strict=True):
            value = values[column.name]
            shown = column.separator.join(value) if isinstance(value, list) else value
            assert cell == ("" if shown is None else shown), column.name
            as_text = str(shown).lower() if isinstance(shown, bool) else str(shown)
            assert texts[column.name] == ("" if shown is None else as_text)


async def test_a_sku_id_keeps_its_zeros_as_text(tmp_path: Path) -> None:
    (row, *_) = read_csv(await written(small(), tmp_path / "r.csv", form("csv")))
    assert row["target_sku_id"] == "0001"
    (line, *_) = read_ndjson(await written(small(), tmp_path / "r.ndjson", form("ndjson")))
    assert (line["target_sku_id"], line["steps"]) == ("0001", 2)
    await write(small(), tmp_path / "r.xlsx", form("xlsx"))
    names, first, *_ = sheets(tmp_path / "r.xlsx")["paths"]
    told = dict(zip(names, first, strict=True))
    assert (told["target_sku_id"], told["dated"], told["steps"]) == ("0001", "2021-05-01", 2.0)


async def test_csv_ends_lines_with_crlf_and_quotes_what_needs_it(tmp_path: Path) -> None:
    content = await written(small(), tmp_path / "r.csv", form("csv"))
    assert content.startswith(b"origin_id,origin_title,")
    assert content.endswith(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == len(read_csv(content)) + 1
    assert b'"Say ""A"", now"' in content


async def test_only_a_csv_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    bare = await written(small(), tmp_path / "r.csv", form("csv"))
    assert await written(small(), tmp_path / "r.csv", form("csv", bom=True)) == (
        b"\xef\xbb\xbf" + bare
    )
    with pytest.raises(ValueError, match="byte order mark"):
        form("ndjson", bom=True)


@pytest.mark.parametrize("title", FORMULAS)
async def test_csv_guards_what_a_spreadsheet_would_run_and_the_others_need_not(
    tmp_path: Path, title: str
) -> None:
    """An apostrophe in CSV; the plain text in NDJSON and in an XLSX text cell."""
    report = titled(title)
    (row,) = read_csv(await written(report, tmp_path / "r.csv", form("csv")))
    assert row["origin_title"] == f"'{title}"
    (line,) = read_ndjson(await written(report, tmp_path / "r.ndjson", form("ndjson")))
    assert line["origin_title"] == title
    await write(report, tmp_path / "r.xlsx", form("xlsx"))
    assert "<f>" not in sheet_xml(tmp_path / "r.xlsx")
    assert sheets(tmp_path / "r.xlsx")["paths"][1][1].strip() == title.strip()


@pytest.mark.parametrize("title", ["https://example.com/a", "0001", "1e5", "_x0041_"])
async def test_xlsx_makes_neither_links_nor_numbers_of_text(tmp_path: Path, title: str) -> None:
    await write(titled(title), tmp_path / "r.xlsx", form("xlsx"))
    assert "hyperlink" not in sheet_xml(tmp_path / "r.xlsx")
    assert sheets(tmp_path / "r.xlsx")["paths"][1][1] == title


def test_a_list_is_guarded_by_its_first_item_and_a_number_never() -> None:
    columns = tuple(c for c in COLUMNS[Shape.PATHS] if c.name in ("rank", "sources"))
    assert CsvEncoder(columns).rows([(-1, ("=a", "=b"))]) == b"-1,'=a;=b\r\n"


async def test_xlsx_freezes_and_filters_its_header(tmp_path: Path) -> None:
    await write(small(), tmp_path / "r.xlsx", form("xlsx"))
    xml = sheet_xml(tmp_path / "r.xlsx")
    assert '<pane ySplit="1" topLeftCell="A2"' in xml
    assert '<autoFilter ref="A1:Y' in xml


async def test_xlsx_tells_what_it_was_made_from(tmp_path: Path) -> None:
    """The sheet `about` has the manifest's facts without the file's name and checksum."""
    manifest = await write(small(), tmp_path / "r.xlsx", form("xlsx"))
    about = dict(sheets(tmp_path / "r.xlsx")["about"])
    expected = {key: _shown(value) for key, value in manifest.facts.items()}
    assert about == expected
    assert {"file", "sha256"}.isdisjoint(about)


def _shown(value: object) -> object:
    if value is None:
        return ""
    return ";".join(value) if isinstance(value, list) else value


def sheet_xml(path: Path) -> str:
    with ZipFile(path) as parts:
        return parts.read("xl/worksheets/sheet1.xml").decode()


async def test_a_text_that_excel_would_cut_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLargeForXlsx):
        await write(titled("x" * 32_768), tmp_path / "r.xlsx", form("xlsx"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", FORMATS)
async def test_the_manifest_names_the_question_the_counts_and_the_checksum(
    tmp_path: Path, name: str
) -> None:
    report = small()
    path = tmp_path / f"r.{name}"
    await write(report, path, form(name))
    content = manifest_path(path).read_bytes()
    told = orjson.loads(content)
    assert told == {
        "at": "2026-11-23",
        "avoid": [],
        "bom": False,
        "columns_version": 1,
        "content_hash": report.catalog.content_hash,
        "file": f"r.{name}",
        "format": name,
        "kinds": None,
        "legacy_upgrades": "LAST",
        "market": None,
        "max_steps": None,
        "offers": 4,
        "offers_with_path": 3,
        "offers_without_path": 1,
        "paths": 5,
        "profile": "FEWEST_STEPS",
        "rows": 6,
        "rules_version": "rules-1",
        "segment": None,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "shape": "paths",
        "with_no_path": True,
    }
    assert list(told) == sorted(told)


@pytest.mark.parametrize(("name", "shape"), tuple(itertools.product(FORMATS[:2], SHAPES)))
async def test_a_stream_has_the_bytes_of_the_file(tmp_path: Path, name: str, shape: str) -> None:
    wanted = form(name, shape)
    assert await streamed(small(), wanted) == await written(small(), tmp_path / "r", wanted)


async def nothing() -> AsyncGenerator[tuple[PathRow, ...]]:
    none: tuple[tuple[PathRow, ...], ...] = ()
    for chunk in none:
        yield chunk


@pytest.mark.parametrize("name", FORMATS)
async def test_a_report_without_rows_is_its_header(tmp_path: Path, name: str) -> None:
    manifest = await write(small(), tmp_path / "r", form(name), nothing())
    assert manifest.facts["rows"] == 0
    header = [column.name for column in COLUMNS[Shape.PATHS]]
    content = (tmp_path / "r").read_bytes()
    if name == "xlsx":
        assert sheets(tmp_path / "r")["paths"] == [header]
    else:
        assert content == (",".join(header).encode() + b"\r\n" if name == "csv" else b"")


def test_xlsx_is_never_streamed() -> None:
    with pytest.raises(ValueError, match="cannot be streamed"):
        stream(ready(small(), rows=nothing()), form("xlsx").form)


@pytest.mark.parametrize("name", FORMATS)
async def test_the_bundled_catalog_gives_1241_best_paths(tmp_path: Path, name: str) -> None:
    """On 2026-11-23 without a market: 725 legacy offers have a path."""
    report = report_of(bundled(), with_no_path=False)
    path = tmp_path / f"r.{name}"
    manifest = await write(report, path, form(name))
    told = manifest.facts
    assert (told["rows"], told["paths"], told["offers_with_path"]) == (1_241, 1_241, 725)
    assert told["offers"] == len(report.offers)
    origins = _origins(path, name)
    assert (len(origins), len(set(origins))) == (1_241, 725)
    assert manifest.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def _origins(path: Path, name: str) -> list[str]:
    if name == "xlsx":
        return [str(row[0]) for row in sheets(path)["paths"][1:]]
    content = path.read_bytes()
    read = read_csv(content) if name == "csv" else read_ndjson(content)
    return [row["origin_id"] for row in read]


async def test_the_bundled_steps_are_those_of_its_paths() -> None:
    report = report_of(bundled(), with_no_path=False)
    paths = read_ndjson(await streamed(report, form("ndjson")))
    steps = read_csv(await streamed(report, form("csv", "steps")))
    assert len(steps) == sum(path["steps"] for path in paths)
    ends = {(row["origin_id"], row["target_id"]) for row in steps}
    assert ends == {(path["origin_id"], path["target_id"]) for path in paths}
