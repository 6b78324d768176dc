"""Every field of every type answers, over the bundled catalog and the sample portfolio.

A field that takes arguments and gives objects is a question of its own: it is asked alone, with
all that is inside it, so that no document grows beyond what the API takes.
"""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import orjson
import pytest
from graphql import (
    GraphQLSchema,
    build_client_schema,
    get_introspection_query,
    get_named_type,
    is_leaf_type,
)
from starlette.applications import Starlette

from db.pool import Database
from formats.sample.portfolio import sample_customers
from schema.customers import portfolio
from schema.relay.node import global_id
from tests.formats import samples
from tests.schema.api import BUSINESS_BASIC, LEGACY_E3, NEW_BASIC, NEW_E1, NEW_E3, Api, new_partner
from tests.schema.conftest import store_sample
from tests.schema.selections import Seen, Selector, all_fields, seen_in

APPS_FOR_BUSINESS = "5C9FD4CC-EDCE-44A8-8E91-07DF09744609"
"""One of its upgrades is contested by its sources."""
ADD_ON = "A2706F86-868D-4048-989B-0C69E5C76B63"
NOBODY = "11111111-1111-4111-8111-111111111111"
TEAMS = "57ff2da0-773e-42df-b2af-ffb7a2317929"
WITHOUT_SERVICES = "CFQ7TTC0HDK0:0001"
EMS_E3, EMS_E5 = "CFQ7TTC0LHT4:0001", "CFQ7TTC0LFJ1:0001"
CUSTOMERS_ON_A_PAGE = 30
OWNERS = ("Customer", "Offer", "Subscription")
"""Types whose questions are asked one by one."""
ARGUMENTS = {
    "Offer.soldIn": 'market: "US"',
    "Customer.subscriptions": "first: 4",
    "Offer.reachable": "first: 3",
    "Subscription.moreLicenses": "extra: 400",
    "Subscription.options": "first: 2",
    "AffectedAccounts.accounts": "first: 3",
    "Subscription.serviceConflicts": f'target: "{NEW_E3}"',
}
SHALLOW = {"Offer", "Path", "NoPath", "Subscription", "Customer", "SavedPlan"}
ROOTS = {"Query", "Mutation", "SubscriptionRoot"}
EVENTS = {"CatalogChanged", "CustomersChanged", "PlanChanged", "Job", "PortfolioRun"}
"""What subscriptions yield; tests/offerpath/subscriptions asks for every field of it."""
OF_CATALOG = {
    *("node", "catalog", "offer", "offers", "paths", "matrix"),
    *("compare", "betterVersions", "offersWithServices", "explain"),
}
OF_CUSTOMERS = {"customer", "customers", "blockers"}
OF_PORTFOLIO = {"portfolio", "portfolioWaves"}
OF_PLANS = {"planFor", "plan", "plans", "comparePlans"}
OF_SIGN_IN = {"viewer", "apiKeys", "auditEntries"}
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
    planning = new_partner(app)
    await store_sample(api_database, planning)
    seen = await _seen(sample, *_of_catalog(schema))
    for page in await _pages_of_customers(sample):
        seen |= await _seen(sample, *_of_customers(schema, page))
    with monkeypatch.context() as hurried:
        seen |= await _seen(sample, *_of_portfolio(schema))
        hurried.setattr(portfolio, "MAX_WAVE_ROWS", 1)
        seen |= await _seen(sample, *_of_portfolio(schema))
    seen |= await _seen_of_plans(planning, schema)
    seen |= await _seen_of_imports(partner, schema)
    seen |= await _seen_of_keys(partner, schema)
    assert sorted(all_fields(schema, leaving_out=ROOTS | EVENTS) - seen) == []


async def test_every_root_field_is_tried_above(sample: Api) -> None:
    schema = await _schema(sample)
    assert schema.query_type is not None
    assert set(schema.query_type.fields) == OF_CATALOG | OF_CUSTOMERS | OF_PORTFOLIO | (
        OF_PLANS | OF_SIGN_IN
    )
    assert schema.mutation_type is not None
    assert set(schema.mutation_type.fields) == CHANGES


