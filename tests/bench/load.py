"""A plain load on one route: several connections, each asking again once it is answered."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Load:
    """What a load did: how many answers a second, and how long they took."""

    per_second: float
    median_ms: float
    p99_ms: float
    refused: int
    """Answers that were not 200 or that carried errors."""


@dataclass(slots=True)
class _Tally:
    times: list[float]
    refused: int = 0


async def load(
    port: int, path: str, body: Callable[[int], bytes], *, connections: int, seconds: float
) -> Load:
    """Send POST requests for some seconds; `body` is told the number of the request."""
    tally = _Tally([])
    numbers = count()
    ends = time.perf_counter() + seconds
    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(_ask(port, path, body, numbers, ends, tally))
    times = sorted(tally.times)
    return Load(
        len(times) / (time.perf_counter() - started),
        times[len(times) // 2] * 1000,
        times[int(len(times) * 0.99)] * 1000,
        tally.refused,
    )


async def _ask(
    port: int,
    path: str,
    body: Callable[[int], bytes],
    numbers: "count[int]",
    ends: float,
    tally: _Tally,
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n".encode()
    while (begun := time.perf_counter()) < ends:
        content = body(next(numbers))
        writer.write(head + b"Content-Length: %d\r\n\r\n%b" % (len(content), content))
        status, answer = await _answer(reader)
        tally.times.append(time.perf_counter() - begun)
        if status != 200 or b'"errors"' in answer:
            tally.refused += 1
    writer.close()
    await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    found = _LENGTH.search(head)
    if found is None:
        raise ValueError(head.decode())
    return int(head[9:12]), await reader.readexactly(int(found.group(1)))
