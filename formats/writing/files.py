"""Whether a file is there whole or not at all: written beside, renamed at the end."""

import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO


class Overtaken(RuntimeError):
    """Another writer began the same file later, so this one gave way."""

    code = "REPORT_OVERTAKEN"

    def __init__(self, path: Path) -> None:
        super().__init__(f"another writer began {path} meanwhile; its file counts")


class PartFile:
    """A new file named `<final>.part`; leaving the block without `publish` removes it.

    What a crashed writer left under that name is replaced. Of two writers at work on the same
    file the later one wins, and the other's `publish` raises Overtaken: bytes are never mixed.

    Raises: OSError.
    """

    def __init__(self, final: Path) -> None:
        # A link keeps pointing where it points; a device or a pipe is nobody's to replace.
        final = final.resolve()
        if final.is_dir():
            raise IsADirectoryError(f"{final} is a folder")
        if final.exists() and not final.is_file():
            raise OSError(f"{final} is no regular file")
        self._final = final
        self._part = final.with_name(final.name + ".part")
        self._part.unlink(missing_ok=True)
        self.file: BinaryIO = self._part.open("x+b")

    def __enter__(self) -> "PartFile":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.file.closed:
            return
        ours = self._is_ours()
        # Closing flushes, and on a full disk that fails once more; the file goes all the same.
        with suppress(OSError):
            self.file.close()
        if ours:
            self._part.unlink(missing_ok=True)

    def sync(self) -> None:
        """Bring what is written to the disk; takes its time."""
        self.file.flush()
        os.fsync(self.file.fileno())

    def publish(self) -> None:
        """Give the file its final name, in place of an older one. Raises: Overtaken, OSError."""
        if not self._is_ours():
            raise Overtaken(self._final)
        self._part.replace(self._final)
        self.file.close()

    def _is_ours(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self.file.fileno()), self._part.stat())
        except FileNotFoundError:
            return False
