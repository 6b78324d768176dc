"""What a plan is weighed by, each part of its cost by name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from planner.profiles import LegacyUpgradePolicy, Profile
from planner.search import Cost
from planner.transitions import EvidenceKind


@dataclass(frozen=True, slots=True)
class Weighing:
    """By which profile and policy a plan's parts were weighed."""

    profile: Profile
    policy: LegacyUpgradePolicy


@dataclass(frozen=True, slots=True)
class Merit:
    """The parts of a plan's cost, less is better; a part that the profile leaves out is None."""

    profile: Profile
    goals_unmet: int
    subscriptions_given_up: int
    """Those of ours that end without anything in their place, and others' whose services go."""
    unknown_steps: int
    """Steps that stand on a deciding question that is not answered."""
    steps: int
    """Waiting is none."""
    days_to_goals: int
    """Days until each goal is reached, summed over the goals."""
    legacy_upgrades: int | None = None
    seats_to_reassign: int | None = None
    steps_of_others: int | None = None
    """Steps that the customer or another seller has to take."""
    services_lost: int | None = None
    days: int | None = None
    """Days until the last move, summed over the components."""
    prices_not_known: int | None = None
    monthly_price: Decimal | None = None
    """Retail for a month of the goals that are met and priced, in the market's currency."""
    moves: int | None = None
    manual_moves: int | None = None
    moves_by_evidence: tuple[tuple[EvidenceKind, int], ...] | None = None
    """Weakest evidence first."""


def merit_of(cost: Cost, weighing: Weighing) -> Merit:
    """Return a cost by the names of its parts. Raises: ValueError where it has other parts.

    Their order is that of planner.plans.merit and planner.profiles.
    """
    parts = iter(cost)
    try:
        told = Merit(weighing.profile, next(parts), next(parts), next(parts), cost[-2], cost[-1])
        if weighing.policy is LegacyUpgradePolicy.LAST:
            told = replace(told, legacy_upgrades=next(parts))
        told = _BY_PROFILE[weighing.profile](told, parts)
    except StopIteration:
        raise ValueError(f"a merit of {len(cost)} parts has too few") from None
    if len(tuple(parts)) != 2:
        raise ValueError(f"a merit of {len(cost)} parts has some that have no name")
    return told


def _fewest_steps(told: Merit, parts: Iterator[int]) -> Merit:
    moves, manual = next(parts), next(parts)
    evidence = _by_evidence(parts)
    return replace(told, moves=moves, manual_moves=manual, moves_by_evidence=evidence)


def _best_documented(told: Merit, parts: Iterator[int]) -> Merit:
    evidence, manual = _by_evidence(parts), next(parts)
    return replace(told, moves=next(parts), manual_moves=manual, moves_by_evidence=evidence)


def _by_evidence(parts: Iterator[int]) -> tuple[tuple[EvidenceKind, int], ...]:
    return tuple([(kind, next(parts)) for kind in EvidenceKind])


def _least_disruption(told: Merit, parts: Iterator[int]) -> Merit:
    seats, others, lost = next(parts), next(parts), next(parts)
    return replace(
        told,
        seats_to_reassign=seats,
        steps_of_others=others,
        services_lost=lost,
        moves=next(parts),
    )


def _soonest(told: Merit, parts: Iterator[int]) -> Merit:
    return replace(told, days=next(parts), moves=next(parts))


def _cheapest(told: Merit, parts: Iterator[int]) -> Merit:
    unknown, hundredths = next(parts), next(parts)
    return replace(told, prices_not_known=unknown, monthly_price=Decimal(hundredths) / 100)


_Named = Callable[[Merit, Iterator[int]], Merit]
_BY_PROFILE: Mapping[Profile, _Named] = {
    Profile.FEWEST_STEPS: _fewest_steps,
    Profile.BEST_DOCUMENTED: _best_documented,
    Profile.LEAST_DISRUPTION: _least_disruption,
    Profile.SOONEST: _soonest,
    Profile.CHEAPEST: _cheapest,
}
