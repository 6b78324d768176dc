"""That a report is there whole, with its manifest, or not at all."""

import asyncio
import os
import resource
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from formats.writing.files import Overtaken, PartFile
from formats.writing.output import manifest_path, stream
from resolvers.reports.paths import PathRow
from tests.formats.reports.reading import form, ready, small, write

FORMATS = ("csv", "ndjson", "xlsx", "parquet")


class SourceFailed(Exception):
    """What a broken source raises."""


async def failing_midway() -> AsyncGenerator[tuple[PathRow, ...]]:
    async for chunk in small().chunks():
        yield chunk
    raise SourceFailed


async def never_ending(started: asyncio.Event) -> AsyncGenerator[tuple[PathRow, ...]]:
    async for chunk in small().chunks():
        yield chunk
    started.set()
    await asyncio.sleep(3600)


async def many_times(times: int) -> AsyncGenerator[tuple[PathRow, ...]]:
    for _ in range(times):
        async for chunk in small().chunks():
            yield chunk


async def endless() -> AsyncGenerator[tuple[PathRow, ...]]:
    while True:
        async for chunk in small().chunks():
            yield chunk


@pytest.mark.parametrize("name", FORMATS)
async def test_a_source_that_fails_midway_leaves_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceFailed):
        await write(small(), tmp_path / "r", form(name), failing_midway())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", FORMATS)
async def test_a_failure_leaves_an_older_report_and_its_manifest_as_they_were(
    tmp_path: Path, name: str
) -> None:
    await write(small(), tmp_path / "r", form(name))
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(SourceFailed):
        await write(small(), tmp_path / "r", form(name, "steps"), failing_midway())
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("name", FORMATS)
async def test_a_cancelled_report_leaves_no_file(tmp_path: Path, name: str) -> None:
    started = asyncio.Event()
    task = asyncio.create_task(write(small(), tmp_path / "r", form(name), never_ending(started)))
    await started.wait()
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["r.manifest.json.part", "r.part"]
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("turns", range(12))
async def test_a_cancellation_at_any_turn_leaves_both_files_or_none(
    tmp_path: Path, name: str, turns: int
) -> None:
    """Also while a thread packs and syncs: it is waited for, twice cancelled or not."""
    task = asyncio.create_task(write(small(), tmp_path / "r", form(name)))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ([] if task.cancelled() else ["r", "r.manifest.json"])


@pytest.fixture
def full_disk() -> Iterator[None]:
    """Let no file of this process grow beyond 4 KiB: writing more fails as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.usefixtures("full_disk")
async def test_a_full_disk_is_an_os_error_and_leaves_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(OSError, match="too large"):
        await write(small(), tmp_path / "r", form(name), many_times(20))
    assert list(tmp_path.iterdir()) == []


async def test_no_file_without_its_manifest(tmp_path: Path) -> None:
    """Where the manifest's place is taken by a folder, nothing is written at all."""
    manifest_path(tmp_path / "r").mkdir()
    with pytest.raises(IsADirectoryError):
        await write(small(), tmp_path / "r", form("csv"))
    assert [path.name for path in tmp_path.iterdir()] == ["r.manifest.json"]


async def test_what_a_crashed_writer_left_does_not_stand_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "r.part").write_bytes(b"half a report" * 1_000)
    await write(small(), tmp_path / "r", form("csv"))
    assert (tmp_path / "r").read_bytes().startswith(b"origin_id")
    assert not (tmp_path / "r.part").exists()


def test_of_two_writers_the_later_one_counts(tmp_path: Path) -> None:
    """The earlier one finds out when it publishes, and takes nothing from the later one."""
    with PartFile(tmp_path / "r") as earlier, PartFile(tmp_path / "r") as later:
        earlier.file.write(b"earlier")
        later.file.write(b"later")
        with pytest.raises(Overtaken):
            earlier.publish()
        later.publish()
    assert (tmp_path / "r").read_bytes() == b"later"
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


async def test_a_stream_whose_source_fails_breaks_off() -> None:
    parts = stream(ready(small(), rows=failing_midway()), form("csv").form)
    first = await anext(parts)
    assert first.startswith(b"origin_id")
    with pytest.raises(SourceFailed):
        await anext(parts)


async def failing_at_once() -> AsyncGenerator[tuple[PathRow, ...]]:
    raise SourceFailed
    yield ()


async def test_a_stream_whose_source_fails_at_once_sends_nothing() -> None:
    parts = stream(ready(small(), rows=failing_at_once()), form("csv", bom=True).form)
    with pytest.raises(SourceFailed):
        await anext(parts)


async def test_a_stream_yields_rows_while_its_source_goes_on() -> None:
    parts = stream(ready(small(), rows=endless()), form("ndjson").form)
    assert [len(await anext(parts)) > 0 for _ in range(3)] == [True] * 3


async def test_a_report_never_takes_the_place_of_a_device_or_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="regular file"):
        await write(small(), pipe, form("csv"))
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


async def test_a_link_keeps_pointing_to_the_report_that_is_written_anew(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_bytes(b"old")
    link.symlink_to(real)
    await write(small(), link, form("csv"))
    assert link.is_symlink()
    assert real.read_bytes() != b"old"
