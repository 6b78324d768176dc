"""Offers side by side, offers by their services, and prices, as a front end asks for them."""

from decimal import Decimal
from typing import Any

import pytest

from formats.sample.portfolio import sample_portfolio
from schema.relay.node import global_id
from tests.schema.api import BUSINESS_BASIC, LEGACY_E3, NEW_BASIC, NEW_E1, NEW_E3, Api
from tests.schema.paging import all_pages

SHAREPOINT_P2 = "69C67983-CF78-4102-83F6-3E5FD246864F"
NOBODY = "00000000-0000-4000-8000-00000000ABCD"
TEAMS = "57ff2da0-773e-42df-b2af-ffb7a2317929"
EXCHANGE_P2 = "efb87545-963c-4e0d-99df-69c6916d9eb0"
PRICE = "{ term billingPlan perTerm { amount currency } perMonth { amount } source asOf surcharge }"
COMPARE = """
query Compare($from: String!, $to: String!, $market: String, $segment: Segment, $at: Instant) {
  compare(from: $from, to: $to, market: $market, segment: $segment, at: $at) {
    __typename
    ... on OfferNotFound { code catalogId remedy }
    ... on Comparison {
      on sameSegment
      from { offer { catalogId } terms minimumSeats maximumSeats sold prices { __typename
        ... on PriceNotKnown { code gap remedy message } } }
      to { offer { catalogId } terms seatCap { perOffer source } sold prices { __typename
        ... on PriceNotKnown { code gap } ... on OfferPrices { on prices %s } } }
      services { ... on ServiceEffect { keepsEverything added { name } lost { name }
        families { family move before { title } after { title } source } } }
      prices { term billingPlan currency from %s to %s
        differencePerMonth { amount currency } differencePerTerm { amount } }
      terms { inBoth onlyTo }
      there { __typename ... on Path { steps { kind } } }
      back { __typename ... on NoPath { verdict } }
    }
  }
}
""" % (PRICE, PRICE, PRICE)
WITH_SERVICES = """
query With($plans: [String!]!, $commerce: Commerce, $market: String, $segment: Segment,
           $first: Int! = 20, $after: String) {
  page: offersWithServices(servicePlans: $plans, commerce: $commerce, market: $market,
                           segment: $segment, first: $first, after: $after) {
    __typename
    ... on OfferNotFound { code catalogId }
    ... on OfferWithServicesConnection {
      totalCount notKnownCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { cursor node { offer { catalogId title isTrial } extra { name } sold evidence
                            cheapestMonth { perMonth { amount } } } }
    }
  }
}
"""


async def _compared(api: Api, **asked: Any) -> Any:
    return (await api.ask(COMPARE, **asked))["compare"]


async def test_two_offers_are_set_side_by_side(sample: Api) -> None:
    found = await _compared(
        sample, **{"from": BUSINESS_BASIC.lower(), "to": NEW_E3, "market": "us"}
    )
    assert (found["on"], found["sameSegment"]) == ("2026-11-23", True)
    assert found["from"]["offer"]["catalogId"] == BUSINESS_BASIC
    assert found["to"]["sold"] == "YES"
    lines = {(line["term"], line["billingPlan"]): line for line in found["prices"]}
    annual = lines["P1Y", "Annual"]
    assert annual["from"]["perTerm"] is None
    assert annual["from"]["asOf"] == "2021-09-01"
    assert annual["to"]["perTerm"] == {"amount": "276", "currency": "USD"}
    assert annual["differencePerMonth"] == {"amount": "18.00", "currency": "USD"}
    assert lines["P1Y", "Monthly"]["to"]["surcharge"] == "0"
    assert "EXCHANGE_ONLINE" in [change["family"] for change in found["services"]["families"]]
    assert found["there"]["__typename"] == "Path"
    assert found["back"] == {"__typename": "NoPath", "verdict": "IMPOSSIBLE"}


async def test_a_market_without_a_list_answers_price_not_known_with_a_remedy(sample: Api) -> None:
    found = await _compared(sample, **{"from": BUSINESS_BASIC, "to": NEW_E3, "market": "DE"})
    assert found["prices"] == []
    origin = found["from"]["prices"]
    assert (origin["__typename"], origin["code"]) == ("PriceNotKnown", "PRICE_NOT_KNOWN")
    assert (origin["gap"], bool(origin["remedy"])) == ("OTHER_MARKET", True)


