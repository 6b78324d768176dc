"""How a report becomes a file with its manifest, or a stream of bytes (docs/reports.md)."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, TypeVar

from formats.report_columns import Line, Offers, ReportRow
from formats.report_encoders import Encoder, encoder_for
from formats.report_files import PartFile
from formats.report_manifest import Fact, Manifest, ReportFacts, Tally, manifest_facts
from formats.report_shapes import ReportForm, ReportFormat, lines_of
from formats.report_xlsx import XlsxFile

Done = TypeVar("Done")


class _Body(Protocol):
    """Where lines go, in any format."""

    def add(self, lines: Iterable[Line]) -> None: ...

    def finish(self, about: Mapping[str, Fact]) -> str:
        """Return the SHA-256 of all that was written, in hex."""
        ...

    def discard(self) -> None: ...


class ReportWriter:
    """Writes one report to an open file: counts its rows and takes the checksum.

    Use it as a context, so that an unfinished workbook leaves no temporary files.
    """

    def __init__(
        self, file: BinaryIO, *, offers: Offers, facts: ReportFacts, form: ReportForm
    ) -> None:
        self._offers = offers
        self._facts = facts
        self._form = form
        self._tally = Tally()
        self._body = _body(file, form)

    def __enter__(self) -> "ReportWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._body.discard()

    def add(self, chunk: Sequence[ReportRow]) -> None:
        """Write some rows. Raises: TooLargeForXlsx, OSError."""
        lines = tuple(lines_of(chunk, self._form.shape, self._offers))
        self._tally.add(chunk, lines=len(lines))
        self._body.add(lines)

    def finish(self, name: str) -> Manifest:
        """Write what is left; return the manifest of a file of that name. Raises: OSError."""
        about = manifest_facts(self._facts, self._form, self._tally)
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

    def __init__(self, file: BinaryIO, form: ReportForm) -> None:
        self._file = file
        self._workbook = XlsxFile(file, form.columns, sheet=form.shape.value)

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


def _body(file: BinaryIO, form: ReportForm) -> _Body:
    if form.format is ReportFormat.XLSX:
        return _Workbook(file, form)
    return _Text(file, encoder_for(form))


def manifest_path(path: Path) -> Path:
    """Return where the manifest of a report stands: `<path>.manifest.json`."""
    return path.with_name(path.name + ".manifest.json")


async def write_file(
    chunks: AsyncIterator[Sequence[ReportRow]],
    path: Path,
    *,
    offers: Offers,
    facts: ReportFacts,
    form: ReportForm,
) -> Manifest:
    """Write a report and its manifest, both whole or neither; `offers` are the catalog's.

    Whatever ends it early (an error of the source, a full disk, a cancellation) leaves an older
    report of that name and its manifest as they were. The report gets its name first, then the
    manifest: should the machine stop between the two, the checksum tells.

    Raises: what `chunks` raises; TooLargeForXlsx, Overtaken, OSError.
    """
    with (
        PartFile(path) as report,
        PartFile(manifest_path(path)) as beside,
        ReportWriter(report.file, offers=offers, facts=facts, form=form) as writer,
    ):
        async for chunk in chunks:
            writer.add(chunk)
        manifest = await _in_thread(partial(_finish, writer, report, beside, path.name))
        # No await between here and the end: a cancellation comes before both names or after.
        report.publish()
        beside.publish()
    return manifest


def _finish(writer: ReportWriter, report: PartFile, beside: PartFile, name: str) -> Manifest:
    manifest = writer.finish(name)
    beside.file.write(manifest.to_json())
    report.sync()
    beside.sync()
    return manifest


async def _in_thread(work: Callable[[], Done]) -> Done:
    """Return what blocking work returns; a cancellation waits until the thread is through.

    A thread cannot be stopped, and its files must not be taken from under it.
    """
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # retrieved, so that asyncio does not log it
        raise


def stream(
    chunks: AsyncIterator[Sequence[ReportRow]], *, offers: Offers, form: ReportForm
) -> AsyncIterator[bytes]:
    """Yield a CSV or NDJSON report in parts, none of them empty.

    The header comes with the first rows, so that a source that fails at once has sent nothing; a
    later failure is raised through, and the receiver must see the stream broken off.

    Raises: ValueError for XLSX; what `chunks` raises.
    """
    return _parts(chunks, offers, form, encoder_for(form))


async def _parts(
    chunks: AsyncIterator[Sequence[ReportRow]], offers: Offers, form: ReportForm, encoder: Encoder
) -> AsyncIterator[bytes]:
    waiting = encoder.header()
    async for chunk in chunks:
        waiting += encoder.rows(lines_of(chunk, form.shape, offers))
        if waiting:
            yield waiting
        waiting = b""
    if waiting:
        yield waiting
