"""What weakens a path whoever walks it: evidence, windows, denials, disagreement, market."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from planner.availability import sold_in
from planner.blocker_codes import BlockerCode, code_of_conflict
from planner.blockers import (
    Actor,
    Assumption,
    Blocker,
    Evidence,
    Remedy,
    RemedyAction,
    Severity,
    SubjectKind,
    Unanswered,
)
from planner.catalog import Catalog
from planner.offers import Known
from planner.transitions import (
    Claim,
    EvidenceKind,
    Execution,
    Transition,
    TransitionKind,
    WindowState,
)
from planner.windows import WindowVerdict

PATH_RULES = (
    "EVIDENCE",
    "EQUIVALENT_CHOSEN",
    "WINDOW",
    "DENIAL",
    "SOURCES_AGREE",
    "EXECUTION",
)
"""Rules that every path is tried by; TARGET_OFFERED joins them where a market is asked for."""

_EVIDENCE_SOURCE = "docs/sources.md 7: the mapping is not published"
_VALIDATE: Mapping[TransitionKind, str] = {
    TransitionKind.MIGRATION: "POST /v1/customers/{customer}/migrations/newcommerce/validate",
    TransitionKind.LEGACY_UPGRADE: "GET /v1/customers/{customer}/subscriptions/{id}/upgrades",
    TransitionKind.CONVERSION: (
        "GET /v1/customers/{customer}/subscriptions/{id}/transitionEligibilities"
    ),
    TransitionKind.TRIAL_CONVERSION: (
        "GET /v1/customers/{customer}/subscriptions/{id}/transitionEligibilities"
    ),
}
"""The call with which Partner Center confirms a move [docs/sources.md 1 to 3]."""


def path_conditions(
    catalog: Catalog,
    transitions: Sequence[Transition],
    windows: Sequence[WindowVerdict],
    *,
    market: str | None,
    on: date,
) -> tuple[tuple[Blocker, ...], tuple[Unanswered, ...]]:
    """Return the findings about a path in the order of its steps, and the questions left open."""
    found: list[Blocker] = []
    for transition, window in zip(transitions, windows, strict=True):
        found.extend(_step_conditions(transition, window))
    found.extend(_denied_runs(catalog, transitions))
    return tuple(found), tuple(_unknown_markets(catalog, transitions, market, on))


def path_assumptions(
    transitions: Sequence[Transition], windows: Sequence[WindowVerdict]
) -> tuple[Assumption, ...]:
    """Return what is taken for granted, each once, with the call that confirms it."""
    undated = {
        edge.kind
        for edge, window in zip(transitions, windows, strict=True)
        if window.state is WindowState.UNKNOWN
    }
    return tuple(_undated(kind) for kind in sorted(undated)) + tuple(
        Assumption(
            "PARTNER_CENTER_AGREES",
            f"{kind}: what only Partner Center knows (trade status, order processing) is in order",
            _VALIDATE[kind],
        )
        for kind in sorted({edge.kind for edge in transitions})
    )


def _undated(kind: TransitionKind) -> Assumption:
    return Assumption(
        "WINDOW_NOT_DATED", f"{kind}: no source dates it; taken as open", _VALIDATE[kind]
    )


def _step_conditions(transition: Transition, window: WindowVerdict) -> Iterator[Blocker]:
    if transition.evidence <= EvidenceKind.DERIVED:
        yield _unconfirmed(transition)
    if transition.candidates:
        yield _ambiguous(transition)
    if window.state is WindowState.CONTESTED:
        yield _contested(transition, window)
    for conflict in transition.conflicts:
        yield _finding(
            transition,
            code_of_conflict(conflict.code),
            Severity.WARNS,
            conflict.message,
            source=", ".join(conflict.sources),
            remedies=(_validate(transition.kind),),
            parameters=(("conflict", conflict.code),),
        )
    if transition.execution is Execution.MANUAL:
        yield _manual(transition)


def _finding(
    transition: Transition,
    code: BlockerCode,
    severity: Severity,
    message: str,
    *,
    source: str,
    remedies: tuple[Remedy, ...] = (),
    evidence: tuple[Evidence, ...] = (),
    parameters: tuple[tuple[str, str], ...] = (),
) -> Blocker:
    return Blocker(
        code,
        severity,
        SubjectKind.TRANSITION,
        f"{transition.origin} -> {transition.target}",
        message,
        source,
        step=(transition.origin, transition.target),
        parameters=parameters,
        evidence=evidence,
        remedies=remedies,
    )


def _validate(kind: TransitionKind) -> Remedy:
    return Remedy(
        RemedyAction.VALIDATE_WITH_PARTNER_CENTER,
        Actor.US,
        f"Ask Partner Center for this subscription: {_VALIDATE[kind]}",
        role="ADMIN_AGENT",
    )


def _unconfirmed(transition: Transition) -> Blocker:
    remedies = [_validate(transition.kind)]
    if transition.kind is TransitionKind.MIGRATION:
        remedies.append(
            Remedy(
                RemedyAction.IMPORT_LIST,
                Actor.US,
                "Look the equivalent up in the NCE Mapping tab of the legacy offer matrix, which "
                "this version cannot import yet",
            )
        )
    return _finding(
        transition,
        BlockerCode.UNCONFIRMED_EQUIVALENT,
        Severity.WARNS,
        f"This move is {transition.evidence.name.lower()} and no published list confirms it",
        source=_EVIDENCE_SOURCE,
        remedies=tuple(remedies),
        evidence=tuple(_claimed(claim) for claim in transition.claims),
        parameters=(("evidence", transition.evidence.name),),
    )


def _claimed(claim: Claim) -> Evidence:
    dated = f" ({claim.dated.isoformat()})" if claim.dated else ""
    return Evidence(f"{claim.evidence.name}{dated} {claim.note}".strip(), source=claim.source)


def _ambiguous(transition: Transition) -> Blocker:
    choices = ", ".join(transition.candidates)
    return _finding(
        transition,
        BlockerCode.AMBIGUOUS_EQUIVALENT,
        Severity.WARNS,
        f"This offer has several candidate equivalents: {choices}",
        source=_EVIDENCE_SOURCE,
        remedies=(
            Remedy(
                RemedyAction.CHOOSE_EQUIVALENT,
                Actor.US,
                f"Choose one of {choices}, or let Partner Center's validate call name it",
            ),
        ),
        parameters=tuple(("candidate", candidate) for candidate in transition.candidates),
    )


def _contested(transition: Transition, window: WindowVerdict) -> Blocker:
    return _finding(
        transition,
        BlockerCode.LEGACY_UPGRADE_CONTESTED,
        Severity.WARNS,
        window.message,
        source=", ".join(window.sources),
        remedies=(_validate(transition.kind),),
    )


def _manual(transition: Transition) -> Blocker:
    return _finding(
        transition,
        BlockerCode.MANUAL_MIGRATION,
        Severity.NOTES,
        "No API carries this move out: buy the new SKU, reassign the licences, cancel the old one",
        source=transition.claims[0].source,
    )


def _denied_runs(catalog: Catalog, transitions: Sequence[Transition]) -> Iterator[Blocker]:
    """Find runs of legacy upgrades that lead where a source denies the direct one.

    A denial holds for the pair, so going round it stays doubtful [the upgrade page's
    footnote on India].
    """
    for is_upgrade, run in groupby(
        transitions, key=lambda edge: edge.kind is TransitionKind.LEGACY_UPGRADE
    ):
        edges = list(run)
        if not is_upgrade:
            continue
        for first, last in _stretches(edges):
            for denial in catalog.denial(first.origin, last.target):
                yield _goes_round(first, last, denial)


def _stretches(edges: Sequence[Transition]) -> Iterator[tuple[Transition, Transition]]:
    """Yield the first and the last move of every stretch of two moves or more."""
    for start, first in enumerate(edges):
        for last in edges[start + 1 :]:
            yield first, last


def _goes_round(first: Transition, last: Transition, denial: Claim) -> Blocker:
    return Blocker(
        BlockerCode.DENIED_PAIR,
        Severity.WARNS,
        SubjectKind.TRANSITION,
        f"{first.origin} -> {last.target}",
        f"{denial.source} denies the upgrade from {first.origin} to {last.target}: {denial.note}; "
        "this way leads there by other offers",
        denial.source,
        step=(first.origin, last.target),
        evidence=(_claimed(denial),),
        remedies=(_validate(TransitionKind.LEGACY_UPGRADE),),
    )


def _unknown_markets(
    catalog: Catalog, transitions: Iterable[Transition], market: str | None, on: date
) -> Iterator[Unanswered]:
    if market is None:
        return
    for transition in transitions:
        target = catalog.offers[transition.target]
        if sold_in(target, market, catalog.facts.coverage, on) is Known.UNKNOWN:
            yield Unanswered(
                "TARGET_OFFERED",
                (f"markets of {transition.target}",),
                f"No loaded source tells whether {target.title} is sold in {market}",
                step=(transition.origin, transition.target),
                remedies=(
                    Remedy(
                        RemedyAction.IMPORT_LIST,
                        Actor.US,
                        f"Look it up in the new-commerce price list of {market}, which this "
                        "version cannot import yet",
                    ),
                ),
            )
