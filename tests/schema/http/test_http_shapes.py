"""Bodies, URLs and documents of any shape and size: a clear refusal each, and never a fault."""

from collections.abc import AsyncIterator

import orjson
import pytest

from planner.permissions import Role
from schema.http.request import MAX_QUESTION_BYTES, MAX_URL_BYTES
from schema.limits.size import MAX_DOCUMENT_CHARACTERS
from tests.schema.api import Api
from tests.schema.http.http_asking import GRAPHQL, JSON, LABEL, LABELLED, code_of, get, post

BAD_BODIES = [
    b"{}",
    b'{"query": 5}',
    b'{"query": null}',
    b'{"query": ""}',
    b'{"query": ["{ __typename }"]}',
    b'{"query": "{ __typename }", "variables": []}',
    b'{"query": "{ __typename }", "variables": "x"}',
    b'{"query": "{ __typename }", "extensions": 5}',
    b'{"query": "{ __typename }", "operationName": 5}',
    b"5",
    b"null",
    b"true",
    b'"text"',
]
NO_JSON = [
    b"",
    b" ",
    b"{",
    b"\xff",
    b"\xef\xbb\xbf" + b'{"query": "{ __typename }"}',
    '{"query": "{ __typename }"}'.encode("utf-16"),
    b'{"query": "\xc3("}',
    b'{"query": "\\ud800"}',
    b'{"query": "{ __typename }", "variables": {"a": NaN}}',
    b'{"query": "{ __typename }", "variables": {"a": 1e999}}',
    b'{"query": "{ __typename }\x00"}',
    b'{"query": "{ __typename }"} {}',
    b"[" * 100_000,
    b'{"query": "{ __typename }", "variables": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001,
]


@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
@pytest.mark.parametrize(
    ("bodies", "code"),
    [
        (BAD_BODIES, "MALFORMED_REQUEST"),
        (NO_JSON, "MALFORMED_JSON"),
        ([b"[]", b'[{"query": "{ __typename }"}]', b"[1, 2]"], "BATCHING_NOT_SUPPORTED"),
    ],
)
async def test_a_body_of_another_shape_is_a_bad_request(
    sample: Api, bodies: list[bytes], code: str, accept: str
) -> None:
    for body in bodies:
        answer = await post(sample, body, accept=accept)
        assert (answer.status_code, code_of(answer)) == (400, code), body[:80]
        assert answer.headers["content-type"] == f"{accept}; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", ["variables", "operationName", "extensions"])
