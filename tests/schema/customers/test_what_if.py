"""A what-if changes the answer to one question, and nothing that is stored."""

from typing import Any

import pytest
import pytest_asyncio
from starlette.applications import Starlette

from db.pool import Database
from formats.sample.portfolio import SampleCustomer, sample_customers
from tests.schema.api import LEGACY_E3, NEW_BASIC, NEW_E3, Api
from tests.schema.conftest import partner_with_sample

ONES = {one.name: one for one in sample_customers()}
NOBODY = "11111111-1111-4111-8111-111111111111"
NO_OFFER = "00000000-0000-4000-8000-00000000ABCD"
OPTION = """readiness rulesRan target { catalogId } path { offers { catalogId } }
  blockers { code message severity clearsOn } unanswered { rule fields }"""
WAYS = f"""__typename
  ... on OptionConnection {{ totalCount edges {{ node {{ {OPTION} }} }} }}
  ... on Problem {{ code message remedy }}"""
BEST = f"""__typename ... on Option {{ {OPTION} }}
  ... on NoPath {{ verdict }} ... on NotInCatalog {{ code }}
  ... on CannotSuppose {{ code message remedy identifier }}
  ... on OfferNotFound {{ code message remedy }}"""
PLAN = """__typename
  ... on Plan { fingerprint at completesOn validUntil
    outcomes { status reachedId seats title message }
    steps { key kind message earliest { day } latest { day } call { path body } }
    alternatives { tradeOff } markdown baseline { events { day message } } }
  ... on CannotSuppose { code message remedy identifier }
  ... on Problem { code message remedy }"""
EVERYTHING = f"""query($id: String!, $whatIf: WhatIfInput) {{
  planFor(customerId: $id, input: {{ whatIf: $whatIf, states: 200 }}) {{ {PLAN} }}
  blockers(customerId: $id, whatIf: $whatIf) {{ __typename
    ... on CustomerBlockers {{ subscriptions {{ answer {{ {BEST} }} }} }}
    ... on CannotSuppose {{ code message remedy identifier }} }}
  customer(customerId: $id) {{ ... on Customer {{ subscriptions {{ edges {{ node {{
    subscriptionId seats
    options(first: 3, whatIf: $whatIf) {{ {WAYS} }}
    blockers(whatIf: $whatIf) {{ {BEST} }}
  }} }} }} }} }}
}}"""
PLANNED = f"""query($id: String!, $input: PlanInput) {{
  planFor(customerId: $id, input: $input) {{ {PLAN} }} }}"""
SAVED = """mutation($id: String!, $input: PlanInput, $expected: String) {
  savePlan(customerId: $id, input: $input, expectedFingerprint: $expected) {
    __typename ... on SavedPlan { fingerprint } ... on Problem { code message remedy } } }"""


def named(name: str) -> SampleCustomer:
    return next(one for one in ONES.values() if one.name.startswith(name))


async def everything(api: Api, name: str, what_if: object = None) -> Any:
    return await api.ask(EVERYTHING, id=named(name).customer_id, whatIf=what_if)


async def planned(api: Api, name: str, **given: Any) -> Any:
    return (await api.ask(PLANNED, id=named(name).customer_id, input=given))["planFor"]


async def held(api: Api, name: str, *, foreign: bool = False) -> list[Any]:
    question = """query($id: String!, $foreign: Boolean!) { customer(customerId: $id) {
      ... on Customer { subscriptions(foreign: $foreign) { edges { node {
        subscriptionId seats seller catalogId } } } } } }"""
    found = await api.ask(question, id=named(name).customer_id, foreign=foreign)
    return [edge["node"] for edge in found["customer"]["subscriptions"]["edges"]]


@pytest_asyncio.fixture
async def saving(app: Starlette, api_database: Database) -> Api:
    """Give the view of a partner with the sample portfolio and no saved plan."""
    return await partner_with_sample(app, api_database)


@pytest.mark.parametrize("name", sorted(ONES))
async def test_a_what_if_without_a_change_gives_the_plain_answers(sample: Api, name: str) -> None:
    assert await everything(sample, name, {}) == await everything(sample, name)


@pytest.mark.parametrize("name", ["Rowan", "Verdant", "Fresh Add-on", "Northgate"])
async def test_supposing_the_seats_that_there_are_gives_the_plain_answers(
    sample: Api, name: str
) -> None:
    seats = [
        {"subscriptionId": one["subscriptionId"], "seats": one["seats"]}
        for one in await held(sample, name)
    ]
    assert await everything(sample, name, {"seats": seats}) == await everything(sample, name)


