"""Documents beyond the limits are refused with a code; faults are logged, masked, and not kept."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from resolvers.asked import Asked
from resolvers.catalog.catalogs import Catalogs
from resolvers.ports import StorageUnavailable
from schema.limits.size import MAX_ALIASES, MAX_DEPTH, MAX_TOKENS
from tests.formats import samples
from tests.schema.api import BUSINESS_BASIC, Api, make_app
from tests.schema.stores import FailingCustomers

INSIDE = "relation customer in /srv/secret.py"
ASK_ONE = '{ customer(customerId: "%s") { __typename } }' % samples.CUSTOMER
IMPORT = "mutation($f: ImportFileInput!) { importCustomers(file: $f) { __typename } }"


def _failing(catalogs: Catalogs, partner: Api, error: Exception) -> Api:
    def change(asked: Asked) -> Asked:
        return replace(asked, stores=replace(asked.stores, customers=FailingCustomers(error)))

    return Api(make_app(catalogs, change=change), partner.partner_id)


def _deep(levels: int) -> str:
    inner = "{ servicePlans { inheritedFrom " * levels + "{ title }" + " } }" * levels
    return '{ offer(catalogId: "%s") { ... on Offer %s } }' % (BUSINESS_BASIC, inner)


def _aliases(count: int) -> str:
    return "{ %s }" % " ".join(f"a{number}: __typename" for number in range(count))


def _tokens(count: int) -> str:
    """Return a document of that many tokens; commas are none."""
    ids = ", ".join([f'"{BUSINESS_BASIC}"'] * (count - 16))
    return "{ matrix(from: [], to: [%s]) { __typename } }" % ids


@pytest.mark.parametrize(
    ("document", "at_the_limit", "code"),
    [
        (_deep, MAX_DEPTH // 2 - 1, "DOCUMENT_TOO_DEEP"),
        (_aliases, MAX_ALIASES, "TOO_MANY_ALIASES"),
        (_tokens, MAX_TOKENS, "TOO_MANY_TOKENS"),
    ],
)
async def test_a_document_beyond_a_limit_is_refused(
    sample: Api, document: Callable[[int], str], at_the_limit: int, code: str
) -> None:
    await sample.ask(document(at_the_limit))
    for _ in range(2):
        assert await sample.refused(document(at_the_limit + 1)) == code


async def test_fragments_do_not_hide_depth_or_aliases(sample: Api) -> None:
    inner = "servicePlans { inheritedFrom { %s } }"
    text = "title"
    for _ in range(MAX_DEPTH):
        text = inner % text
    hidden = '{ offer(catalogId: "%s") { ...Deep } } fragment Deep on Offer { %s }'
    assert await sample.refused(hidden % (BUSINESS_BASIC, text)) == "DOCUMENT_TOO_DEEP"
    aliases = "{ ...Wide } fragment Wide on Query " + _aliases(MAX_ALIASES + 1)
    assert await sample.refused(aliases) == "TOO_MANY_ALIASES"


async def test_a_cycle_of_fragments_is_refused(sample: Api) -> None:
    cycle = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"
    assert await sample.refused(cycle) == "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        (ASK_ONE, {}),
        ("{ customers { totalCount } }", {}),
        (
            IMPORT,
            {"f": {"content": '{"customers": []}', "name": "a.json"}},
        ),
    ],
)
async def test_a_fault_is_masked_and_logged_under_its_trace_id(
    catalogs: Catalogs,
    partner: Api,
    caplog: pytest.LogCaptureFixture,
    query: str,
    variables: dict[str, Any],
) -> None:
    api = _failing(catalogs, partner, RuntimeError(INSIDE))
    answer = await api.post(query, variables)
    assert answer.status_code == 200
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "INTERNAL_ERROR"
    assert INSIDE not in answer.text
    (record,) = [one for one in caplog.records if one.name == "offerpath.graphql"]
    assert error["extensions"]["traceId"] in record.getMessage()
    assert record.exc_info is not None
    assert INSIDE in str(record.exc_info[1])


async def test_a_database_that_is_down_is_told_as_such(
    catalogs: Catalogs, partner: Api, caplog: pytest.LogCaptureFixture
) -> None:
    api = _failing(catalogs, partner, StorageUnavailable(INSIDE))
    answer = await api.post(ASK_ONE)
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "DATABASE_UNAVAILABLE"
    assert error["extensions"]["traceId"]
    assert INSIDE not in answer.text
    assert "offerpath.graphql" in [record.name for record in caplog.records]


async def test_the_catalog_still_answers_beside_a_database_that_is_down(
    catalogs: Catalogs, partner: Api
) -> None:
    api = _failing(catalogs, partner, StorageUnavailable(INSIDE))
    assert await api.ask("{ catalog { label } }") == {"catalog": {"label": "bundled"}}


async def test_bad_input_is_no_fault_and_is_not_logged(
    sample: Api, caplog: pytest.LogCaptureFixture
) -> None:
    assert await sample.refused('{ offer(catalogId: "x") { __typename } }') == "MALFORMED_ID"
    assert await sample.refused("{ nothing }") == "GRAPHQL_VALIDATION_FAILED"
    assert [record for record in caplog.records if record.name.startswith("offerpath")] == []
