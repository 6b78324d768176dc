"""A plain load on one route: several connections, each asking again once it is answered."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlsplit

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
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n".encode()
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


async def load_evenly(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    per_second: float,
    connections: int,
    seconds: float,
) -> Load:
    """Send requests at even distances, whatever the answers do.

    Each is timed from the instant at which it was due, so that what waits for a free connection
    waits on the clock.
    """
    where = urlsplit(url)
    lines = {"Host": "localhost", "Content-Type": "application/json", **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    request = f"POST {where.path} HTTP/1.1\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode()
    tally, due = _Tally([]), iter(_due(per_second, seconds))
    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(_ask_when_due(where.port or 80, request + body, due, started, tally))
    times = sorted(tally.times)
    return Load(
        len(times) / (time.perf_counter() - started),
        times[len(times) // 2] * 1000,
        times[int(len(times) * 0.99)] * 1000,
        tally.refused,
    )


def _due(per_second: float, seconds: float) -> Iterator[float]:
    for number in range(int(per_second * seconds)):
        yield number / per_second


async def _ask_when_due(
    port: int, request: bytes, due: Iterator[float], started: float, tally: _Tally
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for instant in due:
        begun = started + instant
        await asyncio.sleep(begun - time.perf_counter())
        writer.write(request)
        status, answer = await _answer(reader)
        tally.times.append(time.perf_counter() - begun)
        if status != 200 or b'"errors"' in answer:
            tally.refused += 1
    writer.close()
    await writer.wait_closed()
