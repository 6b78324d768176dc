"""Who keeps PostgreSQL running: one process per data folder, for as long as it has clients.

`python -m db.supervisor DATA_DIR BINARIES LOCK_FD CLIENT_FD` is started by `db.embedded` with the
lock already taken and the first client already connected, so there is no moment in which two
supervisors, or one without a client, could run. It has one thread on purpose: the kernel's
parent-death signal is tied to the thread that started the child.

Two locks: LOCK_FD lives as long as the supervisor. `postgres.lock` is inherited by PostgreSQL and
all its children, so whoever gets it knows that no process works on the data any more, even after
a kill -9 of the supervisor, and may remove a stale postmaster.pid.
"""

import fcntl
import os
import selectors
import shutil
import signal
import socket
import sys
import time
import traceback
from collections import deque
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Final

from db.pgbinaries import Account, account_for, server_version
from db.pgcluster import (
    check_version,
    create_cluster,
    has_cluster,
    repair_cluster,
    server_settings,
)
from db.pgdata import ADMIN_ROLE, APP_ROLE, OWNER_ROLE, DataFolder
from db.pgerrors import EmbeddedServerError, error_from_log, error_from_os
from db.pglobby import Lobby
from db.pgprocesses import free_port, is_ready, kill_processes_of
from db.pgprogram import Program, ServerLog

_CRASHES: Final = 5
_CRASH_WINDOW_SECONDS: Final = 60.0
_STEP_SECONDS: Final = 0.005
_LEFTOVER_PATIENCE_SECONDS: Final = 5.0
_STOP_STEPS: Final = ((signal.SIGINT, 8.0), (signal.SIGQUIT, 2.0), (signal.SIGKILL, 5.0))


class NobodyLeft(Exception):
    """The last client has gone, or the supervisor was told to end."""


