"""Fields that need nothing but the object that they belong to, read without a detour."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

import strawberry
from graphql import GraphQLFieldResolver, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

_WITHIN = "within"
"""In the metadata of a field: the attribute of its object that has the field's value."""


def within(path: str, description: str | None = None) -> Any:
    """Return a field that is read from what its object shows, when it is asked for.

    `path` leads there, such as "held.subscription", whose attribute of the field's name is read.
    The object is made without it.
    """
    made = strawberry.field(description=description, metadata={_WITHIN: path})
    made.init = made.repr = made.compare = False
    return made


def read_plainly(schema: GraphQLSchema) -> None:
    """Let fields that take neither arguments nor the request be read in one call.

    Strawberry's reading of such a field is four calls deep, and most fields of an answer are such.
    """
    for kind in schema.type_map.values():
        if not isinstance(kind, GraphQLObjectType):
            continue
        for field in kind.fields.values():
            definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
            read = _read(definition) if isinstance(definition, StrawberryField) else None
            if read is not None:
                field.resolve = _reading(read)


def _read(field: StrawberryField) -> Callable[[Any], Any] | None:
    """Return what reads a field from its object; None where that is not enough."""
    resolver = field.base_resolver
    if field.extensions or field.permission_classes or field.is_subscription:
        return None
    if resolver is None:
        path, name = field.metadata.get(_WITHIN), field.python_name
        return attrgetter(f"{path}.{name}" if path else name)
    takes_self_alone = [*resolver.signature.parameters] == ["self"]
    function: Any = resolver.wrapped_func
    return function if takes_self_alone and not resolver.is_async else None


def _reading(read: Callable[[Any], Any]) -> GraphQLFieldResolver:
    def resolved(source: Any, _info: GraphQLResolveInfo[Any]) -> Any:
        return read(source)

    return resolved
