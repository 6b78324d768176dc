"""Documents made to be expensive are refused before they are, each with a code of its own."""

import time
from collections.abc import Callable

import orjson
import pytest
from graphql import get_introspection_query, parse

from schema.limits.size import (
    MAX_ALIASES,
    MAX_DEFINITIONS,
    MAX_DEPTH,
    MAX_DIRECTIVES,
    MAX_FIELDS,
    MAX_REPEATS,
    MAX_TOKENS,
    excess,
    size_of,
)
from tests.schema.api import BUSINESS_BASIC, Api
from tests.schema.http.http_asking import code_of

INVALID, UNREADABLE = "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"
_ON_OFFER = '{ offer(catalogId: "%s") { ... on Offer { %%s } } }' % BUSINESS_BASIC


def _bomb(levels: int, ends: str = "__typename") -> str:
    """Return fragments of which each stands for two of the next: 2 to the power of `levels`."""
    fragments = " ".join(
        f"fragment A{level} on Query {{ a: node(id: 1) {{ ...B{level} }} ...A{level + 1} }}"
        f" fragment B{level} on Node {{ ... on Offer {{ x: id }} ...B{level + 1} ...B{level + 1} }}"
        for level in range(levels)
    )
    last = f"fragment A{levels} on Query {{ {ends} }} fragment B{levels} on Node {{ y: id }}"
    return f"{{ ...A0 }} {fragments} {last}"


def _doubling(levels: int) -> str:
    """Return fragments that ask twice for what is next, under two names."""
    fragments = " ".join(
        f"fragment F{level} on Offer {{ prerequisites {{ ...F{level + 1} }} "
        f"transitions {{ to {{ ...F{level + 1} }} }} }}"
        for level in range(levels)
    )
    last = f"fragment F{levels} on Offer {{ title }}"
    return '{ offer(catalogId: "x") { ... on Offer { ...F0 } } } ' + fragments + last


def _chain(length: int) -> str:
    fragments = " ".join(
        f"fragment C{number} on Query {{ ...C{number + 1} }}" for number in range(length)
    )
    return f"{{ ...C0 }} {fragments} fragment C{length} on Query {{ __typename }}"


def _cycle(length: int) -> str:
    fragments = " ".join(
        f"fragment C{number} on Query {{ ...C{(number + 1) % length} }}" for number in range(length)
    )
    return "{ ...C0 } " + fragments


def _nested_inline(levels: int) -> str:
    return "{" + "... on Query {" * levels + "__typename" + "}" * levels + "}"


def _repeated(text: str, times: int) -> str:
    return "{ " + f"{text} " * times + "}"


