"""The schema tells its readers what everything is, when it is null, and until when it stays."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    is_non_null_type,
    is_specified_scalar_type,
)

import schema.schema as schema_module
from schema.described import Member, Tables, arguments_of, described, fields_of, tables, values_of
from schema.schema import make_schema

_NULL = re.compile(r"\bnull\b", re.IGNORECASE)
_UNTIL = re.compile(r"\buntil (\d{4}-\d{2}-\d{2})\b")
NO_TABLES = Tables({}, {}, {}, {}, {})


@pytest.fixture(scope="module")
def printed() -> GraphQLSchema:
    """Give the schema as a client reads it."""
    return build_schema(make_schema().as_str())


@pytest.fixture(scope="module")
def in_code() -> Iterator[GraphQLSchema]:
    """Give the schema with the descriptions of the code alone."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(schema_module, "described", lambda made: made)
        yield build_schema(make_schema().as_str())


def _types(read: GraphQLSchema) -> Iterator[GraphQLNamedType]:
    for each in read.type_map.values():
        if not each.name.startswith("__") and not is_specified_scalar_type(each):
            yield each


def _told(read: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """Yield the place of everything that has to be described, with its description."""
    for each in _types(read):
        yield each.name, each.description
        yield from ((f"{each.name}.{name}", one.description) for name, one in fields_of(each))
        yield from ((f"{each.name}.{name}", one.description) for name, one in values_of(each))
        for place, name, one in arguments_of(each):
            yield f"{place}({name}:)", one.description


def undescribed(read: GraphQLSchema) -> list[str]:
    return [place for place, text in _told(read) if not (text or "").strip()]


def silent_on_null(read: GraphQLSchema) -> list[str]:
    """Return the fields that may be null and do not say when, in that very word."""
    return [
        f"{each.name}.{name}"
        for each in _types(read)
        if not isinstance(each, GraphQLInputObjectType)
        for name, field in fields_of(each)
        if not is_non_null_type(field.type) and not _NULL.search(field.description or "")
    ]


def unspecified(read: GraphQLSchema) -> list[str]:
    return [
        each.name
        for each in _types(read)
        if isinstance(each, GraphQLScalarType)
        and not (each.specified_by_url or "").startswith("https://")
    ]


def undated(read: GraphQLSchema) -> list[str]:
    """Return what is deprecated and names no day until which it stays."""
    return [place for place, reason in _deprecated(read) if not _has_day(reason)]


def _deprecated(read: GraphQLSchema) -> Iterator[tuple[str, str]]:
    for each in _types(read):
        members: list[tuple[str, Member]] = []
        members += [(f"{each.name}.{name}", one) for name, one in fields_of(each)]
        members += [(f"{each.name}.{name}", one) for name, one in values_of(each)]
        members += [(f"{place}({name}:)", one) for place, name, one in arguments_of(each)]
        for place, member in members:
            if member.deprecation_reason is not None:
                yield place, member.deprecation_reason


def _has_day(reason: str) -> bool:
    found = _UNTIL.search(reason)
    try:
        return found is not None and bool(date.fromisoformat(found[1]))
    except ValueError:
        return False


def test_everything_is_described(printed: GraphQLSchema) -> None:
    assert undescribed(printed) == []


def test_whatever_may_be_null_says_when(printed: GraphQLSchema) -> None:
    assert silent_on_null(printed) == []


def test_every_scalar_of_ours_names_its_specification(printed: GraphQLSchema) -> None:
    assert unspecified(printed) == []


def test_whatever_is_deprecated_names_the_day_until_which_it_stays(printed: GraphQLSchema) -> None:
    assert undated(printed) == []


def test_the_tables_describe_what_exists_and_what_the_code_does_not(
    printed: GraphQLSchema, in_code: GraphQLSchema
) -> None:
    missing = set(undescribed(in_code))
    silent = set(silent_on_null(in_code)) - missing
    told = tables()
    useless = [name for name in told.types if name not in missing]
    useless += _useless(told.values, missing) + _useless(told.fields, missing)
    useless += _useless(told.nulls, silent)
    useless += _useless(told.arguments, missing, form="{}({}:)")
    assert useless == []


def _useless(
    table: Mapping[str, Mapping[str, str]], wanted: set[str], form: str = "{}.{}"
) -> list[str]:
    """Return the entries that describe nothing of what is wanted."""
    return [
        form.format(owner, name)
        for owner, words in table.items()
        for name in words
        if not _is_wanted(form.format(owner, name), wanted)
    ]


def _is_wanted(place: str, wanted: set[str]) -> bool:
    if place.startswith("*"):
        return any(one.endswith(place.removeprefix("*")) for one in wanted)
    return place in wanted


BAD = """
"What can be asked."
type Query {
  "One."
  one(of: Int): Int
  two: String!
  "Null where there is none."
  three: String @deprecated(reason: "Ask for `one`.")
  "Null where there is none."
  four: Stamp @deprecated(reason: "Ask for `one`; it stays until 2027-06-01.")
  "Null where there is none."
  five: Light @deprecated(reason: "It stays until 2027-13-01.")
}
"When."
scalar Stamp
"Whether to go."
enum Light { RED "Go." GREEN }
"""


def test_what_is_forgotten_is_found() -> None:
    bad = build_schema(BAD)
    assert undescribed(bad) == ["Query.two", "Query.one(of:)", "Light.RED"]
    assert silent_on_null(bad) == ["Query.one"]
    assert unspecified(bad) == ["Stamp"]
    assert undated(bad) == ["Query.three", "Query.five"]


def test_the_code_says_what_it_says_and_the_tables_the_rest() -> None:
    told = Tables(
        types={"Query": "not read", "Light": "not read"},
        values={"Light": {"RED": "Stop.", "GREEN": "not read"}},
        fields={"*": {"two": "any", "one": "not read"}, "Query": {"two": "own"}},
        nulls={"Query": {"one": "Null for none.", "two": "not read"}},
        arguments={"*": {"of": "Of how many."}},
    )
    read = described(build_schema(BAD), told)
    said = dict(_told(read))
    assert undescribed(read) == []
    assert said["Query"] == "What can be asked."
    assert (said["Light.RED"], said["Light.GREEN"]) == ("Stop.", "Go.")
    assert (said["Query.one"], said["Query.two"]) == ("One. Null for none.", "own")
    assert said["Query.one(of:)"] == "Of how many."


def test_without_tables_nothing_is_added() -> None:
    assert len(fields(Tables)) == 5
    assert undescribed(described(build_schema(BAD), NO_TABLES)) == undescribed(build_schema(BAD))
