"""Offers side by side, offers by their services, and prices, as a front end asks for them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

import schema.enums  # noqa: F401  (registers the planner's enumerations)
from formats.sample_portfolio import sample_portfolio
from planner.customers import Customer, Subscription
from planner.ids import CatalogId
from planner.offers import Segment
from resolvers.asked import Asked
from resolvers.catalogs import Catalogs
from schema.context import Context, Info
from schema.loaders import Loaders
from schema.price import OfferPricesResult, offer_prices
from schema.price_comparison import PriceComparisonResult, price_comparison
from schema.scalars import SCALARS, Instant
from schema.scope import ScopeInput
from schema.service_set import (
    BetterVersionsResult,
    ServiceConflictsResult,
    better_versions,
    service_conflicts,
)
from tests.schema.api import BUSINESS_BASIC, LEGACY_E3, NEW_BASIC, NEW_E1, NEW_E3, Api
from tests.schema.conftest import principal_of
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


# Fields of Offer and Subscription, asked through a schema of their own.


@strawberry.type
class AskedOffer:
    catalog_id: strawberry.Private[CatalogId]

    @strawberry.field
    def prices(
        self,
        info: Info,
        market: str | None = None,
        segment: Segment | None = None,
        at: Instant | None = None,
    ) -> OfferPricesResult:
        return offer_prices(info, self.catalog_id, market, segment, at)

    @strawberry.field
    def better_versions(self, info: Info, scope: ScopeInput | None = None) -> BetterVersionsResult:
        return better_versions(info, self.catalog_id, scope)


@strawberry.type
class AskedSubscription:
    customer: strawberry.Private[Customer]
    subscription: strawberry.Private[Subscription]

    @strawberry.field
    def price_comparison(
        self, info: Info, targets: list[str] | None = None, at: Instant | None = None
    ) -> PriceComparisonResult:
        return price_comparison(info, self.customer, self.subscription, targets, at)

    @strawberry.field
    def service_conflicts(self, info: Info, target: str) -> ServiceConflictsResult:
        return service_conflicts(info, self.customer, self.subscription, target)


@strawberry.type
class AskedQuery:
    @strawberry.field
    def offer(self, catalog_id: str) -> AskedOffer:
        return AskedOffer(catalog_id=CatalogId(catalog_id))

    @strawberry.field
    async def subscription(self, info: Info, customer_id: str, offer: str) -> AskedSubscription:
        customer = await info.context.loaders.customer.load(customer_id)
        assert customer is not None
        held = next(one for one in customer.holdings.own if one.catalog_id == offer)
        return AskedSubscription(customer=customer, subscription=held)


_FIELDS = strawberry.Schema(AskedQuery, config=StrawberryConfig(scalar_map=SCALARS))
COSTS = "{ price { term billingPlan } yearly { amount currency } }"
YEAR = """query Year($customer: String!, $offer: String!, $targets: [String!]) {
  subscription(customerId: $customer, offer: $offer) { priceComparison(targets: $targets) {
    __typename
    ... on OfferNotFound { code catalogId }
    ... on PriceComparison {
      on market seats targetsLeftOut unknown
      now { pricedOn notes { code source } cost { __typename ... on RetailCost %s
        ... on PriceNotKnown { code gap } } }
      options { target { catalogId } whyNoChange change { yearly { amount } percent } cost %s }
      notPriced { catalogId gap }
      extendedTerm { begins rule perMonth { amount } }
  } } } }""" % (COSTS, COSTS)


Field = Callable[..., Any]


@pytest.fixture
def field(sample: Api, catalogs: Catalogs) -> Field:
    """Give a question to the fields of an offer or a subscription, as the sample's partner."""

    async def ask(query: str, **variables: Any) -> Any:
        asked: Asked = await catalogs.asked(principal_of(sample), now=sample.now)
        context = Context(asked, Loaders(asked), read_import=_no_import)
        found = await _FIELDS.execute(query, variable_values=variables, context_value=context)
        assert found.errors is None, found.errors
        return found.data

    return ask


def _no_import(file: object) -> Any:
    raise NotImplementedError(file)


