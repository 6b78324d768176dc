"""Readers that take nothing of a report cost the server no memory, whatever is left to send."""

from contextlib import ExitStack
from pathlib import Path

from tests.offerpath.command import Cli
from tests.offerpath.served import Served, served

LONG_REPORT = "/reports/paths?shape=steps&with_no_path=true&format=ndjson"
_MIB = 1024 * 1024
_READERS = 12
_MOST_FOR_EACH = 1 * _MIB
"""What the kernel and the connection may hold for one reader; the whole report is longer."""


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


def _length(server: Served) -> int:
    return len(server.get(LONG_REPORT)[1])


def test_readers_that_do_not_read_cost_little_memory_and_hold_up_nobody(cli: Cli) -> None:
    with served(cli) as server:
        assert _length(server) > _MOST_FOR_EACH
        before = _resident(server.process.pid)
        with ExitStack() as stack:
            for _ in range(_READERS):
                end = stack.enter_context(server.opened(LONG_REPORT, window=4096))
                assert end.recv(100).startswith(b"HTTP/1.1 200")
            for _ in range(20):
                assert server.ask("{ __typename }") == {"__typename": "Query"}
                assert server.get("/readyz")[0] == 200
            grown = _resident(server.process.pid) - before
            assert grown < _READERS * _MOST_FOR_EACH, grown
        assert server.stop()[0] == 0
