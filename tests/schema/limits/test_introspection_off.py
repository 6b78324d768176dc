"""Introspection can be switched off: nothing is told of the schema then, not even by errors."""

import pytest
import pytest_asyncio
from graphql import get_introspection_query

from resolvers.catalog.catalogs import Catalogs
from tests.schema.api import Api, make_app

NEAR_MISSES = [
    ("{ catalo { label } }", {}),
    ("{ catalog { labell } }", {}),
    ("{ offers(marke: 1) { totalCount } }", {}),
    ("{ catalog }", {}),
    ("{ offers(commerce: LEGAC) { totalCount } }", {}),
    ("query ($c: Commerc) { offers(commerce: $c) { totalCount } }", {}),
    ("query ($c: Commerce) { offers(commerce: $c) { totalCount } }", {"c": "LEGAC"}),
    ("{ node(id: 1) { ... on Offe { title } } }", {}),
    ("{ offer(catalogId: 1) { title } }", {}),
    ("{ offer(catalogId: 1) @skipp { __typename } }", {}),
    ("{ ...F } fragment G on Query { __typename }", {}),
    ('{ paths(from: "x", to: {offe: "y"}) { __typename } }', {}),
    (
        "query ($g: GoalInput!) { paths(from: 1, to: $g) { __typename } }",
        {"g": {"offe": "y"}},
    ),
    ("{ planFor { __typename } }", {}),
    ("mutation { savePla { __typename } }", {}),
]
"""Documents with one mistake each, for which names would be suggested."""


@pytest_asyncio.fixture(scope="module")
async def silent(catalogs: Catalogs, sample: Api) -> Api:
    return Api(make_app(catalogs, introspection=False), sample.partner_id)


@pytest.mark.parametrize(
    "query",
    [
        get_introspection_query(),
        "{ __schema { types { name } } }",
        '{ __type(name: "Offer") { name } }',
        "{ ...F } fragment F on Query { __schema { types { name } } }",
        "{ ... on Query { renamed: __schema { queryType { name } } } }",
        "mutation { __schema { types { name } } }",
        "query A { __typename } query B { __schema { types { name } } }",
    ],
)
async def test_the_schema_is_not_told(silent: Api, query: str) -> None:
    assert await silent.refused(query) == "INTROSPECTION_OFF"


async def test_it_is_told_unless_switched_off(sample: Api) -> None:
    found = await sample.ask('{ __type(name: "Catalog") { name } }')
    assert found == {"__type": {"name": "Catalog"}}


async def test_everything_else_is_answered(silent: Api) -> None:
    found = await silent.ask("{ __typename catalog { __typename label } }")
    assert found == {
        "__typename": "Query",
        "catalog": {"__typename": "Catalog", "label": "bundled"},
    }


@pytest.mark.parametrize(("query", "variables"), NEAR_MISSES)
async def test_no_name_is_suggested(silent: Api, query: str, variables: dict[str, object]) -> None:
    answer = await silent.post(query, variables)
    messages = [error["message"] for error in answer.json()["errors"]]
    assert messages
    assert "Did you mean" not in answer.text


async def test_names_are_suggested_where_it_is_on(sample: Api) -> None:
    answer = await sample.post("{ catalo { label } }")
    assert "Did you mean 'catalog'" in answer.text
