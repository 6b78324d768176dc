"""A page of customers costs the same number of SQL statements, however long it is."""

from dataclasses import replace
from uuid import uuid4

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type

from db.customers import PostgresCustomerStore
from db.pool import Database
from formats.sample.portfolio import sample_portfolio
from resolvers.records.imports import CustomerImport, HoldingsChange
from schema.schema import make_schema
from tests.schema.api import Api
from tests.schema.conftest import principal_of

PAGE = """
query Page($first: Int!) {
  customers(first: $first) {
    edges { node {
      name ownHoldings { count } foreignHoldings { count }
      subscriptions(first: 20) { edges { node {
        title
        options(first: 1) { ... on OptionConnection { edges { node { readiness } } } }
        blockers { ... on Option { readiness } }
        moreLicenses(extra: 1) { ... on MoreLicenses { shortfall } }
      } } }
      foreign: subscriptions(foreign: true) { totalCount }
      blockers { answer { ... on Option { readiness } } }
    } }
  }
}
"""
PAGE_ALONE, WITH_HOLDINGS = 4, 6
"""BEGIN, the partner, the page and COMMIT; with holdings two more inside."""
WITH_ACCOUNTS = 8
"""The page, and accounts in a transaction of their own."""
OF_A_CUSTOMER = {
    "name": PAGE_ALONE,
    "ownHoldings": WITH_HOLDINGS,
    "foreignHoldings": WITH_HOLDINGS,
    "subscriptions": WITH_HOLDINGS,
    "baseline": WITH_HOLDINGS,
    "blockers": WITH_HOLDINGS,
    "accounts": WITH_ACCOUNTS,
}


@pytest.fixture
async def many(partner: Api, api_database: Database) -> Api:
    """Give a partner with 135 customers: the sample three times over."""
    store = PostgresCustomerStore(api_database)
    for _ in range(3):
        await store.store(principal_of(partner), _with_new_ids(sample_portfolio()))
    return partner


def _with_new_ids(changes: CustomerImport) -> CustomerImport:
    """Return the same under new ids: a subscription is of one customer alone."""
    ids = {one.customer_id: str(uuid4()) for one in changes.customers}
    return CustomerImport(
        tuple(replace(one, customer_id=ids[one.customer_id]) for one in changes.customers),
        tuple(_side(one, ids[one.customer_id]) for one in changes.holdings),
    )


def _side(side: HoldingsChange, customer_id: str) -> HoldingsChange:
    new = {one.subscription_id: str(uuid4()) for one in side.subscriptions}
    held = tuple(
        replace(
            one,
            subscription_id=new[one.subscription_id],
            parent_id=new.get(one.parent_id or "", one.parent_id),
        )
        for one in side.subscriptions
    )
    return replace(side, customer_id=customer_id, subscriptions=held)


async def test_fifty_customers_cost_as_many_statements_as_five(
    many: Api, api_database: Database
) -> None:
    await many.ask("{ catalog { label } }")  # finds this partner's catalog, once for all requests
    costs = {}
    for first in (1, 5, 50, 90):
        before = api_database.statements
        data = await many.ask(PAGE, first=first)
        costs[first] = api_database.statements - before
        assert len(data["customers"]["edges"]) == first
    assert set(costs.values()) == {WITH_HOLDINGS}


def test_every_field_of_a_customer_is_counted_here() -> None:
    kind = make_schema()._schema.type_map["Customer"]
    assert isinstance(kind, GraphQLObjectType)
    of_objects = {
        name for name, field in kind.fields.items() if not is_leaf_type(get_named_type(field.type))
    }
    assert of_objects == OF_A_CUSTOMER.keys() - {"name"}


@pytest.mark.parametrize("field", OF_A_CUSTOMER)
async def test_a_page_reads_holdings_where_a_field_needs_them_and_at_once(
    sample: Api, api_database: Database, field: str
) -> None:
    await sample.ask("{ catalog { label } }")
    before = api_database.statements
    asked = field if field == "name" else field + " { __typename }"
    await sample.ask("{ customers(first: 5) { edges { node { %s } } } }" % asked)
    assert api_database.statements - before == OF_A_CUSTOMER[field]


async def test_questions_about_the_catalog_cost_no_statement(
    sample: Api, api_database: Database
) -> None:
    await sample.ask("{ catalog { label } }")
    before = api_database.statements
    await sample.ask("{ offers(first: 200) { edges { node { transitions { kind } } } } }")
    assert api_database.statements == before
