"""The sample portfolio through the API: every customer shows what its file says it shows."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from formats.sample.portfolio import SampleCustomer, sample_as_of, sample_customers
from planner.conditions import PATH_RULES
from tests.schema.api import BUSINESS_BASIC, NEW_BASIC, Api

CLAIM = re.compile(r"\[(no )?([A-Z_]+)\]")
ONES = {one.name: one for one in sample_customers()}
MODES = ("WITH_LICENSE_TRANSFER", "WITHOUT_LICENSE_TRANSFER")
OPTION = """
fragment TheOption on Option {
  readiness mode rulesRan target { catalogId }
  path { steps { kind } }
  blockers { code message severity remedies { action actor } step { from { catalogId } } }
  unanswered { rule fields message }
}
"""
ANSWER = """
fragment TheAnswer on OptionResult {
  __typename ...TheOption
  ... on NoPath { code }
  ... on NotInCatalog { code subscriptionId }
}
"""
TO_A_GOAL = """query($id: ID!, $target: String, $mode: Mode!) {
  node(id: $id) { ... on Subscription { blockers(target: $target, mode: $mode) { ...TheAnswer } } }
}""" + (OPTION + ANSWER)
TO_ANYWHERE = """query($id: ID!, $mode: Mode!) {
  node(id: $id) { ... on Subscription {
    blockers(mode: $mode) { ...TheAnswer }
    options(first: 200, mode: $mode) {
      __typename
      ... on OptionConnection { edges { node { ...TheOption } } }
      ... on NotInCatalog { code }
    }
  } }
}""" + (OPTION + ANSWER)
HELD = """query($id: String!) {
  customer(customerId: $id) { ... on Customer {
    subscriptions { edges { node { id subscriptionId title catalogId } } } } }
}"""


@pytest.fixture
def then(sample: Api) -> Api:
    """Give the sample's partner on the day that the sample speaks for."""
    return sample.at(sample_as_of())


async def _held(api: Api, one: SampleCustomer) -> list[Any]:
    data = await api.ask(HELD, id=one.customer_id)
    return [edge["node"] for edge in data["customer"]["subscriptions"]["edges"]]


async def _answers(api: Api, one: SampleCustomer) -> list[Any]:
    """Return all judgements that the customer's claims are about."""
    answers: list[Any] = []
    for held in await _held(api, one):
        goal = one.goals.get(held["subscriptionId"])
        for mode in MODES:
            if goal is not None:
                data = await api.ask(TO_A_GOAL, id=held["id"], target=goal, mode=mode)
                answers.append(data["node"]["blockers"])
            elif not one.goals:
                data = await api.ask(TO_ANYWHERE, id=held["id"], mode=mode)
                answers += _judged(data["node"])
    return answers


def _judged(node: Any) -> Iterator[Any]:
    yield node["blockers"]
    for edge in node["options"].get("edges", []):
        yield edge["node"]


def _met(answer: Any) -> set[str]:
    if answer.get("code") == "OFFER_NOT_IN_CATALOG":
        return {"NOT_IN_CATALOG"}
    if "code" in answer:
        return {answer["code"]}
    return {answer["readiness"], *(blocker["code"] for blocker in answer["blockers"])}


@pytest.mark.parametrize("name", sorted(ONES))
async def test_every_customer_shows_what_it_is_there_to_show(then: Api, name: str) -> None:
    answers = await _answers(then, ONES[name])
    met = set().union(*(_met(answer) for answer in answers))
    claims = CLAIM.findall(ONES[name].shows)
    assert {code for no, code in claims if not no} <= met
    assert not met & {code for no, code in claims if no}


async def test_rules_ran_are_those_of_the_kinds_of_move_and_no_other(then: Api) -> None:
    told = await then.ask("{ catalog { rules { name kinds } } }")
    seen = set()
    for one in ONES.values():
        for answer in await _answers(then, one):
            if "rulesRan" in answer:
                kinds = {step["kind"] for step in answer["path"]["steps"]}
                seen |= kinds
                asked = [
                    rule["name"] for rule in told["catalog"]["rules"] if kinds & {*rule["kinds"]}
                ]
                assert answer["rulesRan"] == [*PATH_RULES, *asked]
    assert seen == {"LEGACY_UPGRADE", "MIGRATION", "CONVERSION", "TRIAL_CONVERSION"}


async def test_nothing_is_found_twice_about_one_way(then: Api) -> None:
    for name in ("Dornfeld Maschinenbau (sample)", "Gulmohar Exports (sample)", *sorted(ONES)[:3]):
        for held in await _held(then, ONES[name]):
            data = await then.ask(TO_ANYWHERE, id=held["id"], mode=MODES[1])
            for answer in _judged(data["node"]):
                found = [str(blocker) for blocker in answer.get("blockers", [])]
                assert len(found) == len(set(found)), answer


