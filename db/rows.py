"""How rows are written and read: dataclasses to JSON, records to dataclasses.

The rule instead of a hand-written pair of functions for each table: the columns of a query are the
fields of the planner's dataclass, in its order; sets and dataclasses within it come as JSON text.
Tests hold queries to it.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache
from itertools import repeat
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import orjson

Decode = Callable[[Any], Any]
_SETS_KEPT = 512


def rows_to_json(rows: Sequence[object]) -> str:
    """Return the dataclasses as a JSON array of objects: None as null, sets as sorted arrays."""
    return orjson.dumps(rows, default=_plain).decode()


def rows_from_records(row_type: type, records: Sequence[Any], *, skip: int = 0) -> list[Any]:
    """Return a dataclass for each record, whose columns after `skip` are its fields in order."""
    columns = list(zip(*records, strict=True))[skip:]
    for position, decode in _decoders(row_type).items():
        if columns:
            columns[position] = tuple(map(decode, columns[position]))
    return _made(row_type, columns) if columns else []


def _made(row_type: type, columns: Sequence[Sequence[Any]]) -> list[Any]:
    """Return what calling the dataclass with each row would make, in half the time.

    The call of a frozen one writes its fields one by one in Python.
    """
    made: list[Any] = list(map(object.__new__, repeat(row_type, len(columns[0]))))
    for write, column in zip(_writers(row_type), columns, strict=True):
        deque(map(write, made, column), maxlen=0)
    return made


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} is no value of a row")


@cache
def _writers(row_type: type) -> tuple[Callable[[Any, Any], None], ...]:
    """Return how the slots of a dataclass are written, in the order of its fields.

    Raises: TypeError, where making one is more than writing its slots.
    """
    if hasattr(row_type, "__post_init__") or not hasattr(row_type, "__slots__"):
        raise TypeError(f"{row_type.__name__} is no dataclass of slots alone")
    return tuple(getattr(row_type, field.name).__set__ for field in fields(row_type))


@cache
def _decoders(row_type: type) -> Mapping[int, Decode]:
    """Return how to read the columns whose values Postgres has no type for, by position."""
    hints = get_type_hints(row_type)
    found = {
        position: _decoder(hints[field.name]) for position, field in enumerate(fields(row_type))
    }
    return {position: decode for position, decode in found.items() if decode is not None}


def _decoder(hint: Any) -> Decode | None:
    """Return the function for a column of this type, None where the driver's value will do."""
    kinds = [kind for kind in get_args(hint) if kind is not NoneType]
    if NoneType in get_args(hint):
        decode = _decoder(kinds[0])
        return decode and (lambda value: None if value is None else decode(value))
    if isinstance(hint, type) and issubclass(hint, Enum):
        # By value, as orjson writes an enum.
        return {member.value: member for member in hint}.__getitem__
    if get_origin(hint) is frozenset:
        # Most offers share their markets: one set for each text that occurs.
        member = _decoder(kinds[0]) or (lambda value: value)
        return lru_cache(_SETS_KEPT)(lambda text: frozenset(map(member, orjson.loads(text))))
    if get_origin(hint) is tuple:
        return _listed(kinds[0]) if is_dataclass(kinds[0]) else tuple
    return _nested(hint) if is_dataclass(hint) else None


def _listed(row_type: Any) -> Decode:
    """Return how to read a JSON array of such dataclasses."""
    build = _from_json(row_type)
    return lambda text: tuple(map(build, orjson.loads(text)))


def _nested(row_type: Any) -> Decode:
    """Return how to read one such dataclass from a JSON object."""
    build = _from_json(row_type)
    return lambda text: build(orjson.loads(text))


def _from_json(row_type: Any) -> Decode:
    """Return how to make a dataclass of a JSON object with its fields, which are plain values."""
    hints = get_type_hints(row_type)
    readers = {field.name: _json_reader(hints[field.name]) for field in fields(row_type)}

    def build(value: Mapping[str, Any]) -> Any:
        return row_type(**{name: read(value[name]) for name, read in readers.items()})

    return build


def _json_reader(hint: Any) -> Decode:
    kinds = {kind for kind in get_args(hint) or (hint,) if kind is not NoneType}
    for kind, read in ((datetime, datetime.fromisoformat), (date, date.fromisoformat)):
        if kind in kinds:
            return lambda text: None if text is None else read(text)
    return lambda value: value
