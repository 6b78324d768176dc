"""What workbook the lines of a report make, written in constant memory."""

import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]

from formats.writing.columns import Cell, Column, ColumnType, Line, cell_text
from formats.writing.manifest import Fact

MAX_LINES = 1_048_575
"""Excel's 1,048,576 rows without the header."""
MAX_CELL_LENGTH = 32_767
"""UTF-16 units that Excel keeps of a text."""

_CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""A fixed one, so that the same report has the same bytes."""
_WIDTHS: Mapping[ColumnType, int] = {ColumnType.TEXT: 28, ColumnType.LIST: 28}


class TooLargeForXlsx(ValueError):
    """The report does not fit into an XLSX sheet; ask for CSV or NDJSON."""

    code = "TOO_LARGE_FOR_XLSX"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} does not fit into an XLSX sheet; ask for CSV or NDJSON")


class XlsxFile:
    """A workbook: the sheet of the report, and `about` with what it was made from.

    Text, ids and dates are text cells, so that `0001` stays what it is and nothing becomes a
    formula or a link; amounts are numbers, for sums. End with `finish` or, where that cannot be,
    with `discard`.
    """

    def __init__(self, file: BinaryIO, columns: tuple[Column, ...], *, sheet: str) -> None:
        self._columns = columns
        self._folder = tempfile.TemporaryDirectory(prefix="offerpath-xlsx-")
        self._book: Any = xlsxwriter.Workbook(file, _options(self._folder.name))
        self._book.set_properties({"created": _CREATED, "title": f"offerpath {sheet}"})
        self._bold: Any = self._book.add_format({"bold": True})
        self._money: Any = self._book.add_format({"num_format": "#,##0.00"})
        self._sheet: Any = self._book.add_worksheet(sheet)
        self._lines = 0
        self._write_header()

    def add(self, lines: Iterable[Line]) -> None:
        """Raises: TooLargeForXlsx."""
        for line in lines:
            self._lines += 1
            if self._lines > MAX_LINES:
                raise TooLargeForXlsx("a report of more than 1,048,575 lines")
            for index, (column, cell) in enumerate(zip(self._columns, line, strict=True)):
                self._write(self._lines, index, column, cell)

    def finish(self, about: Mapping[str, Fact]) -> None:
        """Write the sheet `about` and the workbook. Cost: the whole packing, so call in a thread.

        Raises: OSError.
        """
        self._sheet.autofilter(0, 0, self._lines, len(self._columns) - 1)
        _write_about(self._book.add_worksheet("about"), about, self._bold)
        try:
            self._book.close()
        except FileCreateError as error:
            raise OSError(f"the workbook cannot be written: {error}") from error
        finally:
            self.discard()

    def discard(self) -> None:
        """Let go of the temporary files; a second call does nothing."""
        # A workbook that is not closed has no public way to let them go.
        for sheet in self._book.worksheets():
            with suppress(OSError):  # closing flushes, and on a full disk that fails once more
                sheet.row_data_fh.close()
        self._folder.cleanup()

    def _write(self, row: int, index: int, column: Column, cell: Cell) -> None:
        if isinstance(cell, Decimal):
            self._sheet.write_number(row, index, cell, self._money)
        else:
            _write(self._sheet, row, index, column, cell)

    def _write_header(self) -> None:
        for index, column in enumerate(self._columns):
            self._sheet.set_column(index, index, _WIDTHS.get(column.type, len(column.name) + 4))
            self._sheet.write_string(0, index, column.name, self._bold)
        self._sheet.freeze_panes(1, 0)


def _options(folder: str) -> dict[str, object]:
    return {
        "constant_memory": True,
        "tmpdir": folder,
        "strings_to_numbers": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }


def _write(sheet: Any, row: int, index: int, column: Column, cell: Cell) -> None:
    match cell:
        case None:
            return
        case bool():
            sheet.write_boolean(row, index, cell)
        case int():
            sheet.write_number(row, index, cell)
        case _:
            _write_text(sheet, row, index, cell_text(column, cell))


def _write_text(sheet: Any, row: int, index: int, text: str) -> None:
    # XlsxWriter cuts what is too long and says so by its return value.
    if text and sheet.write_string(row, index, text) != 0:
        raise TooLargeForXlsx(f"a text of more than {MAX_CELL_LENGTH:,} characters")


def _write_about(sheet: Any, about: Mapping[str, Fact], bold: Any) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 70)
    for row, (key, fact) in enumerate(about.items()):
        sheet.write_string(row, 0, key, bold)
        column = Column(key, ColumnType.LIST, "")
        _write(sheet, row, 1, column, tuple(fact) if isinstance(fact, list) else fact)
