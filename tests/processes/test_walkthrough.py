"""docs/walkthrough.md: every block is run in order, and answers exactly what the page says.

`python -m tests.processes.test_walkthrough` writes the answers anew, where they rightly changed.
Ids of saved plans and hashes are whatever comes, but the same one wherever the page has the same
one; the page keeps its own. A comment `<!-- clock: 2026-11-23T09:00:00Z -->` says when the blocks
below it are run.
"""

import asyncio
import difflib
import io
import json
import os
import re
import shlex
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import httpx2
import pytest

import offerpath.app
import offerpath.house
from db.embedded import EmbeddedServer
from offerpath.app import create_app
from offerpath.cli.main import run_command
from offerpath.house import open_house
from offerpath.settings import load_settings

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "walkthrough.md"
FILES = DOCS / "walkthrough"
TERMINAL = {"COLUMNS": "100", "LINES": "50", "TERM": "dumb"}

_FENCE = re.compile(
    r"^(?P<ticks>`{3,})(?P<language>console|graphql|json)\n(?P<body>.*?)^(?P=ticks)$", re.M | re.S
)
_CLOCK = re.compile(r"^<!-- clock: (\S+) -->$", re.M)
_COMMAND = re.compile(r"^\$ (?P<line>(?:.*\\\n)*.*)\n(?P<said>(?:(?!\$ ).*\n)*)", re.M)
_FROM_PLAN = " | sed -n '/^Plan /,$p'"
"""The one filter that the page uses: without it two long plans would be told twice."""
_CHANGING = re.compile(
    r'(?:(?<=^Plan )|(?<="planId": "))[0-9a-f-]{36}|\b[0-9a-f]{64}\b|(?<=catalog )[0-9a-f]{12}\b',
    re.M,
)
"""Ids of saved plans; fingerprints and checksums; the catalog's hash, shortened."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of the page: where its text stands, and what its clock says."""

    language: str
    body: str
    start: int
    end: int
    at: datetime


def blocks_of(page: str) -> tuple[Block, ...]:
    """Return the page's blocks that are run, in order."""
    clocks = [(one.start(), datetime.fromisoformat(one[1])) for one in _CLOCK.finditer(page)]
    return tuple(
        Block(
            one["language"],
            one["body"],
            *one.span("body"),
            [at.astimezone(UTC) for place, at in clocks if place < one.start()][-1],
        )
        for one in _FENCE.finditer(page)
    )


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class _Errors(io.StringIO):
    """Shows on the terminal what went wrong, but not the progress that it would tell there."""

    def __init__(self, out: io.StringIO) -> None:
        super().__init__()
        self._out = out

    def write(self, text: str) -> int:
        return self._out.write(text)


