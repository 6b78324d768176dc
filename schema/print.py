"""The schema as text: `python -m schema.print` writes schema.graphql, `--check` compares it."""

import sys
from pathlib import Path

from schema.schema import make_schema

FILE = Path(__file__).with_name("schema.graphql")


def printed() -> str:
    """Return the SDL as it is committed."""
    return make_schema().as_str().rstrip() + "\n"


def main() -> int:
    if "--check" not in sys.argv[1:]:
        FILE.write_text(printed(), encoding="utf-8")
        return 0
    if FILE.exists() and FILE.read_text(encoding="utf-8") == printed():
        return 0
    sys.stderr.write("schema/schema.graphql is not what the code says: run `make schema`\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
