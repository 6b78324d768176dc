"""Every field of every type answers, over the bundled catalog and the sample portfolio."""

from typing import Any
from uuid import uuid4

import orjson
import pytest
from graphql import (
    GraphQLSchema,
    build_client_schema,
    get_introspection_query,
)
from starlette.applications import Starlette

from db.pool import Database
from formats.sample.portfolio import sample_customers
from schema.customers import portfolio
from tests.formats import samples
from tests.schema.api import BUSINESS_BASIC, Api
from tests.schema.conftest import partner_with_sample
from tests.schema.every_question import (
    ARGUMENTS,
    NOBODY,
    of_blockers,
    of_catalog,
    of_customers,
    of_nobody,
    of_portfolio,
    selector,
)
from tests.schema.selections import Seen, Selector, all_fields, seen_in

CUSTOMERS_ON_A_PAGE = 20
ROOTS = {"Query", "Mutation", "SubscriptionRoot"}
EVENTS = {"CatalogChanged", "CustomersChanged", "PlanChanged", "PortfolioRun"}
"""What subscriptions yield; tests/offerpath/subscriptions asks for every field of it."""
OF_CATALOG = {
    *("node", "catalog", "offer", "offers", "paths", "matrix"),
    *("compare", "betterVersions", "offersWithServices", "explain"),
}
OF_CUSTOMERS = {"customer", "customers", "blockers"}
OF_PORTFOLIO = {"portfolio", "portfolioWaves"}
OF_PLANS = {"planFor", "plan", "plans", "comparePlans"}
OF_SIGN_IN = {"viewer", "apiKeys", "auditEntries", "job"}
CHANGES = {"importCustomers", "savePlan", "approvePlan", "rejectPlan", "markPlanStep"} | {
    "createApiKey",
    "revokeApiKey",
}


async def _schema(api: Api) -> GraphQLSchema:
    return build_client_schema(await api.ask(get_introspection_query(descriptions=False)))


