"""The mutations that save a plan, decide on it, and say what became of its steps."""

from typing import Annotated

import strawberry

from resolvers.codes.code import Code
from resolvers.plans import decisions as plan_decisions
from resolvers.plans import plans
from resolvers.plans.refusals import PlanRefused as Refused
from resolvers.plans.status import Mark
from resolvers.problems import NotFound
from resolvers.records.plans import SavedPlan as Saved
from schema.context import Info
from schema.errors.problems import CustomerNotFound, OfferNotFound
from schema.plans.input import PlanInput, read_plan
from schema.plans.saved import PlanDecision, PlanRefused, SavePlanResult, show_decision, show_saved

Fingerprint = Annotated[
    str,
    strawberry.argument(description="The plan's as it was read, so that no other is approved."),
]
Expected = Annotated[
    str | None,
    strawberry.argument(
        description="The fingerprint of the plan that was looked at before; another one is refused."
    ),
]
ExpectedContent = Annotated[
    str | None,
    strawberry.argument(
        description="The `contentHash` of the plan that was looked at before: one with other "
        "steps, days or goals is refused."
    ),
]
Supersede = Annotated[
    bool,
    strawberry.argument(
        description="Whether approved plans about the same subscriptions end by this one; else "
        "they refuse it: PLANS_OVERLAP."
    ),
]
StepKey = Annotated[str, strawberry.argument(description="The key of one of the plan's steps.")]


@strawberry.type
class PlanMutation:
    @strawberry.mutation(description="Make a plan as `planFor` does, and keep it.")
    async def save_plan(
        self,
        info: Info,
        customer_id: str,
        input: PlanInput | None = None,  # noqa: A002
        expected_fingerprint: Expected = None,
        expected_content_hash: ExpectedContent = None,
        note: str = "",
    ) -> SavePlanResult:
        asked = info.context.asked
        seen = plans.Expected(expected_fingerprint, expected_content_hash, note)
        saved = await plans.save_plan_for(asked, customer_id, lambda: read_plan(input), seen)
        match saved:
            case Saved():
                return show_saved(asked, saved)
            case Refused():
                return PlanRefused.of(saved)
            case NotFound(code=Code.CUSTOMER_NOT_FOUND):
                return CustomerNotFound.of(saved)
            case _:
                return OfferNotFound.of(saved)

    @strawberry.mutation(description="Approve a saved plan that still holds. It can be done once.")
    async def approve_plan(
        self,
        info: Info,
        plan_id: str,
        fingerprint: Fingerprint,
        note: str = "",
        supersede: Supersede = False,
    ) -> PlanDecision:
        asked = info.context.asked
        answer = await plan_decisions.approve(
            asked, plan_id, fingerprint=fingerprint, note=note, supersede=supersede
        )
        return show_decision(asked, answer)

    @strawberry.mutation(description="Reject a saved plan that nobody has decided on.")
    async def reject_plan(self, info: Info, plan_id: str, note: str = "") -> PlanDecision:
        asked = info.context.asked
        return show_decision(asked, await plan_decisions.reject(asked, plan_id, note=note))

    @strawberry.mutation(
        description="Say what became of a step of an approved plan. One that failed may be done "
        "later on; one that is done stays done."
    )
    async def mark_plan_step(
        self, info: Info, plan_id: str, step_key: StepKey, mark: Mark, note: str = ""
    ) -> PlanDecision:
        asked = info.context.asked
        answer = await plan_decisions.mark_step(
            asked, plan_id, step_key=step_key, mark=mark, note=note
        )
        return show_decision(asked, answer)
