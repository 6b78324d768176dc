"""What makes one plan better than another, by name, as GraphQL shows it."""

from collections.abc import Iterator
from dataclasses import dataclass

import strawberry

from planner.profiles import LegacyUpgradePolicy, Profile
from planner.search import Cost
from planner.transitions import EvidenceKind


@dataclass(frozen=True, slots=True)
class Weighing:
    """By which profile and policy a plan's parts were weighed."""

    profile: Profile
    policy: LegacyUpgradePolicy


@strawberry.type(description="How many moves have this as their strongest evidence.")
class MovesByEvidence:
    evidence: EvidenceKind
    moves: int


@strawberry.type(
    description="What a plan is weighed by, most important first; less is better. A part that the "
    "profile does not weigh is null."
)
class PlanMerit:
    profile: Profile
    goals_unmet: int
    goals_blocked: int = strawberry.field(description="Those unmet because something blocks them.")
    unknown_steps: int = strawberry.field(
        description="Steps that stand on a deciding question that is not answered."
    )
    legacy_upgrades: int | None
    seats_to_reassign: int | None = strawberry.field(description="Licences to reassign by hand.")
    steps_of_others: int | None = strawberry.field(
        description="Steps that the customer or another seller has to take."
    )
    services_lost: int | None
    days: int | None = strawberry.field(
        description="Days until the last move, summed over the components."
    )
    moves: int = strawberry.field(description="Moves from one offer to another.")
    manual_moves: int | None
    moves_by_evidence: list[MovesByEvidence] | None = strawberry.field(
        description="Weakest evidence first."
    )
    steps: int


def show_merit(cost: Cost, weighing: Weighing) -> PlanMerit:
    """Return a cost by the names of its parts. Raises: ValueError where it has other parts."""
    parts = iter(cost)
    unmet, blocked, unknown = (next(parts) for _ in range(3))
    is_last = weighing.policy is LegacyUpgradePolicy.LAST
    upgrades = next(parts) if is_last else None
    told = _ORDERS[weighing.profile](parts)
    steps, *more = parts
    if more:
        raise ValueError(f"{len(more)} parts of a merit have no name")
    return PlanMerit(
        profile=weighing.profile,
        goals_unmet=unmet,
        goals_blocked=blocked,
        unknown_steps=unknown,
        legacy_upgrades=upgrades,
        seats_to_reassign=told.seats_to_reassign,
        steps_of_others=told.steps_of_others,
        services_lost=told.services_lost,
        days=told.days,
        moves=told.moves,
        manual_moves=told.manual_moves,
        moves_by_evidence=told.by_evidence,
        steps=steps,
    )


@dataclass(frozen=True, slots=True)
class _Weighed:
    moves: int
    manual_moves: int | None = None
    by_evidence: list[MovesByEvidence] | None = None
    seats_to_reassign: int | None = None
    steps_of_others: int | None = None
    services_lost: int | None = None
    days: int | None = None


def _fewest_steps(parts: Iterator[int]) -> _Weighed:
    moves, manual = next(parts), next(parts)
    return _Weighed(moves, manual, _by_evidence(parts))


def _best_documented(parts: Iterator[int]) -> _Weighed:
    evidence, manual = _by_evidence(parts), next(parts)
    return _Weighed(next(parts), manual, evidence)


def _by_evidence(parts: Iterator[int]) -> list[MovesByEvidence]:
    return [MovesByEvidence(evidence=kind, moves=next(parts)) for kind in EvidenceKind]


def _least_disruption(parts: Iterator[int]) -> _Weighed:
    seats, others, lost, moves = (next(parts) for _ in range(4))
    return _Weighed(moves, seats_to_reassign=seats, steps_of_others=others, services_lost=lost)


def _soonest(parts: Iterator[int]) -> _Weighed:
    days, moves = next(parts), next(parts)
    return _Weighed(moves, days=days)


_ORDERS = {
    Profile.FEWEST_STEPS: _fewest_steps,
    Profile.BEST_DOCUMENTED: _best_documented,
    Profile.LEAST_DISRUPTION: _least_disruption,
    Profile.SOONEST: _soonest,
}
"""How the parts of a cost stand in it; planner.plans.merit and planner.profiles make them."""
