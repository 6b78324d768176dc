"""Holds the embedded server, and has it started anew when its supervisor was killed."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from db.embedded import EmbeddedServer, EmbeddedServerError

_LOOKS_EVERY_SECONDS = 0.5
_log = logging.getLogger(__name__)


class Keeper:
    """A use of the embedded server that survives the server's whole process tree.

    A crash of PostgreSQL is its supervisor's business; this one minds the supervisor. The address
    stays, since the supervisor remembers port and password.
    """

    def __init__(self, folder: Path, on_progress: Callable[[str], None]) -> None:
        """Attach. Raises: EmbeddedServerError."""
        self._folder = folder
        self._server = EmbeddedServer.attach(folder, on_progress=on_progress)
        self.url = self._server.url
        separate = self._server.owner_url != self.url
        self.owner_url = self._server.owner_url if separate else None
        """The address of the role that owns the tables; None where that of `url` does."""
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._look, name="embedded server", daemon=True)

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._watch.join()
        self._server.close()

    def _look(self) -> None:
        while not self._done.wait(_LOOKS_EVERY_SECONDS):
            if self._server.problem() is not None:
                self._attach_anew()

    def _attach_anew(self) -> None:
        try:
            anew = EmbeddedServer.attach(self._folder)
        except EmbeddedServerError as error:
            _log.error("the embedded server is gone: %s (%s)", error, error.code)
            return
        self._server.close()
        self._server = anew
        if anew.url != self.url:
            _log.error("the embedded server came back at another address; start offerpath anew")
