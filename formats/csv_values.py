"""How one field of our CSV files is read; blank means not known."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, TypeVar

from pydantic import BeforeValidator

from formats.values import MAX_SEATS, optional, read_text, wrong
from planner.countries import country_of
from planner.customers import HoldingsState, Seller
from planner.offers import Segment

T = TypeVar("T")

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DIGITS = re.compile(r"\d{1,12}", re.ASCII)
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}
_HOLDINGS = {"partial": HoldingsState.PARTIAL, "complete": HoldingsState.COMPLETE}


def read_day(value: object) -> date:
    text = read_text(value)
    if _DAY.fullmatch(text) is None:
        raise wrong("BAD_DATE", "a day such as 2027-05-03 is needed", text)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise wrong("BAD_DATE", "no such day", text) from None


def read_number(value: object) -> int:
    text = read_text(value)
    if _DIGITS.fullmatch(text) is None or int(text) > MAX_SEATS:
        raise wrong("OUT_OF_RANGE", f"a whole number from 0 to {MAX_SEATS} is needed", text)
    return int(text)


def read_market(value: object) -> str:
    text = read_text(value)
    market = country_of(text)
    if market is None:
        raise wrong("BAD_MARKET", "an ISO 3166 code of two letters such as GB is needed", text)
    return market


def one_of(words: Mapping[str, T], code: str) -> Callable[[object], T]:
    """Return a reader of one of these words, whatever their case."""

    def read_word(value: object) -> T:
        text = read_text(value)
        if text.lower() not in words:
            raise wrong(code, f"one of {', '.join(words)} is needed", text)
        return words[text.lower()]

    return read_word


_SELLERS = {seller.value.lower(): seller for seller in Seller}
_SEGMENTS = {segment.value.lower(): segment for segment in Segment}

CsvDate = Annotated[date | None, BeforeValidator(optional(read_day))]
CsvSeats = Annotated[int | None, BeforeValidator(optional(read_number))]
CsvMarket = Annotated[str | None, BeforeValidator(optional(read_market))]
CsvFlag = Annotated[bool | None, BeforeValidator(optional(one_of(_FLAGS, "BAD_FLAG")))]
CsvSegment = Annotated[Segment | None, BeforeValidator(optional(one_of(_SEGMENTS, "BAD_SEGMENT")))]
CsvHoldings = Annotated[
    HoldingsState | None, BeforeValidator(optional(one_of(_HOLDINGS, "BAD_HOLDINGS")))
]
CsvSeller = Annotated[Seller, BeforeValidator(one_of(_SELLERS, "BAD_HELD_BY"))]
