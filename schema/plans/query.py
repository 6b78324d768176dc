"""The root fields that make, find and compare plans, and store nothing."""

from typing import Annotated

import strawberry

from resolvers.customers import customers as customer_cases
from resolvers.plans import plans as use_cases
from resolvers.plans.plans import PlanMade
from resolvers.plans.refusals import PlanRefused as Refused
from resolvers.plans.requests import NotSupposed
from resolvers.plans.status import plan_by_id
from resolvers.problems import NotFound
from resolvers.records.plans import PlanKey
from schema.context import Info
from schema.customers.choices import CannotSuppose
from schema.errors.problems import CustomerNotFound, OfferNotFound
from schema.limits.arguments import PAGE, FirstPlans
from schema.plans.difference import PlanDifference, show_difference
from schema.plans.input import PlanInput, read_plan
from schema.plans.plan import Plan, show_made
from schema.plans.saved import (
    PlanNotFound,
    PlanRefused,
    SavedPlan,
    SavedPlanConnection,
    show_all_saved,
    show_saved,
)
from schema.relay.connections import connect
from schema.relay.cursors import decode_dated_cursor, encode_cursor

_PLANS = "plans"

PlanForResult = Annotated[
    Plan | CustomerNotFound | OfferNotFound | PlanRefused | CannotSuppose,
    strawberry.union("PlanForResult", description="A plan, or why none was made."),
]
SavedPlanResult = Annotated[
    SavedPlan | PlanNotFound,
    strawberry.union("SavedPlanResult", description="A saved plan, if this partner has it."),
]


@strawberry.type(description="Two saved plans of one customer, side by side.")
class PlanComparison:
    old: SavedPlan
    new: SavedPlan
    difference: PlanDifference


ComparePlansResult = Annotated[
    PlanComparison | PlanNotFound | PlanRefused,
    strawberry.union("ComparePlansResult", description="How two plans differ."),
]


@strawberry.type
class PlanQuery:
    @strawberry.field(
        description="The best plan for a customer; nothing is stored. Up to a second or two."
    )
    async def plan_for(
        self,
        info: Info,
        customer_id: str,
        input: PlanInput | None = None,  # noqa: A002
    ) -> PlanForResult:
        asked = info.context.asked
        owner = await customer_cases.customer(asked, customer_id)
        if isinstance(owner, NotFound):
            return CustomerNotFound.of(owner)
        made = await use_cases.plan_for(asked, owner, read_plan(input))
        match made:
            case PlanMade():
                return show_made(made)
            case NotSupposed():
                return CannotSuppose.of(made.missing)
            case NotFound():
                return OfferNotFound.of(made)
            case Refused():
                return PlanRefused.of(made)

    @strawberry.field(description="A saved plan by its id, with its history.")
    async def plan(self, info: Info, plan_id: str) -> SavedPlanResult:
        asked = info.context.asked
        found = await plan_by_id(asked, plan_id)
        return PlanNotFound.of(found) if isinstance(found, NotFound) else show_saved(asked, found)

    @strawberry.field(
        description="A customer's saved plans, newest first. A customer that is not there has "
        "none; `customer` tells whether it is."
    )
    async def plans(
        self, info: Info, customer_id: str, first: FirstPlans = PAGE, after: str | None = None
    ) -> SavedPlanConnection:
        asked = info.context.asked
        key = None if after is None else PlanKey(*decode_dated_cursor(_PLANS, after))
        page = await use_cases.plans_of(asked, customer_id, first=first, after=key)
        return connect(
            show_all_saved(asked, page.plans),
            cursor=lambda one: encode_cursor(_PLANS, one.created_at.isoformat(), one.plan_id),
            node=lambda one: one,
            has_next=page.has_next,
            total=page.total,
            after=after,
        )

    @strawberry.field(description="How a saved plan differs from an older one, step by step.")
    async def compare_plans(
        self, info: Info, old_plan_id: str, new_plan_id: str
    ) -> ComparePlansResult:
        asked = info.context.asked
        found = await use_cases.compare_plans(asked, old_plan_id, new_plan_id)
        match found:
            case use_cases.PlanComparison():
                old, new = show_all_saved(asked, (found.old, found.new))
                return PlanComparison(
                    old=old, new=new, difference=show_difference(found.difference)
                )
            case NotFound():
                return PlanNotFound.of(found)
            case Refused():
                return PlanRefused.of(found)
