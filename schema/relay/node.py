"""Relay's node: one id for everything that can be asked for again."""

import base64
import binascii

import strawberry

from resolvers.codes.code import Code
from resolvers.problems import BadInput


@strawberry.interface(description="Whatever has a global id and can be asked for again by it.")
class Node:
    id: strawberry.ID = strawberry.field(description="Opaque global id.")


def global_id(type_name: str, key: str) -> strawberry.ID:
    return strawberry.ID(base64.urlsafe_b64encode(f"{type_name}:{key}".encode()).decode())


def parse_global_id(node_id: str) -> tuple[str, str]:
    """Return type name and key. Raises: BadInput MALFORMED_ID."""
    try:
        text = base64.urlsafe_b64decode(node_id.encode()).decode()
    except (ValueError, binascii.Error):
        text = ""
    type_name, found, key = text.partition(":")
    if not found:
        raise BadInput(Code.MALFORMED_ID, f"{node_id[:60]!r} is not a global id")
    return type_name, key
