"""How large a document may be: measured in one walk, before anything else looks at it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from resolvers.codes.code import Code
from resolvers.problems import BadInput

MAX_DOCUMENT_CHARACTERS = 256 * 1024
MAX_TOKENS = 4_000
MAX_DEPTH = 20
"""Fields within fields, the root field and the last one counted."""
MAX_ALIASES = 60
MAX_FIELDS = 5_000
"""Fields in all operations, those of a fragment once for each place that spreads it."""
MAX_DEFINITIONS = 100
MAX_DIRECTIVES = 100
MAX_REPEATS = 20
"""How often one selection set may name the same field by the same name."""
_MOST_NESTED = 100
"""Selection sets within each other, inline and spread fragments counted: so deep goes the walk."""
_BEYOND = 10**9
"""Where counting ends: a handful of fragments can stand for more fields than there are atoms."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How far some selections reach, their fragments laid out."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0

    def beside(self, other: "Extent") -> "Extent":
        return Extent(
            max(self.depth, other.depth),
            min(_BEYOND, self.fields + other.fields),
            min(_BEYOND, self.aliases + other.aliases),
        )

    def below(self, field: FieldNode) -> "Extent":
        aliases = self.aliases + (field.alias is not None)
        depth = min(_BEYOND, self.depth + 1)
        return Extent(depth, min(_BEYOND, self.fields + 1), aliases)


_NOTHING = Extent()


@dataclass(frozen=True, slots=True)
class Size:
    """What a document's limits are about."""

    extent: Extent
    definitions: int
    directives: int
    repeats: int
    asks_for_schema: bool


def size_of(document: DocumentNode) -> Size:
    """Return the size of a document, valid or not, in time that grows with its text alone."""
    walk = _Walk(document)
    extent = _NOTHING
    if len(document.definitions) > MAX_DEFINITIONS:
        return Size(extent, len(document.definitions), 0, 0, asks_for_schema=False)
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            extent = extent.beside(walk.extent_of(node.selection_set))
            walk.count_directives(node)
        elif isinstance(node, FragmentDefinitionNode):
            walk.extent_of_fragment(node.name.value)
            walk.count_directives(node)
    return Size(
        extent, len(document.definitions), walk.directives, walk.repeats, walk.asks_for_schema
    )


def excess(size: Size, *, introspection: bool = True) -> BadInput | None:
    """Return the first limit that a document is beyond; None for one within all of them."""
    if size.asks_for_schema and not introspection:
        return BadInput(Code.INTROSPECTION_OFF, "This server does not tell its schema")
    for code, what, given, maximum in (
        (Code.TOO_MANY_DEFINITIONS, "operations and fragments", size.definitions, MAX_DEFINITIONS),
        (Code.TOO_MANY_DIRECTIVES, "directives", size.directives, MAX_DIRECTIVES),
        (Code.TOO_MANY_REPEATS, "times the same field", size.repeats, MAX_REPEATS),
        (Code.DOCUMENT_TOO_DEEP, "fields within fields", size.extent.depth, MAX_DEPTH),
        (Code.TOO_MANY_ALIASES, "aliases", size.extent.aliases, MAX_ALIASES),
        (Code.TOO_MANY_FIELDS, "fields", size.extent.fields, MAX_FIELDS),
    ):
        if given > maximum:
            return _beyond(code, what, given, maximum)
    return None


def _beyond(code: Code, what: str, given: int, maximum: int) -> BadInput:
    told = f"over {_BEYOND:,}" if given >= _BEYOND else f"{given:,}"
    return BadInput(
        code,
        f"The document has {told} {what}; {maximum:,} are taken",
        parameters={"given": given, "maximum": maximum},
    )


class _Walk:
    """Looks at every selection as it is written, once: a fragment's extent is kept."""

    def __init__(self, document: DocumentNode) -> None:
        self.directives = 0
        self.repeats = 0
        self.asks_for_schema = False
        self._fragments: Mapping[str, FragmentDefinitionNode] = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self._known: dict[str, Extent] = {}
        self._nested = 0

    def extent_of(self, selections: SelectionSetNode | None) -> Extent:
        if selections is None:
            return _NOTHING
        if self._nested >= _MOST_NESTED:
            return Extent(depth=_BEYOND)
        self._nested += 1
        extent = self._within(selections)
        self._nested -= 1
        return extent

    def _within(self, selections: SelectionSetNode) -> Extent:
        extent = _NOTHING
        for selection in selections.selections:
            self.count_directives(selection)
            extent = extent.beside(self._extent(selection))
        times = Counter(_response_names(selections))
        self.repeats = max(self.repeats, *times.values(), 0)
        return extent

    def _extent(self, selection: SelectionNode) -> Extent:
        if isinstance(selection, FragmentSpreadNode):
            return self.extent_of_fragment(selection.name.value)
        inside = self.extent_of(getattr(selection, "selection_set", None))
        if not isinstance(selection, FieldNode):
            return inside
        if selection.name.value in ("__schema", "__type"):
            self.asks_for_schema = True
        return inside.below(selection)

    def extent_of_fragment(self, name: str) -> Extent:
        """Return what a fragment stands for; nothing inside itself, which validation refuses."""
        if name not in self._known and name in self._fragments:
            self._known[name] = _NOTHING
            self._known[name] = self.extent_of(self._fragments[name].selection_set)
        return self._known.get(name, _NOTHING)

    def count_directives(
        self, node: SelectionNode | OperationDefinitionNode | FragmentDefinitionNode
    ) -> None:
        self.directives += len(node.directives or ())


def _response_names(selections: SelectionSetNode) -> Iterator[str]:
    for selection in selections.selections:
        if isinstance(selection, FieldNode):
            yield (selection.alias or selection.name).value
        elif isinstance(selection, FragmentSpreadNode):
            yield "..." + selection.name.value
