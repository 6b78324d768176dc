"""The schema, put together once: query, mutation, scalars, rules and limits."""

import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from schema.access.api_key import ApiKeyMutation
from schema.catalog.catalog import Catalog
from schema.customers.customer import Customer
from schema.customers.imports import ImportMutation
from schema.customers.subscription import Subscription
from schema.described import described
from schema.execution import TidyExecutor
from schema.limits.cost import CostLimit
from schema.limits.cost_weights import WEIGHTS
from schema.limits.deadline import look_at_the_clock
from schema.limits.prepared import PreparedDocuments, UsePrepared, without_suggestion
from schema.limits.rate import TakeCost
from schema.plain_fields import read_plainly
from schema.plain_values import write_plainly
from schema.plans.mutation import PlanMutation
from schema.query import Query
from schema.scalars import SCALARS
from schema.streams.root import SubscriptionRoot


@strawberry.type
class Mutation(ImportMutation, PlanMutation, ApiKeyMutation):
    pass


class OfferpathSchema(strawberry.Schema):
    """Leaves errors to `schema.errors.shown`, which logs faults and nothing else.

    But for the names that they suggest, where nothing is to be told of the schema.
    """

    documents: PreparedDocuments

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        del execution_context
        if not self.documents.introspection:
            for error in errors:
                error.message = without_suggestion(error.message)


def make_schema(*more: type[SchemaExtension], introspection: bool = True) -> OfferpathSchema:
    """Return the schema with its limits and, behind them, further extensions.

    Without `introspection` it tells nothing of itself, and suggests no names.
    """

    def prepared() -> SchemaExtension:
        return UsePrepared(made.documents)

    made = OfferpathSchema(
        query=Query,
        mutation=Mutation,
        subscription=SubscriptionRoot,
        types=[Catalog, Customer, Subscription],
        extensions=[prepared, CostLimit, TakeCost, *more],
        execution_context_class=TidyExecutor,
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    described(made._schema)
    read_plainly(made._schema, made.schema_converter)
    write_plainly(made._schema)
    made.documents = PreparedDocuments(made._schema, introspection=introspection)
    look_at_the_clock(made._schema, WEIGHTS)
    return made
