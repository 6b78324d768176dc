"""Every field of every type answers, over the bundled catalog and the sample portfolio."""

from typing import Any

import orjson
from graphql import GraphQLSchema, build_client_schema, get_introspection_query

from formats.sample_portfolio import sample_customers
from tests.formats import samples
from tests.schema.api import BUSINESS_BASIC, LEGACY_E3, NEW_E3, Api
from tests.schema.selections import Seen, Selector, all_fields, seen_in

APPS_FOR_BUSINESS = "5C9FD4CC-EDCE-44A8-8E91-07DF09744609"
"""One of its upgrades is contested by its sources."""
ADD_ON = "A2706F86-868D-4048-989B-0C69E5C76B63"
NOBODY = "11111111-1111-4111-8111-111111111111"
ARGUMENTS = {
    "Offer.soldIn": 'market: "US"',
    "Customer.subscriptions": "first: 4",
    "Offer.reachable": "first: 3",
    "Subscription.moreLicenses": "extra: 400",
    "Subscription.options": "first: 2",
}
ROOTS = {"Query", "Mutation"}


async def _schema(api: Api) -> GraphQLSchema:
    return build_client_schema(await api.ask(get_introspection_query(descriptions=False)))


async def test_every_field_of_every_type_answers_without_an_error(
    sample: Api, partner: Api
) -> None:
    schema = await _schema(sample)
    seen = await _seen_of_catalog(sample, schema)
    seen |= await _seen_of_customers(sample, schema)
    seen |= await _seen_of_imports(partner, schema)
    assert all_fields(schema, leaving_out=ROOTS) - seen == set()


async def test_every_root_field_is_tried_above(sample: Api) -> None:
    schema = await _schema(sample)
    assert schema.query_type is not None
    assert set(schema.query_type.fields) == {
        *("node", "catalog", "offer", "offers", "paths", "matrix"),
        *("customer", "customers", "blockers"),
    }
    assert schema.mutation_type is not None
    assert set(schema.mutation_type.fields) == {"importCustomers"}


async def _seen_of_catalog(api: Api, schema: GraphQLSchema) -> Seen:
    all_of = Selector(schema, ARGUMENTS, set())
    most_of = Selector(schema, ARGUMENTS, {"Offer"})
    e3 = f'from: "{BUSINESS_BASIC}", to: {{offer: "{NEW_E3}"}}'
    back = f'from: "{NEW_E3}", to: {{offer: "{BUSINESS_BASIC}"}}'
    nobody = f'from: "{NOBODY}", to: {{anyNewCommerce: true}}'
    questions = (
        f"{{ catalog {{ {all_of.fields('Catalog')} }} }}",
        *(
            f'{{ offer(catalogId: "{each}") {{ {all_of.fields("OfferResult")} }} }}'
            for each in (BUSINESS_BASIC, APPS_FOR_BUSINESS, ADD_ON, NEW_E3, NOBODY)
        ),
        f"{{ offers(first: 3) {{ {all_of.fields('OfferConnection')} }} }}",
        *(
            f"{{ paths({given}) {{ {most_of.fields('PathsResult')} }} }}"
            for given in (e3, back, nobody)
        ),
        f'{{ matrix(from: ["{LEGACY_E3}", "{NEW_E3}"], to: ["{NEW_E3}"]) '
        f"{{ {most_of.fields('MatrixResult')} }} }}",
    )
    return await _seen(api, *questions)


async def _seen_of_customers(api: Api, schema: GraphQLSchema) -> Seen:
    shallow = {"Offer", "Path"}
    held = Selector(schema, ARGUMENTS | {"Customer.blockers": None}, shallow)
    judged = Selector(schema, ARGUMENTS, shallow | {"Subscription"})
    shallow = {"Offer", "Path"}
    held = Selector(schema, ARGUMENTS | {"Customer.blockers": None}, shallow)
    judged = Selector(schema, ARGUMENTS, shallow | {"Subscription"})
    page = await api.ask("{ customers(first: 50) { edges { node { customerId } } } }")
    customers = [edge["node"]["customerId"] for edge in page["customers"]["edges"]]
    customers = [each.customer_id for each in sample_customers()[5:9]]
    connection = held.fields("CustomerConnection")
    answer = judged.fields("BlockersResult")
    questions = (
        f"{{ customers(first: 60) {{ {connection} }} }}",
        f'{{ customer(customerId: "{NOBODY}") {{ {judged.fields("CustomerResult")} }} }}',
        *(f'{{ blockers(customerId: "{each}") {{ {answer} }} }}' for each in (*customers, NOBODY)),
        f'{{ blockers(customerId: "{customers[0]}", target: "{NOBODY}") {{ {answer} }} }}',
    )
    return await _seen(api, *questions)


async def _seen_of_imports(api: Api, schema: GraphQLSchema) -> Seen:
    all_of = Selector(schema, ARGUMENTS, set())
    change = (
        "mutation($file: ImportFileInput!) { importCustomers(file: $file) "
        f"{{ {all_of.fields('ImportResult')} }} }}"
    )
    subscription = samples.legacy(offerId=BUSINESS_BASIC) | {"quantity": None}
    without_seats = {"customers": [samples.customer() | {"subscriptions": [subscription]}]}
    files: tuple[dict[str, Any], ...] = (
        {"content": "customer_id,name,colour\n" + NOBODY + ",A,red\n", "name": "a.csv"},
        {"content": "customer_id,name\nnobody,A\n", "name": "b.csv"},
        {
            "content": orjson.dumps(samples.collection(samples.legacy())).decode(),
            "customerId": samples.CUSTOMER,
        },
        {"content": orjson.dumps(without_seats).decode()},
    )
    seen: Seen = set()
    for file in files:
        seen |= set(seen_in(await api.ask(change, file=file)))
    more = """{ customers { edges { node { subscriptions { edges { node {
        moreLicenses(extra: 1) { ... on SeatsNotKnown { %s } } } } } } } } }"""
    return seen | await _seen(api, more % all_of.fields("SeatsNotKnown"))


async def _seen(api: Api, *questions: str) -> Seen:
    seen: Seen = set()
    for question in questions:
        seen |= set(seen_in(await api.ask(question)))
    return seen
