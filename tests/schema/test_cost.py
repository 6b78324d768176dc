"""What a request may ask for at most, counted before anything is looked up."""

from schema.cost import MAX_OBJECTS
from tests.schema.api import BUSINESS_BASIC, NEW_E3, Api

NOBODY = "11111111-1111-4111-8111-111111111111"
NESTED = "reachable(first: %d, reverse: true) { edges { node { %s } } }"


def _nested(first: int, levels: int) -> str:
    inside = "title"
    for _ in range(levels):
        inside = NESTED % (first, inside)
    return '{ offer(catalogId: "%s") { ... on Offer { %s } } }' % (NEW_E3, inside)


async def test_lists_within_lists_multiply_and_are_refused_beyond_the_limit(sample: Api) -> None:
    assert "offer" in await sample.ask(_nested(200, 2))
    assert await sample.refused(_nested(200, 3)) == "QUERY_TOO_COSTLY"


async def test_a_variable_counts_with_its_value(sample: Api) -> None:
    query = """query ($first: Int!) { customers(first: $first) { edges { node {
        subscriptions(first: 200) { edges { node { options { __typename } } } } } } } }"""
    assert "customers" in await sample.ask(query, first=20)
    assert await sample.refused(query, first=50) == "QUERY_TOO_COSTLY"
    assert 20 * 200 * 20 < MAX_OBJECTS < 50 * 200 * 20


async def test_what_fragments_ask_for_counts_too(sample: Api) -> None:
    query = """{ customers(first: 200) { edges { node { ...held } } } }
        fragment held on Customer { subscriptions(first: 200) { edges { node {
            options { __typename } } } } }"""
    assert await sample.refused(query) == "QUERY_TOO_COSTLY"


async def test_a_default_counts_where_nothing_is_given(sample: Api) -> None:
    query = """{ customers(first: %d) { edges { node { subscriptions { edges { node {
        options { __typename } } } } } } } }"""
    assert 90 * 50 * 20 < MAX_OBJECTS < 200 * 50 * 20
    assert "customers" in await sample.ask(query % 90)
    assert await sample.refused(query % 200) == "QUERY_TOO_COSTLY"


async def test_a_variable_that_is_not_given_counts_with_its_own_default(sample: Api) -> None:
    query = """query ($first: Int! = 200) { customers(first: $first) { edges { node {
        subscriptions(first: $first) { edges { node { options { __typename } } } } } } } }"""
    assert await sample.refused(query) == "QUERY_TOO_COSTLY"
    assert "customers" in await sample.ask(query, first=50)


async def test_a_variable_that_nothing_tells_counts_with_the_default_of_the_field(
    sample: Api,
) -> None:
    query = """query ($few: Int) { customers(first: 200) { edges { node {
        subscriptions(first: $few) { edges { node { options { __typename } } } } } } } }"""
    assert await sample.refused(query) == "QUERY_TOO_COSTLY"
    assert "customers" in await sample.ask(query, few=2)


async def test_a_plain_list_counts_nothing_whatever_it_is_called(sample: Api) -> None:
    """A path has `offers` too, but not those that pages are cut from."""
    query = """{ customers(first: 100) { edges { node { subscriptions(first: 4) { edges { node {
        options { ... on OptionConnection { edges { node { path { offers { title } } } } } }
        } } } } } } }"""
    assert "customers" in await sample.ask(query)


async def test_matrices_count_their_pairs(sample: Api) -> None:
    query = """query ($from: [String!]!) { matrix(from: $from, to: ["%s"]) {
        ... on Matrix { __typename } } }"""
    assert "matrix" in await sample.ask(query % NEW_E3, **{"from": [BUSINESS_BASIC]})
    many = [BUSINESS_BASIC] * (MAX_OBJECTS + 1)
    assert await sample.refused(query % NEW_E3, **{"from": many}) == "QUERY_TOO_COSTLY"


async def test_what_takes_long_counts_for_more_than_it_gives(sample: Api) -> None:
    plans = " ".join(
        f'p{number}: planFor(customerId: "{NOBODY}") {{ __typename }}' for number in range(21)
    )
    assert await sample.refused(f"{{ {plans} }}") == "QUERY_TOO_COSTLY"
    ways = """{ customers(first: 200) { edges { node { subscriptions(first: 20) { edges { node {
        tradeOffs { __typename } } } } } } } }"""
    assert await sample.refused(ways) == "QUERY_TOO_COSTLY"
