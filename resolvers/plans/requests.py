"""What users ask a plan for, read into the planner's words."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from planner.catalog import UnknownOffer
from planner.customers import Customer
from planner.goals import (
    Goal,
    NewCommerceGoal,
    OfferGoal,
    ProductGoal,
    ServicesGoal,
    UnknownProduct,
    UnknownServicePlan,
    members_of,
)
from planner.ids import ServicePlanId
from planner.plans.goals import ANY_NEW_COMMERCE, SubscriptionGoal, default_goals
from planner.plans.plan import DEFAULT_STATES
from planner.plans.saved.question import PlanQuestion
from planner.plans.search.acts import StepKind
from planner.plans.search.parts import is_too_large
from planner.rules import NO_CHOICES, Choices
from planner.what_if import Supposed
from resolvers import inputs
from resolvers.asked import Asked
from resolvers.catalog.moves import GoalRequest, ScopeRequest, checked_scope
from resolvers.codes.code import Code
from resolvers.customers.suppositions import WhatIfRequest, supposed
from resolvers.plans.refusals import (
    PlanRefused,
    contradictory,
    not_ours,
    nothing_asked,
    nothing_to_plan,
    part_too_large,
)
from resolvers.problems import (
    BadInput,
    NotFound,
    goal_not_found,
    limits,
    offer_not_found,
    out_of_range,
    subscription_supposed_gone,
)

MAX_STATES = 20_000
MAX_GOALS = 1_000


@dataclass(frozen=True, slots=True)
class PlanGoalRequest:
    """Where one subscription shall end.

    Without `to` it shall be in new commerce; with `seats` alone it may stay what it is.
    """

    subscription_id: str
    to: GoalRequest | None = None
    seats: int | None = None
    part: int | None = None
    """How many of its seats go `to`, while the rest stays what it is."""


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """A question for a plan as users write it."""

    scope: ScopeRequest = field(default_factory=ScopeRequest)
    goals: tuple[PlanGoalRequest, ...] | None = None
    """None asks for every subscription of ours that is still on a legacy offer."""
    choices: Choices = NO_CHOICES
    without: tuple[StepKind, ...] = ()
    states: int = DEFAULT_STATES
    what_if: WhatIfRequest | None = None
    """Facts as they would be; None plans with what is stored."""
    and_others: bool = False
    """Whether every other subscription on a legacy offer goes to new commerce beside the goals."""

    @property
    def supposes(self) -> bool:
        """Whether anything is supposed; a what-if without a change supposes nothing."""
        return self.what_if not in (None, WhatIfRequest())


@dataclass(frozen=True, slots=True)
class NotSupposed:
    """The what-if, or a goal under it, speaks of something that is not there."""

    missing: NotFound


def facts_of(asked: Asked, owner: Customer, request: PlanRequest) -> Supposed | NotSupposed:
    """Return what a plan is made from: the facts, or what the what-if makes of them.

    Raises: BadInput.
    """
    given = supposed(asked.catalog, owner, checked_scope(asked, request.scope), request.what_if)
    return NotSupposed(given) if isinstance(given, NotFound) else given


def question_of(
    asked: Asked, owner: Customer, given: Supposed, request: PlanRequest
) -> PlanQuestion | NotFound | PlanRefused | NotSupposed:
    """Read a request, or say what is wrong with its goals. Raises: BadInput.

    A goal that cannot be reached is no reason to refuse: the plan tells of it. One of a
    subscription that the what-if takes away is NotSupposed.
    """
    goals = None if request.goals is None else _goals(asked, owner, request.goals)
    if isinstance(goals, (NotFound, PlanRefused)):
        return goals
    if gone := _first_gone(given, goals or ()):
        return NotSupposed(subscription_supposed_gone(gone))
    if refused := _first_too_large(given.customer, goals or ()):
        return refused
    question = PlanQuestion(
        given.scope,
        _with_others(given.customer, goals) if request.and_others else goals,
        request.choices,
        frozenset(request.without),
        asked.acting,
        _states(request.states),
    )
    if question.goals_for(given.customer):
        return question
    is_empty = request.goals is not None and not request.and_others
    return nothing_asked() if is_empty else nothing_to_plan()


def _with_others(
    customer: Customer, goals: tuple[SubscriptionGoal, ...] | None
) -> tuple[SubscriptionGoal, ...] | None:
    if goals is None:
        return None
    named = {goal.subscription_id for goal in goals}
    others = (one for one in default_goals(customer) if one.subscription_id not in named)
    return (*goals, *others)


def _first_gone(given: Supposed, goals: Iterable[SubscriptionGoal]) -> str | None:
    left = {one.subscription_id for one in given.customer.holdings.own}
    return next((goal.subscription_id for goal in goals if goal.subscription_id not in left), None)


def _first_too_large(customer: Customer, goals: Iterable[SubscriptionGoal]) -> PlanRefused | None:
    held = {one.subscription_id: one for one in customer.holdings.own}
    for goal in goals:
        has = held[goal.subscription_id].seats
        if goal.part is not None and is_too_large(held[goal.subscription_id], goal):
            return part_too_large(goal.subscription_id, goal.part, has or 0)
    return None


def _states(states: int) -> int:
    if not 1 <= states <= MAX_STATES:
        raise out_of_range(Code.STATES_OUT_OF_RANGE, "states", states, maximum=MAX_STATES)
    return states


def _goals(
    asked: Asked, owner: Customer, requests: Iterable[PlanGoalRequest]
) -> tuple[SubscriptionGoal, ...] | NotFound | PlanRefused:
    """Return one goal for each subscription; the same goal named twice is one."""
    ours = {one.subscription_id for one in owner.holdings.own}
    found: dict[str, SubscriptionGoal] = {}
    for request in requests:
        goal = _goal_of(asked, request)
        if not isinstance(goal, SubscriptionGoal):
            return goal
        key = goal.subscription_id
        if key not in ours:
            return not_ours(key)
        if found.setdefault(key, goal) != goal:
            return contradictory(f"Subscription {key} is given two goals")
    if len(found) > MAX_GOALS:
        raise BadInput(
            Code.TOO_MANY_GOALS,
            f"{len(found)} goals are more than {MAX_GOALS}",
            parameters=limits("goals", len(found), maximum=MAX_GOALS),
        )
    return tuple(found.values())


def _goal_of(asked: Asked, request: PlanGoalRequest) -> SubscriptionGoal | NotFound | PlanRefused:
    subscription_id = inputs.guid(request.subscription_id, what="subscription")
    seats, part = inputs.seats(request.seats), inputs.seats(request.part, name="part")
    if part is not None and (seats is not None or request.to is None):
        return contradictory(
            f"{part} seats of subscription {subscription_id} shall go somewhere and the rest stay: "
            "say where they go, and no other number of seats",
            "Name in the same goal where the part goes, and leave out its other number of seats",
        )
    if request.to is None:
        target: Goal | None = ANY_NEW_COMMERCE if seats is None else None
        return SubscriptionGoal(subscription_id, target, seats)
    goals = _targets(request.to)
    if len(goals) > 1:
        return contradictory(f"Subscription {subscription_id} is given {len(goals)} ends at once")
    if not goals:
        raise BadInput(Code.GOAL_MISSING, "say where it shall end: an offer, a product, services")
    return _missing(asked, goals[0]) or SubscriptionGoal(subscription_id, goals[0], seats, part)


def _targets(request: GoalRequest) -> tuple[Goal, ...]:
    found: list[Goal] = []
    if request.offer is not None:
        found.append(OfferGoal(inputs.catalog_id(request.offer)))
    if request.product is not None:
        found.append(ProductGoal(request.product.strip().upper()))
    if request.service_plans:
        plans = (inputs.guid(text, what="service plan") for text in request.service_plans)
        found.append(ServicesGoal(frozenset(ServicePlanId(plan) for plan in plans)))
    if request.any_new_commerce:
        found.append(NewCommerceGoal())
    return tuple(found)


def _missing(asked: Asked, goal: Goal) -> NotFound | None:
    try:
        members_of(asked.catalog, goal)
    except UnknownOffer as error:
        return offer_not_found(error.catalog_id)
    except (UnknownProduct, UnknownServicePlan) as error:
        return goal_not_found(error)
    return None
