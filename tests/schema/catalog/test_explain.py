"""`explain` tells why there is no path, from the bundled catalog, as a front end asks it."""

from typing import Any

from graphql import build_client_schema, get_introspection_query

from tests.schema.api import BUSINESS_BASIC, LEGACY_E3, NEW_BASIC, NEW_E1, NEW_E3, Api
from tests.schema.every_question import ARGUMENTS
from tests.schema.selections import Seen, Selector, seen_in

EMS_E3 = "CFQ7TTC0LHT4:0001"
EMS_E5 = "CFQ7TTC0LFJ1:0001"
NOBODY = "11111111-1111-4111-8111-111111111111"
EXPLAIN = """
query Explain($from: String!, $to: GoalInput!, $via: [String!], $scope: ScopeInput) {
  explain(from: $from, to: $to, via: $via, scope: $scope) {
    __typename
    ... on Explanation {
      verdict message goalCount tried isExhaustive text mermaid
      from { catalogId }
      nodes { number code statement because kind sources remedy offers { catalogId }
              moves { from { catalogId } to { catalogId } } }
      frontier {
        ends { catalogId } entries { catalogId } entryCount unknownCount
        refused { refusals transition { kind from { catalogId } to { catalogId } } }
        denied { from { catalogId } to { catalogId } }
        unknown { kind ends { from { catalogId } to { catalogId } } }
      }
      openings {
        exactness
        changes { field before after message }
        assumed { from { catalogId } to { catalogId } }
        path { offers { catalogId } readiness }
      }
    }
    ... on PathsFound { paths { offers { catalogId } } }
    ... on OfferNotFound { code catalogId }
  }
}
"""
EXPLANATION_TYPES = {
    *("Explanation", "ExplanationNode", "MoveEnds", "RefusedMove", "UnknownMove"),
    *("Frontier", "QuestionChange", "Opening"),
}


async def _asked(api: Api, origin: str, to: dict[str, Any], **variables: Any) -> Any:
    return (await api.ask(EXPLAIN, **{"from": origin, "to": to}, **variables))["explain"]


async def _explained(api: Api, origin: str, target: str, **variables: Any) -> Any:
    answer = await _asked(api, origin, {"offer": target}, **variables)
    assert answer["__typename"] == "Explanation"
    return answer


def _codes(answer: Any) -> list[str]:
    return [node["code"] for node in answer["nodes"]]


async def test_a_question_with_a_path_is_answered_with_its_paths(sample: Api) -> None:
    answer = await _asked(sample, BUSINESS_BASIC, {"offer": NEW_E3})
    assert answer["__typename"] == "PathsFound"
    assert len(answer["paths"]) == 3


async def test_the_way_back_to_legacy_is_impossible_and_nothing_opens_it(sample: Api) -> None:
    answer = await _explained(sample, NEW_BASIC, BUSINESS_BASIC)
    assert answer["verdict"] == "IMPOSSIBLE"
    assert "NO_WAY_BACK_TO_LEGACY" in _codes(answer)
    assert _codes(answer)[-1] == "NO_PATH"
    assert answer["openings"] == []
    assert answer["isExhaustive"]
    assert answer["text"][-1].endswith("ask from the legacy offer to the new-commerce one.")


async def test_a_denied_conversion_names_the_page_that_denies_it(sample: Api) -> None:
    answer = await _explained(sample, EMS_E3, EMS_E5)
    assert answer["verdict"] == "IMPOSSIBLE"
    (denial,) = [node for node in answer["nodes"] if node["code"] == "DENIED_BY_SOURCE"]
    assert denial["sources"] == ["ms_docs_create-a-new-subscription_2023"]
    ends = {"from": {"catalogId": EMS_E3}, "to": {"catalogId": EMS_E5}}
    assert answer["frontier"]["denied"] == [ends]
    assert '--x|"DENIED_BY_SOURCE"|' in answer["mermaid"]
    assert answer["openings"] == []


