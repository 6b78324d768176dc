"""A started server for the outside suites: `offerpath serve` with the sample customers."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.ports import free_port
from tests.external import node

_PATIENCE_SECONDS = 60.0


@pytest.fixture(scope="session")
def packages() -> None:
    """Have the npm packages of this folder installed."""
    node.install()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a server of its own, with a database of its own."""
    folder, port = tmp_path_factory.mktemp("server"), free_port()
    log = folder / "log.txt"
    settings = {
        "OFFERPATH_DATA_DIR": str(folder / "data"),
        "OFFERPATH_PORT": str(port),
        "OFFERPATH_LOG_LEVEL": "warning",
    }
    command = str(Path(sys.executable).with_name("offerpath"))
    with log.open("wb") as out:
        process = subprocess.Popen(
            [command, "serve"], env={**os.environ, **settings}, stdout=out, stderr=out
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/readyz", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=_PATIENCE_SECONDS)


def _wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    ends = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < ends and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{log.read_text(encoding='utf-8')[-4000:]}")
