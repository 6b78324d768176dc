"""Markdown of which every piece of text is escaped: headings, paragraphs, lists, tables, fences.

GitHub's dialect: CommonMark with tables. No text that is handed in can open or close a structure.
"""

import re
from collections.abc import Iterable, Sequence
from unicodedata import category

_ESCAPED = {each: f"\\{each}" for each in "\\`*[]|#~$"} | {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ESCAPES = str.maketrans(_ESCAPED)
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_LIST_AT_START = re.compile(r"^(\d*)([-+=.)])")
_NOT_SHOWN = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
_TURNS_TEXT = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
"""Characters that change the direction of what follows them, beyond the text itself."""


def one_line(text: str) -> str:
    """Return text on one line: no line ends or control characters, one space for each gap."""
    shown = (" " if category(each) in _NOT_SHOWN else each for each in text)
    return " ".join("".join(each for each in shown if each not in _TURNS_TEXT).split())


def escaped(text: str) -> str:
    """Return text as it may stand anywhere inside a line."""
    return _UNDERSCORE.sub(r"\\_", one_line(text).translate(_ESCAPES))


def heading(level: int, text: str) -> str:
    return f"{'#' * level} {escaped(text)}\n"


def paragraph(text: str) -> str:
    return f"{_begun(text)}\n"


def bullets(texts: Iterable[str]) -> str:
    """Return a list, one line for each text."""
    return "".join(f"- {_begun(text)}\n" for text in texts)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; an empty cell stays empty."""
    lines = [_row(columns), _row(["---"] * len(columns), is_rule=True), *map(_row, rows)]
    return "".join(f"{line}\n" for line in lines)


def _row(cells: Sequence[str], *, is_rule: bool = False) -> str:
    return f"| {' | '.join(cells if is_rule else map(escaped, cells))} |"


def fence(language: str, text: str) -> str:
    """Return a block that is shown as it is; its fence is longer than any run of ticks inside."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}{language}\n{text}\n{ticks}\n"


def _begun(text: str) -> str:
    """Return escaped text that may begin a line: no number or dash of it begins a list."""
    return _LIST_AT_START.sub(r"\1\\\2", escaped(text))