async def test_null_is_as_good_as_absent(sample: Api, name: str) -> None:
    assert (await post(sample, {**LABEL, name: None, "unheard": 1})).json() == LABELLED


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "text/plain; application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=utf-16",
        "application/json; charset=latin-1",
        "application/json, text/plain",
        "application/jsonp",
        "",
        "/",
    ],
)
async def test_another_content_type_is_refused(sample: Api, content_type: str) -> None:
    answer = await post(sample, LABEL, content_type=content_type)
    assert (answer.status_code, code_of(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE")


async def test_a_body_without_a_content_type_is_refused(sample: Api) -> None:
    async with sample.client() as client:
        answer = await client.post("/graphql", content=orjson.dumps(LABEL))
    assert (answer.status_code, code_of(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("coding", ["gzip", "br", "gzip, identity"])
async def test_a_compressed_body_is_refused_unread(sample: Api, coding: str) -> None:
    answer = await post(sample, b"\x1f\x8b", content_encoding=coding)
    assert (answer.status_code, code_of(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert answer.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "Application/JSON",
        "application/json; charset=utf8; x=y",
    ],
)
async def test_json_in_utf_8_is_taken_however_it_is_said(sample: Api, content_type: str) -> None:
    body = orjson.dumps({"query": '{ __type(name: "Swim\U0001f3ca") { name } catalog { label } }'})
    answer = await post(sample, body, content_type=content_type)
    assert answer.json()["data"] == {"__type": None, **LABELLED["data"]}


@pytest.mark.parametrize(
    "url",
    [
        "query=%7B__typename%7D&query=%7B__typename%7D",
        "query=%7B__typename%7D&variables=%7B%7D&variables=%7B%7D",
        "query=%ff%fe",
        "query=%ed%a0%80",
        "query=",
        "variables=%7B%7D",
        "query=%7B__typename%7D&variables=%5B%5D",
        "query=%7B__typename%7D" + "".join(f"&n{number}=" for number in range(20)),
    ],
)
async def test_a_url_of_another_shape_is_a_bad_request(sample: Api, url: str) -> None:
    async with sample.client() as client:
        answer = await client.get(f"/graphql?{url}")
    assert (answer.status_code, code_of(answer)) == (400, "MALFORMED_REQUEST")


@pytest.mark.parametrize("name", ["variables", "extensions"])
async def test_a_parameter_that_is_no_json_is_a_bad_request(sample: Api, name: str) -> None:
    for value in ("{", "\0", "[" * 5_000):
        answer = await get(sample, {**LABEL, name: value})
        assert (answer.status_code, code_of(answer)) == (400, "MALFORMED_JSON")


async def test_a_url_that_is_too_long_is_refused(sample: Api) -> None:
    spaces = (MAX_URL_BYTES - len("query=") - len("%7B__typename%7D")) // len("%20")
    async with sample.client() as client:
        fits = await client.get("/graphql?query=%7B__typename%7D" + "%20" * spaces)
        long = await client.get("/graphql?query=%7B__typename%7D" + "%20" * (spaces + 1))
    assert fits.status_code == 200
    assert (long.status_code, code_of(long)) == (414, "URL_TOO_LONG")


async def test_a_nul_or_a_lone_surrogate_in_a_document_is_refused(sample: Api) -> None:
    for query in ("{ __typename }\0", '{ offers(text: "\\uD800") { totalCount } }'):
        answer = await post(sample, {"query": query}, accept=GRAPHQL)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"


async def test_a_nul_in_a_text_finds_nothing(sample: Api) -> None:
    query = (
        "query($t: String) { customers(text: $t) { totalCount } offers(text: $t) { totalCount } }"
    )
    nothing = {"customers": {"totalCount": 0}, "offers": {"totalCount": 0}}
    assert await sample.ask(query, t="a\0b") == nothing


@pytest.mark.parametrize("depth", [100, 250, 500, 900])
async def test_variables_as_deep_as_json_may_be_are_an_input_error(sample: Api, depth: int) -> None:
    deep = b'{"a":' * depth + b"1" + b"}" * depth
    asked = b"query($s: ScopeInput) { portfolio(scope: $s) { __typename } }"
    query = b'{"query": "' + asked + b'", "variables": '
    answer = await post(sample, query + b'{"s": ' + deep + b"}}", accept=GRAPHQL)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "query",
    [
        "{a" * 1_300 + "}" * 1_300,
        "{ offers(text: " + "[" * 1_900 + "]" * 1_900 + ") { totalCount } }",
        "{ offers(text: " + "{a:" * 900 + "1" + "}" * 900 + ") { totalCount } }",
        "query($v: " + "[" * 1_900 + "Int" + "]" * 1_900 + ") { __typename }",
    ],
)
async def test_a_document_nested_beyond_reason_is_the_askers_fault(sample: Api, query: str) -> None:
    answer = await post(sample, {"query": query}, accept=GRAPHQL)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"].startswith("GRAPHQL_")


async def test_a_long_question_is_refused_and_a_long_change_is_read(sample: Api) -> None:
    text = "x" * MAX_QUESTION_BYTES
    asked = {"query": "query($t: String) { offers(text: $t) { totalCount } }"}
    long = await post(sample, {**asked, "variables": {"t": text}})
    assert (long.status_code, code_of(long)) == (413, "BODY_TOO_LARGE")
    change = {
        "query": "mutation($f: ImportFileInput!) { importCustomers(file: $f) { __typename } }"
    }
    read = await post(sample, {**change, "variables": {"f": {"content": text}}})
    assert read.json()["data"]["importCustomers"]["__typename"] == "ImportRefused"


async def test_who_may_not_import_has_no_long_body_read(sample: Api) -> None:
    helpdesk = sample.acting_as(Role.HELPDESK_AGENT)

    async def body() -> AsyncIterator[bytes]:
        for _ in range(MAX_QUESTION_BYTES // 65_536 + 1):
            yield b" " * 65_536

    async with helpdesk.client() as client:
        answer = await client.post("/graphql", content=body(), headers={"content-type": JSON})
    assert (answer.status_code, code_of(answer)) == (413, "BODY_TOO_LARGE")


async def test_a_document_that_is_too_long_is_refused(sample: Api) -> None:
    padded = LABEL["query"] + " " * (MAX_DOCUMENT_CHARACTERS - len(LABEL["query"]))
    assert (await post(sample, {"query": padded})).json() == LABELLED
    long = await post(sample, {"query": padded + " "})
    assert (long.status_code, code_of(long)) == (413, "DOCUMENT_TOO_LONG")
