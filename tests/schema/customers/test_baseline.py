"""The baseline through GraphQL: over the small catalog, without a database."""

from dataclasses import replace
from typing import Any

import pytest
import strawberry
from graphql import GraphQLObjectType
from strawberry.schema.config import StrawberryConfig

from planner.baselines.rules import BASELINE_VERSION
from planner.customers import Customer, RenewalInstructions
from resolvers.asked import Asked
from resolvers.codes.code import Code
from resolvers.customers.baseline import baseline_for, baseline_of_subscription
from resolvers.problems import BadInput
from resolvers.records.catalog import CatalogVersion
from resolvers.records.imports import ImportFile, RefusedFile
from resolvers.records.principal import Principal
from schema.context import Context, Info
from schema.customers.baseline import Baseline, show_baseline
from schema.loaders import Loaders
from schema.scalars import SCALARS, Day, Instant
from tests.memory_stores import (
    memory_stores,
)
from tests.planner.baselines.baseline_cases import CATALOG, held
from tests.planner.builders import NOW, customer, oid
from tests.schema.selections import Selector, all_fields, seen_in

TYPES = {"Baseline", "BaselineEvent", "Afterwards", "LastDayToAct"}
SCHEDULED = held("a", renewal=RenewalInstructions(oid("b"), seats=7))
EXTENDED = held("a", number=2, auto_renews=False)
LEGACY = held("A", number=3)
UNPLACED = held("a", number=4, catalog_id=None)
OWNER = customer(SCHEDULED, EXTENDED, LEGACY, UNPLACED)


@strawberry.type
class Query:
    """The two fields that customers and subscriptions have."""

    @strawberry.field
    def whole(self, info: Info, at: Instant | None = None, until: Day | None = None) -> Baseline:
        return show_baseline(baseline_for(info.context.asked, OWNER, at=at, until=until))

    @strawberry.field
    def legacy(self, info: Info, at: Instant | None = None, until: Day | None = None) -> Baseline:
        told = baseline_of_subscription(info.context.asked, OWNER, LEGACY, at=at, until=until)
        return show_baseline(told)


SCHEMA = strawberry.Schema(query=Query, config=StrawberryConfig(scalar_map=SCALARS))


def asked() -> Asked:
    version = CatalogVersion(CATALOG.version_id, CATALOG.content_hash, None, "small", NOW)
    principal = Principal("0" * 8, frozenset())
    return Asked(principal, NOW, version, CATALOG, memory_stores())


def answer_to(question: str) -> Any:
    context = Context(asked(), Loaders(asked()), read_import=_nothing)
    answer = SCHEMA.execute_sync(question, context_value=context)
    assert answer.errors is None, answer.errors
    return answer.data


def _nothing(file: ImportFile) -> RefusedFile:
    return RefusedFile(Code.NOT_JSON, file.name)


def test_every_field_answers_with_a_value_somewhere() -> None:
    selector = Selector(SCHEMA._schema, {}, {"Afterwards"})
    data = answer_to(f"{{ whole {{ {selector.fields('Baseline')} }} }}")
    of_ours = {pair for pair in all_fields(SCHEMA._schema, leaving_out=set()) if pair[0] in TYPES}
    assert of_ours <= seen_in(data)
    empty = {pair for pair in of_ours if all(each is None for each in _values(data, *pair))}
    assert empty == set()


def _values(value: Any, type_name: str, field: str) -> list[Any]:
    if isinstance(value, list):
        return [found for each in value for found in _values(each, type_name, field)]
    if not isinstance(value, dict):
        return []
    here = [value[field]] if value.get("__typename") == type_name and field in value else []
    return here + [found for each in value.values() for found in _values(each, type_name, field)]


def test_types_and_fields_that_need_words_have_them() -> None:
    for name in sorted(TYPES):
        found = SCHEMA._schema.type_map[name]
        assert isinstance(found, GraphQLObjectType)
        assert found.description
    for name in ("BaselineCode", "Certainty"):
        assert SCHEMA._schema.type_map[name].description


def test_the_events_are_those_of_the_planner_in_its_order() -> None:
    data = answer_to("{ whole { until rulesVersion unknown events { code day surcharge } } }")
    whole = data["whole"]
    assert (whole["until"], whole["rulesVersion"]) == ("2028-11-23", BASELINE_VERSION)
    assert whole["unknown"] == []
    assert [(each["code"], each["day"], each["surcharge"]) for each in whole["events"]] == [
        ("DATA_LOOKS_OLD", "2026-03-10", None),
        ("RENEWS", "2027-03-10", None),
        ("SCHEDULED_CHANGE", "2027-03-10", None),
        ("EXTENDED_SERVICE_TERM", "2027-03-10", "0.03"),
        ("MICROSOFT_LED_MIGRATION", "2027-03-10", None),
        ("RENEWS", "2028-03-10", None),
        ("NOT_KNOWN", None, None),
    ]


def test_one_subscription_is_told_with_what_it_becomes_and_until_when_it_can_be_averted() -> None:
    data = answer_to("""{ legacy(until: "2027-03-10") { events { code lastDayToAct { day }
        after { term seats billingCycle lastDay catalogId offer { title } } } } }""")
    _, migration = data["legacy"]["events"]
    assert migration["lastDayToAct"] == {"day": "2027-03-08"}
    assert migration["after"] == {
        "term": "P1Y",
        "seats": 10,
        "billingCycle": "monthly",
        "lastDay": "2028-03-09",
        "catalogId": oid("a"),
        "offer": {"title": "Sku a"},
    }
    before = answer_to('{ legacy(until: "2027-03-09") { events { code } } }')
    assert [each["code"] for each in before["legacy"]["events"]] == ["DATA_LOOKS_OLD"]


def test_another_instant_gives_what_lies_ahead_of_it() -> None:
    data = answer_to('{ whole(at: "2028-01-01") { at events { code day } } }')
    assert data["whole"]["at"] == "2028-01-01T00:00:00Z"
    ahead = [each for each in data["whole"]["events"] if each["code"] == "RENEWS"]
    assert [each["day"] for each in ahead] == ["2028-03-10", "2029-03-10"]


@pytest.mark.parametrize("until", ["2026-11-22", "2036-11-24"])
def test_a_horizon_in_the_past_or_beyond_ten_years_is_refused(until: str) -> None:
    day = Day(NOW.date().fromisoformat(until))
    owner: Customer = replace(OWNER, name="Contoso")
    with pytest.raises(BadInput) as refused:
        baseline_for(asked(), owner, until=day)
    assert refused.value.code == "UNTIL_OUT_OF_RANGE"


def test_the_edges_of_the_horizon_are_allowed() -> None:
    for until in ("2026-11-23", "2036-11-23"):
        day = Day(NOW.date().fromisoformat(until))
        assert baseline_for(asked(), OWNER, until=day).until == day
