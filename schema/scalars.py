"""Scalars beside GraphQL's own, each with the page that specifies it."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import NewType

import strawberry
from strawberry.schema.types.base_scalars import DecimalDefinition
from strawberry.types.scalar import ScalarDefinition

from resolvers import inputs
from resolvers.codes.code import Code
from resolvers.problems import BadInput

Instant = NewType("Instant", datetime)
Day = NewType("Day", date)
SafeInt = NewType("SafeInt", int)
"""A sum that may be more than GraphQL's Int holds, such as the seats of many subscriptions."""


def instant_or_none(value: datetime | None) -> Instant | None:
    return None if value is None else Instant(value)


def day_or_none(value: date | None) -> Day | None:
    return None if value is None else Day(value)


def _parse_instant(value: object) -> datetime:
    if not isinstance(value, str):
        raise BadInput(Code.BAD_DATE, "write a date or an instant as a string")
    return inputs.instant(value, name=None)


def _parse_day(value: object) -> date:
    if not isinstance(value, str):
        raise BadInput(Code.BAD_DATE, "write a date as a string, such as 2026-03-01")
    return inputs.instant(value, name=None).date()


def _safe(value: int) -> int:
    """Return what every reader of JSON keeps exactly. Raises: ValueError: it is a fault of ours."""
    if abs(value) > _MOST_SAFE:
        raise ValueError(f"{value} is more than a SafeInt holds")
    return value


_MOST_SAFE = 2**53 - 1

SCALARS: Mapping[object, ScalarDefinition] = {
    Instant: strawberry.scalar(
        name="Instant",
        description=(
            "An instant in ISO 8601 with its zone, such as 2026-03-01T09:00:00Z. As an input a "
            "date alone means 00:00 UTC of that day."
        ),
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=lambda value: value.isoformat().replace("+00:00", "Z"),
        parse_value=_parse_instant,
    ),
    Day: strawberry.scalar(
        name="Day",
        description="A calendar day in ISO 8601, such as 2026-03-01.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=lambda value: value.isoformat(),
        parse_value=_parse_day,
    ),
    SafeInt: strawberry.scalar(
        name="SafeInt",
        description=(
            "A whole number, in JSON a number, that may be more than the 32 bits of an Int. It is "
            "at most 2^53 - 1, which JavaScript and every other reader of JSON keeps exactly."
        ),
        specified_by_url="https://www.rfc-editor.org/rfc/rfc7493#section-2.2",
        serialize=_safe,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description=(
            "A decimal number as a string, with a point and without an exponent, such as 19.90."
        ),
        specified_by_url="https://www.w3.org/TR/xmlschema11-2/#decimal",
        serialize=lambda value: format(value, "f"),
        parse_value=DecimalDefinition.parse_value,
    ),
}
