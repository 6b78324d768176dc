"""How many objects a request may ask for, counted before anything is looked up."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    value_from_ast_untyped,
)
from strawberry.extensions import SchemaExtension

from resolvers.inputs import MAX_FIRST
from resolvers.problems import BadInput

MAX_OBJECTS = 100_000
_FIRST = "first"
_WEIGHTS: Mapping[str, int] = {
    "Query.planFor": 5_000,
    "Mutation.savePlan": 5_000,
    "Query.portfolio": 20_000,
    "Query.portfolioWaves": 20_000,
    "Query.explain": 100,
    "Subscription.tradeOffs": 40,
    "Subscription.moreLicenses": 10,
    "Subscription.priceComparison": 10,
}
"""Fields that take longer than what they give tells: some 100 microseconds count as one object."""


class CostLimit(SchemaExtension):
    """Refuses a request that asks for too many objects, and one whose operation is not named."""

    def on_validate(self) -> Iterator[None]:
        execution = self.execution_context
        document = execution.graphql_document
        if document is not None and not execution.pre_execution_errors:
            refused = _refused(
                execution.schema._schema,
                document,
                execution._provided_operation_name,
                execution.variables or {},
            )
            if refused is not None:
                execution.pre_execution_errors = [
                    GraphQLError(refused.message, original_error=refused)
                ]
        yield


def _refused(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation_name: str | None,
    variables: Mapping[str, Any],
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
    counter = _Counter(schema, fragments)
    for operation in operations:
        if operation_name in (None, operation.name and operation.name.value):
            counter.add_operation(operation, variables)
    if counter.objects <= MAX_OBJECTS:
        return None
    return BadInput(
        "QUERY_TOO_COSTLY",
        f"This may ask for {counter.objects} objects, more than {MAX_OBJECTS}",
        remedy="Ask for fewer with `first`, or nest fewer lists",
    )


class _Counter:
    """Counts the most objects that lists may give: each multiplies what is asked inside it.

    Documents are valid when they come here.
    """

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode]
    ) -> None:
        self.objects = 0
        self._schema = schema
        self._fragments = fragments
        self._variables: dict[str, Any] = {}

    def add_operation(
        self, operation: OperationDefinitionNode, variables: Mapping[str, Any]
    ) -> None:
        defaults = {
            each.variable.name.value: value_from_ast_untyped(each.default_value)
            for each in operation.variable_definitions or ()
            if each.default_value is not None
        }
        self._variables = {**defaults, **variables}
        root = self._schema.get_root_type(operation.operation)
        self._add(operation.selection_set, root, 1)

    def _add(
        self, selections: SelectionSetNode | None, owner: GraphQLNamedType | None, times: int
    ) -> None:
        for selection in selections.selections if selections else ():
            # Beyond the limit nothing more is counted, so that no document is worth the walk.
            if self.objects > MAX_OBJECTS:
                return
            if isinstance(selection, FieldNode):
                self._add_field(selection, owner, times)
            elif isinstance(selection, InlineFragmentNode):
                self._add(selection.selection_set, self._of(selection, owner), times)
            elif isinstance(selection, FragmentSpreadNode):
                named = self._fragments[selection.name.value]
                self._add(named.selection_set, self._of(named, owner), times)

    def _of(
        self,
        fragment: InlineFragmentNode | FragmentDefinitionNode,
        owner: GraphQLNamedType | None,
    ) -> GraphQLNamedType | None:
        condition = fragment.type_condition
        return owner if condition is None else self._schema.type_map[condition.name.value]

    def _add_field(self, node: FieldNode, owner: GraphQLNamedType | None, times: int) -> None:
        name = node.name.value
        fields: Mapping[str, GraphQLField] = getattr(owner, "fields", {})
        if owner is None or name not in fields:
            return  # __typename, and introspection of the schema itself
        field = fields[name]
        self.objects += times * _WEIGHTS.get(f"{owner.name}.{name}", 0)
        inside = times * self._multiplier(node, field)
        if inside > times or _FIRST in field.args:
            self.objects += inside
        self._add(node.selection_set, get_named_type(field.type), inside)

    def _multiplier(self, node: FieldNode, field: GraphQLField) -> int:
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        if node.name.value == "matrix":
            return self._length(given.get("from")) * self._length(given.get("to"))
        if _FIRST not in field.args:
            return 1
        usual = field.args[_FIRST].default_value
        first = self._value(given.get(_FIRST), usual)
        # What is out of range is refused by the field itself.
        return first if isinstance(first, int) and 1 <= first <= MAX_FIRST else 1

    def _value(self, node: ValueNode | None, usual: object) -> object:
        if node is None or (
            isinstance(node, VariableNode) and node.name.value not in self._variables
        ):
            return usual
        return value_from_ast_untyped(node, self._variables)

    def _length(self, node: ValueNode | None) -> int:
        given = self._value(node, None)
        return max(1, len(given)) if isinstance(given, list) else 1
