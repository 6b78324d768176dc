"""A server in processes of its own, and what a client asks it over the network."""

import json
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from tests.offerpath.command import PROGRAM, Cli

SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Served:
    """A server that listens."""

    process: subprocess.Popen[str]
    base: str
    log: IO[str]
    """What it writes to stderr: a file, since a pipe that nobody reads would stop it."""

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens, for a socket."""
        host, port = self.base.removeprefix("http://").rsplit(":", 1)
        return host, int(port)

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Return the status and body of a GET over a connection of its own."""
        return send(Request(self.base + path, headers=headers))

    def answer(self, query: str, **variables: Any) -> dict[str, Any]:
        """Return the answer to a question over a connection of its own."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        headers = {"Content-Type": "application/json"}
        told: dict[str, Any] = json.loads(send(Request(self.base + "/graphql", body, headers))[1])
        return told

    def ask(self, query: str, **variables: Any) -> Any:
        """Return the data of an answer without errors."""
        told = self.answer(query, **variables)
        assert "errors" not in told, told
        return told["data"]

    def opened(self, path: str, *, window: int | None = None) -> socket.socket:
        """Return a connection on which a GET was sent; with a small window it is read slowly."""
        end = socket.socket()
        if window is not None:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        end.settimeout(SECONDS)
        try:
            end.connect(self.address)
            end.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        except OSError:
            end.close()
            raise
        return end

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal; return the exit code and what stood on stderr, once it has ended."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> tuple[int, str]:
        """Return the exit code and what stood on stderr, once it has ended."""
        code = self.process.wait(timeout=SECONDS)
        self.log.seek(0)
        return code, self.log.read()


def send(request: Request) -> tuple[int, bytes]:
    """Return the status and body that a request is answered with."""
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=SECONDS) as answer:
            return answer.status, answer.read()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read()


@contextmanager
def served(cli: Cli, *options: str, **variables: str) -> Iterator[Served]:
    """Serve on a free port until the block ends, if not before."""
    with TemporaryFile("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            [PROGRAM, "serve", "--port", "0", "--json", *options],
            env=cli.environment(**variables),
            stdout=subprocess.PIPE,
            stderr=log,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout
        with process.stdout:
            try:
                said = process.stdout.readline()
                log.seek(0)
                assert said, log.read()
                yield Served(process, json.loads(said)["listening"], log)
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
                    process.wait(timeout=SECONDS)


def wait_until(holds: Callable[[], bool], seconds: float = SECONDS) -> bool:
    """Return whether it holds before the time is up."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def processes_of(folder: Path) -> list[int]:
    """Return the processes whose command line names the folder: the embedded server's."""
    return [pid for pid, command in _commands() if str(folder).encode() in command]


def children_of(parent: int) -> list[int]:
    """Return the processes that a process has started and that still run."""
    found = []
    for pid, _ in _commands():
        try:
            told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(told[1]) == parent and told[0] != "Z":
            found.append(pid)
    return found


def is_running(pid: int) -> bool:
    """Return whether the process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _commands() -> Iterator[tuple[int, bytes]]:
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield int(entry.parent.name), entry.read_bytes()
        except OSError:
            continue
