"""What is open where the best way is blocked, and what a larger product trades, by the API."""

from decimal import Decimal
from typing import Any

import pytest

from formats.sample.portfolio import sample_as_of, sample_customers
from tests.schema.api import Api

INSTEAD = """instead {
  kind readiness tradeOff target { catalogId title } path { offers { catalogId } }
  blockers { code } unanswered { rule }
  upsell { message isDearer gained { planId title } lost { planId } swapped { family move } }
}"""
OPTION = f"... on Option {{ readiness blockers {{ code }} {INSTEAD} }}"
ASKED = f"""query($id: String!, $target: String) {{
  blockers(customerId: $id, target: $target) {{
    ... on CustomerBlockers {{ subscriptions {{ answer {{ {OPTION} }} }} }}
  }}
  customer(customerId: $id) {{ ... on Customer {{
    blockers {{ answer {{ {OPTION} }} }}
    subscriptions {{ edges {{ node {{
      blockers(target: $target) {{ {OPTION} }}
      options {{ ... on OptionConnection {{
        edges {{ node {{ readiness instead {{ kind }} }} }}
      }} }}
    }} }} }}
  }} }}
  planFor(customerId: $id) {{ ... on Plan {{
    outcomes {{ status reachedId message upsell {{ message isDearer gained {{ title }} }} }}
    alternatives {{ tradeOff goals {{ subscriptionId seats }}
      priceInPlan {{ amount }} priceThen {{ amount }} }}
    steps {{ kind readiness blockers {{ code severity message }}
      members {{ subscriptionId term billingCycle fullNewTerm }} }}
  }} }}
}}"""
SUMMARY = """{ portfolio {
  customers customersLookedAt
  readiness { readiness tally { subscriptions } } instead { kind tally { subscriptions seats } }
} }"""


@pytest.fixture
def then(sample: Api) -> Api:
    """Give the sample's partner on the day that the sample speaks for."""
    return sample.at(sample_as_of())


async def told(api: Api, name: str, **asked: Any) -> Any:
    found = next(one.customer_id for one in sample_customers() if one.name.startswith(name))
    return await api.ask(ASKED, id=found, **asked)


async def test_all_questions_about_blockers_name_what_the_plan_takes(then: Api) -> None:
    found = await told(then, "Gulmohar")
    (one,) = (each["answer"] for each in found["blockers"]["subscriptions"])
    (held,) = found["customer"]["subscriptions"]["edges"]
    assert one == found["customer"]["blockers"][0]["answer"] == held["node"]["blockers"]
    assert one["readiness"] == "BLOCKED"
    assert "TARGET_NOT_OFFERED" in {each["code"] for each in one["blockers"]}
    instead = one["instead"]
    assert (instead["kind"], instead["readiness"]) == ("ANOTHER_TARGET", "CONDITIONAL")
    assert instead["path"]["offers"][-1]["catalogId"] == instead["target"]["catalogId"]
    assert "TARGET_NOT_OFFERED" not in {each["code"] for each in instead["blockers"]}
    assert "larger product" in instead["upsell"]["message"]
    assert len(instead["upsell"]["gained"]) > len(instead["upsell"]["lost"]) == 0
    (swapped,) = instead["upsell"]["swapped"]
    assert (swapped["family"], swapped["move"]) == ("SHAREPOINT_ONLINE", "DOWNGRADED")
    (outcome,) = found["planFor"]["outcomes"]
    assert (outcome["status"], outcome["reachedId"]) == ("MET", instead["target"]["catalogId"])
    trade, price = outcome["upsell"]["message"].rsplit(", ", 1)
    assert trade in outcome["message"]
    assert (outcome["upsell"]["isDearer"], price) == (
        "UNKNOWN",
        "what it costs more at retail is not known",
    )
    assert outcome["upsell"]["isDearer"] == instead["upsell"]["isDearer"]


async def test_a_list_of_options_has_the_others_itself(then: Api) -> None:
    found = await told(then, "Gulmohar")
    (held,) = found["customer"]["subscriptions"]["edges"]
    options = [edge["node"] for edge in held["node"]["options"]["edges"]]
    assert {one["readiness"] for one in options} == {"BLOCKED", "CONDITIONAL"}
    assert all(one["instead"] is None for one in options)


async def test_buying_anew_walks_no_way(then: Api) -> None:
    found = await told(then, "Kestrel")
    instead = found["customer"]["blockers"][0]["answer"]["instead"]
    assert (instead["kind"], instead["readiness"], instead["path"]) == ("BUY_NEW", "READY", None)
    assert instead["upsell"] is None
    assert found["planFor"]["outcomes"][0]["reachedId"] == instead["target"]["catalogId"]
    assert found["planFor"]["outcomes"][0]["upsell"] is None


async def test_what_users_of_another_sellers_subscription_lose_stands_in_the_step(
    then: Api,
) -> None:
    found = await told(then, "Rowan")
    cancel = found["planFor"]["steps"][0]
    assert (cancel["kind"], cancel["readiness"]) == ("CANCEL_ELSEWHERE", "CONDITIONAL")
    warning = cancel["blockers"][0]
    assert (warning["code"], warning["severity"]) == ("SERVICES_NOT_REPLACED", "WARNS")
    assert "Exchange Online" in warning["message"]
    assert found["planFor"]["outcomes"][0]["upsell"]["isDearer"] == "YES"


async def test_the_way_that_has_room_for_some_is_named_beside_the_plan_with_both_prices(
    then: Api,
) -> None:
    found = (await told(then, "Rowan"))["planFor"]
    (other,) = found["alternatives"]
    assert other["tradeOff"].startswith("300 of 340 seats become Microsoft 365 Apps for business")
    assert [goal["seats"] for goal in other["goals"]] == [300]
    assert Decimal(other["priceThen"]["amount"]) < Decimal(other["priceInPlan"]["amount"])


async def test_a_deleted_subscription_that_plans_leave_out_has_nothing_instead(then: Api) -> None:
    found = await told(then, "Lakeside")
    answers = [each["answer"] for each in found["blockers"]["subscriptions"]]
    (deleted,) = (one for one in answers if one["readiness"] == "BLOCKED")
    assert "SUBSCRIPTION_NOT_ACTIVE" in {one["code"] for one in deleted["blockers"]}
    assert deleted["instead"] is None


async def test_add_ons_tell_their_own_term(then: Api) -> None:
    found = await told(then, "Fresh Add-on")
    (member,) = (one for step in found["planFor"]["steps"] for one in step["members"])
    assert (member["term"], member["billingCycle"]) == ("P1Y", "monthly")
    assert member["fullNewTerm"] is False


async def test_the_summary_counts_what_is_open_and_every_customer(then: Api) -> None:
    found = (await then.ask(SUMMARY))["portfolio"]
    assert found["customersLookedAt"] == len(sample_customers())
    assert found["customers"] == found["customersLookedAt"] - 2
    blocked = next(one for one in found["readiness"] if one["readiness"] == "BLOCKED")
    open_ = sum(one["tally"]["subscriptions"] for one in found["instead"])
    assert {one["kind"] for one in found["instead"]} == {"BUY_NEW", "ANOTHER_TARGET"}
    # Hollyhock's, whose add-on is sold nowhere else, has nothing, nor has Lakeside's deleted one.
    assert open_ == blocked["tally"]["subscriptions"] - 2
