"""What users write, read into the planner's words; whatever is wrong with it is BadInput."""

import re
from datetime import UTC, datetime

from planner.ids import CatalogId, MalformedId, parse_catalog_id, parse_guid
from resolvers.problems import BadInput

MAX_FIRST = 200
MAX_STEPS = 12
_MARKET = re.compile(r"[A-Z]{2}")


def catalog_id(text: str) -> CatalogId:
    """Raises: BadInput MALFORMED_ID."""
    try:
        return parse_catalog_id(text)
    except MalformedId as error:
        raise BadInput(error.code, str(error)) from None


def guid(text: str, *, what: str) -> str:
    """Return a customer's or subscription's id. Raises: BadInput MALFORMED_ID."""
    try:
        return parse_guid(text)
    except ValueError:
        raise BadInput(
            "MALFORMED_ID", f"{text[:60]!r} is not the id of a {what}, which is a GUID"
        ) from None


def page_size(first: int, *, maximum: int = MAX_FIRST) -> int:
    """Raises: BadInput FIRST_OUT_OF_RANGE."""
    if not 1 <= first <= maximum:
        raise BadInput("FIRST_OUT_OF_RANGE", f"`first` is {first}; it must be 1 to {maximum}")
    return first


def max_steps(steps: int | None) -> int | None:
    """Raises: BadInput MAX_STEPS_OUT_OF_RANGE."""
    if steps is not None and not 1 <= steps <= MAX_STEPS:
        raise BadInput(
            "MAX_STEPS_OUT_OF_RANGE", f"`maxSteps` is {steps}; it must be 1 to {MAX_STEPS}"
        )
    return steps


def market(text: str | None) -> str | None:
    """Return an ISO 3166 alpha-2 code in upper case. Raises: BadInput MALFORMED_MARKET."""
    if text is None:
        return None
    code = text.strip().upper()
    if not _MARKET.fullmatch(code):
        raise BadInput(
            "MALFORMED_MARKET", f"{text[:20]!r} is not a country code of two letters, such as US"
        )
    return code


def instant(text: str, *, name: str = "at") -> datetime:
    """Read an ISO 8601 date (its 00:00Z) or an instant with its zone. Raises: BadInput BAD_DATE."""
    try:
        parsed = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(
            "BAD_DATE",
            f"`{name}` is {text[:40]!r}; write a date (2026-03-01) or an instant with its zone "
            "(2026-03-01T09:00:00Z)",
        ) from None
    if parsed.tzinfo is not None:
        return _in_utc(parsed, text, name)
    if re.search(r"\d[T ]\d", text):
        raise BadInput(
            "BAD_DATE", f"`{name}` is {text[:40]!r}: an instant needs its zone, such as Z"
        )
    return parsed.replace(tzinfo=UTC)


def _in_utc(parsed: datetime, text: str, name: str) -> datetime:
    try:
        return parsed.astimezone(UTC)
    except OverflowError:
        raise BadInput("BAD_DATE", f"`{name}` is {text[:40]!r}: beyond the calendar") from None
