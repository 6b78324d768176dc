"""Selections of everything: each field of each type, as far down as types do not repeat."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
)

Arguments = Mapping[str, str | None]
"""The arguments of `Type.field`, as they are written; None leaves the field out."""
Seen = set[tuple[str, str]]
"""Types and fields that an answer has a value of."""


class Selector:
    """Writes selections of one schema; `shallow` types are told by their own values alone."""

    def __init__(self, schema: GraphQLSchema, arguments: Arguments, shallow: set[str]) -> None:
        self._schema = schema
        self._arguments = arguments
        self._shallow = shallow

    def fields(self, type_name: str, above: frozenset[str] = frozenset()) -> str:
        """Return the selection set of a type, without its braces."""
        found = self._schema.type_map[type_name]
        if isinstance(found, GraphQLUnionType):
            members = (
                f"... on {member.name} {{ {self.fields(member.name, above)} }}"
                for member in found.types
            )
            return " ".join(("__typename", *members))
        assert isinstance(found, GraphQLObjectType | GraphQLInterfaceType), found
        written = (
            self._field(found, name, field, above)
            for name, field in found.fields.items()
            if self._arguments.get(f"{found.name}.{name}", "") is not None
        )
        return " ".join(("__typename", *written))

    def _field(self, owner: Any, name: str, field: GraphQLField, above: frozenset[str]) -> str:
        given = self._arguments.get(f"{owner.name}.{name}", "")
        call = f"{name}({given})" if given else name
        of = get_named_type(field.type)
        if not isinstance(of, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType):
            return call
        if of.name in above or (above and owner.name in self._shallow):
            return f"{call} {{ __typename }}"
        return f"{call} {{ {self.fields(of.name, above | {owner.name})} }}"


def all_fields(schema: GraphQLSchema, *, leaving_out: set[str]) -> Seen:
    """Return every field of every object type that is not GraphQL's own."""
    return {
        (name, field)
        for name, each in schema.type_map.items()
        if isinstance(each, GraphQLObjectType)
        and not name.startswith("__")
        and name not in leaving_out
        for field in each.fields
    }


def seen_in(value: Any) -> Seen:
    """Return each type and field that an answer has, lists that are empty included."""
    seen, left = Seen(), [value]
    while left:
        each = left.pop()
        if isinstance(each, list):
            left += each
        elif isinstance(each, dict):
            left += each.values()
            if (kind := each.get("__typename")) is not None:
                seen.update((kind, name) for name in each if name != "__typename")
    return seen
