"""Which processes work on a cluster, is it ready, and which port is free for it?"""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import SystemRandom

from db.pgerrors import EmbeddedServerError


def is_ready(pgdata: Path, postmaster: int) -> bool:
    """Tell whether this very postmaster takes connections: it says so in its lock file."""
    try:
        lines = (pgdata / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[0] == str(postmaster) and lines[7].strip() == "ready"


def processes_of(pgdata: Path) -> Iterator[int]:
    """Yield the postgres processes that work in this cluster (where there is a /proc).

    Each of them has the cluster as its working folder. The pid in postmaster.pid would not do:
    it may be another program's by now, and it says nothing about orphans.
    """
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (entry / "comm").read_text().strip() != "postgres":
                continue
            if (entry / "cwd").samefile(pgdata):
                yield int(entry.name)


def kill_processes_of(pgdata: Path) -> None:
    """Kill what is left of a server; its data stays good, as after a power cut."""
    for pid in processes_of(pgdata):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def free_port(preferred: int | None) -> int:
    """Return a loopback port nobody listens on, the preferred one if it is such a port.

    Tried below 32768 first: the kernel hands out the ports above for outgoing connections, and
    could hand out ours during a restart.
    """
    random = SystemRandom()
    wanted = ([preferred] if preferred else []) + [random.randrange(20000, 32768) for _ in "12345"]
    for port in [*wanted, 0]:
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise EmbeddedServerError("SERVER_KEEPS_CRASHING", "No loopback port is free on this machine.")
