"""Fields that are attributes of what they belong to, read without a detour."""

from operator import attrgetter
from typing import Any

from graphql import GraphQLFieldResolver, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema
from strawberry.resolvers import is_default_resolver
from strawberry.schema.schema_converter import GraphQLCoreConverter


def read_plainly(schema: GraphQLSchema) -> None:
    """Let every field without a resolver of its own read its attribute, in one call.

    Strawberry's reading of such a field is four calls deep, and most fields of an answer are such.
    """
    for kind in schema.type_map.values():
        if not isinstance(kind, GraphQLObjectType):
            continue
        for field in kind.fields.values():
            definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
            if definition is not None and field.resolve and is_default_resolver(field.resolve):
                field.resolve = _reading(definition.python_name)


def _reading(name: str) -> GraphQLFieldResolver:
    read = attrgetter(name)

    def resolved(source: Any, _info: GraphQLResolveInfo[Any]) -> Any:
        return read(source)

    return resolved
