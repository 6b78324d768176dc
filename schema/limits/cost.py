"""Whether a request is affordable: its cost counted before anything is looked up, and told."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
)
from strawberry.extensions import SchemaExtension

from resolvers.codes.code import Code
from resolvers.problems import BadInput
from schema.limits.cost_walk import cost_of

MAX_COST = 100_000
"""Units of a tenth of a millisecond, about: ten seconds of one core."""


class CostLimit(SchemaExtension):
    """Refuses what costs too much, or does not name its operation; tells every answer's cost.

    `extensions.cost` is {requested, maximum}; a document that could not be counted, since it is
    not valid, has none. The context keeps what was requested, for whoever counts it together.
    """

    _requested: int | None = None

    def on_validate(self) -> Iterator[None]:
        execution = self.execution_context
        document = execution.graphql_document
        if document is not None and not execution.pre_execution_errors:
            refused = self._refused(document, execution._provided_operation_name)
            if refused is not None:
                execution.pre_execution_errors = [
                    GraphQLError(refused.message, original_error=refused)
                ]
        yield

    def get_results(self) -> dict[str, Any]:
        return {} if self._requested is None else told_cost(self._requested)

    def _refused(self, document: DocumentNode, operation_name: str | None) -> BadInput | None:
        execution = self.execution_context
        named = operation_of(document, operation_name)
        if isinstance(named, BadInput) or named is None:
            return named
        requested = requested_cost(
            execution.schema._schema, document, named, execution.variables or {}
        )
        self._requested = execution.context.cost = requested
        return too_costly(requested) if requested > MAX_COST else None


def told_cost(requested: int) -> dict[str, Any]:
    """Return a cost as `extensions` tell it."""
    return {"cost": {"requested": requested, "maximum": MAX_COST}}


def requested_cost(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
) -> int:
    """Return what one operation of a valid document may cost, in units; 1 or more."""
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    return cost_of(schema, operation, fragments, variables)


def operation_of(
    document: DocumentNode, name: str | None
) -> OperationDefinitionNode | BadInput | None:
    """Return the operation that is executed; None where there is none of that name."""
    operations = [
        node for node in document.definitions if isinstance(node, OperationDefinitionNode)
    ]
    if name is None:
        if len(operations) > 1:
            return BadInput(
                Code.OPERATION_NOT_NAMED, "Say with `operationName` which one to execute"
            )
        return operations[0] if operations else None
    return next((node for node in operations if node.name and node.name.value == name), None)


def too_costly(requested: int) -> BadInput:
    return BadInput(
        Code.QUERY_TOO_COSTLY,
        f"This may cost {requested:,} units, more than {MAX_COST:,}",
        remedy="Ask for fewer with `first`, or nest fewer lists",
        parameters={"given": requested, "maximum": MAX_COST},
    )
