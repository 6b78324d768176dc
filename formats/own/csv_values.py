"""How one field of our CSV files is read; blank means not known."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, TypeVar

from pydantic import BeforeValidator

from formats.values import optional, read_instant, read_text, too_many, wrong
from planner.countries import country_of
from planner.customers import MAX_SEATS, HoldingsState, Reducible, Seller
from planner.offers import Segment

T = TypeVar("T")

_DIGITS = re.compile(r"\d{1,12}", re.ASCII)
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}
_HOLDINGS = {"partial": HoldingsState.PARTIAL, "complete": HoldingsState.COMPLETE}


def read_number(value: object) -> int:
    text = read_text(value)
    if _DIGITS.fullmatch(text) is None or int(text) > MAX_SEATS:
        raise too_many(text)
    return int(text)


def read_market(value: object) -> str:
    text = read_text(value)
    market = country_of(text)
    if market is None:
        raise wrong("BAD_MARKET", "an ISO 3166 code of two letters such as GB is needed", text)
    return market


def read_tranches(value: object) -> tuple[Reducible, ...]:
    """Return the seats that may be given back, the first to lapse first.

    Written `10 until 2026-11-08T00:00:00Z`, several parted by `|`; `none` is none.
    """
    text = read_text(value)
    if text.lower() == "none":
        return ()
    found = map(_tranche, text.split("|"))
    return tuple(sorted(found, key=lambda one: (one.until, one.seats)))


def _tranche(text: str) -> Reducible:
    seats, _, until = text.partition(" until ")
    lapses = read_instant(until) if until.strip() else None
    if lapses is None:
        message = "seats and an instant are needed, such as 10 until 2026-11-08T00:00:00Z"
        raise wrong("BAD_TRANCHE", message, text)
    return Reducible(read_number(seats), lapses)


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

CsvTranches = Annotated[tuple[Reducible, ...] | None, BeforeValidator(optional(read_tranches))]
CsvSeats = Annotated[int | None, BeforeValidator(optional(read_number))]
CsvMarket = Annotated[str | None, BeforeValidator(optional(read_market))]
CsvFlag = Annotated[bool | None, BeforeValidator(optional(one_of(_FLAGS, "BAD_FLAG")))]
CsvSegment = Annotated[Segment | None, BeforeValidator(optional(one_of(_SEGMENTS, "BAD_SEGMENT")))]
CsvHoldings = Annotated[
    HoldingsState | None, BeforeValidator(optional(one_of(_HOLDINGS, "BAD_HOLDINGS")))
]
CsvSeller = Annotated[Seller, BeforeValidator(one_of(_SELLERS, "BAD_HELD_BY"))]
