"""What bytes the lines of a report are, in CSV and in NDJSON, a chunk at a time."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

import orjson

from formats.writing.columns import Cell, Column, ColumnType, Line, amount_text, cell_text
from formats.writing.formats import ReportForm, ReportFormat

_BOM = b"\xef\xbb\xbf"
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_GUARDED = frozenset({ColumnType.TEXT, ColumnType.LIST})


class Encoder(Protocol):
    """Bytes of a report, in order: the header once, then the lines."""

    def header(self) -> bytes: ...

    def rows(self, lines: Iterable[Line]) -> bytes: ...


class CsvEncoder:
    """RFC 4180: comma, CRLF, quotes where needed; UTF-8.

    A text that a spreadsheet would take for a formula gets a leading apostrophe [OWASP, CSV
    injection; line feed is in its list too].
    """

    def __init__(self, columns: tuple[Column, ...], *, bom: bool = False) -> None:
        self._columns = columns
        self._bom = _BOM if bom else b""

    def header(self) -> bytes:
        return self._bom + _csv_bytes([[column.name for column in self._columns]])

    def rows(self, lines: Iterable[Line]) -> bytes:
        return _csv_bytes(map(self._texts, lines))

    def _texts(self, line: Line) -> list[str]:
        return [_csv_cell(column, cell) for column, cell in zip(self._columns, line, strict=True)]


def _csv_bytes(lines: Iterable[list[str]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows(lines)
    return written.getvalue().encode()


def _csv_cell(column: Column, cell: Cell) -> str:
    shown = cell_text(column, cell)
    if column.type in _GUARDED and shown.startswith(_STARTS_A_FORMULA):
        return f"'{shown}"
    return shown


class NdjsonEncoder:
    """One JSON object a line, with the columns as keys in their order; no header; UTF-8, LF."""

    def __init__(self, columns: tuple[Column, ...]) -> None:
        self._names = [column.name for column in columns]

    def header(self) -> bytes:
        return b""

    def rows(self, lines: Iterable[Line]) -> bytes:
        return b"".join(
            orjson.dumps(
                dict(zip(self._names, line, strict=True)),
                default=_exact,
                option=orjson.OPT_APPEND_NEWLINE,
            )
            for line in lines
        )


def _exact(value: object) -> str:
    """Return an amount as text: as a number a reader would round it."""
    if isinstance(value, Decimal):
        return amount_text(value)
    raise TypeError(f"a cell cannot be {type(value).__name__}")


def encoder_for(columns: tuple[Column, ...], form: ReportForm) -> Encoder:
    """Return a fresh encoder. Raises: ValueError for what is no stream of bytes."""
    match form.format:
        case ReportFormat.CSV:
            return CsvEncoder(columns, bom=form.bom)
        case ReportFormat.NDJSON:
            return NdjsonEncoder(columns)
    raise ValueError(f"{form.format} cannot be streamed; write a file and send that")
