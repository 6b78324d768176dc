"""Who may see and do what: every root field as each role, and as another partner.

The table of this test is its own: it is not read from the matrix that it holds to.
"""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from starlette.applications import Starlette

from db.pool import Database
from formats.sample.portfolio import sample_customers
from planner.permissions import PartnerType, Role
from schema.relay.node import global_id
from tests.schema.api import BUSINESS_BASIC, NEW_BASIC, NEW_E3, Api, new_partner
from tests.schema.conftest import partner_with_sample

ADMIN, SALES, HELPDESK = Role.ADMIN_AGENT, Role.SALES_AGENT, Role.HELPDESK_AGENT
USERS, BILLING = Role.USER_MANAGEMENT_ADMIN, Role.BILLING_ADMIN
GLOBAL, MPN = Role.GLOBAL_ADMIN, Role.MPN_PARTNER_ADMIN
EVERYBODY = frozenset(Role)
WITH_CUSTOMERS = EVERYBODY - {MPN}
ADMINS = frozenset({ADMIN, GLOBAL})
IMPORTERS = frozenset({ADMIN, SALES, GLOBAL})
SAVERS = frozenset({ADMIN, SALES, BILLING, GLOBAL})
MARKERS = SAVERS | {HELPDESK}
PRICED = EVERYBODY - {HELPDESK}
NOT_PERMITTED = "NOT_PERMITTED"

ROOT_FIELDS: Mapping[str, tuple[str, frozenset[Role]]] = {
    "Query.node": ("{ node(id: $id) { __typename } }", WITH_CUSTOMERS),
    "Query.catalog": ("{ catalog { id } }", EVERYBODY),
    "Query.offer": (f'{{ offer(catalogId: "{NEW_E3}") {{ __typename }} }}', EVERYBODY),
    "Query.offers": ("{ offers(first: 1) { totalCount } }", EVERYBODY),
    "Query.paths": (
        f'{{ paths(from: "{BUSINESS_BASIC}", to: {{anyNewCommerce: true}}) {{ __typename }} }}',
        EVERYBODY,
    ),
    "Query.matrix": (
        f'{{ matrix(from: ["{BUSINESS_BASIC}"], to: ["{NEW_E3}"]) {{ __typename }} }}',
        EVERYBODY,
    ),
    "Query.compare": (
        f'{{ compare(from: "{BUSINESS_BASIC}", to: "{NEW_E3}") {{ __typename }} }}',
        EVERYBODY,
    ),
    "Query.betterVersions": (
        f'{{ betterVersions(catalogId: "{NEW_E3}") {{ __typename }} }}',
        EVERYBODY,
    ),
    "Query.offersWithServices": (
        '{ offersWithServices(servicePlans: ["57ff2da0-773e-42df-b2af-ffb7a2317929"], first: 1)'
        " { __typename } }",
        EVERYBODY,
    ),
    "Query.explain": (
        f'{{ explain(from: "{NEW_E3}", to: {{offer: "{BUSINESS_BASIC}"}}) {{ __typename }} }}',
        EVERYBODY,
    ),
    "Query.customer": ("{ customer(customerId: $customer) { __typename } }", WITH_CUSTOMERS),
    "Query.customers": ("{ customers(first: 1) { totalCount } }", WITH_CUSTOMERS),
    "Query.blockers": ("{ blockers(customerId: $customer) { __typename } }", WITH_CUSTOMERS),
    "Query.portfolio": ("{ portfolio { __typename } }", WITH_CUSTOMERS),
    "Query.portfolioWaves": ("{ portfolioWaves { __typename } }", WITH_CUSTOMERS),
    "Query.planFor": ("{ planFor(customerId: $customer) { __typename } }", WITH_CUSTOMERS),
    "Query.plan": ("{ plan(planId: $plan) { __typename } }", WITH_CUSTOMERS),
    "Query.plans": ("{ plans(customerId: $customer) { totalCount } }", WITH_CUSTOMERS),
    "Query.comparePlans": (
        "{ comparePlans(oldPlanId: $plan, newPlanId: $plan) { __typename } }",
        WITH_CUSTOMERS,
    ),
    "Query.viewer": ("{ viewer { permissions } }", EVERYBODY),
    "Query.apiKeys": ("{ apiKeys(first: 1) { totalCount } }", EVERYBODY),
    "Query.auditEntries": ("{ auditEntries(first: 1) { totalCount } }", ADMINS),
    "Query.job": ("{ job(jobId: $missing) { state } }", EVERYBODY),
    "Mutation.createApiKey": (
        'mutation { createApiKey(input: {name: "nightly"}) { __typename } }',
        EVERYBODY,
    ),
    "Mutation.revokeApiKey": (
        "mutation { revokeApiKey(keyId: $missing) { __typename } }",
        EVERYBODY,
    ),
    "Mutation.importCustomers": (
        'mutation { importCustomers(file: {content: "x"}) { __typename } }',
        IMPORTERS,
    ),
    "Mutation.savePlan": ("mutation { savePlan(customerId: $customer) { __typename } }", SAVERS),
    "Mutation.approvePlan": (
        'mutation { approvePlan(planId: $plan, fingerprint: "x") { __typename } }',
        IMPORTERS,
    ),
    "Mutation.rejectPlan": (
        "mutation { rejectPlan(planId: $missing) { __typename } }",
        IMPORTERS,
    ),
    "Mutation.markPlanStep": (
        'mutation { markPlanStep(planId: $plan, stepKey: "x", mark: DONE) { __typename } }',
        MARKERS,
    ),
}
"""A question for each root field, and the roles that may ask it."""

