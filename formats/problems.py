"""What can be wrong with a file, what is worth telling about it, and how both are collected."""

import re
from dataclasses import dataclass, field

MAX_PROBLEMS = 1_000
MAX_NOTICES = 200
_VALUE_LENGTH = 80
_INDEX = re.compile(r"\[\d+\]")


def _storable(text: str) -> str:
    """Return the text without NUL, which Postgres cannot store; field names may hold one."""
    return text.replace("\x00", "\ufffd")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a line (CSV), a path (JSON: `items[3].quantity`; CSV: column)."""

    path: str = ""
    line: int | None = None

    def at(self, *steps: str | int) -> "Place":
        """Return the place reached from here by field names and list indexes."""
        path = self.path
        for step in steps:
            path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
        return Place(path, self.line)

    def beside(self, name: str) -> "Place":
        """Return the place of another field of the same row."""
        return Place(self.path.rpartition(".")[0], self.line).at(name)

    @property
    def pattern(self) -> str:
        """The path with every index as `[*]`, so that rows can be counted together."""
        return _INDEX.sub("[*]", self.path)

    def __str__(self) -> str:
        if self.line is None:
            return self.path or "the whole file"
        return f"line {self.line}, {self.path}" if self.path else f"line {self.line}"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing that must be corrected before the file can be stored."""

    line: int | None
    """The line on which the row begins, from 1; None in a JSON file."""
    path: str
    """A JSON path such as `items[3].quantity`, or a CSV column; empty for the whole row."""
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something kept and reported, such as a status nobody knows; counted, not one per row."""

    code: str
    path: str
    """A pattern: `items[*].status`."""
    value: str
    """The value met, cut at 80 characters; empty where the field itself is the news."""
    count: int


class FileRefused(ValueError):
    """Nothing of the file is used; `problems` names every bad row up to a limit."""

    def __init__(
        self,
        code: str,
        message: str,
        problems: tuple[RowProblem, ...] = (),
        *,
        problems_left_out: int = 0,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.problems = problems
        self.problems_left_out = problems_left_out
        """How many more problems there are than `problems` names."""


@dataclass(slots=True)
class Findings:
    """Collects the problems and notices of one file, in the order of the file."""

    _problems: list[RowProblem] = field(default_factory=list)
    _problem_count: int = 0
    _notices: dict[tuple[str, str, str], int] = field(default_factory=dict)
    _notices_left_out: int = 0

    def problem(self, code: str, place: Place, message: str) -> None:
        self._problem_count += 1
        if len(self._problems) < MAX_PROBLEMS:
            self._problems.append(RowProblem(place.line, _storable(place.path), code, message))

    def notice(self, code: str, place: Place, value: str = "") -> None:
        key = (code, _storable(place.pattern[:200]), _storable(value[:_VALUE_LENGTH]))
        if key in self._notices or len(self._notices) < MAX_NOTICES:
            self._notices[key] = self._notices.get(key, 0) + 1
        else:
            self._notices_left_out += 1

    @property
    def notices(self) -> tuple[Notice, ...]:
        """The notices in order of first sight; a last `MORE_NOTICES` counts those left out."""
        seen = tuple(Notice(*key, count) for key, count in self._notices.items())
        if not self._notices_left_out:
            return seen
        return (*seen, Notice("MORE_NOTICES", "", "", self._notices_left_out))

    def refuse_if_bad(self) -> None:
        """Raise FileRefused (BAD_ROWS) where any problem was found."""
        if not self._problem_count:
            return
        first = self._problems[0]
        place = Place(first.path, first.line)
        raise FileRefused(
            "BAD_ROWS",
            f"{self._problem_count} problem(s), so nothing was taken; the first, at {place}: "
            f"{first.message}",
            tuple(self._problems),
            problems_left_out=self._problem_count - len(self._problems),
        )


@dataclass(slots=True)
class UniqueIds:
    """Remembers where each id was first seen, and reports the second time with both places."""

    findings: Findings
    noun: str
    _seen: dict[str, Place] = field(default_factory=dict)

    def place_of(self, identifier: str) -> Place:
        """Return where an id was first seen. Raises: KeyError for one that was not."""
        return self._seen[identifier]

    def add(self, identifier: str, place: Place) -> bool:
        """Return whether the id is new."""
        first = self._seen.setdefault(identifier, place)
        if first is place:
            return True
        self.findings.problem(
            "DUPLICATE_ID", place, f"{self.noun} {identifier} was already given at {first}"
        )
        return False
