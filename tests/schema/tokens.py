"""Cursors and global ids as somebody would forge them."""

import base64
import json


def base64_of(content: bytes | str) -> str:
    raw = content.encode() if isinstance(content, str) else content
    return base64.urlsafe_b64encode(raw).decode()


def cursor(*parts: str) -> str:
    """Return a cursor of these parts, as the API writes it."""
    return base64_of(json.dumps(list(parts), separators=(",", ":")))


def global_id(text: str) -> str:
    return base64_of(text)
