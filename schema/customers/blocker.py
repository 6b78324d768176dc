"""Findings as GraphQL shows them: what stops or weakens a move, and the way out."""

from collections.abc import Iterable

import strawberry

from planner import blockers as planner
from planner.blocker_codes import BlockerCode
from planner.blockers import Actor, Alternative, RemedyAction, Severity, SubjectKind
from planner.customers import Seller
from planner.ids import CatalogId, ServicePlanId
from schema.answer_codes import AssumptionCode
from schema.catalog.offer import Offer, ServicePlan, offer_of
from schema.context import Info
from schema.scalars import Day, day_or_none


@strawberry.type(description="An action that opens a move, and who takes it.")
class Remedy:
    action: RemedyAction
    actor: Actor
    message: str
    role: str | None = strawberry.field(description="The Partner Center role that it needs.")


@strawberry.type(description="A fact that a finding rests on.")
class Evidence:
    message: str
    subscription_id: str | None
    seller: Seller | None
    source: str | None
    plan_ids: list[str] = strawberry.field(description="Service plans, by GUID.")

    @strawberry.field(description="The service plans that the catalog knows, by name.")
    def service_plans(self, info: Info) -> list[ServicePlan]:
        known = info.context.asked.catalog.service_plans
        found = (known[plan] for plan in map(ServicePlanId, self.plan_ids) if plan in known)
        return [
            ServicePlan(plan_id=plan.plan_id, name=plan.name, title=plan.title) for plan in found
        ]


@strawberry.type(description="A named value inside a finding.")
class Parameter:
    name: str
    value: str


@strawberry.type(description="The code that Partner Center itself would answer.")
class PartnerCenterCode:
    api: str = strawberry.field(description="UPGRADE, TRANSITION, MIGRATION or REST.")
    number: int
    name: str


@strawberry.type(description="The move that a finding speaks of.")
class MoveReference:
    value: strawberry.Private[tuple[CatalogId, CatalogId]]

    @strawberry.field(name="from", description="Where it begins.")
    def origin(self, info: Info) -> Offer:
        return offer_of(info.context.asked.catalog, self.value[0])

    @strawberry.field(name="to", description="Where it ends.")
    def target(self, info: Info) -> Offer:
        return offer_of(info.context.asked.catalog, self.value[1])


@strawberry.type(description="A rule's failing answer, whole.")
class Blocker:
    code: BlockerCode = strawberry.field(description="What stands in the way, or burdens the move.")
    severity: Severity
    subject_kind: SubjectKind
    subject: str = strawberry.field(description="Whose id depends on subjectKind.")
    message: str
    source: str = strawberry.field(description="Where the rule comes from.")
    step: MoveReference | None
    parameters: list[Parameter]
    evidence: list[Evidence]
    remedies: list[Remedy] = strawberry.field(description="Each opens the move by itself.")
    clears_on: Day | None = strawberry.field(description="First day on which it is gone.")
    alternatives: list[Alternative]
    partner_center: list[PartnerCenterCode]


@strawberry.type(description="A rule that could not be answered, and what would answer it.")
class Unanswered:
    rule: str
    fields: list[str] = strawberry.field(description="The facts that are missing.")
    message: str
    step: MoveReference | None
    remedies: list[Remedy]


@strawberry.type(description="What is taken for granted, and the call that confirms it.")
class Assumption:
    code: AssumptionCode
    message: str
    confirm_with: str


def show_blockers(found: Iterable[planner.Blocker]) -> list[Blocker]:
    return [_blocker(blocker) for blocker in found]


def _blocker(value: planner.Blocker) -> Blocker:
    return Blocker(
        code=value.code,
        severity=value.severity,
        subject_kind=value.subject_kind,
        subject=value.subject,
        message=value.message,
        source=value.source,
        step=_step(value.step),
        parameters=[Parameter(name=name, value=text) for name, text in value.parameters],
        evidence=[_evidence(fact) for fact in value.evidence],
        remedies=_remedies(value.remedies),
        clears_on=day_or_none(value.clears_on),
        alternatives=list(value.alternatives),
        partner_center=[
            PartnerCenterCode(api=code.api, number=code.number, name=code.name)
            for code in value.partner_center
        ],
    )


def _step(pair: tuple[CatalogId, CatalogId] | None) -> MoveReference | None:
    return None if pair is None else MoveReference(value=pair)


def _evidence(value: planner.Evidence) -> Evidence:
    return Evidence(
        message=value.message,
        subscription_id=value.subscription_id,
        seller=value.seller,
        source=value.source,
        plan_ids=list(value.plan_ids),
    )


def _remedies(remedies: Iterable[planner.Remedy]) -> list[Remedy]:
    return [
        Remedy(action=one.action, actor=one.actor, message=one.message, role=one.role)
        for one in remedies
    ]


def show_unanswered(questions: Iterable[planner.Unanswered]) -> list[Unanswered]:
    return [
        Unanswered(
            rule=question.rule,
            fields=list(question.fields),
            message=question.message,
            step=_step(question.step),
            remedies=_remedies(question.remedies),
        )
        for question in questions
    ]


def show_assumptions(assumptions: Iterable[planner.Assumption]) -> list[Assumption]:
    return [
        Assumption(
            code=AssumptionCode(one.code), message=one.message, confirm_with=one.confirm_with
        )
        for one in assumptions
    ]
