"""How two saved plans differ as GraphQL shows it: step by step, goal by goal, and why."""

from collections.abc import Iterable

import strawberry

from planner.plans.saved import difference as planner
from planner.plans.saved.difference import Change
from planner.plans.saved.staleness import Moved
from planner.plans.saved.staleness import StaleReason as PlannerStaleReason
from resolvers.plans.fields import api_name
from schema.answer_codes import ChangeReasonCode
from schema.plans.outcome import PlanOutcome, show_outcome
from schema.plans.step import PlanStep, show_step

strawberry.enum(Change, name="PlanChange", description="What became of a step or of a goal.")
strawberry.enum(
    Moved,
    name="StaleKind",
    description=(
        "What is no longer as a plan has read it: a FACT of the customer, the CATALOG, the RULES, "
        "the QUESTION itself (between two plans only), or a last day that is over (DATE_PASSED)."
    ),
)


@strawberry.type(description="One thing that moved since a plan was made, or between two plans.")
class StaleReason:
    kind: Moved
    message: str
    part: str = strawberry.field(
        description="The part of the fingerprint; for DATE_PASSED the step's key, or empty."
    )


@strawberry.type(description="One field that differs, in words; null where it said nothing.")
class FieldChange:
    field: str = strawberry.field(description="As the API calls it.")
    before: str | None
    after: str | None


@strawberry.type(description="Why something differs, as far as the plans themselves can tell.")
class ChangeReason:
    code: ChangeReasonCode = strawberry.field(description="Whether a thing came, went or moved.")
    message: str
    part: str


@strawberry.type(description="One step in both plans; null in the plan that does not have it.")
class StepDifference:
    key: str
    change: Change
    old: PlanStep | None
    new: PlanStep | None
    fields: list[FieldChange] = strawberry.field(description="For CHANGED: what differs.")
    reasons: list[ChangeReason]


@strawberry.type(description="One goal in both plans; null in the plan that does not have it.")
class OutcomeDifference:
    subscription_id: str
    change: Change
    old: PlanOutcome | None
    new: PlanOutcome | None
    fields: list[FieldChange] = strawberry.field(description="For CHANGED: what differs.")
    reasons: list[ChangeReason]


@strawberry.type(description="All that differs between two plans, what is the same included.")
class PlanDifference:
    is_same: bool = strawberry.field(description="Whether the same is done for the same ends.")
    steps: list[StepDifference] = strawberry.field(
        description="The second plan's in its order, then those that only the first has."
    )
    outcomes: list[OutcomeDifference] = strawberry.field(
        description="In order of the subscriptions' ids."
    )
    fields: list[FieldChange] = strawberry.field(description="Of the plans as wholes.")
    moved: list[StaleReason] = strawberry.field(description="What moved between them.")


def show_difference(value: planner.PlanDifference) -> PlanDifference:
    return PlanDifference(
        is_same=value.is_same,
        steps=[_step(one) for one in value.steps],
        outcomes=[_outcome(one) for one in value.outcomes],
        fields=_fields(value.fields),
        moved=show_reasons(value.moved),
    )


def show_reasons(reasons: Iterable[PlannerStaleReason]) -> list[StaleReason]:
    return [StaleReason(kind=one.kind, message=one.message, part=one.part) for one in reasons]


def _step(value: planner.StepDifference) -> StepDifference:
    return StepDifference(
        key=value.key,
        change=value.change,
        old=None if value.old is None else show_step(value.old),
        new=None if value.new is None else show_step(value.new),
        fields=_fields(value.fields),
        reasons=_change_reasons(value.reasons),
    )


def _outcome(value: planner.OutcomeDifference) -> OutcomeDifference:
    return OutcomeDifference(
        subscription_id=value.subscription_id,
        change=value.change,
        old=None if value.old is None else show_outcome(value.old),
        new=None if value.new is None else show_outcome(value.new),
        fields=_fields(value.fields),
        reasons=_change_reasons(value.reasons),
    )


def _fields(found: Iterable[planner.FieldChange]) -> list[FieldChange]:
    return [
        FieldChange(field=api_name(one.field), before=one.before, after=one.after) for one in found
    ]


def _change_reasons(found: Iterable[planner.ChangeReason]) -> list[ChangeReason]:
    return [
        ChangeReason(code=ChangeReasonCode(one.code), message=one.message, part=one.part)
        for one in found
    ]
