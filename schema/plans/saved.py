"""Saved plans as GraphQL shows them: the plan, whether it still holds, and its history."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Annotated

import strawberry

from planner.customers import Customer as PlannerCustomer
from planner.plans.saved import staleness as planner
from planner.plans.saved.staleness import Currency
from resolvers.asked import Asked
from resolvers.plans.refusals import PlanRefused as Refused
from resolvers.plans.status import Mark, PlanStatus, freshness_of, marks_of, status_of
from resolvers.problems import NotFound
from resolvers.records import plans as records
from resolvers.records.plans import PlanEventKind
from schema.context import Info
from schema.customers.customer import Customer, show_customer
from schema.errors.problems import CustomerNotFound, OfferNotFound, Problem
from schema.plans.difference import StaleReason, show_reasons
from schema.plans.plan import Plan, show_plan
from schema.relay.connections import Connection
from schema.relay.node import Node, global_id
from schema.scalars import Day, Instant, day_or_none

strawberry.enum(
    PlanStatus,
    description=(
        "Where a plan stands by its history. PROPOSED: nobody has decided. IN_PROGRESS: some steps "
        "are done. DONE: all are. FAILED: a step failed and has not been done since. SUPERSEDED: "
        "another plan was approved in its place, and it is carried out no longer."
    ),
)
strawberry.enum(PlanEventKind, description="What can happen to a saved plan.")
strawberry.enum(Mark, name="StepMark", description="What became of a step.")
strawberry.enum(
    Currency,
    name="FreshnessState",
    description="Whether what a plan has read is still so. A STALE plan stays readable.",
)


@strawberry.type(description="Whether a plan still holds, and every reason against it.")
class Freshness:
    state: Currency
    reasons: list[StaleReason] = strawberry.field(
        description="Facts first, then the catalog, rules and dates that have passed."
    )


@strawberry.type(description="One thing that happened to a plan; it is never changed.")
class PlanEvent:
    number: int = strawberry.field(description="1 for SAVED, then counted up.")
    kind: PlanEventKind
    at: Instant
    by: str = strawberry.field(
        description="Who, as far as the sign-in tells: a name and the roles held. Without sign-in: "
        "`the local partner`."
    )
    fingerprint: str
    note: str
    step_key: str | None = strawberry.field(description="For a step that was marked.")
    superseded_by: str | None = strawberry.field(
        description="For SUPERSEDED: the id of the plan that was approved in its place."
    )


@strawberry.type(description="The last mark of a step.")
class MarkedStep:
    step_key: str
    mark: Mark


class SharedFreshness:
    """Finds out for all plans of one answer at once, with the first that is asked for it."""

    def __init__(self, asked: Asked, plans: Sequence[records.SavedPlan]) -> None:
        self._asked = asked
        self._plans = plans
        self._found: asyncio.Task[tuple[planner.Freshness, ...]] | None = None

    async def of(self, saved: records.SavedPlan) -> planner.Freshness:
        """Return the freshness of one of the plans."""
        if self._found is None:
            self._found = asyncio.create_task(freshness_of(self._asked, self._plans))
        told = await self._found
        return next(
            one
            for plan, one in zip(self._plans, told, strict=True)
            if plan.plan_id == saved.plan_id
        )


@strawberry.type(description="A plan as it was made. It never changes; its history grows.")
class SavedPlan(Node):
    plan_id: str
    customer_id: str
    created_at: Instant
    created_by: str
    status: PlanStatus
    fingerprint: str = strawberry.field(
        description="Names everything that the plan has read; an approval has to name it."
    )
    history: list[PlanEvent] = strawberry.field(description="In order; the first is SAVED.")
    marks: list[MarkedStep] = strawberry.field(description="In the order of the plan's steps.")
    value: strawberry.Private[records.SavedPlan]
    shared: strawberry.Private[SharedFreshness]

    @strawberry.field(description="Whether it still holds at the request's instant.")
    async def freshness(self) -> Freshness:
        found = await self.shared.of(self.value)
        return Freshness(state=found.currency, reasons=show_reasons(found.reasons))

    @strawberry.field(description="Whose plan it is; null where the customer is gone.")
    async def customer(self, info: Info) -> Customer | None:
        found = await info.context.loaders.customer.load(self.customer_id)
        return None if found is None else show_customer(found)

    @strawberry.field(description="What was saved, whole.")
    async def plan(self, info: Info) -> Plan:
        found = await info.context.loaders.customer.load(self.customer_id)
        owner = found or PlannerCustomer(self.customer_id, "")
        scope = self.value.question.scope

        async def fingerprint() -> str:
            return self.fingerprint

        return show_plan(self.value.plan, owner, scope, fingerprint=fingerprint)


SavedPlanConnection = Connection[SavedPlan]


@strawberry.type(description="This partner has no such plan.")
class PlanNotFound(Problem):
    plan_id: str = strawberry.field(description="The id that was asked for.")

    @classmethod
    def of(cls, missing: NotFound) -> "PlanNotFound":
        return cls(
            code=missing.code,
            message=missing.message,
            remedy=missing.remedy,
            plan_id=missing.identifier,
        )


@strawberry.type(
    description=(
        "Nothing was made or stored. GOAL_CONTRADICTORY, PART_TOO_LARGE, SUBSCRIPTION_NOT_FOUND, "
        "NOTHING_TO_PLAN for a plan; WHAT_IF_NOT_SAVED, FINGERPRINT_MISMATCH, CONTENT_MISMATCH for "
        "one that is to be kept; FINGERPRINT_MISMATCH, PLAN_STALE, ALREADY_APPROVED, "
        "PLAN_REJECTED, PLAN_SUPERSEDED, PLANS_OVERLAP for a decision; PLAN_NOT_APPROVED, "
        "STEP_NOT_FOUND, STEP_IS_A_WAIT, STEP_NEEDS_OTHERS, STEP_TOO_EARLY, STEP_ALREADY_MARKED "
        "for a step; PLANS_OF_DIFFERENT_CUSTOMERS for a comparison."
    )
)
class PlanRefused(Problem):
    plan_fingerprint: str | None = strawberry.field(
        description="The plan's own, where another one was named."
    )
    reasons: list[StaleReason] = strawberry.field(description="For PLAN_STALE: what moved.")
    event: PlanEvent | None = strawberry.field(description="What was done before, if that is why.")
    needed_steps: list[str] = strawberry.field(
        description="For STEP_NEEDS_OTHERS: the keys of the steps that come first."
    )
    plan_content_hash: str | None = strawberry.field(
        description="For CONTENT_MISMATCH: that of the plan as it is made now."
    )
    overlapping_plan_ids: list[str] = strawberry.field(
        description="For PLANS_OVERLAP: the approved plans about the same subscriptions, by id."
    )
    subscription_id: str | None = strawberry.field(
        description="For PART_TOO_LARGE and SUBSCRIPTION_NOT_FOUND: which one; else null."
    )
    most_seats: int | None = strawberry.field(
        description="For PART_TOO_LARGE: how many seats may go; else null."
    )
    step_key: str | None = strawberry.field(
        description="Which step it is about; null where it is about none."
    )
    earliest: Day | None = strawberry.field(
        description="For STEP_TOO_EARLY: the first day on which the step can be done; else null."
    )

    @classmethod
    def of(cls, refused: Refused) -> "PlanRefused":
        return cls(
            code=refused.code,
            message=refused.message,
            remedy=refused.remedy,
            plan_fingerprint=refused.fingerprint,
            reasons=show_reasons(refused.reasons),
            event=None if refused.event is None else _event(refused.event),
            needed_steps=list(refused.steps),
            plan_content_hash=refused.content_hash,
            overlapping_plan_ids=list(refused.plans),
            subscription_id=refused.subscription_id,
            most_seats=refused.most_seats,
            step_key=refused.step_key,
            earliest=day_or_none(refused.earliest),
        )


PlanDecision = Annotated[
    SavedPlan | PlanNotFound | PlanRefused,
    strawberry.union("PlanDecision", description="The plan with what was decided, or why not."),
]
SavePlanResult = Annotated[
    SavedPlan | CustomerNotFound | OfferNotFound | PlanRefused,
    strawberry.union("SavePlanResult", description="The plan as it was saved, or why it was not."),
]


def show_saved(asked: Asked, saved: records.SavedPlan) -> SavedPlan:
    (shown,) = show_all_saved(asked, (saved,))
    return shown


def show_all_saved(asked: Asked, plans: Sequence[records.SavedPlan]) -> list[SavedPlan]:
    """Return plans of one answer; whether they hold is found out for all of them at once."""
    shared = SharedFreshness(asked, plans)
    return [_saved(saved, shared) for saved in plans]


def show_decision(
    asked: Asked, answer: records.SavedPlan | NotFound | Refused
) -> SavedPlan | PlanNotFound | PlanRefused:
    match answer:
        case records.SavedPlan():
            return show_saved(asked, answer)
        case NotFound():
            return PlanNotFound.of(answer)
        case Refused():
            return PlanRefused.of(answer)


def _saved(value: records.SavedPlan, shared: SharedFreshness) -> SavedPlan:
    return SavedPlan(
        id=global_id("SavedPlan", value.plan_id),
        plan_id=value.plan_id,
        customer_id=value.customer_id,
        created_at=Instant(value.created_at),
        created_by=value.created_by,
        status=status_of(value),
        fingerprint=value.fingerprint,
        history=[_event(event) for event in value.events],
        marks=list(_marks(value)),
        value=value,
        shared=shared,
    )


def _marks(value: records.SavedPlan) -> Iterable[MarkedStep]:
    marks = marks_of(value)
    for step in value.plan.steps:
        if step.key in marks:
            yield MarkedStep(step_key=step.key, mark=marks[step.key])


def _event(value: records.PlanEvent) -> PlanEvent:
    return PlanEvent(
        number=value.number,
        kind=value.kind,
        at=Instant(value.at),
        by=value.by,
        fingerprint=value.fingerprint,
        note=value.note,
        step_key=value.step_key,
        superseded_by=value.superseded_by,
    )
