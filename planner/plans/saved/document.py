"""How a plan is written down so that it can be read for ever: canonical JSON without floats."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from planner.goals import NewCommerceGoal, OfferGoal, ProductGoal, ServicesGoal
from planner.plans.told.steps import Json, Plan

FORMAT = 1
"""Rises when a document of an older number has to be read in another way."""

_T = TypeVar("_T")
_NAMED = {kind.__name__: kind for kind in (OfferGoal, ProductGoal, NewCommerceGoal, ServicesGoal)}
"""Classes of which a field may hold one or another: their documents name them."""


class UnreadableDocument(ValueError):
    """The text is no document of this kind, or one of a format that this version cannot read."""

    code = "PLAN_DOCUMENT_UNREADABLE"


def canonical(value: Json) -> str:
    """Return the one text of a JSON value: keys in order, no spaces, no floats."""
    return _CANONICAL.encode(value)


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Hashed(str):
    """The SHA-256 (64 hex digits) of a value's canonical JSON."""

    __slots__ = ()


def hashed(value: Json) -> Hashed:
    """Return the hash of a JSON value; of one that is hashed already, itself."""
    if isinstance(value, Hashed):
        return value
    return Hashed(hashlib.sha256(canonical(value).encode()).hexdigest())


def plan_document(plan: Plan) -> str:
    """Return a plan as canonical JSON; amounts keep the places that they are written with."""
    return document_of(plan)


def plan_of(text: str) -> Plan:
    """Return the plan that was written down, equal to it. Raises: UnreadableDocument."""
    return value_of(Plan, text)


def document_of(value: object) -> str:
    """Return a frozen dataclass of the planner as canonical JSON with its format's number."""
    return canonical({"format": FORMAT, "value": plain(value)})


def value_of(kind: type[_T], text: str) -> _T:
    """Return what `document_of` wrote. Raises: UnreadableDocument.

    A field that a later version added takes its default; one that this version does not know is
    refused, since leaving it out would change what somebody approved.
    """
    try:
        found = json.loads(text, parse_float=_no_float)
        if found["format"] != FORMAT:
            raise UnreadableDocument(f"a document of format {found['format']}")
        read: _T = _dataclass_reader(kind)(found["value"])
    except UnreadableDocument:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise UnreadableDocument(f"no document of a {kind.__name__}: {error}") from error
    return read


def plain(value: object) -> Json:
    """Return a value as JSON: sets in order, enumerations as text, days and instants in ISO 8601.

    Raises: TypeError for a float or anything else that has no exact text.
    """
    if value is None or type(value) in _AS_THEY_ARE:
        return value  # type: ignore[return-value]
    kind: type = type(value)
    names = _field_names(kind)
    if names is not None:
        named = {"type": type(value).__name__} if type(value).__name__ in _NAMED else {}
        return named | {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, Enum):
        return str(value.value) if isinstance(value, str) else value.name
    if isinstance(value, Mapping):
        return {str(key): plain(member) for key, member in value.items()}
    if isinstance(value, frozenset):
        if all(type(member) is str for member in value):
            return tuple(sorted(value))
        return tuple(sorted(map(plain, value), key=canonical))
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    return _scalar(value)


_AS_THEY_ARE = frozenset({str, int, bool})


@cache
def _field_names(kind: type) -> tuple[str, ...] | None:
    """Return the names of a dataclass's fields in their order; None of any other class."""
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else None


def _scalar(value: object) -> Json:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, (str, int)):
        return value
    raise TypeError(f"{type(value).__name__} has no place in a document")


def _no_float(text: str) -> object:
    raise UnreadableDocument(f"a number with a fraction: {text}")


_Read = Callable[[Any], Any]


@cache
def _reader(hint: Any) -> _Read:
    """Return how a value of this type is read from JSON."""
    origin, within = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _reader_of_several(tuple(one for one in within if one is not NoneType))
    if origin is tuple:
        return _tuple_reader(within)
    if origin is frozenset:
        return _set_reader(within[0])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _json
    if is_dataclass(hint) and isinstance(hint, type):
        return _dataclass_reader(hint)
    return _scalar_reader(hint)


def _reader_of_several(kinds: tuple[Any, ...]) -> _Read:
    """Read None as None, the only other kind by itself, and one of several by the name it has."""
    if len(kinds) == 1:
        read = _reader(kinds[0])
        return lambda value: None if value is None else read(value)
    return lambda value: None if value is None else _named(kinds, value)


def _named(kinds: tuple[Any, ...], value: Mapping[str, Any]) -> Any:
    kind = _NAMED[value["type"]]
    if kind not in kinds:
        raise UnreadableDocument(f"a {kind.__name__} where none belongs")
    return _reader(kind)(value)


def _tuple_reader(within: tuple[Any, ...]) -> _Read:
    if len(within) == 2 and within[1] is Ellipsis:
        each = _reader(within[0])
        return lambda value: tuple(map(each, _listed(value)))
    reads = tuple(map(_reader, within))
    return lambda value: tuple(read(one) for read, one in zip(reads, _listed(value), strict=True))


def _set_reader(within: Any) -> _Read:
    each = _reader(within)
    return lambda value: frozenset(map(each, _listed(value)))


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise UnreadableDocument(f"{value!r} is no list")
    return value


def _dataclass_reader(kind: type) -> _Read:
    hints = get_type_hints(kind)
    reads = {one.name: _with_former(one, _reader(hints[one.name])) for one in fields(kind)}
    needed = {one.name for one in fields(kind) if _is_needed(one)}

    def read(value: Mapping[str, Any]) -> Any:
        given = {name: one for name, one in value.items() if name != "type" or name in reads}
        if unknown := given.keys() - reads.keys():
            raise UnreadableDocument(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
        if missing := needed - given.keys():
            raise UnreadableDocument(f"{kind.__name__} without {', '.join(sorted(missing))}")
        return kind(**{name: reads[name](one) for name, one in given.items()})

    return read


def _with_former(field: "Field[Any]", read: _Read) -> _Read:
    """Read what a field held in another form before as what it stands for now.

    `formerly` in the field's metadata tells truth values, which no text equals, by their texts.
    """
    former: Mapping[bool, str] | None = field.metadata.get("formerly")
    if former is None:
        return read
    return lambda value: read(former[value] if isinstance(value, bool) else value)


def _is_needed(field: "Field[Any]") -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _scalar_reader(hint: Any) -> _Read:
    kind = getattr(hint, "__supertype__", hint)
    if kind is Decimal:
        return lambda value: Decimal(_exactly(str, value))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _enum_reader(kind)
    if kind in (date, datetime):
        read: _Read = kind.fromisoformat
        return read
    return lambda value: _exactly(kind, value)


def _enum_reader(kind: type[Enum]) -> _Read:
    """Read an enumeration of texts by its text, one of numbers by name: numbers may be moved."""
    if issubclass(kind, str):
        return lambda value: kind(value)
    return lambda value: kind[value]


def _exactly(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise UnreadableDocument(f"{value!r} is no {kind.__name__}")
    return value


def _json(value: Any) -> Json:
    """Return any JSON as the planner holds it: arrays as tuples."""
    if isinstance(value, dict):
        return {key: _json(member) for key, member in value.items()}
    if isinstance(value, list):
        return tuple(map(_json, value))
    plain_value: Json = value
    return plain_value
