"""An explanation is enough, told once, ordered, and the same whatever the order of the facts."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planner.coverage import MissingList
from planner.explaining.explain import Explanation, explain
from planner.explaining.gap import gap_between, refusals_of
from planner.explaining.nodes import Node
from planner.explaining.text import escaped, mermaid, text_lines
from planner.facts import CatalogFacts
from planner.goals import Goal, NewCommerceGoal, OfferGoal
from planner.ids import CatalogId
from planner.no_path import Verdict
from planner.offers import Segment
from planner.paths import PathQuestion, PathsFound
from planner.profiles import LegacyUpgradePolicy
from planner.scope import Refusal, view_for
from planner.transitions import Claim, EvidenceKind, Stance, TransitionKind, WindowState
from tests.examples import checked
from tests.planner.builders import SCOPE, facts, from_facts, offer, oid, oids
from tests.planner.oracle import Ask, all_paths, arcs, reachable_from, walks
from tests.planner.strategies import (
    CLOSED_FOR_EDUCATION,
    LEGACY,
    NEW,
    OPEN_FOR_EDUCATION,
    asks,
    names,
    scope_of,
    small_facts,
)
from tests.planner.test_no_path import MISSING, WHOLE


def _explained(
    made: CatalogFacts, goal: Goal | str, *, via: str = "", origin: str = "A", **scope: object
) -> Explanation:
    question = PathQuestion(
        oid(origin),
        OfferGoal(oid(goal)) if isinstance(goal, str) else goal,
        replace(SCOPE, **scope),  # type: ignore[arg-type]
        via=oids(via),
    )
    answer = explain(from_facts(made), question)
    assert isinstance(answer, Explanation)
    return answer


def _facts_of(told: Explanation) -> dict[str, Node]:
    return {node.code: node for node in told.nodes if node.is_fact}


def _of_code(told: Explanation, code: str) -> list[Node]:
    return [node for node in told.nodes if node.code == code]


def test_a_question_with_a_path_is_answered_with_its_paths() -> None:
    made = from_facts(facts("A>a migration documented"))
    answer = explain(made, PathQuestion(oid("A"), OfferGoal(oid("a")), SCOPE))
    assert isinstance(answer, PathsFound)


def test_too_few_steps_for_a_stop_tells_of_the_shorter_way_without_it() -> None:
    made = facts(
        "A>B upgrade matrix, B>a migration documented, A>a migration documented", coverage=WHOLE
    )
    told = _explained(made, "a", via="B", max_steps=1)
    assert _facts_of(told)["TOO_FEW_STEPS"].moves == ((oid("A"), oid("B")), (oid("B"), oid("a")))
    (stop,) = _of_code(told, "VIA_NOT_ON_THE_WAY")
    assert stop.offers == (oid("B"),)
    assert "a way of 1 step leads there" in stop.statement


def test_the_chain_from_a_refused_move_to_the_goal_is_told_offer_by_offer() -> None:
    made = facts("A>B upgrade matrix, B>C upgrade matrix, C>a migration documented", coverage=WHOLE)
    told = _explained(made, "a", avoid=oids("B"))
    unreached = [node.offers for node in _of_code(told, "NOT_REACHED")]
    assert unreached == [(oid("B"),), (oid("C"),), (oid("a"),)]
    assert _facts_of(told)["OFFER_AVOIDED"].moves == ((oid("A"), oid("B")),)
    first, second, third = _of_code(told, "NOT_REACHED")
    assert first.number in second.because
    assert second.number in third.because
    assert told.nodes[-1].code == "NO_PATH"
    assert third.number in told.nodes[-1].because


def test_a_cause_that_several_statements_share_is_told_once() -> None:
    made = facts(
        "A>B upgrade matrix, B>C upgrade matrix, B>D upgrade matrix, C>a migration documented,"
        "D>a migration documented",
        coverage=WHOLE,
    )
    told = _explained(made, "a", policy=LegacyUpgradePolicy.EXCLUDE)
    (blocked,) = [node for node in _of_code(told, "NOT_REACHED") if node.offers == (oid("B"),)]
    sharing = [node for node in told.nodes if blocked.number in node.because]
    assert [node.offers for node in sharing] == [(oid("C"),), (oid("D"),)]


def test_a_ring_that_nothing_enters_is_one_statement() -> None:
    made = facts(
        "A>B upgrade matrix, B>C upgrade matrix, C>B upgrade matrix, C>a migration documented"
    )
    told = _explained(made, "a", policy=LegacyUpgradePolicy.EXCLUDE)
    assert [node.offers for node in _of_code(told, "NOT_REACHED")] == [
        tuple(sorted((oid("B"), oid("C")))),
        (oid("a"),),
    ]


def test_a_move_that_is_refused_twice_is_told_with_both_reasons() -> None:
    india = replace(offer("B"), markets=frozenset({"IN"}))
    made = facts("A>B upgrade matrix", offers=[india], coverage=WHOLE)
    told = _explained(made, "B", market="US", policy=LegacyUpgradePolicy.EXCLUDE)
    for code in ("LEGACY_UPGRADES_EXCLUDED", "NOT_SOLD_IN_MARKET"):
        assert [node.moves for node in _of_code(told, code) if node.moves] == [
            ((oid("A"), oid("B")),)
        ]
    assert told.frontier.refused[0].refusals == (
        "LEGACY_UPGRADES_EXCLUDED",
        "NOT_SOLD_IN_MARKET",
    )


def test_a_closed_window_is_told_with_its_day_and_sources() -> None:
    school = replace(offer("A"), segment=Segment.EDUCATION)
    windows = (CLOSED_FOR_EDUCATION, OPEN_FOR_EDUCATION)
    made = facts("A>a migration documented", offers=[school], windows=windows, coverage=WHOLE)
    told = _explained(made, "a", at=datetime(2023, 12, 31, 23, tzinfo=UTC))
    (closed,) = [node for node in _of_code(told, "WINDOW_CLOSED") if node.moves]
    assert closed.opens == date(2024, 1, 1)
    assert closed.sources == ("note",)


def test_absence_is_told_by_kind_with_the_complete_list_or_the_one_to_load() -> None:
    made = facts(
        "A>B upgrade matrix, C>a migration documented",
        coverage=WHOLE[:1],
        missing_lists=[MISSING],
    )
    told = _explained(made, "a")
    whole = _facts_of(told)["COMPLETE_LISTS_OMIT_IT"]
    assert (whole.kind, whole.sources) == (TransitionKind.LEGACY_UPGRADE, ("list",))
    open_list = _facts_of(told)["LIST_NOT_LOADED"]
    assert (open_list.kind, open_list.remedy) == (TransitionKind.MIGRATION, MISSING.remedy)
    assert whole.offers == open_list.offers == (oid("A"), oid("B"))
    assert told.verdict is Verdict.NOT_KNOWN


def test_a_denial_is_told_with_its_source() -> None:
    told = _explained(facts("A!B upgrade documented by:page, A>C upgrade matrix"), "B")
    assert _facts_of(told)["DENIED_BY_SOURCE"].sources == ("page",)
    assert told.frontier.denied == ((oid("A"), oid("B")),)


def test_the_swapped_direction_is_told_and_no_change_helps() -> None:
    told = _explained(facts("A>a migration documented, a>b conversion documented"), "A", origin="a")
    fact = _facts_of(told)["NO_WAY_BACK_TO_LEGACY"]
    assert fact.offers == (oid("a"), oid("b"))
    assert told.changes.openings == ()
    assert told.changes.is_exhaustive
    assert any(
        "ask from the legacy offer" in line for line in text_lines(from_facts(facts("")), told)
    )


def test_a_goal_too_far_off_names_the_shortest_way() -> None:
    made = facts(
        "A>B upgrade matrix, B>C upgrade matrix, C>a migration documented, A>D upgrade matrix"
    )
    told = _explained(made, "a", max_steps=2)
    absent = [node for node in told.nodes if node.kind is TransitionKind.MIGRATION]
    assert [node.offers for node in absent] == [tuple(sorted(oids("ABCD")))]
    assert _facts_of(told)["TOO_FEW_STEPS"].moves == (
        (oid("A"), oid("B")),
        (oid("B"), oid("C")),
        (oid("C"), oid("a")),
    )


@pytest.mark.parametrize(("via", "why"), [("C", "is not reached"), ("B", "leads to no goal")])
def test_an_offer_to_pass_that_is_off_every_way_is_told_with_its_own_causes(
    via: str, why: str
) -> None:
    made = facts("A>a migration documented, A>B upgrade matrix, C>a migration documented")
    told = _explained(made, "a", via=via)
    (passed,) = _of_code(told, "VIA_NOT_ON_THE_WAY")
    assert passed.statement.endswith(why)
    assert passed.because
    assert passed.offers == (oid(via),)


def test_offers_to_pass_that_no_single_way_passes_are_told() -> None:
    made = facts(
        "A>B upgrade matrix, A>C upgrade matrix, B>a migration matrix, C>a migration matrix"
    )
    told = _explained(made, "a", via="BC")
    (passed,) = _of_code(told, "VIA_NOT_ON_THE_WAY")
    assert passed.is_fact
    assert passed.offers == (oid("B"), oid("C"))


def test_a_search_that_gave_up_proves_nothing_and_says_so() -> None:
    made = from_facts(facts("A>B upgrade matrix"))
    told = explain(made, PathQuestion(oid("A"), OfferGoal(oid("B")), SCOPE), budget=0)
    assert isinstance(told, Explanation)
    assert told.verdict is Verdict.GAVE_UP
    assert [node.code for node in told.nodes] == ["LIMIT_REACHED", "GAVE_UP"]
    assert not told.changes.is_exhaustive
    assert "was not settled" in text_lines(made, told)[-2]


def test_the_frontier_shows_both_shores_and_what_may_be_missing_between() -> None:
    made = facts(
        "A>a migration documented, b>c conversion documented",
        missing_lists=[MissingList(TransitionKind.CONVERSION, "the matrix", "look")],
        coverage=WHOLE[:1],
    )
    told = _explained(made, "c")
    assert told.frontier.ends == (oid("a"),)
    assert told.frontier.entries == (oid("b"),)
    unknown = [(move.origin, move.target, move.kind) for move in told.frontier.unknown]
    assert unknown == [
        (oid("a"), oid("c"), TransitionKind.CONVERSION),
        (oid("a"), oid("b"), TransitionKind.CONVERSION),
    ]


def test_no_number_points_ahead_and_every_cause_is_used() -> None:
    made = facts("A>B upgrade matrix, B>a migration documented, C>a migration documented")
    _check_shape(_explained(made, "a", policy=LegacyUpgradePolicy.EXCLUDE))


def _check_shape(told: Explanation) -> None:
    assert [node.number for node in told.nodes] == list(range(1, len(told.nodes) + 1))
    for node in told.nodes:
        assert all(0 < cause < node.number for cause in node.because)
    used = {cause for node in told.nodes for cause in node.because}
    assert used == set(range(1, len(told.nodes)))
    contents = {replace(node, number=0) for node in told.nodes}
    assert len(contents) == len(told.nodes)


# The leaves are enough: whatever change of the question or further move opens a path, the path
# passes something that a fact names. Paths are found by the oracle, not by the planner.


_CHANGES_EACH = 25


def _kind_of(origin: str, target: str) -> TransitionKind | None:
    if ":" in origin:
        return TransitionKind.CONVERSION if ":" in target else None
    return TransitionKind.MIGRATION if ":" in target else TransitionKind.LEGACY_UPGRADE


def _is_named(
    told: Explanation, step: tuple[str, str], kind: TransitionKind, *, is_further: bool
) -> bool:
    """Return whether a fact names the move; an absence names further moves only."""
    for node in told.nodes:
        if node.is_fact and node.code not in ("LEADS_TO", "ENTERED_FROM", "TOO_FEW_STEPS"):
            if step in node.moves:
                return True
            if is_further and node.kind is kind and step[0] in node.offers:
                return True
    return False


def _demands(told: Explanation) -> set[str]:
    codes = {node.code for node in told.nodes}
    return codes & {"TOO_FEW_STEPS", "VIA_NOT_ON_THE_WAY", "ORIGIN_IS_THE_GOAL"}


_PAIRS = tuple(
    (oid(tail), oid(head))
    for tail in LEGACY + NEW
    for head in LEGACY + NEW
    if tail != head and _kind_of(oid(tail), oid(head))
)


def _changed(made: CatalogFacts, ask: Ask, dice: random.Random) -> tuple[CatalogFacts, Ask]:
    """Return another question, or the same one, about a catalog with up to two further moves."""
    wider = Ask(
        policy=dice.choice([ask.policy, ask.policy, "LAST"]),
        profile=ask.profile,
        on=dice.choice([ask.on, ask.on, date(2022, 1, 1), date(2026, 11, 23)]),
        market=dice.choice([ask.market, ask.market, None]),
        avoid=dice.choice([ask.avoid, ask.avoid, frozenset()]),
        via=dice.choice([ask.via, ask.via, frozenset()]),
        max_steps=dice.choice([ask.max_steps, ask.max_steps, None]),
    )
    more = tuple(
        Claim(
            tail,
            head,
            _kind_of(tail, head) or TransitionKind.CONVERSION,
            Stance.CLAIMS,
            EvidenceKind.PARTNER_CENTER,
            "further",
            date(2026, 1, 1),
        )
        for tail, head in dice.sample(_PAIRS, dice.choice([0, 1, 1, 2]))
    )
    return replace(made, claims=(*made.claims, *more)), wider


@checked(400)
@given(made=small_facts(), ask=asks(), origin=names, goal=names, seed=st.integers(0, 2**32))
def test_whatever_opens_a_path_passes_something_that_a_fact_names(
    made: CatalogFacts, ask: Ask, origin: CatalogId, goal: CatalogId, seed: int
) -> None:
    goals = frozenset[str]({goal})
    if seed % 2:
        ask = _one_step_short(made, origin, goals, ask)
    told = explain(
        from_facts(made), PathQuestion(origin, OfferGoal(goal), scope_of(ask), via=_ids(ask.via))
    )
    assert isinstance(told, PathsFound) == bool(all_paths(made, origin, goals, ask))
    assume(isinstance(told, Explanation))
    assert isinstance(told, Explanation)
    _check_shape(told)
    dice = random.Random(seed)  # noqa: S311 - no secret
    for _ in range(_CHANGES_EACH):
        changed, wider = _changed(made, ask, dice)
        for way in all_paths(changed, origin, goals, wider):
            _check_is_told(told, ask, way, (made, changed))


def _one_step_short(made: CatalogFacts, origin: str, goals: frozenset[str], ask: Ask) -> Ask:
    """Return the question with one step fewer than its shortest way, where it has one."""
    ways = all_paths(made, origin, goals, replace(ask, max_steps=None))
    shortest = min((len(way) - 1 for way in ways), default=1)
    return replace(ask, max_steps=shortest - 1) if shortest > 1 else ask


def _check_is_told(
    told: Explanation,
    ask: Ask,
    way: tuple[str, ...],
    before_and_after: tuple[CatalogFacts, CatalogFacts],
) -> None:
    """Assert that a way opened by changes passes something that is told to be in the way."""
    known, after = map(arcs, before_and_after)
    steps = list(pairwise(way))
    demands = _demands(told)
    by_step = any(
        _is_named(told, step, after[step].kind, is_further=step not in known) for step in steps
    )
    fewer_stops = bool(ask.via - set(way)) and "VIA_NOT_ON_THE_WAY" in demands
    too_long = ask.max_steps is not None and len(steps) > ask.max_steps
    more_steps = too_long and "TOO_FEW_STEPS" in demands
    assert by_step or fewer_stops or more_steps, (way, told.nodes)


def _ids(offers: frozenset[str]) -> frozenset[CatalogId]:
    return frozenset(map(CatalogId, offers))


@checked(300)
@given(made=small_facts(), ask=asks(), origin=names, goal=names)
def test_every_fact_is_true_of_the_catalog_and_the_question(
    made: CatalogFacts, ask: Ask, origin: CatalogId, goal: CatalogId
) -> None:
    catalog = from_facts(made)
    told = explain(catalog, PathQuestion(origin, OfferGoal(goal), scope_of(ask), via=_ids(ask.via)))
    assume(isinstance(told, Explanation))
    assert isinstance(told, Explanation)
    known = arcs(made)
    allowed = _steps_of(made, origin, ask)
    for node in told.nodes:
        if node.code in ("LEADS_TO", "ENTERED_FROM"):
            assert set(node.moves) <= set(known)
        if node.code in ("OFFER_AVOIDED", "NOT_SOLD_IN_MARKET", "LEGACY_UPGRADES_EXCLUDED"):
            assert set(node.moves) <= set(known) - allowed
        if node.code == "DENIED_BY_SOURCE":
            assert not set(node.moves) & set(known)
    for tail, head in (move.pair for move in told.frontier.refused):
        assert (tail, head) not in allowed
        assert tail in {origin} | reachable_from(set(known), origin)
        assert goal in {head} | reachable_from(set(known), head)
    reached = {
        end for step in _steps_of(made, origin, replace(ask, max_steps=None)) for end in step
    }
    assert set(told.frontier.reached) == reached | {origin}


def _steps(walk: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    return pairwise(walk)


def _steps_of(made: CatalogFacts, origin: str, ask: Ask) -> set[tuple[str, str]]:
    return {step for walk, _ in walks(made, origin, ask) for step in _steps(walk)}


@checked(150)
@given(made=small_facts(), ask=asks(), origin=names, goal=names, data=st.data())
def test_the_order_of_the_facts_changes_nothing(
    made: CatalogFacts, ask: Ask, origin: CatalogId, goal: CatalogId, data: st.DataObject
) -> None:
    shuffled = replace(
        made,
        claims=tuple(data.draw(st.permutations(made.claims))),
        offers=tuple(data.draw(st.permutations(made.offers))),
        windows=tuple(data.draw(st.permutations(made.windows))),
    )
    question = PathQuestion(origin, OfferGoal(goal), scope_of(ask), via=_ids(ask.via))
    assert explain(from_facts(made), question) == explain(from_facts(shuffled), question)


@checked(150)
@given(made=small_facts(), ask=asks(), origin=names)
def test_the_first_refusal_of_a_move_is_the_one_that_a_view_tells(
    made: CatalogFacts, ask: Ask, origin: CatalogId
) -> None:
    catalog, scope = from_facts(made), scope_of(ask)
    views = {
        (one.transition.origin, one.transition.target): one
        for one in view_for(catalog, scope).refused
    }
    for refused in views.values():
        window = refused.window
        assert window is not None
        reasons = tuple(refusals_of(catalog, refused.transition, scope, window))
        assert reasons[0] is refused.refusal
        assert (window.state is WindowState.CLOSED) == (Refusal.WINDOW in reasons)
    for goal in catalog.offers:
        for move in gap_between(catalog, origin, frozenset({goal}), scope).refused:
            assert move.refusals[0] is views[move.pair].refusal


def test_the_text_numbers_the_causes_and_ends_with_the_changes() -> None:
    made = from_facts(facts("A>B upgrade matrix, B>a migration documented", coverage=WHOLE))
    question = PathQuestion(
        oid("A"), OfferGoal(oid("a")), replace(SCOPE, policy=LegacyUpgradePolicy.EXCLUDE)
    )
    told = explain(made, question)
    assert isinstance(told, Explanation)
    lines = text_lines(made, told)
    assert lines[0] == "IMPOSSIBLE: There is no such path."
    numbered = [line for line in lines if line[:1].isdigit()]
    assert [line.partition(".")[0] for line in numbered] == [
        str(number) for number in range(1, len(told.nodes) + 1)
    ]
    assert lines[-2:] == (
        "A way opens where you:",
        "   1) ask with the legacy-upgrade policy LAST or INCLUDE: "
        "Offer A (00000041) > Offer B (00000042) > Sku a (CFQ7TTC0000A:0001), READY.",
    )
    assert not any("\n" in line for line in lines)


def test_a_drawing_tells_allowed_refused_denied_and_missing_moves_apart() -> None:
    made = from_facts(
        facts(
            "A>B upgrade matrix, B>C upgrade matrix, B!D upgrade documented, C>D upgrade matrix,"
            "A>D trial derived",
        )
    )
    scope = replace(SCOPE, avoid=oids("C"), kinds=frozenset({TransitionKind.LEGACY_UPGRADE}))
    told = explain(made, PathQuestion(oid("A"), OfferGoal(oid("D")), scope))
    assert isinstance(told, Explanation)
    drawn = mermaid(made, told)
    assert drawn.startswith("flowchart LR\n")
    assert '-->|"LEGACY_UPGRADE"|' in drawn
    assert '-.->|"OFFER_AVOIDED"|' in drawn
    assert '-.->|"KIND_EXCLUDED"|' in drawn
    assert '--x|"DENIED_BY_SOURCE"|' in drawn
    assert ":::origin" in drawn
    assert ":::goal" in drawn


def test_no_title_can_change_a_drawing() -> None:
    evil = replace(offer("A"), title='x"]; click n1 "javascript:alert(1)" <script>&#quot;\n`')
    made = from_facts(facts("A>B upgrade matrix, C>a migration matrix", offers=[evil]))
    told = explain(made, PathQuestion(oid("A"), OfferGoal(oid("a")), SCOPE))
    assert isinstance(told, Explanation)
    for line in mermaid(made, told).splitlines()[1:]:
        if "[" in line:
            name, _, label = line.partition('["')
            assert name.strip().isalnum()
            assert label.rpartition('"]')[0].count('"') == 0
            assert "<script>" not in label
    assert escaped("a & b <c>") == "a #amp; b #lt;c#gt;"


def test_a_large_drawing_is_cut_and_counts_the_rest() -> None:
    letters = "BCDEFGHIJKLMNOPQRSTUVWXYZ"
    many = [
        replace(offer("A"), catalog_id=CatalogId(f"{n:08X}-1111-0000-0000-000000000000"))
        for n in range(60)
    ]
    claims = tuple(
        Claim(oid("A"), one.catalog_id, TransitionKind.LEGACY_UPGRADE, Stance.CLAIMS,
              EvidenceKind.DOCUMENTED, "list", None)
        for one in many
    )  # fmt: skip
    small = facts("A>B upgrade matrix", offers=many)
    made = from_facts(replace(small, claims=(*small.claims, *claims)))
    told = explain(made, PathQuestion(oid("A"), NewCommerceGoal(), SCOPE))
    assert isinstance(told, Explanation)
    drawn = mermaid(made, told)
    assert sum("-->" in line for line in drawn.splitlines()) <= len(letters) + 5
    assert 'more["and 32 more"]' in drawn