async def test_an_offer_tells_its_retail_prices(field: Field) -> None:
    query = (
        """query Q($id: String!, $market: String) { offer(catalogId: $id) {
        prices(market: $market) { __typename ... on OfferPrices { on prices %s }
          ... on PriceNotKnown { code gap } } } }"""
        % PRICE
    )
    found = (await field(query, id=NEW_E1, market="US"))["offer"]["prices"]
    assert (found["__typename"], found["on"]) == ("OfferPrices", "2026-11-23")
    told = {(one["term"], one["billingPlan"]): one["perMonth"]["amount"] for one in found["prices"]}
    assert told["P1Y", "Annual"] < told["P1Y", "Monthly"] < told["P1M", "Monthly"]
    nowhere = (await field(query, id=NEW_E1, market="DE"))["offer"]["prices"]
    assert nowhere == {
        "__typename": "PriceNotKnown",
        "code": "PRICE_NOT_KNOWN",
        "gap": "OTHER_MARKET",
    }


async def test_an_offer_tells_versions_with_more_services(field: Field) -> None:
    query = """query Q($id: String!) { offer(catalogId: $id) { betterVersions { __typename
        ... on BetterVersions {
          versions { path { to { catalogId } } effect { keepsEverything added { name } } }
          withLosses { effect { keepsEverything lost { name } } }
          notKnown { catalogId } } } } }"""
    found = (await field(query, id=LEGACY_E3))["offer"]["betterVersions"]
    assert found["versions"]
    assert all(one["effect"]["keepsEverything"] for one in found["versions"])
    assert all(one["effect"]["added"] for one in found["versions"])
    assert all(one["effect"]["lost"] for one in found["withLosses"])


def _held(offer: str, market: str) -> dict[str, str]:
    """Return a customer of the sample in a market that holds an offer with us."""
    sample = sample_portfolio()
    there = {one.customer_id for one in sample.customers if one.market == market}
    found = next(
        change.customer_id
        for change in sample.holdings
        if change.customer_id in there
        and not change.is_foreign
        and any(held.catalog_id == offer for held in change.subscriptions)
    )
    return {"customer": found, "offer": offer}


async def _year(field: Field, **asked: Any) -> Any:
    return (await field(YEAR, **asked))["subscription"]["priceComparison"]


async def test_a_legacy_subscription_is_compared_with_what_it_reaches(field: Field) -> None:
    found = await _year(field, **_held(BUSINESS_BASIC, "US"))
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


async def test_a_subscription_elsewhere_says_that_todays_price_is_not_known(field: Field) -> None:
    found = await _year(field, **_held(SHAREPOINT_P2, "IN"), targets=[NEW_E3.lower()])
    assert found["now"]["cost"] == {
        "__typename": "PriceNotKnown",
        "code": "PRICE_NOT_KNOWN",
        "gap": "OTHER_MARKET",
    }
    assert {line["target"]["catalogId"] for line in found["options"]} == {NEW_E3}
    assert {line["cost"]["yearly"]["currency"] for line in found["options"]} == {"INR"}
    assert all(line["change"] is None and line["whyNoChange"] for line in found["options"])


async def test_a_target_that_nobody_has_is_an_outcome(field: Field) -> None:
    found = await _year(field, **_held(BUSINESS_BASIC, "US"), targets=[NOBODY])
    assert (found["__typename"], found["catalogId"]) == ("OfferNotFound", NOBODY)


async def test_a_subscription_tells_what_a_target_would_give_twice(field: Field) -> None:
    query = """query Q($customer: String!, $offer: String!, $target: String!) {
      subscription(customerId: $customer, offer: $offer) { serviceConflicts(target: $target) {
        __typename ... on OfferNotFound { code }
        ... on ServiceConflicts { unknown conflicts { subscriptionId seller holder family
          adds { name } holds { name } remedies { action } } } } } }"""
    asked = _held(BUSINESS_BASIC, "US")
    found = (await field(query, **asked, target=NEW_E3))["subscription"]["serviceConflicts"]
    assert found["__typename"] == "ServiceConflicts"
    assert all(one["holds"] and one["remedies"] for one in found["conflicts"])
    missing = await field(query, **asked, target=NOBODY)
    assert missing["subscription"]["serviceConflicts"]["code"] == "OFFER_NOT_FOUND"
