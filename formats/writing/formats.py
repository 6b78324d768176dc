"""Which formats a report comes in, and what may be asked of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec


class ReportFormat(StrEnum):
    """How lines become bytes; the value is the file's suffix too."""

    CSV = "csv"
    NDJSON = "ndjson"
    XLSX = "xlsx"
    PARQUET = "parquet"


STREAMED = frozenset({ReportFormat.CSV, ReportFormat.NDJSON})
"""Formats that are sent while they are made; the others are files that end with their index."""

MEDIA_TYPES: Mapping[ReportFormat, str] = {
    ReportFormat.CSV: "text/csv; charset=utf-8; header=present",
    ReportFormat.NDJSON: "application/x-ndjson",
    ReportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ReportFormat.PARQUET: "application/vnd.apache.parquet",
}


class ParquetNotInstalled(RuntimeError):
    """Parquet needs pyarrow, which is an extra of offerpath."""

    code = "PARQUET_NOT_INSTALLED"
    remedy = "pip install 'offerpath[parquet]'"

    def __init__(self) -> None:
        super().__init__("Parquet needs pyarrow, which is not installed here")


@dataclass(frozen=True, slots=True)
class ReportForm:
    """What a report's file looks like.

    Raises: ValueError for a byte order mark outside CSV; ParquetNotInstalled.
    """

    format: ReportFormat = ReportFormat.CSV
    bom: bool = False
    """Whether a CSV begins with a byte order mark, by which Excel knows UTF-8."""

    def __post_init__(self) -> None:
        if self.bom and self.format is not ReportFormat.CSV:
            raise ValueError(f"a byte order mark is for CSV, not for {self.format}")
        if self.format is ReportFormat.PARQUET and find_spec("pyarrow") is None:
            raise ParquetNotInstalled