HOSTILE: dict[str, tuple[str, set[str]]] = {
    "deep fields": ("{ a " * 1_000 + "}" * 1_000, {UNREADABLE}),
    "deep fields that exist": (
        _ON_OFFER % ("prerequisites { " * 40 + "title" + " }" * 40),
        {"DOCUMENT_TOO_DEEP"},
    ),
    "deep inline fragments": (_nested_inline(150), {"DOCUMENT_TOO_DEEP", UNREADABLE}),
    "deep lists": (_ON_OFFER % f"soldIn(market: {'[' * 1_900}{']' * 1_900})", {UNREADABLE}),
    "deep objects": (
        "{ paths(from: 1, to: " + "{a: " * 900 + "1" + "}" * 900 + ") { __typename } }",
        {UNREADABLE},
    ),
    "wide": (_repeated("catalog { label }", 900), {"TOO_MANY_REPEATS"}),
    "one field 10,000 times": (_repeated("__typename", 10_000), {"TOO_MANY_TOKENS"}),
    "one field 3,000 times": (_repeated("__typename", 3_000), {"TOO_MANY_REPEATS"}),
    "one fragment 1,000 times": (
        _repeated("...F", 1_000) + " fragment F on Query { __typename }",
        {"TOO_MANY_REPEATS"},
    ),
    "aliases": (
        "{ %s }" % " ".join(f"a{number}: __typename" for number in range(1_000)),
        {"TOO_MANY_ALIASES"},
    ),
    "aliases in fragments": (
        "{ ...F ...G } fragment F on Query { ...G b: __typename } fragment G on Query { %s }"
        % " ".join(f"a{number}: __typename" for number in range(40)),
        {"TOO_MANY_ALIASES"},
    ),
    "a bomb of fragments": (_bomb(30), {"TOO_MANY_ALIASES", "TOO_MANY_FIELDS"}),
    "a bomb of fields": (_doubling(18), {"DOCUMENT_TOO_DEEP", "TOO_MANY_FIELDS"}),
    "a bomb within the depth": (_doubling(14), {"DOCUMENT_TOO_DEEP", "TOO_MANY_FIELDS"}),
    "a chain of fragments": (_chain(400), {"TOO_MANY_DEFINITIONS"}),
    "a cycle of one": ("{ ...A } fragment A on Query { ...A }", {INVALID}),
    "a cycle of ninety": (_cycle(90), {INVALID, "DOCUMENT_TOO_DEEP"}),
    "a cycle that nobody spreads": (
        "{ __typename } fragment A on Query { ...B } fragment B on Query { ...A }",
        {INVALID},
    ),
    "operations": (
        " ".join(f"query Q{n} {{ __typename }}" for n in range(500)),
        {"TOO_MANY_DEFINITIONS"},
    ),
    "directives": (
        "{ __typename %s }" % ("@skip(if: false) " * 300),
        {"TOO_MANY_DIRECTIVES"},
    ),
    "unknown directives": ("{ __typename %s }" % ("@a " * 1_900), {"TOO_MANY_DIRECTIVES"}),
    "directives on a fragment": (
        "{ ...F %s } fragment F on Query { __typename }" % ("@include(if: true) " * 120),
        {"TOO_MANY_DIRECTIVES"},
    ),
    "arguments": (
        "{ offer(%s) { __typename } }" % " ".join(f"a{n}: 1" for n in range(1_200)),
        {INVALID},
    ),
    "variables": (
        "query (%s) { __typename }" % " ".join(f"$v{n}: Int" for n in range(900)),
        {INVALID, "BAD_USER_INPUT"},
    ),
    "introspection in circles": (
        "{ __schema { types { %s name %s } } }" % ("fields { type { " * 7, "} } " * 7),
        {INVALID, "DOCUMENT_TOO_DEEP"},
    ),
    "a number of 200,000 digits": (
        "{ offers(first: %s) { totalCount } }" % ("9" * 200_000),
        {INVALID},
    ),
    "a name of 200,000 letters": ("{ %s }" % ("a" * 200_000), {INVALID}),
    "a comment of 250,000 letters": ("{ catalog { nothing } } #" + "x" * 250_000, {INVALID}),
    "control signs": ("{ catalog\x00 { label } }", {UNREADABLE}),
    "names that look alike": ("{ c\u0430talog { label } }", {UNREADABLE}),
    "text that runs backwards": ("{ catalog \u202e{ label } }", {UNREADABLE}),
    "no-break spaces": ("{\u00a0catalog { label } }", {UNREADABLE}),
    "a lone surrogate": (
        r'{ offer(catalogId: "\uD800") { __typename } }',
        {UNREADABLE},
    ),
    "a block that never ends": ('{ offer(catalogId: """' + "x" * 1_000, {UNREADABLE}),
    "nothing but commas": ("," * 200_000, {UNREADABLE}),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_document_is_refused_clearly_and_at_once(sample: Api, name: str) -> None:
    document, codes = HOSTILE[name]
    begun = time.perf_counter()
    answer = await sample.post(document)
    taken = time.perf_counter() - begun
    found = answer.json()
    told = {error["extensions"]["code"] for error in found["errors"]}
    assert told <= codes, answer.text[:500]
    assert all(error["message"] and error["extensions"]["remedy"] for error in found["errors"])
    assert "data" not in found
    assert taken < 5, "a document of nothing else takes milliseconds; a bomb would take years"
    assert len(answer.content) < 64 * 1024, "a refusal is no echo"


@pytest.mark.parametrize(
    ("make", "maximum", "code"),
    [
        (lambda n: _repeated("__typename", n), MAX_REPEATS, "TOO_MANY_REPEATS"),
        (
            lambda n: " ".join(f"query Q{one} {{ __typename }}" for one in range(n)),
            MAX_DEFINITIONS,
            "TOO_MANY_DEFINITIONS",
        ),
        (
            lambda n: "{ __typename %s }" % ("@skip(if: false) " * n),
            MAX_DIRECTIVES,
            "TOO_MANY_DIRECTIVES",
        ),
        (
            lambda n: "{ %s }" % " ".join(f"a{one}: __typename" for one in range(n)),
            MAX_ALIASES,
            "TOO_MANY_ALIASES",
        ),
        (lambda n: "{ a" * n + " }" * n, MAX_DEPTH, "DOCUMENT_TOO_DEEP"),
        (
            lambda n: (
                " ".join(
                    f"query Q{one} {{ %s }}" % " ".join(f"f{each}" for each in range(n // 50))
                    for one in range(50)
                )
                + (" query Rest { more }" if n % 50 else "")
            ),
            MAX_FIELDS,
            "TOO_MANY_FIELDS",
        ),
    ],
)
def test_each_limit_is_exactly_where_it_is_told(
    make: Callable[[int], str], maximum: int, code: str
) -> None:
    assert excess(size_of(parse(make(maximum)))) is None
    refused = excess(size_of(parse(make(maximum + 1))))
    assert refused is not None
    assert refused.code == code
    assert refused.parameters == {"given": maximum + 1, "maximum": maximum}
    assert f"{maximum:,}" in refused.message


def test_fragments_are_measured_wherever_they_are_spread() -> None:
    spread = size_of(parse("{ ...F a: x { ...F } } fragment F on T { b: c { d } }")).extent
    laid_out = size_of(parse("{ b: c { d } a: x { b: c { d } } }")).extent
    assert spread == laid_out
    assert (spread.depth, spread.fields, spread.aliases) == (3, 5, 3)


def test_measuring_a_bomb_takes_no_longer_than_reading_it() -> None:
    begun = time.perf_counter()
    size = size_of(parse(_doubling(45)))
    assert time.perf_counter() - begun < 2
    assert size.extent.fields == 10**9


async def test_what_editors_ask_is_within_the_limits(sample: Api) -> None:
    told = await sample.ask(get_introspection_query(input_value_deprecation=True))
    assert len(told["__schema"]["types"]) > 100


async def test_batches_are_refused(sample: Api) -> None:
    for size in (0, 1, 1_000):
        body = orjson.dumps([{"query": "{ __typename }"}] * size)
        assert code_of(await sample.post_bytes(body)) == "BATCHING_NOT_SUPPORTED"


def test_the_limit_of_tokens_is_above_what_the_other_limits_take() -> None:
    """Whoever is refused for anything else is told so, and not that there are many words."""
    assert MAX_TOKENS > 2 * (MAX_ALIASES * 3 + MAX_DIRECTIVES * 6)