FOR_RESELLERS_TOO = frozenset(ROOT_FIELDS) - {
    "Mutation.approvePlan",
    "Mutation.rejectPlan",
    "Mutation.markPlanStep",
}

_TYPES = {"id": "ID", "customer": "String", "plan": "String", "missing": "String"}


def _document(field: str) -> str:
    """Declare the variables that a question uses."""
    text, _ = ROOT_FIELDS[field]
    used = [name for name in _TYPES if f"${name}" in text]
    if not used:
        return text
    declared = ", ".join(f"${name}: {_TYPES[name]}!" for name in used)
    operation = "" if text.startswith("mutation") else "query"
    return f"{operation}{text}".replace("mutation {", "mutation{", 1).replace(
        "{", f"({declared}) {{", 1
    )


def _used(field: str, given: Mapping[str, str]) -> dict[str, str]:
    text, _ = ROOT_FIELDS[field]
    return {name: value for name, value in given.items() if f"${name}" in text}


@pytest.fixture(scope="module")
def rowan() -> str:
    return next(one.customer_id for one in sample_customers() if one.name.startswith("Rowan"))


@pytest_asyncio.fixture(scope="module")
async def owner(app: Starlette, api_database: Database) -> Api:
    """Give a partner with customers, to be asked as anybody."""
    return await partner_with_sample(app, api_database)


@pytest_asyncio.fixture(scope="module")
async def known(owner: Api, rowan: str) -> dict[str, str]:
    """Give ids that the owner has."""
    saved = await owner.ask(
        "mutation($id: String!) { savePlan(customerId: $id) { ... on SavedPlan { id planId } } }",
        id=rowan,
    )
    return {
        "id": global_id("Customer", rowan),
        "customer": rowan,
        "plan": saved["savePlan"]["planId"],
        "missing": str(uuid4()),
    }


async def _answer(api: Api, field: str, given: Mapping[str, str]) -> Any:
    response = await api.post(_document(field), _used(field, given))
    return response.json()


def _codes(answer: Any) -> set[str]:
    return {error["extensions"]["code"] for error in answer.get("errors", ())}


async def test_every_root_field_is_in_the_table(owner: Api) -> None:
    told = await owner.ask(
        "{ __schema { queryType { fields { name } } mutationType { fields { name } } } }"
    )
    fields = {
        f"{root}.{field['name']}"
        for root in ("Query", "Mutation")
        for field in told["__schema"][f"{root.lower()}Type"]["fields"]
    }
    assert fields == set(ROOT_FIELDS)


@pytest.mark.parametrize("role", Role)
async def test_each_role_may_ask_exactly_what_the_table_says(
    owner: Api, known: dict[str, str], role: Role
) -> None:
    api = owner.acting_as(role)
    may = {
        field
        for field in ROOT_FIELDS
        if NOT_PERMITTED not in _codes(await _answer(api, field, known))
    }
    assert may == {field for field, (_, roles) in ROOT_FIELDS.items() if role in roles}


@pytest.mark.parametrize("field", ROOT_FIELDS)
async def test_somebody_without_a_role_may_ask_nothing(
    owner: Api, known: dict[str, str], field: str
) -> None:
    assert _codes(await _answer(owner.acting_as(), field, known)) == {NOT_PERMITTED}


