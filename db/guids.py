"""Which texts can be ids in the database; any other is the id of nothing stored."""

import re

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_guid(text: str) -> bool:
    """Tell whether this is a GUID as we write it: lower case, with hyphens."""
    return _GUID.fullmatch(text) is not None
