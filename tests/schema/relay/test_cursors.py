"""A cursor is taken by the field that gave it, for its own catalog, and refused elsewhere."""

import pytest

from schema.relay.connections import connect
from tests.schema.api import BUSINESS_BASIC, NEW_BASIC, NEW_E3, Api
from tests.schema.tokens import base64_of, cursor

SOMEBODY = "11111111-1111-4111-8111-111111111111"
OTHER_CATALOG = "0" * 12
QUERIES = {
    "offers": "query($after: String) { offers(after: $after) { totalCount } }",
    "reachable": 'query($after: String) { offer(catalogId: "%s") { ... on Offer { '
    "reachable(after: $after) { totalCount } } } }" % BUSINESS_BASIC,
    "customers": "query($after: String) { customers(after: $after) { totalCount } }",
    "subscriptions": 'query($after: String) { customers(text: "northgate") { edges { node { '
    "subscriptions(after: $after) { totalCount } } } } }",
    "option": 'query($after: String) { customers(text: "northgate") { edges { node { '
    "subscriptions { edges { node { options(after: $after) { __typename } } } } } } } }",
}
GARBAGE = {
    "text": "zzzz",
    "not ASCII": "é€",
    "huge": "A" * 200_000,
    "NUL": "\0",
    "an object": base64_of("{}"),
    "a number": base64_of("9" * 9_000),
    "nested": base64_of(b"[" * 100_000),
    "not UTF-8": base64_of(b'["\xff"]'),
    "numbers": base64_of("[1,2,3]"),
}


@pytest.mark.parametrize("field", QUERIES)
@pytest.mark.parametrize("kind", GARBAGE)
async def test_garbage_is_no_cursor(sample: Api, field: str, kind: str) -> None:
    assert await sample.refused(QUERIES[field], after=GARBAGE[kind]) == "BAD_CURSOR"


@pytest.mark.parametrize("field", QUERIES)
@pytest.mark.parametrize("other", QUERIES)
async def test_a_cursor_of_another_field_is_refused(sample: Api, field: str, other: str) -> None:
    if field != other:
        forged = cursor(other, OTHER_CATALOG, NEW_E3)
        assert await sample.refused(QUERIES[field], after=forged) == "BAD_CURSOR"


@pytest.mark.parametrize("field", QUERIES)
@pytest.mark.parametrize("parts", [(), ("a",), ("a", "b", "c")])
async def test_a_cursor_of_another_length_is_refused(
    sample: Api, field: str, parts: tuple[str, ...]
) -> None:
    assert await sample.refused(QUERIES[field], after=cursor(field, *parts)) == "BAD_CURSOR"


@pytest.mark.parametrize("field", ["offers", "reachable", "option"])
async def test_a_cursor_of_another_catalog_is_refused(sample: Api, field: str) -> None:
    forged = cursor(field, OTHER_CATALOG, NEW_BASIC)
    code = await sample.refused(QUERIES[field], after=forged)
    assert code == "CURSOR_FROM_ANOTHER_CATALOG"


async def test_a_cursor_without_its_padding_is_refused(sample: Api) -> None:
    page = await sample.ask("{ offers(first: 1) { pageInfo { endCursor } } }")
    given = page["offers"]["pageInfo"]["endCursor"].rstrip("=")
    stripped = given[:-1] if len(given) % 4 == 0 else given
    assert await sample.refused(QUERIES["offers"], after=stripped) == "BAD_CURSOR"


async def test_a_cursor_of_another_question_is_refused(sample: Api) -> None:
    query = """query($id: String!, $after: String) { offer(catalogId: $id) { ... on Offer {
        reachable(first: 1, after: $after) { pageInfo { endCursor } } } } }"""
    page = await sample.ask(query, id=BUSINESS_BASIC)
    after = page["offer"]["reachable"]["pageInfo"]["endCursor"]
    code = await sample.refused(query, id="A2706F86-868D-4048-989B-0C69E5C76B63", after=after)
    assert code == "CURSOR_FROM_ANOTHER_QUESTION"


@pytest.mark.parametrize("key", [("A", "nobody"), ("A", ""), ("A", "x" * 99), ("\ud800", SOMEBODY)])
async def test_a_customers_cursor_that_no_customer_has_is_refused(
    sample: Api, key: tuple[str, str]
) -> None:
    forged = cursor("customers", *key)
    assert await sample.refused(QUERIES["customers"], after=forged) == "BAD_CURSOR"


@pytest.mark.parametrize("field", ["offers", "customers"])
async def test_an_empty_cursor_is_no_cursor(sample: Api, field: str) -> None:
    assert await sample.refused(QUERIES[field], after="") == "BAD_CURSOR"


@pytest.mark.parametrize("field", ["offers", "reachable", "option"])
async def test_a_cursor_of_no_element_is_refused(sample: Api, field: str) -> None:
    content = (await sample.ask("{ catalog { contentHash } }"))["catalog"]["contentHash"]
    forged = cursor(field, content[:12], "CFQ7TTC0ZZZZ:0001")
    codes = {"BAD_CURSOR", "CURSOR_FROM_ANOTHER_QUESTION"}
    assert await sample.refused(QUERIES[field], after=forged) in codes


def test_a_cursor_is_written_where_it_is_asked_for_and_not_before() -> None:
    written: list[int] = []

    def write(item: int) -> str:
        written.append(item)
        return str(item)

    page = connect([1, 2, 3], cursor=write, node=str, has_next=True, total=9, after=None)
    assert written == []
    assert page.page_info.write(page.page_info.items[-1]) == "3"
    assert [edge.write(edge.item) for edge in page.edges] == ["1", "2", "3"]
