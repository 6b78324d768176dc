"""How a report becomes a file with its manifest, or a stream of bytes (docs/reports.md)."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from formats.writing.encoders import Encoder, encoder_for
from formats.writing.files import PartFile
from formats.writing.formats import ReportForm
from formats.writing.manifest import Manifest
from formats.writing.table import Report, Row
from formats.writing.writer import ReportWriter

Done = TypeVar("Done")


def manifest_path(path: Path) -> Path:
    """Return where the manifest of a report stands: `<path>.manifest.json`."""
    return path.with_name(path.name + ".manifest.json")


async def write_file(report: Report[Row], path: Path, form: ReportForm) -> Manifest:
    """Write a report and its manifest, both whole or neither.

    Whatever ends it early (an error of the source, a full disk, a cancellation) leaves an older
    report of that name and its manifest as they were. The report gets its name first, then the
    manifest: should the machine stop between the two, the checksum tells.

    Raises: what the report's rows raise; TooLargeForXlsx, Overtaken, OSError.
    """
    with (
        PartFile(path) as part,
        PartFile(manifest_path(path)) as beside,
        ReportWriter(part.file, report, form) as writer,
    ):
        async with aclosing(report.rows()) as portions:
            async for rows in portions:
                writer.add(rows)
        manifest = await _in_thread(partial(_finish, writer, part, beside, path.name))
        # No await between here and the end: a cancellation comes before both names or after.
        part.publish()
        beside.publish()
    return manifest


def _finish(writer: ReportWriter[Row], part: PartFile, beside: PartFile, name: str) -> Manifest:
    manifest = writer.finish(name)
    beside.file.write(manifest.to_json())
    part.sync()
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


def stream(report: Report[Row], form: ReportForm) -> AsyncGenerator[bytes]:
    """Yield a CSV or NDJSON report in parts, none of them empty.

    The header comes with the first rows, so that a source that fails at once has sent nothing; a
    later failure is raised through, and the receiver must see the stream broken off.

    Raises: ValueError for other formats; what the report's rows raise.
    """
    return _parts(report, encoder_for(report.table.columns, form))


async def _parts(report: Report[Row], encoder: Encoder) -> AsyncGenerator[bytes]:
    waiting = encoder.header()
    async with aclosing(report.rows()) as portions:
        async for rows in portions:
            waiting += encoder.rows(report.lines(rows))
            if waiting:
                yield waiting
            waiting = b""
    if waiting:
        yield waiting
