"""Values that are what they are declared to be, written without being looked at twice."""

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema
from strawberry.schema.schema_converter import CustomGraphQLEnumType


def write_plainly(schema: GraphQLSchema) -> None:
    """Let objects pass without a question, and find the names of an enumeration's members by them.

    Strawberry asks every object of a type with interfaces whether it is one, which mypy has shown,
    and compares a member with each of its enumeration's in turn.
    """
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType):
            kind.is_type_of = None
        elif isinstance(kind, CustomGraphQLEnumType):
            kind.coerce_output_value = _naming(kind)  # type: ignore[assignment]


def _naming(kind: CustomGraphQLEnumType) -> Callable[[Any], str]:
    """Return what names a member; whatever is none is left to the enumeration itself."""
    otherwise = kind.coerce_output_value
    by_value = {one.value: name for name, one in kind.values.items()}
    members: Iterable[Enum] = kind.wrapped_cls
    # By identity: a member's own hash is a call of Python's.
    names = {id(one): by_value[one.value] for one in members if one.value in by_value}

    def named(value: Any) -> str:
        return names.get(id(value)) or otherwise(value)

    return named
