"""A plain, slow and independent answer to path questions: every simple path, by depth first.

Written from design/planner.md over the raw claims. It shares only the value types with the
planner: nothing of its weighing, windows, scope, search or profiles.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from planner.facts import CatalogFacts
from planner.transitions import Claim, EvidenceKind, Execution, Stance, TransitionKind, WindowState

Walk = tuple[str, ...]
Merit = tuple[object, ...]


@dataclass(frozen=True)
class Arc:
    """An edge as the raw claims leave it: the strongest claim says what it is."""

    kind: TransitionKind
    evidence: EvidenceKind
    is_manual: bool


@dataclass(frozen=True)
class Ask:
    """A question in plain words; policy and profile by their names."""

    policy: str = "LAST"
    profile: str = "FEWEST_STEPS"
    on: date = date(2026, 11, 23)
    market: str | None = None
    avoid: frozenset[str] = frozenset()
    via: frozenset[str] = frozenset()
    max_steps: int | None = None


def arcs(facts: CatalogFacts) -> dict[tuple[str, str], Arc]:
    """Return the edges that stand once denials are taken off."""
    by_pair: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in facts.claims:
        by_pair[claim.origin, claim.target].append(claim)
    found = {}
    for pair, told in by_pair.items():
        denials = [one for one in told if one.stance is Stance.DENIES]
        standing = [
            one
            for one in told
            if one.stance is Stance.CLAIMS and not any(_is_beaten(one, no) for no in denials)
        ]
        if standing:
            best = sorted(standing, key=_speaks_first)[0]
            found[pair] = Arc(best.kind, best.evidence, best.execution is Execution.MANUAL)
    return found


def _is_beaten(claim: Claim, denial: Claim) -> bool:
    """A denial beats claims that are weaker and not newer."""
    is_weaker = claim.evidence.value < denial.evidence.value
    is_newer = claim.dated is not None and (denial.dated is None or claim.dated > denial.dated)
    return is_weaker and not is_newer


def _speaks_first(claim: Claim) -> tuple[int, int, str, str]:
    """Strongest first, then latest, then by source and note."""
    day = claim.dated.toordinal() if claim.dated else 0
    return -claim.evidence.value, -day, claim.source, claim.note


def allowed(facts: CatalogFacts, ask: Ask) -> dict[tuple[str, str], Arc]:
    """Return the edges that the question may use."""
    offers = {offer.catalog_id: offer for offer in facts.offers}
    usable = {}
    for (origin, target), arc in arcs(facts).items():
        if target in ask.avoid or _is_excluded(arc, ask.policy):
            continue
        if _is_closed(facts, arc.kind, offers[origin].segment, ask.on):  # type: ignore[index]
            continue
        markets = offers[target].markets  # type: ignore[index]
        if ask.market and markets is not None and ":" not in target and ask.market not in markets:
            continue
        usable[origin, target] = arc
    return usable


def _is_excluded(arc: Arc, policy: str) -> bool:
    if arc.kind.value != "LEGACY_UPGRADE":
        return False
    if policy == "CONFIRMED":
        return arc.evidence.name != "PARTNER_CENTER"
    return policy == "EXCLUDE"


def _is_closed(facts: CatalogFacts, kind: TransitionKind, segment: object, on: date) -> bool:
    states = {
        window.segment: window.state
        for window in facts.windows
        if window.kind is kind
        and window.segment in (None, segment)
        and (window.starts is None or on >= window.starts)
        and (window.ends is None or on < window.ends)
    }
    return states.get(segment, states.get(None)) is WindowState.CLOSED  # type: ignore[call-overload]


def walks(facts: CatalogFacts, origin: str, ask: Ask) -> Iterator[tuple[Walk, tuple[Arc, ...]]]:
    """Yield every simple path of one step or more out of an offer, in no order."""
    usable = allowed(facts, ask)

    def onward(walk: Walk, taken: tuple[Arc, ...]) -> Iterator[tuple[Walk, tuple[Arc, ...]]]:
        if taken:
            yield walk, taken
        if ask.max_steps is not None and len(taken) >= ask.max_steps:
            return
        for (tail, head), arc in usable.items():
            if tail == walk[-1] and head not in walk:
                yield from onward((*walk, head), (*taken, arc))

    yield from onward((origin,), ())


def merit(walk: Walk, taken: tuple[Arc, ...], ask: Ask) -> Merit:
    """Return what a path is ordered by: policy, profile, steps, ids."""
    upgrades = sum(arc.kind.value == "LEGACY_UPGRADE" for arc in taken)
    manual = sum(arc.is_manual for arc in taken)
    weakest_first = ("INFERRED", "DERIVED", "OFFER_MATRIX", "API_RECORDED", "DOCUMENTED")
    by_kind = [sum(arc.evidence.name == name for arc in taken) for name in weakest_first]
    first = upgrades if ask.policy == "LAST" else 0
    if ask.profile == "LEAST_DISRUPTION":
        return (first, manual, len(taken), *by_kind, walk)
    if ask.profile != "BEST_DOCUMENTED":
        # Neither a day nor a price is known of a path alone.
        return (first, len(taken), manual, *by_kind, walk)
    confirmed = sum(arc.evidence.name == "PARTNER_CENTER" for arc in taken)
    return (first, *by_kind, confirmed, manual, len(taken), walk)


def all_paths(facts: CatalogFacts, origin: str, goals: frozenset[str], ask: Ask) -> list[Walk]:
    """Return every wanted simple path, best first."""
    wanted = [
        (merit(walk, taken, ask), walk)
        for walk, taken in walks(facts, origin, ask)
        if walk[-1] in goals - {origin} and ask.via <= set(walk)
    ]
    return [walk for _, walk in sorted(wanted)]


def best_from(facts: CatalogFacts, origin: str, ask: Ask) -> dict[str, Walk]:
    """Return the best path to every offer that can be reached."""
    ranked = sorted((merit(walk, taken, ask), walk) for walk, taken in walks(facts, origin, ask))
    best: dict[str, Walk] = {}
    for _, walk in ranked:
        best.setdefault(walk[-1], walk)
    return best


def reachable_from(pairs: set[tuple[str, str]], origin: str) -> set[str]:
    """Return what a plain flood over edges reaches, the origin left out."""
    onward: dict[str, set[str]] = defaultdict(set)
    for tail, head in pairs:
        onward[tail].add(head)
    seen = {origin}
    waiting = [origin]
    while waiting:
        for head in onward[waiting.pop()] - seen:
            seen.add(head)
            waiting.append(head)
    return seen - {origin}
