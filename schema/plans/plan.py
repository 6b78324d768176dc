"""A plan for a customer as GraphQL shows it: goals and what came of them, steps, alternatives."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date

import strawberry

from planner.baselines.baseline import Baseline as PlannerBaseline
from planner.catalog import Catalog as PlannerCatalog
from planner.customers import Customer as PlannerCustomer
from planner.plans.saved.content import content_hash
from planner.plans.search.solution import Exactness
from planner.plans.told import steps as planner
from planner.scope import Scope
from resolvers.asked import Asked
from resolvers.customers.baseline import baseline_for
from resolvers.plan_writer import Audience, told_as_supposed
from resolvers.plans.merit import Weighing, merit_of
from resolvers.plans.plans import PlanMade
from schema.context import Info
from schema.customers.affected import StepAffectedAccounts, affected_of_plan
from schema.customers.baseline import Baseline, show_baseline
from schema.plans.merit import PlanMerit, show_merit
from schema.plans.outcome import PlanGoal, PlanOutcome, show_goal, show_outcome
from schema.plans.step import MonthlyPrice, PlanStep, show_monthly, show_steps
from schema.scalars import Day, Instant, day_or_none

strawberry.enum(
    Exactness,
    name="PlanExactness",
    description=(
        "EXACT: proven to be the best. BEST_FOUND: the search ended at its limit of states, and a "
        "better one may exist."
    ),
)
strawberry.enum(
    Audience,
    description=(
        "CUSTOMER: titles, days and numbers, without ids, calls, prices and roles. INTERNAL: all."
    ),
)


@dataclass(frozen=True, slots=True)
class PlanInHand:
    """A plan with the customer it is for, and how it was weighed."""

    plan: planner.Plan
    customer: PlannerCustomer
    weighing: Weighing
    fingerprint: Callable[[], Awaitable[str]]
    """Works it out where nobody has yet."""
    supposed: PlannerCatalog | None = None
    """The catalog of a plan on supposed facts; None for a plan on the facts as they are."""


@strawberry.type(description="Goals that hang together, and whether their steps are the best.")
class PlanComponent:
    subscription_ids: list[str]
    because: list[str] = strawberry.field(description="Why; empty for a single subscription.")
    exactness: Exactness
    states: int = strawberry.field(description="How many states were looked at.")
    bound: int = strawberry.field(description="How many states were allowed.")


@strawberry.type(description="Another way for one component, and what it trades for what.")
class AlternativePlan:
    subscription_ids: list[str]
    trade_off: str = strawberry.field(description="Against the plan, in one line.")
    merit: PlanMerit
    value: strawberry.Private[planner.AlternativePlan]

    @strawberry.field(description="In the order in which they are done.")
    def steps(self) -> list[PlanStep]:
        return show_steps(self.value.steps)

    @strawberry.field(
        description="Where it reaches a goal for a part of the seats only, or gives up those that "
        "do not fit: the goals to ask for to have it as a plan; otherwise empty."
    )
    def goals(self) -> list[PlanGoal]:
        return [show_goal(goal) for goal in self.value.goals]

    @strawberry.field(
        description="Where it gives up seats: what all seats of their subscription cost where the "
        "plan leads, for a month. Null otherwise, where no list tells, and where your roles may "
        "not see prices."
    )
    def price_in_plan(self) -> MonthlyPrice | None:
        return show_monthly(self.value.price_in_plan)

    @strawberry.field(
        description="What the seats that are left cost where this one leads, for a month. Null as "
        "`priceInPlan` is."
    )
    def price_then(self) -> MonthlyPrice | None:
        return show_monthly(self.value.price_then)


@strawberry.type(description="The best way found to take a customer's subscriptions to goals.")
class Plan:
    customer_id: str
    at: Instant = strawberry.field(description="The instant that it was made for.")
    completes_on: Day | None = strawberry.field(description="The day of the last step.")
    valid_until: Day | None = strawberry.field(
        description="The earliest of the steps' latest days: afterwards it must be made again."
    )
    exactness: Exactness
    merit: PlanMerit
    held: strawberry.Private[PlanInHand]

    @strawberry.field(
        description="Names everything that the plan has read; `savePlan` can be told to expect it."
    )
    async def fingerprint(self) -> str:
        return await self.held.fingerprint()

    @strawberry.field(
        description="SHA-256 of what the plan tells: goals, outcomes, steps and days, but not the "
        "instant. `savePlan` can be told to expect it, so that what is kept is what was shown."
    )
    def content_hash(self) -> str:
        return content_hash(self.held.plan)

    @strawberry.field(description="In order of the subscriptions' ids.")
    def goals(self) -> list[PlanGoal]:
        return [show_goal(goal) for goal in self.held.plan.goals]

    @strawberry.field(description="One for each goal, in its order.")
    def outcomes(self) -> list[PlanOutcome]:
        return [show_outcome(outcome) for outcome in self.held.plan.outcomes]

    @strawberry.field(description="In the order in which they are done.")
    def steps(self) -> list[PlanStep]:
        return show_steps(self.held.plan.steps)

    @strawberry.field(description="Subscriptions that had to be planned together.")
    def components(self) -> list[PlanComponent]:
        return [_component(component) for component in self.held.plan.components]

    @strawberry.field(description="Other ways that somebody may prefer.")
    def alternatives(self) -> list[AlternativePlan]:
        weighing = self.held.weighing
        return [_alternative(one, weighing) for one in self.held.plan.alternatives]

    @strawberry.field(description="What happens from the plan's instant on if nobody acts.")
    def baseline(self, info: Info, until: Day | None = None) -> Baseline:
        return show_baseline(_baseline(info, self.held, until))

    @strawberry.field(
        description="Users whom each step concerns, in the order of the steps; steps that concern "
        "nobody's licences are left out."
    )
    async def affected(self, info: Info) -> list[StepAffectedAccounts]:
        return await affected_of_plan(info, self.held.customer, self.held.plan)

    @strawberry.field(description="The plan as a document in Markdown with a Mermaid drawing.")
    def markdown(self, info: Info, audience: Audience = Audience.CUSTOMER) -> str:
        held, context = self.held, info.context
        asked = _asked(info, held)
        document = context.write_plan(
            asked.catalog, held.customer, held.plan, _baseline(info, held), audience=audience
        )
        return document if held.supposed is None else told_as_supposed(document)


def _asked(info: Info, held: PlanInHand) -> Asked:
    asked = info.context.asked
    return asked if held.supposed is None else replace(asked, catalog=held.supposed)


def _baseline(info: Info, held: PlanInHand, until: Day | None = None) -> PlannerBaseline:
    day: date | None = until
    return baseline_for(_asked(info, held), held.customer, at=held.plan.at, until=day)


def show_plan(
    value: planner.Plan,
    customer: PlannerCustomer,
    scope: Scope,
    *,
    fingerprint: Callable[[], Awaitable[str]],
) -> Plan:
    """Return a plan that was made in a scope; its fingerprint is asked for where it is shown."""
    weighing = Weighing(scope.profile, scope.policy)
    return Plan(
        customer_id=value.customer_id,
        at=Instant(value.at),
        completes_on=day_or_none(value.completes_on),
        valid_until=day_or_none(value.valid_until),
        exactness=value.exactness,
        merit=show_merit(merit_of(value.merit, weighing)),
        held=PlanInHand(value, customer, weighing, fingerprint),
    )


def show_made(made: PlanMade) -> Plan:
    """Return a plan that was made just now, on the facts as they are or on supposed ones."""
    given = made.given
    shown = show_plan(made.plan, given.customer, given.scope, fingerprint=made.hashed)
    if made.is_supposed:
        shown.held = replace(shown.held, supposed=given.catalog)
    return shown


def _component(value: planner.Component) -> PlanComponent:
    return PlanComponent(
        subscription_ids=list(value.subscription_ids),
        because=list(value.because),
        exactness=value.exactness,
        states=value.states,
        bound=value.bound,
    )


def _alternative(value: planner.AlternativePlan, weighing: Weighing) -> AlternativePlan:
    return AlternativePlan(
        subscription_ids=list(value.subscription_ids),
        trade_off=value.trade_off,
        merit=show_merit(merit_of(value.merit, weighing)),
        value=value,
    )
