"""What Parquet file the lines of a report make: typed columns, in groups of a bounded size.

pyarrow is an extra: this module is loaded by whoever writes Parquet and by nobody else.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

import orjson
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from formats.writing.columns import Column, ColumnType, Line
from formats.writing.manifest import Fact

GROUP_ROWS = 10_000
"""Lines of a row group; so many are in memory at most."""
DIGITS, DECIMALS = 18, 2
"""Of an amount: money comes here in cents, and what would be rounded raises."""


class ParquetFile:
    """A Parquet file, hashed as it is written; the same lines always have the same bytes.

    Groups are cut by number of lines alone, whatever portions they come in. The file's metadata
    have under `offerpath` what the manifest says but for the file's name and checksum.
    """

    def __init__(self, file: BinaryIO, columns: tuple[Column, ...]) -> None:
        self._schema: Any = pa.schema([(column.name, _type_of(column)) for column in columns])
        self._sink = _Sink(file)
        self._writer: Any = pq.ParquetWriter(
            pa.PythonFile(self._sink, mode="w"), self._schema, compression="zstd", version="2.6"
        )
        self._waiting: list[Line] = []

    def add(self, lines: Sequence[Line]) -> None:
        """Raises: OSError."""
        self._waiting.extend(lines)
        while len(self._waiting) >= GROUP_ROWS:
            self._write(self._waiting[:GROUP_ROWS])
            del self._waiting[:GROUP_ROWS]

    def finish(self, about: Mapping[str, Fact]) -> str:
        """Write what is left and the metadata; return the SHA-256 of all. Raises: OSError."""
        if self._waiting:
            self._write(self._waiting)
        self._writer.add_key_value_metadata({"offerpath": orjson.dumps(dict(about)).decode()})
        self._writer.close()
        return self._sink.digest.hexdigest()

    def discard(self) -> None:
        """Let go of the writer; a second call does nothing."""
        # It writes its index whenever it is closed, at the latest when it is collected.
        self._sink.is_open = False
        self._writer.close()

    def _write(self, lines: Sequence[Line]) -> None:
        cells = zip(*lines, strict=True)
        arrays = [
            pa.array(column, type=field.type)
            for column, field in zip(cells, self._schema, strict=True)
        ]
        table = pa.Table.from_arrays(arrays, schema=self._schema)
        self._writer.write_table(table, row_group_size=GROUP_ROWS)


class _Sink:
    """Where pyarrow writes to: the file and its digest, until it is shut."""

    closed = False

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.is_open = True

    def write(self, content: bytes) -> int:
        if self.is_open:
            self._file.write(content)
            self.digest.update(content)
        return len(content)

    def flush(self) -> None:
        return

    def close(self) -> None:
        return


def _type_of(column: Column) -> Any:
    match column.type:
        case ColumnType.DATE:
            return pa.date32()
        case ColumnType.NUMBER:
            return pa.int64()
        case ColumnType.AMOUNT:
            return pa.decimal128(DIGITS, DECIMALS)
        case ColumnType.FLAG:
            return pa.bool_()
        case ColumnType.LIST:
            return pa.list_(pa.string())
        case ColumnType.TEXT:
            return pa.string()
