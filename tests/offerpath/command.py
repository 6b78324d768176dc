"""Runs `offerpath` as a user does: a process of its own, its output in pipes."""

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from db.catalogs import PostgresCatalogStore
from offerpath.cli.main import run_command
from planner.facts import CatalogFacts
from resolvers.records.principal import Principal

PROGRAM = Path(sys.executable).with_name("offerpath")
_READ: dict[str, CatalogFacts] = {}
_facts = PostgresCatalogStore.facts


async def _facts_read_once(
    store: PostgresCatalogStore, principal: Principal, version_id: str
) -> CatalogFacts:
    if version_id not in _READ:
        _READ[version_id] = await _facts(store, principal, version_id)
    return _READ[version_id]


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """What stdout holds: one JSON object and nothing else."""
        told: dict[str, Any] = json.loads(self.out)
        return told

    @property
    def error(self) -> dict[str, Any]:
        """The problem that stderr tells with --json; stdout then is empty."""
        assert self.out == ""
        told: dict[str, Any] = json.loads(self.err)
        assert set(told) == {"error"}
        assert set(told["error"]) == {"code", "message", "remedy"}
        error: dict[str, Any] = told["error"]
        return error


@dataclass(frozen=True, slots=True)
class Cli:
    """The command line with a data folder of its own and no other setting."""

    data_dir: Path

    def environment(self, **variables: str) -> dict[str, str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("OFFERPATH_")}
        inherited.pop("COLUMNS", None)
        return inherited | {"OFFERPATH_DATA_DIR": str(self.data_dir)} | variables

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [PROGRAM, *arguments],
            env=self.environment(**variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )

    def run(self, *arguments: str, stdin: str = "", **variables: str) -> Done:
        done = subprocess.run(
            [PROGRAM, *arguments],
            env=self.environment(**variables),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def call(self, *arguments: str) -> Done:
        """Run a command in this process, which spares the second that loading the program takes.

        What a version of the catalog holds never changes, so it is read once for all commands.
        """
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patched, redirect_stdout(out), redirect_stderr(err):
            for name in [name for name in os.environ if name.startswith("OFFERPATH_")]:
                patched.delenv(name)
            # Whoever loads readline tells those it starts, such as pytest's workers, a width.
            patched.delenv("COLUMNS", raising=False)
            patched.setenv("OFFERPATH_DATA_DIR", str(self.data_dir))
            patched.setattr(PostgresCatalogStore, "facts", _facts_read_once)
            code = run_command(list(arguments))
        return Done(code, out.getvalue(), err.getvalue())
