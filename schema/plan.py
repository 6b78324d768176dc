"""A plan for a customer as GraphQL shows it: goals and what came of them, steps, alternatives."""

from dataclasses import dataclass, replace
from datetime import date

import strawberry

from planner import goals as planner_goals
from planner.baselines.baseline import Baseline as PlannerBaseline
from planner.catalog import Catalog as PlannerCatalog
from planner.customers import Customer as PlannerCustomer
from planner.plans import steps as planner
from planner.plans.goals import SubscriptionGoal
from planner.plans.solution import Exactness, Status
from planner.scope import Scope
from resolvers.asked import Asked
from resolvers.baseline import baseline_for
from resolvers.plan_merit import Weighing, merit_of
from resolvers.plan_writer import Audience, told_as_supposed
from resolvers.plans import PlanMade
from schema.affected import StepAffectedAccounts, affected_of_plan
from schema.baseline import Baseline, show_baseline
from schema.blocker import Blocker, show_blockers
from schema.context import Info
from schema.offer import Offer
from schema.path import NoPath, show_no_path
from schema.plan_merit import PlanMerit, show_merit
from schema.plan_step import MonthlyPrice, PlanStep, known_offer, show_monthly, show_steps
from schema.scalars import Day, Instant

strawberry.enum(
    Exactness,
    name="PlanExactness",
    description=(
        "EXACT: proven to be the best. BEST_FOUND: the search ended at its limit of states, and a "
        "better one may exist."
    ),
)
strawberry.enum(Status, name="GoalStatus", description="What became of a goal; never OPEN.")
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
    supposed: PlannerCatalog | None = None
    """The catalog of a plan on supposed facts; None for a plan on the facts as they are."""


@strawberry.type(
    description="Where a subscription shall end; of the first four at most one is not null."
)
class PlanGoal:
    subscription_id: str
    offer_id: str | None = strawberry.field(description="This offer, by catalog id.")
    product_id: str | None = strawberry.field(description="Any SKU of this product.")
    any_new_commerce: bool = strawberry.field(description="Any new-commerce SKU.")
    service_plans: list[str] | None = strawberry.field(
        description="Any new-commerce SKU that gives at least these service plans (GUIDs)."
    )
    seats: int | None = strawberry.field(description="Null where it keeps its seats.")


@strawberry.type(description="What came of one goal.")
class PlanOutcome:
    goal: PlanGoal
    title: str = strawberry.field(description="The subscription as people call it.")
    status: Status
    reached_id: str | None = strawberry.field(
        description="The offer where it ends, by catalog id; null where it stays or is gone."
    )
    seats: int | None
    ends_on: Day | None = strawberry.field(description="The day of the last step for it.")
    message: str
    price_now: MonthlyPrice | None = strawberry.field(
        description="All seats for a month at retail; null where no loaded list tells."
    )
    price_then: MonthlyPrice | None = strawberry.field(
        description="The same at the goal; null where it is not met or no loaded list tells."
    )
    value: strawberry.Private[planner.Outcome]

    @strawberry.field(description="Where it ends, if the catalog has it.")
    def reached(self, info: Info) -> Offer | None:
        return known_offer(info.context.asked.catalog, self.value.reached)

    @strawberry.field(description="For an unmet goal: what stops every way that was tried.")
    def blockers(self) -> list[Blocker]:
        return show_blockers(self.value.blockers)

    @strawberry.field(description="For an unmet goal to which no path leads: why.")
    def no_path(self) -> NoPath | None:
        return None if self.value.no_path is None else show_no_path(self.value.no_path)

    @strawberry.field(description="Equivalents among which somebody has to choose.")
    def candidates(self, info: Info) -> list[Offer]:
        catalog = info.context.asked.catalog
        found = (known_offer(catalog, each) for each in self.value.candidates)
        return [offer for offer in found if offer is not None]


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
    fingerprint: str = strawberry.field(
        description="Names everything that the plan has read; `savePlan` can be told to expect it."
    )
    held: strawberry.Private[PlanInHand]

    @strawberry.field(description="In order of the subscriptions' ids.")
    def goals(self) -> list[PlanGoal]:
        return [_goal(goal) for goal in self.held.plan.goals]

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
    value: planner.Plan, customer: PlannerCustomer, scope: Scope, *, fingerprint: str
) -> Plan:
    """Return a plan that was made in a scope, and that a fingerprint names."""
    weighing = Weighing(scope.profile, scope.policy)
    return Plan(
        customer_id=value.customer_id,
        at=Instant(value.at),
        completes_on=_day(value.completes_on),
        valid_until=_day(value.valid_until),
        exactness=value.exactness,
        merit=show_merit(merit_of(value.merit, weighing)),
        fingerprint=fingerprint,
        held=PlanInHand(value, customer, weighing),
    )


def show_made(made: PlanMade) -> Plan:
    """Return a plan that was made just now, on the facts as they are or on supposed ones."""
    given = made.given
    shown = show_plan(made.plan, given.customer, given.scope, fingerprint=made.fingerprint)
    if made.is_supposed:
        shown.held = replace(shown.held, supposed=given.catalog)
    return shown


def show_outcome(value: planner.Outcome) -> PlanOutcome:
    return PlanOutcome(
        goal=_goal(value.goal),
        title=value.title,
        status=value.status,
        reached_id=value.reached,
        seats=value.seats,
        ends_on=_day(value.ends_on),
        message=value.message,
        price_now=show_monthly(value.price_now),
        price_then=show_monthly(value.price_then),
        value=value,
    )


def _goal(value: SubscriptionGoal) -> PlanGoal:
    told = PlanGoal(
        subscription_id=value.subscription_id,
        offer_id=None,
        product_id=None,
        any_new_commerce=False,
        service_plans=None,
        seats=value.seats,
    )
    match value.goal:
        case planner_goals.OfferGoal(catalog_id):
            told.offer_id = catalog_id
        case planner_goals.ProductGoal(product_id):
            told.product_id = product_id
        case planner_goals.ServicesGoal(plan_ids):
            told.service_plans = sorted(plan_ids)
        case planner_goals.NewCommerceGoal():
            told.any_new_commerce = True
    return told


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


def _day(value: date | None) -> Day | None:
    return None if value is None else Day(value)
