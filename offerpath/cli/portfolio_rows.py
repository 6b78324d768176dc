"""A portfolio's flat rows as CSV, some at a time: what `portfolio --rows csv` writes.

The columns are named as in `report portfolio`, which has more of them and asks the rules too.
"""

import csv
import io
from collections.abc import Iterable

from planner.ids import CatalogId
from planner.portfolio import BestWay, PortfolioRow

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
_Cells = tuple[object, ...]


class FlatRows:
    """Writes rows as RFC 4180 has it; a text that begins like a formula gets an apostrophe."""

    def __init__(self) -> None:
        self._ways: dict[CatalogId | None, _Cells] = {}

    def header(self) -> str:
        return ",".join(COLUMNS) + "\r\n"

    def lines(self, rows: Iterable[PortfolioRow]) -> str:
        """Return the rows' lines; what is not known stays empty."""
        written = io.StringIO(newline="")
        csv.writer(written, lineterminator="\r\n").writerows(map(self._cells, rows))
        return written.getvalue()

    def _cells(self, row: PortfolioRow) -> _Cells:
        held = row.held
        # One catalog and scope: the same offer has the same way in every row.
        way = self._ways.get(held.catalog_id)
        if way is None:
            way = self._ways[held.catalog_id] = _way(row.way)
        return (
            held.customer_id,
            _guarded(held.customer_name),
            held.subscription_id,
            _guarded(held.title),
            _guarded(held.catalog_id or ""),
            held.state.value,
            held.seats,
            held.last_day,
            *way,
        )


def _way(way: BestWay) -> _Cells:
    path = way.path
    if path is None:
        return way.standing.value, None, None, None, None
    cost = path.cost
    return (
        way.standing.value,
        path.target,
        cost.steps,
        cost.weakest_evidence.name,
        path.readiness.value,
    )


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text
