"""The bundled catalog answers with the counts that its facts hold, counted twice."""

from dataclasses import replace
from functools import cache

import pytest

from db.bundled import bundled_facts
from planner.catalog import Catalog
from planner.facts import CatalogFacts
from planner.goals import OfferGoal
from planner.paths import PathQuestion, PathsFound, paths, reachable
from planner.profiles import LegacyUpgradePolicy
from planner.transitions import Stance, TransitionKind, WindowState
from tests.planner import oracle
from tests.planner.builders import SCOPE, from_facts, oid

BUSINESS_BASIC = oid("BD938F12-058F-4927-BBA3-AE36B1D2501C")
OFFICE_E3 = oid("CFQ7TTC0LF8R:0001")
Pairs = set[tuple[str, str]]


@cache
def _facts() -> CatalogFacts:
    return bundled_facts()


@cache
def _catalog() -> Catalog:
    return from_facts(_facts())


def _is_legacy(catalog_id: str) -> bool:
    return ":" not in catalog_id


def _legacy_ends(pairs: Pairs) -> set[str]:
    return {end for pair in pairs for end in pair if _is_legacy(end)}


def _reach_new_commerce(pairs: Pairs) -> set[str]:
    ends = _legacy_ends(pairs)
    return {o for o in ends if not all(map(_is_legacy, oracle.reachable_from(pairs, o)))}


def test_the_raw_graph_has_the_published_counts() -> None:
    """Dates, markets, segments, readiness and evidence ignored; denied moves removed."""
    arcs = oracle.arcs(_facts())
    pairs: Pairs = set(arcs)
    without_upgrades = {p for p in pairs if arcs[p].kind is not TransitionKind.LEGACY_UPGRADE}
    direct = {p[0] for p in pairs if arcs[p].kind is TransitionKind.MIGRATION}
    counts = (
        len(_legacy_ends(pairs)),
        len({origin for origin, _ in pairs if _is_legacy(origin)}),
        len(_reach_new_commerce(pairs)),
        len(_reach_new_commerce(without_upgrades)),
        len(direct),
    )
    assert counts == (825, 779, 725, 718, 683)


def test_no_pair_is_claimed_and_denied_so_removing_denials_changes_no_count() -> None:
    by_stance: dict[Stance, Pairs] = {Stance.CLAIMS: set(), Stance.DENIES: set()}
    for claim in _facts().claims:
        by_stance[claim.stance].add((claim.origin, claim.target))
    assert by_stance[Stance.CLAIMS] == set(oracle.arcs(_facts()))
    assert not by_stance[Stance.CLAIMS] & by_stance[Stance.DENIES]
    assert len(by_stance[Stance.DENIES]) == 17


def test_the_default_scope_gives_the_same_counts() -> None:
    """LAST, 2026-11-23, no market: every window is open, contested or undated, none is closed.

    So nothing is refused and the planner's counts are those of the raw graph.
    """
    found = {o: reachable(_catalog(), oid(o), SCOPE) for o in _legacy_ends(set(_pairs()))}
    to_new = {o: [p for p in all_ if not _is_legacy(p.target)] for o, all_ in found.items()}
    counts = (
        sum(bool(all_) for all_ in found.values()),
        sum(bool(some) for some in to_new.values()),
        sum(any(p.cost.legacy_upgrades == 0 for p in some) for some in to_new.values()),
        sum(any(p.cost.steps == 1 for p in some) for some in to_new.values()),
    )
    assert counts == (779, 725, 718, 683)


def _pairs() -> Pairs:
    return {(edge.origin, edge.target) for edge in _catalog().transitions}


@pytest.mark.parametrize(("market", "count"), [("US", 723), ("IN", 684)])
def test_a_market_takes_away_what_its_lists_omit(market: str, count: int) -> None:
    """US: AIP P1's SKU is on no list, and a trial's paid offer is not sold there.

    IN: the list of August 2026 lacks the SKUs of 41 offers.
    """
    scope = replace(SCOPE, market=market)
    origins = _legacy_ends(_pairs())
    reaching = [
        o
        for o in origins
        if any(not _is_legacy(path.target) for path in reachable(_catalog(), oid(o), scope))
    ]
    assert len(reaching) == count


