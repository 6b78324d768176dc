"""How many objects a request may ask for, counted before anything is looked up."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)
from strawberry.extensions import SchemaExtension

from resolvers.inputs import MAX_FIRST
from resolvers.problems import BadInput

MAX_OBJECTS = 100_000
DEFAULT_FIRST: Mapping[str, int] = {
    "offers": 20,
    "reachable": 20,
    "paths": 3,
    "customers": 20,
    "subscriptions": 50,
    "options": 20,
    "plans": 20,
    "offersWithServices": 20,
    "accounts": 50,
}
"""Fields that take `first`, with the default that the schema gives it (a test compares them)."""

_WEIGHTS: Mapping[str, int] = {"planFor": 5_000, "savePlan": 5_000}
"""Fields that take up to seconds, whatever they give: twenty of them are enough for a request."""


class CostLimit(SchemaExtension):
    """Refuses a request that asks for too many objects, and one whose operation is not named."""

    def on_validate(self) -> Iterator[None]:
        execution = self.execution_context
        document = execution.graphql_document
        if document is not None and not execution.pre_execution_errors:
            refused = _refused(
                document, execution._provided_operation_name, execution.variables or {}
            )
            if refused is not None:
                execution.pre_execution_errors = [
                    GraphQLError(refused.message, original_error=refused)
                ]
        yield


def _refused(
    document: DocumentNode, operation_name: str | None, variables: Mapping[str, Any]
) -> BadInput | None:
    operations = [
        node for node in document.definitions if isinstance(node, OperationDefinitionNode)
    ]
    if operation_name is None and len(operations) > 1:
        return BadInput("OPERATION_NOT_NAMED", "Say with `operationName` which one to execute")
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    counter = _Counter(fragments, variables)
    for operation in operations:
        if operation_name in (None, operation.name and operation.name.value):
            counter.add(operation.selection_set, 1)
    if counter.objects <= MAX_OBJECTS:
        return None
    return BadInput(
        "QUERY_TOO_COSTLY",
        f"This may ask for {counter.objects} objects, more than {MAX_OBJECTS}",
        remedy="Ask for fewer with `first`, or nest fewer lists",
    )


class _Counter:
    """Counts the most objects that lists may give: each multiplies what is asked inside it."""

    def __init__(
        self, fragments: Mapping[str, FragmentDefinitionNode], variables: Mapping[str, Any]
    ) -> None:
        self.objects = 0
        self._fragments = fragments
        self._variables = variables

    def add(self, selections: SelectionSetNode | None, times: int) -> None:
        for selection in selections.selections if selections else ():
            # Beyond the limit nothing more is counted, so that no document is worth the walk.
            if self.objects > MAX_OBJECTS:
                return
            if isinstance(selection, FieldNode):
                self._add_field(selection, times)
            elif isinstance(selection, InlineFragmentNode):
                self.add(selection.selection_set, times)
            elif isinstance(selection, FragmentSpreadNode):
                self.add(self._fragments[selection.name.value].selection_set, times)

    def _add_field(self, field: FieldNode, times: int) -> None:
        self.objects += times * _WEIGHTS.get(field.name.value, 0)
        inside = times * self._multiplier(field)
        if inside > times or field.name.value in DEFAULT_FIRST:
            self.objects += inside
        self.add(field.selection_set, inside)

    def _multiplier(self, field: FieldNode) -> int:
        arguments = {argument.name.value: argument.value for argument in field.arguments or ()}
        name = field.name.value
        if name == "matrix":
            return self._length(arguments.get("from")) * self._length(arguments.get("to"))
        if name not in DEFAULT_FIRST or not (arguments or field.selection_set):
            return 1
        first = self._value(arguments.get("first"), DEFAULT_FIRST[name])
        # What is out of range is refused by the field itself.
        return first if isinstance(first, int) and 1 <= first <= MAX_FIRST else 1

    def _value(self, node: ValueNode | None, default: int) -> object:
        if isinstance(node, VariableNode):
            return self._variables.get(node.name.value, default)
        return int(node.value) if isinstance(node, IntValueNode) else default

    def _length(self, node: ValueNode | None) -> int:
        if isinstance(node, VariableNode):
            given = self._variables.get(node.name.value)
            return max(1, len(given)) if isinstance(given, list) else 1
        return max(1, len(node.values)) if isinstance(node, ListValueNode) else 1