async def test_the_policy_that_shuts_legacy_upgrades_out_is_the_one_thing_to_change(
    sample: Api,
) -> None:
    answer = await _explained(
        sample, BUSINESS_BASIC, LEGACY_E3, scope={"legacyUpgrades": "EXCLUDE"}
    )
    (opening,) = answer["openings"]
    assert opening["exactness"] == "EXACT"
    (change,) = opening["changes"]
    assert (change["field"], change["before"], change["after"]) == (
        "LEGACY_UPGRADES",
        "EXCLUDE",
        "LAST",
    )
    assert [offer["catalogId"] for offer in opening["path"]["offers"]] == [
        BUSINESS_BASIC,
        LEGACY_E3,
    ]
    refused = answer["frontier"]["refused"]
    assert {tuple(move["refusals"]) for move in refused} == {("LEGACY_UPGRADES_EXCLUDED",)}


async def test_every_change_that_is_told_opens_the_path_when_it_is_asked(sample: Api) -> None:
    scope: dict[str, Any] = {"avoid": [NEW_E1, LEGACY_E3], "maxSteps": 2}
    answer = await _explained(sample, BUSINESS_BASIC, NEW_E3, scope=scope)
    openings = [one for one in answer["openings"] if one["exactness"] == "EXACT"]
    assert openings
    for opening in openings:
        asked = scope | {"avoid": list(scope["avoid"])}
        for change in opening["changes"]:
            if change["field"] == "AVOID":
                asked["avoid"].remove(change["before"])
            else:
                assert change["field"] == "MAX_STEPS"
                asked["maxSteps"] = int(change["after"])
        found = await _asked(sample, BUSINESS_BASIC, {"offer": NEW_E3}, scope=asked)
        assert found["paths"][0]["offers"] == opening["path"]["offers"]


async def test_a_list_that_is_not_loaded_is_an_upper_bound(sample: Api) -> None:
    answer = await _explained(sample, NEW_E1, EMS_E5)
    assert answer["verdict"] == "NOT_KNOWN"
    (opening,) = answer["openings"]
    assert opening["exactness"] == "UPPER_BOUND"
    assert opening["changes"][0]["field"] == "IMPORT_LIST"
    assert opening["assumed"] == {"from": {"catalogId": NEW_E1}, "to": {"catalogId": EMS_E5}}
    assert opening["path"]["readiness"] == "CONDITIONAL"


async def test_causes_come_before_what_follows_from_them(sample: Api) -> None:
    scope = {"legacyUpgrades": "EXCLUDE", "kinds": ["LEGACY_UPGRADE"]}
    answer = await _explained(sample, BUSINESS_BASIC, NEW_E3, scope=scope)
    for place, node in enumerate(answer["nodes"], start=1):
        assert node["number"] == place
        assert all(cause < place for cause in node["because"])


async def test_what_the_catalog_does_not_have_is_not_found(sample: Api) -> None:
    answer = await _asked(sample, NOBODY, {"anyNewCommerce": True})
    assert (answer["__typename"], answer["code"]) == ("OfferNotFound", "OFFER_NOT_FOUND")


async def test_too_many_offers_to_pass_or_avoid_are_refused(sample: Api) -> None:
    many = [NOBODY] * 51
    to = {"offer": NEW_E3}
    given = {"from": BUSINESS_BASIC, "to": to}
    assert await sample.refused(EXPLAIN, **given, via=many[:21]) == "TOO_MANY_OFFERS"
    assert await sample.refused(EXPLAIN, **given, scope={"avoid": many}) == "TOO_MANY_OFFERS"


async def test_every_field_of_an_explanation_answers(sample: Api) -> None:
    schema = build_client_schema(await sample.ask(get_introspection_query(descriptions=False)))
    fields = Selector(schema, ARGUMENTS, {"Offer", "Path", "Transition"}).fields("ExplainResult")
    seen: Seen = set()
    for origin, target, scope in (
        (BUSINESS_BASIC, LEGACY_E3, 'market: "DE", legacyUpgrades: EXCLUDE'),
        (EMS_E3, EMS_E5, ""),
        (NEW_E1, EMS_E5, ""),
    ):
        given = f'from: "{origin}", to: {{offer: "{target}"}}, scope: {{{scope}}}'
        seen |= seen_in(await sample.ask(f"{{ explain({given}) {{ {fields} }} }}"))
    wanted = {
        (name, field)
        for name in EXPLANATION_TYPES
        for field in schema.type_map[name].fields  # type: ignore[attr-defined]
    }
    assert wanted - seen == set()
