"""Values made to break something are taken for what they are: text, in every argument there is."""

import logging
from collections.abc import Iterator
from typing import Any

import httpx2
import orjson
import pytest
from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    get_named_type,
    get_nullable_type,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
    is_required_input_field,
)

from schema.schema import make_schema
from tests.schema.api import NEW_E3, Api
from tests.schema.http.http_asking import code_of

_SCHEMA = make_schema()._schema
_ROOTS = ("Query", "Mutation")
_SERVICE = "57ff2da0-773e-42df-b2af-ffb7a2317929"
ATTACKS = {
    "sql": "'; drop table customer; --",
    "sql that sleeps": "1' or pg_sleep(10) is null --",
    "sql in quotes": 'x" or "1"="1',
    "like": "%_\\%",
    "null": "a\x00b",
    "log lines": "x\r\n2026-01-01 CRITICAL offerpath: all is lost\r\n",
    "terminal": "\x1b[2J\x1b]0;owned\x07",
    "template": "{{7*7}} ${7*7} %s %n #{7*7}",
    "path": "../../../../etc/passwd",
    "markup": "<script>alert(1)</script>",
    "formula": '=HYPERLINK("http://x.example","y")',
    "backwards": "\u202egnp.exe",
    "combining": "e" + "\u0301" * 5_000,
    "ligature": "\ufdfa" * 2_000,
    "zero width": "\u200b\ufeff\u2060",
    "astral": "\U0001f3ca\U0010ffff",
    "case folding": "\u0130\u1e9e\ufb03",
    "digits": "\u0661\u0662\u0663",
    "long": "x" * 100_000,
    "json": '{"$ne": null}',
}
_KNOWN_VALUES = {"from": NEW_E3, "target": NEW_E3}


