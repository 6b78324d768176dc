"""Whatever is wrong with a question has a stable code, and is never a fault of ours."""

from typing import Any

import pytest

from tests.schema.api import BUSINESS_BASIC, NEW_E3, Api
from tests.schema.tokens import global_id

NOBODY = "11111111-1111-4111-8111-111111111111"
PATHS = (
    """query($from: String! = "%s", $to: GoalInput! = {anyNewCommerce: true}, $first: Int! = 3,
                 $via: [String!], $scope: ScopeInput) {
  paths(from: $from, to: $to, first: $first, via: $via, scope: $scope) {
    ... on OfferNotFound { code catalogId }
  }
}"""
    % BUSINESS_BASIC
)
MATRIX = """query($from: [String!]!, $to: [String!]!, $scope: ScopeInput) {
  matrix(from: $from, to: $to, scope: $scope) { ... on OfferNotFound { code catalogId } }
}"""
AVOID_NOBODY = 'scope: {avoid: ["%s"]}' % NOBODY
HELD = '{ customers(text: "northgate") { edges { node { %s } } } }'


@pytest.mark.parametrize(
    "query",
    [
        '{ offer(catalogId: "nonsense") { __typename } }',
        '{ offer(catalogId: "") { __typename } }',
        '{ customer(customerId: "nonsense") { __typename } }',
        '{ blockers(customerId: "nonsense") { __typename } }',
        '{ paths(from: "x", to: {anyNewCommerce: true}) { __typename } }',
        '{ paths(from: "%s", to: {offer: "x"}) { __typename } }' % NEW_E3,
        '{ paths(from: "%s", to: {servicePlans: ["x"]}) { __typename } }' % NEW_E3,
        '{ paths(from: "%s", to: {anyNewCommerce: true}, via: ["x"]) { __typename } }' % NEW_E3,
        '{ matrix(from: ["x"], to: []) { __typename } }',
        HELD % 'blockers(scope: {avoid: ["x"]}) { answer { __typename } }',
        HELD % 'subscriptions { edges { node { blockers(target: "x") { __typename } } } }',
        '{ node(id: "garbage") { id } }',
        '{ node(id: "") { id } }',
        "{ node(id: 5) { id } }",
        'mutation { importCustomers(file: {content: "", customerId: "x"}) { __typename } }',
        'mutation { importCustomers(file: {content: "", partnerTenantId: "x"}) { __typename } }',
    ],
)
async def test_a_malformed_id_is_told_as_such(sample: Api, query: str) -> None:
    assert await sample.refused(query) == "MALFORMED_ID"


BARE = NOBODY.replace("-", "")
TAKING_AN_ID = (
    'offer(catalogId: "%s")',
    'customer(customerId: "%s")',
    'blockers(customerId: "%s")',
    'planFor(customerId: "%s", input: {})',
    'plan(planId: "%s")',
    'plans(customerId: "%s")',
    'job(jobId: "%s")',
)
DECIDING = (
    'savePlan(customerId: "%s", input: {})',
    'approvePlan(planId: "%s", fingerprint: "x")',
    'rejectPlan(planId: "%s")',
    'markPlanStep(planId: "%s", stepKey: "x", mark: DONE)',
    'revokeApiKey(keyId: "%s")',
)


@pytest.mark.parametrize("written", [BARE, "{%s}" % NOBODY, "urn:uuid:" + NOBODY])
@pytest.mark.parametrize("field", [*TAKING_AN_ID, *(f"mutation {one}" for one in DECIDING)])
async def test_every_argument_refuses_a_guid_in_another_form(
    sample: Api, field: str, written: str
) -> None:
    _, kind, asked = field.rpartition("mutation ")
    query = "%s{ %s { __typename } }" % (kind, asked % written)
    assert await sample.refused(query) == "MALFORMED_ID"


@pytest.mark.parametrize(
    "key", ["Other:x", "Query:x", "Offer", "", "offer:" + NEW_E3, "Customer\x00:" + NOBODY]
)
async def test_an_id_of_no_type_is_malformed(sample: Api, key: str) -> None:
    query = "query($id: ID!) { node(id: $id) { id } }"
    assert await sample.refused(query, id=global_id(key)) == "MALFORMED_ID"


@pytest.mark.parametrize(
    "key",
    [
        "Offer:" + NOBODY,
        "Offer:nonsense",
        "Offer:" + "x" * 100_000,
        "Customer:" + NOBODY,
        "Customer:" + NEW_E3,
        "Customer:\0",
        "Subscription:" + NOBODY,
        f"Subscription:{NOBODY}/{NOBODY}",
        "Subscription:x/y/z",
        "Catalog:x",
    ],
)
async def test_an_id_of_nothing_stored_is_null(sample: Api, key: str) -> None:
    data = await sample.ask("query($id: ID!) { node(id: $id) { id } }", id=global_id(key))
    assert data == {"node": None}


