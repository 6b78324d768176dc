"""Which shapes and formats a report comes in, and the table that a shape makes of its rows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from formats.report_columns import Column, ColumnType, Line, Offers, ReportRow
from formats.report_path_columns import PATH_COLUMNS, path_line
from formats.report_step_columns import STEP_COLUMNS, step_lines


class Shape(StrEnum):
    """What one line of a report is."""

    PATHS = "paths"
    STEPS = "steps"


class ReportFormat(StrEnum):
    """How lines become bytes; the value is the file's suffix too."""

    CSV = "csv"
    NDJSON = "ndjson"
    XLSX = "xlsx"


MEDIA_TYPES: Mapping[ReportFormat, str] = {
    ReportFormat.CSV: "text/csv; charset=utf-8; header=present",
    ReportFormat.NDJSON: "application/x-ndjson",
    ReportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
COLUMNS: Mapping[Shape, tuple[Column, ...]] = {
    Shape.PATHS: PATH_COLUMNS,
    Shape.STEPS: STEP_COLUMNS,
}


@dataclass(frozen=True, slots=True)
class ReportForm:
    """What a report looks like. Raises: ValueError for a byte order mark outside CSV."""

    shape: Shape = Shape.PATHS
    format: ReportFormat = ReportFormat.CSV
    bom: bool = False
    """Whether a CSV begins with a byte order mark, by which Excel knows UTF-8."""

    def __post_init__(self) -> None:
        if self.bom and self.format is not ReportFormat.CSV:
            raise ValueError(f"a byte order mark is for CSV, not for {self.format}")

    @property
    def columns(self) -> tuple[Column, ...]:
        return COLUMNS[self.shape]


def lines_of(chunk: Iterable[ReportRow], shape: Shape, offers: Offers) -> Iterator[Line]:
    """Yield the lines of some rows, in their order."""
    for row in chunk:
        if shape is Shape.PATHS:
            yield path_line(row, offers)
        else:
            yield from step_lines(row, offers)


def columns_table(shape: Shape) -> str:
    """Return the columns as the Markdown table that stands in docs/reports.md."""
    head = "| column | type | meaning |\n|---|---|---|\n"
    return head + "".join(
        f"| `{column.name}` | {_type(column)} | {column.meaning} |\n" for column in COLUMNS[shape]
    )


def _type(column: Column) -> str:
    if column.type is not ColumnType.LIST:
        return column.type.value
    separator = column.separator.replace("|", "\\|")
    return f'list, joined by "{separator}"'
