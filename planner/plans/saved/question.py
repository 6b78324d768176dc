"""What a plan was asked for: kept with it, so that the same can be asked again."""

from dataclasses import dataclass, field

from planner.catalog import Catalog
from planner.customers import Customer
from planner.permissions import ANYONE, Acting
from planner.plans.goals import SubscriptionGoal, default_goals, in_order
from planner.plans.plan import DEFAULT_STATES, make_plan
from planner.plans.search.acts import StepKind
from planner.plans.told.steps import Plan
from planner.plans.wanted import Wanted
from planner.rules import NO_CHOICES, Choices
from planner.scope import Scope
from planner.search import Stopped, never_stopped


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """Everything a plan depends on beside the catalog and the customer."""

    scope: Scope
    goals: tuple[SubscriptionGoal, ...] | None = None
    """None asks for every one of ours that is still on a legacy offer."""
    choices: Choices = NO_CHOICES
    without: frozenset[StepKind] = field(default_factory=frozenset)
    acting: Acting = ANYONE
    states: int = DEFAULT_STATES

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.scope, self.choices, self.without)

    def goals_for(self, customer: Customer) -> tuple[SubscriptionGoal, ...]:
        """Return the goals in their one order."""
        return default_goals(customer) if self.goals is None else in_order(self.goals)


def answer(
    catalog: Catalog,
    customer: Customer,
    question: PlanQuestion,
    *,
    stopped: Stopped = never_stopped,
) -> Plan:
    """Return the plan that a question has. Raises: as `make_plan`."""
    return make_plan(
        catalog,
        customer,
        question.wanted,
        goals=question.goals,
        acting=question.acting,
        states=question.states,
        stopped=stopped,
    )
