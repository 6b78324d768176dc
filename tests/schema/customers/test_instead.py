"""What is open where the best way is blocked, and what a larger product trades, by the API."""

from typing import Any

import pytest

from formats.sample.portfolio import sample_as_of, sample_customers
from tests.schema.api import Api

INSTEAD = """instead {
  kind readiness tradeOff target { catalogId title } path { offers { catalogId } }
  blockers { code } unanswered { rule }
  upsell { message isDearer gained { planId title } lost { planId } }
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
    assert len(instead["upsell"]["gained"]) > len(instead["upsell"]["lost"]) > 0
    (outcome,) = found["planFor"]["outcomes"]
    assert (outcome["status"], outcome["reachedId"]) == ("MET", instead["target"]["catalogId"])
    assert outcome["upsell"]["message"] in outcome["message"]


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
    assert found["planFor"]["outcomes"][0]["upsell"]["isDearer"] is True


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
    # Hollyhock's, whose add-on is sold nowhere else, has nothing.
    assert open_ == blocked["tally"]["subscriptions"] - 1
