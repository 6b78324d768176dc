"""How one value of a file is read: ids, dates, seats, texts, countries, states.

Each reader takes what stands in the file and returns the value, or raises PydanticCustomError
whose type is the problem's code. The Annotated names below are these readers as field types.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, TypeVar

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from planner.customers import MAX_SEATS
from planner.ids import CatalogId, MalformedId, is_new_commerce, parse_catalog_id
from planner.offers import Known

T = TypeVar("T")

MAX_TEXT = 500
_MAX_INT32 = 2**31 - 1
_FAR_FUTURE_YEAR = 9000
_UNSET_YEAR = 1
_NIL_GUID = "00000000-0000-0000-0000-000000000000"
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,12})?)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII
)


def wrong(code: str, message: str, given: object = None) -> PydanticCustomError:
    """Return the error of one field; `given` is quoted where it is short and plain."""
    shown = f", not {given!r:.60}" if isinstance(given, str | int | float | bool) else ""
    return PydanticCustomError("bad_value", "{text}", {"code": code, "text": message + shown})


def read_text(value: object) -> str:
    """Return a text on one line: line ends and control characters become one space."""
    if not isinstance(value, str):
        raise wrong("WRONG_TYPE", "a text is needed", value)
    text = _CONTROL.sub(" ", value).strip()
    if not text:
        raise wrong("MISSING", "a text is needed, not an empty one")
    if len(text) > MAX_TEXT:
        raise wrong("TEXT_TOO_LONG", f"at most {MAX_TEXT} characters, not {len(text)}")
    if "\x00" in value:
        raise wrong("BAD_TEXT", "a NUL character cannot be stored")
    return text


def read_guid(value: object) -> str:
    """Return a GUID in lower case; ids compare without case (docs/sources.md 5)."""
    text = read_text(value)
    if _GUID.fullmatch(text) is None or text == _NIL_GUID:
        raise wrong("BAD_ID", "a GUID with hyphens is needed", text)
    return text.lower()


def read_seats(value: object) -> int:
    """Return the seats of one subscription (docs/sources.md 6)."""
    return _whole(value, MAX_SEATS)


def read_units(value: object) -> int:
    """Return Microsoft Graph's units of a product, which may have several subscriptions: Int32."""
    return _whole(value, _MAX_INT32)


def _whole(value: object, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong("WRONG_TYPE", "a whole number is needed", value)
    if not 0 <= value <= most:
        raise too_many(value, most)
    return value


def too_many(value: object, most: int = MAX_SEATS) -> PydanticCustomError:
    """Return the error of a number that is not among those from 0 to `most`."""
    return wrong("OUT_OF_RANGE", f"a whole number from 0 to {most:,} is needed", value)


def read_flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise wrong("WRONG_TYPE", "true or false is needed", value)
    return value


def read_instant(value: object) -> datetime | None:
    """Return an aware UTC instant; None for .NET's unset date (year 1).

    Without a zone it is UTC, as Partner Center writes it; a far future stays in its year.
    """
    text = read_text(value)
    if _INSTANT.fullmatch(text) is None:
        raise wrong("BAD_DATE", "an ISO 8601 date such as 2027-05-04T00:00:00Z is needed", text)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise wrong("BAD_DATE", "no such day or time", text) from None
    if instant.year == _UNSET_YEAR:
        return None
    if instant.tzinfo is None or instant.year >= _FAR_FUTURE_YEAR:
        return instant.replace(tzinfo=UTC)
    return instant.astimezone(UTC)


def read_day(value: object) -> date:
    text = read_text(value)
    if _DAY.fullmatch(text) is None:
        raise wrong("BAD_DATE", "a day such as 2027-05-03 is needed", text)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise wrong("BAD_DATE", "no such day", text) from None


def optional(read: Callable[[object], T]) -> Callable[[object], T | None]:
    """Return a reader for which null and blank text mean: not known."""

    def read_optional(value: object) -> T | None:
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        return read(value)

    return read_optional


def read_optional_guid(value: object) -> str | None:
    """Return None for the nil GUID too."""
    return None if value == _NIL_GUID else optional(read_guid)(value)


Text = Annotated[str, BeforeValidator(read_text)]
OptionalText = Annotated[str | None, BeforeValidator(optional(read_text))]
Guid = Annotated[str, BeforeValidator(read_guid)]
OptionalGuid = Annotated[str | None, BeforeValidator(read_optional_guid)]
OptionalSeats = Annotated[int | None, BeforeValidator(optional(read_seats))]
OptionalUnits = Annotated[int | None, BeforeValidator(optional(read_units))]
OptionalFlag = Annotated[bool | None, BeforeValidator(optional(read_flag))]
OptionalInstant = Annotated[datetime | None, BeforeValidator(optional(read_instant))]
OptionalDay = Annotated[date | None, BeforeValidator(optional(read_day))]


def known(flag: bool | None) -> Known:
    """Return a flag of a file as what is known; absent is not known."""
    return Known.UNKNOWN if flag is None else Known.YES if flag else Known.NO


def catalog_id_of(offer_id: str) -> CatalogId | None:
    """Return the offer's id, or None for an id that is no licence offer's (Azure, software)."""
    try:
        return parse_catalog_id(offer_id)
    except MalformedId:
        return None


def is_far(day: date) -> bool:
    """Tell whether a date stands for no end: year 9000 or later."""
    return day.year >= _FAR_FUTURE_YEAR


def last_day_of(end: datetime, catalog_id: CatalogId | None) -> date | None:
    """Return the last day of the term, inclusive; None where the term has no end.

    A legacy commitmentEndDate is exclusive, a new-commerce one inclusive (docs/sources.md 0). What
    is neither (an Azure offer) belongs to the older platform and is read as legacy. A
    subscription that does not renew gets a date in the far future, such as 9999-12-10
    (docs/sources.md 5), which means no end.
    """
    if is_far(end):
        return None
    if catalog_id is not None and is_new_commerce(catalog_id):
        return end.date()
    return end.date() - timedelta(days=1)