async def test_every_field_of_every_type_answers_without_an_error(
    sample: Api,
    partner: Api,
    app: Starlette,
    api_database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    schema = await _schema(sample)
    planning = await partner_with_sample(app, api_database)
    seen = await _seen(sample, *of_catalog(schema))
    pages = await _pages_of_customers(sample)
    for page in pages:
        seen |= await _seen(sample, *of_customers(schema, page))
    seen |= await _seen(sample, *of_nobody(schema, pages[0]), *of_blockers(schema))
    with monkeypatch.context() as hurried:
        seen |= await _seen(sample, *of_portfolio(schema))
        hurried.setattr(portfolio, "MAX_WAVE_ROWS", 1)
        seen |= await _seen(sample, *of_portfolio(schema))
    seen |= await _seen_of_plans(planning, schema)
    seen |= await _seen_of_imports(partner, schema)
    seen |= await _seen_of_keys(partner.signed_in(), schema)
    assert sorted(all_fields(schema, leaving_out=ROOTS | EVENTS) - seen) == []


async def test_every_root_field_is_tried_above(sample: Api) -> None:
    schema = await _schema(sample)
    assert schema.query_type is not None
    assert set(schema.query_type.fields) == OF_CATALOG | OF_CUSTOMERS | OF_PORTFOLIO | (
        OF_PLANS | OF_SIGN_IN
    )
    assert schema.mutation_type is not None
    assert set(schema.mutation_type.fields) == CHANGES


async def _pages_of_customers(api: Api) -> list[str]:
    """Return the arguments of each page; a page is so short that no question of it is too dear."""
    size = f"first: {CUSTOMERS_ON_A_PAGE}"
    pages = [size]
    while True:
        told = await api.ask(
            f"{{ customers({pages[-1]}) {{ pageInfo {{ hasNextPage endCursor }} }} }}"
        )
        if not told["customers"]["pageInfo"]["hasNextPage"]:
            return pages
        pages.append(f'{size}, after: "{told["customers"]["pageInfo"]["endCursor"]}"')


def _customer(name: str) -> str:
    return next(one.customer_id for one in sample_customers() if one.name.startswith(name))


async def _seen_of_plans(api: Api, schema: GraphQLSchema) -> Seen:
    def fields(name: str, whole: str = "") -> str:
        return selector(schema, whole=whole).fields(name)

    rowan = _customer("Rowan")
    kept = "mutation($id: String!) { savePlan(customerId: $id%s) { ... on SavedPlan { planId } } }"
    ids = []
    for given in ("", ", input: {without: [UPGRADE]}"):
        saved = await api.ask(kept % given, id=rowan)
        ids.append(saved["savePlan"]["planId"])
    first, second = ids
    read = "... on SavedPlan { fingerprint plan { steps { key } } }"
    told = await api.ask(f'{{ plan(planId: "{first}") {{ {read} }} }}')
    print_, key = told["plan"]["fingerprint"], told["plan"]["plan"]["steps"][0]["key"]
    asked = [
        f'planFor(customerId: "{_customer(each)}") {{ {fields("PlanForResult")} }}'
        for each in ("Rowan", "Fresh Add-on", "Hollyhock", "Alder")
    ]
    gone = f'input: {{whatIf: {{cancelled: ["{NOBODY}"]}}}}'
    asked += [
        f'planFor(customerId: "{rowan}", {gone}) {{ {fields("PlanForResult")} }}',
        f'plan(planId: "{uuid4()}") {{ {fields("SavedPlanResult")} }}',
        f'comparePlans(oldPlanId: "{first}", newPlanId: "{second}") '
        f"{{ {fields('ComparePlansResult')} }}",
        f'plans(customerId: "{rowan}") {{ {fields("SavedPlanConnection", "SavedPlan")} }}',
    ]
    decision = fields("PlanDecision", "SavedPlan")
    changes = [
        f'approvePlan(planId: "{first}", fingerprint: "x") {{ {decision} }}',
        f'approvePlan(planId: "{first}", fingerprint: "{print_}") {{ {decision} }}',
        f'markPlanStep(planId: "{first}", stepKey: "{key}", mark: DONE) {{ {decision} }}',
        f'rejectPlan(planId: "{second}") {{ {decision} }}',
        f'savePlan(customerId: "{rowan}") {{ {fields("SavePlanResult", "SavedPlan")} }}',
    ]
    documents = [f"{{ {each} }}" for each in asked] + [f"mutation {{ {each} }}" for each in changes]
    return await _seen(api, *documents)


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
        seen |= seen_in(await api.ask(change, file=file))
    seen |= await _seen_of_jobs(api, all_of.fields("Job"))
    more = """{ customers { edges { node { subscriptions { edges { node {
        moreLicenses(extra: 1) { ... on SeatsNotKnown { %s } } } } } } } } }"""
    return seen | await _seen(api, more % all_of.fields("SeatsNotKnown"))


async def _seen_of_jobs(api: Api, selection: str) -> Seen:
    ids = (str(uuid4()), str(uuid4()))
    work = (
        f'mutation {{ importCustomers(file: {{content: ""}}, jobId: "{ids[0]}") {{ __typename }} }}'
    )
    await api.ask(work)
    return await _seen(api, *(f'{{ job(jobId: "{each}") {{ {selection} }} }}' for each in ids))


async def _seen_of_keys(api: Api, schema: GraphQLSchema) -> Seen:
    def fields(name: str) -> str:
        return selector(schema, whole="ApiKey").fields(name)

    told = "... on ApiKeyCreated { apiKey { keyId } }"
    made = await api.ask(f'mutation {{ createApiKey(input: {{name: "x"}}) {{ {told} }} }}')
    key_id = made["createApiKey"]["apiKey"]["keyId"]
    create = fields("CreateApiKeyResult")
    revoke = fields("RevokeApiKeyResult")
    return await _seen(
        api,
        f"{{ viewer {{ {fields('Viewer')} }} }}",
        f'mutation {{ createApiKey(input: {{name: "y"}}) {{ {create} }} }}',
        f'mutation {{ createApiKey(input: {{name: "z", roles: []}}) {{ {create} }} }}',
        f"{{ apiKeys {{ {fields('ApiKeyConnection')} }} }}",
        f"{{ auditEntries {{ {fields('AuditEntryConnection')} }} }}",
        f'mutation {{ revokeApiKey(keyId: "{key_id}") {{ {revoke} }} }}',
        f'mutation {{ revokeApiKey(keyId: "{NOBODY}") {{ {revoke} }} }}',
    )


async def _seen(api: Api, *questions: str) -> Seen:
    seen: Seen = set()
    for question in questions:
        seen |= seen_in(await api.ask(question))
    return seen
