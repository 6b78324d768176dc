"""What users write, read into the planner's words; whatever is wrong with it is BadInput."""

import re
from datetime import UTC, datetime

from planner.countries import country_of
from planner.customers import MAX_SEATS
from planner.ids import CatalogId, MalformedId, parse_catalog_id, parse_guid
from resolvers.codes.code import Code
from resolvers.problems import BadInput, limits, out_of_range

MAX_FIRST = 200
MAX_STEPS = 12
MAX_TEXT = 500
"""Characters of a text that is looked for: longer than any title or name there is."""
_TERMS = ("P1M", "P1Y", "P3Y")
_BILLING_CYCLES = ("monthly", "annual", "triennial", "none")


def catalog_id(text: str) -> CatalogId:
    """Raises: BadInput MALFORMED_ID."""
    try:
        return parse_catalog_id(text)
    except MalformedId as error:
        raise BadInput(Code(error.code), str(error), parameters={"given": text[:60]}) from None


def guid(text: str, *, what: str) -> str:
    """Return a customer's or subscription's id. Raises: BadInput MALFORMED_ID."""
    try:
        return parse_guid(text)
    except ValueError:
        raise BadInput(
            Code.MALFORMED_ID,
            f"{text[:60]!r} is not the id of {_article(what)} {what}, which is a "
            "GUID with hyphens and without braces",
            remedy="Copy the id from an answer of this API, a GUID",
            parameters={"given": text[:60]},
        ) from None


def _article(noun: str) -> str:
    return "an" if noun[0] in "AEIOUaeio" else "a"


def guid_or_none(text: str) -> str | None:
    """Return an id as `guid` does; None for a text that is none."""
    try:
        return parse_guid(text)
    except ValueError:
        return None


def page_size(first: int, *, maximum: int = MAX_FIRST) -> int:
    """Raises: BadInput FIRST_OUT_OF_RANGE."""
    if not 1 <= first <= maximum:
        raise out_of_range(Code.FIRST_OUT_OF_RANGE, "first", first, maximum=maximum)
    return first


def search_text(text: str | None) -> str | None:
    """Return a text to look for, None for an empty one. Raises: BadInput TEXT_TOO_LONG."""
    if text is not None and len(text) > MAX_TEXT:
        raise BadInput(
            Code.TEXT_TOO_LONG,
            f"`text` has {len(text):,} characters; {MAX_TEXT} are taken",
            parameters={"argument": "text", "given": len(text), "maximum": MAX_TEXT},
        )
    return text.strip() or None if text else None


def max_steps(steps: int | None) -> int | None:
    """Raises: BadInput MAX_STEPS_OUT_OF_RANGE."""
    if steps is not None and not 1 <= steps <= MAX_STEPS:
        raise out_of_range(Code.MAX_STEPS_OUT_OF_RANGE, "maxSteps", steps, maximum=MAX_STEPS)
    return steps


def seats(count: int | None, *, name: str = "seats") -> int | None:
    """Raises: BadInput SEATS_OUT_OF_RANGE."""
    if count is not None and not 1 <= count <= MAX_SEATS:
        raise BadInput(
            Code.SEATS_OUT_OF_RANGE,
            f"`{name}` is {count}; it must be 1 to {MAX_SEATS:,}, or left out",
            parameters=limits(name, count, minimum=1, maximum=MAX_SEATS),
        )
    return count


def term(text: str | None) -> str | None:
    """Return a term in upper case. Raises: BadInput TERM_NOT_KNOWN."""
    if text is not None and text.strip().upper() not in _TERMS:
        raise BadInput(
            Code.TERM_NOT_KNOWN,
            f"{text[:20]!r} is no term; write {', '.join(_TERMS)}",
            parameters={"given": text[:20]},
        )
    return None if text is None else text.strip().upper()


def billing_cycle(text: str | None) -> str | None:
    """Return a billing cycle in lower case. Raises: BadInput BILLING_CYCLE_NOT_KNOWN."""
    if text is not None and text.strip().lower() not in _BILLING_CYCLES:
        known = ", ".join(_BILLING_CYCLES)
        raise BadInput(
            Code.BILLING_CYCLE_NOT_KNOWN,
            f"{text[:20]!r} is none of {known}",
            parameters={"given": text[:20]},
        )
    return None if text is None else text.strip().lower()


def market(text: str | None) -> str | None:
    """Return an ISO 3166 alpha-2 code in upper case. Raises: BadInput MALFORMED_MARKET."""
    if text is None:
        return None
    code = country_of(text)
    if code is None:
        meant = "; write GB" if text.strip().upper() == "UK" else ", such as US"
        raise BadInput(
            Code.MALFORMED_MARKET,
            f"{text[:20]!r} is no ISO 3166 country code of two letters{meant}",
            parameters={"given": text[:20]},
        )
    return code


def instant(text: str, *, name: str | None = "at") -> datetime:
    """Read an ISO 8601 date (its 00:00Z) or an instant with its zone. Raises: BadInput BAD_DATE.

    `name` is the argument's, for the message; None where it is not known.
    """
    written = text.strip()
    try:
        parsed = datetime.fromisoformat(written)
        day_alone = _DAY.fullmatch(written) is not None
        if parsed.tzinfo is None and not day_alone:
            raise _bad_date(name, text, "an instant needs its zone, such as Z")
        in_utc = parsed.replace(tzinfo=UTC) if day_alone else parsed.astimezone(UTC)
    except OverflowError:
        raise _bad_date(name, text, "beyond the calendar") from None
    except ValueError as error:
        if isinstance(error, BadInput):
            raise
        raise _bad_date(name, text, _HOW) from None
    if in_utc.year < _FIRST_YEAR:
        raise _bad_date(name, text, f"before the year {_FIRST_YEAR}")
    return in_utc


_DAY = re.compile(r"\d{4}-?\d{2}-?\d{2}|\d{4}-?W\d{2}(-?\d)?", re.ASCII)
_FIRST_YEAR = 1900
_HOW = "write a date (2026-03-01) or an instant with its zone (2026-03-01T09:00:00Z)"


def _bad_date(name: str | None, text: str, why: str) -> BadInput:
    given = text[:40]
    if name is None:
        return BadInput(
            Code.BAD_DATE, f"{given!r} is no date or instant: {why}", parameters={"given": given}
        )
    return BadInput(
        Code.BAD_DATE,
        f"`{name}` is {given!r}: {why}",
        parameters={"argument": name, "given": given},
    )
