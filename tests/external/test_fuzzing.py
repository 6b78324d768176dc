"""Schemathesis, bounded and the same in every run: no question brings the server down."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).with_name("fuzzing")
ENVIRONMENT = Path(__file__).parents[2] / "build" / "fuzzing"
_PATIENCE_SECONDS = 600


@pytest.fixture(scope="session")
def python() -> Path:
    """Give the Python of an environment of its own: Schemathesis pins what we pin otherwise."""
    wanted = (FOLDER / "requirements.lock").read_text(encoding="utf-8")
    stamp, found = ENVIRONMENT / "offerpath.lock", ENVIRONMENT / "bin" / "python"
    if not (stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted):
        subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
        pip = [str(found), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
        lock = str(FOLDER / "requirements.lock")
        subprocess.run([*pip, "--require-hashes", "--requirement", lock], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return found


def test_schemathesis_finds_no_server_error(server: str, python: Path, tmp_path: Path) -> None:
    # Neither the settings nor the fixtures of this project: their packages are not there.
    alone = ["--noconftest", "-c", os.devnull, "-p", "no:cacheprovider", f"--rootdir={tmp_path}"]
    ran = subprocess.run(
        [python, "-m", "pytest", "-q", *alone, FOLDER / "fuzz_api.py"],
        env={**os.environ, "OFFERPATH_FUZZED": server, "PYTHONHASHSEED": "0"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=_PATIENCE_SECONDS,
    )
    assert ran.returncode == 0, ran.stdout[-8000:] + ran.stderr[-2000:]
