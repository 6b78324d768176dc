"""A plan for readers who may not see prices."""

from dataclasses import replace

from planner.plans.search.solution import Status
from planner.plans.told.steps import AlternativePlan, Outcome, Plan, PlanStep
from planner.profiles import Profile
from planner.search import Cost
from planner.upsells import without_price

_AFTER_THE_PRICE = 2
"""Steps and days end every cost; CHEAPEST puts what is not known and the price before them."""


def without_prices(plan: Plan, profile: Profile) -> Plan:
    """Return a plan as if no price list were loaded; what it does stays.

    Where prices decided, its alternatives tell by their order and their words what they cost: they
    are left out.
    """
    by_price = profile is Profile.CHEAPEST
    met = sum(one.status is Status.MET for one in plan.outcomes)
    return replace(
        plan,
        steps=_steps(plan.steps),
        outcomes=tuple(map(_outcome, plan.outcomes)),
        alternatives=() if by_price else tuple(map(_alternative, plan.alternatives)),
        merit=_merit(plan.merit, met) if by_price else plan.merit,
    )


def _steps(steps: tuple[PlanStep, ...]) -> tuple[PlanStep, ...]:
    return tuple(replace(one, price_before=None, price_after=None) for one in steps)


def _outcome(one: Outcome) -> Outcome:
    return replace(one, price_now=None, price_then=None, upsell=without_price(one.upsell))


def _alternative(one: AlternativePlan) -> AlternativePlan:
    return replace(one, steps=_steps(one.steps), price_in_plan=None, price_then=None)


def _merit(merit: Cost, met: int) -> Cost:
    return (*merit[: -_AFTER_THE_PRICE - 2], met, 0, *merit[-_AFTER_THE_PRICE:])
