"""Fields read and called without a detour: what strawberry does anew each time is done once."""

from collections.abc import Callable
from functools import partial
from operator import attrgetter
from typing import Any

import strawberry
from graphql import (
    GraphQLField,
    GraphQLFieldResolver,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    get_nullable_type,
    is_leaf_type,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types import Info
from strawberry.types.arguments import StrawberryArgument, convert_argument
from strawberry.types.base import StrawberryMaybe
from strawberry.types.field import StrawberryField

Conversions = tuple[tuple[str, Callable[[Any], Any]], ...]
"""By an argument's name in Python."""

_DEFINITION = GraphQLCoreConverter.DEFINITION_BACKREF
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


def read_plainly(schema: GraphQLSchema, converter: GraphQLCoreConverter) -> None:
    """Let attributes be read, and methods be called with their arguments, in one call.

    Strawberry's reading of an attribute is four calls deep, and its way to a method is longer
    than graphql-core's to the field.
    """
    for kind in schema.type_map.values():
        if not isinstance(kind, GraphQLObjectType):
            continue
        for field in kind.fields.values():
            definition = field.extensions.get(_DEFINITION)
            if isinstance(definition, StrawberryField) and _is_plain(definition):
                field.resolve = _resolving(definition, field, converter)


def _is_plain(field: StrawberryField) -> bool:
    """Return whether nothing stands between a field and the attribute or method that it is."""
    if field.extensions or field.permission_classes or field.is_subscription:
        return False
    resolver = field.base_resolver
    return resolver is None or next(iter(resolver.signature.parameters), None) == "self"


def _resolving(
    field: StrawberryField, shown: GraphQLField, converter: GraphQLCoreConverter
) -> GraphQLFieldResolver:
    resolver = field.base_resolver
    if resolver is None:
        path, name = field.metadata.get(_WITHIN), field.python_name
        return _reading(attrgetter(f"{path}.{name}" if path else name))
    function: Any = resolver.wrapped_func
    if [*resolver.signature.parameters] == ["self"]:
        return _reading(function)
    info = resolver.info_parameter
    return _calling(
        function, field, _conversions(shown, converter), informed=info.name if info else None
    )


def _reading(read: Callable[[Any], Any]) -> GraphQLFieldResolver:
    def resolved(source: Any, _info: GraphQLResolveInfo[Any]) -> Any:
        return read(source)

    return resolved


def _calling(
    function: Callable[..., Any],
    field: StrawberryField,
    conversions: Conversions,
    *,
    informed: str | None,
) -> GraphQLFieldResolver:
    """Return what calls a method; `informed` is its parameter for strawberry's `Info`."""

    def resolved(source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        for name, convert in conversions:
            if name in given:
                given[name] = convert(given[name])
        if informed is not None:
            given[informed] = Info(info, field)
        return function(source, **given)

    return resolved


def _conversions(field: GraphQLField, converter: GraphQLCoreConverter) -> Conversions:
    """Have graphql-core give a field's arguments by their names in Python.

    Return how strawberry makes its values of those that are no leaves; leaves are what they are.
    """
    found = []
    for name, argument in field.args.items():
        definition: StrawberryArgument = argument.extensions[_DEFINITION]
        argument.out_name = definition.python_name
        is_leaf = is_leaf_type(get_nullable_type(argument.type))
        if not is_leaf or isinstance(definition.type, StrawberryMaybe):
            convert = partial(
                convert_argument,
                type_=definition.type,
                scalar_registry=converter.scalar_registry,
                config=converter.config,
                path=(name,),
            )
            found.append((definition.python_name, convert))
    return tuple(found)
