"""The best order of steps for a whole customer, what came of each goal, and what else there is."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from planner.catalog import Catalog
from planner.customers import Customer
from planner.permissions import ANYONE, Acting
from planner.plans.alternatives import alternatives_for
from planner.plans.goals import SubscriptionGoal, default_goals, in_order
from planner.plans.merit import plus, zero
from planner.plans.search.acts import StepKind
from planner.plans.search.asking import Asking
from planner.plans.search.components import Together, components
from planner.plans.search.situation import Situation
from planner.plans.search.solution import Exactness, Solution
from planner.plans.search.solve import solve
from planner.plans.told.left_out import left_out_by_goal
from planner.plans.told.outcomes import outcome_of
from planner.plans.told.steps import AlternativePlan, Component, Outcome, Plan, PlanStep
from planner.plans.told.telling import told
from planner.plans.told.unsure import with_what_is_unsure
from planner.plans.wanted import Wanted
from planner.search import Budget, Stopped, never_stopped

DEFAULT_STATES = 500
"""States that each component may look at, some milliseconds each; most need a few dozen."""


def make_plan(
    catalog: Catalog,
    customer: Customer,
    wanted: Wanted,
    *,
    goals: Sequence[SubscriptionGoal] | None = None,
    acting: Acting = ANYONE,
    states: int = DEFAULT_STATES,
    stopped: Stopped = never_stopped,
) -> Plan:
    """Return the best plan for a customer's subscriptions, or for those named in `goals`.

    By default every one of ours that is still on a legacy offer goes to its best new-commerce SKU.
    The same question always has the same plan. Raises: UnknownOffer, UnknownProduct,
    UnknownServicePlan for a goal that the catalog does not have.
    """
    asked = default_goals(customer) if goals is None else in_order(goals)
    start = Situation(customer, acting, wanted.scope.at)
    wanted = replace(wanted, asking=Asking(wanted.asking.rules))
    solved = [
        (group, solve(catalog, wanted, start, group.goals, Budget(states, stopped)))
        for group in components(catalog, wanted, start, asked)
    ]
    return _plan(catalog, wanted, start, asked, solved, states=states, stopped=stopped)


_Solved = tuple[Together, Solution]


def _plan(
    catalog: Catalog,
    wanted: Wanted,
    start: Situation,
    goals: tuple[SubscriptionGoal, ...],
    solved: Sequence[_Solved],
    *,
    states: int,
    stopped: Stopped,
) -> Plan:
    told_apart = (told(catalog, wanted, one.done) for _, one in solved)
    steps = with_what_is_unsure(_in_order(told_apart), start.customer.customer_id)
    latest = [step.latest.day for step in steps if step.latest]
    merit = zero(wanted.scope)
    for _, one in solved:
        merit = plus(merit, one.cost)
    exact = all(one.exactness is Exactness.EXACT for _, one in solved)
    return Plan(
        start.customer.customer_id,
        start.at,
        goals,
        _outcomes(catalog, wanted, start, goals, solved, states, stopped),
        steps,
        tuple(_component(group, one, states) for group, one in solved),
        tuple(_alternatives(catalog, wanted, start, solved, states, stopped)),
        (*merit[:-2], sum(step.kind is not StepKind.WAIT_UNTIL for step in steps), merit[-1]),
        max((step.takes_effect or step.earliest.day for step in steps), default=None),
        min(latest, default=None),
        Exactness.EXACT if exact else Exactness.BEST_FOUND,
    )


def _in_order(parts: Iterable[tuple[PlanStep, ...]]) -> tuple[PlanStep, ...]:
    """Return the steps of all components by their earliest days, on one day in their own order.

    What several components need is one step, at its earliest place. What one of them needs for it
    is needed by what follows it there.
    """
    listed = tuple(parts)
    times = Counter(step.key for steps in listed for step in steps)
    told = [step for steps in listed for step in _needing_through(steps, times)]
    once: dict[str, PlanStep] = {}
    for step in sorted(told, key=lambda one: one.earliest.day):
        known = once.get(step.key)
        once[step.key] = step if known is None else _merged(known, step)
    return tuple(once.values())


def _needing_through(steps: tuple[PlanStep, ...], times: Mapping[str, int]) -> Iterator[PlanStep]:
    """Yield a component's steps; what needs one that others have too needs what comes before it."""
    needs: dict[str, tuple[str, ...]] = {}
    for step in steps:
        shared = (needs[key] for key in step.needs if times[key] > 1)
        needs[step.key] = tuple(dict.fromkeys(chain(step.needs, *shared)))
        yield step if needs[step.key] == step.needs else replace(step, needs=needs[step.key])


def _merged(known: PlanStep, again: PlanStep) -> PlanStep:
    dues = [step.latest for step in (known, again) if step.latest]
    latest = min(dues, key=lambda due: due.day, default=None)
    return replace(
        known, latest=latest, clears=tuple(dict.fromkeys((*known.clears, *again.clears)))
    )


def _component(group: Together, one: Solution, states: int) -> Component:
    ids = tuple(goal.subscription_id for goal in group.goals)
    return Component(ids, group.because, one.exactness, one.states, states)


def _outcomes(
    catalog: Catalog,
    wanted: Wanted,
    start: Situation,
    goals: tuple[SubscriptionGoal, ...],
    solved: Sequence[_Solved],
    states: int,
    stopped: Stopped,
) -> tuple[Outcome, ...]:
    found: dict[str, Outcome] = {}
    for group, one in solved:
        budget = Budget(states, stopped)
        opens = left_out_by_goal(catalog, wanted, start, group.goals, one, budget)
        for place, goal in enumerate(group.goals):
            left_out = opens.get(place, ())
            outcome = outcome_of(catalog, wanted, start, goal, one, place, left_out=left_out)
            found[goal.subscription_id] = outcome
    return tuple(found[goal.subscription_id] for goal in goals)


def _alternatives(
    catalog: Catalog,
    wanted: Wanted,
    start: Situation,
    solved: Sequence[_Solved],
    states: int,
    stopped: Stopped,
) -> Iterator[AlternativePlan]:
    for group, one in solved:
        yield from alternatives_for(
            catalog, wanted, start, group, one, budget=Budget(states, stopped)
        )
