"""Every path answer agrees with a plain search that shares no code with the planner's."""

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planner.facts import CatalogFacts, content_hash
from planner.goals import Goal, NewCommerceGoal, OfferGoal
from planner.ids import CatalogId, is_new_commerce
from planner.no_path import NoPath, Verdict
from planner.paths import Path, PathQuestion, PathsFound, paths, reachable, reaching
from planner.transitions import Claim, EvidenceKind, Execution, Stance, TransitionKind
from tests.examples import checked
from tests.planner import builders, oracle
from tests.planner.builders import from_facts, oid
from tests.planner.oracle import Ask
from tests.planner.strategies import PAIRS, asks, names, scope_of, small_facts

ALL = 10_000
Walks = list[tuple[str, ...]]
goals = st.one_of(names.map(OfferGoal), st.just(NewCommerceGoal()))


def _walks(found: PathsFound | NoPath | tuple[Path, ...]) -> Walks:
    if isinstance(found, NoPath):
        return []
    listed = found.paths if isinstance(found, PathsFound) else found
    return [path.offers for path in listed]


def _ask_planner(
    facts: CatalogFacts, origin: CatalogId, goal: Goal, ask: Ask, *, first: int, budget: int = ALL
) -> PathsFound | NoPath:
    via = frozenset(map(CatalogId, ask.via))
    question = PathQuestion(origin, goal, scope_of(ask), first=first, via=via)
    return paths(from_facts(facts), question, budget=budget)


def _members(facts: CatalogFacts, goal: Goal) -> frozenset[str]:
    if isinstance(goal, OfferGoal):
        return frozenset({goal.catalog_id})
    return frozenset(o.catalog_id for o in facts.offers if is_new_commerce(o.catalog_id))


def _oracle(facts: CatalogFacts, origin: str, goal: Goal, ask: Ask) -> Walks:
    return oracle.all_paths(facts, origin, _members(facts, goal), ask)


@checked(150)
@given(small_facts(), names, asks())
def test_reachable_is_the_same_set_with_the_same_best_paths_in_order(
    facts: CatalogFacts, origin: CatalogId, ask: Ask
) -> None:
    found = _walks(reachable(from_facts(facts), origin, scope_of(ask)))
    best = oracle.best_from(facts, origin, ask)
    assert {walk[-1]: walk for walk in found} == best
    taken = oracle.allowed(facts, ask)
    merits = [oracle.merit(w, tuple(taken[p] for p in pairwise(w)), ask) for w in found]
    assert merits == sorted(merits)


@checked(110)
@given(small_facts(), names, asks())
def test_reaching_agrees_with_reachable_seen_from_the_other_end(
    facts: CatalogFacts, target: CatalogId, ask: Ask
) -> None:
    catalog = from_facts(facts)
    into = {path.origin: path.offers for path in reaching(catalog, target, scope_of(ask))}
    out_of = {
        origin: path.offers
        for origin in catalog.offers
        for path in reachable(catalog, origin, scope_of(ask))
        if path.target == target
    }
    assert into == out_of


@checked(180)
@given(small_facts(), names, goals, asks())
def test_all_alternatives_are_the_oracles_whole_list_in_its_order(
    facts: CatalogFacts, origin: CatalogId, goal: Goal, ask: Ask
) -> None:
    answer = _ask_planner(facts, origin, goal, ask, first=ALL)
    walks = _walks(answer)
    assert walks == _oracle(facts, origin, goal, ask)
    assert len(set(walks)) == len(walks)
    assert all(len(set(walk)) == len(walk) for walk in walks)
    if isinstance(answer, PathsFound):
        assert (answer.has_more, answer.is_exhaustive) == (False, True)


@checked(100)
@given(small_facts(), names, goals, asks(), st.integers(1, 4))
def test_the_first_few_are_a_prefix_that_says_whether_more_exist(
    facts: CatalogFacts, origin: CatalogId, goal: Goal, ask: Ask, first: int
) -> None:
    whole = _oracle(facts, origin, goal, ask)
    answer = _ask_planner(facts, origin, goal, ask, first=first)
    assert _walks(answer) == whole[:first]
    if isinstance(answer, PathsFound):
        assert answer.has_more is (len(whole) > first)


@checked(100)
@given(small_facts(), names, asks())
def test_costs_add_up_along_the_path(facts: CatalogFacts, origin: CatalogId, ask: Ask) -> None:
    edges = oracle.arcs(facts)
    for path in reachable(from_facts(facts), origin, scope_of(ask)):
        taken = [edges[pair] for pair in pairwise(path.offers)]
        assert path.cost.steps == len(taken) == len(path.steps)
        assert path.cost.manual_steps == sum(arc.is_manual for arc in taken)
        assert path.cost.weakest_evidence == min(arc.evidence for arc in taken)
        upgrades = sum(arc.kind is TransitionKind.LEGACY_UPGRADE for arc in taken)
        assert path.cost.legacy_upgrades == upgrades
        assert [step.transition.kind for step in path.steps] == [arc.kind for arc in taken]


