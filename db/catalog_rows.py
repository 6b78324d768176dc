"""Every row of a catalog version, into its tables and out of them."""

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from db.rows import rows_from_records, rows_to_json
from db.statements import SQL
from planner.facts import CatalogFacts

if TYPE_CHECKING:
    from db.statements import Connection


async def add_rows(connection: "Connection", version_id: str, facts: CatalogFacts) -> None:
    """Insert every row of the facts, one statement for each kind of row that has any."""
    for name in ROW_TYPES:
        rows = getattr(facts, name)
        if rows:
            add = getattr(SQL, f"add_{name}")
            await add(connection, version_id=version_id, rows=rows_to_json(rows))


async def read_rows(connection: "Connection", version_id: str) -> CatalogFacts:
    """Return every row of the version, in the order in which they were added."""
    found: dict[str, Any] = {}
    for name, row_type in ROW_TYPES.items():
        records = [row async for row in getattr(SQL, name)(connection, version_id=version_id)]
        found[name] = tuple(rows_from_records(row_type, records))
    return CatalogFacts(**found)


def _row_types() -> Mapping[str, type]:
    hints = get_type_hints(CatalogFacts)
    return {field.name: get_args(hints[field.name])[0] for field in fields(CatalogFacts)}


ROW_TYPES = _row_types()
"""The dataclass of a row, by the name of the field of CatalogFacts that holds them."""
