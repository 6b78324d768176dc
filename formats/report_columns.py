"""What a column of a report is, what stands in its cells, and which row they are read from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from planner.ids import CatalogId
from planner.no_path import NoPath
from planner.offers import Offer
from planner.paths import Path

COLUMNS_VERSION = 1
"""Grows when a column goes, changes its name or its meaning; a new last column does not count."""

Offers = Mapping[CatalogId, Offer]
Cell = str | int | bool | tuple[str, ...] | None
"""None where the column does not apply to the row or the value is not known."""
Line = tuple[Cell, ...]
"""One cell for each column, in their order."""


class ReportRow(Protocol):
    """What a report is made from: an offer and one of its paths, or why it has none."""

    @property
    def offer(self) -> Offer: ...

    @property
    def rank(self) -> int:
        """1 for the best path; 0 where there is none."""
        ...

    @property
    def answer(self) -> Path | NoPath: ...


class ColumnType(StrEnum):
    """What a cell is where it is not empty."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "whole number"
    FLAG = "true or false"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Column:
    """A column as docs/reports.md shows it."""

    name: str
    type: ColumnType
    meaning: str
    separator: str = ";"
    """For a LIST: what stands between two items where a cell can only hold text."""


def text(name: str, meaning: str) -> Column:
    return Column(name, ColumnType.TEXT, meaning)


def day(name: str, meaning: str) -> Column:
    return Column(name, ColumnType.DATE, meaning)


def number(name: str, meaning: str) -> Column:
    return Column(name, ColumnType.NUMBER, meaning)


def flag(name: str, meaning: str) -> Column:
    return Column(name, ColumnType.FLAG, meaning)


def several(name: str, meaning: str, *, separator: str = ";") -> Column:
    return Column(name, ColumnType.LIST, meaning, separator)


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    """Return each value once, in order of its first appearance."""
    return tuple(dict.fromkeys(values))


def cell_text(column: Column, cell: Cell) -> str:
    """Return a cell as text; nothing for None."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case tuple():
            return column.separator.join(cell)
    return str(cell)