def _places() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield each root field and the way to each text that it takes."""
    for root in _ROOTS:
        for name, field in _SCHEMA.type_map[root].fields.items():  # type: ignore[attr-defined]
            for given, argument in field.args.items():
                for way in _texts(argument.type, (given,)):
                    yield f"{root}.{name}", name, way


def _texts(kind: GraphQLInputType, way: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    named = get_named_type(kind)
    if isinstance(named, GraphQLInputObjectType):
        if len(way) < 5:
            for name, field in named.fields.items():
                yield from _texts(field.type, (*way, name))
    elif named.name in ("String", "ID", "Instant", "Day"):
        yield way


PLACES = sorted({(place, way) for place, _, way in _places()})


def test_there_are_texts_to_try() -> None:
    assert len(PLACES) > 60
    assert ("Query.offers", ("text",)) in PLACES
    assert ("Mutation.importCustomers", ("file", "content")) in PLACES


@pytest.mark.parametrize("place", sorted({place for place, _ in PLACES}))
async def test_no_text_of_any_argument_is_more_than_text(
    partner: Api, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    """No fault, no line of a log that the client wrote, nothing of the database told."""
    with caplog.at_level(logging.INFO):
        for way in [way for each, way in PLACES if each == place]:
            for name, attack in ATTACKS.items():
                document, variables = _question(place, way, attack)
                answer = await partner.post(document, variables)
                told = answer.json()
                codes = {one["extensions"]["code"] for one in told.get("errors", ())}
                assert "INTERNAL_ERROR" not in codes, (way, name, told)
                assert answer.status_code == 200, (way, name, told)
                assert len(answer.content) < 64 * 1024, (way, name)
                assert "pg_" not in answer.text.replace(attack, "").replace("pg_sleep(10)", "")
    written = [record.getMessage() for record in caplog.records if record.name != "httpx2"]
    assert not [line for line in written if "owned" in line or "all is lost" in line]


def _question(place: str, way: tuple[str, ...], text: str) -> tuple[str, dict[str, Any]]:
    root, name = place.split(".")
    field = _SCHEMA.type_map[root].fields[name]  # type: ignore[attr-defined]
    given = {
        one: _value(argument, way[1:] if one == way[0] else None, text, one)
        for one, argument in field.args.items()
        if one == way[0] or is_required_argument(argument)
    }
    declared = ", ".join(f"${one}: {field.args[one].type}" for one in given)
    passed = ", ".join(f"{one}: ${one}" for one in given)
    kind = "query" if root == "Query" else "mutation"
    return f"{kind} ({declared}) {{ {name}({passed}) {{ __typename }} }}", given


def _value(
    member: GraphQLArgument | GraphQLInputField, way: tuple[str, ...] | None, text: str, name: str
) -> Any:
    """Return a value of a type: the text where the way ends, whatever is needed beside it."""
    kind = get_nullable_type(member.type)
    if is_list_type(kind):
        inner = GraphQLArgument(kind.of_type)
        return [_value(inner, way, text, name)]
    if isinstance(kind, GraphQLInputObjectType):
        return _object(kind, way, text)
    if way == ():
        return text
    if is_enum_type(kind):
        return next(iter(kind.values))
    plain = {"Int": 1, "Boolean": True, "Day": "2027-01-01", "Instant": "2027-01-01"}
    return plain.get(str(kind), _KNOWN_VALUES.get(name, _SERVICE))


def _object(kind: GraphQLInputObjectType, way: tuple[str, ...] | None, text: str) -> dict[str, Any]:
    wanted = way[0] if way else None
    made = {
        one: _value(field, way[1:] if way and one == wanted else None, text, one)
        for one, field in kind.fields.items()
        if one == wanted or is_required_input_field(field)
    }
    if kind.is_one_of and not made:
        return {"offer": NEW_E3}
    assert not is_non_null_type(kind)
    assert is_input_object_type(kind)
    return made


async def test_a_name_that_is_sql_is_found_as_it_is(partner: Api) -> None:
    found = await partner.ask(
        "query ($t: String!) { customers(text: $t) { totalCount } "
        "offers(text: $t) { totalCount } }",
        t="' or 1=1 --",
    )
    assert found == {"customers": {"totalCount": 0}, "offers": {"totalCount": 0}}


@pytest.mark.parametrize("field", ["offers", "customers"])
async def test_a_text_to_look_for_is_no_longer_than_a_name(sample: Api, field: str) -> None:
    query = "query ($t: String!) { %s(text: $t) { totalCount } }" % field
    assert await sample.ask(query, t="x" * 500) == {field: {"totalCount": 0}}
    for length in (501, 900_000):
        assert await sample.refused(query, t="x " * (length // 2) + "x") == "TEXT_TOO_LONG"


async def test_a_text_of_ten_million_letters_is_refused(sample: Api) -> None:
    huge = orjson.dumps(
        {
            "query": "query ($t: String!) { customers(text: $t) { totalCount } }",
            "variables": {"t": "x" * 10_000_000},
        }
    )
    answer = await sample.post_bytes(huge)
    assert (answer.status_code, code_of(answer)) == (413, "BODY_TOO_LARGE")


async def test_json_that_is_10_000_deep_is_refused(sample: Api) -> None:
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        nested = opening * 10_000 + "1" + closing * 10_000
        body = '{"query": "{ __typename }", "variables": {"x": %s}}' % nested
        assert code_of(await sample.post_bytes(body.encode())) == "MALFORMED_JSON"


async def test_json_that_is_500_deep_is_no_fault(sample: Api) -> None:
    """It can be read, but fits no type: told as such, in few words."""
    query = 'query ($g: GoalInput!) { paths(from: \\"x\\", to: $g) { __typename } }'
    nested = '{"offer":' * 500 + '"x"' + "}" * 500
    text = '{"query": "%s", "variables": {"g": %s}}' % (query, nested)
    answer = await sample.post_bytes(text.encode())
    assert _codes(answer) <= {"BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"}
    assert len(answer.content) < 64 * 1024


async def test_a_list_of_100_000_is_refused(sample: Api) -> None:
    query = "query ($o: [String!]!) { matrix(from: $o, to: $o) { __typename } }"
    assert await sample.refused(query, o=[NEW_E3] * 10_000) in (
        "QUERY_TOO_COSTLY",
        "TOO_MANY_CELLS",
    )
    avoid = (
        """query ($o: [String!]!) { paths(from: "%s", to: {anyNewCommerce: true},
        scope: {avoid: $o}) { __typename } }"""
        % NEW_E3
    )
    assert "paths" in await sample.ask(avoid, o=[NEW_E3] * 10_000)


@pytest.mark.parametrize("value", [10**400, -(10**30), 1e308, 2**63, True, [1], {"a": 1}, "1"])
async def test_what_is_no_number_is_refused(sample: Api, value: object) -> None:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else None
    shown = text or orjson.dumps(value).decode()
    body = (
        '{"query": "query ($n: Int!) { offers(first: $n) { totalCount } }", "variables": {"n": %s}}'
    )
    answer = await sample.post_bytes((body % shown).encode())
    assert _codes(answer) <= {"BAD_USER_INPUT", "MALFORMED_JSON"}
    assert len(answer.content) < 64 * 1024


async def test_an_error_does_not_repeat_a_long_value(sample: Api) -> None:
    query = "query ($c: Commerce) { offers(commerce: $c) { totalCount } }"
    answer = await sample.post(query, {"c": "x" * 500_000})
    assert _codes(answer) == {"BAD_USER_INPUT"}
    assert len(answer.content) < 16 * 1024


def _codes(answer: httpx2.Response) -> set[str]:
    return {error["extensions"]["code"] for error in answer.json()["errors"]}
