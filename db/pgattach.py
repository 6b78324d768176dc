"""How does a client reach the supervisor of a data folder, starting one if there is none?"""

import fcntl
import json
import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from db.pgbinaries import find_binaries
from db.pgdata import DataFolder
from db.pgerrors import EmbeddedServerError, error_from_os
from db.pglobby import is_private

_STEP_SECONDS: Final = 0.005
_SILENT_SUPERVISORS: Final = 3
_PACKAGE_ROOT: Final = Path(__file__).resolve().parent.parent


def open_folder(path: Path) -> DataFolder:
    """Return the data folder, made with mode 0700 if it is not there."""
    whole = path.expanduser().absolute()
    try:
        whole.mkdir(mode=0o700, parents=True, exist_ok=True)
        return DataFolder(whole.resolve())
    except OSError as error:
        raise error_from_os(error, whole) from error


def raise_error(message: dict[str, Any]) -> None:
    """Raise the error a supervisor's message carries, if it carries one."""
    if "error" in message:
        raise EmbeddedServerError(*message["error"])


class Attempt:
    """One call of attach: connect, or start a supervisor, until one answers or time is up."""

    def __init__(
        self, data: DataFolder, timeout_seconds: float, on_progress: Callable[[str], None]
    ) -> None:
        """Start the clock."""
        self._data = data
        self._timeout_seconds = timeout_seconds
        self._deadline = time.monotonic() + timeout_seconds
        self._on_progress = on_progress
        self._doing = "waiting for the supervisor process"

    def run(self) -> tuple[socket.socket, dict[str, Any]]:
        """Return the open connection and where the server is."""
        silent = 0
        while True:
            connection, started = self._connect(), None
            if connection is None:
                connection = started = self._start_supervisor()
            if connection is not None and (ready := self._answer(connection)):
                return connection, ready
            silent += started is not None
            if silent >= _SILENT_SUPERVISORS:
                raise EmbeddedServerError(
                    "SUPERVISOR_LOST",
                    f"The supervisor of PostgreSQL for {self._data.path} ends without a word.",
                    f"Read the end of {self._data.log} for the cause.",
                )
            # Another supervisor is about to listen, or about to have stopped.
            time.sleep(min(_STEP_SECONDS, self._time_left()))

    def _answer(self, connection: socket.socket) -> dict[str, Any]:
        """Return the supervisor's answer; empty, with the connection closed, when it ended."""
        try:
            for message in self._messages(connection):
                raise_error(message)
                if "ready" in message:
                    return dict(message["ready"])
                self._doing = str(message["progress"])
                self._on_progress(self._doing)
        except BaseException:
            connection.close()
            raise
        connection.close()
        return {}

    def _messages(self, connection: socket.socket) -> Iterator[dict[str, Any]]:
        """Yield the messages, one a line, until the supervisor hangs up or time is up."""
        rest = b""
        with suppress(ConnectionError):
            while True:
                connection.settimeout(self._time_left())
                try:
                    piece = connection.recv(65536)
                except TimeoutError:
                    continue  # The next look at the clock raises.
                if not piece:
                    return
                *lines, rest = (rest + piece).split(b"\n")
                yield from map(json.loads, lines)

    def _time_left(self) -> float:
        left = self._deadline - time.monotonic()
        if left > 0:
            return left
        raise EmbeddedServerError(
            "START_TIMED_OUT",
            f"PostgreSQL for {self._data.path} was not ready within "
            f"{self._timeout_seconds:g} seconds (last step: {self._doing}).",
        )

    def _connect(self) -> socket.socket | None:
        """Connect to the published socket, if it is there and only we could have put it there."""
        control = Path(str(self._data.read_notice().get("control", "")))
        owners = {os.geteuid(), self._data.path.stat().st_uid}
        if not control.is_absolute() or not is_private(control.parent, owners):
            return None
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.settimeout(self._time_left())
            connection.connect(str(control))
        except OSError:
            connection.close()
            return None
        return connection

    def _start_supervisor(self) -> socket.socket | None:
        """Start one and return its first connection; None when another process has the lock."""
        binaries = find_binaries()
        try:
            lock = _open_lock(self._data)
        except OSError as error:
            raise error_from_os(error, self._data.path) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return _spawn(self._data, binaries, lock)
        except BlockingIOError:
            if self._data.is_of_another_account():
                raise EmbeddedServerError(
                    "SERVER_OF_ANOTHER_ACCOUNT",
                    f"PostgreSQL for {self._data.path} is run by another account.",
                ) from None
            return None
        finally:
            os.close(lock)  # The supervisor has inherited it, and the lock with it.


def _open_lock(data: DataFolder) -> int:
    """Open the lock file; one that root makes belongs to the owner of the folder."""
    lock = os.open(data.supervisor_lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    found, owner = os.fstat(lock), data.path.stat()
    ours = stat.S_ISREG(found.st_mode) and found.st_size == 0 and found.st_nlink == 1
    if os.geteuid() == 0 and found.st_uid != owner.st_uid and ours:
        os.fchown(lock, owner.st_uid, owner.st_gid)
    return lock


def _spawn(data: DataFolder, binaries: Path, lock: int) -> socket.socket:
    """Start a supervisor with one client, as the owner of the folder if root may be it."""
    mine, its = socket.socketpair()
    owner = data.path.stat()
    arguments = (data.path, binaries, lock, its.fileno())
    command = [sys.executable, "-S", "-m", "db.supervisor", *map(str, arguments)]
    with its:
        try:
            if os.geteuid() == 0 and owner.st_uid != 0:
                with suppress(PermissionError):
                    # The files stay the owner's. Fails where the owner cannot run our Python.
                    _run_detached(command, os.devnull, owner=owner)
                    return mine
            _run_detached(command, _log_or_nowhere(data))
        except BaseException:
            mine.close()
            raise
    return mine


def _run_detached(command: list[str], words: str, owner: os.stat_result | None = None) -> None:
    """Start the supervisor in its own session; it forks at once, so this returns at once.

    -S: it needs the standard library only, and starts twice as fast without `site`.
    """
    with open(words, "ab", opener=_open_private) as stderr:
        subprocess.run(  # noqa: S603 - our own module
            command,
            cwd=_PACKAGE_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            pass_fds=[int(fd) for fd in command[-2:]],
            start_new_session=True,
            user=owner.st_uid if owner else None,
            group=owner.st_gid if owner else None,
            extra_groups=[] if owner else None,
            check=False,
        )


def _log_or_nowhere(data: DataFolder) -> str:
    """Name the file for the words of a supervisor that fails before it can log."""
    with suppress(OSError), open(data.log, "ab", opener=_open_private):
        return str(data.log)
    return os.devnull


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