def _questions_of(schema: GraphQLSchema, owner: str) -> list[str]:
    """Return the fields of a type that take arguments and give objects."""
    fields: Any = getattr(schema.type_map[owner], "fields", {})
    return [
        name
        for name, field in fields.items()
        if field.args and not is_leaf_type(get_named_type(field.type))
    ]


def _selector(schema: GraphQLSchema, *, whole: str = "", leaving_out: str = "") -> Selector:
    """Select everything but the questions of the owners; `whole` is a type not told shortly."""
    left_out = {
        f"{owner}.{name}": None for owner in OWNERS for name in _questions_of(schema, owner)
    } | ({leaving_out: None} if leaving_out else {})
    return Selector(schema, {**ARGUMENTS, **left_out}, SHALLOW - {whole})


def _alone(schema: GraphQLSchema, owner: str, name: str, given: str = "") -> str:
    """Return a selection of one question of an owner, with all that is inside it."""
    fields: Any = getattr(schema.type_map[owner], "fields", {})
    of = get_named_type(fields[name].type).name
    usual = ARGUMENTS.get(f"{owner}.{name}", "")
    call = ", ".join(part for part in (given, "" if "target:" in given else usual) if part)
    inside = _selector(schema, whole="Subscription").fields(of, frozenset({owner}))
    return f"__typename {name}{f'({call})' if call else ''} {{ {inside} }}"


def _of_catalog(schema: GraphQLSchema) -> Iterator[str]:
    def fields(name: str, whole: str = "") -> str:
        return _selector(schema, whole=whole).fields(name)

    yield f"{{ catalog {{ {fields('Catalog')} }} }}"
    for each in (BUSINESS_BASIC, APPS_FOR_BUSINESS, ADD_ON, NEW_E3, NOBODY):
        yield f'{{ offer(catalogId: "{each}") {{ {fields("OfferResult", "Offer")} }} }}'
    for name in _questions_of(schema, "Offer"):
        one = f"... on Offer {{ {_alone(schema, 'Offer', name)} }}"
        for each in (BUSINESS_BASIC, APPS_FOR_BUSINESS, NEW_E3, ADD_ON):
            yield f'{{ offer(catalogId: "{each}") {{ {one} }} }}'
    yield f"{{ offers(first: 3) {{ {fields('OfferConnection')} }} }}"
    for given in (
        f'from: "{BUSINESS_BASIC}", to: {{offer: "{NEW_E3}"}}',
        f'from: "{NEW_E3}", to: {{offer: "{BUSINESS_BASIC}"}}',
        f'from: "{NOBODY}", to: {{anyNewCommerce: true}}',
    ):
        yield f"{{ paths({given}) {{ {fields('PathsResult', 'Path')} }} }}"
        yield f"{{ paths({given}) {{ {fields('PathsResult', 'NoPath')} }} }}"
        yield f"{{ paths({given}) {{ {fields('PathsResult', 'Transition')} }} }}"
    pairs = f'from: ["{LEGACY_E3}", "{NEW_E3}"], to: ["{NEW_E3}"]'
    yield f"{{ matrix({pairs}) {{ {fields('MatrixResult')} }} }}"
    yield f'{{ node(id: "{global_id("Offer", NEW_E3)}") {{ __typename id }} }}'
    yield from _of_comparisons(fields("ComparisonResult"), fields("ExplainResult"))
    for each in (LEGACY_E3, WITHOUT_SERVICES, NOBODY):
        better = fields("BetterVersionsResult")
        yield f'{{ betterVersions(catalogId: "{each}") {{ {better} }} }}'
    for each in (TEAMS, NOBODY):
        found = fields("OffersWithServicesResult")
        yield f'{{ offersWithServices(servicePlans: ["{each}"], first: 3) {{ {found} }} }}'


