"""Relay's object identification and connections, held to their specifications."""

import base64
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_client_schema,
    get_introspection_query,
    get_named_type,
)
from starlette.applications import Starlette

from db.pool import Database
from planner.permissions import Role
from schema.print import FILE, printed
from schema.relay.node import global_id
from tests.schema.api import BUSINESS_BASIC, Api
from tests.schema.conftest import partner_with_sample

OF_EVERYBODY = {"Catalog", "Offer"}
NODES = OF_EVERYBODY | {"ApiKey", "AuditEntry", "Customer", "Job", "SavedPlan", "Subscription"}
CONNECTIONS = {
    *("AffectedAccount", "ApiKey", "AuditEntry", "Customer", "Offer", "OfferWithServices"),
    *("Option", "Reachable", "SavedPlan", "Subscription"),
}
PAGED = {
    *("Query.apiKeys", "Query.auditEntries", "Query.customers", "Query.offers", "Query.plans"),
    *("Query.offersWithServices", "Offer.reachable", "Customer.subscriptions"),
    *("Subscription.options", "AffectedAccounts.accounts"),
}
NODE = "query($id: ID!) { node(id: $id) { __typename id } }"


@pytest_asyncio.fixture(scope="session")
async def saving(app: Starlette, api_database: Database) -> Api:
    """Give the view of a partner with the sample portfolio, that may save plans."""
    return await partner_with_sample(app, api_database)


async def _schema(api: Api) -> GraphQLSchema:
    return build_client_schema(await api.ask(get_introspection_query()))


async def _ids(api: Api) -> dict[str, str]:
    data = await api.ask(
        """query($offer: String!) {
          catalog { id } offer(catalogId: $offer) { ... on Offer { id } }
          customers(text: "northgate") { edges { node { id
            subscriptions { edges { node { id } } } } } }
        }""",
        offer=BUSINESS_BASIC,
    )
    customer = data["customers"]["edges"][0]["node"]
    plan = await api.ask(
        """mutation($id: String!) { savePlan(customerId: $id) { ... on SavedPlan { id } } }""",
        id=base64.urlsafe_b64decode(customer["id"]).decode().partition(":")[2],
    )
    key = await api.signed_in().ask(
        """mutation { createApiKey(input: {name: "x"}) {
            ... on ApiKeyCreated { apiKey { id } } } }"""
    )
    job_id = str(uuid4())
    await api.ask(
        """mutation($id: String!) {
            importCustomers(file: {content: ""}, jobId: $id) { __typename } }""",
        id=job_id,
    )
    job = await api.ask("query($id: String!) { job(jobId: $id) { id } }", id=job_id)
    audit = await api.ask("{ auditEntries(first: 1) { edges { node { id } } } }")
    return {
        "ApiKey": key["createApiKey"]["apiKey"]["id"],
        "AuditEntry": audit["auditEntries"]["edges"][0]["node"]["id"],
        "Catalog": data["catalog"]["id"],
        "Offer": data["offer"]["id"],
        "Customer": customer["id"],
        "Job": job["job"]["id"],
        "SavedPlan": plan["savePlan"]["id"],
        "Subscription": customer["subscriptions"]["edges"][0]["node"]["id"],
    }


@pytest.mark.parametrize("name", sorted(NODES))
async def test_an_id_gives_back_what_it_is_the_id_of(saving: Api, name: str) -> None:
    given = (await _ids(saving))[name]
    assert await saving.ask(NODE, id=given) == {"node": {"__typename": name, "id": given}}


async def test_a_subscription_of_others_has_an_id_too(sample: Api) -> None:
    data = await sample.ask(
        """{ customers(text: "oakline") { edges { node {
            subscriptions(foreign: true) { edges { node { id } } } } } } }"""
    )
    (edge,) = data["customers"]["edges"][0]["node"]["subscriptions"]["edges"]
    told = await sample.ask(
        "query($id: ID!) { node(id: $id) { ... on Subscription { seller } } }",
        id=edge["node"]["id"],
    )
    assert told == {"node": {"seller": "ANOTHER_PARTNER"}}


