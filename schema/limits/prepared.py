"""Documents parsed, measured and validated once, and kept for whoever sends them again."""

import re
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse, specified_rules, validate
from graphql.validation import ASTValidationRule
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from resolvers.codes.code import Code
from resolvers.problems import BadInput
from schema.limits.size import MAX_TOKENS, excess, size_of
from schema.spans import span

KEPT_CHARACTERS = 512 * 1024
"""Of all documents that are kept together; parsed, they take some 90 times as much."""
_KEPT_DOCUMENTS = 512
_LONGEST_SHARE = 16
_SUGGESTION = re.compile(r" Did you mean .*\?$", re.DOTALL)
_MOST_ERRORS = 20
"""Told of one document."""
RULES: Collection[type[ASTValidationRule]] = (
    *specified_rules,
    MaybeNullValidationRule,
    OneOfInputValidationRule,
)
"""Made once: the same rules for every document."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that is GraphQL, and what is wrong with it."""

    document: DocumentNode
    errors: tuple[GraphQLError, ...]


class PreparedDocuments:
    """The documents asked last, within a bound on their characters. A schema has one of these.

    What is no GraphQL at all is not kept, and neither are documents of more than a sixteenth of
    the room.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        introspection: bool = True,
        kept_characters: int = KEPT_CHARACTERS,
    ) -> None:
        """Without `introspection` nothing of the schema is told, nor are names suggested."""
        self.introspection = introspection
        self._schema = schema
        self._room = kept_characters
        self._taken = 0
        self._kept: OrderedDict[str, Prepared] = OrderedDict()
        self._known: dict[str, Prepared] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, prepared: Mapping[str, Prepared]) -> None:
        """Keep documents for good, by their texts, whatever else is asked."""
        self._known.update(prepared)

    def of(self, text: str) -> Prepared:
        """Return a document with its errors. Raises: GraphQLError for one that is no GraphQL."""
        if (known := self._known.get(text)) is not None:
            return known
        if (found := self._kept.get(text)) is not None:
            self._kept.move_to_end(text)
            return found
        prepared = self._prepared(text)
        if len(text) <= self._room // _LONGEST_SHARE:
            self._keep(text, prepared)
        return prepared

    def _keep(self, text: str, prepared: Prepared) -> None:
        self._kept[text] = prepared
        self._taken += len(text)
        while self._taken > self._room or len(self._kept) > _KEPT_DOCUMENTS:
            forgotten, _ = self._kept.popitem(last=False)
            self._taken -= len(forgotten)

    def _prepared(self, text: str) -> Prepared:
        with span("graphql.parse"):
            document = parsed(text)
        refused = excess(size_of(document), introspection=self.introspection)
        if refused is not None:
            return Prepared(document, (GraphQLError(refused.message, original_error=refused),))
        with span("graphql.validate"):
            return Prepared(document, self._errors(document))

    def _errors(self, document: DocumentNode) -> tuple[GraphQLError, ...]:
        hides = not self.introspection
        found = validate(
            self._schema, document, RULES, max_errors=_MOST_ERRORS, hide_suggestions=hides
        )
        return tuple(map(_readable, found))


def _readable(error: GraphQLError) -> GraphQLError:
    """Return an error as one of the document, where Python could not read a number of it."""
    if type(error.original_error) is not ValueError:
        return error
    told = "A number has more digits than can be read."
    return GraphQLError(told, error.nodes, error.source, error.positions)


def parsed(text: str) -> DocumentNode:
    """Return the document of a text.

    Raises: GraphQLError, that of BadInput TOO_MANY_TOKENS for a text of more than MAX_TOKENS.
    """
    try:
        return parse(text, max_tokens=MAX_TOKENS)
    except GraphQLError as error:
        if f"more than {MAX_TOKENS} tokens" not in error.message:
            raise
        refused = BadInput(
            Code.TOO_MANY_TOKENS,
            f"The document has more than {MAX_TOKENS:,} words and signs",
            parameters={"maximum": MAX_TOKENS},
        )
        raise GraphQLError(refused.message, original_error=refused) from None


def without_suggestion(message: str) -> str:
    """Return an error's message without the names that it suggests."""
    return _SUGGESTION.sub("", message)


class UsePrepared(SchemaExtension):
    """Takes a request's document, parsed and validated, from those that are kept."""

    def __init__(self, documents: PreparedDocuments) -> None:
        self._documents = documents
        self._prepared: Prepared | None = None

    def on_parse(self) -> Iterator[None]:
        execution = self.execution_context
        if execution.query:
            # What it raises is answered as an error before execution.
            self._prepared = self._documents.of(execution.query)
            execution.graphql_document = self._prepared.document
        yield

    def on_validate(self) -> Iterator[None]:
        if self._prepared is not None:
            self.execution_context.pre_execution_errors = list(self._prepared.errors)
        yield
