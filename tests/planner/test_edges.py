"""Which moves exist once claims and denials are weighed."""

import pytest

from planner.edges import weigh
from planner.transitions import Conflict, EvidenceKind, Execution, Transition
from tests.planner.builders import catalog, claims, oid


def _edges(text: str, *conflicts: Conflict) -> tuple[Transition, ...]:
    return weigh(claims(text), conflicts)[0]


def _only(text: str, *conflicts: Conflict) -> Transition:
    (edge,) = _edges(text, *conflicts)
    return edge


DENIAL = "A!B upgrade documented 2022-03-01"


@pytest.mark.parametrize(
    ("claim", "stands"),
    [
        ("A>B upgrade matrix 2021-09-01", False),
        ("A>B upgrade matrix 2022-03-01", False),
        ("A>B upgrade matrix 2022-03-02", True),
        ("A>B upgrade matrix", False),
        ("A>B upgrade documented 2021-09-01", True),
        ("A>B upgrade documented", True),
        ("A>B upgrade confirmed 2019-01-01", True),
        ("A>B upgrade api 2022-02-28", False),
    ],
)
def test_a_denial_beats_claims_that_are_weaker_and_not_newer(claim: str, stands: bool) -> None:
    assert bool(_edges(f"{DENIAL}, {claim}")) is stands


def test_an_undated_denial_beats_undated_weaker_claims_alone() -> None:
    assert not _edges("A!B upgrade documented, A>B upgrade matrix")
    assert _edges("A!B upgrade documented, A>B upgrade matrix 2021-09-01")


def test_a_claim_that_survives_a_denial_stands_with_the_conflict_told() -> None:
    edge = _only(f"{DENIAL} by:seed, A>B upgrade matrix 2023-01-01 by:newer")
    assert [denial.source for denial in edge.denials] == ["seed"]
    (conflict,) = edge.conflicts
    assert conflict.code == "DENIED_AND_CLAIMED"
    assert conflict.sources == ("newer", "seed")


def test_beaten_claims_are_gone_from_an_edge_that_stands() -> None:
    edge = _only(f"{DENIAL}, A>B upgrade matrix 2021-09-01, A>B upgrade confirmed 2020-01-01")
    assert [claim.evidence for claim in edge.claims] == [EvidenceKind.PARTNER_CENTER]


def test_a_denial_speaks_of_its_pair_and_of_no_other() -> None:
    text = f"{DENIAL}, A>B upgrade matrix, B>A upgrade matrix, A>C upgrade matrix"
    ends = [(edge.origin, edge.target) for edge in _edges(text)]
    assert ends == [(oid("A"), oid("C")), (oid("B"), oid("A"))]


def test_a_denied_pair_is_remembered_also_where_no_edge_is_left() -> None:
    one = catalog(f"{DENIAL}, A>C upgrade matrix")
    assert one.transition(oid("A"), oid("B")) is None
    assert [denial.source for denial in one.denial(oid("A"), oid("B"))] == ["documented_list"]
    assert one.denial(oid("B"), oid("A")) == ()


def test_an_edge_is_as_strong_as_its_strongest_claim_and_lists_it_first() -> None:
    edge = _only(
        "A>B upgrade derived, A>B upgrade matrix 2021-05-01 manual by:m5, "
        "A>B upgrade matrix 2021-09-01 by:m9, A>B upgrade inferred"
    )
    assert edge.evidence is EvidenceKind.OFFER_MATRIX
    assert [claim.source for claim in edge.claims[:2]] == ["m9", "m5"]
    assert edge.execution is Execution.API


def test_a_told_conflict_stays_with_its_edge() -> None:
    told = Conflict(oid("A"), oid("B"), "AMBIGUOUS_CELL", "two readings", ("seed",))
    assert _only("A>B upgrade matrix", told).conflicts == (told,)


def test_every_candidate_equivalent_is_named_and_none_is_picked() -> None:
    edges = _edges("A>a migration derived, A>b migration documented, A>B upgrade matrix")
    by_target = {edge.target: edge.candidates for edge in edges}
    both = (oid("a"), oid("b"))
    assert by_target == {oid("a"): both, oid("b"): both, oid("B"): ()}


def test_partner_centers_own_word_settles_which_equivalent_it_is() -> None:
    edges = _edges("A>a migration derived, A>b migration confirmed")
    assert {edge.target: bool(edge.candidates) for edge in edges} == {
        oid("a"): True,
        oid("b"): False,
    }


def test_one_equivalent_is_no_choice() -> None:
    assert _only("A>a migration derived").candidates == ()
