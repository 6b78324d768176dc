"""Is there a better plan? Tries every order of every step that a toy Partner Center accepts.

It knows no rules and no remedies, only steps; so it is slow, and bounded in steps and in tenants
looked at. Buying anew is tried as plans may: for a migration that has to be done by hand, and in
place of what is over for good. Nobody's seats are changed but for a goal that asks for it.
"""

from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

from planner.plans.goals import SubscriptionGoal
from tests.planner.plans.simulator import PartnerCenter
from tests.planner.plans.tenant import (
    Refused,
    Tenant,
)
from tests.planner.plans.trying import steps_from
from tests.planner.plans.weighing import WAITING, Merit, is_met, lost_elsewhere


@dataclass(frozen=True, slots=True)
class Better:
    """A plan that reaches more, or as much by less."""

    unmet: int
    merit: Merit
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """No better plan: within the bounds if the search was whole, else as far as it looked."""

    tenants: int
    is_whole: bool


def better_than(
    center: PartnerCenter,
    tenant: Tenant,
    goals: tuple[SubscriptionGoal, ...],
    unmet: int,
    merit: Merit,
    *,
    most_steps: int,
    most_tenants: int,
) -> Better | Nothing:
    """Return a plan that beats (goals unmet, merit), cheapest first, or that none was found."""
    heap: list[tuple[Merit, int, Tenant, tuple[str, ...]]] = []
    ticket, seen = count(), dict[Tenant, Merit]()
    heappush(heap, (WAITING, next(ticket), tenant, ()))
    while heap:
        spent, _, now, names = heappop(heap)
        missed = sum(not is_met(center, now, goal) for goal in goals)
        whole = (spent[0] + lost_elsewhere(center.world, tenant, now), *spent[1:])
        if (missed, whole) < (unmet, merit):
            return Better(missed, whole, names)
        if len(seen) > most_tenants:
            return Nothing(len(seen), is_whole=False)
        if len(names) == most_steps or (not unmet and spent >= merit):
            continue
        for step in steps_from(center, now, goals):
            try:
                then = step.do(now)
            except Refused:
                continue
            cost = tuple(one + other for one, other in zip(spent, step.merit, strict=True))
            if then not in seen or cost < seen[then]:
                seen[then] = cost
                heappush(heap, (cost, next(ticket), then, (*names, step.name)))
    return Nothing(len(seen), is_whole=True)
