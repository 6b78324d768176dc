"""What came of each goal of a plan, as GraphQL shows it."""

import strawberry

from planner import goals as planner_goals
from planner.plans.goals import SubscriptionGoal
from planner.plans.search.acts import StepKind
from planner.plans.search.solution import Status
from planner.plans.told import steps as planner
from schema.catalog.offer import Offer
from schema.catalog.path import NoPath, show_no_path
from schema.context import Info
from schema.customers.blocker import Blocker, show_blockers
from schema.customers.instead import Upsell, show_upsell
from schema.plans.step import MonthlyPrice, known_offer, show_monthly
from schema.scalars import Day, SafeInt, day_or_none

strawberry.enum(Status, name="GoalStatus", description="What became of a goal; never OPEN.")


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
    part: int | None = strawberry.field(
        description="How many of its seats go there while the others stay; null where all go."
    )


@strawberry.type(description="What came of one goal.")
class PlanOutcome:
    goal: PlanGoal
    title: str = strawberry.field(description="The subscription as people call it.")
    status: Status
    reached_id: str | None = strawberry.field(
        description="The offer where it ends, by catalog id; null where it stays or is gone."
    )
    seats: SafeInt | None
    ends_on: Day | None = strawberry.field(description="The day of the last step for it.")
    message: str
    price_now: MonthlyPrice | None = strawberry.field(
        description="All seats for a month at retail; null where no loaded list tells."
    )
    price_then: MonthlyPrice | None = strawberry.field(
        description="The same at the goal; null where it is not met or no loaded list tells."
    )
    upsell: Upsell | None = strawberry.field(
        description="What a met goal makes of it more than it was; null where the product is no "
        "larger and no much dearer one."
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

    @strawberry.field(
        description="For an unmet goal: kinds of step that the plan does without and that would "
        "open a way. Each list is enough by itself; the kinds within one are needed together."
    )
    def left_out(self) -> list[list[StepKind]]:
        return [list(kinds) for kinds in self.value.left_out]

    @strawberry.field(description="Equivalents among which somebody has to choose.")
    def candidates(self, info: Info) -> list[Offer]:
        catalog = info.context.asked.catalog
        found = (known_offer(catalog, each) for each in self.value.candidates)
        return [offer for offer in found if offer is not None]


def show_outcome(value: planner.Outcome) -> PlanOutcome:
    return PlanOutcome(
        goal=show_goal(value.goal),
        title=value.title,
        status=value.status,
        reached_id=value.reached,
        seats=None if value.seats is None else SafeInt(value.seats),
        ends_on=day_or_none(value.ends_on),
        message=value.message,
        price_now=show_monthly(value.price_now),
        price_then=show_monthly(value.price_then),
        upsell=show_upsell(value.upsell),
        value=value,
    )


def show_goal(value: SubscriptionGoal) -> PlanGoal:
    told = PlanGoal(
        subscription_id=value.subscription_id,
        offer_id=None,
        product_id=None,
        any_new_commerce=False,
        service_plans=None,
        seats=value.seats,
        part=value.part,
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
