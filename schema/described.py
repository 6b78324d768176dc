"""What types, fields, arguments and enumerations mean, where the code does not say it.

A description stands in the code beside what it describes, or in one of the tables of
`schema/descriptions`: for what the planner's own enumerations, and fields whose name nearly says
it, mean. `nulls.toml` completes descriptions of the code: it says when a field is null.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
)

EVERY = "*"
Table = Mapping[str, Mapping[str, str]]
Member = GraphQLField | GraphQLInputField | GraphQLEnumValue | GraphQLArgument
_FIELDS = (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType)


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables: by owner and name; `types` by name alone.

    An owner is a type, for an argument `Type.field`. `*` stands for every owner, and before a
    word for every owner that ends with it; the owner's own entry comes first.
    """

    types: Mapping[str, str]
    values: Table
    fields: Table
    nulls: Table
    arguments: Table


@lru_cache(maxsize=1)
def tables() -> Tables:
    """Return the tables as they are written."""
    return Tables(*map(_read, ("types", "values", "fields", "nulls", "arguments")))


def _read(name: str) -> Any:
    text = files("schema").joinpath("descriptions", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def described(schema: GraphQLSchema, told: Tables | None = None) -> GraphQLSchema:
    """Return the schema with the tables' words; what the code says stays."""
    told = told or tables()
    for each in schema.type_map.values():
        if not each.name.startswith("__"):
            each.description = each.description or told.types.get(each.name)
            _describe_members(each, told)
    return schema


def _describe_members(owner: GraphQLNamedType, told: Tables) -> None:
    for name, value in values_of(owner):
        value.description = value.description or entry(told.values, owner.name, name)
    for name, field in fields_of(owner):
        field.description = _with_null(field.description, entry(told.nulls, owner.name, name))
        field.description = field.description or entry(told.fields, owner.name, name)
    for place, name, argument in arguments_of(owner):
        argument.description = argument.description or entry(told.arguments, place, name)


def _with_null(text: str | None, when: str | None) -> str | None:
    if text is None or when is None or when in text:
        return text
    return f"{text.removesuffix('.')}. {when}"


def entry(table: Table, owner: str, name: str) -> str | None:
    """Return what a table says of a member: its owner's own words, else those of a pattern."""
    own = table.get(owner, {}).get(name)
    return own or next((words[name] for _, words in _patterns(table, owner) if name in words), None)


def _patterns(table: Table, owner: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    for key, words in table.items():
        if key.startswith(EVERY) and owner.endswith(key.removeprefix(EVERY)):
            yield key, words


def values_of(owner: GraphQLNamedType) -> Iterator[tuple[str, GraphQLEnumValue]]:
    """Yield the values of an enumeration."""
    if isinstance(owner, GraphQLEnumType):
        yield from owner.values.items()


def fields_of(owner: GraphQLNamedType) -> Iterator[tuple[str, GraphQLField | GraphQLInputField]]:
    """Yield the fields of a type or an input."""
    if isinstance(owner, _FIELDS):
        yield from owner.fields.items()


def arguments_of(owner: GraphQLNamedType) -> Iterator[tuple[str, str, GraphQLArgument]]:
    """Yield the arguments of a type's fields, each with `Type.field` and its name."""
    for field_name, field in fields_of(owner):
        if isinstance(field, GraphQLField):
            for name, argument in field.args.items():
                yield f"{owner.name}.{field_name}", name, argument
