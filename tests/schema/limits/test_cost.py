"""What a request may cost at most, counted before anything is looked up, and told."""

from typing import Any

import pytest
from graphql import parse
from graphql.language import OperationDefinitionNode

from schema.limits.cost import MAX_COST, operation_of, requested_cost
from schema.limits.cost_weights import PAGED, PAGES, SIZES, WEIGHTS
from schema.schema import make_schema
from tests.schema.api import BUSINESS_BASIC, NEW_E3, Api

NOBODY = "11111111-1111-4111-8111-111111111111"
NESTED = "reachable(first: %d, reverse: true) { edges { node { %s } } }"
OPTIONS = """query ($first: Int%s) { customers(first: $first) { edges { node {
    subscriptions%s { edges { node { options%s { __typename } } } } } } } }"""
_SCHEMA = make_schema()._schema


def cost(text: str, **variables: Any) -> int:
    """Return what a valid document costs."""
    document = parse(text)
    operation = operation_of(document, None)
    assert isinstance(operation, OperationDefinitionNode)
    return requested_cost(_SCHEMA, document, operation, variables)


def _nested(first: int, levels: int) -> str:
    inside = "title"
    for _ in range(levels):
        inside = NESTED % (first, inside)
    return '{ offer(catalogId: "%s") { ... on Offer { %s } } }' % (NEW_E3, inside)


def _path(arguments: str, fields: str = "__typename") -> str:
    given = f'from: "{BUSINESS_BASIC}", to: {{anyNewCommerce: true}}'
    return f"{{ paths({given}{arguments}) {{ {fields} }} }}"


async def test_lists_within_lists_multiply_and_are_refused_beyond_the_limit(sample: Api) -> None:
    assert cost(_nested(20, 2)) > 15 * cost(_nested(20, 1))
    assert "offer" in await sample.ask(_nested(20, 1))
    assert await sample.refused(_nested(200, 3)) == "QUERY_TOO_COSTLY"


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        ("{ catalog { label } }", {}),
        ("query ($n: Int!) { offers(first: $n) { edges { node { title } } } }", {"n": 7}),
        (_nested(200, 3), {}),
        ('{ offer(catalogId: "nonsense") { __typename } }', {}),
    ],
)
async def test_every_answer_tells_its_cost(
    sample: Api, document: str, variables: dict[str, Any]
) -> None:
    """Kept answers too, and those of a document that is refused for it."""
    told = {"requested": cost(document, **variables), "maximum": MAX_COST}
    for _ in range(2):
        answer = (await sample.post(document, variables)).json()
        assert answer["extensions"]["cost"] == told


async def test_a_document_that_is_not_valid_has_no_cost(sample: Api) -> None:
    for document in ("{ nothing }", "{ offer("):
        assert "extensions" not in (await sample.post(document)).json()


async def test_a_variable_counts_with_its_value(sample: Api) -> None:
    query = OPTIONS % ("!", "(first: 200)", "")
    assert cost(query, first=2) < cost(query, first=3) < cost(query, first=4)
    assert "customers" in await sample.ask(query, first=2)
    assert await sample.refused(query, first=200) == "QUERY_TOO_COSTLY"


def test_a_variable_counts_with_its_own_default_where_none_is_given() -> None:
    query = OPTIONS % (" = 30", "", "")
    assert cost(query) == cost(query, first=30) > cost(query, first=29)


def test_a_default_of_the_field_counts_where_nothing_is_given() -> None:
    plain = OPTIONS % ("", "", "")
    assert cost(plain) == cost(plain, first=20)
    assert cost(plain) == cost(OPTIONS % ("", "(first: 50)", "(first: 20)"))
    untold = """query ($few: Int) { customers { edges { node {
        subscriptions(first: $few) { totalCount } } } } }"""
    assert cost(untold) == cost(untold, few=50)


def test_only_the_list_of_a_page_is_multiplied() -> None:
    counted = "{ offers(first: %d) { totalCount } }"
    assert cost(counted % 1) == cost(counted % 200)


def test_what_fragments_ask_for_counts_where_they_are_spread() -> None:
    plain = "{ customers { edges { node { name subscriptions { edges { node { title } } } } } } }"
    spread = """{ customers { edges { node { name ...held } } } }
        fragment held on Customer { subscriptions { ...page } }
        fragment page on SubscriptionConnection { edges { node { title } } }"""
    assert cost(spread) == cost(plain)


def test_what_is_asked_twice_in_one_place_counts_once() -> None:
    once = "{ offers { edges { node { title } } } }"
    twice = """{ offers { edges { node { title } } } ...again ...again }
        fragment again on Query { offers { edges { node { title } } } }"""
    assert cost(twice) == cost(once)
    assert cost("{ a: offers { totalCount } b: offers { totalCount } }") > 1.5 * cost(
        "{ offers { totalCount } }"
    )