async def test_a_day_before_the_list_has_no_price(sample: Api) -> None:
    asked = {"from": NEW_BASIC, "to": NEW_E3, "market": "US", "at": "2022-01-01"}
    found = await _compared(sample, **asked)
    assert found["on"] == "2022-01-01"
    assert found["to"]["prices"]["gap"] == "OTHER_DAY"


@pytest.mark.parametrize(("origin", "target"), [(NOBODY, NEW_E3), (NEW_E3, NOBODY)])
async def test_an_offer_that_is_not_there_is_an_outcome(
    sample: Api, origin: str, target: str
) -> None:
    found = await _compared(sample, **{"from": origin, "to": target})
    assert (found["__typename"], found["code"]) == ("OfferNotFound", "OFFER_NOT_FOUND")
    assert found["catalogId"] == NOBODY


async def test_bad_input_is_refused_with_its_code(sample: Api) -> None:
    ends = {"from": NEW_BASIC, "to": NEW_E3}
    assert await sample.refused(COMPARE, **(ends | {"from": "basic"})) == "MALFORMED_ID"
    assert await sample.refused(COMPARE, **ends, market="USA") == "MALFORMED_MARKET"
    assert await sample.refused(WITH_SERVICES, plans=[]) == "SERVICES_OUT_OF_RANGE"
    assert await sample.refused(WITH_SERVICES, plans=["teams"]) == "MALFORMED_ID"
    assert await sample.refused(WITH_SERVICES, plans=[TEAMS], first=0) == "FIRST_OUT_OF_RANGE"
    assert await sample.refused(WITH_SERVICES, plans=[TEAMS], after="?") == "BAD_CURSOR"


async def test_offers_with_services_come_in_pages_fewest_extra_first(sample: Api) -> None:
    asked = {"plans": [TEAMS, EXCHANGE_P2.upper()], "market": "US", "commerce": "NEW_COMMERCE"}
    edges = await all_pages(sample, WITH_SERVICES, first=3, **asked)
    assert edges == await all_pages(sample, WITH_SERVICES, first=200, **asked)
    extras = [len(edge["node"]["extra"]) for edge in edges]
    assert extras == sorted(extras)
    assert NEW_E3 in [edge["node"]["offer"]["catalogId"] for edge in edges]
    assert not any(edge["node"]["offer"]["isTrial"] for edge in edges)
    assert {edge["node"]["sold"] for edge in edges} <= {"YES", "UNKNOWN"}


async def test_offers_whose_services_nobody_tells_are_counted(sample: Api) -> None:
    page = (await sample.ask(WITH_SERVICES, plans=[TEAMS], first=1))["page"]
    assert page["notKnownCount"] > 0
    assert page["edges"][0]["node"]["cheapestMonth"] is None


async def test_a_service_plan_nobody_knows_is_an_outcome(sample: Api) -> None:
    page = (await sample.ask(WITH_SERVICES, plans=[NOBODY]))["page"]
    assert (page["__typename"], page["code"]) == ("OfferNotFound", "SERVICE_PLAN_NOT_FOUND")


COSTS = "{ price { term billingPlan } yearly { amount currency } }"
YEAR = """query Year($id: ID!, $targets: [String!]) {
  node(id: $id) { ... on Subscription { priceComparison(targets: $targets) {
    __typename
    ... on OfferNotFound { code catalogId }
    ... on PriceComparison {
      on market seats targetsLeftOut unknown
      now { pricedOn notes { code source } cost { __typename ... on RetailCost %s
        ... on PriceNotKnown { code gap } } }
      options { target { catalogId } whyNoChange change { yearly { amount } percent } cost %s }
      notPriced { catalogId gap }
      extendedTerm { begins rule perMonth { amount } }
  } } } } }""" % (COSTS, COSTS)


async def test_an_offer_tells_its_retail_prices(sample: Api) -> None:
    query = (
        """query Q($id: String!, $market: String) { offer(catalogId: $id) { ... on Offer {
        prices(market: $market) { __typename ... on OfferPrices { on prices %s }
          ... on PriceNotKnown { code gap } } } } }"""
        % PRICE
    )
    found = (await sample.ask(query, id=NEW_E1, market="US"))["offer"]["prices"]
    assert (found["__typename"], found["on"]) == ("OfferPrices", "2026-11-23")
    told = {(one["term"], one["billingPlan"]): one["perMonth"]["amount"] for one in found["prices"]}
    assert told["P1Y", "Annual"] < told["P1Y", "Monthly"] < told["P1M", "Monthly"]
    nowhere = (await sample.ask(query, id=NEW_E1, market="DE"))["offer"]["prices"]
    assert nowhere == {
        "__typename": "PriceNotKnown",
        "code": "PRICE_NOT_KNOWN",
        "gap": "OTHER_MARKET",
    }


