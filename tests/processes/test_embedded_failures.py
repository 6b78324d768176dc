"""What happens when parts of the embedded PostgreSQL fail: real kills, a really full disk."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from db.embedded import EmbeddedServer, EmbeddedServerError
from tests.db.embedded_clients import (
    CLIENT,
    ROOT,
    answer,
    as_nobody,
    ask,
    ask_patiently,
    end,
    eventually,
    kill,
    mounted,
    needs_root,
    postmaster,
    processes,
    start_client,
    supervisor,
)


def failure(folder: Path, **options: Any) -> EmbeddedServerError:
    """Attach, which must fail; return how. Every failure is one sentence with a remedy."""
    with pytest.raises(EmbeddedServerError) as caught:
        EmbeddedServer.attach(folder, **options)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize("moment", ["progress", "url"])
def test_a_killed_client_leaves_no_process(folder: Path, moment: str) -> None:
    """After kill -9 of the only client, during a first start or later, everything is gone."""
    client = start_client(folder)
    assert client.stdout is not None
    assert any(line.startswith(moment) for line in client.stdout)
    assert processes(folder)
    kill(client)
    assert eventually(lambda: not processes(folder))
    assert not (folder / "pgdata.new").exists()
    with EmbeddedServer.attach(folder) as server:
        assert server.problem() is None


async def test_a_killed_server_answers_again_at_the_same_address(folder: Path) -> None:
    """After kill -9 of the postmaster the URL works within seconds, busy orphans or not."""
    with EmbeddedServer.attach(folder) as server:
        endless = "SELECT count(*) FROM generate_series(1, 1000000000) a, generate_series(1, 9) b"
        busy = asyncio.create_task(ask(server.url, endless))
        active = (
            "SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'SELECT count(*) FROM g%'"
        )
        while not await ask(server.admin_url, active):
            pass
        old = postmaster(folder)
        os.kill(old, signal.SIGKILL)
        with pytest.raises((OSError, asyncpg.PostgresError)):
            await busy
        assert await ask_patiently(server.url) == 1
        assert postmaster(folder) != old
        assert server.problem() is None


async def test_a_killed_supervisor_takes_the_server_along(folder: Path) -> None:
    """After kill -9 of the supervisor no postgres process is left, and attaching works again."""
    with EmbeddedServer.attach(folder) as server:
        os.kill(supervisor(folder), signal.SIGKILL)
        assert eventually(lambda: not processes(folder))
        problem = server.problem()
        assert problem is not None
        assert problem.code == "SUPERVISOR_LOST"
        with EmbeddedServer.attach(folder) as again:
            assert again.url == server.url
            assert await ask(server.url) == 1


async def test_a_supervisor_killed_with_its_server_leaves_nothing_in_the_way(folder: Path) -> None:
    """A stale postmaster.pid, even with the pid of a living process, does not stop a start."""
    with EmbeddedServer.attach(folder):
        server_pid = postmaster(folder)
        os.kill(supervisor(folder), signal.SIGSTOP)
        os.kill(server_pid, signal.SIGKILL)
        os.kill(supervisor(folder), signal.SIGKILL)
        assert eventually(lambda: not processes(folder))
        stale = folder / "pgdata" / "postmaster.pid"
        stale.write_text(stale.read_text().replace(str(server_pid), str(os.getpid()), 1))
        with EmbeddedServer.attach(folder) as again:
            assert await ask(again.url) == 1


def test_a_supervisor_killed_during_the_first_start_is_replaced(folder: Path) -> None:
    """The client that waits for a first start gets its server, though the supervisor is killed."""
    killed: list[int] = []

    def kill_supervisor(_words: str) -> None:
        if not killed:
            killed.append(supervisor(folder))
            os.kill(killed[0], signal.SIGKILL)

    with EmbeddedServer.attach(folder, on_progress=kill_supervisor):
        assert killed
        assert killed[0] != supervisor(folder)


@pytest.mark.parametrize(
    ("version", "code"), [("19", "DATA_FROM_NEWER_VERSION"), ("17", "DATA_FROM_OLDER_VERSION")]
)
def test_data_of_another_major_version_is_refused(folder: Path, version: str, code: str) -> None:
    """A cluster of another PostgreSQL is left alone, and the error says which one made it."""
    (folder / "pgdata").mkdir(parents=True)
    (folder / "pgdata" / "PG_VERSION").write_text(f"{version}\n")
    error = failure(folder)
    assert error.code == code
    assert f"PostgreSQL {version}" in str(error)
    assert [path.name for path in (folder / "pgdata").iterdir()] == ["PG_VERSION"]


def test_a_server_that_keeps_crashing_is_given_up(folder: Path) -> None:
    """Damaged data ends in an error with PostgreSQL's own words, not in an endless restart."""
    EmbeddedServer.attach(folder).close()
    (folder / "pgdata" / "global" / "pg_control").write_bytes(b"")
    error = failure(folder)
    assert error.code == "SERVER_KEEPS_CRASHING"
    assert "pg_control" in str(error)