@checked(100)
@given(small_facts(), names, asks(), st.sampled_from(PAIRS), st.sampled_from(EvidenceKind))
def test_adding_an_edge_never_makes_a_best_path_worse(
    facts: CatalogFacts,
    origin: CatalogId,
    ask: Ask,
    pair: tuple[str, str],
    evidence: EvidenceKind,
) -> None:
    tail, head = map(oid, pair)
    assume(not any((c.origin, c.target) == (tail, head) for c in facts.claims))
    kind = TransitionKind.CONVERSION if is_new_commerce(tail) else TransitionKind.LEGACY_UPGRADE
    kind = TransitionKind.MIGRATION if is_new_commerce(head) > is_new_commerce(tail) else kind
    added = Claim(tail, head, kind, Stance.CLAIMS, evidence, "added", None, Execution.API)
    more = replace(facts, claims=(*facts.claims, added))
    edges = oracle.allowed(more, ask)

    def merits(of: CatalogFacts) -> dict[str, oracle.Merit]:
        return {
            path.target: oracle.merit(
                path.offers, tuple(edges[p] for p in pairwise(path.offers)), ask
            )
            for path in reachable(from_facts(of), origin, scope_of(ask))
        }

    before, after = merits(facts), merits(more)
    assert before.keys() <= after.keys()
    assert all(after[target] <= before[target] for target in before)


@checked(60)
@given(small_facts(), names, goals, asks(), st.integers(0, 2**32))
def test_the_order_of_rows_changes_nothing(
    facts: CatalogFacts, origin: CatalogId, goal: Goal, ask: Ask, seed: int
) -> None:
    rows = random.Random(seed)  # noqa: S311 - a shuffle, no secret
    offers, claims, windows = list(facts.offers), list(facts.claims), list(facts.windows)
    for listed in (offers, claims, windows):
        rows.shuffle(listed)
    shuffled = replace(facts, offers=tuple(offers), claims=tuple(claims), windows=tuple(windows))
    assert content_hash(shuffled) == content_hash(facts)
    assert _ask_planner(shuffled, origin, goal, ask, first=5) == _ask_planner(
        facts, origin, goal, ask, first=5
    )
    for one in sorted(offer.catalog_id for offer in facts.offers):
        assert reachable(from_facts(shuffled), one, scope_of(ask)) == reachable(
            from_facts(facts), one, scope_of(ask)
        )


@checked(110)
@given(small_facts(), names, goals, asks(), st.integers(0, 40))
def test_a_budget_too_small_gives_up_or_gives_a_prefix_and_never_a_wrong_path(
    facts: CatalogFacts, origin: CatalogId, goal: Goal, ask: Ask, budget: int
) -> None:
    whole = _oracle(facts, origin, goal, ask)
    answer = _ask_planner(facts, origin, goal, ask, first=ALL, budget=budget)
    if isinstance(answer, NoPath):
        assert not whole or answer.verdict is Verdict.GAVE_UP
        return
    walks = _walks(answer)
    assert walks == whole[: len(walks)]
    assert answer.is_exhaustive is not answer.has_more
    if len(walks) < len(whole):
        assert not answer.is_exhaustive


@checked(100)
@given(small_facts(), names, goals, asks())
def test_no_path_is_said_only_where_the_oracle_finds_none_and_always_with_a_cause(
    facts: CatalogFacts, origin: CatalogId, goal: Goal, ask: Ask
) -> None:
    answer = _ask_planner(facts, origin, goal, ask, first=1)
    assert isinstance(answer, NoPath) is not bool(_oracle(facts, origin, goal, ask))
    if isinstance(answer, NoPath):
        assert answer.verdict in (Verdict.IMPOSSIBLE, Verdict.NOT_KNOWN)
        assert answer.causes
        reach = oracle.best_from(facts, origin, replace(ask, max_steps=None)).keys() | {origin}
        usable = oracle.allowed(facts, ask)
        assert set(answer.frontier) == {o for o in reach if not any(t == o for t, _ in usable)}


@checked(60)
@given(small_facts(), names, asks(), st.integers(0, 7))
def test_max_steps_takes_the_best_of_what_is_short_enough(
    facts: CatalogFacts, origin: CatalogId, ask: Ask, limit: int
) -> None:
    limited = replace(ask, max_steps=limit)
    found = {w[-1]: w for w in _walks(reachable(from_facts(facts), origin, scope_of(limited)))}
    assert found == oracle.best_from(facts, origin, limited)
    assert all(len(walk) - 1 <= limit for walk in found.values())
    if limit >= len(facts.offers) - 1:
        unlimited = replace(ask, max_steps=None)
        whole = reachable(from_facts(facts), origin, scope_of(unlimited))
        assert list(found.values()) == _walks(whole)


@pytest.mark.parametrize("limit", [None, 3, 2, 1])
@pytest.mark.parametrize("profile", ["FEWEST_STEPS", "BEST_DOCUMENTED"])
def test_a_dearer_but_shorter_way_in_is_not_forgotten_where_steps_are_limited(
    limit: int | None, profile: str
) -> None:
    """The cheap way to B takes two steps, the dear one takes one; with two steps only it leads on.

    A search that keeps one way to each offer, and not one for each number of steps, misses it.
    """
    facts = builders.facts(
        "A>B upgrade derived, A>C trial documented, C>B trial documented, B>a migration documented"
    )
    ask = Ask(profile=profile, max_steps=limit)
    catalog, origin, goal = from_facts(facts), oid("A"), oid("a")
    best = oracle.best_from(facts, origin, ask)
    assert (goal in best) is (limit != 1)
    assert {w[-1]: w for w in _walks(reachable(catalog, origin, scope_of(ask)))} == best
    into = {path.origin: path.offers for path in reaching(catalog, goal, scope_of(ask))}
    assert into.get(origin) == best.get(goal)
