"""Every folder with code is installed: what pyproject.toml lists is what there is."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_packages_are_the_folders_with_modules() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = told["tool"]["setuptools"]["packages"]
    rooms = sorted({name.partition(".")[0] for name in listed})
    found = {
        ".".join(file.parent.relative_to(ROOT).parts)
        for room in rooms
        for file in (ROOT / room).rglob("__init__.py")
    }
    assert listed == sorted(found)
