"""A portfolio's flat rows as CSV, some at a time: what `portfolio --rows csv` writes.

The columns are named as in `report portfolio`, which has more of them and asks the rules too.
"""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from planner.ids import CatalogId
from planner.portfolios.portfolio import BestWay, PortfolioRow

COLUMNS = (
    "customer_id",
    "customer_name",
    "subscription_id",
    "subscription_title",
    "offer_id",
    "state",
    "seats",
    "last_day",
    "standing",
    "target_id",
    "steps",
    "weakest_evidence",
    "path_readiness",
)
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_NEEDS_QUOTES = re.compile(r'[",\r\n]').search
_KEPT = 4096
"""Texts written last; titles, offers and days come again and again."""


class FlatRows:
    """Writes rows as RFC 4180 has it; a text that begins like a formula gets an apostrophe.

    By hand, since the csv module takes twice the time; a test reads it back with that module.
    """

    def __init__(self) -> None:
        self._ways: dict[CatalogId | None, str] = {}

    def header(self) -> str:
        return ",".join(COLUMNS) + "\r\n"

    def lines(self, rows: Iterable[PortfolioRow]) -> str:
        """Return the rows' lines; what is not known stays empty."""
        return "".join(map(self._line, rows))

    def _line(self, row: PortfolioRow) -> str:
        held = row.held
        # One catalog and scope: the same offer has the same way in every row.
        way = self._ways.get(held.catalog_id)
        if way is None:
            way = self._ways[held.catalog_id] = _way(row.way)
        seats = "" if held.seats is None else held.seats
        return (
            f"{held.customer_id},{_text(held.customer_name)},{held.subscription_id},"
            f"{_text(held.title)},{_text(held.catalog_id or '')},{held.state.value},{seats},"
            f"{_day(held.last_day)},{way}\r\n"
        )


def _way(way: BestWay) -> str:
    path = way.path
    if path is None:
        return f"{way.standing.value},,,,"
    cost = path.cost
    return (
        f"{way.standing.value},{path.target},{cost.steps},{cost.weakest_evidence.name},"
        f"{path.readiness.value}"
    )


@lru_cache(maxsize=_KEPT)
def _text(text: str) -> str:
    guarded = f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text
    if _NEEDS_QUOTES(guarded) is None:
        return guarded
    doubled = guarded.replace('"', '""')
    return f'"{doubled}"'


@lru_cache(maxsize=_KEPT)
def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
