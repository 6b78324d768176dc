"""GraphQL over HTTP: methods, media types and status codes."""

from typing import Any

import pytest

from tests.schema.api import IDE_PAGE, Api
from tests.schema.http.http_asking import GRAPHQL, JSON, LABEL, LABELLED, code_of, get, post

IMPORT = 'mutation { importCustomers(file: {content: ""}) { __typename } }'
GRAPHQL_UTF8, JSON_UTF8 = f"{GRAPHQL}; charset=utf-8", f"{JSON}; charset=utf-8"


async def test_a_query_is_answered_over_get(sample: Api) -> None:
    answer = await get(sample, LABEL)
    assert (answer.status_code, answer.json()) == (200, LABELLED)


async def test_all_four_parameters_come_over_get(sample: Api) -> None:
    query = "query($n: Int!) { offers(first: $n) { edges { cursor } } }"
    answer = await get(sample, {"query": query, "variables": '{"n": 2}', "extensions": "{}"})
    assert len(answer.json()["data"]["offers"]["edges"]) == 2
    two = "query A { __typename } query B { catalog { label } }"
    assert (await get(sample, {"query": two, "operationName": "B"})).json() == LABELLED


async def test_an_empty_parameter_over_get_is_none(sample: Api) -> None:
    empty = {"variables": "", "extensions": "", "operationName": ""}
    assert (await get(sample, {**LABEL, **empty})).json() == LABELLED


@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
@pytest.mark.parametrize("operation", [IMPORT, f"query Q {{ __typename }} {IMPORT}"])
async def test_a_mutation_over_get_is_not_allowed(sample: Api, operation: str, accept: str) -> None:
    named = operation.replace("mutation {", "mutation M {")
    answer = await get(sample, {"query": named, "operationName": "M"}, accept=accept)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert code_of(answer) == "METHOD_NOT_ALLOWED"


async def test_a_browser_gets_the_editor(sample: Api) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = await get(sample, {}, accept=accept)
    assert (answer.status_code, answer.text) == (200, IDE_PAGE)
    assert answer.headers["content-type"].startswith("text/html")
    asked = await get(sample, LABEL, accept=accept)
    assert asked.json() == LABELLED


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"])
async def test_other_methods_are_not_allowed(sample: Api, method: str) -> None:
    async with sample.client() as client:
        answer = await client.request(method, "/graphql")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (GRAPHQL, GRAPHQL_UTF8),
        (JSON, JSON_UTF8),
        ("*/*", JSON_UTF8),
        ("application/*", JSON_UTF8),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL_UTF8),
        (f"{JSON}, {GRAPHQL}", GRAPHQL_UTF8),
        (f"{JSON}, {GRAPHQL};q=0.5", JSON_UTF8),
        (f"{GRAPHQL};q=0.1, */*;q=0", GRAPHQL_UTF8),
        (f"{JSON}, text/plain, */*", JSON_UTF8),
        ("text/html, */*;q=0.1", JSON_UTF8),
        ("Application/GraphQL-Response+JSON; charset=utf-8", GRAPHQL_UTF8),
        (f"{JSON};q=0, {GRAPHQL}", GRAPHQL_UTF8),
        (f"{JSON};q=0, */*", GRAPHQL_UTF8),
        (f"{'text/x,' * 1000}{GRAPHQL}", GRAPHQL_UTF8),
    ],
)
async def test_the_client_says_what_it_takes(sample: Api, accept: str, media_type: str) -> None:
    for answer in (
        await post(sample, LABEL, accept=accept),
        await get(sample, LABEL, accept=accept),
    ):
        assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
        assert answer.json() == LABELLED


@pytest.mark.parametrize("accept", ["text/html", "text/plain, image/*", f"{JSON};q=0", "", "q"])
async def test_who_takes_neither_media_type_is_told_so(sample: Api, accept: str) -> None:
    answer = await post(sample, LABEL, accept=accept)
    assert (answer.status_code, code_of(answer)) == (406, "NOT_ACCEPTABLE")


VARIABLE = {"query": "query($n: Int!) { offers(first: $n) { totalCount } }"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": " "}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        (VARIABLE, "BAD_USER_INPUT"),
        ({**VARIABLE, "variables": {"n": "two"}}, "BAD_USER_INPUT"),
        ({"query": "query A { __typename }", "operationName": "B"}, "OPERATION_NOT_FOUND"),
        ({"query": "fragment F on Query { __typename }"}, "OPERATION_NOT_FOUND"),
        ({"query": "query A { __typename } query B { __typename }"}, "OPERATION_NOT_NAMED"),
    ],
)
async def test_a_request_error_has_a_status_of_its_own_and_no_data(
    sample: Api, body: dict[str, Any], code: str
) -> None:
    new, old = await post(sample, body, accept=GRAPHQL), await post(sample, body, accept=JSON)
    assert (new.status_code, old.status_code) == (400, 200)
    assert new.json() == old.json()
    assert "data" not in new.json()
    assert {error["extensions"]["code"] for error in new.json()["errors"]} == {code}
    assert all(error["message"] for error in new.json()["errors"])


async def test_data_beside_errors_is_a_partial_success(sample: Api) -> None:
    body = {"query": '{ node(id: "garbage") { id } catalog { label } }'}
    new, old = await post(sample, body, accept=GRAPHQL), await post(sample, body, accept=JSON)
    assert (new.status_code, old.status_code) == (294, 200)
    assert new.json() == old.json()
    assert new.json()["data"] == {"node": None, **LABELLED["data"]}


async def test_a_subscription_is_not_answered_once(sample: Api) -> None:
    answer = await post(sample, {"query": "subscription { __typename }"})
    assert (answer.status_code, code_of(answer)) == (400, "SUBSCRIPTION_NOT_STREAMED")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_page_of_another_site_asks_no_get_unasked(sample: Api, site: str) -> None:
    answer = await get(sample, LABEL, sec_fetch_site=site, sec_fetch_mode="no-cors")
    assert (answer.status_code, code_of(answer)) == (403, "CROSS_SITE_REQUEST")
    assert (await get(sample, LABEL, sec_fetch_site=site, x_requested_with="x")).is_success
    assert (await get(sample, LABEL, sec_fetch_site=site, graphql_require_preflight="")).is_success


@pytest.mark.parametrize("site", ["same-origin", "none"])
async def test_ones_own_page_asks_freely(sample: Api, site: str) -> None:
    assert (await get(sample, LABEL, sec_fetch_site=site)).json() == LABELLED
