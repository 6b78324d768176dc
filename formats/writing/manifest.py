"""What a report's manifest says: what it was made from, what it holds, and its checksum."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from formats.writing.columns import COLUMNS_VERSION
from formats.writing.formats import ReportForm

Fact = str | int | bool | list[str] | None


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """The catalog and the question that a report answers, known before its first row."""

    content_hash: str
    """The catalog's."""
    rules_version: str
    at: str
    """The day or the instant that the report holds for, as ISO 8601 writes it."""
    question: Mapping[str, Fact]
    """What else was asked, by the keys of docs/reports.md."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The file that stands beside a report; the same for the same report under the same name."""

    facts: Mapping[str, Fact]
    """Everything but the file's name and checksum, by the keys of docs/reports.md."""
    file: str
    sha256: str
    """Of the report's bytes, 64 hex digits."""

    def to_json(self) -> bytes:
        """Return JSON with sorted keys, two spaces deep, and a last line feed."""
        told = {**self.facts, "file": self.file, "sha256": self.sha256}
        options = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        return orjson.dumps(told, option=options)


def manifest_facts(
    facts: ReportFacts, form: ReportForm, *, shape: str, rows: int, counts: Mapping[str, Fact]
) -> dict[str, Fact]:
    """Return what a finished report says of itself, in order of the keys."""
    told: dict[str, Fact] = {
        "columns_version": COLUMNS_VERSION,
        "content_hash": facts.content_hash,
        "rules_version": facts.rules_version,
        "at": facts.at,
        "shape": shape,
        "format": form.format.value,
        "bom": form.bom,
        "rows": rows,
    }
    return dict(sorted((told | {**facts.question, **counts}).items()))
