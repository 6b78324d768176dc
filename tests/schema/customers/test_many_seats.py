"""Sums of seats beyond GraphQL's Int are told as they are, also of data of before the limit."""

from dataclasses import replace

import orjson
import pytest
import pytest_asyncio

from db.customers import PostgresCustomerStore
from db.pool import Database
from resolvers.records.imports import CustomerImport
from tests.formats import samples
from tests.schema.api import BUSINESS_BASIC, NEW_BASIC, Api
from tests.schema.conftest import principal_of
from tests.schema.customers.test_portfolio_summary import SUMMARY

BEFORE = 2**31 - 1
"""What an import took once, and a database may still hold."""
HELD = 3
EVERYWHERE = """query($id: String!) {
  customer(customerId: $id) { ... on Customer {
    subscriptions { edges { node {
      seats
      blockers { ... on Option { readiness } }
      moreLicenses(extra: 10000000) { ... on MoreLicenses {
        seatsNow seatsWanted seatsAddedHere shortfall
        here { heldElsewhere familyHeldElsewhere }
      } }
      tradeOffs { ... on TradeOffs { tradeOffs { seatsByHand } } }
      options { ... on OptionConnection { edges { node { blockers { code message } } } } }
    } } }
  } }
}"""
PLAN = """query($id: String!, $scope: ScopeInput) {
  planFor(customerId: $id, input: {scope: $scope}) {
    __typename
    ... on Plan {
      outcomes { seats }
      steps { seatsBefore seatsAfter members { seats } }
      merit { seatsToReassign }
    }
  }
}"""

SCOPE = {"at": "2026-11-23", "profile": "LEAST_DISRUPTION"}


@pytest_asyncio.fixture
async def crowded(partner: Api, api_database: Database) -> Api:
    """Give a partner with one customer whose three subscriptions have all too many seats."""
    await _seated(partner, api_database, BEFORE)
    return partner


async def _seated(partner: Api, database: Database, seats: int) -> None:
    rows = [samples.legacy(n, offerId=BUSINESS_BASIC) for n in (1, 2)]
    rows.append(samples.new_commerce(3, offerId=NEW_BASIC))
    told = {"customers": [samples.customer(subscriptions=samples.collection(*rows))]}
    parsed = samples.read(told, samples.ANY).customer_import
    (side,) = parsed.holdings
    seated = tuple(replace(one, seats=seats) for one in side.subscriptions)
    older = CustomerImport(parsed.customers, (replace(side, subscriptions=seated),))
    await PostgresCustomerStore(database).store(principal_of(partner), older)


async def test_a_portfolio_sums_up_more_seats_than_an_int_holds(crowded: Api) -> None:
    told = (await crowded.ask(SUMMARY))["portfolio"]
    assert told["total"] == {"subscriptions": HELD, "seats": HELD * BEFORE, "seatsUnknown": 0}
    sums = {
        name: sum(one["tally"]["seats"] for one in told[name]) for name in ("standings", "targets")
    }
    assert sums == {"standings": HELD * BEFORE, "targets": 2 * BEFORE}


@pytest.mark.parametrize("seats", [2**52, 2**63 - 1])
async def test_a_sum_that_no_reader_keeps_is_a_fault_of_its_field(
    partner: Api, api_database: Database, caplog: pytest.LogCaptureFixture, seats: int
) -> None:
    """Only who writes into the database by hand has so many."""
    await _seated(partner, api_database, seats)
    answer = await partner.post("{ portfolio { total { subscriptions seats } } }")
    assert answer.status_code == 200
    (error,) = answer.json()["errors"]
    assert error["path"] == ["portfolio", "total", "seats"]
    told = error["extensions"]
    assert told["code"] == "INTERNAL_ERROR"
    assert str(HELD * seats) not in answer.text
    (fault,) = [one for one in caplog.records if one.exc_info]
    assert told["traceId"] in fault.getMessage()


async def test_no_question_about_them_fails(crowded: Api) -> None:
    answer = (await crowded.ask(EVERYWHERE, id=samples.CUSTOMER))["customer"]
    nodes = [edge["node"] for edge in answer["subscriptions"]["edges"]]
    assert [node["seats"] for node in nodes] == [BEFORE] * HELD
    for node in nodes:
        more = node["moreLicenses"]
        assert (more["seatsNow"], more["seatsWanted"]) == (BEFORE, BEFORE + 10_000_000)
        assert more["here"]["heldElsewhere"] + more["here"]["familyHeldElsewhere"] >= BEFORE


async def test_they_can_be_planned_for(crowded: Api) -> None:
    answer = (await crowded.ask(PLAN, id=samples.CUSTOMER, scope=SCOPE))["planFor"]
    assert answer["__typename"] == "Plan"
    assert len(answer["outcomes"]) == HELD - 1
    assert answer["merit"]["seatsToReassign"] is not None


async def test_an_import_takes_no_such_subscription_any_more(partner: Api) -> None:
    content = samples.collection(samples.legacy(quantity=10_000_001))
    mutation = """mutation($content: String!, $id: String!) {
      importCustomers(file: {content: $content, customerId: $id}) {
        ... on ImportRefused { code problems { code path message } }
      }
    }"""
    told = await partner.ask(mutation, content=orjson.dumps(content).decode(), id=samples.CUSTOMER)
    (problem,) = told["importCustomers"]["problems"]
    assert (problem["code"], problem["path"]) == ("OUT_OF_RANGE", "items[0].quantity")
    assert "10,000,000" in problem["message"]