@dataclass(slots=True)
class Walk:
    """A consultant's shell: a data folder, a clock, variables, and the last exit code."""

    data_dir: Path
    now: datetime
    variables: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    """The page's word for each id and hash that came."""
    code: int = 0

    def console(self, body: str) -> str:
        """Run the commands of a block; return it with what they said."""
        return "".join(
            f"$ {one['line']}\n{self._told(self._run(one['line']), one['said'])}"
            for one in _COMMAND.finditer(body)
        )

    def graphql(self, document: str, variables: str, answer: str) -> str:
        """Ask as a front end does; return the answer as the page has it."""
        asked = {"query": document, "variables": json.loads(self._as_they_came(variables))}
        with self._settings():
            body = asyncio.run(_posted(asked))
        return self._told(json.dumps(body, indent=2, ensure_ascii=False) + "\n", answer)

    def _told(self, said: str, written: str) -> str:
        """Return what was said with the page's own ids and hashes, as far as it has some."""
        said = "".join(f"{line.rstrip()}\n" for line in said.splitlines())
        taken = set(self.words.values())
        came = [one for one in dict.fromkeys(_CHANGING.findall(said)) if one not in self.words]
        free = [one for one in dict.fromkeys(_CHANGING.findall(written)) if one not in taken]
        self.words |= dict(zip(came, free + came[len(free) :], strict=False))
        for token, word in self.words.items():
            said = said.replace(token, word)
        return said

    def _as_they_came(self, text: str) -> str:
        for token, word in self.words.items():
            text = text.replace(word, token)
        return text

    def _run(self, line: str) -> str:
        assert self.code == 0 or line == "echo $?", f"exit code {self.code}, untold, before {line}"
        command, from_plan, _ = self._as_they_came(line).replace("\\\n", " ").partition(_FROM_PLAN)
        match shlex.split(command):
            case ["export", *pairs]:
                self.variables |= dict(one.split("=", 1) for one in pairs)
                return ""
            case ["echo", "$?"]:
                code, self.code = self.code, 0
                return f"{code}\n"
            case ["offerpath", *arguments]:
                said = self._offerpath(arguments, out=io.StringIO() if from_plan else _Terminal())
                return said[said.index("\nPlan ") + 1 :] if from_plan else said
        raise AssertionError(f"the page has a command that this test cannot run: {line}")

    def _offerpath(self, arguments: list[str], *, out: io.StringIO) -> str:
        with self._settings(), redirect_stdout(out), redirect_stderr(_Errors(out)):
            self.code = run_command(arguments)
        return out.getvalue()

    @contextmanager
    def _settings(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patched:
            for name in [name for name in os.environ if name.startswith("OFFERPATH_")]:
                patched.delenv(name)
            told = {"OFFERPATH_DATA_DIR": str(self.data_dir)} | TERMINAL | self.variables
            for name, value in told.items():
                patched.setenv(name, value)
            for module in (offerpath.house, offerpath.app):
                patched.setattr(module, "datetime", _clock(self.now))
            yield


def _clock(instant: datetime) -> type[datetime]:
    """Return the class of instants with a `now` that stands still."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            # Not one of this class: what stores plans takes no kind of instant but the plain one.
            return instant.astimezone(tz)

    return Clock


async def _posted(asked: Mapping[str, Any]) -> Any:
    async with open_house(load_settings(), load_sample=False) as house:
        transport = httpx2.ASGITransport(app=create_app(house))
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return (await client.post("/graphql", json=asked)).json()


def walked(page: str, data_dir: Path) -> str:
    """Return the page with what its blocks answer now.

    A `graphql` block has two `json` blocks below it: its variables, then its answer.
    """
    blocks = iter(blocks_of(page))
    walk, parts, place = Walk(data_dir, datetime.now(UTC)), list[str](), 0
    for block in blocks:
        walk.now = block.at
        if block.language == "console":
            changed, said = block, walk.console(block.body)
        else:
            assert block.language == "graphql", f"a stray block: {block.body[:60]}"
            variables, changed = next(blocks), next(blocks)
            said = walk.graphql(block.body, variables.body, changed.body)
        parts += page[place : changed.start], said
        place = changed.end
    return "".join((*parts, page[place:]))


@contextmanager
def _folder() -> Iterator[Path]:
    """Give a fresh data folder, from a working folder that has the page's files and no others."""
    with tempfile.TemporaryDirectory() as made, chdir(made):
        Path("docs").symlink_to(DOCS)
        data_dir = Path(made) / "data"
        with EmbeddedServer.attach(data_dir / "postgres"):
            yield data_dir


def test_every_block_of_the_walkthrough_answers_what_the_page_says() -> None:
    page = PAGE.read_text(encoding="utf-8")
    with _folder() as data_dir:
        now = walked(page, data_dir)
    changes = difflib.unified_diff(page.splitlines(), now.splitlines(), "page", "now", lineterm="")
    assert now == page, "\n".join(["`python -m tests.processes.test_walkthrough`:", *changes])


def test_the_walkthrough_uses_every_file_that_comes_with_it() -> None:
    commands = "\n".join(
        one["line"]
        for block in blocks_of(PAGE.read_text(encoding="utf-8"))
        for one in _COMMAND.finditer(block.body)
    )
    named = {Path(word).name for word in shlex.split(commands.replace("\\\n", " "))}
    assert {file.name for file in FILES.iterdir()} <= named


def test_an_id_may_be_any_but_is_the_same_wherever_the_page_has_the_same() -> None:
    walk = Walk(Path("nowhere"), datetime.now(UTC))
    page, first, second = "a" * 64, "1" * 64, "2" * 64
    assert walk._told(f"fingerprint {first}\n", f"fingerprint {page}\n") == f"fingerprint {page}\n"
    assert walk._told(f"again {first}\n", f"again {page}\n") == f"again {page}\n"
    assert walk._told(f"another {second}\n", f"another {page}\n") == f"another {second}\n"


def test_a_command_that_ends_with_a_no_has_its_exit_code_told() -> None:
    walk = Walk(Path("nowhere"), datetime.now(UTC), code=4)
    with pytest.raises(AssertionError, match="exit code 4, untold"):
        walk.console("$ offerpath doctor\n")
    assert walk.console("$ echo $?\n9\n") == "$ echo $?\n4\n"


if __name__ == "__main__":
    with _folder() as folder:
        PAGE.write_text(walked(PAGE.read_text(encoding="utf-8"), folder), encoding="utf-8")