async def test_an_offer_tells_versions_with_more_services(sample: Api) -> None:
    query = """query Q($id: String!) { betterVersions(catalogId: $id) { __typename
        ... on BetterVersions {
          versions { path { to { catalogId } } effect { keepsEverything added { name } } }
          withLosses { effect { keepsEverything lost { name } } }
          notKnown { catalogId } } ... on OfferNotFound { code } } }"""
    found = (await sample.ask(query, id=LEGACY_E3))["betterVersions"]
    assert found["versions"]
    assert all(one["effect"]["keepsEverything"] for one in found["versions"])
    assert all(one["effect"]["added"] for one in found["versions"])
    assert all(one["effect"]["lost"] for one in found["withLosses"])
    missing = (await sample.ask(query, id=NOBODY))["betterVersions"]
    assert missing == {"__typename": "OfferNotFound", "code": "OFFER_NOT_FOUND"}


def _held(offer: str, market: str) -> str:
    """Return the node id of a subscription that a customer in a market holds with us."""
    sample = sample_portfolio()
    there = {one.customer_id for one in sample.customers if one.market == market}
    return next(
        global_id("Subscription", f"{change.customer_id}/{held.subscription_id}")
        for change in sample.holdings
        if change.customer_id in there and not change.is_foreign
        for held in change.subscriptions
        if held.catalog_id == offer
    )


async def _year(api: Api, **asked: Any) -> Any:
    return (await api.ask(YEAR, **asked))["node"]["priceComparison"]


async def test_a_legacy_subscription_is_compared_with_what_it_reaches(sample: Api) -> None:
    found = await _year(sample, id=_held(BUSINESS_BASIC, "US"))
    assert (found["market"], found["targetsLeftOut"], found["unknown"]) == ("US", 0, [])
    assert [note["code"] for note in found["now"]["notes"]] == ["LEGACY_PRICE_LIST"]
    now = Decimal(found["now"]["cost"]["yearly"]["amount"])
    assert now == 60 * found["seats"]
    targets = {line["target"]["catalogId"] for line in found["options"]}
    assert {NEW_BASIC, NEW_E3} <= targets
    yearly = [Decimal(line["cost"]["yearly"]["amount"]) for line in found["options"]]
    assert yearly == sorted(yearly)
    for line, amount in zip(found["options"], yearly, strict=True):
        assert Decimal(line["change"]["yearly"]["amount"]) == amount - now


async def test_a_subscription_elsewhere_says_that_todays_price_is_not_known(sample: Api) -> None:
    found = await _year(sample, id=_held(SHAREPOINT_P2, "IN"), targets=[NEW_E3.lower()])
    assert found["now"]["cost"] == {
        "__typename": "PriceNotKnown",
        "code": "PRICE_NOT_KNOWN",
        "gap": "OTHER_MARKET",
    }
    assert {line["target"]["catalogId"] for line in found["options"]} == {NEW_E3}
    assert {line["cost"]["yearly"]["currency"] for line in found["options"]} == {"INR"}
    assert all(line["change"] is None and line["whyNoChange"] for line in found["options"])


async def test_a_target_that_nobody_has_is_an_outcome(sample: Api) -> None:
    found = await _year(sample, id=_held(BUSINESS_BASIC, "US"), targets=[NOBODY])
    assert (found["__typename"], found["catalogId"]) == ("OfferNotFound", NOBODY)


async def test_a_subscription_tells_what_a_target_would_give_twice(sample: Api) -> None:
    query = """query Q($id: ID!, $target: String!) {
      node(id: $id) { ... on Subscription { serviceConflicts(target: $target) {
        __typename ... on OfferNotFound { code }
        ... on ServiceConflicts { unknown conflicts { subscriptionId seller holder family
          adds { name } holds { name } remedies { action } } } } } } }"""
    held = _held(BUSINESS_BASIC, "US")
    found = (await sample.ask(query, id=held, target=NEW_E3))["node"]["serviceConflicts"]
    assert found["__typename"] == "ServiceConflicts"
    assert all(one["holds"] and one["remedies"] for one in found["conflicts"])
    missing = await sample.ask(query, id=held, target=NOBODY)
    assert missing["node"]["serviceConflicts"]["code"] == "OFFER_NOT_FOUND"
