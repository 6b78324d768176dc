"""What a request may ask for at most, counted before anything is looked up."""

import pytest
from graphql import GraphQLSchema, build_schema

from schema.cost import DEFAULT_FIRST, MAX_OBJECTS
from schema.print import printed
from tests.schema.api import NEW_E3, Api

NESTED = "reachable(first: %d, reverse: true) { edges { node { %s } } }"


@pytest.fixture(scope="module")
def sdl() -> GraphQLSchema:
    return build_schema(printed())


def test_the_defaults_that_are_counted_with_are_those_of_the_schema(sdl: GraphQLSchema) -> None:
    found = {
        name: int(field.args["first"].ast_node.default_value.value)
        for kind in sdl.type_map.values()
        for name, field in getattr(kind, "fields", {}).items()
        if "first" in getattr(field, "args", {})
    }
    assert found == DEFAULT_FIRST


def _nested(first: int, levels: int) -> str:
    inside = "title"
    for _ in range(levels):
        inside = NESTED % (first, inside)
    return '{ offer(catalogId: "%s") { ... on Offer { %s } } }' % (NEW_E3, inside)


async def test_lists_within_lists_multiply_and_are_refused_beyond_the_limit(sample: Api) -> None:
    assert "offer" in await sample.ask(_nested(200, 2))
    assert await sample.refused(_nested(200, 3)) == "QUERY_TOO_COSTLY"


async def test_a_variable_counts_with_its_value(sample: Api) -> None:
    query = """query ($first: Int!) { customers(first: $first) { edges { node {
        subscriptions(first: 200) { edges { node { options { __typename } } } } } } } }"""
    assert "customers" in await sample.ask(query, first=20)
    assert await sample.refused(query, first=50) == "QUERY_TOO_COSTLY"
    assert 20 * 200 * 20 < MAX_OBJECTS < 50 * 200 * 20


async def test_what_fragments_ask_for_counts_too(sample: Api) -> None:
    query = """{ customers(first: 200) { edges { node { ...held } } } }
        fragment held on Customer { subscriptions(first: 200) { edges { node {
            options { __typename } } } } }"""
    assert await sample.refused(query) == "QUERY_TOO_COSTLY"