async def test_an_option_and_the_blockers_to_its_target_say_the_same(then: Api) -> None:
    one = ONES["Northgate Travel (sample)"]
    for held in await _held(then, one):
        data = await then.ask(TO_ANYWHERE, id=held["id"], mode=MODES[0])
        for edge in data["node"]["options"]["edges"]:
            target = edge["node"]["target"]["catalogId"]
            alone = await then.ask(TO_A_GOAL, id=held["id"], target=target, mode=MODES[0])
            assert {**alone["node"]["blockers"], "__typename": None} == {
                **edge["node"],
                "__typename": None,
            }


async def test_a_customers_blockers_are_those_of_its_legacy_subscriptions(then: Api) -> None:
    query = """query($id: String!, $target: String) {
      customer(customerId: $id) { ... on Customer {
        blockers { subscription { subscriptionId title } answer { ...TheAnswer } } } }
      blockers(customerId: $id, target: $target) {
        ... on CustomerBlockers {
          customer { customerId }
          subscriptions { subscription { subscriptionId title } answer { ...TheAnswer } } } }
    }""" + (OPTION + ANSWER)
    one = ONES["Northgate Travel (sample)"]
    data = await then.ask(query, id=one.customer_id)
    assert data["blockers"]["customer"] == {"customerId": one.customer_id}
    assert data["blockers"]["subscriptions"] == data["customer"]["blockers"]
    titles = [each["subscription"]["title"] for each in data["customer"]["blockers"]]
    assert titles == ["Microsoft 365 Business Basic", "SharePoint (Plan 2)"]
    first = data["customer"]["blockers"][0]["answer"]
    assert (first["readiness"], first["target"]) == ("CONDITIONAL", {"catalogId": NEW_BASIC})
    to_itself = await then.ask(query, id=one.customer_id, target=BUSINESS_BASIC)
    left = [each["subscription"]["title"] for each in to_itself["blockers"]["subscriptions"]]
    assert left == ["SharePoint (Plan 2)"]


async def test_a_new_commerce_subscription_needs_no_move(then: Api) -> None:
    query = """query($id: String!) { customer(customerId: $id) {
        ... on Customer { blockers { answer { __typename } } } } }"""
    one = ONES["Alder Dental (sample)"]
    assert await then.ask(query, id=one.customer_id) == {"customer": {"blockers": []}}


MORE = """query($id: ID!, $extra: Int!) {
  node(id: $id) { ... on Subscription { moreLicenses(extra: $extra) {
    __typename
    ... on MoreLicenses {
      seatsNow seatsWanted seatsAddedHere shortfall
      here { limit room familyRoom unknown }
      moves { option { target { catalogId } readiness } room { room } }
    }
    ... on NotInCatalog { code }
  } } }
}"""


async def test_more_licenses_are_added_here_as_far_as_they_fit(then: Api) -> None:
    (held,) = await _held(then, ONES["Alder Dental (sample)"])
    few = (await then.ask(MORE, id=held["id"], extra=88))["node"]["moreLicenses"]
    assert (few["seatsNow"], few["seatsWanted"], few["seatsAddedHere"]) == (12, 100, 88)
    assert (few["shortfall"], few["moves"], few["here"]["limit"]) == (0, [], 300)
    many = (await then.ask(MORE, id=held["id"], extra=400))["node"]["moreLicenses"]
    assert (many["seatsAddedHere"], many["shortfall"]) == (288, 112)
    assert many["moves"]
    assert all(move["room"]["room"] is None for move in many["moves"])


async def test_more_licenses_of_an_offer_nobody_knows_are_not_guessed(then: Api) -> None:
    (held,) = await _held(then, ONES["Thistle Software (sample)"])
    answer = (await then.ask(MORE, id=held["id"], extra=1))["node"]["moreLicenses"]
    assert answer == {"__typename": "NotInCatalog", "code": "OFFER_NOT_IN_CATALOG"}


async def test_what_graph_shows_of_others_is_in_no_catalog(then: Api) -> None:
    query = """query($id: String!) { customer(customerId: $id) { ... on Customer {
        subscriptions(foreign: true) { edges { node {
          seller catalogId productGuid offer { catalogId }
          options { __typename } blockers { __typename } moreLicenses(extra: 1) { __typename }
        } } } } } }"""
    one = ONES["Oakline Furniture (sample)"]
    data = await then.ask(query, id=one.customer_id)
    (edge,) = data["customer"]["subscriptions"]["edges"]
    assert edge["node"] == {
        "seller": "ANOTHER_PARTNER",
        "catalogId": None,
        "productGuid": "a9732ec9-17d9-494c-a51c-d6b45b384dcb",
        "offer": None,
        "options": {"__typename": "NotInCatalog"},
        "blockers": {"__typename": "NotInCatalog"},
        "moreLicenses": {"__typename": "NotInCatalog"},
    }
