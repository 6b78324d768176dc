"""Whole responses of questions about the catalog, kept by what they depend on.

Such an answer is a pure function of the catalog version, the day, and the request's own bytes
(document, operation name, variables), so that it can be looked up before anything is parsed. A
question that touches a customer, a mutation, or an answer with errors is never kept.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
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

Key = tuple[str, date, bytes]
_LONGEST_REQUEST = 16 * 1024
_LONGEST_SHARE = 8


class ResponseCache:
    """The responses asked for last, within a bound on their bytes."""

    def __init__(self, *, maximum_bytes: int) -> None:
        self._maximum_bytes = maximum_bytes
        self._bytes = 0
        self._kept: OrderedDict[Key, bytes] = OrderedDict()

    def get(self, key: Key) -> bytes | None:
        body = self._kept.get(key)
        if body is not None:
            self._kept.move_to_end(key)
        return body

    def put(self, key: Key, body: bytes) -> None:
        """Keep a response; one that would fill an eighth of the room is not worth it."""
        if len(key[2]) > _LONGEST_REQUEST or len(body) > self._maximum_bytes // _LONGEST_SHARE:
            return
        self._forget(key)
        self._kept[key] = body
        self._bytes += _weight(key, body)
        while self._bytes > self._maximum_bytes:
            self._forget(next(iter(self._kept)))

    def _forget(self, key: Key) -> None:
        body = self._kept.pop(key, None)
        if body is not None:
            self._bytes -= _weight(key, body)


def _weight(key: Key, body: bytes) -> int:
    return len(key[2]) + len(body)


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
