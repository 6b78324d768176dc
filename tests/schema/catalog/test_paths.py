"""`paths` answers what the issue demands, from the bundled catalog, as a front end asks it."""

from typing import Any

import pytest

from tests.schema.api import BUSINESS_BASIC, LEGACY_E3, NEW_BASIC, NEW_E1, NEW_E3, Api

BUSINESS_STANDARD = "031C9E47-4802-4248-838E-778FB1D2CC05"
EXCHANGE_ONLINE_P1 = "195416C1-3447-423A-B37B-EE59A99A19C4"
PATHS = """
query Paths($from: String!, $to: GoalInput!, $first: Int! = 3, $via: [String!],
            $scope: ScopeInput) {
  paths(from: $from, to: $to, first: $first, via: $via, scope: $scope) {
    __typename
    ... on PathsFound {
      hasMore isExhaustive
      paths {
        readiness
        steps { kind to { catalogId } window { state opens } }
        offers { catalogId }
        cost { steps legacyUpgrades manualSteps }
        conditions { code }
      }
    }
    ... on NoPath { code verdict message causes { code message remedy opens } }
    ... on OfferNotFound { code catalogId remedy }
  }
}
"""
THREE_STEPS = [("MIGRATION", NEW_BASIC), ("CONVERSION", NEW_E1), ("CONVERSION", NEW_E3)]
TWO_STEPS = [("LEGACY_UPGRADE", LEGACY_E3), ("MIGRATION", NEW_E3)]


async def _asked(api: Api, **variables: Any) -> Any:
    given = {"from": BUSINESS_BASIC, "to": {"offer": NEW_E3}} | variables
    return (await api.ask(PATHS, **given))["paths"]


async def _found(api: Api, **variables: Any) -> list[Any]:
    answer = await _asked(api, **variables)
    assert answer["__typename"] == "PathsFound", answer
    paths: list[Any] = answer["paths"]
    return paths


def _steps(path: Any) -> list[tuple[str, str]]:
    return [(step["kind"], step["to"]["catalogId"]) for step in path["steps"]]


def _codes(path: Any) -> set[str]:
    return {condition["code"] for condition in path["conditions"]}


async def test_without_legacy_upgrades_one_way_leads_to_office_365_e3(sample: Api) -> None:
    answer = await _asked(sample, first=50, scope={"legacyUpgrades": "EXCLUDE"})
    (only,) = answer["paths"]
    assert (answer["hasMore"], answer["isExhaustive"]) == (False, True)
    assert _steps(only) == THREE_STEPS
    assert [offer["catalogId"] for offer in only["offers"]] == [
        *(BUSINESS_BASIC, NEW_BASIC, NEW_E1, NEW_E3)
    ]
    assert (only["cost"]["steps"], only["cost"]["legacyUpgrades"]) == (3, 0)


async def test_legacy_upgrades_come_last_by_default_and_are_told_as_contested(sample: Api) -> None:
    best, second, *_ = await _found(sample)
    assert _steps(best) == THREE_STEPS
    assert "LEGACY_UPGRADE_CONTESTED" not in _codes(best)
    assert _steps(second) == TWO_STEPS
    assert "LEGACY_UPGRADE_CONTESTED" in _codes(second)
    assert second["steps"][0]["window"]["state"] == "CONTESTED"


async def test_included_legacy_upgrades_count_like_any_step(sample: Api) -> None:
    paths = await _found(sample, first=5, scope={"legacyUpgrades": "INCLUDE"})
    assert _steps(paths[0]) == TWO_STEPS
    assert [path["cost"]["steps"] for path in paths] == [2, 3, 3, 3, 3]


async def test_unconfirmed_legacy_upgrades_are_not_taken_where_only_confirmed_ones_count(
    sample: Api,
) -> None:
    paths = await _found(sample, scope={"legacyUpgrades": "CONFIRMED"})
    assert [_steps(path) for path in paths] == [THREE_STEPS]


async def test_more_paths_are_told_where_there_are_more(sample: Api) -> None:
    few, many = await _asked(sample, first=1), await _asked(sample, first=50)
    assert (few["hasMore"], many["hasMore"]) == (True, False)
    assert many["paths"][0] == few["paths"][0]
    assert len(many["paths"]) == len({str(_steps(path)) for path in many["paths"]})


async def test_a_product_is_met_by_any_of_its_skus(sample: Api) -> None:
    for written in ("CFQ7TTC0LF8R", " cfq7ttc0lf8r "):
        best, *_ = await _found(sample, to={"product": written})
        assert _steps(best) == THREE_STEPS


async def test_any_new_commerce_offer_is_a_migration_away(sample: Api) -> None:
    best, *_ = await _found(sample, to={"anyNewCommerce": True})
    assert _steps(best) == [("MIGRATION", NEW_BASIC)]