def test_a_start_that_takes_too_long_is_given_up(folder: Path) -> None:
    """The caller gets START_TIMED_OUT in its time, and nothing goes on behind its back."""
    began = time.monotonic()
    assert failure(folder, timeout_seconds=0.15).code == "START_TIMED_OUT"
    assert time.monotonic() - began < 10
    assert eventually(lambda: not processes(folder))


def test_missing_binaries_are_named(folder: Path) -> None:
    """Without the package (here: without site-packages) the error is BINARIES_MISSING."""
    client = subprocess.run(
        [sys.executable, "-S", "-c", CLIENT, str(folder)], capture_output=True, text=True, cwd=ROOT
    )
    assert client.stdout == "error BINARIES_MISSING\n"


@needs_root
def test_a_folder_that_cannot_be_written_is_named(folder: Path) -> None:
    """Another's folder, and one on a read-only mount, give DATA_DIR_NOT_WRITABLE."""
    nobody = as_nobody()
    folder.mkdir()
    client = start_client(folder, **nobody)
    assert answer(client) == "DATA_DIR_NOT_WRITABLE"
    end(client)
    client = start_client(folder, *mounted(folder, "ro"))
    assert answer(client) == "DATA_DIR_NOT_WRITABLE"
    end(client)


@needs_root
@pytest.mark.parametrize("size", ["64k", "8m", "40m"])
def test_a_full_disk_is_named_on_a_first_start(folder: Path, size: str) -> None:
    """Wherever the space runs out, the error is DISK_FULL and no half cluster is left."""
    folder.mkdir()
    client = start_client(folder, *mounted(folder, f"size={size}", f"ls -A {folder} >&2"))
    assert answer(client) == "DISK_FULL"
    end(client)


@needs_root
def test_a_full_disk_is_named_for_an_existing_cluster(folder: Path) -> None:
    """An existing cluster on a full disk gives DISK_FULL, and works again when there is space."""
    folder.mkdir()
    script = f"""
import os, subprocess
from pathlib import Path
from db.embedded import EmbeddedServer, EmbeddedServerError
folder, filler = Path({str(folder)!r}), Path({str(folder)!r}, "filler")
EmbeddedServer.attach(folder).close()
subprocess.run(["dd", "if=/dev/zero", f"of={{filler}}", "bs=4k"], stderr=subprocess.DEVNULL)
try:
    EmbeddedServer.attach(folder)
except EmbeddedServerError as error:
    print(error.code)
filler.unlink()
with EmbeddedServer.attach(folder) as server:
    print(server.problem())
"""
    done = subprocess.run(
        [*mounted(folder, "size=120m"), sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert (done.stdout, done.stderr) == ("DISK_FULL\nNone\n", "")
