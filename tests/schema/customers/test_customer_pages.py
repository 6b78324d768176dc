"""Customers, what they hold and where it can go, page by page."""

from typing import Any
from uuid import uuid4

import pytest

from formats.sample.portfolio import sample_customers
from tests.schema.api import Api
from tests.schema.paging import all_pages, page_of

CUSTOMERS = """
query Customers($text: String, $first: Int! = 20, $after: String) {
  page: customers(text: $text, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { customerId name domain } }
  }
}
"""
SUBSCRIPTIONS = """
query Subscriptions($id: String!, $first: Int! = 50, $after: String, $foreign: Boolean! = false) {
  customer(customerId: $id) {
    ... on Customer {
      ownHoldings { state count } foreignHoldings { state count }
      page: subscriptions(first: $first, after: $after, foreign: $foreign) {
        totalCount
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        edges { cursor node { subscriptionId title seller } }
      }
    }
  }
}
"""
OPTIONS = """
query Options($id: ID!, $first: Int! = 20, $after: String) {
  node(id: $id) {
    ... on Subscription {
      page: options(first: $first, after: $after) {
        ... on OptionConnection {
          totalCount
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
          edges { cursor node { readiness target { catalogId } } }
        }
      }
    }
  }
}
"""


HELD = """
{
  customers(first: 50) {
    edges {
      node {
        name
        ownHoldings { state asOf count }
        foreignHoldings { state asOf count }
        subscriptions(first: 3) { edges { cursor node { id title seats offer { title } } } }
        foreign: subscriptions(foreign: true) { totalCount pageInfo { endCursor } }
        %s
        baseline { events { code } }
        blockers { subscription { id } answer { __typename } }
        accounts { count }
      }
    }
  }
}
"""


@pytest.mark.parametrize(
    ("more", "code"),
    [("", None), ('more: subscriptions(after: "nothing") { totalCount }', "BAD_CURSOR")],
)
async def test_holdings_read_with_a_page_are_answered_as_those_read_after_it(
    sample: Api, monkeypatch: pytest.MonkeyPatch, more: str, code: str | None
) -> None:
    with_it = await sample.post(HELD % more)
    monkeypatch.setattr("schema.query.OF_HOLDINGS", frozenset())
    after_it = await sample.post(HELD % more)
    assert with_it.content == after_it.content
    errors = with_it.json().get("errors", [])
    assert {error["extensions"]["code"] for error in errors} == ({code} if code else set())
    assert len(with_it.content) > (300 if code else 50_000)


async def test_customers_come_once_each_in_order_of_name(sample: Api) -> None:
    edges = await all_pages(sample, CUSTOMERS, first=7)
    names = [edge["node"]["name"] for edge in edges]
    assert names == sorted(each.name for each in sample_customers())
    assert edges == (await page_of(sample, CUSTOMERS, first=200))["edges"]


async def test_customers_are_found_by_name_and_by_domain_in_either_case(sample: Api) -> None:
    for text in ("ALDER dental", "alder-dental.example"):
        (edge,) = (await page_of(sample, CUSTOMERS, text=text))["edges"]
        assert edge["node"]["name"] == "Alder Dental (sample)"


async def test_what_sql_takes_for_a_pattern_is_plain_text(sample: Api) -> None:
    for text in ("%", "_", "\\", "\0", "'"):
        assert (await page_of(sample, CUSTOMERS, text=text))["totalCount"] == 0


async def test_blank_text_finds_every_customer(sample: Api) -> None:
    page = await page_of(sample, CUSTOMERS, text="  ", first=1)
    assert page["totalCount"] == len(sample_customers())


async def test_another_partner_sees_none_of_them(sample: Api, partner: Api) -> None:
    assert (await page_of(partner, CUSTOMERS))["totalCount"] == 0
    one = sample_customers()[0].customer_id
    answer = await partner.ask(
        '{ customer(customerId: "%s") { ... on CustomerNotFound { code } } }' % one
    )
    assert answer["customer"] == {"code": "CUSTOMER_NOT_FOUND"}


async def test_subscriptions_come_once_each_in_order_of_title(sample: Api) -> None:
    held = 0
    for customer in sample_customers():
        edges = await all_pages(sample, SUBSCRIPTIONS, id=customer.customer_id, first=1)
        keys = [(edge["node"]["title"], edge["node"]["subscriptionId"]) for edge in edges]
        assert keys == sorted(set(keys))
        assert {edge["node"]["seller"] for edge in edges} <= {"US"}
        held = max(held, len(edges))
    assert held > 1


async def test_what_others_sold_is_a_list_of_its_own(sample: Api) -> None:
    customer = _named("Evergreen Nursery (sample)")
    foreign = await all_pages(sample, SUBSCRIPTIONS, id=customer, first=1, foreign=True)
    data = await sample.ask(SUBSCRIPTIONS, id=customer)
    assert data["customer"]["foreignHoldings"] == {"state": "PARTIAL", "count": len(foreign)}
    assert {edge["node"]["seller"] for edge in foreign} == {"NOT_KNOWN"}


async def test_holdings_that_nobody_loaded_are_told_as_such(sample: Api) -> None:
    data = await sample.ask(SUBSCRIPTIONS, id=_named("Vesper Lighting (sample)"))
    assert data["customer"]["ownHoldings"] == {"state": "NOT_LOADED", "count": 0}
    empty = await sample.ask(SUBSCRIPTIONS, id=_named("Sorrel Ventures (sample)"))
    assert empty["customer"]["ownHoldings"] == {"state": "COMPLETE", "count": 0}


async def test_options_in_pages_equal_the_whole_list(sample: Api) -> None:
    subscription = await _first_subscription(sample, "Elmstreet Bakery (sample)")
    whole = await page_of(sample, OPTIONS, id=subscription, first=200)
    paged = await all_pages(sample, OPTIONS, id=subscription, first=2)
    assert paged == whole["edges"]
    targets = [edge["node"]["target"]["catalogId"] for edge in paged]
    assert len(targets) == len(set(targets)) == whole["totalCount"] > 2


NAMES = ("Plain", "株式会社\u3000例", "A\u00a0B", "Zero\u200bwidth", "Émile & Söhne", "Żółw 🐢")


async def test_every_name_that_can_be_imported_can_be_paged_over(partner: Api) -> None:
    rows = [f"{uuid4()},{name}" for name in NAMES]
    content = "\n".join(["customer_id,name", *rows])
    change = """mutation($c: String!) { importCustomers(file: {content: $c, name: "c.csv"}) {
        ... on CustomersImported { customersAdded } } }"""
    told = await partner.ask(change, c=content)
    assert told == {"importCustomers": {"customersAdded": len(NAMES)}}
    edges = await all_pages(partner, CUSTOMERS, first=1)
    assert [edge["node"]["name"] for edge in edges] == sorted(NAMES)


def _named(name: str) -> str:
    (found,) = (each.customer_id for each in sample_customers() if each.name == name)
    return found


async def _first_subscription(api: Api, name: str) -> str:
    query = """query($id: String!) { customer(customerId: $id) { ... on Customer {
        page: subscriptions { edges { node { id } } } } } }"""
    page: Any = await page_of(api, query, id=_named(name))
    return str(page["edges"][0]["node"]["id"])
