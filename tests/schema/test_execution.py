"""What a resolver is told of its field is what strawberry would tell it."""

from typing import Any

from graphql import FieldNode, GraphQLObjectType, OperationDefinitionNode, parse
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from schema.execution import TidyExecutor
from schema.schema import make_schema

DOCUMENT = """query Two($first: Int = 3) {
  viewer { __typename } offers(first: $first) { totalCount }
}"""


def test_every_field_is_told_what_strawberry_tells() -> None:
    schema = make_schema()._schema
    document = parse(DOCUMENT)
    made: Any = TidyExecutor.build(
        schema,
        document,
        root_value="root",
        context_value="context",
        operation_extensions={"asked": True},
    )
    assert isinstance(made, TidyExecutor)
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    for executor in (made, made.build_per_event_executor("event")):
        for node in operation.selection_set.selections:
            assert isinstance(node, FieldNode)
            _check(executor, schema.query_type, node)


def _check(executor: TidyExecutor, owner: GraphQLObjectType | None, node: FieldNode) -> None:
    assert owner is not None
    name = node.name.value
    asked: Any = (owner.fields[name], [node], owner, Path(None, name, owner.name))
    told = executor.build_resolve_info(*asked)
    build: Any = StrawberryGraphQLCoreExecutionContext.build_resolve_info
    expected = build(executor, *asked)
    assert type(told) is type(expected)
    assert told == expected
    assert told.is_awaitable is executor.is_awaitable
