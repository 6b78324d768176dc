"""Parquet: typed columns, the same bytes whatever portions lines come in, bounded groups."""

import io
import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.writing.columns import Line, amount, day, flag, number, several, text
from formats.writing.encoders import CsvEncoder, NdjsonEncoder
from formats.writing.formats import ParquetNotInstalled, ReportForm, ReportFormat
from formats.writing.parquet import GROUP_ROWS, ParquetFile
from tests.formats.reports.reading import read_csv, read_ndjson

COLUMNS = (
    text("text", ""),
    day("day", ""),
    number("number", ""),
    amount("amount", ""),
    flag("flag", ""),
    several("list", ""),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
CELLS = st.tuples(
    st.none() | TEXTS,
    st.none() | st.dates(min_value=date(1900, 1, 1)),
    st.none() | st.integers(-(2**53), 2**53),
    st.none() | st.decimals(-(10**12), 10**12, places=2),
    st.none() | st.booleans(),
    st.none() | st.lists(TEXTS, max_size=3).map(tuple),
)


def written(portions: Sequence[Sequence[Line]]) -> tuple[bytes, str]:
    """Return the bytes of a file and the digest that the writer tells."""
    file = io.BytesIO()
    writer = ParquetFile(file, COLUMNS)
    for lines in portions:
        writer.add(lines)
    digest = writer.finish({"rows": sum(map(len, portions))})
    writer.discard()
    return file.getvalue(), digest


def read(content: bytes) -> list[tuple[Any, ...]]:
    rows = pq.read_table(pa.BufferReader(content)).to_pylist()
    return [tuple(row.values()) for row in rows]


def test_columns_have_types() -> None:
    content, _ = written([])
    assert [
        (field.name, str(field.type)) for field in pq.read_schema(pa.BufferReader(content))
    ] == [
        ("text", "string"),
        ("day", "date32[day]"),
        ("number", "int64"),
        ("amount", "decimal128(18, 2)"),
        ("flag", "bool"),
        ("list", "list<element: string>"),
    ]


@given(st.lists(CELLS, max_size=30), st.data())
def test_cells_come_back_as_they_were_whatever_portions_they_went_in(
    lines: list[Line], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(lines)))
    content, digest = written([lines])
    assert written([lines[:cut], lines[cut:]]) == (content, digest)
    expected = [tuple(list(c) if isinstance(c, tuple) else c for c in line) for line in lines]
    assert read(content) == expected


@given(st.lists(CELLS, max_size=30))
def test_ndjson_tells_every_cell_exactly(lines: list[Line]) -> None:
    told = read_ndjson(NdjsonEncoder(COLUMNS).rows(lines))
    for line, row in zip(lines, told, strict=True):
        words, on, count, money, is_so, several_ = line
        assert [row["text"], row["number"], row["flag"]] == [words, count, is_so]
        assert row["day"] == (on.isoformat() if isinstance(on, date) else None)
        assert row["list"] == (list(several_) if isinstance(several_, tuple) else None)
        assert (None if row["amount"] is None else Decimal(row["amount"])) == money


@given(st.lists(CELLS, max_size=30))
def test_csv_guards_texts_and_never_numbers(lines: list[Line]) -> None:
    encoder = CsvEncoder(COLUMNS)
    told = read_csv(encoder.header() + encoder.rows(lines))
    for line, row in zip(lines, told, strict=True):
        for name in ("text", "list"):
            assert not row[name].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
        assert row["amount"] == ("" if line[3] is None else str(line[3]))
        assert row["number"] == ("" if line[2] is None else str(line[2]))


def test_groups_are_cut_by_number_of_lines_alone() -> None:
    line: Line = ("x", None, 1, None, None, None)
    many = [line] * (2 * GROUP_ROWS + 5)
    content, _ = written([many[:7], many[7:GROUP_ROWS], many[GROUP_ROWS:]])
    assert content == written([many])[0]
    metadata = pq.ParquetFile(pa.BufferReader(content)).metadata
    sizes = [metadata.row_group(index).num_rows for index in range(metadata.num_row_groups)]
    assert sizes == [GROUP_ROWS, GROUP_ROWS, 5]


def test_the_file_says_what_it_was_made_from() -> None:
    content, _ = written([[("x", None, 1, None, None, None)]])
    metadata = pq.ParquetFile(pa.BufferReader(content)).metadata.metadata
    assert orjson.loads(metadata[b"offerpath"]) == {"rows": 1}


def test_an_amount_that_would_be_rounded_is_refused() -> None:
    with pytest.raises(pa.ArrowInvalid):
        written([[(None, None, None, Decimal("0.001"), None, None)]])


def test_without_pyarrow_the_form_is_refused_with_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ParquetNotInstalled) as refused:
        ReportForm(ReportFormat.PARQUET)
    assert refused.value.code == "PARQUET_NOT_INSTALLED"
    assert "offerpath[parquet]" in refused.value.remedy
    assert ReportForm(ReportFormat.XLSX).format is ReportFormat.XLSX
