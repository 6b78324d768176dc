"""One address under load: how many answers a second, how long they take, what they cost."""

import asyncio
import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.bench.load import Load, load_evenly
from tools import node

FOLDER = Path(__file__).with_name("postgraphile")
_CONNECTIONS = 8
_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Side:
    """What is asked of one server: where, with which header fields, and which process answers."""

    url: str
    body: str
    headers: Mapping[str, str]
    pid: int


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of it."""

    full: Load
    half: Load
    """At half as many requests a second, sent evenly."""
    cpu_ms: float
    """What the process itself worked for one answer at full load; not what the database did."""


async def measure(side: Side) -> Measured:
    """Load it as far as it goes, and then half as far."""
    before = _cpu_ms(side.pid)
    full = await asyncio.to_thread(_full_load, side)
    cpu = _cpu_ms(side.pid) - before
    half = await load_evenly(
        side.url,
        side.body.encode(),
        side.headers,
        per_second=full.per_second / 2,
        connections=_CONNECTIONS,
        seconds=_SECONDS,
    )
    return Measured(full, half, cpu / (full.per_second * _SECONDS))


def _full_load(side: Side) -> Load:
    asked = {
        "url": side.url,
        "body": side.body,
        "headers": dict(side.headers),
        "connections": _CONNECTIONS,
        "seconds": _SECONDS,
    }
    done = subprocess.run(
        [str(node.node()), "load.mjs"],
        cwd=FOLDER,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    return Load(told["perSecond"], told["medianMs"], told["p99Ms"], told["refused"])


def _cpu_ms(pid: int) -> float:
    """Return what a process has worked so far, in all its threads."""
    times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK") * 1000


def memory_mb(pid: int) -> float:
    """Return what a process has in memory now."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
