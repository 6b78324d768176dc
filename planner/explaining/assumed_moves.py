"""Which moves a list that is not loaded may hold, and a path that takes one for granted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from planner.availability import is_covered
from planner.catalog import Catalog
from planner.explaining.gap import Gap
from planner.facts import CatalogFacts
from planner.ids import CatalogId, is_new_commerce
from planner.no_path import kinds_out_of
from planner.offers import Known, Offer
from planner.paths import Path, path_from
from planner.scope import Scope, view_of
from planner.search import Ranked
from planner.transitions import Claim, EvidenceKind, Execution, Stance, Transition, TransitionKind

SOMEWHERE = CatalogId("?")
"""Stands for whichever goal a list would name, where the goals are too many to try each."""

_NAMED_GOALS = 5


@dataclass(frozen=True, slots=True)
class Assumed:
    """The moves of one kind that no source names, denies or rules out."""

    kind: TransitionKind
    moves: tuple[Transition, ...]
    """In order of their ends; each has one claim, INFERRED, whose source says `assumed`."""
    somewhere: tuple[Transition, ...]
    """The same to SOMEWHERE; one of the two is empty."""


def assumed_moves(catalog: Catalog, gap: Gap, scope: Scope) -> tuple[Assumed, ...]:
    """Return what might be known one day, by kind: out of known offers, to where a goal is met.

    A list that is complete for an offer leaves nothing to assume there, nor does a known
    equivalent: an offer migrates to its equivalent only.
    Source: docs/sources.md 3 (to the equivalent SKU only).
    """
    wanted = {is_new_commerce(goal) for goal in gap.goals}
    open_at: dict[TransitionKind, list[CatalogId]] = {}
    for tail in sorted(gap.known):
        for kind in kinds_out_of(catalog.offers[tail], wanted):
            if _may_be_missing(catalog, catalog.offers[tail], kind, scope):
                open_at.setdefault(kind, []).append(tail)
    few = len(gap.goals) <= _NAMED_GOALS
    heads = tuple(sorted(gap.leading)) if few else ()
    return tuple(
        Assumed(
            kind,
            tuple(_moves(catalog, kind, tails, heads)),
            () if few else tuple(_assumed(tail, SOMEWHERE, kind) for tail in tails),
        )
        for kind, tails in sorted(open_at.items())
    )


def _may_be_missing(catalog: Catalog, offer: Offer, kind: TransitionKind, scope: Scope) -> bool:
    if is_covered(catalog.facts.coverage, offer, kind, scope.day):
        return False
    out = catalog.transitions_from(offer.catalog_id)
    migrates = any(move.kind is TransitionKind.MIGRATION for move in out)
    return kind is not TransitionKind.MIGRATION or not migrates


def _moves(
    catalog: Catalog,
    kind: TransitionKind,
    tails: Sequence[CatalogId],
    heads: Sequence[CatalogId],
) -> Iterator[Transition]:
    for tail in tails:
        for head in heads:
            is_free = head != tail and catalog.transition(tail, head) is None
            if is_free and not catalog.denial(tail, head) and _fits(catalog, kind, tail, head):
                yield _assumed(tail, head, kind)


def _fits(catalog: Catalog, kind: TransitionKind, tail: CatalogId, head: CatalogId) -> bool:
    """Return whether a kind can lead between two offers: commerce, segment, add-on to add-on."""
    origin, target = catalog.offers[tail], catalog.offers[head]
    ends_new = is_new_commerce(head)
    if kind is TransitionKind.MIGRATION:
        right_commerce = ends_new
    else:
        right_commerce = ends_new == is_new_commerce(tail)
    segments = {origin.segment, target.segment} - {None}
    addons = {origin.is_addon, target.is_addon} - {Known.UNKNOWN}
    return right_commerce and len(segments) <= 1 and len(addons) <= 1 and not target.is_trial


def _assumed(tail: CatalogId, head: CatalogId, kind: TransitionKind) -> Transition:
    claim = Claim(
        tail,
        head,
        kind,
        Stance.CLAIMS,
        EvidenceKind.INFERRED,
        "assumed",
        None,
        note="taken for granted; no source claims it",
    )
    return Transition(tail, head, kind, Execution.API, (claim,))


def assumed_path(
    catalog: Catalog, scope: Scope, nodes: Sequence[CatalogId], assumed: Transition
) -> Path:
    """Return the path over these offers as the domain tells it, one of its moves assumed."""
    facts = catalog.facts
    claims = (*(one for one in facts.claims if one.origin in nodes), *assumed.claims)
    ends = {end for claim in claims for end in (claim.origin, claim.target)}
    part = CatalogFacts(
        tuple(_offers(catalog.offers, ends | set(nodes))),
        claims,
        tuple(one for one in facts.conflicts if one.origin in ends and one.target in ends),
        windows=facts.windows,
        coverage=facts.coverage,
    )
    small = Catalog(part, version_id=catalog.version_id, content_hash=catalog.content_hash)
    return path_from(small, view_of(small, scope), scope, Ranked((), tuple(nodes)))


def _offers(offers: Mapping[CatalogId, Offer], wanted: Iterable[CatalogId]) -> Iterator[Offer]:
    return (offers[catalog_id] for catalog_id in sorted(wanted))