async def test_an_unknown_offer_is_an_outcome(sample: Api) -> None:
    told = {"code": "OFFER_NOT_FOUND", "catalogId": NOBODY}
    one = '{ offer(catalogId: "%s") { ... on OfferNotFound { code catalogId } } }'
    assert await sample.ask(one % NOBODY) == {"offer": told}
    for given in (
        {"from": NOBODY},
        {"to": {"offer": NOBODY}},
        {"via": [NOBODY]},
        {"scope": {"avoid": [NOBODY]}},
    ):
        assert await sample.ask(PATHS, **given) == {"paths": told}
    for lists in ({"from": [NOBODY], "to": [NEW_E3]}, {"from": [NEW_E3], "to": [NOBODY]}):
        assert await sample.ask(MATRIX, **lists) == {"matrix": told}


@pytest.mark.parametrize(
    ("goal", "code", "identifier"),
    [
        ({"product": "XXXXXXXXXXXX"}, "PRODUCT_NOT_FOUND", "XXXXXXXXXXXX"),
        ({"servicePlans": [NOBODY]}, "SERVICE_PLAN_NOT_FOUND", NOBODY),
    ],
)
async def test_an_unknown_goal_is_named(
    sample: Api, goal: dict[str, Any], code: str, identifier: str
) -> None:
    answer = await sample.ask(PATHS, to=goal)
    assert answer == {"paths": {"code": code, "catalogId": identifier}}


async def test_an_unknown_customer_is_an_outcome(sample: Api) -> None:
    for field in ("customer", "blockers"):
        query = '{ %s(customerId: "%s") { ... on CustomerNotFound { code customerId } } }'
        told = {"code": "CUSTOMER_NOT_FOUND", "customerId": NOBODY}
        assert await sample.ask(query % (field, NOBODY)) == {field: told}


@pytest.mark.parametrize(
    "fields",
    [
        "blockers(%s) { answer { __typename } }" % AVOID_NOBODY,
        *(
            "subscriptions { edges { node { %s { __typename } } } }" % (field % AVOID_NOBODY)
            for field in ("blockers(%s)", "options(%s)", "moreLicenses(extra: 1, %s)")
        ),
    ],
)
async def test_an_unknown_offer_to_avoid_is_told_as_such(sample: Api, fields: str) -> None:
    assert await sample.refused(HELD % fields) == "OFFER_NOT_FOUND"


async def test_nothing_is_lost_of_the_other_fields(sample: Api) -> None:
    query = """{ good: catalog { label } bad: offer(catalogId: "nonsense") { __typename } }"""
    answer = (await sample.post(query)).json()
    assert answer["errors"][0]["path"] == ["bad"]
    missing = """{ good: catalog { label }
        bad: offer(catalogId: "%s") { ... on OfferNotFound { code } } }"""
    assert await sample.ask(missing % NOBODY) == {
        "good": {"label": "bundled"},
        "bad": {"code": "OFFER_NOT_FOUND"},
    }


@pytest.mark.parametrize("first", [0, -1, 201, 10_000])
@pytest.mark.parametrize(
    "query",
    [
        "query($first: Int!) { offers(first: $first) { totalCount } }",
        "query($first: Int!) { customers(first: $first) { totalCount } }",
        'query($first: Int!) { offer(catalogId: "%s") { ... on Offer { '
        "reachable(first: $first) { totalCount } } } }" % NEW_E3,
        "query($first: Int!) %s" % HELD % "subscriptions(first: $first) { totalCount }",
        "query($first: Int!) %s"
        % HELD
        % "subscriptions { edges { node { options(first: $first) { __typename } } } }",
    ],
)
async def test_a_page_has_1_to_200_elements(sample: Api, query: str, first: int) -> None:
    assert await sample.refused(query, first=first) == "FIRST_OUT_OF_RANGE"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"first": 0}, "FIRST_OUT_OF_RANGE"),
        ({"first": 51}, "FIRST_OUT_OF_RANGE"),
        ({"first": 2**31}, "BAD_USER_INPUT"),
        ({"scope": {"maxSteps": 0}}, "MAX_STEPS_OUT_OF_RANGE"),
        ({"scope": {"maxSteps": 13}}, "MAX_STEPS_OUT_OF_RANGE"),
        ({"scope": {"market": "usa"}}, "MALFORMED_MARKET"),
        ({"scope": {"market": ""}}, "MALFORMED_MARKET"),
        ({"scope": {"at": "yesterday"}}, "BAD_DATE"),
        ({"scope": {"at": "2026-02-30"}}, "BAD_DATE"),
        ({"scope": {"at": ""}}, "BAD_DATE"),
        ({"scope": {"at": 5}}, "BAD_DATE"),
        ({"scope": {"at": "2026-03-01T09:00"}}, "BAD_DATE"),
        ({"scope": {"at": "0001-01-01T00:00:00+14:00"}}, "BAD_DATE"),
        ({"scope": {"segment": "NOBODY"}}, "BAD_USER_INPUT"),
        ({"scope": {"unheard": 1}}, "BAD_USER_INPUT"),
        ({"to": {"anyNewCommerce": False}}, "GOAL_MISSING"),
        ({"to": {"servicePlans": []}}, "GOAL_MISSING"),
        ({"from": None}, "BAD_USER_INPUT"),
        ({"from": 5}, "BAD_USER_INPUT"),
    ],
)
async def test_what_is_out_of_bounds_has_its_code(
    sample: Api, given: dict[str, Any], code: str
) -> None:
    assert await sample.refused(PATHS, **given) == code