def test_of_a_union_only_the_dearest_member_counts() -> None:
    one = "{ node(id: 1) { ... on Customer { baseline { complete: __typename } } } }"
    both = """{ node(id: 1) { ... on Customer { baseline { complete: __typename } }
        ... on Offer { title } } }"""
    assert cost(both) == cost(one)


def test_what_is_left_out_does_not_count() -> None:
    query = "query ($all: Boolean!) { offers { totalCount edges @include(if: $all) { cursor } } }"
    skipped = "query ($no: Boolean!) { offers { totalCount edges @skip(if: $no) { cursor } } }"
    without = cost("{ offers { totalCount } }")
    assert cost(query, all=False) == cost(skipped, no=True) == without
    assert cost(query, all=True) == cost(skipped, no=False) > without


def test_matrices_count_their_cells() -> None:
    query = "query ($n: [String!]!) { matrix(from: $n, to: $n) { ... on Matrix { cells { %s } } } }"
    few, many = ([BUSINESS_BASIC] * size for size in (2, 40))
    assert cost(query % "__typename", n=many) > 15 * cost(query % "__typename", n=few)
    more = cost(query % "from { title }", n=many) - cost(query % "__typename", n=many)
    assert more > 40 * 40 * 0.2


def test_arguments_that_are_work_count() -> None:
    """Paths and their steps, states and goals of a plan, targets, services, offers to pass."""
    plan = 'query ($i: PlanInput) { planFor(customerId: "x", input: $i) { __typename } }'
    goal = {"subscriptionId": NOBODY}
    held = "{ node(id: 1) { ... on Subscription { priceComparison(targets: %s) { __typename } } } }"
    services = "query ($s: [String!]!) { offersWithServices(servicePlans: $s) { __typename } }"
    via = ', via: ["a", "b", "c"]'
    steps = "... on PathsFound { paths { steps { kind } } }"
    explained = _path("%s").replace("paths", "explain")
    assert cost(_path(", scope: {maxSteps: 1}")) < cost(_path(", scope: {maxSteps: 12}"))
    assert cost(_path(", first: 1", steps)) < cost(_path(", first: 50", steps))
    assert cost(plan, i={"states": 20_000}) > 5 * cost(plan, i={"states": 500})
    assert cost(plan, i={"goals": [goal] * 60}) > 2 * cost(plan, i={})
    assert cost(held % '["a"]') < cost(held % str(["a"] * 50).replace("'", '"'))
    assert cost(services, s=[NOBODY]) < cost(services, s=[NOBODY] * 200)
    assert cost(explained % via) > cost(explained % "")


async def test_what_takes_long_is_refused_in_numbers(sample: Api) -> None:
    plans = " ".join(
        f'p{number}: planFor(customerId: "{NOBODY}", input: {{states: 2000}}) {{ __typename }}'
        for number in range(30)
    )
    assert await sample.refused(f"{{ {plans} }}") == "QUERY_TOO_COSTLY"
    ways = """{ customers(first: 200) { edges { node { subscriptions(first: 200) { edges { node {
        tradeOffs { __typename } } } } } } } }"""
    assert await sample.refused(ways) == "QUERY_TOO_COSTLY"


def test_a_subscription_costs_what_each_event_does() -> None:
    run = "subscription { portfolioRun { __typename } }"
    assert cost(run) > cost("{ portfolio { __typename } }") / 2
    assert cost("subscription { catalogChanged { __typename } }") < 10


def test_a_mutation_costs_what_its_file_weighs() -> None:
    query = "mutation ($f: ImportFileInput!) { importCustomers(file: $f) { __typename } }"
    assert cost(query, f={"content": "x" * 10**6}) > 5 * cost(query, f={"content": "x"})


def test_a_cost_beyond_all_numbers_is_told_as_a_thousand_million() -> None:
    assert cost(_nested(200, 5)) == 10**9


def test_what_introspection_tells_costs_as_much_as_it_is() -> None:
    types = "__schema { types { fields { name args { name type { name } } } } }"
    many = " ".join(f"a{number}: {types}" for number in range(50))
    assert 40 < cost(f"{{ {many} }}") / cost(f"{{ {types} }}") < 60
    assert cost(f"{{ {types} }}") > 100
    assert cost('{ __type(name: "Offer") { name } }') < 10


def test_numbers_that_no_field_takes_do_not_count() -> None:
    """Whoever asks for page 10,000 is told so by the field, and not that it is dear."""
    few = cost("{ offers(first: 1) { edges { cursor } } }")
    for first in ("0", "-5", "201", "2147483647"):
        assert cost("{ offers(first: %s) { edges { cursor } } }" % first) == few


@pytest.mark.parametrize("place", [*WEIGHTS, *PAGES, *sorted(PAGED), *SIZES])
def test_every_weight_is_one_of_the_schema(place: str) -> None:
    owner, name = place.split(".")
    assert name in _SCHEMA.type_map[owner].fields  # type: ignore[attr-defined]
