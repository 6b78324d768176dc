"""Whole responses of questions about the catalog, kept by what they depend on.

Such an answer is a pure function of the catalog version, the day, who may see what (roles and the
partner's type), and of what is asked (document, operation name, variables, extensions), so that it
can be looked up before a document is parsed. A question that touches a customer, a mutation, or an
answer with errors is never kept.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
)

from planner.permissions import PartnerType, Role
from resolvers.asked import Asked

CATALOG_FIELDS = frozenset(
    {
        "catalog",
        "offer",
        "offers",
        "paths",
        "matrix",
        "compare",
        "offersWithServices",
        "betterVersions",
        "explain",
        "__typename",
        "__schema",
        "__type",
    }
)
"""Root fields whose answers depend on the catalog and the day alone."""

Key = tuple[str, date, frozenset[Role], PartnerType | None, bytes]
"""The catalog's version, the day, what the principal is, and the request itself."""
_LONGEST_SHARE = 8


@dataclass(frozen=True, slots=True)
class Kept:
    """A body that may be sent again, and its entity tag."""

    body: bytes
    etag: bytes
    """Weak, so that it holds for the body as it is and compressed. It is made of the body alone:
    every process says the same, and a changed answer has another, whatever changed it."""
    zipped: bytes | None = None
    """In gzip, once somebody took it so."""


def kept(body: bytes) -> Kept:
    """Return a body with its tag."""
    digest = hashlib.blake2b(body, digest_size=16).hexdigest()
    return Kept(body, f'W/"{digest}"'.encode())


def key_of(asked: Asked, request: bytes | None) -> Key | None:
    """Return what an answer about the catalog depends on; None where it is not to be kept."""
    if request is None:
        return None
    who = asked.principal
    return (asked.version.version_id, asked.now.date(), who.roles, who.partner_type, request)


class ResponseCache:
    """The responses asked for last, within a bound on their bytes."""

    def __init__(self, *, maximum_bytes: int) -> None:
        self._maximum_bytes = maximum_bytes
        self._bytes = 0
        self._kept: OrderedDict[Key, Kept] = OrderedDict()

    @property
    def bytes(self) -> int:
        """How many bytes are kept."""
        return self._bytes

    def get(self, key: Key | None) -> Kept | None:
        if key is None or (found := self._kept.get(key)) is None:
            return None
        self._kept.move_to_end(key)
        return found

    def put(self, key: Key | None, response: Kept) -> None:
        """Keep a response; one that would fill an eighth of the room is not worth it."""
        if key is None or len(response.body) > self._maximum_bytes // _LONGEST_SHARE:
            return
        self._forget(key)
        self._kept[key] = response
        self._bytes += _weight(key, response)
        while self._bytes > self._maximum_bytes:
            self._forget(next(iter(self._kept)))

    def _forget(self, key: Key) -> None:
        response = self._kept.pop(key, None)
        if response is not None:
            self._bytes -= _weight(key, response)


def _weight(key: Key, response: Kept) -> int:
    return len(key[-1]) + len(response.body) + len(response.zipped or b"")


def is_about_catalog(document: DocumentNode, operation_name: str | None) -> bool:
    """Return whether the operation asks for nothing but the catalog's answers."""
    operations = [
        node for node in document.definitions if isinstance(node, OperationDefinitionNode)
    ]
    named = [
        node
        for node in operations
        if operation_name is None or (node.name and node.name.value == operation_name)
    ]
    if len(named) != 1 or named[0].operation is not OperationType.QUERY:
        return False
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    return _root_fields(named[0].selection_set.selections, fragments) <= CATALOG_FIELDS


def _root_fields(
    selections: Iterable[SelectionNode], fragments: Mapping[str, FragmentDefinitionNode]
) -> set[str]:
    """Return the root fields; call it for validated documents, whose fragments make no cycle."""
    names: set[str] = set()
    for selection in selections:
        if isinstance(selection, FieldNode):
            names.add(selection.name.value)
        elif isinstance(selection, InlineFragmentNode):
            names |= _root_fields(selection.selection_set.selections, fragments)
        elif isinstance(selection, FragmentSpreadNode):
            fragment = fragments[selection.name.value]
            names |= _root_fields(fragment.selection_set.selections, fragments)
    return names
