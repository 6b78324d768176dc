"""GraphQL over HTTP: methods, content types and bodies of any shape."""

import orjson
import pytest

from tests.schema.api import IDE_PAGE, Api

LABEL = {"query": "{ catalog { label } }"}
IMPORT = 'mutation { importCustomers(file: {content: ""}) { __typename } }'


async def test_a_query_is_answered_over_get(sample: Api) -> None:
    async with sample.client() as client:
        answer = await client.get("/graphql", params=LABEL)
    assert (answer.status_code, answer.json()) == (200, {"data": {"catalog": {"label": "bundled"}}})


async def test_variables_come_over_get_too(sample: Api) -> None:
    query = "query($n: Int!) { offers(first: $n) { edges { cursor } } }"
    async with sample.client() as client:
        answer = await client.get("/graphql", params={"query": query, "variables": '{"n": 2}'})
        broken = await client.get("/graphql", params={"query": query, "variables": "{"})
    assert len(answer.json()["data"]["offers"]["edges"]) == 2
    assert broken.status_code == 400


@pytest.mark.parametrize("operation", [IMPORT, f"query Q {{ __typename }} {IMPORT}"])
async def test_a_mutation_over_get_is_refused(sample: Api, operation: str) -> None:
    named = operation.replace("mutation {", "mutation M {")
    async with sample.client() as client:
        answer = await client.get("/graphql", params={"query": named, "operationName": "M"})
    assert answer.status_code in (400, 405)
    assert "data" not in answer.text


async def test_a_browser_gets_the_editor(sample: Api) -> None:
    async with sample.client() as client:
        answer = await client.get("/graphql", headers={"accept": "text/html"})
    assert (answer.status_code, answer.text) == (200, IDE_PAGE)
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "HEAD"])
async def test_other_methods_are_not_allowed(sample: Api, method: str) -> None:
    async with sample.client() as client:
        assert (await client.request(method, "/graphql")).status_code == 405


BAD_BODIES = [
    b"",
    b"{",
    b"\xff",
    b"[]",
    b"{}",
    b'[{"query": "{ __typename }"}]',
    b'{"query": 5}',
    b'{"query": null}',
    b'{"query": ["{ __typename }"]}',
    b'{"query": "\\ud800"}',
    b'{"query": "{ __typename }", "variables": []}',
    b'{"query": "{ __typename }", "variables": "x"}',
    b'{"query": "{ __typename }", "variables": {"a": 1e999}}',
    b'{"query": "{ __typename }", "extensions": 5}',
    b'{"query": "{ __typename }", "operationName": 5}',
    b'{"query": "query A { __typename }", "operationName": "B"}',
    b"[" * 100_000,
]


@pytest.mark.parametrize("body", BAD_BODIES)
async def test_a_body_of_another_shape_is_a_bad_request(sample: Api, body: bytes) -> None:
    assert (await sample.post_bytes(body)).status_code == 400


@pytest.mark.parametrize("body", [b"5", b"null", b"true", b'"text"'])
async def test_a_body_that_is_no_object_is_a_bad_request(sample: Api, body: bytes) -> None:
    assert (await sample.post_bytes(body)).status_code == 400


@pytest.mark.parametrize("body", [b"{", b'{"query": ""}'])
async def test_a_bad_request_has_a_code(sample: Api, body: bytes) -> None:
    answer = await sample.post_bytes(body)
    assert answer.headers["content-type"].startswith("application/")
    assert answer.json()["errors"][0]["extensions"]["code"]


async def test_one_of_two_operations_has_to_be_chosen(sample: Api) -> None:
    answer = await sample.post("query A { __typename } query B { catalog { label } }")
    assert "errors" in answer.json()


@pytest.mark.parametrize("content_type", ["text/plain", "application/graphql", "", "multipart/x"])
async def test_another_content_type_is_refused(sample: Api, content_type: str) -> None:
    body = orjson.dumps(LABEL)
    assert (await sample.post_bytes(body, content_type)).status_code in (400, 415)


async def test_a_content_type_with_parameters_is_taken(sample: Api) -> None:
    answer = await sample.post_bytes(orjson.dumps(LABEL), "application/json; charset=utf-8")
    assert answer.json() == {"data": {"catalog": {"label": "bundled"}}}
