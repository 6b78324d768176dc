"""What is asked below a field is seen before the field is answered, and never less than that."""

from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLInt,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    graphql_sync,
)

from schema.selected import asks_for

INNER = GraphQLObjectType("Inner", lambda: {"a": GraphQLField(GraphQLInt), "in": IN})
IN: GraphQLField = GraphQLField(INNER)
SPREADS = 40
DEEP = " ".join(
    f"fragment f{n} on Inner {{ in {{ ...f{n + 1} ...f{n + 1} }} }}" for n in range(SPREADS)
)


def is_asked(document: str) -> bool:
    """Return whether `a` is asked below `here`."""
    found: list[bool] = []

    def resolve(_source: Any, info: GraphQLResolveInfo[Any]) -> None:
        found.append(asks_for(info, {"a"}))

    query = GraphQLObjectType(
        "Query",
        {"here": GraphQLField(INNER, resolve=resolve), "there": GraphQLField(INNER)},
    )
    result = graphql_sync(GraphQLSchema(query), document)
    assert result.errors is None
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    "document",
    [
        "{ here { a } }",
        "{ here { b: a } }",
        "{ here { in { in { a } } } }",
        "{ here { ... { ... on Inner { a } } } }",
        "{ here { ...f } } fragment f on Inner { in { ...g } } fragment g on Inner { a }",
        "{ here { __typename } here { a } }",
        "{ here { a @skip(if: true) } }",
        "{ here { ...f0 } } %s fragment f%d on Inner { a }" % (DEEP, SPREADS),
    ],
)
def test_a_field_is_found_wherever_it_stands(document: str) -> None:
    assert is_asked(document)


@pytest.mark.parametrize(
    "document",
    [
        "{ here { __typename } there { a } }",
        "{ here { a: __typename } }",
        "{ here { in { __typename } } there { ...f } } fragment f on Inner { a }",
        "{ here { ...f0 } } %s fragment f%d on Inner { __typename }" % (DEEP, SPREADS),
    ],
)
def test_a_field_elsewhere_is_not_meant(document: str) -> None:
    assert not is_asked(document)
