"""docs/errors.md from the codes and their examples: `python -m schema.errors.page [--check]`.

The list of codes beside it keeps them stable: one that is gone is refused until the major version
of pyproject.toml rises.
"""

import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from planner.blocker_codes import BlockerCode
from resolvers.codes.code import Code
from resolvers.codes.place import Place, Words
from resolvers.codes.words import WORDS
from schema.described import tables

_ROOT = Path(__file__).parents[2]
EXAMPLES = _ROOT / "docs" / "errors.toml"
PAGE = _ROOT / "docs" / "errors.md"
KEPT = Path(__file__).with_name("codes.txt")

_TITLES: Mapping[Place, str] = {
    Place.QUESTION: "What is asked is wrong",
    Place.DOCUMENT: "The document cannot be executed",
    Place.ANSWER: "Answers instead of the value",
    Place.FILE: "Nothing of an imported file is stored",
    Place.REQUEST: "Requests over HTTP that are not executed",
    Place.REPORT: "Requests for a report",
    Place.STREAM: "Streams",
    Place.SIGN_IN: "Who asks is not let in",
    Place.FAULT: "Faults",
    Place.COMMAND: "The command line alone",
}
_HEAD = """# Errors

Whatever the API answers instead of the value has a code. This page lists all of them; it is made
from the code and from examples that are run as tests (`make schema` writes it anew).

A code means the same within a major version: codes are added, none is renamed or removed. So
switch on the code, show `message` to people, and treat a code that you do not know like
`INTERNAL_ERROR`. In the schema the codes are the enumeration `ErrorCode`:
`{ __type(name: "ErrorCode") { enumValues { name description } } }`.

- **An answer of its own.** Where something is not there, or is refused for a reason that users meet
  now and then, the field's union has a member for it that implements `Problem`: `code`, `message`,
  `remedy`, and fields of its own for ids, limits and counts. Ask for `... on Problem { code message
  remedy }` in every union, and no outcome is missed, not even one that is added later.
- **An error.** Where the question itself is wrong, `errors` has an entry with `message` and
  `extensions`: `code`, `remedy`, and where the message names values `parameters`: `argument`,
  `given`, `minimum`, `maximum`, as far as they apply. Other fields of the document are answered
  all the same.
- **A fault.** What went wrong on our side is not told; `extensions` has `code`, `remedy` and
  `traceId`. The log has the cause under that id, and the answer's header `X-Trace-Id` has it too.
- **Over HTTP** a request that is not executed has the shape of a GraphQL answer without data, also
  under `/reports`.
- **The command line** ends with an exit code (docs/cli.md), and with `--json` it writes
  `{"error": {"code", "message", "remedy"}}` to stderr.

What stops a move, or burdens it, is an answer to the question itself and has codes of its own,
the enumeration `BlockerCode`: they stand at the end of this page, and are as stable.

`<planId>` and the like stand in the examples for what an answer before named so.
"""


def page() -> str:
    """Return docs/errors.md."""
    told = tomllib.loads(EXAMPLES.read_text(encoding="utf-8"))
    parts = [_HEAD]
    for place in Place:
        codes = [(code, words) for code, words in WORDS.items() if words.place is place]
        parts.append("\n".join(_section(place, codes, told)))
    parts.append("\n".join(_blockers()))
    return "\n".join(parts) + "\n"


def _blockers() -> Iterator[str]:
    yield "## Blockers\n"
    yield "Where: `code` of `Blocker`, beside its `parameters` and `remedies`.\n"
    yield "| Code | Meaning |"
    yield "| --- | --- |"
    meanings = tables().values["BlockerCode"]
    for code in BlockerCode:
        yield f"| `{code}` | {_cell(meanings[code])} |"


def _section(
    place: Place, codes: Sequence[tuple[Code, Words]], told: Mapping[str, Any]
) -> Iterator[str]:
    yield f"## {_TITLES[place]}\n"
    yield f"Where: {place.value}.\n"
    if place is Place.FAULT:
        yield "No request provokes these: only faults make them.\n"
    yield "| Code | Meaning | What helps |"
    yield "| --- | --- | --- |"
    for code, words in codes:
        yield f"| `{code}` | {_cell(words.meaning)} | {_cell(words.remedy)} |"
    yield ""
    for one in told["example"]:
        if WORDS[Code(one["code"])].place is place:
            yield from _example(one)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _example(one: Mapping[str, Any]) -> Iterator[str]:
    yield f"### `{one['code']}`\n"
    if "roles" in one:
        yield f"Asked by somebody with {', '.join(one['roles'])} alone.\n"
    if "server" in one:
        yield f"Asked of a server {one['server']}.\n"
    if "now" in one:
        yield f"Asked at {one['now']}.\n"
    if "before" in one:
        yield "After\n"
        yield _fenced("graphql", "\n".join(one["before"]))
    yield from _sent(one)
    yield _fenced("json", one["answer"].strip())


def _sent(one: Mapping[str, Any]) -> Iterator[str]:
    if "document" in one:
        yield _fenced("graphql", one["document"])
    if "repeated" in one:
        yield f"with `{one['repeated'].strip()}` {one['times']} times for `<repeated>`\n"
    if "closing" in one:
        yield f"and `{one['closing'].strip()}` as often for `<closing>`\n"
    if "variables" in one:
        yield "and the variables\n"
        yield _fenced("json", one["variables"])
    if "document" in one:
        return
    lines = [one.get("request", "POST /graphql")]
    lines += [f"{name}: {value}" for name, value in one.get("headers", {}).items()]
    if "body" in one:
        lines += ["", one["body"]]
    yield _fenced("http", "\n".join(lines))
    if "status" in one:
        yield f"Status {one['status']}.\n"


def _fenced(language: str, text: str) -> str:
    return f"```{language}\n{text}\n```\n"


def all_codes() -> tuple[str, ...]:
    """Return the names that are stable within a major version."""
    return (*Code, *(f"BlockerCode.{code}" for code in BlockerCode))


def version() -> str:
    """Return the version that pyproject.toml names."""
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def codes_to_keep(kept: str, now: Sequence[str], *, version: str) -> str:
    """Return the list of codes that is to be kept from now on: its version, then each code.

    Raises: ValueError, where a code of the list is gone within its major version.
    """
    since, *codes = kept.split() or [version]
    gone = sorted(set(codes) - set(now))
    if gone and since.split(".")[0] == version.split(".")[0]:
        raise ValueError(
            f"codes are stable within a major version, and {', '.join(gone)} of {since} is gone; "
            "keep it, or raise the major version of pyproject.toml"
        )
    return "\n".join([version, *sorted(now)]) + "\n"


def main() -> int:
    """Write both files, or with --check say whether they are what the code says."""
    kept = KEPT.read_text(encoding="utf-8") if KEPT.exists() else ""
    try:
        wanted = {KEPT: codes_to_keep(kept, all_codes(), version=version()), PAGE: page()}
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if "--check" not in sys.argv:
        for file, text in wanted.items():
            file.write_text(text, encoding="utf-8")
        return 0
    old = [file.name for file, text in wanted.items() if _read(file) != text]
    for name in old:
        sys.stderr.write(f"{name} is not what the code says: run `make schema`\n")
    return 1 if old else 0


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
