"""Plans through the API: made, saved, decided on, followed, compared, and told as a document."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
import pytest_asyncio
from graphql import GraphQLSchema, build_client_schema, get_introspection_query
from starlette.applications import Starlette

from db.pool import Database
from formats.sample.portfolio import sample_customers
from tests.schema.api import NEW_E3, NOW, Api
from tests.schema.conftest import partner_with_sample
from tests.schema.selections import Seen, Selector, all_fields, seen_in

GUIDE = Path(__file__).parents[3] / "docs" / "plans.md"
PLAN_TYPES = {
    *("Plan", "PlanStep", "Due", "MemberStep", "ApiCall", "BatchRow", "BatchCell", "MonthlyPrice"),
    *("PlanGoal", "PlanOutcome", "PlanComponent", "AlternativePlan", "PlanMerit"),
    *("MovesByEvidence", "SavedPlan", "Freshness", "StaleReason", "PlanEvent", "MarkedStep"),
    *("PlanRefused", "PlanNotFound", "PlanComparison", "PlanDifference", "StepDifference"),
    *("OutcomeDifference", "FieldChange", "ChangeReason"),
}
PLAN = """... on Plan { fingerprint completesOn validUntil exactness
    outcomes { status reachedId title seats }
    steps { key kind needs subscriptionId call { method path body } latest { day } } }"""
PROBLEM = "... on Problem { code message remedy }"
REFUSED = (
    "... on PlanRefused { planFingerprint neededSteps reasons { kind } event { kind number } }"
)
SAVED = "... on SavedPlan { id planId status fingerprint history { number kind note stepKey } }"


def customer_named(name: str) -> str:
    return next(one.customer_id for one in sample_customers() if one.name.startswith(name))


ROWAN, ADDONS = customer_named("Rowan"), customer_named("Fresh Add-on")
NO_WAY, NOTHING = customer_named("Hollyhock"), customer_named("Alder")


@pytest_asyncio.fixture(scope="session")
async def plans(app: Starlette, api_database: Database) -> Api:
    """Give the view of a partner with the sample portfolio, whose plans these tests save."""
    return await partner_with_sample(app, api_database)


async def planned(api: Api, customer: str, asked: str = "", fields: str = PLAN) -> Any:
    given = f", input: {{{asked}}}" if asked else ""
    question = f'{{ planFor(customerId: "{customer}"{given}) {{ __typename {fields} {PROBLEM} }} }}'
    return (await api.ask(question))["planFor"]


async def saved(api: Api, customer: str, asked: str = "", more: str = "") -> Any:
    given = f", input: {{{asked}}}" if asked else ""
    change = f'mutation {{ savePlan(customerId: "{customer}"{given}{more}) '
    answer = await api.ask(f"{change} {{ __typename {SAVED} {PROBLEM} {REFUSED} }} }}")
    return answer["savePlan"]


async def change(api: Api, name: str, **given: object) -> Any:
    """Call a mutation whose arguments are strings, or enumeration values in a tuple."""
    told = ", ".join(
        f"{key}: {value[0] if isinstance(value, tuple) else orjson.dumps(value).decode()}"
        for key, value in given.items()
    )
    question = f"mutation {{ {name}({told}) {{ __typename {SAVED} {PROBLEM} {REFUSED} }} }}"
    return (await api.ask(question))[name]


# --------------------------------------------------------------------------------------- the plan


async def test_a_plan_has_its_steps_in_order_with_dates_calls_and_what_comes_first(
    plans: Api,
) -> None:
    plan = await planned(plans, ROWAN)
    kinds = [step["kind"] for step in plan["steps"]]
    assert kinds == ["CANCEL_ELSEWHERE", "UPGRADE", "MIGRATE"]
    keys = [step["key"] for step in plan["steps"]]
    assert [step["needs"] for step in plan["steps"]] == [[], keys[:1], keys[1:2]]
    assert plan["validUntil"] == min(step["latest"]["day"] for step in plan["steps"])
    call = plan["steps"][2]["call"]
    assert call["path"] == f"/v1/customers/{ROWAN}/migrations/newcommerce"
    assert call["body"]["currentSubscriptionId"] == plan["steps"][2]["subscriptionId"]
    assert plan["steps"][0]["call"] is None


async def test_the_same_question_has_the_same_plan_and_fingerprint(plans: Api) -> None:
    assert await planned(plans, ROWAN) == await planned(plans, ROWAN)
    other = await planned(plans, ROWAN, "without: [UPGRADE]")
    assert other["fingerprint"] != (await planned(plans, ROWAN))["fingerprint"]


async def test_a_goal_that_cannot_be_reached_is_told_and_is_no_refusal(plans: Api) -> None:
    fields = """... on Plan { steps { key } merit { goalsUnmet }
        outcomes { status reached { title } blockers { code } noPath { verdict } } }"""
    plan = await planned(plans, NO_WAY, fields=fields)
    assert (plan["merit"]["goalsUnmet"], plan["steps"]) == (1, [])
    (outcome,) = plan["outcomes"]
    assert (outcome["status"], outcome["reached"]) == ("UNMET", None)
    assert [one["code"] for one in outcome["blockers"]] == ["TARGET_NOT_OFFERED"]
    assert outcome["noPath"] is None


async def test_steps_left_out_that_would_open_a_way_are_told_apart_from_the_message(
    plans: Api,
) -> None:
    fields = "... on Plan { outcomes { status leftOut message } }"
    birchwood = customer_named("Birchwood")
    (outcome,) = (await planned(plans, birchwood, "without: [CANCEL, TRANSFER_IN]", fields))[
        "outcomes"
    ]
    assert (outcome["status"], outcome["leftOut"]) == ("UNMET", [["CANCEL"]])
    (outcome,) = (await planned(plans, birchwood, fields=fields))["outcomes"]
    assert (outcome["status"], outcome["leftOut"]) == ("MET", [])


async def test_goals_name_an_offer_a_number_of_seats_or_both(plans: Api) -> None:
    subscription = (await planned(plans, ADDONS))["steps"][-1]["subscriptionId"]
    fields = "... on Plan { goals { subscriptionId offerId anyNewCommerce seats } }"
    goal = f'subscriptionId: "{subscription}", to: {{offer: "{NEW_E3.lower()}"}}, seats: 50'
    plan = await planned(plans, ADDONS, f"goals: [{{{goal}}}]", fields)
    assert plan["goals"] == [
        {
            "subscriptionId": subscription,
            "offerId": NEW_E3,
            "anyNewCommerce": False,
            "seats": 50,
        }
    ]
    alone = await planned(
        plans, ADDONS, f'goals: [{{subscriptionId: "{subscription}", seats: 50}}]', fields
    )
    assert (alone["goals"][0]["offerId"], alone["goals"][0]["seats"]) == (None, 50)


@pytest.mark.parametrize(
    "profile", ["FEWEST_STEPS", "BEST_DOCUMENTED", "LEAST_DISRUPTION", "SOONEST", "CHEAPEST"]
)
@pytest.mark.parametrize("policy", ["LAST", "INCLUDE"])
async def test_every_part_of_the_merit_has_a_name(plans: Api, profile: str, policy: str) -> None:
    fields = """... on Plan { steps { transitionKind } merit { profile goalsUnmet
        subscriptionsGivenUp unknownSteps legacyUpgrades moves manualMoves days seatsToReassign
        stepsOfOthers daysToGoals monthlyPrice pricesNotKnown steps
        movesByEvidence { evidence moves } } }"""
    scope = f"scope: {{profile: {profile}, legacyUpgrades: {policy}}}"
    plan = await planned(plans, ROWAN, scope, fields)
    merit, kinds = plan["merit"], [step["transitionKind"] for step in plan["steps"]]
    assert (merit["profile"], merit["goalsUnmet"], merit["steps"]) == (profile, 0, len(kinds))
    upgrades = kinds.count("LEGACY_UPGRADE")
    assert merit["legacyUpgrades"] == (upgrades if policy == "LAST" else None)
    moves = sum(kind is not None for kind in kinds)
    assert merit["moves"] == (None if profile == "CHEAPEST" else moves)
    if merit["movesByEvidence"] is not None:
        assert sum(one["moves"] for one in merit["movesByEvidence"]) == moves
    assert (merit["monthlyPrice"] is not None) == (profile == "CHEAPEST")
    assert (merit["days"] is not None) == (profile == "SOONEST")
    assert (merit["stepsOfOthers"] is not None) == (profile == "LEAST_DISRUPTION")


async def test_the_document_for_the_customer_has_no_ids_and_the_internal_one_has(
    plans: Api,
) -> None:
    fields = """... on Plan { customer: markdown internal: markdown(audience: INTERNAL)
        baseline { events { code } } steps { subscriptionId } }"""
    plan = await planned(plans, ROWAN, fields=fields)
    ids = {ROWAN, *(step["subscriptionId"] for step in plan["steps"])}
    assert plan["customer"].startswith("# Plan for Rowan Logistics")
    assert [each for each in ids if each in plan["customer"]] == []
    assert [each for each in ids if each not in plan["internal"]] == []
    assert "it expires and cannot be reactivated" in plan["customer"]
    assert "EXPIRES_FOR_GOOD" in [event["code"] for event in plan["baseline"]["events"]]


# ---------------------------------------------------------------------------------- bad questions


@pytest.mark.parametrize(
    ("asked", "kind", "code"),
    [
        ('to: {offer: "CFQ7TTC0ZZZZ:0001"}', "OfferNotFound", "OFFER_NOT_FOUND"),
        ('to: {product: "CFQ7TTC0ZZZZ"}', "OfferNotFound", "PRODUCT_NOT_FOUND"),
    ],
)
async def test_a_goal_that_nobody_has_is_an_outcome(
    plans: Api, asked: str, kind: str, code: str
) -> None:
    subscription = (await planned(plans, ROWAN))["steps"][-1]["subscriptionId"]
    goals = f'goals: [{{subscriptionId: "{subscription}", {asked}}}]'
    for answer in (await planned(plans, ROWAN, goals), await saved(plans, ROWAN, goals)):
        assert (answer["__typename"], answer["code"]) == (kind, code)


async def test_whose_plan_it_is_and_whose_subscription_must_be_known(plans: Api) -> None:
    nobody = str(uuid4())
    for answer in (await planned(plans, nobody), await saved(plans, nobody)):
        assert (answer["__typename"], answer["code"]) == ("CustomerNotFound", "CUSTOMER_NOT_FOUND")
    goals = f'goals: [{{subscriptionId: "{nobody}"}}]'
    assert (await planned(plans, ROWAN, goals))["code"] == "SUBSCRIPTION_NOT_FOUND"
    twice = (await planned(plans, ROWAN))["steps"][-1]["subscriptionId"]
    goals = f'{{subscriptionId: "{twice}"}}, {{subscriptionId: "{twice}", seats: 3}}'
    assert (await planned(plans, ROWAN, f"goals: [{goals}]"))["code"] == "GOAL_CONTRADICTORY"
    assert (await planned(plans, NOTHING))["code"] == "NOTHING_TO_PLAN"


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ('planFor(customerId: "nobody") { __typename }', "MALFORMED_ID"),
        (f'planFor(customerId: "{ROWAN}", input: {{states: 0}}) {{ __typename }}',
         "STATES_OUT_OF_RANGE"),
        (f'planFor(customerId: "{ROWAN}", input: {{goals: [{{subscriptionId: "{ROWAN}", '
         "seats: 0}]}) { __typename }", "SEATS_OUT_OF_RANGE"),
        (f'planFor(customerId: "{ROWAN}", input: {{choices: {{term: "P9Y"}}}}) {{ __typename }}',
         "TERM_NOT_KNOWN"),
        ('plan(planId: "1234") { __typename }', "MALFORMED_ID"),
        (f'plans(customerId: "{ROWAN}", first: 51) {{ totalCount }}', "FIRST_OUT_OF_RANGE"),
        (f'plans(customerId: "{ROWAN}", after: "bm8=") {{ totalCount }}', "BAD_CURSOR"),
    ],
)  # fmt: skip
async def test_what_is_written_wrongly_is_refused_with_a_code(
    plans: Api, question: str, code: str
) -> None:
    assert await plans.refused(f"{{ {question} }}") == code


@pytest.mark.parametrize(("states", "most"), [(1_000, 45), (2_000, 23)])
async def test_one_request_makes_so_many_plans_and_no_more(
    plans: Api, states: int, most: int
) -> None:
    def plans_of_nobody(number: int) -> str:
        one = f'planFor(customerId: "{uuid4()}", input: {{states: {states}}}) {{ __typename }}'
        return f"{{ {' '.join(f'p{each}: {one}' for each in range(number))} }}"

    told = await plans.ask(plans_of_nobody(most))
    assert [each["__typename"] for each in told.values()] == ["CustomerNotFound"] * most
    assert await plans.refused(plans_of_nobody(most + 1)) == "QUERY_TOO_COSTLY"


# -------------------------------------------------------------------------------- the life of one


async def test_a_plan_is_saved_approved_by_its_fingerprint_and_carried_out(plans: Api) -> None:
    kept = await saved(plans, ROWAN, more=', note: "first draft"')
    assert (kept["__typename"], kept["status"]) == ("SavedPlan", "PROPOSED")
    assert kept["history"] == [
        {"number": 1, "kind": "SAVED", "note": "first draft", "stepKey": None}
    ]
    plan_id, print_ = kept["planId"], kept["fingerprint"]
    wrong = await change(plans, "approvePlan", planId=plan_id, fingerprint="0" * 64)
    assert (wrong["code"], wrong["planFingerprint"]) == ("FINGERPRINT_MISMATCH", print_)
    keys = [step["key"] for step in (await planned(plans, ROWAN))["steps"]]
    early = await change(plans, "markPlanStep", planId=plan_id, stepKey=keys[0], mark=("DONE",))
    assert early["code"] == "PLAN_NOT_APPROVED"
    approved = await change(plans, "approvePlan", planId=plan_id, fingerprint=print_, note="go")
    assert approved["status"] == "APPROVED"
    again = await change(plans, "approvePlan", planId=plan_id, fingerprint=print_)
    assert (again["code"], again["event"]) == (
        "ALREADY_APPROVED",
        {"kind": "APPROVED", "number": 2},
    )
    needs = await change(plans, "markPlanStep", planId=plan_id, stepKey=keys[1], mark=("DONE",))
    assert (needs["code"], needs["neededSteps"]) == ("STEP_NEEDS_OTHERS", keys[:1])
    statuses = []
    for key, mark in ((keys[0], "FAILED"), (keys[0], "DONE"), (keys[1], "DONE"), (keys[2], "DONE")):
        marked = await change(plans, "markPlanStep", planId=plan_id, stepKey=key, mark=(mark,))
        statuses.append(marked["status"])
    assert statuses == ["FAILED", "IN_PROGRESS", "IN_PROGRESS", "DONE"]
    kinds = [event["kind"] for event in marked["history"]]
    assert kinds == ["SAVED", "APPROVED", "STEP_FAILED", *["STEP_DONE"] * 3]


async def test_a_rejected_plan_is_not_approved_and_its_steps_are_not_marked(plans: Api) -> None:
    kept = await saved(plans, ADDONS)
    plan_id, print_ = kept["planId"], kept["fingerprint"]
    rejected = await change(plans, "rejectPlan", planId=plan_id, note="too late")
    assert rejected["status"] == "REJECTED"
    for answer in (
        await change(plans, "approvePlan", planId=plan_id, fingerprint=print_),
        await change(plans, "rejectPlan", planId=plan_id),
        await change(plans, "markPlanStep", planId=plan_id, stepKey="x", mark=("DONE",)),
    ):
        assert (answer["__typename"], answer["code"]) == ("PlanRefused", "PLAN_REJECTED")


async def test_saving_can_expect_the_plan_that_was_looked_at(plans: Api) -> None:
    seen = (await planned(plans, ADDONS))["fingerprint"]
    kept = await saved(plans, ADDONS, more=f', expectedFingerprint: "{seen}"')
    assert kept["fingerprint"] == seen
    other = await saved(plans, ADDONS, more=', expectedFingerprint: "other"')
    assert (other["code"], other["planFingerprint"]) == ("FINGERPRINT_MISMATCH", seen)


async def test_a_saved_plan_is_read_again_as_it_was(plans: Api) -> None:
    fields = PLAN.removeprefix("... on Plan")
    made, kept = await planned(plans, ADDONS), await saved(plans, ADDONS)
    told = await plans.ask(
        f'{{ plan(planId: "{kept["planId"]}") {{ ... on SavedPlan {{ plan {fields} '
        "customer { customerId } freshness { state reasons { message } } } } }"
    )
    assert told["plan"]["plan"] == {name: made[name] for name in told["plan"]["plan"]}
    assert told["plan"]["customer"] == {"customerId": ADDONS}
    assert told["plan"]["freshness"] == {"state": "CURRENT", "reasons": []}


async def test_a_plan_whose_last_days_are_over_is_stale_and_is_not_approved(plans: Api) -> None:
    kept = await saved(plans, ROWAN)
    later = plans.at(NOW + timedelta(days=365))
    fresh = await later.ask(
        f'{{ plan(planId: "{kept["planId"]}") {{ ... on SavedPlan {{ freshness {{ state '
        "reasons { kind message } } } } }"
    )
    told = fresh["plan"]["freshness"]
    assert told["state"] == "STALE"
    assert {reason["kind"] for reason in told["reasons"]} == {"DATE_PASSED"}
    refused = await change(
        later, "approvePlan", planId=kept["planId"], fingerprint=kept["fingerprint"]
    )
    assert refused["code"] == "PLAN_STALE"
    assert {reason["kind"] for reason in refused["reasons"]} == {"DATE_PASSED"}


async def test_no_partner_sees_or_decides_on_anothers_plan(plans: Api, partner: Api) -> None:
    kept = await saved(plans, ADDONS)
    plan_id = kept["planId"]
    question = f'{{ plan(planId: "{plan_id}") {{ __typename {PROBLEM} }} }}'
    assert (await partner.ask(question))["plan"]["code"] == "PLAN_NOT_FOUND"
    assert await partner.ask(f'{{ node(id: "{kept["id"]}") {{ id }} }}') == {"node": None}
    for name, more in (
        ("approvePlan", {"fingerprint": kept["fingerprint"]}),
        ("rejectPlan", {}),
        ("markPlanStep", {"stepKey": "x", "mark": ("DONE",)}),
    ):
        answer = await change(partner, name, planId=plan_id, **more)
        assert (answer["__typename"], answer["code"]) == ("PlanNotFound", "PLAN_NOT_FOUND")
    listed = await partner.ask(f'{{ plans(customerId: "{ADDONS}") {{ totalCount }} }}')
    assert listed["plans"]["totalCount"] == 0


async def test_a_saved_plan_is_a_node(plans: Api) -> None:
    kept = await saved(plans, ADDONS)
    told = await plans.ask(
        f'{{ node(id: "{kept["id"]}") {{ id ... on SavedPlan {{ planId status }} }} }}'
    )
    assert told["node"] == {"id": kept["id"], "planId": kept["planId"], "status": "PROPOSED"}


async def test_plans_come_in_pages_newest_first_each_once(plans: Api) -> None:
    ids = [
        (await saved(plans.at(NOW + timedelta(minutes=each)), NO_WAY))["planId"]
        for each in range(5)
    ]
    seen, after = [], "null"
    while True:
        page = (
            await plans.ask(
                f'{{ plans(customerId: "{NO_WAY}", first: 2, after: {after}) {{ totalCount '
                "edges { node { planId freshness { state } } } "
                "pageInfo { hasNextPage endCursor } } }"
            )
        )["plans"]
        assert page["totalCount"] == 5
        assert {edge["node"]["freshness"]["state"] for edge in page["edges"]} == {"CURRENT"}
        seen += [edge["node"]["planId"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = f'"{page["pageInfo"]["endCursor"]}"'
    assert seen == ids[::-1]


async def test_two_plans_are_compared_step_by_step(plans: Api) -> None:
    old = await saved(plans, ROWAN)
    new = await saved(plans, ROWAN, "without: [UPGRADE]")
    fields = """... on PlanComparison { old { planId } new { planId } difference { isSame
        steps { key change old { kind } new { kind } } outcomes { change fields { field } }
        moved { kind } } }"""
    told = await compared(plans, old["planId"], new["planId"], fields)
    assert (told["old"]["planId"], told["new"]["planId"]) == (old["planId"], new["planId"])
    difference = told["difference"]
    assert not difference["isSame"]
    assert {step["change"] for step in difference["steps"]} == {"REMOVED"}
    assert [step["old"]["kind"] for step in difference["steps"]][-1] == "MIGRATE"
    assert "priceThen" in [each["field"] for each in difference["outcomes"][0]["fields"]]
    assert {reason["kind"] for reason in difference["moved"]} == {"QUESTION"}
    same = await compared(plans, old["planId"], old["planId"], fields)
    assert same["difference"]["isSame"]
    assert {step["change"] for step in same["difference"]["steps"]} == {"SAME"}


async def compared(api: Api, old: str, new: str, fields: str = "") -> Any:
    question = f'{{ comparePlans(oldPlanId: "{old}", newPlanId: "{new}") '
    return (await api.ask(f"{question} {{ __typename {fields} {PROBLEM} }} }}"))["comparePlans"]


async def test_plans_of_two_customers_are_not_compared(plans: Api) -> None:
    one, other = await saved(plans, ROWAN), await saved(plans, ADDONS)
    answer = await compared(plans, one["planId"], other["planId"])
    assert (answer["__typename"], answer["code"]) == (
        "PlanRefused",
        "PLANS_OF_DIFFERENT_CUSTOMERS",
    )
    missing = await compared(plans, one["planId"], str(uuid4()))
    assert missing["__typename"] == "PlanNotFound"


# ------------------------------------------------------------------- the guide, and every field


async def test_the_questions_of_the_guide_are_answered_as_they_stand_there(
    app: Starlette, api_database: Database
) -> None:
    plans = await partner_with_sample(app, api_database)
    blocks = re.findall(r"```graphql\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    made, save, approve, look = blocks
    told = (await plans.ask(made))["planFor"]
    work = [step for step in told["steps"] if not step["key"].startswith("WAIT_UNTIL/")]
    assert told["merit"]["steps"] == len(work) > 0
    kept = (await plans.ask(save, customerId=ADDONS))["savePlan"]
    assert kept["status"] == "PROPOSED"
    given = {"planId": kept["planId"], "fingerprint": kept["fingerprint"]}
    assert (await plans.ask(approve, **given))["approvePlan"]["status"] == "APPROVED"
    seen = await plans.ask(look, planId=kept["planId"], customerId=ADDONS)
    assert (seen["plan"]["status"], seen["plan"]["freshness"]["state"]) == ("APPROVED", "CURRENT")
    assert seen["comparePlans"]["difference"]["isSame"]
    assert kept["planId"] in [edge["node"]["planId"] for edge in seen["plans"]["edges"]]


async def test_every_field_of_every_type_of_plans_answers(plans: Api) -> None:
    schema = build_client_schema(await plans.ask(get_introspection_query(descriptions=False)))
    seen: Seen = set()
    for question in await _questions(plans, schema):
        seen |= seen_in(await plans.ask(question))
    every = all_fields(schema, leaving_out=set())
    assert {pair for pair in every if pair[0] in PLAN_TYPES} - seen == set()


async def _questions(api: Api, schema: GraphQLSchema) -> list[str]:
    shallow = {"Offer", "Customer", "Baseline", "NoPath", "Blocker", "Unanswered"}
    every: Mapping[str, str | None] = {"Offer.soldIn": None}
    leaf = {**every, "Plan.alternatives": None, "PlanStep.batchRows": None}
    whole, brief = Selector(schema, every, shallow), Selector(schema, leaf, shallow | {"Plan"})
    kept = [await saved(api, ROWAN), await saved(api, ROWAN, "without: [UPGRADE]")]
    first, second = (each["planId"] for each in kept)
    prints = kept[0]["fingerprint"]
    keys = [step["key"] for step in (await planned(api, ROWAN))["steps"]]
    saved_fields = brief.fields("SavedPlanResult")
    decision = brief.fields("PlanDecision")
    told = [
        f'planFor(customerId: "{each}") {{ {whole.fields("PlanForResult")} }}'
        for each in (ROWAN, ADDONS, NO_WAY, NOTHING)
    ]
    told.append(
        f'comparePlans(oldPlanId: "{first}", newPlanId: "{second}") '
        f"{{ {brief.fields('ComparePlansResult')} }}"
    )
    told.append(f'plan(planId: "{uuid4()}") {{ {saved_fields} }}')
    changes = [
        f'approvePlan(planId: "{first}", fingerprint: "x") {{ {decision} }}',
        f'approvePlan(planId: "{first}", fingerprint: "{prints}") {{ {decision} }}',
        f'markPlanStep(planId: "{first}", stepKey: "{keys[0]}", mark: DONE) {{ {decision} }}',
    ]
    return [f"{{ {each} }}" for each in told] + [f"mutation {{ {each} }}" for each in changes] + [
        f'{{ plan(planId: "{first}") {{ {saved_fields} }} }}'
    ]  # fmt: skip


async def test_types_of_plans_and_what_needs_words_have_them(plans: Api) -> None:
    schema = build_client_schema(await plans.ask(get_introspection_query()))
    for name in sorted(PLAN_TYPES | {"PlanInput", "PlanChoicesInput", "SubscriptionGoalInput"}):
        assert schema.type_map[name].description, name
    for name in ("StepKind", "PlanExactness", "GoalStatus", "Audience", "PlanStatus", "StepMark"):
        assert schema.type_map[name].description, name