def test_every_best_path_of_the_bundled_catalog_is_the_oracles() -> None:
    """Breadth first over the raw claims: the least steps to each target, upgrades left out."""
    arcs = oracle.arcs(_facts())
    pairs = {p for p in arcs if arcs[p].kind is not TransitionKind.LEGACY_UPGRADE}
    scope = replace(SCOPE, policy=LegacyUpgradePolicy.EXCLUDE)
    for origin in sorted(_legacy_ends(set(arcs)))[::8]:
        steps = {p.target: p.cost.steps for p in reachable(_catalog(), oid(origin), scope)}
        assert steps == _steps(pairs, origin)


def _steps(pairs: Pairs, origin: str) -> dict[str, int]:
    onward: dict[str, set[str]] = {}
    for tail, head in pairs:
        onward.setdefault(tail, set()).add(head)
    found: dict[str, int] = {}
    frontier, distance = {origin}, 0
    while frontier:
        distance += 1
        frontier = {h for t in frontier for h in onward.get(t, ())} - found.keys() - {origin}
        found |= dict.fromkeys(frontier, distance)
    return found


def _ways(policy: LegacyUpgradePolicy) -> PathsFound:
    scope = replace(SCOPE, policy=policy)
    answer = paths(_catalog(), PathQuestion(BUSINESS_BASIC, OfferGoal(OFFICE_E3), scope, first=100))
    assert isinstance(answer, PathsFound)
    return answer


def _told(found: PathsFound) -> list[list[tuple[str, str]]]:
    return [
        [(step.transition.kind.value, step.transition.target) for step in path.steps]
        for path in found.paths
    ]


THREE_STEPS = [
    ("MIGRATION", "CFQ7TTC0LH18:0001"),
    ("CONVERSION", "CFQ7TTC0LF8Q:0001"),
    ("CONVERSION", "CFQ7TTC0LF8R:0001"),
]
TWO_STEPS = [
    ("LEGACY_UPGRADE", "796B6B5F-613C-4E24-A17C-EBA730D49C02"),
    ("MIGRATION", "CFQ7TTC0LF8R:0001"),
]


@pytest.mark.parametrize("policy", [LegacyUpgradePolicy.EXCLUDE, LegacyUpgradePolicy.CONFIRMED])
def test_without_legacy_upgrades_business_basic_reaches_office_e3_in_three_steps(
    policy: LegacyUpgradePolicy,
) -> None:
    assert _told(_ways(policy)) == [THREE_STEPS]


def test_by_default_the_contested_two_steps_come_after_the_three() -> None:
    found = _ways(LegacyUpgradePolicy.LAST)
    assert _told(found)[:2] == [THREE_STEPS, TWO_STEPS]
    contested = found.paths[1]
    assert contested.steps[0].window.state is WindowState.CONTESTED
    assert "LEGACY_UPGRADE_CONTESTED" in [finding.code for finding in contested.conditions]
    assert (len(found.paths), found.has_more) == (7, False)


def test_with_legacy_upgrades_included_the_two_steps_come_first() -> None:
    assert _told(_ways(LegacyUpgradePolicy.INCLUDE))[0] == TWO_STEPS


@pytest.mark.parametrize("policy", list(LegacyUpgradePolicy))
def test_the_alternatives_are_the_oracles_whole_list(policy: LegacyUpgradePolicy) -> None:
    ask = oracle.Ask(policy=policy.value)
    goals: frozenset[str] = frozenset({OFFICE_E3})
    near = _near(BUSINESS_BASIC, OFFICE_E3)
    walks = [path.offers for path in _ways(policy).paths]
    assert walks == oracle.all_paths(near, BUSINESS_BASIC, goals, ask)


def _near(origin: str, goal: str) -> CatalogFacts:
    """Return the claims between two offers alone, so that the slow search ends."""
    pairs = set(oracle.arcs(_facts()))
    after = oracle.reachable_from(pairs, origin) | {origin}
    before = oracle.reachable_from({(b, a) for a, b in pairs}, goal) | {goal}
    claims = tuple(c for c in _facts().claims if {c.origin, c.target} <= after & before)
    return replace(_facts(), claims=claims)