async def test_what_would_be_cancelled_no_longer_stands_in_the_way(sample: Api) -> None:
    (elsewhere,) = await held(sample, "Rowan", foreign=True)
    plain = await planned(sample, "Rowan")
    assert "CANCEL_ELSEWHERE" in [step["kind"] for step in plain["steps"]]
    gone = await planned(sample, "Rowan", whatIf={"cancelled": [elsewhere["subscriptionId"]]})
    assert "CANCEL_ELSEWHERE" not in [step["kind"] for step in gone["steps"]]
    assert gone["fingerprint"] != plain["fingerprint"]
    assert await planned(sample, "Rowan") == plain, "nothing of it was stored"


async def test_seats_that_are_supposed_are_what_the_plan_ends_with(sample: Api) -> None:
    (one,) = await held(sample, "Elmstreet")
    seats = [{"subscriptionId": one["subscriptionId"], "seats": one["seats"] + 1}]
    plain = await planned(sample, "Elmstreet")
    more = await planned(sample, "Elmstreet", whatIf={"seats": seats})
    assert plain["outcomes"][0]["seats"] == one["seats"]
    assert more["outcomes"][0]["seats"] == one["seats"] + 1


async def test_an_instant_that_is_supposed_is_the_one_that_the_scope_asks_for(sample: Api) -> None:
    then = "2026-12-24T12:00:00Z"
    supposed = await planned(sample, "Fresh Add-on", whatIf={"at": then})
    asked = await planned(sample, "Fresh Add-on", scope={"at": then})
    assert supposed["at"] == asked["at"] == then
    assert (supposed["steps"], supposed["fingerprint"]) == (asked["steps"], asked["fingerprint"])


async def test_an_agreement_that_is_supposed_needs_no_step(sample: Api) -> None:
    plain = await planned(sample, "Unsigned")
    signed = await planned(sample, "Unsigned", whatIf={"agreementAccepted": True})
    assert len(signed["steps"]) < len(plain["steps"])
    codes = [
        {blocker["code"] for each in told["blockers"]["subscriptions"] for blocker in _found(each)}
        for told in (
            await everything(sample, "Unsigned"),
            await everything(sample, "Unsigned", {"agreementAccepted": True}),
        )
    ]
    assert "CUSTOMER_AGREEMENT_MISSING" in codes[0]
    assert "CUSTOMER_AGREEMENT_MISSING" not in codes[1]


def _found(judged: Any) -> list[Any]:
    found: list[Any] = judged["answer"].get("blockers", [])
    return found


async def test_a_move_that_is_supposed_leads_where_no_source_does(sample: Api) -> None:
    one = next(each for each in await held(sample, "Hollyhock") if each["catalogId"])
    to = {"goals": [{"subscriptionId": one["subscriptionId"], "to": {"offer": NEW_BASIC}}]}
    plain = await planned(sample, "Hollyhock", **to)
    assert plain["outcomes"][0]["status"] == "UNMET"
    moves = [{"from": one["catalogId"].lower(), "to": NEW_BASIC}]
    there = await planned(sample, "Hollyhock", **to, whatIf={"moves": moves})
    outcome = there["outcomes"][0]
    assert (outcome["status"], outcome["reachedId"]) == ("MET", NEW_BASIC)


async def test_a_document_on_supposed_facts_says_so_below_its_title(sample: Api) -> None:
    plain = (await planned(sample, "Unsigned"))["markdown"]
    accepted = {"agreementAccepted": True}
    told = (await planned(sample, "Unsigned", whatIf=accepted))["markdown"]
    title, _, note, *_ = told.splitlines()
    assert title == plain.splitlines()[0]
    assert "supposed" in note
    assert "supposed" not in plain


