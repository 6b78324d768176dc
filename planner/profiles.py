"""What makes one path better than another: costs as vectors, by profile and policy."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from planner.search import Cost
from planner.transitions import EvidenceKind, Execution, Transition, TransitionKind


class Profile(StrEnum):
    """What to prefer. Every profile ends with steps, then with the ids on the way."""

    FEWEST_STEPS = "FEWEST_STEPS"
    BEST_DOCUMENTED = "BEST_DOCUMENTED"
    LEAST_DISRUPTION = "LEAST_DISRUPTION"
    """For a subscription: seats to reassign by hand, what others must do, services lost."""
    SOONEST = "SOONEST"
    """For a subscription: the day on which it arrives; of a path alone no day is known."""
    CHEAPEST = "CHEAPEST"
    """For a subscription: retail per month at the target; a path's way has no price of its own."""


class LegacyUpgradePolicy(StrEnum):
    """What to think of legacy upgrades, which sources contest since March 2022."""

    LAST = "LAST"
    """Paths with fewer legacy upgrades come first, whatever the profile says."""
    INCLUDE = "INCLUDE"
    CONFIRMED = "CONFIRMED"
    """Only those that Partner Center confirmed."""
    EXCLUDE = "EXCLUDE"


def admits(policy: LegacyUpgradePolicy, transition: Transition) -> bool:
    """Return whether a policy lets a transition be walked at all."""
    if transition.kind is not TransitionKind.LEGACY_UPGRADE:
        return True
    if policy is LegacyUpgradePolicy.CONFIRMED:
        return transition.evidence is EvidenceKind.PARTNER_CENTER
    return policy is not LegacyUpgradePolicy.EXCLUDE


def cost_of(transition: Transition, profile: Profile, policy: LegacyUpgradePolicy) -> Cost:
    """Return what one transition adds to a path's cost, most important component first."""
    vector = _VECTORS[profile](transition)
    if policy is LegacyUpgradePolicy.LAST:
        return (int(transition.kind is TransitionKind.LEGACY_UPGRADE), *vector)
    return vector


def zero_cost(profile: Profile, policy: LegacyUpgradePolicy) -> Cost:
    """Return the cost of a path without steps."""
    return (0,) * (_LENGTHS[profile] + (policy is LegacyUpgradePolicy.LAST))


def _edges_by_evidence(transition: Transition) -> Cost:
    """One component per kind of evidence, weakest first, so that sums compare by the weakest."""
    return _BY_EVIDENCE[transition.evidence]


_BY_EVIDENCE: Mapping[EvidenceKind, Cost] = {
    evidence: tuple(int(evidence is kind) for kind in EvidenceKind) for evidence in EvidenceKind
}


def _is_manual(transition: Transition) -> int:
    return int(transition.execution is Execution.MANUAL)


def _fewest_steps(transition: Transition) -> Cost:
    return (1, _is_manual(transition), *_edges_by_evidence(transition))


def _best_documented(transition: Transition) -> Cost:
    return (*_edges_by_evidence(transition), _is_manual(transition), 1)


def _least_disruption(transition: Transition) -> Cost:
    return (_is_manual(transition), 1, *_edges_by_evidence(transition))


_VECTORS: Mapping[Profile, Callable[[Transition], Cost]] = {
    Profile.FEWEST_STEPS: _fewest_steps,
    Profile.BEST_DOCUMENTED: _best_documented,
    Profile.LEAST_DISRUPTION: _least_disruption,
    Profile.SOONEST: _fewest_steps,
    Profile.CHEAPEST: _fewest_steps,
}
_LENGTHS: Mapping[Profile, int] = {
    Profile.FEWEST_STEPS: len(EvidenceKind) + 2,
    Profile.BEST_DOCUMENTED: len(EvidenceKind) + 2,
    Profile.LEAST_DISRUPTION: len(EvidenceKind) + 2,
    Profile.SOONEST: len(EvidenceKind) + 2,
    Profile.CHEAPEST: len(EvidenceKind) + 2,
}
