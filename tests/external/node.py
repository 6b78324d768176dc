"""Node for the outside suites, and what it prints."""

import json
import subprocess
from pathlib import Path

from tools import node as any_node
from tools.node import environment, node

FOLDER = Path(__file__).parent


def install(folder: Path = FOLDER) -> None:
    """Install the packages of package-lock.json, unless they are there already."""
    any_node.install(folder)


def run(*arguments: str | Path, cwd: Path = FOLDER) -> str:
    """Run a script with Node and return what it printed; a failure shows what it said."""
    ran = subprocess.run(
        [str(node()), *map(str, arguments)],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def run_json(*arguments: str | Path) -> object:
    """Run a script that prints JSON."""
    return json.loads(run(*arguments))