async def test_an_indirect_reseller_plans_and_decides_nothing(
    owner: Api, known: dict[str, str]
) -> None:
    api = owner.acting_as(*Role, partner_type=PartnerType.INDIRECT_RESELLER)
    may = {
        field
        for field in ROOT_FIELDS
        if NOT_PERMITTED not in _codes(await _answer(api, field, known))
    }
    assert may == FOR_RESELLERS_TOO


@pytest.mark.parametrize("field", [name for name, (text, _) in ROOT_FIELDS.items() if "$" in text])
async def test_ids_of_another_partner_answer_as_ids_of_nobody(
    app: Starlette, known: dict[str, str], field: str
) -> None:
    stranger = new_partner(app)
    nobody = str(uuid4())
    of_nobody = {
        "id": global_id("Customer", nobody),
        "customer": nobody,
        "plan": nobody,
        "missing": nobody,
    }
    theirs = await _answer(stranger, field, known)
    assert theirs == await _answer(stranger, field, of_nobody)
    assert not _codes(theirs)


async def test_no_node_of_another_partner_is_found(
    owner: Api, app: Starlette, known: dict[str, str]
) -> None:
    """Of every type that has a global id; those of the public catalog are everybody's."""
    question = (
        "query($id: String!) { customer(customerId: $id) { ... on Customer { id "
        "subscriptions(first: 1) { edges { node { id } } } } } }"
    )
    customer = (await owner.ask(question, id=known["customer"]))["customer"]
    plan = await owner.ask(
        "query($id: String!) { plan(planId: $id) { ... on SavedPlan { id } } }", id=known["plan"]
    )
    ids = [
        customer["id"],
        plan["plan"]["id"],
        *(edge["node"]["id"] for edge in customer["subscriptions"]["edges"]),
    ]
    assert len(ids) == 3
    stranger = new_partner(app)
    for each in ids:
        asked = "query($id: ID!) { node(id: $id) { __typename id } }"
        assert (await owner.ask(asked, id=each))["node"]["id"] == each
        assert await stranger.ask(asked, id=each) == {"node": None}


async def test_prices_are_kept_from_roles_that_may_not_see_them(
    owner: Api, known: dict[str, str]
) -> None:
    question = (
        f'{{ compare(from: "{BUSINESS_BASIC}", to: "{NEW_BASIC}", market: "US") '
        "{ ... on Comparison { prices { to { perMonth { amount } } } } } }"
    )
    assert (await owner.ask(question))["compare"]["prices"]
    assert not (await owner.acting_as(HELPDESK).ask(question))["compare"]["prices"]
    read = (
        "query($plan: String!) { plan(planId: $plan) { ... on SavedPlan { fingerprint "
        "freshness { state } plan { outcomes { priceNow { amount } } "
        "steps { priceBefore { amount } priceAfter { amount } } } } } }"
    )
    whole = (await owner.ask(read, plan=known["plan"]))["plan"]
    bare = (await owner.acting_as(HELPDESK).ask(read, plan=known["plan"]))["plan"]
    assert any(step["priceAfter"] for step in whole["plan"]["steps"])
    assert not any(step["priceAfter"] or step["priceBefore"] for step in bare["plan"]["steps"])
    assert not any(one["priceNow"] for one in bare["plan"]["outcomes"])
    assert (bare["fingerprint"], bare["freshness"]) == (whole["fingerprint"], whole["freshness"])


async def test_what_prices_decide_is_refused_to_roles_that_may_not_see_them(owner: Api) -> None:
    cheapest = (
        f'{{ paths(from: "{BUSINESS_BASIC}", to: {{anyNewCommerce: true}}, '
        "scope: {profile: CHEAPEST}) { __typename } }"
    )
    asked = f'{{ offer(catalogId: "{NEW_E3}") {{ ... on Offer {{ prices {{ __typename }} }} }} }}'
    for question in (cheapest, asked):
        assert await owner.acting_as(HELPDESK).refused(question) == NOT_PERMITTED
        await owner.acting_as(BILLING).ask(question)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("report", ["blockers", "options", "plans", "portfolio"])
async def test_reports_on_customers_are_for_those_who_may_export(
    owner: Api, role: Role, report: str
) -> None:
    async with owner.acting_as(role).client() as client:
        response = await client.get(f"/reports/{report}/manifest?format=csv&text=Rowan")
    assert (response.status_code == 200) == (role in SAVERS), response.text
