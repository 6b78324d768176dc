"""The changes that open a path are the fewest, open what they say, and are the same every time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import chain, combinations, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planner.coverage import Coverage, MissingList
from planner.explaining.candidates import ChangeField
from planner.explaining.changes import Exactness, Opening, Openings, fewest_changes
from planner.explaining.explain import Explanation, explain
from planner.explaining.gap import gap_between
from planner.facts import CatalogFacts
from planner.goals import Goal, NewCommerceGoal, OfferGoal
from planner.ids import CatalogId
from planner.offers import Segment
from planner.paths import PathQuestion, PathsFound
from planner.profiles import LegacyUpgradePolicy
from planner.scope import Scope
from planner.transitions import EvidenceKind, TransitionKind
from tests.examples import checked
from tests.planner.builders import SCOPE, facts, from_facts, offer, oid, oids
from tests.planner.oracle import Ask, all_paths, arcs
from tests.planner.strategies import (
    CLOSED_FOR_EDUCATION,
    OPEN_FOR_EDUCATION,
    asks,
    names,
    scope_of,
    small_facts,
)
from tests.planner.test_no_path import MISSING, WHOLE

Place = tuple[str, str | None]
EDUCATION_OPENS = date(2024, 1, 1)


def _openings(
    made: CatalogFacts,
    goal: Goal | str,
    *,
    via: str = "",
    origin: str = "A",
    tries: int = 10_000,
    **scope: object,
) -> Openings:
    question = PathQuestion(
        oid(origin),
        OfferGoal(oid(goal)) if isinstance(goal, str) else goal,
        replace(SCOPE, **scope),  # type: ignore[arg-type]
        via=oids(via),
    )
    answer = explain(from_facts(made), question, tries=tries)
    assert isinstance(answer, Explanation)
    return answer.changes


def _said(opening: Opening) -> list[tuple[str, str | None, str | None]]:
    return [(change.field.value, change.before, change.after) for change in opening.changes]


def _only(openings: Openings) -> Opening:
    (opening,) = openings.openings
    assert openings.is_exhaustive
    return opening


CHAIN = facts("A>B upgrade matrix, B>a migration documented", coverage=WHOLE)


@pytest.mark.parametrize("policy", [LegacyUpgradePolicy.EXCLUDE, LegacyUpgradePolicy.CONFIRMED])
def test_the_policy_is_changed_where_it_alone_is_in_the_way(policy: LegacyUpgradePolicy) -> None:
    opening = _only(_openings(CHAIN, "a", policy=policy))
    assert _said(opening) == [("LEGACY_UPGRADES", policy.value, "LAST")]
    assert opening.exactness is Exactness.EXACT
    assert opening.path is not None
    assert opening.path.offers == (oid("A"), oid("B"), oid("a"))


def test_the_day_is_the_first_on_which_the_window_opens() -> None:
    school = replace(offer("A"), segment=Segment.EDUCATION)
    windows = (CLOSED_FOR_EDUCATION, OPEN_FOR_EDUCATION)
    made = facts("A>a migration documented", offers=[school], windows=windows, coverage=WHOLE)
    opening = _only(_openings(made, "a", at=datetime(2023, 5, 1, 13, tzinfo=UTC)))
    assert _said(opening) == [("AT", "2023-05-01", "2024-01-01")]
    assert opening.scope.day == EDUCATION_OPENS


def test_the_day_is_the_last_one_before_a_window_closed() -> None:
    windows = (replace(CLOSED_FOR_EDUCATION, segment=None, starts=date(2025, 3, 1), ends=None),)
    made = facts("A>a migration documented", windows=windows, coverage=WHOLE)
    assert _said(_only(_openings(made, "a"))) == [("AT", "2026-11-23", "2025-02-28")]


def test_no_market_and_another_market_are_alternatives() -> None:
    india = replace(offer("B"), markets=frozenset({"IN", "US"}))
    made = facts("A>B upgrade matrix", offers=[india], coverage=WHOLE)
    found = _openings(made, "B", market="DE")
    assert [_said(one) for one in found.openings] == [
        [("MARKET", "DE", None)],
        [("MARKET", "DE", "IN")],
    ]
    assert found.openings[1].changes[0].message == "ask for the market IN (or US)"


def test_a_price_list_that_is_whole_from_a_day_on_gives_an_earlier_day() -> None:
    listed = replace(offer("a"), markets=frozenset({"US"}))
    prices = Coverage("prices", None, "IN", None, date(2026, 8, 1), None)
    made = facts("A>a migration documented", offers=[listed], coverage=(*WHOLE, prices))
    found = _openings(made, "a", market="IN")
    assert [_said(one)[0] for one in found.openings] == [
        ("AT", "2026-11-23", "2026-07-31"),
        ("MARKET", "IN", None),
        ("MARKET", "IN", "US"),
    ]


def test_the_segment_is_dropped() -> None:
    school = replace(offer("B"), segment=Segment.EDUCATION)
    made = facts("A>B upgrade matrix", offers=[school], coverage=WHOLE)
    opening = _only(_openings(made, "B", segment=Segment.COMMERCIAL))
    assert _said(opening) == [("SEGMENT", "COMMERCIAL", None)]


def test_only_the_kinds_that_are_needed_are_added() -> None:
    opening = _only(_openings(CHAIN, "a", kinds=frozenset({TransitionKind.CONVERSION})))
    assert _said(opening) == [("KINDS", None, "LEGACY_UPGRADE"), ("KINDS", None, "MIGRATION")]


def test_only_the_offers_that_are_in_the_way_are_taken_off_what_to_avoid() -> None:
    made = facts(
        "A>B upgrade matrix, B>a migration matrix, A>C upgrade matrix, C>D upgrade matrix,"
        "D>a migration matrix",
        coverage=WHOLE,
    )
    found = _openings(made, "a", avoid=oids("BCD"))
    assert [_said(one) for one in found.openings] == [
        [("AVOID", oid("B"), None)],
        [("AVOID", oid("C"), None), ("AVOID", oid("D"), None)],
    ]


def test_as_many_steps_are_allowed_as_the_shortest_way_needs() -> None:
    made = facts("A>B upgrade matrix, B>C upgrade matrix, C>a migration matrix", coverage=WHOLE)
    opening = _only(_openings(made, "a", max_steps=1))
    assert _said(opening) == [("MAX_STEPS", "1", "3")]
    assert opening.scope.max_steps == 3


def test_only_the_offers_to_pass_that_are_off_the_way_are_left_out() -> None:
    made = facts("A>B upgrade matrix, B>a migration matrix, A>C upgrade matrix", coverage=WHOLE)
    assert _said(_only(_openings(made, "a", via="BC"))) == [("VIA", oid("C"), None)]


def test_two_changes_are_named_where_neither_is_enough() -> None:
    opening = _only(
        _openings(CHAIN, "a", policy=LegacyUpgradePolicy.EXCLUDE, avoid=oids("a"), max_steps=2)
    )
    assert [change.field for change in opening.changes] == [
        ChangeField.LEGACY_UPGRADES,
        ChangeField.AVOID,
    ]


def test_a_list_that_is_not_loaded_is_an_upper_bound_with_the_move_it_would_have_to_name() -> None:
    made = facts("A>B upgrade matrix, C>a migration matrix", missing_lists=[MISSING])
    made = replace(made, coverage=WHOLE[:1])
    opening = _only(_openings(made, "a"))
    assert opening.exactness is Exactness.UPPER_BOUND
    assert _said(opening) == [("IMPORT_LIST", None, "MIGRATION")]
    assert opening.assumed == (oid("A"), oid("a"))
    assert opening.path is not None
    (step,) = opening.path.steps
    assert step.transition.evidence is EvidenceKind.INFERRED
    assert [claim.source for claim in step.transition.claims] == ["assumed"]
    assert opening.path.readiness.value == "CONDITIONAL"


def test_a_move_is_assumed_where_no_list_is_named_that_would_tell() -> None:
    made = facts("A>a migration documented, b>c conversion documented", coverage=WHOLE[:1])
    opening = _only(_openings(made, "c"))
    assert _said(opening) == [("ASSUME_MOVE", None, "CONVERSION")]
    assert opening.assumed == (oid("a"), oid("c"))


def test_nothing_is_assumed_where_a_list_is_complete_or_the_equivalent_is_known() -> None:
    whole = facts("A>B upgrade matrix, b>c conversion matrix", coverage=WHOLE)
    assert _openings(whole, "c").openings == ()
    known = facts("A>a migration matrix, b>c conversion matrix", coverage=(*WHOLE[:1], WHOLE[2]))
    assert WHOLE[2].kind is TransitionKind.CONVERSION
    assert _openings(known, "c").openings == ()


def test_a_denied_move_is_never_assumed() -> None:
    made = facts("a!b conversion documented", missing_lists=[])
    assert _openings(made, "b", origin="a").openings == ()


def test_a_list_opens_a_way_to_one_of_many_goals_without_naming_it() -> None:
    letters = "abcdefgh"
    made = facts(
        "A>B upgrade matrix," + ",".join(f"Z>{name} migration matrix" for name in letters),
        coverage=WHOLE[:1],
        missing_lists=[MissingList(TransitionKind.MIGRATION, "the tab", "look")],
    )
    opening = _only(_openings(made, NewCommerceGoal()))
    assert (opening.path, opening.assumed) == (None, None)
    assert "the tab" in opening.changes[0].message


def test_a_bound_on_the_sets_tried_ends_the_search_and_is_told() -> None:
    found = _openings(CHAIN, "a", policy=LegacyUpgradePolicy.EXCLUDE, avoid=oids("a"), tries=2)
    assert not found.is_exhaustive
    assert found.tried == 2
    assert found.openings == ()


# Exactness, against every subset of every single change, with paths found by the oracle.

_DAYS = (
    date(1950, 1, 1),
    date(2022, 1, 1),
    date(2023, 12, 31),
    date(2026, 11, 23),
    date(2090, 1, 1),
)


def _subsets(of: frozenset[str]) -> Iterator[frozenset[str]]:
    members = sorted(of)
    sizes = range(len(members) + 1)
    yield from map(frozenset, chain.from_iterable(combinations(members, size) for size in sizes))


def _every_change(ask: Ask) -> Iterator[tuple[frozenset[Place], Ask]]:
    """Yield every other question with the places in which it is another."""
    places = product(
        {ask.on: None, **dict.fromkeys(_DAYS)},
        {ask.market: None, None: None, "US": None, "IN": None},
        {ask.policy: None, "LAST": None},
        list(_subsets(ask.avoid)),
        list(_subsets(ask.via)),
        {ask.max_steps: None, None: None},
    )
    for on, market, policy, avoid, via, steps in places:
        if market is not None and ask.market is None:
            continue
        other = Ask(policy, ask.profile, on, market, avoid, via, steps)
        changed: set[Place] = {("AVOID", one) for one in ask.avoid - avoid}
        changed |= {("VIA", one) for one in ask.via - via}
        pairs = {
            "AT": on != ask.on,
            "MARKET": market != ask.market,
            "LEGACY_UPGRADES": policy != ask.policy,
            "MAX_STEPS": steps != ask.max_steps,
        }
        changed |= {(name, None) for name, is_other in pairs.items() if is_other}
        yield frozenset(changed), other


def _least(found: set[frozenset[Place]]) -> set[frozenset[Place]]:
    return {one for one in found if not any(other < one for other in found)}


def _places(opening: Opening) -> frozenset[Place]:
    several = (ChangeField.AVOID, ChangeField.VIA)
    return frozenset(
        (change.field.value, change.before if change.field in several else None)
        for change in opening.changes
    )


@checked(120)
@given(made=small_facts(), ask=asks(), origin=names, goal=names)
def test_no_smaller_set_of_changes_opens_a_path_and_none_is_missed(
    made: CatalogFacts, ask: Ask, origin: CatalogId, goal: CatalogId
) -> None:
    catalog, goals = from_facts(made), frozenset[str]({goal})
    assume(origin != goal)
    assume(not all_paths(made, origin, goals, ask))
    question = PathQuestion(
        origin, OfferGoal(goal), scope_of(ask), via=frozenset(map(CatalogId, ask.via))
    )
    gap = gap_between(catalog, origin, frozenset({goal}), question.scope)
    found = fewest_changes(catalog, question, gap, tries=1_000_000, most=1_000)
    assert found.is_exhaustive
    exact = [one for one in found.openings if one.exactness is Exactness.EXACT]
    opened = {
        places for places, other in _every_change(ask) if all_paths(made, origin, goals, other)
    }
    assert {_places(one) for one in exact} == _least(opened)
    for one in exact:
        assert one.path is not None
        other = _asked(one.scope, one.via)
        assert one.path.offers == tuple(all_paths(made, origin, goals, other)[0])


def _asked(scope: Scope, via: frozenset[CatalogId]) -> Ask:
    return Ask(
        scope.policy.value,
        scope.profile.value,
        scope.day,
        scope.market,
        frozenset(scope.avoid),
        frozenset(via),
        scope.max_steps,
    )


@checked(100)
@given(made=small_facts(), ask=asks(), origin=names, goal=names)
def test_what_an_upper_bound_assumes_is_unclaimed_and_would_open_the_path_it_shows(
    made: CatalogFacts, ask: Ask, origin: CatalogId, goal: CatalogId
) -> None:
    question = PathQuestion(
        origin, OfferGoal(goal), scope_of(ask), via=frozenset(map(CatalogId, ask.via))
    )
    told = explain(from_facts(made), question)
    assume(isinstance(told, Explanation))
    assert isinstance(told, Explanation)
    bounds = [one for one in told.changes.openings if one.exactness is Exactness.UPPER_BOUND]
    for one in bounds:
        assert one.assumed is not None
        assert one.path is not None
        assert one.assumed not in arcs(made)
        steps = [(s.transition.origin, s.transition.target) for s in one.path.steps]
        assert steps.count(one.assumed) == 1
        assert set(steps) - {one.assumed} <= set(arcs(made))
        assumed = next(
            step.transition.claims[0]
            for step in one.path.steps
            if (step.transition.origin, step.transition.target) == one.assumed
        )
        more = replace(made, claims=(*made.claims, assumed))
        ways = all_paths(more, origin, frozenset({goal}), _asked(one.scope, one.via))
        assert one.path.offers in [tuple(way) for way in ways]


@checked(100)
@given(made=small_facts(), ask=asks(), origin=names, goal=names, data=st.data())
def test_the_order_of_the_facts_changes_no_opening(
    made: CatalogFacts, ask: Ask, origin: CatalogId, goal: CatalogId, data: st.DataObject
) -> None:
    shuffled = replace(
        made,
        claims=tuple(data.draw(st.permutations(made.claims))),
        offers=tuple(data.draw(st.permutations(made.offers))),
        windows=tuple(data.draw(st.permutations(made.windows))),
    )
    question = PathQuestion(
        origin, OfferGoal(goal), scope_of(ask), via=frozenset(map(CatalogId, ask.via))
    )
    answers = [explain(from_facts(one), question) for one in (made, shuffled)]
    assume(not isinstance(answers[0], PathsFound))
    assert answers[0] == answers[1]
