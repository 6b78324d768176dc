"""Which plans stand in each other's way: approved ones that are about the same subscriptions."""

from collections.abc import Iterable

from planner.plans.told.steps import Plan
from resolvers.plans.status import PlanStatus, status_of
from resolvers.records.plans import SavedPlan

_UNDER_WAY = frozenset({PlanStatus.APPROVED, PlanStatus.IN_PROGRESS, PlanStatus.FAILED})
"""Where steps of an approved plan may still be carried out."""


def subscriptions_of(plan: Plan) -> frozenset[str]:
    """Return the ids of all subscriptions that a plan is about: goals, and whatever steps touch."""
    touched = (
        one
        for step in plan.steps
        for one in (
            step.subscription_id,
            step.into,
            *(member.subscription_id for member in step.members),
        )
    )
    return frozenset((*(goal.subscription_id for goal in plan.goals), *filter(None, touched)))


def in_the_way(saved: SavedPlan, others: Iterable[SavedPlan]) -> tuple[SavedPlan, ...]:
    """Return the other plans under way that share a subscription with this one, in their order."""
    mine = subscriptions_of(saved.plan)
    return tuple(
        other
        for other in others
        if other.plan_id != saved.plan_id
        and status_of(other) in _UNDER_WAY
        and not mine.isdisjoint(subscriptions_of(other.plan))
    )
