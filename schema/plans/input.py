"""What a plan is asked for: goals, scope, choices, and what it shall do without."""

import strawberry

from planner.customers import MAX_SEATS
from planner.plans.plan import DEFAULT_STATES
from planner.plans.search.acts import StepKind
from planner.rules import NO_CHOICES, Choices, Mode
from resolvers import inputs
from resolvers.plans.requests import MAX_STATES, PlanGoalRequest, PlanRequest
from schema.catalog.scope import GoalInput, ScopeInput, read_scope
from schema.customers.choices import WhatIfInput, read_what_if
from schema.limits.arguments import span


@strawberry.input(
    description="Where one subscription shall end. Without `to` it shall be in new commerce; with "
    "`seats` alone it may stay what it is."
)
class SubscriptionGoalInput:
    subscription_id: str
    to: GoalInput | None = None
    seats: int | None = strawberry.field(
        default=None,
        description=f"With how many seats: {span(MAX_SEATS, 'those that it has')}.",
    )
    part: int | None = strawberry.field(
        default=None,
        description="How many of its seats go `to`, while the others stay what they are: "
        f"{span(MAX_SEATS, 'all of them')}. Only new-commerce subscriptions can be "
        "divided; a legacy one migrates whole first.",
    )

    def read(self) -> PlanGoalRequest:
        target = None if self.to is None else self.to.read()
        return PlanGoalRequest(self.subscription_id, target, self.seats, self.part)


@strawberry.input(
    description="What moves shall choose where nothing else is needed; null keeps what there is."
)
class PlanChoicesInput:
    term: str | None = strawberry.field(default=None, description="P1M, P1Y or P3Y.")
    billing_cycle: str | None = strawberry.field(
        default=None, description="monthly, annual or triennial."
    )
    license_transfer: bool = strawberry.field(
        default=False, description="Upgrades shall reassign the licences by themselves."
    )
    full_new_term: bool = strawberry.field(
        default=False, description="Migrations begin a full new term at once."
    )

    def read(self) -> Choices:
        transfer, alone = Mode.WITH_LICENSE_TRANSFER, Mode.WITHOUT_LICENSE_TRANSFER
        return Choices(
            transfer if self.license_transfer else alone,
            term=inputs.term(self.term),
            billing_cycle=inputs.billing_cycle(self.billing_cycle),
            full_new_term=self.full_new_term,
        )


@strawberry.input(description="What a plan is asked for. Everything may be left out.")
class PlanInput:
    goals: list[SubscriptionGoalInput] | None = strawberry.field(
        default=None,
        description="By default every subscription of ours on a legacy offer goes to its best "
        "new-commerce SKU.",
    )
    and_others: bool = strawberry.field(
        default=False,
        description="Beside the goals given, every other legacy subscription of ours goes to new "
        "commerce; otherwise those that are not named are left out.",
    )
    scope: ScopeInput | None = strawberry.field(
        default=None, description="Day, market, policy and profile, as for paths."
    )
    choices: PlanChoicesInput | None = None
    without: list[StepKind] = strawberry.field(
        default_factory=list, description="Kinds of step that the plan shall do without."
    )
    states: int = strawberry.field(
        default=DEFAULT_STATES,
        description="How many states each component's search may look at: "
        f"{span(MAX_STATES, DEFAULT_STATES)}.",
    )
    what_if: WhatIfInput | None = strawberry.field(
        default=None, description="Facts as they would be. Such a plan cannot be saved."
    )

    def read(self) -> PlanRequest:
        goals = None if self.goals is None else tuple(goal.read() for goal in self.goals)
        choices = NO_CHOICES if self.choices is None else self.choices.read()
        return PlanRequest(
            read_scope(self.scope),
            goals,
            choices,
            tuple(self.without),
            self.states,
            read_what_if(self.what_if),
            self.and_others,
        )


def read_plan(given: PlanInput | None) -> PlanRequest:
    """Raises: BadInput."""
    return PlanRequest() if given is None else given.read()