@pytest.mark.parametrize(
    ("document", "given", "code"),
    [
        ("query($n: Int) { catalog { label } }", {"n": 1}, "GRAPHQL_VALIDATION_FAILED"),
        ("query($o: Offer) { catalog { label } }", {}, "GRAPHQL_VALIDATION_FAILED"),
        (
            "query($b: Boolean) { catalog { label @skip(if: $b) } }",
            {"b": True},
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "query($b: Boolean = true) { catalog @skip(if: $b) { label } }",
            {"b": None},
            "BAD_USER_INPUT",
        ),
        (
            "query($b: Boolean = true) { catalog { label @skip(if: $b) } }",
            {"b": None},
            "BAD_USER_INPUT",
        ),
        (
            "query($of: [String!]!) { matrix(from: $of, to: $of) { __typename } }",
            {"of": [1] * 100},
            "BAD_USER_INPUT",
        ),
    ],
)
async def test_a_wrong_document_is_told_from_wrong_values(
    sample: Api, document: str, given: dict[str, Any], code: str
) -> None:
    assert await sample.refused(document, **given) == code


@pytest.mark.parametrize(
    "goal", [{}, {"offer": NEW_E3, "product": "CFQ7TTC0LF8R"}, {"offer": None}]
)
async def test_a_goal_is_exactly_one(sample: Api, goal: dict[str, Any]) -> None:
    codes = {"GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"}
    assert await sample.refused(PATHS, to=goal) in codes


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ('{ paths(from: "A", to: {}) { __typename } }', "GRAPHQL_VALIDATION_FAILED"),
        (
            '{ paths(from: "A", to: {offer: "B", product: "C"}) { __typename } }',
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            '{ paths(from: "A", to: {offer: "B"}, scope: {at: "soon"}) { __typename } }',
            "BAD_DATE",
        ),
        ("{ offers(commerce: NOBODY) { totalCount } }", "GRAPHQL_VALIDATION_FAILED"),
        (
            "query($c: Commerce) { offers(commerce: $c) { totalCount } }",
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ("query($id: String!) { offer(catalogId: $id) { __typename } }", "BAD_USER_INPUT"),
        ("{ offer { __typename } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ offer(", "GRAPHQL_PARSE_FAILED"),
        ('{ offer(catalogId: "%s") { ... on Offer { soldIn(market: "usa") } } }' % NEW_E3, ""),
    ],
)
async def test_a_wrong_document_has_its_code(sample: Api, query: str, code: str) -> None:
    if "$c" in query:
        assert await sample.refused(query, c="NOBODY") == "BAD_USER_INPUT"
    else:
        assert await sample.refused(query) == (code or "MALFORMED_MARKET")


@pytest.mark.parametrize("extra", [0, -1, 10_000_001])
async def test_more_licenses_are_at_least_one(sample: Api, extra: int) -> None:
    more = (
        f"subscriptions {{ edges {{ node {{ moreLicenses(extra: {extra}) {{ __typename }} }} }} }}"
    )
    assert await sample.refused(HELD % more) == "EXTRA_OUT_OF_RANGE"


async def test_a_matrix_has_at_most_2500_cells(sample: Api) -> None:
    too_many = {"from": [BUSINESS_BASIC] * 51, "to": [NEW_E3] * 50}
    assert await sample.refused(MATRIX, **too_many) == "TOO_MANY_CELLS"
    assert await sample.ask(MATRIX, **(too_many | {"to": [NEW_E3] * 49})) == {"matrix": {}}


async def test_a_market_is_two_latin_letters(sample: Api) -> None:
    sold = 'query($m: String!) { offer(catalogId: "%s") { ... on Offer { soldIn(market: $m) } } }'
    for market in ("U", "U1", "usa", "", "é1", "日本"):
        assert await sample.refused(sold % NEW_E3, m=market) == "MALFORMED_MARKET"
    assert await sample.ask(sold % NEW_E3, m=" us ") == {"offer": {"soldIn": "YES"}}
