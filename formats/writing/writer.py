"""How the rows of a report get into an open file, in any format, counted and hashed."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import BinaryIO, Generic, Protocol

from formats.writing.columns import Line
from formats.writing.encoders import Encoder, encoder_for
from formats.writing.formats import ReportForm, ReportFormat
from formats.writing.manifest import Fact, Manifest, manifest_facts
from formats.writing.table import Report, Row
from formats.writing.xlsx import XlsxFile


class _Body(Protocol):
    """Where lines go, in any format."""

    def add(self, lines: Sequence[Line]) -> None: ...

    def finish(self, about: Mapping[str, Fact]) -> str:
        """Return the SHA-256 of all that was written, in hex."""
        ...

    def discard(self) -> None: ...


class ReportWriter(Generic[Row]):
    """Writes one report to an open file: counts its rows and takes the checksum.

    Use it as a context, so that an unfinished workbook leaves no temporary files.
    """

    def __init__(self, file: BinaryIO, report: Report[Row], form: ReportForm) -> None:
        self._report = report
        self._form = form
        self._lines = 0
        self._tally = report.tally()
        self._body = _body(file, report, form)

    def __enter__(self) -> "ReportWriter[Row]":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._body.discard()

    def add(self, rows: Sequence[Row]) -> None:
        """Write some rows. Raises: TooLargeForXlsx, OSError."""
        lines = tuple(self._report.lines(rows))
        for row in rows:
            self._tally.add(row)
        self._lines += len(lines)
        self._body.add(lines)

    def finish(self, name: str) -> Manifest:
        """Write what is left; return the manifest of a file of that name. Raises: OSError."""
        about = manifest_facts(
            self._report.facts,
            self._form,
            shape=self._report.table.name,
            rows=self._lines,
            counts=self._tally.counts(),
        )
        return Manifest(about, name, self._body.finish(about))


class _Text:
    """CSV or NDJSON, hashed as it is written."""

    def __init__(self, file: BinaryIO, encoder: Encoder) -> None:
        self._file = file
        self._encoder = encoder
        self._digest = hashlib.sha256()
        self._write(encoder.header())

    def add(self, lines: Iterable[Line]) -> None:
        self._write(self._encoder.rows(lines))

    def finish(self, about: Mapping[str, Fact]) -> str:  # noqa: ARG002
        return self._digest.hexdigest()

    def discard(self) -> None:
        return

    def _write(self, content: bytes) -> None:
        self._file.write(content)
        self._digest.update(content)


class _Workbook:
    """XLSX, hashed once it is packed: its bytes stand only then."""

    def __init__(self, file: BinaryIO, workbook: XlsxFile) -> None:
        self._file = file
        self._workbook = workbook

    def add(self, lines: Iterable[Line]) -> None:
        self._workbook.add(lines)

    def finish(self, about: Mapping[str, Fact]) -> str:
        self._workbook.finish(about)
        self._file.seek(0)
        digest = hashlib.sha256()
        for block in iter(partial(self._file.read, 1 << 20), b""):
            digest.update(block)
        return digest.hexdigest()

    def discard(self) -> None:
        self._workbook.discard()


def _body(file: BinaryIO, report: Report[Row], form: ReportForm) -> _Body:
    table = report.table
    match form.format:
        case ReportFormat.XLSX:
            return _Workbook(file, XlsxFile(file, table.columns, sheet=table.name))
        case ReportFormat.PARQUET:
            # It is an extra, and loading it takes longer than most reports.
            from formats.writing.parquet import ParquetFile

            return ParquetFile(file, table.columns)
    return _Text(file, encoder_for(table.columns, form))
