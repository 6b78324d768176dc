"""Who uses the server: the socket clients hold, and what the supervisor tells them."""

import errno
import json
import os
import selectors
import shutil
import socket
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from db.pgdata import DataFolder

_PREFIX: Final = "offerpath-"
_CONTROL: Final = "control"
# A unix socket's path has at most 107 bytes on Linux and 103 on macOS.
_SOCKET_PATH_LIMIT: Final = 100


class Lobby:
    """The attached clients. A client is attached exactly as long as its connection is open.

    The kernel closes the connection of a killed client, so nobody needs to say goodbye.
    """

    def __init__(self, selector: selectors.BaseSelector, first: socket.socket) -> None:
        """Begin with the client that started this supervisor."""
        self._selector = selector
        self._listener: socket.socket | None = None
        self._clients: list[socket.socket] = []
        self._leaving: list[socket.socket] = []
        self._latest = b""
        self._folder = Path()
        self._admit(first)

    def open(self, data: DataFolder) -> None:
        """Listen in a private folder, of the data folder if its path is short enough."""
        _remove_old_folder(data)
        longest = len(os.fsencode(data.path)) + len("/run/pg/.s.PGSQL.65535")
        short = longest < _SOCKET_PATH_LIMIT
        self._listener, self._folder = _listen_in_data(data) if short else _listen_elsewhere()
        self._listener.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ, self._welcome)

    @property
    def address(self) -> str:
        """The path of the socket clients connect to; only once it is open."""
        return str(self._folder / _CONTROL)

    @property
    def server_folder(self) -> Path:
        """The folder for PostgreSQL's own socket: a path as short, a folder it may own."""
        return self._folder / "pg"

    def tell(self, message: dict[str, Any]) -> None:
        """Send the news to all, and to those who come later."""
        self._latest = json.dumps(message).encode() + b"\n"
        for client in self._clients + self._leaving:
            self._send(client)

    def deserted(self) -> bool:
        """Tell whether nobody is left, after a last look at who is at the door."""
        if not self._clients:
            self._welcome()
        if self._clients:
            for client in self._leaving:
                client.close()
            self._leaving.clear()
        return not self._clients

    def close_doors(self) -> None:
        """Take nobody in any more; those at the door find the next supervisor."""
        if self._listener is not None:
            self._selector.unregister(self._listener)
            self._listener.close()
            self._listener = None
            shutil.rmtree(self._folder, ignore_errors=True)

    def _welcome(self) -> None:
        with suppress(OSError):
            while self._listener is not None:
                self._admit(self._listener.accept()[0])

    def _admit(self, client: socket.socket) -> None:
        client.setblocking(False)
        self._clients.append(client)
        self._selector.register(client, selectors.EVENT_READ, lambda: self._hear(client))
        self._send(client)

    def _send(self, client: socket.socket) -> None:
        # A client that reads nothing has its buffer full one day: it misses news, we do not wait.
        with suppress(OSError):
            client.send(self._latest)

    def _hear(self, client: socket.socket) -> None:
        """Notice that a client goes; the last one is kept on the line until all has stopped."""
        with suppress(BlockingIOError):
            with suppress(ConnectionError):
                if client.recv(4096):
                    return
            self._selector.unregister(client)
            self._clients.remove(client)
            self._leaving.append(client)


def _listen(folder: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(str(folder / _CONTROL))
        listener.listen(64)
    except OSError:
        listener.close()
        raise
    return listener


def _listen_in_data(data: DataFolder) -> tuple[socket.socket, Path]:
    folder = data.path / "run"
    try:
        folder.mkdir(mode=0o700)
        return _listen(folder), folder
    except OSError as error:
        # Some mounted file systems know no sockets.
        shutil.rmtree(folder, ignore_errors=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        return _listen_elsewhere()


def _listen_elsewhere() -> tuple[socket.socket, Path]:
    short = tempfile.gettempdir() if len(tempfile.gettempdir()) < 40 else "/tmp"  # noqa: S108 - mkdtemp is private
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=short))
    return _listen(folder), folder


def _remove_old_folder(data: DataFolder) -> None:
    """Remove what a killed supervisor left; only a folder that is surely ours."""
    shutil.rmtree(data.path / "run", ignore_errors=True)
    old = Path(str(data.read_notice().get("control", ""))).parent
    if old.name.startswith(_PREFIX) and is_private(old, {os.geteuid()}):
        shutil.rmtree(old, ignore_errors=True)


def is_private(folder: Path, owners: set[int]) -> bool:
    """Tell whether only these owners could have put things into this folder."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    ours = found.st_uid in owners and stat.S_ISDIR(found.st_mode)
    return ours and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
