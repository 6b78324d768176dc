"""Cursors of connections: opaque, stable, and refused where they do not belong."""

import base64
import binascii
import json
from datetime import datetime

import orjson

from planner.catalog import Catalog
from planner.ids import is_guid
from resolvers.codes.code import Code
from resolvers.problems import BadInput

_HASH_LENGTH = 12


def encode_cursor(kind: str, *key: str) -> str:
    """Return a cursor of a list that does not depend on the catalog."""
    return _encode([kind, *key])


def decode_cursor(kind: str, cursor: str, *, length: int) -> tuple[str, ...]:
    """Return the key of a cursor. Raises: BadInput BAD_CURSOR."""
    parts = _decode(cursor)
    if len(parts) != length + 1 or parts[0] != kind:
        raise bad_cursor(cursor)
    return tuple(parts[1:])


def decode_dated_cursor(kind: str, cursor: str) -> tuple[datetime, str]:
    """Return the instant and the GUID of a cursor of them. Raises: BadInput BAD_CURSOR."""
    at, key = decode_cursor(kind, cursor, length=2)
    try:
        when = datetime.fromisoformat(at)
    except ValueError:
        raise bad_cursor(cursor) from None
    if when.tzinfo is None or not is_guid(key):
        raise bad_cursor(cursor)
    return when, key


def encode_catalog_cursor(kind: str, catalog: Catalog, key: str) -> str:
    """Return a cursor that holds for one catalog version alone."""
    return _encode([kind, catalog.content_hash[:_HASH_LENGTH], key])


def decode_catalog_cursor(kind: str, catalog: Catalog, cursor: str) -> str:
    """Return the key. Raises: BadInput BAD_CURSOR or CURSOR_FROM_ANOTHER_CATALOG."""
    version, key = decode_cursor(kind, cursor, length=2)
    if version != catalog.content_hash[:_HASH_LENGTH]:
        raise BadInput(
            Code.CURSOR_FROM_ANOTHER_CATALOG,
            "This cursor belongs to another catalog version",
            remedy="Begin again without `after`",
        )
    return key


def _encode(parts: list[str]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode()


def _decode(cursor: str) -> list[str]:
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, binascii.Error, RecursionError):
        raise bad_cursor(cursor) from None
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise bad_cursor(cursor)
    return parts


def bad_cursor(cursor: str) -> BadInput:
    return BadInput(
        Code.BAD_CURSOR,
        f"{cursor[:40]!r} is no cursor of this connection",
        remedy="Use a cursor that this same field returned",
    )
