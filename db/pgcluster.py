"""How does a data folder get its cluster, and is it one this PostgreSQL can serve?"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from db.pgbinaries import Account
from db.pgdata import ADMIN_ROLE, APP_ROLE, OWNER_ROLE, DataFolder, write_private
from db.pgerrors import EmbeddedServerError


class Run(Protocol):
    """Run one of PostgreSQL's programs to its end, raising when it fails."""

    def __call__(self, command: list[str], *, doing: str, text: str = "") -> None:
        """Run `command` with `text` as its input; `doing` completes `could not ...`."""


def has_cluster(folder: DataFolder) -> bool:
    """Tell whether the cluster was made; an empty pgdata folder is none."""
    return folder.pgdata.is_dir() and any(folder.pgdata.iterdir())


def create_cluster(folder: DataFolder, account: Account, run: Run) -> None:
    """Make the cluster aside and rename it, so that a half made one is never found."""
    shutil.rmtree(folder.staging, ignore_errors=True)
    try:
        folder.staging.mkdir(mode=0o700)
        folder.make_passwords()
        password_file = folder.staging / "password"
        write_private(password_file, folder.password(ADMIN_ROLE))
        for path in (folder.staging, password_file):
            account.own(path)
        _initdb(folder, folder.staging / "pgdata", password_file, run)
        (folder.staging / "pgdata").rename(folder.pgdata)
    finally:
        shutil.rmtree(folder.staging, ignore_errors=True)
    _sync_folder(folder.path)


def repair_cluster(folder: DataFolder, account: Account, run: Run) -> None:
    """Mend what copying a data folder breaks: owner, mode, lost password files.

    Where an earlier version made the cluster, a role is missing with its file: it is made.
    """
    account.own_tree(folder.pgdata)
    folder.pgdata.chmod(0o700)  # A restored backup may be wider; PostgreSQL refuses it.
    missing = folder.missing_passwords()
    if missing:
        _run_sql(run, folder.pgdata, _roles_sql(missing), "set its passwords")
        # After it: where we are killed in between, all is done again.
        folder.keep_passwords(missing)


def server_settings(port: int, sockets: Path) -> list[str]:
    """Return the command-line settings: given at each start, so that an update changes them."""
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": sockets,
        "unix_socket_permissions": "0700",
        "shared_buffers": "64MB",
        "max_connections": 60,
        "max_wal_size": "256MB",
        "timezone": "UTC",
        "log_timezone": "UTC",
        # Through our pipe: the supervisor writes the file and keeps it small.
        "logging_collector": "off",
        "log_destination": "stderr",
        "log_checkpoints": "off",
        "log_line_prefix": "%m [%p] ",
    }
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


def _initdb(folder: DataFolder, pgdata: Path, password_file: Path, run: Run) -> None:
    run(
        [
            "initdb",
            f"--pgdata={pgdata}",
            f"--username={ADMIN_ROLE}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            "--data-checksums",
            "--no-sync",
        ],
        doing="create its data",
    )
    sql = _first_start_sql(folder.password(OWNER_ROLE), folder.password(APP_ROLE))
    _run_sql(run, pgdata, sql, "create its database", "-c", "fsync=off")
    # One sync of everything at the end costs less than syncing at each step.
    run(["initdb", f"--pgdata={pgdata}", "--sync-only"], doing="write its data to disk")


def _run_sql(run: Run, pgdata: Path, sql: str, doing: str, *settings: str) -> None:
    """Run statements, one a line, without a server: no port and no driver is needed."""
    # An error must end the program, and must not write a password into the log.
    quiet = ["-c", "log_min_error_statement=panic", "-c", "log_checkpoints=off"]
    strict = ["-c", "exit_on_error=on"]
    command = ["postgres", "--single", "-D", str(pgdata), *strict, *quiet, *settings, ADMIN_ROLE]
    run(command, doing=doing, text=sql)


def _first_start_sql(owner_password: str, app_password: str) -> str:
    """Return the statements that make the plain roles and the owner's database, one a line."""
    return (
        f"{_create_role(OWNER_ROLE, owner_password)};\n"
        f"{_create_role(APP_ROLE, app_password)};\n"
        f"CREATE DATABASE {OWNER_ROLE} OWNER {OWNER_ROLE};\n"
    )


def _create_role(role: str, password: str) -> str:
    return (
        f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
        f" NOREPLICATION PASSWORD '{password}'"
    )


def _roles_sql(passwords: Mapping[str, str]) -> str:
    """Return the statements, one a line, that give roles their passwords and make missing ones."""
    return "".join(
        f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
        f" THEN ALTER ROLE {role} PASSWORD '{password}';"
        f" ELSE {_create_role(role, password)}; END IF; END $$;\n"
        for role, password in passwords.items()
    )


def check_version(folder: DataFolder, version: str) -> None:
    """Raise when another major version of PostgreSQL made the cluster."""
    try:
        made_by = int((folder.pgdata / "PG_VERSION").read_text())
    except (FileNotFoundError, ValueError):
        return  # Not a cluster: PostgreSQL says so better than we could.
    ours = int(version.split(".")[0])
    if made_by > ours:
        raise EmbeddedServerError(
            "DATA_FROM_NEWER_VERSION",
            f"The data in {folder.path} was made by PostgreSQL {made_by}; this is {version}.",
        )
    if made_by < ours:
        raise EmbeddedServerError(
            "DATA_FROM_OLDER_VERSION",
            f"The data in {folder.path} was made by PostgreSQL {made_by}; this is {version}.",
        )


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
