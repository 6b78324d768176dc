"""What text or JSON value a file's bytes hold, or why none can be read."""

import codecs
import json
from contextlib import suppress

import orjson

from formats.problems import FileRefused

DEFAULT_MAX_BYTES = 64 * 1024 * 1024
MAX_CONTAINERS = 4_000_000
"""Far above what a good file of the default size holds; `{},{},` takes 30 times its size."""
MAX_LOOKED_THROUGH = 16 * 1024 * 1024
"""Characters of JSON in which repeated names are looked for: about half a second."""
_MIB = 1024 * 1024
_ZIP_MAGIC = b"PK\x03\x04"
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def check_size(content: bytes, *, name: str, max_bytes: int) -> None:
    """Refuse a file that is too large before anything of it is read."""
    if len(content) > max_bytes:
        raise FileRefused(
            "FILE_TOO_LARGE",
            f"{name} has {len(content) / _MIB:.1f} MiB; the limit is {max_bytes / _MIB:.1f} MiB. "
            "Split it by customer, or raise the limit (max_bytes)",
        )


def decode_text(content: bytes, *, name: str) -> str:
    """Return the text: UTF-8 with or without a byte order mark, or UTF-16 with one.

    Other encodings are refused with the offset of the first bad byte: guessing would turn a
    customer's name into another one.
    """
    if content.startswith(_ZIP_MAGIC):
        raise FileRefused(
            "NOT_A_KNOWN_SHAPE", f"{name} is a ZIP or XLSX file; save the sheet as CSV (UTF-8)"
        )
    mark, encoding = _encoding_of(content)
    try:
        text = content[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        offset = error.start + len(mark)
        raise FileRefused(
            "NOT_UTF8",
            f"{name} is not {encoding.upper()} text: byte 0x{content[offset]:02X} at offset "
            f"{offset} does not fit. Save it as UTF-8 (in Excel: CSV UTF-8)",
        ) from error
    if not text.strip():
        raise FileRefused("EMPTY_FILE", f"{name} is empty")
    return text


def _encoding_of(content: bytes) -> tuple[bytes, str]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return mark, encoding
    return b"", "utf-8"


def parse_json(text: str, *, name: str) -> object:
    """Return the JSON value. An object that gives a name twice is refused (REPEATED_NAME), in a
    text of at most `MAX_LOOKED_THROUGH` characters; in a longer one the last value counts.

    Nesting deeper than 1,024 levels is refused as NOT_JSON too (orjson's limit); so many objects
    that they would fill the memory, as TOO_MANY_ROWS.
    """
    if text.count("{") + text.count("[") > MAX_CONTAINERS:
        raise FileRefused(
            "TOO_MANY_ROWS",
            f"{name} has more than {MAX_CONTAINERS:,} objects and arrays; split it by customer",
        )
    try:
        value: object = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise FileRefused(
            "NOT_JSON",
            f"{name} is not valid JSON: {error.msg}, line {error.lineno}, column {error.colno}",
        ) from error
    if len(text) <= MAX_LOOKED_THROUGH:
        _refuse_repeated_names(text, name)
    return value


def _refuse_repeated_names(text: str, name: str) -> None:
    """orjson keeps the last of several values without a word, so the text is read once more."""

    def look_at(pairs: list[tuple[str, object]]) -> str | None:
        names = [key for key, _ in pairs]
        given = dict(pairs).get("id")
        here = given if isinstance(given, str) else None
        if len(set(names)) < len(names):
            twice = next(key for key in names if names.count(key) > 1)
            of = f" of {here[:80]}" if here else ""
            raise FileRefused(
                "REPEATED_NAME", f"{name} gives {twice[:80]!r} twice in one object{of}"
            )
        return here

    # Deeper than Python goes is nothing that any reader of ours takes.
    with suppress(RecursionError):
        json.loads(text, object_pairs_hook=look_at)
