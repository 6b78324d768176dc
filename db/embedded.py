"""Where is the PostgreSQL of this data folder: attach to it, starting it if nobody has.

A supervisor process owns the server (`db.supervisor`). A client holds one connection to it; when
the last one is gone, by `close()`, by the end of its process or by kill -9, the server stops.
"""

import json
import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from weakref import WeakSet

from db.pgattach import Attempt, open_folder, raise_error
from db.pgdata import ADMIN_ROLE, APP_ROLE, OWNER_ROLE
from db.pgerrors import EmbeddedServerError

__all__ = ["EmbeddedServer", "EmbeddedServerError"]

_CLOSE_SECONDS: Final = 10.0


def _say_nothing(_words: str) -> None:
    """Take progress that nobody asked for."""


class EmbeddedServer:
    """A use of the embedded PostgreSQL; the server runs at least until `close()`.

    The address stays the same when PostgreSQL crashes and is restarted. A process forked from
    this one may use the address but has no part in the use: it neither prolongs nor ends it.
    """

    def __init__(self, supervisor: socket.socket, data_dir: Path, ready: dict[str, Any]) -> None:
        """Take over the open connection to the supervisor; use `attach` instead."""
        supervisor.setblocking(False)
        self._supervisor = supervisor
        _open_servers.add(self)
        self.data_dir = data_dir
        self.version = str(ready["version"])
        self.port = int(ready["port"])
        self.socket_dir = Path(ready["socket_dir"])
        address = f"127.0.0.1:{self.port}/{OWNER_ROLE}"
        self.owner_url = f"postgresql://{OWNER_ROLE}:{ready['password']}@{address}"
        """The role that owns the tables, which migrates."""
        self.admin_url = f"postgresql://{ADMIN_ROLE}:{ready['admin_password']}@{address}"
        self.url = self.owner_url
        """The role that the application connects as: it owns nothing."""
        # A server that an earlier version started, and that still runs, has no such role yet.
        if password := ready.get("app_password"):
            self.url = f"postgresql://{APP_ROLE}:{password}@{address}"

    @classmethod
    def attach(
        cls,
        data_dir: Path,
        *,
        timeout_seconds: float = 60,
        on_progress: Callable[[str], None] = _say_nothing,
    ) -> Self:
        """Return the running server of this folder, starting it (and making its data) if need be.

        Blocks: about a second for a first start, a fifth of one for a later start, milliseconds
        when it runs; call it by `asyncio.to_thread` from async code. `on_progress` gets a short
        English sentence per step, from the calling thread. Raises EmbeddedServerError.
        """
        data = open_folder(data_dir)
        supervisor, ready = Attempt(data, timeout_seconds, on_progress).run()
        return cls(supervisor, data.path, ready)

    def problem(self) -> EmbeddedServerError | None:
        """Return why the server has gone for good since, or None while it is looked after.

        Costs one system call. Attach anew to have it started again, on the same port if free.
        """
        try:
            while news := self._supervisor.recv(65536):
                for line in news.splitlines():
                    with suppress(ValueError):
                        raise_error(json.loads(line))
        except BlockingIOError:
            return None
        except EmbeddedServerError as error:
            return error
        except OSError:
            pass  # Closed by us, or reset: there is no supervisor on the line.
        return EmbeddedServerError(
            "SUPERVISOR_LOST", f"PostgreSQL for {self.data_dir} has stopped with its supervisor."
        )

    def close(self) -> None:
        """End this use; when it is the last, wait until the server has stopped. Idempotent."""
        with suppress(OSError), self._supervisor:
            self._supervisor.shutdown(socket.SHUT_WR)
            deadline = time.monotonic() + _CLOSE_SECONDS
            while (left := deadline - time.monotonic()) > 0:
                self._supervisor.settimeout(left)
                if not self._supervisor.recv(65536):
                    return

    def __enter__(self) -> Self:
        """Return itself: it is attached already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()


_open_servers: WeakSet[EmbeddedServer] = WeakSet()


def _forget_in_child() -> None:
    """Close a forked child's copies, or a pool's orphaned worker would keep the server for ever."""
    for server in list(_open_servers):
        server._supervisor.close()


os.register_at_fork(after_in_child=_forget_in_child)
