"""What lines a CSV text has, each as a mapping from column to field."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeGuard

from pydantic import ConfigDict

from formats.microsoft.collection import check_row_count
from formats.problems import FileRefused, Findings, Place
from formats.rows import Row

if TYPE_CHECKING:
    import _csv


class CsvRow(Row):
    """A line; its field names are the columns. Unknown columns are noted once, by the header."""

    model_config = ConfigDict(alias_generator=None, extra="ignore")
    required_columns: ClassVar[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Table:
    """The header, in lower case, and the lines below it that are not blank."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Place, dict[str, str]], ...]


Line = tuple[int, "list[str] | csv.Error"]
"""On which line a record begins, and its fields, or why there is no further one."""


def read_table(text: str, *, name: str, findings: Findings) -> Table:
    """Return the lines of a CSV text with comma or semicolon, any line ends (RFC 4180 quoting).

    Excel's first line `sep=;` is understood. Raises: FileRefused (WRONG_HEADER, TOO_MANY_ROWS).
    """
    skipped, delimiter, body = _opening(text)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    lines = ((line + skipped, fields) for line, fields in _lines(reader))
    return _table(_columns(lines, name), lines, findings)


def _opening(text: str) -> tuple[int, str, str]:
    """Return how many lines are skipped, the delimiter, and the text below what is skipped."""
    first, _, rest = text.partition("\n")
    if first.strip().lower() in ("sep=;", "sep=,"):
        return 1, first.strip()[-1], rest
    header = re.split(r"[\r\n]", text.lstrip(), maxsplit=1)[0]
    return 0, ";" if header.count(";") > header.count(",") else ",", text


def _lines(reader: "_csv.Reader") -> Iterator[Line]:
    """Yield each record with the line on which it begins (a quoted field may hold line ends)."""
    begins = 1
    try:
        for row in reader:
            yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        yield begins, error


def _columns(lines: Iterator[Line], name: str) -> tuple[str, ...]:
    """Return the column names of the first line that is not blank."""
    for _, fields in lines:
        if isinstance(fields, csv.Error):
            raise FileRefused("WRONG_HEADER", f"{name} has no readable header: {fields}")
        columns = tuple(field.strip().lower() for field in fields)
        if any(columns):
            _check_unique(columns, name)
            return columns
    return ()


def _check_unique(columns: tuple[str, ...], name: str) -> None:
    counts = Counter(column for column in columns if column)
    twice = ", ".join(sorted(column for column, count in counts.items() if count > 1))
    if twice:
        raise FileRefused("WRONG_HEADER", f"{name} names a column twice: {twice[:200]}")


def _table(columns: tuple[str, ...], lines: Iterator[Line], findings: Findings) -> Table:
    rows: list[tuple[Place, dict[str, str]]] = []
    for count, (line, fields) in enumerate(lines):
        check_row_count(count, Place())
        if _is_good(fields, len(columns), Place(line=line), findings):
            rows.append((Place(line=line), dict(zip(columns, fields, strict=True))))
    return Table(columns, tuple(rows))


def _is_good(
    fields: "list[str] | csv.Error", width: int, place: Place, findings: Findings
) -> "TypeGuard[list[str]]":
    """Tell whether a record is to be read; a blank one is not, others are reported."""
    if isinstance(fields, csv.Error):
        message = f"it cannot be read, and nothing after it was looked at: {fields}"
        findings.problem("NOT_CSV", place, message)
        return False
    if not any(map(str.strip, fields)):
        return False
    if len(fields) != width:
        message = f"{len(fields)} fields where the header has {width}"
        findings.problem("WRONG_FIELD_COUNT", place, message)
        return False
    return True
