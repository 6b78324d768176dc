"""`tradeOffs` keeps the ways that are worth a look, and says what each trades for what."""

import re
from typing import Any

import pytest

from formats.sample.portfolio import sample_customers
from tests.schema.api import Api

EVIDENCE = (
    *("INFERRED", "DERIVED", "OFFER_MATRIX", "API_RECORDED"),
    *("DOCUMENTED", "PARTNER_CENTER"),
)
STANDINGS = ["READY", "CONDITIONAL", "UNKNOWN", "BLOCKED"]
PROFILES = ("FEWEST_STEPS", "BEST_DOCUMENTED", "LEAST_DISRUPTION", "SOONEST", "CHEAPEST")
NOBODY = "11111111-1111-4111-8111-111111111111"
WAY = """readiness target { catalogId }
  path { offers { catalogId } cost { legacyUpgrades steps manualSteps weakestEvidence } }"""
ASKED = """query($id: String!, $scope: ScopeInput, $mode: Mode! = WITHOUT_LICENSE_TRANSFER,
                 $whatIf: WhatIfInput) {
  customer(customerId: $id) { ... on Customer { subscriptions { edges { node {
    subscriptionId seats
    tradeOffs(scope: $scope, mode: $mode, whatIf: $whatIf) {
      __typename
      ... on TradeOffs { tradeOffs {
        line seatsByHand servicesLost doneOn monthly { amount currency } option { %s }
      } }
      ... on Problem { code remedy }
    }
    options(first: 200, scope: $scope, mode: $mode, whatIf: $whatIf) {
      ... on OptionConnection { edges { node { %s } } }
    }
  } } } } }
}""" % (WAY, WAY)


def customer(name: str) -> str:
    return next(one.customer_id for one in sample_customers() if one.name.startswith(name))


async def _held(api: Api, name: str, **asked: Any) -> list[Any]:
    found = await api.ask(ASKED, id=customer(name), **asked)
    return [edge["node"] for edge in found["customer"]["subscriptions"]["edges"]]


async def _kept(api: Api, name: str, **asked: Any) -> Any:
    """Return the trade-offs of the customer's first subscription."""
    return (await _held(api, name, **asked))[0]["tradeOffs"]["tradeOffs"]


def _measures(one: Any) -> list[tuple[bool, float]]:
    """Return what a way is weighed by, less is better, what is not known last."""
    cost, month = one["option"]["path"]["cost"], one["monthly"]
    day = one["doneOn"]
    numbers = [
        STANDINGS.index(one["option"]["readiness"]),
        cost["legacyUpgrades"],
        cost["steps"],
        cost["manualSteps"],
        -EVIDENCE.index(cost["weakestEvidence"]),
        one["seatsByHand"],
        one["servicesLost"],
        None if day is None else int(day.replace("-", "")),
        None if month is None else float(month["amount"]),
    ]
    return [(number is None, 0.0 if number is None else float(number)) for number in numbers]


def _beats(one: Any, other: Any) -> bool:
    mine, theirs = _measures(one), _measures(other)
    return mine != theirs and all(a <= b for a, b in zip(mine, theirs, strict=True))


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", ["Elmstreet", "Northgate", "Alder", "Fernhill", "Granite"])
async def test_no_way_that_is_kept_beats_another_one(sample: Api, name: str, profile: str) -> None:
    for held in await _held(sample, name, scope={"profile": profile}):
        kept = held["tradeOffs"]["tradeOffs"]
        for place, one in enumerate(kept[1:], start=1):
            beaten = [each for each in kept[:place] + kept[place + 1 :] if _beats(each, one)]
            assert beaten == []


@pytest.mark.parametrize("profile", PROFILES)
async def test_what_is_kept_stands_in_the_order_of_all_options_the_best_first(
    sample: Api, profile: str
) -> None:
    for held in await _held(sample, "Northgate", scope={"profile": profile}):
        ways = [edge["node"] for edge in held["options"]["edges"]]
        kept = [one["option"] for one in held["tradeOffs"]["tradeOffs"]]
        assert kept[0] == ways[0]
        places = [ways.index(one) for one in kept]
        assert places == sorted(places)
        assert len(kept) < len(ways)


@pytest.mark.parametrize("mode", ["WITH_LICENSE_TRANSFER", "WITHOUT_LICENSE_TRANSFER"])
async def test_lines_compare_with_the_best_in_the_numbers_that_are_told(
    sample: Api, mode: str
) -> None:
    best, *others = await _kept(sample, "Northgate", mode=mode)
    assert best["line"] == ""
    assert others
    for other in others:
        assert other["line"]
        told = dict.fromkeys(("step", "service"), 0)
        for count, noun, word in re.findall(r"(\d+) (step|service)s? (fewer|more)", other["line"]):
            told[noun] = int(count) if word == "more" else -int(count)
        steps = [one["option"]["path"]["cost"]["steps"] for one in (best, other)]
        assert told["step"] == steps[1] - steps[0]
        lost = [one["servicesLost"] for one in (best, other)]
        if None not in lost:
            assert told["service"] == lost[1] - lost[0]


async def test_the_cheapest_comes_first_where_that_is_asked_for(sample: Api) -> None:
    kept = await _kept(sample, "Elmstreet", scope={"profile": "CHEAPEST"})
    known = [float(one["monthly"]["amount"]) for one in kept if one["monthly"]]
    assert known == sorted(known)
    assert known
    assert {one["monthly"]["currency"] for one in kept if one["monthly"]} == {"USD"}


async def test_prices_and_licences_follow_the_seats_that_are_supposed(sample: Api) -> None:
    (held,) = await _held(sample, "Elmstreet")
    supposed = {"seats": [{"subscriptionId": held["subscriptionId"], "seats": 2 * held["seats"]}]}
    plain = held["tradeOffs"]["tradeOffs"]
    twice = await _kept(sample, "Elmstreet", whatIf=supposed)
    months = {
        one["option"]["target"]["catalogId"]: float(one["monthly"]["amount"])
        for one in plain
        if one["monthly"]
    }
    doubled = {
        one["option"]["target"]["catalogId"]: float(one["monthly"]["amount"])
        for one in twice
        if one["monthly"]
    }
    assert months
    assert {offer: 2 * month for offer, month in months.items()} == pytest.approx(doubled)


async def test_what_is_not_known_is_null_and_never_nothing(sample: Api) -> None:
    kept = await _kept(sample, "Dornfeld")
    assert {one["monthly"] is None for one in kept} == {True}, "no price list of that market"
    assert all("a month" not in one["line"] for one in kept)


async def test_a_subscription_of_no_known_offer_has_none(sample: Api) -> None:
    (held,) = await _held(sample, "Thistle")
    assert held["tradeOffs"]["__typename"] == "NotInCatalog"
    assert held["tradeOffs"]["code"] == "OFFER_NOT_IN_CATALOG"


async def test_what_cannot_be_supposed_is_an_outcome(sample: Api) -> None:
    (held,) = await _held(sample, "Elmstreet")
    missing = (await _held(sample, "Elmstreet", whatIf={"cancelled": [NOBODY]}))[0]["tradeOffs"]
    assert (missing["__typename"], missing["code"]) == ("CannotSuppose", "SUBSCRIPTION_NOT_FOUND")
    gone = (await _held(sample, "Elmstreet", whatIf={"cancelled": [held["subscriptionId"]]}))[0]
    assert gone["tradeOffs"]["code"] == "SUBSCRIPTION_SUPPOSED_GONE"
    assert gone["tradeOffs"]["remedy"]
