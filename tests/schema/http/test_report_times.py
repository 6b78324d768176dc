"""A report ends in time, also where its reader takes nothing, or a little at a time."""

import asyncio
import logging
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from uvicorn.protocols.http.h11_impl import H11Protocol

from offerpath.cli.serving.http_protocol import HttpProtocol
from offerpath.refusals import EXCEPTION_HANDLERS
from offerpath.report_times import ReportTimes
from offerpath.reports_http import ReportRoutes
from resolvers.asked import Asked
from tests.formats.reports.customer_reports import WatchedStore, asked_in, watched
from tests.schema.servers import serving

_PATIENCE = 20


class _Watched(HttpProtocol):
    """Tells when the server has let go of a connection."""

    gone: threading.Event

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.gone.set()


@asynccontextmanager
async def _served(
    times: ReportTimes, http: type = HttpProtocol
) -> AsyncIterator[tuple[str, WatchedStore]]:
    """Serve reports on customers without end; give the base address, and what reads them."""
    store = await watched()
    asked = await asked_in(store)

    async def ask(request: Request) -> Asked:
        return asked

    routes = ReportRoutes(ask, times=times).routes
    app = Starlette(routes=routes, exception_handlers=dict(EXCEPTION_HANDLERS))
    async with serving(app, http=http) as base:
        yield base, store
    assert asked.queues.runs.running == 0
    assert asked.queues.planning.running == 0


def _logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was said at the level of warnings and above, by whomever."""
    return [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]


async def _is_closed(store: WatchedStore) -> bool:
    return await asyncio.to_thread(store.closed.wait, _PATIENCE)


def _opened(base: str, path: str) -> socket.socket:
    """Ask for a report over a socket that takes little at a time."""
    host, port = urlsplit(base).hostname or "", urlsplit(base).port or 0
    end = socket.socket()
    end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    end.settimeout(_PATIENCE)
    end.connect((host, port))
    end.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    return end


async def test_a_reader_that_takes_nothing_is_let_go(caplog: pytest.LogCaptureFixture) -> None:
    class Connection(_Watched):
        gone = threading.Event()

    async with _served(ReportTimes(reader_seconds=0.5), Connection) as (base, store):
        end = await asyncio.to_thread(_opened, base, "/reports/blockers?format=ndjson")
        with end:
            assert (await asyncio.to_thread(end.recv, 100)).startswith(b"HTTP/1.1 200")
            assert await _is_closed(store)
            # What it did not take is dropped: the connection does not wait for it to be taken.
            assert await asyncio.to_thread(Connection.gone.wait, _PATIENCE)
    assert _logged(caplog) == ["a report was broken off: its reader took nothing for 0.5 seconds"]


async def test_a_reader_that_goes_on_reading_is_not_taken_for_one_that_does_not() -> None:
    async with (
        _served(ReportTimes(reader_seconds=0.5)) as (base, store),
        httpx2.AsyncClient(base_url=base, trust_env=False) as client,
        client.stream("GET", "/reports/blockers") as answer,
    ):
        parts = answer.aiter_bytes()
        for _ in range(4):
            await anext(parts)
            await asyncio.sleep(0.3)
        assert not store.closed.is_set()


async def test_a_report_is_broken_off_when_its_time_is_up(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    got = 0
    async with (
        _served(ReportTimes(whole_seconds=1.0)) as (base, store),
        httpx2.AsyncClient(base_url=base, trust_env=False, timeout=_PATIENCE) as client,
    ):
        with pytest.raises(httpx2.RemoteProtocolError):  # noqa: PT012 (it comes midway)
            async with client.stream("GET", "/reports/blockers") as answer:
                assert answer.status_code == 200
                async for part in answer.aiter_bytes():
                    got += len(part)
        assert await _is_closed(store)
    assert got > 0
    assert _logged(caplog) == ["a report was broken off: it took longer than 1 seconds"]


async def test_a_server_of_another_make_ends_the_connection_all_the_same(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with (
        _served(ReportTimes(whole_seconds=1.0), H11Protocol) as (base, store),
        httpx2.AsyncClient(base_url=base, trust_env=False, timeout=_PATIENCE) as client,
    ):
        with pytest.raises(httpx2.RemoteProtocolError):
            await client.get("/reports/blockers")
        assert await _is_closed(store)
    assert "it took longer than 1 seconds" in caplog.text


async def test_a_whole_answer_leaves_the_connection_open_and_the_next_one_comes() -> None:
    async with (
        _served(ReportTimes(whole_seconds=1.0)) as (base, _),
        httpx2.AsyncClient(base_url=base, trust_env=False, timeout=_PATIENCE) as client,
    ):
        for _ in range(2):
            answer = await client.get("/reports/paths?format=csv")
            assert answer.status_code == 200
            assert answer.text.endswith("\r\n")


@pytest.mark.parametrize("path", ["/reports/blockers?format=xlsx", "/reports/blockers/manifest"])
async def test_a_file_that_is_not_written_in_time_is_refused(path: str) -> None:
    async with (
        _served(ReportTimes(whole_seconds=1.0)) as (base, store),
        httpx2.AsyncClient(base_url=base, trust_env=False, timeout=_PATIENCE) as client,
    ):
        answer = await client.get(path)
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["extensions"]["code"]) == (503, "DEADLINE_EXCEEDED")
        assert await _is_closed(store)