def _of_comparisons(comparison: str, explanation: str) -> Iterator[str]:
    for origin, target, market in (
        (BUSINESS_BASIC, NEW_BASIC, "US"),
        (NEW_E3, WITHOUT_SERVICES, "DE"),
        (NOBODY, NEW_E3, "US"),
    ):
        ends = f'from: "{origin}", to: "{target}", market: "{market}"'
        yield f"{{ compare({ends}) {{ {comparison} }} }}"
    for origin, target, scope in (
        (NEW_E3, BUSINESS_BASIC, ""),
        (EMS_E3, EMS_E5, ""),
        (NEW_E1, EMS_E5, ""),
        (BUSINESS_BASIC, LEGACY_E3, 'market: "DE", legacyUpgrades: EXCLUDE'),
        (BUSINESS_BASIC, NEW_E3, ""),
    ):
        ends = f'from: "{origin}", to: {{offer: "{target}"}}, scope: {{{scope}}}'
        yield f"{{ explain({ends}) {{ {explanation} }} }}"


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


def _of_customers(schema: GraphQLSchema, page: str) -> Iterator[str]:
    selector = _selector(schema, whole="Customer")
    yield f"{{ customers({page}) {{ {selector.fields('CustomerConnection')} }} }}"
    yield f'{{ customer(customerId: "{NOBODY}") {{ {selector.fields("CustomerResult")} }} }}'
    for name in _questions_of(schema, "Customer"):
        one = _alone(schema, "Customer", name)
        yield f"{{ customers({page}) {{ edges {{ node {{ {one} }} }} }} }}"
    for name in _questions_of(schema, "Subscription"):
        for given in ("", _otherwise(schema, name)):
            yield _of_subscriptions(_alone(schema, "Subscription", name, given), page)
    answer = _selector(schema).fields("BlockersResult")
    known = [one.customer_id for one in sample_customers()[5:9]]
    for each in (*known, NOBODY):
        yield f'{{ blockers(customerId: "{each}") {{ {answer} }} }}'
    for more in (f'target: "{NOBODY}"', f'whatIf: {{cancelled: ["{NOBODY}"]}}'):
        yield f'{{ blockers(customerId: "{known[0]}", {more}) {{ {answer} }} }}'


def _of_portfolio(schema: GraphQLSchema) -> Iterator[str]:
    selector = _selector(schema)
    yield f"{{ portfolio {{ {selector.fields('PortfolioSummary')} }} }}"
    yield f"{{ portfolioWaves {{ {selector.fields('PortfolioWavesResult')} }} }}"


def _otherwise(schema: GraphQLSchema, name: str) -> str:
    """Return arguments with which a question about a subscription is refused, if it has such."""
    fields: Any = getattr(schema.type_map["Subscription"], "fields", {})
    known = fields[name].args
    if "whatIf" in known:
        return f'whatIf: {{cancelled: ["{NOBODY}"]}}'
    if "targets" in known:
        return f'targets: ["{NOBODY}"]'
    return f'target: "{NOBODY}"' if "target" in known else ""


def _of_subscriptions(one: str, page: str) -> str:
    held = f"edges {{ node {{ subscriptions(first: 4) {{ edges {{ node {{ {one} }} }} }} }} }}"
    return f"{{ customers({page}) {{ {held} }} }}"


def _customer(name: str) -> str:
    return next(one.customer_id for one in sample_customers() if one.name.startswith(name))


async def _seen_of_plans(api: Api, schema: GraphQLSchema) -> Seen:
    def fields(name: str, whole: str = "") -> str:
        return _selector(schema, whole=whole).fields(name)

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
        seen |= set(seen_in(await api.ask(change, file=file)))
    more = """{ customers { edges { node { subscriptions { edges { node {
        moreLicenses(extra: 1) { ... on SeatsNotKnown { %s } } } } } } } } }"""
    return seen | await _seen(api, more % all_of.fields("SeatsNotKnown"))


async def _seen_of_keys(api: Api, schema: GraphQLSchema) -> Seen:
    def fields(name: str) -> str:
        return _selector(schema, whole="ApiKey").fields(name)

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
        seen |= set(seen_in(await api.ask(question)))
    return seen
