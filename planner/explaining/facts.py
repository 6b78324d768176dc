"""The facts that keep a goal out of reach, each with its source: known moves, denials, absences."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from planner.availability import is_covered
from planner.catalog import Catalog
from planner.edges import Pair
from planner.explaining.gap import Gap, Offers, RefusedMove, moves_between
from planner.explaining.nodes import Node, listed, listed_moves
from planner.ids import CatalogId, is_new_commerce
from planner.no_path import REFUSED_BECAUSE, kinds_out_of
from planner.offers import Offer
from planner.profiles import LegacyUpgradePolicy
from planner.scope import Refusal, Scope
from planner.transitions import Claim, Transition, TransitionKind, WindowState
from planner.windows import kind_window_on

_APART = 3
"""How many offers beside the origin have their moves told one by one."""


def leads_to(catalog: Catalog, origin: CatalogId, offers: Offers) -> Iterator[Node]:
    """Yield the known moves between these offers: one fact for the origin, then for the others.

    Where many others have moves, these are told together.
    """
    moves = list(moves_between(catalog, offers, offers))
    tails = sorted({move.origin for move in moves} - {origin})
    groups = [[origin], *([tail] for tail in tails)] if len(tails) <= _APART else [[origin], tails]
    for group in groups:
        of_group = [move for move in moves if move.origin in group]
        if of_group:
            yield _leads_to(catalog, group, of_group)


def _leads_to(catalog: Catalog, tails: Sequence[CatalogId], moves: list[Transition]) -> Node:
    heads = sorted({move.target for move in moves})
    verb = "leads" if len(tails) == 1 else "lead"
    return Node(
        "LEADS_TO",
        f"{listed(catalog, tails)} {verb} to {listed(catalog, heads)}",
        offers=tuple(tails),
        moves=tuple((move.origin, move.target) for move in moves),
        sources=_sources(moves),
    )


def entered_from(catalog: Catalog, group: Sequence[CatalogId], moves: list[Transition]) -> Node:
    """Return whence every known move into a group of offers comes."""
    tails = sorted({move.origin for move in moves})
    where = listed(catalog, group)
    return Node(
        "ENTERED_FROM",
        f"every known move into {where} comes from {listed(catalog, tails)}"
        if tails
        else f"no source claims any move into {where}",
        offers=tuple(group),
        moves=tuple(sorted((move.origin, move.target) for move in moves)),
        sources=_sources(moves),
    )


def _sources(moves: Iterable[Transition]) -> tuple[str, ...]:
    return tuple(sorted({claim.source for move in moves for claim in move.claims}))


def denied(catalog: Catalog, denials: Iterable[Claim]) -> Iterator[Node]:
    """Yield each denial as its source tells it."""
    for denial in denials:
        move = listed_moves(catalog, [(denial.origin, denial.target)])
        note = f": {denial.note}" if denial.note else ""
        yield Node(
            "DENIED_BY_SOURCE",
            f"the move {move} is denied by {denial.source}{note}",
            offers=tuple(sorted((denial.origin, denial.target))),
            moves=((denial.origin, denial.target),),
            sources=(denial.source,),
        )


def refused(catalog: Catalog, moves: Iterable[RefusedMove], scope: Scope) -> Iterator[Node]:
    """Yield one fact for each reason; a move that is refused for two reasons is told with both."""
    grouped: dict[tuple[Refusal, str], list[RefusedMove]] = defaultdict(list)
    for move in moves:
        for refusal in move.refusals:
            text = move.window.message if refusal is Refusal.WINDOW else _why(refusal, scope)
            grouped[refusal, text].append(move)
    for (refusal, text), told in sorted(grouped.items(), key=lambda item: item[0]):
        yield _refused(catalog, refusal, text, told)


def _refused(catalog: Catalog, refusal: Refusal, text: str, told: Sequence[RefusedMove]) -> Node:
    pairs: list[Pair] = sorted(move.pair for move in told)
    window = told[0].window if refusal is Refusal.WINDOW else None
    opens = window.opens if window else None
    return Node(
        refusal.value,
        f"{text.rstrip('.')}: {listed_moves(catalog, pairs)}",
        offers=tuple(sorted({head for _, head in pairs})),
        moves=tuple(pairs),
        sources=window.sources if window else _market_sources(catalog, refusal, pairs),
        remedy=f"ask for {opens.isoformat()} or later" if opens else REFUSED_BECAUSE[refusal][1],
        opens=opens,
    )


def _market_sources(catalog: Catalog, refusal: Refusal, pairs: Iterable[Pair]) -> tuple[str, ...]:
    """Return who lists the offers where a list is what refuses them, not the question alone."""
    if refusal not in (Refusal.MARKET, Refusal.SEGMENT):
        return ()
    return tuple(sorted({source for _, head in pairs for source in catalog.offers[head].sources}))


def _why(refusal: Refusal, scope: Scope) -> str:
    match refusal:
        case Refusal.POLICY:
            return f"legacy upgrades are left out by the policy {scope.policy}"
        case Refusal.KIND:
            return f"only moves of kind {', '.join(sorted(scope.kinds or ())) or 'none'} are asked"
        case Refusal.SEGMENT:
            return f"the target is not of the segment {scope.segment}"
        case Refusal.MARKET:
            return f"the target is not sold in {scope.market}"
        case _:
            return "the target is an offer to avoid"


@dataclass(frozen=True, slots=True, order=True)
class _Absence:
    """Why no move of a kind is to be expected beside the known ones; offers share one of these."""

    code: str
    kind: TransitionKind
    text: str
    sources: tuple[str, ...] = ()
    remedy: str = ""


def no_other_move(catalog: Catalog, gap: Gap, offers: Offers, scope: Scope) -> Iterator[Node]:
    """Yield why nothing but the known moves leaves these offers: one fact for each kind and reason.

    A kind stands for itself: a legacy offer has upgrades and migrations, a new-commerce SKU
    conversions, a trial trial conversions.
    """
    wanted = {is_new_commerce(goal) for goal in gap.goals}
    grouped: dict[_Absence, list[CatalogId]] = defaultdict(list)
    backwards: list[CatalogId] = []
    for catalog_id in sorted(offers):
        if is_new_commerce(catalog_id) and True not in wanted:
            backwards.append(catalog_id)
        for kind in kinds_out_of(catalog.offers[catalog_id], wanted):
            grouped[_absence(catalog, catalog.offers[catalog_id], kind, scope)].append(catalog_id)
    if backwards:
        yield _no_way_back(catalog, backwards)
    for absence, alike in sorted(grouped.items()):
        yield Node(
            absence.code,
            f"{absence.kind}, out of {listed(catalog, alike)}: {absence.text}",
            offers=tuple(alike),
            kind=absence.kind,
            sources=absence.sources,
            remedy=absence.remedy or None,
        )


def _no_way_back(catalog: Catalog, offers: Sequence[CatalogId]) -> Node:
    return Node(
        "NO_WAY_BACK_TO_LEGACY",
        "no kind of move leads from new commerce to a legacy offer, so not from "
        + listed(catalog, offers),
        offers=tuple(offers),
        sources=("docs/sources.md 3 (a migration is not reversible)",),
        remedy="ask from the legacy offer to the new-commerce one",
    )


def _absence(catalog: Catalog, offer: Offer, kind: TransitionKind, scope: Scope) -> _Absence:
    if scope.kinds is not None and kind not in scope.kinds:
        text = "the question leaves this kind out"
        return _Absence(Refusal.KIND, kind, text, remedy=REFUSED_BECAUSE[Refusal.KIND][1] or "")
    upgrades_are_out = scope.policy is LegacyUpgradePolicy.EXCLUDE
    if kind is TransitionKind.LEGACY_UPGRADE and upgrades_are_out:
        remedy = REFUSED_BECAUSE[Refusal.POLICY][1] or ""
        return _Absence(Refusal.POLICY, kind, "the policy leaves this kind out", remedy=remedy)
    window = kind_window_on(catalog.facts.windows, kind, offer.segment, scope.day)
    if window.state is WindowState.CLOSED:
        return _Absence(Refusal.WINDOW, kind, window.message.rstrip("."), window.sources)
    whole = [one for one in catalog.facts.coverage if is_covered((one,), offer, kind, scope.day)]
    if whole:
        sources = tuple(sorted({one.source_id for one in whole}))
        text = "a complete list names no other such move"
        return _Absence("COMPLETE_LISTS_OMIT_IT", kind, text, sources)
    return _not_loaded(catalog, kind)


def _not_loaded(catalog: Catalog, kind: TransitionKind) -> _Absence:
    lists = [one for one in catalog.facts.missing_lists if one.kind is kind]
    titles = "".join(f" ({one.title})" for one in lists)
    return _Absence(
        "LIST_NOT_LOADED",
        kind,
        f"no source names another such move, and no complete list is loaded{titles}",
        remedy="; ".join(one.remedy for one in lists),
    )
