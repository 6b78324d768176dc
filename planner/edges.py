"""Which moves exist once every claim and denial has been weighed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from planner.ids import CatalogId
from planner.transitions import Claim, Conflict, EvidenceKind, Stance, Transition, TransitionKind

Pair = tuple[CatalogId, CatalogId]


def weigh(
    claims: Iterable[Claim], conflicts: Iterable[Conflict]
) -> tuple[tuple[Transition, ...], Mapping[Pair, tuple[Claim, ...]]]:
    """Return the edges, in order of their ends, and every denial by pair.

    A denial beats claims that are weaker and not newer; where a claim survives, the edge stands
    with the denial and a conflict beside it.
    """
    by_pair: dict[Pair, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_pair[claim.origin, claim.target].append(claim)
    told: dict[Pair, list[Conflict]] = defaultdict(list)
    for conflict in conflicts:
        told[conflict.origin, conflict.target].append(conflict)
    edges = [
        edge
        for pair in sorted(by_pair)
        if (edge := _edge(pair, by_pair[pair], told[pair])) is not None
    ]
    denials = {pair: denied for pair in sorted(by_pair) if (denied := _denials(by_pair[pair]))}
    return _with_candidates(edges), denials


def _denials(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple(sorted((c for c in claims if c.stance is Stance.DENIES), key=_strongest_first))


def _edge(pair: Pair, claims: list[Claim], conflicts: list[Conflict]) -> Transition | None:
    denials = _denials(claims)
    standing = sorted(
        (
            claim
            for claim in claims
            if claim.stance is Stance.CLAIMS and not any(_beats(no, claim) for no in denials)
        ),
        key=_strongest_first,
    )
    if not standing:
        return None
    kind = standing[0].kind
    shown = sorted(conflicts, key=lambda conflict: (conflict.code, conflict.message))
    if denials:
        shown.append(_denied_and_claimed(pair, standing, denials))
    execution = standing[0].execution
    return Transition(*pair, kind, execution, tuple(standing), denials, tuple(shown))


def _beats(denial: Claim, claim: Claim) -> bool:
    if claim.evidence >= denial.evidence:
        return False
    # An undated claim is not known to be newer; an undated denial is not known to be newer either,
    # so that it beats undated claims alone.
    return claim.dated is None or (denial.dated is not None and claim.dated <= denial.dated)


def _denied_and_claimed(pair: Pair, claims: Iterable[Claim], denials: Iterable[Claim]) -> Conflict:
    says = tuple(sorted({claim.source for claim in claims}))
    denies = tuple(sorted({claim.source for claim in denials}))
    return Conflict(
        *pair,
        "DENIED_AND_CLAIMED",
        f"{', '.join(says)} lists this move and {', '.join(denies)} denies it",
        says + denies,
    )


def _strongest_first(claim: Claim) -> tuple[int, bool, int, str, str, str, str, bool]:
    """Order by evidence, then undated before dated and later days before earlier ones."""
    day = 0 if claim.dated is None else claim.dated.toordinal()
    described = (claim.source, claim.note, claim.kind, claim.execution, claim.is_sample)
    return (-claim.evidence, claim.dated is not None, -day, *described)


def _with_candidates(edges: Iterable[Transition]) -> tuple[Transition, ...]:
    """Name all candidates on every MIGRATION of an offer that has more than one equivalent."""
    listed = tuple(edges)
    equivalents: dict[CatalogId, list[Transition]] = defaultdict(list)
    for edge in listed:
        if edge.kind is TransitionKind.MIGRATION:
            equivalents[edge.origin].append(edge)
    return tuple(replace(edge, candidates=_candidates(edge, equivalents)) for edge in listed)


def _candidates(
    edge: Transition, equivalents: Mapping[CatalogId, list[Transition]]
) -> tuple[CatalogId, ...]:
    if edge.kind is not TransitionKind.MIGRATION or len(equivalents[edge.origin]) == 1:
        return ()
    if edge.evidence is EvidenceKind.PARTNER_CENTER:
        return ()
    return tuple(other.target for other in equivalents[edge.origin])