@pytest.mark.parametrize("name", sorted(NODES - OF_EVERYBODY))
async def test_another_partner_has_nothing_under_that_id(
    saving: Api, partner: Api, name: str
) -> None:
    given = (await _ids(saving))[name]
    assert await partner.ask(NODE, id=given) == {"node": None}


async def test_an_audit_entry_is_given_back_to_admin_agents_alone(saving: Api) -> None:
    given = (await _ids(saving))["AuditEntry"]
    assert await saving.acting_as(Role.SALES_AGENT).refused(NODE, id=given) == "NOT_PERMITTED"
    told = await saving.acting_as(Role.ADMIN_AGENT).ask(NODE, id=given)
    assert told == {"node": {"__typename": "AuditEntry", "id": given}}
    for key in ("11111111-1111-4111-8111-111111111111", "x", ""):
        assert await saving.ask(NODE, id=global_id("AuditEntry", key)) == {"node": None}


async def test_types_with_an_id_are_nodes_and_all_nodes_are_found(sample: Api) -> None:
    schema = await _schema(sample)
    objects = [each for each in schema.type_map.values() if isinstance(each, GraphQLObjectType)]
    with_id = {each.name for each in objects if "id" in each.fields}
    nodes = {
        each.name for each in objects if "Node" in [interface.name for interface in each.interfaces]
    }
    assert with_id == nodes == NODES


async def test_node_is_as_relay_wants_it(sample: Api) -> None:
    schema = await _schema(sample)
    node = schema.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    assert str(node.fields["id"].type) == "ID!"
    assert schema.query_type is not None
    root = schema.query_type.fields["node"]
    assert str(root.type) == "Node"
    assert str(root.args["id"].type) == "ID!"


async def test_every_connection_has_relays_shape(sample: Api) -> None:
    schema = await _schema(sample)
    connections = [name for name in schema.type_map if name.endswith("Connection")]
    assert sorted(connections) == sorted(f"{each}Connection" for each in CONNECTIONS)
    for name in connections:
        fields = _fields(schema, name)
        assert fields["pageInfo"] == "PageInfo!"
        edge = name.removesuffix("Connection") + "Edge"
        assert fields["edges"] == f"[{edge}!]!"
        assert fields["totalCount"] == "Int!"
        assert _fields(schema, edge)["cursor"] == "String!"
        assert "node" in _fields(schema, edge)
    assert _fields(schema, "PageInfo") == {
        "hasNextPage": "Boolean!",
        "hasPreviousPage": "Boolean!",
        "startCursor": "String",
        "endCursor": "String",
    }


async def test_every_field_with_a_connection_pages_forwards(sample: Api) -> None:
    schema = await _schema(sample)
    found = set()
    for each in schema.type_map.values():
        if isinstance(each, GraphQLObjectType):
            for name, field in each.fields.items():
                if _gives_a_connection(field):
                    found.add(f"{each.name}.{name}")
                    assert isinstance(field.args["first"].type, GraphQLNonNull)
                    assert str(field.args["after"].type) == "String"
    assert found == PAGED


async def test_the_committed_schema_is_the_one_that_is_served(sample: Api) -> None:
    assert FILE.read_text(encoding="utf-8") == printed()
    committed = await _schema(sample)
    assert {"Query", "Mutation", *NODES} <= set(committed.type_map)


def _gives_a_connection(field: GraphQLField) -> bool:
    """Return whether a field's type is a connection, or a union that has one."""
    of = get_named_type(field.type)
    kinds = of.types if isinstance(of, GraphQLUnionType) else (of,)
    return any(kind.name.endswith("Connection") for kind in kinds)


def _fields(schema: GraphQLSchema, name: str) -> dict[str, str]:
    found: Any = schema.type_map[name]
    return {field: str(each.type) for field, each in found.fields.items()}
