"""Every SQL statement of offerpath, by name, from the files in `db/queries`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import aiosql

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.pool import PoolConnectionProxy

    Connection: TypeAlias = PoolConnectionProxy[asyncpg.Record]

_FOLDER = Path(__file__).parent / "queries"

SQL: Final[Any] = aiosql.from_path(_FOLDER, "asyncpg", encoding="utf-8")
"""One method for each `-- name:`; the parameters are named ones, after the connection."""
