"""How does one PostgreSQL program run: as the right account, dying with us, its words logged."""

import ctypes
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from db.pgbinaries import Account

_PR_SET_PDEATHSIG: Final = 1
_LOG_BYTES: Final = 4_000_000
_TAIL_BYTES: Final = 16_000


class ServerLog:
    """The log file, kept under 8 MB in two files; a full disk never stops the writer."""

    def __init__(self, path: Path) -> None:
        """Name the file; it is opened for each piece, as pieces are rare."""
        self.path = path

    def write(self, piece: bytes) -> None:
        """Append, moving a file grown too large aside first."""
        with suppress(OSError):
            if self.path.exists() and self.path.stat().st_size > _LOG_BYTES:
                self.path.replace(self.path.with_suffix(".log.1"))
            with self.path.open("ab") as file:
                file.write(piece)


class Program:
    """One running child of the supervisor, with the end of what it said.

    Its output comes through a pipe and not straight into the log file, because on a full disk
    the file would miss the very line that names the cause.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        account: Account,
        death_signal: signal.Signals,
        keep_fd: int,
        selector: selectors.BaseSelector,
        log: ServerLog,
        text: str = "",
    ) -> None:
        """Start it with `text` (under 4 KB) as its whole standard input.

        `keep_fd` stays open in it and its children, so that a lock outlives us.
        """
        self._selector = selector
        self._log = log
        self._tail = b""
        self._pipe, write_end = os.pipe()
        os.set_blocking(self._pipe, False)
        try:
            self.process = _start(command, account, death_signal, keep_fd, write_end)
        except BaseException:
            os.close(self._pipe)
            raise
        finally:
            os.close(write_end)
        selector.register(self._pipe, selectors.EVENT_READ, self._read)
        if self.process.stdin is not None:
            with suppress(BrokenPipeError), self.process.stdin as stdin:
                stdin.write(text.encode())

    @property
    def said(self) -> str:
        """The end of its output, at most 16 KB."""
        return self._tail.decode("utf-8", "replace")

    def ended(self) -> bool:
        """Tell whether it is over; its last words are then read."""
        if self.process.poll() is None:
            return False
        self.close()
        return True

    def close(self) -> None:
        """Read what is left and let go of the pipe; idempotent."""
        while self._read():
            pass
        self._hang_up()

    def _read(self) -> bool:
        """Take one piece of output; return whether there may be more."""
        if self._pipe < 0:
            return False
        try:
            piece = os.read(self._pipe, 65536)
        except BlockingIOError:
            return False
        self._tail = (self._tail + piece)[-_TAIL_BYTES:]
        if piece:
            self._log.write(piece)
        else:
            self._hang_up()  # Or select would report the end of the file for ever.
        return bool(piece)

    def _hang_up(self) -> None:
        if self._pipe >= 0:
            self._selector.unregister(self._pipe)
            os.close(self._pipe)
            self._pipe = -1


def _start(
    command: Sequence[str],
    account: Account,
    death_signal: signal.Signals,
    keep_fd: int,
    output: int,
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own binaries, no shell
        [*account.prefix, *command],
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=output,
        cwd="/",
        env=_clean_environment(),
        pass_fds=(keep_fd,),
        user=account.uid,
        group=account.gid,
        extra_groups=None if account.uid is None else [],
        umask=0o077,
        # Safe here: the supervisor has one thread.
        preexec_fn=_dies_with_us(death_signal),
    )


def _clean_environment() -> dict[str, str]:
    """Leave out PG*: a user's PGOPTIONS or PGDATA must not reach this server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C.UTF-8"}


def _dies_with_us(death_signal: signal.Signals) -> Callable[[], None] | None:
    """Have the kernel signal the child when this process ends in any way, kill -9 included."""
    if sys.platform != "linux":
        return None
    parent = os.getpid()
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask_kernel() -> None:
        prctl(_PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:  # We died before the kernel knew.
            os._exit(1)

    return ask_kernel
