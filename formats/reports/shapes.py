"""Which shapes a report comes in, and their columns as the documentation shows them."""

from collections.abc import Mapping
from enum import StrEnum

from formats.reports.blockers import BLOCKERS
from formats.reports.options import OPTIONS
from formats.reports.paths import PATHS, STEPS
from formats.reports.plans import PLANS
from formats.reports.portfolio import PORTFOLIO
from formats.reports.saved_plans import SAVED_PLANS
from formats.writing.columns import Column, ColumnType


class Shape(StrEnum):
    """What one line of a report is."""

    PATHS = "paths"
    STEPS = "steps"
    BLOCKERS = "blockers"
    OPTIONS = "options"
    PLANS = "plans"
    SAVED_PLANS = "saved-plans"
    PORTFOLIO = "portfolio"


COLUMNS: Mapping[Shape, tuple[Column, ...]] = {
    Shape.PATHS: PATHS.columns,
    Shape.STEPS: STEPS.columns,
    Shape.BLOCKERS: BLOCKERS.columns,
    Shape.OPTIONS: OPTIONS.columns,
    Shape.PLANS: PLANS.columns,
    Shape.SAVED_PLANS: SAVED_PLANS.columns,
    Shape.PORTFOLIO: PORTFOLIO.columns,
}


def columns_table(shape: Shape) -> str:
    """Return the columns as the Markdown table that stands in docs/reports.md."""
    head = "| column | type | meaning |\n|---|---|---|\n"
    return head + "".join(
        f"| `{column.name}` | {_type(column)} | {column.meaning} |\n" for column in COLUMNS[shape]
    )


def _type(column: Column) -> str:
    if column.type is not ColumnType.LIST:
        return column.type.value
    separator = column.separator.replace("|", "\\|")
    return f'list, joined by "{separator}"'
