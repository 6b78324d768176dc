"""The steps of a plan as GraphQL shows them: what, who, when and why, and how it is carried out."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

import strawberry
from strawberry.scalars import JSON

from planner.blockers import Actor
from planner.catalog import Catalog
from planner.ids import CatalogId
from planner.plans.search import money
from planner.plans.search.acts import StepKind
from planner.plans.told import steps as planner
from planner.plans.told.steps import Json
from planner.readiness import Readiness
from planner.rules import Mode
from planner.transitions import EvidenceKind, TransitionKind
from schema.catalog.offer import Offer, offer_of
from schema.context import Info
from schema.customers.blocker import (
    Assumption,
    Blocker,
    Unanswered,
    show_assumptions,
    show_blockers,
    show_unanswered,
)
from schema.scalars import Day, SafeInt, day_or_none


@strawberry.type(description="A day of a step, and why it is that day.")
class Due:
    day: Day
    because: str


@strawberry.type(description="An add-on that moves along with a step.")
class MemberStep:
    subscription_id: str
    title: str
    seats: int | None
    term: str | None = strawberry.field(
        description="Its own term afterwards, an ISO 8601 duration; null where it is not known."
    )
    billing_cycle: str | None = strawberry.field(
        description="How it is billed then; null where it is not known."
    )
    full_new_term: bool = strawberry.field(description="Whether a full new term begins for it.")
    from_id: str = strawberry.field(description="Its offer before, by catalog id.")
    to_id: str = strawberry.field(description="Its offer afterwards, by catalog id.")


@strawberry.type(
    description="The call of Partner Center's API that performs a step. Names in braces stand for "
    "what is known only later."
)
class ApiCall:
    method: str
    path: str
    body: JSON | None
    note: str


@strawberry.type(description="A cell of a row: the column's header, and the value under it.")
class BatchCell:
    column: str
    value: str


@strawberry.type(description="The row of Microsoft's batch migration tool that performs a step.")
class BatchRow:
    file: str
    cells: list[BatchCell] = strawberry.field(description="In the file's order.")


@strawberry.type(description="Retail for all seats and one month. Never a partner's cost.")
class MonthlyPrice:
    amount: Decimal = strawberry.field(description="A decimal number as a string.")
    currency: str = strawberry.field(description="ISO 4217 code, such as USD.")
    source: str
    as_of: Day | None = strawberry.field(description="The day that the price list speaks for.")


@strawberry.type(description="One step: what, on which subscription, who, when and why then.")
class PlanStep:
    key: str = strawberry.field(
        description="What is done to what: the same step has the same key in every plan."
    )
    kind: StepKind
    message: str = strawberry.field(description="One sentence for people.")
    subscription_id: str | None = strawberry.field(
        description="Null where it is done for the whole customer."
    )
    title: str = strawberry.field(description="The subscription as people call it, or empty.")
    actor: Actor
    role: str | None = strawberry.field(
        description="The Partner Center role it needs, where it is ours to do."
    )
    earliest: Due
    latest: Due | None = strawberry.field(
        description="The last day on which it still does what the plan needs; null: no end."
    )
    if_not_done: str
    needs: list[str] = strawberry.field(description="Keys of the steps that come first.")
    from_id: str | None = strawberry.field(description="The offer it leaves, by catalog id.")
    to_id: str | None = strawberry.field(
        description="The offer it moves to, or buys, by catalog id."
    )
    transition_kind: TransitionKind | None
    evidence: EvidenceKind | None = strawberry.field(
        description="Who says that the move exists, for a step that is one."
    )
    mode: Mode | None
    into_subscription_id: str | None = strawberry.field(
        description="The existing subscription that the seats are added to."
    )
    seats_before: SafeInt | None
    seats_after: SafeInt | None
    part: int | None = strawberry.field(
        description="How many of the seats it takes while the others stay; null where all."
    )
    term: str | None = strawberry.field(description="ISO 8601 duration, such as P1Y.")
    billing_cycle: str | None
    full_new_term: bool
    custom_end: Day | None
    price_before: MonthlyPrice | None = strawberry.field(
        description="All seats for a month at retail; null where no loaded list tells."
    )
    price_after: MonthlyPrice | None
    takes_effect: Day | None = strawberry.field(
        description="The day on which it takes effect, where that is later than it is done."
    )
    members: list[MemberStep] = strawberry.field(description="Add-ons that move along.")
    call: ApiCall | None = strawberry.field(description="Null for what people do.")
    batch_rows: list[BatchRow] = strawberry.field(
        description="One for the subscription, then one for each that moves along."
    )
    clears: list[str] = strawberry.field(description="Codes of the blockers that it removes.")
    readiness: Readiness
    source: str
    value: strawberry.Private[planner.PlanStep]

    @strawberry.field(name="from", description="The offer it leaves, if the catalog has it.")
    def origin(self, info: Info) -> Offer | None:
        return known_offer(info.context.asked.catalog, self.value.origin)

    @strawberry.field(name="to", description="The offer it moves to, if the catalog has it.")
    def target(self, info: Info) -> Offer | None:
        return known_offer(info.context.asked.catalog, self.value.target)

    @strawberry.field(description="What was found about it and does not stop it.")
    def blockers(self) -> list[Blocker]:
        return show_blockers(self.value.blockers)

    @strawberry.field(description="Rules that could not be answered.")
    def unanswered(self) -> list[Unanswered]:
        return show_unanswered(self.value.unanswered)

    @strawberry.field(description="What is taken for granted.")
    def assumes(self) -> list[Assumption]:
        return show_assumptions(self.value.assumes)


def known_offer(catalog: Catalog, offer: CatalogId | None) -> Offer | None:
    """Return an offer; None where this catalog does not have it, as an older plan may name one."""
    return offer_of(catalog, offer) if offer is not None and offer in catalog.offers else None


def show_steps(steps: Iterable[planner.PlanStep]) -> list[PlanStep]:
    return [show_step(step) for step in steps]


def show_step(value: planner.PlanStep) -> PlanStep:
    return PlanStep(
        key=value.key,
        kind=value.kind,
        message=value.message,
        subscription_id=value.subscription_id,
        title=value.title,
        actor=value.actor,
        role=value.role,
        earliest=_due(value.earliest),
        latest=None if value.latest is None else _due(value.latest),
        if_not_done=value.if_not_done,
        needs=list(value.needs),
        from_id=value.origin,
        to_id=value.target,
        transition_kind=value.transition_kind,
        evidence=value.evidence,
        mode=value.mode,
        into_subscription_id=value.into,
        seats_before=_sum(value.seats_before),
        seats_after=_sum(value.seats_after),
        part=value.part,
        term=value.term,
        billing_cycle=value.billing_cycle,
        full_new_term=value.full_new_term,
        custom_end=day_or_none(value.custom_end),
        price_before=show_monthly(value.price_before),
        price_after=show_monthly(value.price_after),
        takes_effect=day_or_none(value.takes_effect),
        members=[_member(member) for member in value.members],
        call=_call(value.call),
        batch_rows=[_row(row) for row in value.batch_rows],
        clears=list(value.clears),
        readiness=value.readiness,
        source=value.source,
        value=value,
    )


def show_monthly(value: money.MonthlyPrice | None) -> MonthlyPrice | None:
    if value is None:
        return None
    return MonthlyPrice(
        amount=value.amount,
        currency=value.currency,
        source=value.source,
        as_of=day_or_none(value.as_of),
    )


def _sum(value: int | None) -> SafeInt | None:
    return None if value is None else SafeInt(value)


def _due(value: planner.Due) -> Due:
    return Due(day=Day(value.day), because=value.because)


def _member(value: planner.MemberStep) -> MemberStep:
    return MemberStep(
        subscription_id=value.subscription_id,
        title=value.title,
        seats=value.seats,
        term=value.term,
        billing_cycle=value.billing_cycle,
        full_new_term=value.full_new_term,
        from_id=value.origin,
        to_id=value.target,
    )


def _call(value: planner.ApiCall | None) -> ApiCall | None:
    if value is None:
        return None
    body = None if value.body is None else JSON(plain(value.body))
    return ApiCall(method=value.method, path=value.path, body=body, note=value.note)


def plain(value: Json) -> object:
    """Return a JSON value with dicts and lists alone."""
    if isinstance(value, Mapping):
        return {name: plain(member) for name, member in value.items()}
    return [plain(member) for member in value] if isinstance(value, tuple) else value


def _row(value: planner.BatchRow) -> BatchRow:
    cells = [BatchCell(column=column, value=cell) for column, cell in value.columns]
    return BatchRow(file=value.file, cells=cells)
