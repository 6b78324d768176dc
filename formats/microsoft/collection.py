"""The rows of one answer of an API, before any of them is checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from formats.problems import FileRefused, Place

MAX_ROWS = 1_000_000

Items = Sequence[tuple[Place, object]]
"""Rows not yet checked, each with its place."""


@dataclass(frozen=True, slots=True)
class Collection:
    """The rows of one answer, and whether it says itself that these are all."""

    items: Items
    is_complete: bool


def placed(items: list[Any], place: Place) -> Items:
    """Return each row with its place. Raises: FileRefused (TOO_MANY_ROWS)."""
    check_row_count(len(items), place)
    return tuple((place.at(index), item) for index, item in enumerate(items))


def check_row_count(count: int, place: Place) -> None:
    if count > MAX_ROWS:
        raise FileRefused(
            "TOO_MANY_ROWS", f"{place} has more than {MAX_ROWS:,} rows; split the file"
        )


def bare_array(value: list[Any], place: Place) -> Collection:
    """Return the rows of an array without its wrapper, which cannot say that these are all."""
    return Collection(placed(value, place), is_complete=False)
