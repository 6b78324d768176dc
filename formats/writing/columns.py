"""What a column of a report is, what stands in its cells, and how a cell is told as text."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from planner.ids import CatalogId
from planner.offers import Offer

COLUMNS_VERSION = 1
"""Grows when a column goes, changes its name or its meaning; a new last column does not count."""

Offers = Mapping[CatalogId, Offer]
Cell = str | int | bool | date | Decimal | tuple[str, ...] | None
"""None where the column does not apply to the row or the value is not known."""
Line = tuple[Cell, ...]
"""One cell for each column, in their order."""

Told = TypeVar("Told")
"""What the cells of one line are read from."""
Part = TypeVar("Part")


class ColumnType(StrEnum):
    """What a cell is where it is not empty."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "whole number"
    AMOUNT = "amount"
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


def amount(name: str, meaning: str) -> Column:
    return Column(name, ColumnType.AMOUNT, meaning)


def flag(name: str, meaning: str) -> Column:
    return Column(name, ColumnType.FLAG, meaning)


def several(name: str, meaning: str, *, separator: str = ";") -> Column:
    return Column(name, ColumnType.LIST, meaning, separator)


Readers = tuple[tuple[Column, Callable[[Told], Cell]], ...]
"""Columns in their order, each with how its cell is read."""


def columns_of(readers: Readers[Told]) -> tuple[Column, ...]:
    return tuple(column for column, _ in readers)


def line_of(readers: Readers[Told], told: Told) -> Line:
    return tuple(read(told) for _, read in readers)


def read_from(
    line: type[Told],  # noqa: ARG001 (says to mypy what the lambda is given)
    readers: Readers[Part],
    part: Callable[[Told], Part | None],
) -> Readers[Told]:
    """Return the same columns for a line of which `part` has what they read; empty without it."""
    return tuple((column, _reader(read, part)) for column, read in readers)


def _reader(
    read: Callable[[Part], Cell], part: Callable[[Told], Part | None]
) -> Callable[[Told], Cell]:
    def cell(told: Told) -> Cell:
        found = part(told)
        return None if found is None else read(found)

    return cell


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    """Return each value once, in order of its first appearance, as plain text."""
    return tuple(dict.fromkeys(map(str, values)))


def cell_text(column: Column, cell: Cell) -> str:
    """Return a cell as text; nothing for None."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case tuple():
            return column.separator.join(cell)
        case date():
            return cell.isoformat()
        case Decimal():
            return amount_text(cell)
    return str(cell)


def amount_text(amount: Decimal) -> str:
    """Return an amount with all its digits and no exponent."""
    return format(amount, "f")
