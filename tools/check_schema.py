"""What others' tools say of schema.graphql: `python -m tools.check_schema`.

graphql-eslint holds it to its rules (tools/schema/eslint.config.js); graphql-inspector compares it
with what the branch began from, and takes breaking changes that CHANGELOG.md names alone.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tools.node import environment, install, node

ROOT = Path(__file__).parent.parent
TOOLS = ROOT / "tools" / "schema"
MODULES = TOOLS / "node_modules"
SCHEMA = "schema/schema.graphql"
MAINS = ("main", "origin/main")


def main() -> int:
    """Return 0 where both are content."""
    try:
        install(TOOLS)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"tools/schema: the npm packages could not be installed: {error}\n")
        return 1
    return check(ROOT)


def check(root: Path) -> int:
    """Return 0 where both are content with the schema of a project's folder."""
    return max(_lint(root), _compare(root))


def _lint(root: Path) -> int:
    eslint = MODULES / "eslint" / "bin" / "eslint.js"
    config = TOOLS / "eslint.config.js"
    return _run(eslint, "--config", config, "--max-warnings", "0", SCHEMA, cwd=root)


def _compare(root: Path) -> int:
    before = _schema_before(root)
    if before is None:
        return 0
    inspector = MODULES / "@graphql-inspector" / "cli" / "cjs" / "index.js"
    with tempfile.TemporaryDirectory() as folder:
        old = Path(folder) / "before.graphql"
        old.write_text(before, encoding="utf-8")
        rule = TOOLS / "changelog.mjs"
        return _run(inspector, "diff", old, SCHEMA, "--rule", rule, cwd=root, quiet=True)


def _schema_before(root: Path) -> str | None:
    """Return the schema where the branch began; None where there is none to compare with.

    On `main` itself that is the last commit's, and where nothing has changed since the one before.
    """
    began = _began(root)
    before = _git(root, "show", f"{began}:{SCHEMA}")
    if before == (root / SCHEMA).read_text(encoding="utf-8"):
        return _git(root, "show", f"{began}~1:{SCHEMA}")
    return before


def _began(root: Path) -> str:
    for main in MAINS:
        if found := _git(root, "merge-base", "HEAD", main):
            return found.strip()
    return "HEAD"


def _git(root: Path, *arguments: str) -> str | None:
    try:
        ran = subprocess.run(
            ["git", *arguments], cwd=root, capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    return ran.stdout if ran.returncode == 0 else None


def _run(*arguments: str | Path, cwd: Path, quiet: bool = False) -> int:
    """Run a script with Node; `quiet` shows what it said only where it failed."""
    ran = subprocess.run(
        [str(node()), *map(str, arguments)],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0 or not quiet:
        sys.stdout.write(ran.stdout + ran.stderr)
    return ran.returncode


if __name__ == "__main__":
    sys.exit(main())