@pytest.mark.parametrize(
    ("code", "what_if"),
    [
        ("SUBSCRIPTION_NOT_FOUND", {"cancelled": [NOBODY]}),
        ("SUBSCRIPTION_NOT_FOUND", {"seats": [{"subscriptionId": NOBODY, "seats": 3}]}),
        ("ASSUMED_OFFER_NOT_FOUND", {"moves": [{"from": NO_OFFER, "to": NEW_E3}]}),
        ("WHAT_IF_IMPOSSIBLE", {"moves": [{"from": NEW_E3, "to": LEGACY_E3}]}),
    ],
)
async def test_what_cannot_be_supposed_is_an_outcome_of_every_question(
    sample: Api, code: str, what_if: object
) -> None:
    told = await everything(sample, "Elmstreet", what_if)
    (one,) = (edge["node"] for edge in told["customer"]["subscriptions"]["edges"])
    for answer in (told["planFor"], told["blockers"], one["options"], one["blockers"]):
        assert (answer["__typename"], answer["code"]) == ("CannotSuppose", code)
        assert answer["message"]
        assert answer["remedy"]


async def test_two_things_said_of_one_subscription_contradict_each_other(sample: Api) -> None:
    (one,) = await held(sample, "Elmstreet")
    seats = {"subscriptionId": one["subscriptionId"], "seats": 3}
    both = {"cancelled": [one["subscriptionId"]], "seats": [seats]}
    answer = await planned(sample, "Elmstreet", whatIf=both)
    assert (answer["__typename"], answer["code"]) == ("CannotSuppose", "WHAT_IF_CONTRADICTORY")
    assert answer["identifier"] == one["subscriptionId"]


async def test_a_goal_for_what_would_be_gone_is_refused_and_no_other(sample: Api) -> None:
    first, second, *_ = await held(sample, "Northgate")
    gone = {"cancelled": [first["subscriptionId"]]}
    goals = [{"subscriptionId": first["subscriptionId"]}]
    answer = await planned(sample, "Northgate", goals=goals, whatIf=gone)
    assert (answer["__typename"], answer["code"]) == ("CannotSuppose", "SUBSCRIPTION_SUPPOSED_GONE")
    goals = [{"subscriptionId": second["subscriptionId"]}]
    assert (await planned(sample, "Northgate", goals=goals, whatIf=gone))["__typename"] == "Plan"
    nobodys = [{"subscriptionId": NOBODY}]
    assert (await planned(sample, "Northgate", goals=nobodys, whatIf=gone))["code"] == (
        "SUBSCRIPTION_NOT_FOUND"
    )


async def test_with_everything_supposed_gone_nothing_is_to_be_planned(sample: Api) -> None:
    all_of_it = [one["subscriptionId"] for one in await held(sample, "Elmstreet")]
    answer = await planned(sample, "Elmstreet", whatIf={"cancelled": all_of_it})
    assert (answer["__typename"], answer["code"]) == ("PlanRefused", "NOTHING_TO_PLAN")


@pytest.mark.parametrize(
    ("code", "what_if"),
    [
        ("MALFORMED_ID", {"cancelled": ["seven"]}),
        ("MALFORMED_ID", {"moves": [{"from": "basic", "to": NEW_E3}]}),
        ("MALFORMED_MARKET", {"market": "USA"}),
        ("SEATS_OUT_OF_RANGE", {"seats": [{"subscriptionId": NOBODY, "seats": 0}]}),
        ("TOO_MANY_MOVES", {"moves": [{"from": LEGACY_E3, "to": NEW_E3}] * 21}),
    ],
)
async def test_a_malformed_what_if_is_bad_input(sample: Api, code: str, what_if: object) -> None:
    given = {"id": named("Elmstreet").customer_id, "input": {"whatIf": what_if}}
    assert await sample.refused(PLANNED, **given) == code


async def test_a_plan_on_supposed_facts_is_not_saved(saving: Api) -> None:
    customer = named("Elmstreet").customer_id
    what_if = {"agreementAccepted": True}
    refused = (await saving.ask(SAVED, id=customer, input={"whatIf": what_if}))["savePlan"]
    assert (refused["__typename"], refused["code"]) == ("PlanRefused", "WHAT_IF_NOT_SAVED")
    assert refused["remedy"]
    question = "query($id: String!) { plans(customerId: $id) { totalCount } }"
    assert (await saving.ask(question, id=customer))["plans"]["totalCount"] == 0


async def test_a_plan_whose_what_if_changes_nothing_is_saved_as_the_plain_one(saving: Api) -> None:
    plain = await planned(saving, "Elmstreet")
    given = {"input": {"whatIf": {}}, "expected": plain["fingerprint"]}
    kept = (await saving.ask(SAVED, id=named("Elmstreet").customer_id, **given))["savePlan"]
    assert kept == {"__typename": "SavedPlan", "fingerprint": plain["fingerprint"]}
