"""No path is an answer: its verdict, every cause, and the frontier."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from planner.catalog import UnknownOffer
from planner.coverage import Coverage, MissingList
from planner.facts import CatalogFacts
from planner.goals import (
    Goal,
    NewCommerceGoal,
    OfferGoal,
    ProductGoal,
    ServicesGoal,
    UnknownProduct,
    UnknownServicePlan,
)
from planner.no_path import Cause, NoPath, Verdict
from planner.offers import Segment
from planner.paths import PathQuestion, paths
from planner.profiles import LegacyUpgradePolicy
from planner.transitions import TransitionKind
from tests.planner.builders import SCOPE, facts, from_facts, offer, oid, oids, pid
from tests.planner.strategies import CLOSED_FOR_EDUCATION, OPEN_FOR_EDUCATION

WHOLE = tuple(Coverage("list", kind, None, None, None, None) for kind in TransitionKind)
MISSING = MissingList(TransitionKind.MIGRATION, "NCE Mapping", "import the NCE Mapping tab")


def _no_path(
    made: CatalogFacts, goal: Goal, *, via: str = "", origin: str = "A", **scope: object
) -> NoPath:
    question = PathQuestion(
        oid(origin),
        goal,
        replace(SCOPE, **scope),  # type: ignore[arg-type]
        via=oids(via),
    )
    answer = paths(from_facts(made), question)
    assert isinstance(answer, NoPath)
    return answer


def _causes(answer: NoPath) -> Mapping[str, Cause]:
    assert len({cause.code for cause in answer.causes}) == len(answer.causes)
    return {cause.code: cause for cause in answer.causes}


def _to(name: str) -> OfferGoal:
    return OfferGoal(oid(name))


def test_a_denied_pair_is_impossible_with_the_source_that_denies_it() -> None:
    made = facts("A!B upgrade documented by:seed, A>C upgrade matrix")
    answer = _no_path(made, _to("B"))
    assert answer.verdict is Verdict.IMPOSSIBLE
    cause = _causes(answer)["DENIED_BY_SOURCE"]
    assert cause.sources == ("seed",)
    assert cause.offers == (oid("A"), oid("B"))
    assert answer.frontier == (oid("C"),)


def test_a_complete_list_that_omits_it_makes_it_impossible() -> None:
    answer = _no_path(facts("A>C upgrade matrix, B>C upgrade matrix", coverage=WHOLE), _to("B"))
    assert answer.verdict is Verdict.IMPOSSIBLE
    assert set(_causes(answer)) == {"COMPLETE_LISTS_OMIT_IT"}


def test_a_list_that_is_not_loaded_leaves_it_not_known_and_says_which_to_import() -> None:
    made = facts("A>B upgrade matrix, C>a migration derived", missing_lists=[MISSING])
    answer = _no_path(made, _to("a"))
    assert answer.verdict is Verdict.NOT_KNOWN
    loaded = [cause for cause in answer.causes if cause.code == "LIST_NOT_LOADED"]
    assert [cause.message.partition(":")[0] for cause in loaded] == ["LEGACY_UPGRADE", "MIGRATION"]
    assert [cause.remedy for cause in loaded] == [None, "import the NCE Mapping tab"]
    assert loaded[1].offers == (oid("A"), oid("B"))
    assert answer.frontier == (oid("B"),)


def test_a_list_complete_for_one_kind_leaves_the_other_open() -> None:
    made = facts("A>B upgrade matrix, C>a migration derived", coverage=WHOLE[:1])
    assert WHOLE[0].kind is TransitionKind.LEGACY_UPGRADE
    cause = _causes(_no_path(made, _to("a")))["LIST_NOT_LOADED"]
    assert cause.message.startswith("MIGRATION")


def test_a_swapped_direction_is_told() -> None:
    answer = _no_path(facts("A>a migration documented"), _to("A"), origin="a")
    assert answer.verdict is Verdict.IMPOSSIBLE
    assert set(_causes(answer)) == {"NO_WAY_BACK_TO_LEGACY"}


def test_a_policy_that_leaves_legacy_upgrades_out_is_told_with_where_it_stops() -> None:
    made = facts("A>B upgrade matrix, B>a migration documented", coverage=WHOLE)
    for policy in (LegacyUpgradePolicy.EXCLUDE, LegacyUpgradePolicy.CONFIRMED):
        answer = _no_path(made, _to("a"), policy=policy)
        assert answer.verdict is Verdict.IMPOSSIBLE
        cause = _causes(answer)["LEGACY_UPGRADES_EXCLUDED"]
        assert cause.offers == (oid("A"),)
        assert "LAST" in (cause.remedy or "")
        assert answer.frontier == (oid("A"),)


def test_a_refused_move_that_leads_nowhere_is_no_cause() -> None:
    made = facts("A>B upgrade matrix, A>C upgrade matrix, C>a migration derived", coverage=WHOLE)
    answer = _no_path(made, _to("a"), policy=LegacyUpgradePolicy.EXCLUDE)
    assert _causes(answer)["LEGACY_UPGRADES_EXCLUDED"].offers == (oid("A"),)
    made = facts("A>B upgrade matrix, C>a migration derived", coverage=WHOLE)
    answer = _no_path(made, _to("a"), policy=LegacyUpgradePolicy.EXCLUDE)
    assert "LEGACY_UPGRADES_EXCLUDED" not in _causes(answer)


def test_a_closed_window_names_the_day_on_which_it_opens() -> None:
    school = replace(offer("A"), segment=Segment.EDUCATION)
    windows = (CLOSED_FOR_EDUCATION, OPEN_FOR_EDUCATION)
    made = facts("A>a migration documented", offers=[school], windows=windows, coverage=WHOLE)
    at = datetime(2023, 12, 31, 23, tzinfo=UTC)
    cause = _causes(_no_path(made, _to("a"), at=at))["WINDOW_CLOSED"]
    assert cause.opens == date(2024, 1, 1)
    assert cause.sources == ("note",)
    assert "2024-01-01" in (cause.remedy or "")


def test_another_market_and_another_segment_are_told() -> None:
    india = replace(offer("B"), markets=frozenset({"IN"}))
    made = facts("A>B upgrade matrix", offers=[india], coverage=WHOLE)
    assert "NOT_SOLD_IN_MARKET" in _causes(_no_path(made, _to("B"), market="US"))
    school = replace(offer("B"), segment=Segment.EDUCATION)
    made = facts("A>B upgrade matrix", offers=[school], coverage=WHOLE)
    answer = _no_path(made, _to("B"), segment=Segment.COMMERCIAL)
    assert "OTHER_SEGMENT" in _causes(answer)


def test_a_kind_left_out_and_an_offer_to_avoid_are_told() -> None:
    made = facts("A>B upgrade matrix, B>a migration derived", coverage=WHOLE)
    answer = _no_path(made, _to("a"), kinds=frozenset({TransitionKind.LEGACY_UPGRADE}))
    assert _causes(answer)["KIND_EXCLUDED"].offers == (oid("B"),)
    answer = _no_path(made, _to("a"), avoid=oids("B"))
    assert _causes(answer)["OFFER_AVOIDED"].offers == (oid("A"),)


@pytest.mark.parametrize("limit", [0, 1])
def test_too_few_steps_are_told_where_the_goal_is_within_reach(limit: int) -> None:
    made = facts("A>B upgrade matrix, B>a migration derived")
    answer = _no_path(made, _to("a"), max_steps=limit)
    assert next(c.code for c in answer.causes) == "TOO_FEW_STEPS"
    assert {c.code for c in answer.causes} == {"TOO_FEW_STEPS", "LIST_NOT_LOADED"}
    assert answer.verdict is Verdict.NOT_KNOWN


def test_via_that_no_simple_path_passes_is_told() -> None:
    made = facts("A>B upgrade matrix, A>C upgrade matrix")
    answer = _no_path(made, _to("B"), via="C")
    assert _causes(answer)["VIA_NOT_ON_THE_WAY"].offers == (oid("C"),)


def test_a_budget_of_nothing_gives_up_and_says_so() -> None:
    one = from_facts(facts("A>B upgrade matrix"))
    answer = paths(one, PathQuestion(oid("A"), _to("B"), SCOPE), budget=0)
    assert isinstance(answer, NoPath)
    assert answer.verdict is Verdict.GAVE_UP
    assert set(_causes(answer)) == {"LIMIT_REACHED"}


def test_the_goal_of_a_legacy_offer_that_is_the_goal_itself_is_told() -> None:
    answer = _no_path(facts("A>B upgrade matrix"), _to("A"))
    assert set(_causes(answer)) == {"ORIGIN_IS_THE_GOAL"}


@pytest.mark.parametrize(
    ("goal", "fault"),
    [
        (OfferGoal(oid("Z")), UnknownOffer),
        (ProductGoal("CFQ7TTC0ZZZZ"), UnknownProduct),
        (ServicesGoal(frozenset({pid("MAIL")})), UnknownServicePlan),
    ],
)
def test_a_goal_that_nobody_has_is_misuse_and_no_answer(
    goal: Goal, fault: type[LookupError]
) -> None:
    one = from_facts(facts("A>B upgrade matrix"))
    with pytest.raises(fault):
        paths(one, PathQuestion(oid("A"), goal, SCOPE))


@pytest.mark.parametrize("field", ["via", "avoid", "origin"])
def test_an_unknown_offer_in_the_question_is_misuse(field: str) -> None:
    one = from_facts(facts("A>a migration derived"))
    stranger = frozenset({oid("Z")})
    question = PathQuestion(
        oid("Z") if field == "origin" else oid("A"),
        NewCommerceGoal(),
        replace(SCOPE, avoid=stranger) if field == "avoid" else SCOPE,
        via=stranger if field == "via" else frozenset(),
    )
    with pytest.raises(UnknownOffer):
        paths(one, question)
