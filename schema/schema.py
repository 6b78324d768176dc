"""The schema, put together once: query, mutation, scalars, rules and limits."""

import strawberry
from graphql import GraphQLError
from strawberry.extensions import (
    AddValidationRules,
    MaxAliasesLimiter,
    MaxTokensLimiter,
    ParserCache,
    QueryDepthLimiter,
    SchemaExtension,
    ValidationCache,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

import schema.enums  # noqa: F401  (registers the planner's enumerations)
from schema.catalog import Catalog
from schema.cost import CostLimit
from schema.customer import Customer
from schema.imports import ImportMutation
from schema.plan_mutation import PlanMutation
from schema.query import Query
from schema.scalars import SCALARS
from schema.subscription import Subscription

MAX_DEPTH = 18
MAX_ALIASES = 60
MAX_TOKENS = 4_000
_DOCUMENTS_KEPT = 256

# Made once: rules made per request would differ from each other and defeat the validation cache.
_LIMITS = (
    *QueryDepthLimiter(max_depth=MAX_DEPTH).validation_rules,
    *MaxAliasesLimiter(max_alias_count=MAX_ALIASES).validation_rules,
)


class Limits(AddValidationRules):
    """The limits on documents, as the same rules for every request."""

    def __init__(self) -> None:
        super().__init__(list(_LIMITS))


def _tokens() -> SchemaExtension:
    return MaxTokensLimiter(max_token_count=MAX_TOKENS)


def _parsed() -> SchemaExtension:
    return ParserCache(maxsize=_DOCUMENTS_KEPT)


def _validated() -> SchemaExtension:
    return ValidationCache(maxsize=_DOCUMENTS_KEPT)


@strawberry.type
class Mutation(ImportMutation, PlanMutation):
    pass


class OfferpathSchema(strawberry.Schema):
    """Leaves errors to `schema.errors`, which logs faults and nothing else."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        del errors, execution_context


def make_schema(*more: type[SchemaExtension]) -> OfferpathSchema:
    """Return the schema with its limits and, behind them, further extensions."""
    return OfferpathSchema(
        query=Query,
        mutation=Mutation,
        types=[Catalog, Customer, Subscription],
        extensions=[_tokens, Limits, _parsed, _validated, CostLimit, *more],
        config=StrawberryConfig(scalar_map=SCALARS),
    )
