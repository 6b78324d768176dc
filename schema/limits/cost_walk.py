"""What an operation may cost: its fields, each as often as the lists around it may have it.

Fields that are asked for twice in one place are answered once, and so counted once; of a union
only the dearest member is counted. Documents are valid, and within their limits, when they come
here.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    SelectionNode,
    SelectionSetNode,
    TypeMetaFieldDef,
    TypeNameMetaFieldDef,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    value_from_ast_untyped,
)

from resolvers.inputs import MAX_FIRST
from schema.limits.cost_weights import (
    LEAF,
    MICROSECONDS_PER_UNIT,
    OBJECT,
    OF_SCHEMA,
    PAGED,
    PAGES,
    SIZES,
    USUAL_LIST,
    WEIGHTS,
    Given,
    number,
)

Fragments = Mapping[str, FragmentDefinitionNode]
_META: Mapping[str, GraphQLField] = {
    "__schema": SchemaMetaFieldDef,
    "__type": TypeMetaFieldDef,
    "__typename": TypeNameMetaFieldDef,
}
_MOST_UNITS = 10**9
"""What is told of anything dearer: clients read numbers of 32 bits."""


def cost_of(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Fragments,
    variables: Mapping[str, Any],
) -> int:
    """Return what an operation may cost in units, at least 1; of a subscription, each event."""
    root = schema.get_root_type(operation.operation)
    if root is None:
        return 1
    walk = _Walk(schema, fragments, _with_defaults(operation, variables))
    microseconds = walk.cost((operation.selection_set,), root, 1)
    return max(1, min(_MOST_UNITS, round(microseconds / MICROSECONDS_PER_UNIT)))


def _with_defaults(
    operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Mapping[str, Any]:
    defaults = {
        each.variable.name.value: value_from_ast_untyped(each.default_value)
        for each in operation.variable_definitions or ()
        if each.default_value is not None
    }
    return {**defaults, **variables}


class _Walk:
    """Adds up one operation's fields, with the variables of one request."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Fragments, variables: Mapping[str, Any]
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = dict(variables)

    def cost(
        self, sets: tuple[SelectionSetNode, ...], owner: GraphQLNamedType, page: float
    ) -> float:
        """Return the cost of one object of a type; `page` is how long the list inside it is."""
        if is_abstract_type(owner):
            return self._dearest(sets, owner, page)
        if not isinstance(owner, GraphQLObjectType):
            return 0.0
        fields: dict[str, list[FieldNode]] = {}
        for node in self._fields(sets, owner, set()):
            fields.setdefault((node.alias or node.name).value, []).append(node)
        share = OF_SCHEMA if owner.name.startswith("__") else 1.0
        inside = sum(self._field(nodes, owner, page, share) for nodes in fields.values())
        return OBJECT * share + inside

    def _dearest(
        self, sets: tuple[SelectionSetNode, ...], owner: GraphQLAbstractType, page: float
    ) -> float:
        members = self._schema.get_possible_types(owner)
        return max((self.cost(sets, member, page) for member in members), default=0.0)

    def _fields(
        self, sets: Iterable[SelectionSetNode], owner: GraphQLObjectType, spread: set[str]
    ) -> Iterator[FieldNode]:
        """Yield what is asked of an object of a type, each fragment laid out once."""
        for selection in (one for each in sets for one in each.selections):
            if not self._is_asked(selection):
                continue
            if isinstance(selection, FieldNode):
                yield selection
            elif isinstance(selection, InlineFragmentNode):
                if self._fits(selection, owner):
                    yield from self._fields((selection.selection_set,), owner, spread)
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in spread:
                spread.add(selection.name.value)
                named = self._fragments[selection.name.value]
                if self._fits(named, owner):
                    yield from self._fields((named.selection_set,), owner, spread)

    def _fits(
        self, fragment: InlineFragmentNode | FragmentDefinitionNode, owner: GraphQLObjectType
    ) -> bool:
        condition = fragment.type_condition
        if condition is None or condition.name.value == owner.name:
            return True
        named = self._schema.type_map[condition.name.value]
        return is_abstract_type(named) and self._schema.is_sub_type(named, owner)

    def _is_asked(self, selection: SelectionNode) -> bool:
        """Return whether `@skip` and `@include` leave it in; what they do not say stays in."""
        return not any(
            self._condition(one) is (one.name.value == "skip")
            for one in selection.directives or ()
            if one.name.value in ("skip", "include")
        )

    def _condition(self, directive: DirectiveNode) -> object:
        return self._value(directive.arguments[0].value) if directive.arguments else None

    def _field(
        self, nodes: list[FieldNode], owner: GraphQLObjectType, page: float, share: float
    ) -> float:
        name = nodes[0].name.value
        field = _META.get(name) or owner.fields[name]
        place = f"{owner.name}.{name}"
        named = get_named_type(field.type)
        weight = WEIGHTS.get(place)
        given = self._given(nodes[0], field) if field.args else {}
        own = LEAF * share if weight is None else weight(given)
        if is_leaf_type(named):
            return own
        sets = tuple(node.selection_set for node in nodes if node.selection_set is not None)
        inside = self.cost(sets, named, _page(place, field, given, page))
        return own + _length(place, field, page) * inside

    def _given(self, node: FieldNode, field: GraphQLField) -> Given:
        """Return the arguments, defaults also where a variable is named that nobody gave."""
        written = {one.name.value: one.value for one in node.arguments or ()}
        return {
            name: self._value(written[name]) if self._is_given(written.get(name)) else usual
            for name, argument in field.args.items()
            for usual in [argument.default_value]
        }

    def _is_given(self, node: ValueNode | None) -> bool:
        if isinstance(node, VariableNode):
            return node.name.value in self._variables
        return node is not None

    def _value(self, node: ValueNode) -> Any:
        value = value_from_ast_untyped(node, self._variables)
        return None if value is Undefined else value


def _page(place: str, field: GraphQLField, given: Given, page: float) -> float:
    """Return how long the list is that is cut by this field, or by one around it."""
    if place in PAGES:
        return PAGES[place](given)
    if "first" not in field.args:
        return page
    usual = field.args["first"].default_value
    return number(given.get("first"), usual if isinstance(usual, int) else 1, MAX_FIRST)


def _length(place: str, field: GraphQLField, page: float) -> float:
    if not is_list_type(get_nullable_type(field.type)):
        return SIZES.get(place, 1.0)
    if place in PAGED or place.endswith("Connection.edges"):
        return page
    return SIZES.get(place, USUAL_LIST)