async def test_a_goal_of_service_plans_ends_where_all_of_them_are_given(sample: Api) -> None:
    give = '{ offer(catalogId: "%s") { ... on Offer { servicePlans { plans { planId } } } } }'
    e3 = await sample.ask(give % NEW_E3)
    wanted = {plan["planId"] for plan in e3["offer"]["servicePlans"]["plans"]}
    best, *_ = await _found(sample, to={"servicePlans": sorted(wanted)})
    end = await sample.ask(give % best["offers"][-1]["catalogId"])
    assert wanted <= {plan["planId"] for plan in end["offer"]["servicePlans"]["plans"]}


async def test_every_path_leads_over_what_it_shall_lead_over(sample: Api) -> None:
    paths = await _found(sample, first=50, via=[LEGACY_E3, BUSINESS_STANDARD])
    for path in paths:
        assert {LEGACY_E3, BUSINESS_STANDARD} <= {each["catalogId"] for each in path["offers"]}


async def test_a_way_over_an_offer_that_is_not_on_it_does_not_exist(sample: Api) -> None:
    answer = await _asked(sample, via=[EXCHANGE_ONLINE_P1])
    assert answer["__typename"] == "NoPath"
    assert answer["causes"][0]["code"] == "VIA_NOT_ON_THE_WAY"


async def test_no_path_passes_an_offer_to_avoid(sample: Api) -> None:
    paths = await _found(sample, first=50, scope={"avoid": [NEW_E1.lower()]})
    assert _steps(paths[0]) == TWO_STEPS
    assert all(NEW_E1 not in [each["catalogId"] for each in path["offers"]] for path in paths)


async def test_max_steps_bounds_every_path(sample: Api) -> None:
    paths = await _found(sample, first=50, scope={"maxSteps": 2})
    assert [_steps(path) for path in paths] == [TWO_STEPS]
    answer = await _asked(sample, scope={"maxSteps": 2, "legacyUpgrades": "EXCLUDE"})
    assert answer["__typename"] == "NoPath"


async def test_a_market_without_the_target_leaves_no_way(sample: Api) -> None:
    plan_2 = "CFQ7TTC0LH14:0001"
    sharepoint = {"from": "69C67983-CF78-4102-83F6-3E5FD246864F", "to": {"offer": plan_2}}
    (best, *_) = await _found(sample, **sharepoint, scope={"market": "us"})
    assert _steps(best) == [("MIGRATION", plan_2)]
    answer = await _asked(sample, **sharepoint, scope={"market": "IN"})
    assert answer["__typename"] == "NoPath"
    assert "NOT_SOLD_IN_MARKET" in [cause["code"] for cause in answer["causes"]]


async def test_another_segment_leaves_no_way(sample: Api) -> None:
    assert await _found(sample, scope={"segment": "COMMERCIAL"})
    answer = await _asked(sample, scope={"segment": "EDUCATION"})
    assert "OTHER_SEGMENT" in [cause["code"] for cause in answer["causes"]]


async def test_only_moves_of_the_kinds_asked_for_are_used(sample: Api) -> None:
    kinds = ["LEGACY_UPGRADE", "MIGRATION"]
    for path in await _found(sample, first=50, scope={"kinds": kinds}):
        assert {step["kind"] for step in path["steps"]} <= set(kinds)


@pytest.mark.parametrize("day", ["2022-02-28", "2022-01-01T00:00:00Z"])
async def test_before_march_2022_legacy_upgrades_are_open(sample: Api, day: str) -> None:
    paths = await _found(sample, first=50, scope={"at": day, "legacyUpgrades": "INCLUDE"})
    two = next(path for path in paths if _steps(path) == TWO_STEPS)
    assert two["steps"][0]["window"]["state"] == "OPEN"
    assert "LEGACY_UPGRADE_CONTESTED" not in _codes(two)


async def test_swapped_ends_are_impossible_and_the_answer_says_so(sample: Api) -> None:
    answer = await _asked(sample, **{"from": NEW_E3}, to={"offer": BUSINESS_BASIC})
    assert (answer["code"], answer["verdict"]) == ("NO_PATH", "IMPOSSIBLE")
    (cause,) = answer["causes"]
    assert cause["code"] == "NO_WAY_BACK_TO_LEGACY"
    assert cause["remedy"]


@pytest.mark.parametrize("offer", [BUSINESS_BASIC, NEW_E3])
async def test_the_offer_itself_is_no_goal_and_the_answer_says_so(sample: Api, offer: str) -> None:
    answer = await _asked(sample, **{"from": offer}, to={"offer": offer})
    assert [cause["code"] for cause in answer["causes"]] == ["ORIGIN_IS_THE_GOAL"]


async def test_what_a_list_would_tell_is_not_known_and_the_list_is_named(sample: Api) -> None:
    answer = await _asked(sample, **{"from": NEW_E3}, to={"offer": NEW_E1})
    assert answer["verdict"] == "NOT_KNOWN"
    told = await sample.ask("{ catalog { missingLists { kind title remedy } } }")
    conversions = [each for each in told["catalog"]["missingLists"] if each["kind"] == "CONVERSION"]
    remedies = [cause["remedy"] for cause in answer["causes"]]
    assert any(each["remedy"] in remedies for each in conversions), answer
