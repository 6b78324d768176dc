"""How two values of one field of a plan are told beside each other, in words and without JSON."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum

from planner.plans.saved.document import plain
from planner.plans.search.money import MonthlyPrice
from planner.plans.told.steps import BatchRow, Due, Json
from planner.upsells import Upsell, counts_of


def told_apart(before: object, after: object) -> tuple[str | None, str | None]:
    """Return two values that differ in short words; None for one that says nothing.

    Where the short words are the same, or there are none, what differs is told part by part.
    """
    told = _said(before), _said(after)
    if _is_short(before) and _is_short(after) and told[0] != told[1]:
        return told
    old, new = (dict(_parts(_plain(value))) for value in (before, after))
    return _differing(old, new), _differing(new, old)


def _differing(here: Mapping[str, str], there: Mapping[str, str]) -> str | None:
    found = [f"{name} {text}".strip() for name, text in here.items() if there.get(name) != text]
    return "; ".join(found) or None


def _is_short(value: object) -> bool:
    """Return whether a value has short words: no calls, rows or members."""
    if isinstance(value, tuple):
        return all(map(_is_short, value))
    known = (str, int, date, Enum, Due, MonthlyPrice, Upsell)
    return value is None or isinstance(value, known) or _code(value) is not None


def _code(value: object) -> object:
    return getattr(value, "code", None) or getattr(value, "rule", None)


def _said(value: object) -> str | None:
    """Return a field in short words; sequences of findings by their codes."""
    if value is None:
        return None
    if isinstance(value, Enum):
        return str(value.value) if isinstance(value, str) else value.name
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Due):
        return f"{value.day.isoformat()}: {value.because}"
    if isinstance(value, MonthlyPrice):
        return f"{value.amount} {value.currency}"
    if isinstance(value, Upsell):
        return counts_of(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(filter(None, map(_said, value)))
    return str(_code(value) or value)


def _plain(value: object) -> Json:
    """Return a value as JSON; a row of the batch tool by its columns."""
    if isinstance(value, BatchRow):
        return {"file": value.file, **dict(value.columns)}
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return plain(value)


def _parts(value: Json, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield what a value says, leaf by leaf, each by the way to it; what is empty says nothing."""
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield from _parts(member, f"{name} {_words(key)}".strip())
    elif isinstance(value, tuple):
        for place, member in enumerate(value, start=1):
            yield from _parts(member, f"{name} {place}".strip() if len(value) > 1 else name)
    elif value not in (None, ""):
        yield name, str(_said(value))


def _words(key: str) -> str:
    return key.replace("_", " ")
