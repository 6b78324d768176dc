"""What is written where: answers on stdout, problems and progress on stderr."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unicodedata import category

import orjson

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

_PIPE_WIDTH = 200
"""Columns of a table that no terminal shows: wide enough to keep titles whole."""
_FURTHER = "  "
"""How much further in than its beginning a wrapped line goes on."""
_LEAST_WIDTH = 20
"""Columns below which a line is no longer indented: there is no room for it."""


def show_json(answer: Mapping[str, Any]) -> None:
    """Write one JSON object to stdout, indented for a reader, on one line for a program."""
    options = orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z
    if sys.stdout.isatty():
        options |= orjson.OPT_INDENT_2
    with until_nobody_reads():
        sys.stdout.write(orjson.dumps(answer, option=options).decode())


def show_document(text: str) -> None:
    """Write a text to stdout as it is: its lines are not wrapped."""
    with until_nobody_reads():
        sys.stdout.write(text)


@contextmanager
def until_nobody_reads() -> Iterator[None]:
    """Write to stdout inside; where its reader has gone, as `head` does, the rest is dropped.

    The command goes on and ends with its own exit code.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # What is left in the buffer has nowhere to go; Python would complain at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def console() -> "Console":
    """Return a console on stdout, as wide as the terminal or as COLUMNS says."""
    from rich.console import Console

    class Stdout(Console):
        def on_broken_pipe(self) -> None:
            """Leave it to `until_nobody_reads`; otherwise the program would end with 1."""
            raise BrokenPipeError

    is_told = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit()
    return Stdout(width=None if is_told else _PIPE_WIDTH, highlight=False)


def show(*parts: "RenderableType") -> None:
    """Write tables and sentences to stdout; a sentence that wraps goes on further in."""
    where = console()
    with until_nobody_reads():
        for part in parts:
            shown = _wrapped(where, printable(part)) if isinstance(part, str) else part
            where.print(shown, markup=False)


def _wrapped(where: "Console", text: str) -> "Text":
    from rich.text import Text

    lines = [shown for line in text.split("\n") for shown in _lines_of(where, line)]
    return Text("\n").join(lines)


def _lines_of(where: "Console", line: str) -> "Iterable[Text]":
    from rich.text import Text

    begun = line[: len(line) - len(line.lstrip(" "))]
    further = begun + _FURTHER
    room = where.width - len(further)
    whole = Text(line)
    if whole.cell_len <= where.width or room < _LEAST_WIDTH:
        return (whole,)
    pieces = [one.plain.rstrip() for one in Text(line.lstrip(" ")).wrap(where, room)]
    first, *rest = pieces
    return (Text(begun + first), *(Text(further + one) for one in rest))


_TURNING = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Characters that turn the direction of what follows."""


def printable(text: str) -> str:
    """Return a text without what would steer a terminal: control and direction characters."""
    return "".join(
        "\ufffd" if one not in "\n\t" and (category(one) == "Cc" or one in _TURNING) else one
        for one in text
    )


def show_progress(sentence: str) -> None:
    """Tell what is being done, where somebody watches."""
    if sys.stderr.isatty():
        sys.stderr.write(f"offerpath: {sentence}\n")


def show_problem(code: str, message: str, remedy: str | None, *, as_json: bool) -> None:
    """Write a problem to stderr: a sentence and its remedy, or one line of JSON."""
    if as_json:
        told = {"error": {"code": code, "message": message, "remedy": remedy}}
        sys.stderr.write(orjson.dumps(told).decode() + "\n")
        return
    sys.stderr.write(f"offerpath: {message}\n" + (f"  {remedy}\n" if remedy else ""))
