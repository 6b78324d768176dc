"""What lies where in the data folder, and the small private files kept there."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

OWNER_ROLE: Final = "offerpath"
"""Owns the database, which has its name, and the tables."""
APP_ROLE: Final = "offerpath_app"
"""Owns nothing; the application connects as this one."""
ADMIN_ROLE: Final = "postgres"
ROLES: Final = (OWNER_ROLE, APP_ROLE, ADMIN_ROLE)


class DataFolder:
    """The places in one data folder, and the small files we keep there."""

    def __init__(self, path: Path) -> None:
        """Name the places; nothing is made."""
        self.path = path
        self.pgdata = path / "pgdata"
        self.staging = path / "pgdata.new"
        self.supervisor_lock = path / "supervisor.lock"
        self.server_lock = path / "postgres.lock"
        self.notice = path / "server.json"
        self.log = path / "server.log"

    def read_notice(self) -> dict[str, Any]:
        """Return what the last supervisor published; empty when there is none to read."""
        try:
            notice = json.loads(self.notice.read_text())
        except (OSError, ValueError):
            return {}
        return notice if isinstance(notice, dict) else {}

    def is_of_another_account(self) -> bool:
        """Return whether there is a notice that this account may not read."""
        return self.notice.exists() and not os.access(self.notice, os.R_OK)

    def publish(self, notice: dict[str, Any]) -> None:
        """Publish where this supervisor and its server are; no secret is in it."""
        write_private(self.notice, json.dumps(notice))

    def password(self, role: str) -> str:
        """Return the role's password; empty when it was never made or is lost."""
        try:
            return self._password_file(role).read_text().strip()
        except FileNotFoundError:
            return ""

    def make_passwords(self) -> None:
        """Make the missing passwords; those of a first start that was killed are kept."""
        self.keep_passwords(self.missing_passwords())

    def missing_passwords(self) -> dict[str, str]:
        """Return a new password for each role that has none; nothing is written."""
        return {role: os.urandom(24).hex() for role in ROLES if not self.password(role)}

    def keep_passwords(self, passwords: Mapping[str, str]) -> None:
        """Write the roles' passwords, each into its own file."""
        for role, password in passwords.items():
            write_private(self._password_file(role), password)

    def _password_file(self, role: str) -> Path:
        return self.path / f"{role}.password"


def write_private(path: Path, text: str) -> None:
    """Replace a file of mode 0600 in one step, on disk before its name is."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:  # noqa: PTH123 - the mode
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