class Supervisor:
    """The life of one server: prepare the data, start, watch, restart, stop."""

    def __init__(self, data: DataFolder, binaries: Path, first: socket.socket) -> None:
        """Take over the first client; nothing is started yet."""
        self.data = data
        self.binaries = binaries
        self.version = ""
        self.account = Account()
        self.selector = selectors.DefaultSelector()
        self.lobby = Lobby(self.selector, first)
        self.log = ServerLog(data.log)
        self.server_lock = -1
        self.program: Program | None = None
        self.port = 0
        self.told = False
        self.crashes: deque[float] = deque()
        self.ending = False

    def run(self) -> None:
        """Serve until nobody is left; whatever happens, tell the clients and leave no process."""
        try:
            self._listen_to_signals()
            self._serve()
        except NobodyLeft:
            pass
        except EmbeddedServerError as error:
            self._tell_error(error)
        except OSError as error:
            self._tell_error(error_from_os(error, self.data.path))
        except Exception as error:
            self.log.write(traceback.format_exc().encode())
            cause = f"The supervisor of PostgreSQL failed: {error!r}."
            self._tell_error(EmbeddedServerError("SERVER_KEEPS_CRASHING", cause))
        finally:
            self.lobby.close_doors()
            self._stop()

    def _serve(self) -> None:
        self.lobby.open(self.data)
        self.port = free_port(self.data.read_notice().get("port"))
        self._publish()
        self._take_server_lock(_LEFTOVER_PATIENCE_SECONDS)
        self.account = account_for(self.data.pgdata)
        self.version = server_version(self.binaries, self.account)
        check_version(self.data, self.version)
        self._prepare_data()
        while True:
            program = self._start()
            if self._becomes_ready(program):
                self._tell_ready()
                while not program.ended():
                    self._turn()
            self._count_crash(program.said)
            self._take_server_lock(0.0)

    def _prepare_data(self) -> None:
        for folder in (self.data.path, Path(self.lobby.address).parent):
            self.account.let_through(folder)
        if has_cluster(self.data):
            repair_cluster(self.data, self.account, self._run)
        else:
            self.lobby.tell({"progress": "Creating the database (first start)"})
            create_cluster(self.data, self.account, self._run)

    def _run(self, command: list[str], *, doing: str, text: str = "") -> None:
        """Run a program to its end while listening to clients; raise when it fails."""
        program = self._launch(command, signal.SIGKILL, text)
        while not program.ended():
            self._turn(0.1)
        if program.process.returncode != 0:
            raise error_from_log(program.said, doing=doing, place=self.data.path)

    # Starting and restarting

    def _start(self) -> Program:
        (self.data.pgdata / "postmaster.pid").unlink(missing_ok=True)  # Stale: we have the lock.
        shutil.rmtree(self.lobby.server_folder, ignore_errors=True)
        self.lobby.server_folder.mkdir(mode=0o700)
        self.account.own(self.lobby.server_folder)
        command = [
            "postgres",
            "-D",
            str(self.data.pgdata),
            *server_settings(self.port, self.lobby.server_folder),
        ]
        program = self._launch(command, signal.SIGINT)
        # From here on PostgreSQL and its children alone hold the lock.
        os.close(self.server_lock)
        self.server_lock = -1
        return program

    def _launch(self, command: list[str], death_signal: signal.Signals, text: str = "") -> Program:
        self.program = Program(
            [str(self.binaries / command[0]), *command[1:]],
            account=self.account,
            death_signal=death_signal,
            keep_fd=self.server_lock,
            selector=self.selector,
            log=self.log,
            text=text,
        )
        return self.program

    def _becomes_ready(self, program: Program) -> bool:
        """Wait until the server takes connections; False when it ended before."""
        while not is_ready(self.data.pgdata, program.process.pid):
            if program.ended():
                return False
            self._turn(_STEP_SECONDS)
        return True

    def _count_crash(self, said: str) -> None:
        """Allow the next start after a growing pause; raise the cause when there are too many."""
        if not self.told and "Address already in use" in said:
            self.port = free_port(None)
            self._publish()
        self.crashes.append(time.monotonic())
        while self.crashes[0] < self.crashes[-1] - _CRASH_WINDOW_SECONDS:
            self.crashes.popleft()
        error = error_from_log(said, doing="run", place=self.data.path)
        hopeless = error.code != "SERVER_KEEPS_CRASHING" and not self.told
        if hopeless or len(self.crashes) >= _CRASHES:
            raise error
        self.lobby.tell({"progress": "PostgreSQL ended unexpectedly, starting it again"})
        self._pause((len(self.crashes) - 1) * 0.2)

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._turn(left)

    def _take_server_lock(self, patience_seconds: float) -> None:
        """Wait until no process works on the data any more; kill what is left after a while."""
        if self.server_lock < 0:
            self.server_lock = os.open(self.data.server_lock, os.O_RDWR | os.O_CREAT, 0o600)
        kill_at = time.monotonic() + patience_seconds
        while True:
            with suppress(BlockingIOError):
                return fcntl.flock(self.server_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if time.monotonic() >= kill_at:
                kill_processes_of(self.data.pgdata)
            self._turn(_STEP_SECONDS)

    # Clients and the end

    def _turn(self, timeout: float | None = None) -> None:
        """Handle what has happened, waiting for it at most so long."""
        self._pump(timeout)
        if self.ending or self.lobby.deserted():
            raise NobodyLeft

    def _pump(self, timeout: float | None) -> None:
        for key, _ in self.selector.select(timeout):
            key.data()

    def _listen_to_signals(self) -> None:
        """Wake the selector when a child ends; end in good order on SIGTERM and SIGINT."""
        self.wake, wake_end = socket.socketpair()
        for end in (self.wake, wake_end):
            end.setblocking(False)
        self.wake_end = wake_end
        self.selector.register(self.wake, selectors.EVENT_READ, lambda: self.wake.recv(4096))
        signal.set_wakeup_fd(wake_end.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self.ending = True

    def _publish(self) -> None:
        sockets = str(self.lobby.server_folder)
        where = {"control": self.lobby.address, "port": self.port, "socket_dir": sockets}
        self.data.publish({**where, "supervisor": os.getpid()})

    def _tell_ready(self) -> None:
        self.told = True
        self.lobby.tell(
            {
                "ready": {
                    "port": self.port,
                    "version": self.version,
                    "socket_dir": str(self.lobby.server_folder),
                    # An earlier version that attaches to this server knows the owner alone.
                    "password": self.data.password(OWNER_ROLE),
                    "app_password": self.data.password(APP_ROLE),
                    "admin_password": self.data.password(ADMIN_ROLE),
                }
            }
        )

    def _tell_error(self, error: EmbeddedServerError) -> None:
        self.log.write(f"offerpath: {error.code}: {error}\n".encode())
        self.lobby.tell({"error": [error.code, error.message, error.remedy]})

    def _stop(self) -> None:
        """Stop the running program, gently first; then make sure that nothing of it is left."""
        if self.program is None:
            return
        for number, patience in _STOP_STEPS:
            until = time.monotonic() + patience
            if not self.program.ended():
                self.program.process.send_signal(number)
            while not self.program.ended() and time.monotonic() < until:
                self._pump(0.05)
        kill_processes_of(self.data.pgdata)


def main(arguments: list[str]) -> None:
    """Leave the starter, so that it has no child to wait for, then serve."""
    if os.fork():
        os._exit(0)
    os.chdir("/")  # Hold no mounted folder.
    os.umask(0o077)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    data_dir, binaries, lock_fd, client_fd = arguments
    os.set_inheritable(int(lock_fd), False)
    first = socket.socket(fileno=int(client_fd))
    first.set_inheritable(False)
    Supervisor(DataFolder(Path(data_dir)), Path(binaries), first).run()
    # The kernel hangs up on the last client and frees the lock at the same moment.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
