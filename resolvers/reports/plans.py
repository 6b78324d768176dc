"""The reports on every customer's plans: one made anew, or those that are saved."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from planner.catalog import Catalog
from planner.customers import Customer
from planner.plans.saved.question import PlanQuestion, answer
from planner.plans.saved.staleness import Freshness
from planner.plans.told.steps import Plan
from planner.rules import Mode
from planner.search import Stopped
from resolvers.asked import Asked
from resolvers.catalog.moves import ScopeRequest
from resolvers.codes.code import Code
from resolvers.plans.status import Mark, PlanStatus, event_of, freshness_for, marks_of, status_of
from resolvers.problems import BadInput
from resolvers.records.plans import PlanEventKind, PlanKey, SavedPlan
from resolvers.reports.about_customers import (
    CustomersQuestion,
    CustomersReport,
    CustomersRequest,
    customers_question,
)


@dataclass(frozen=True, slots=True)
class PlannedCustomer:
    """A customer and its plan: every legacy subscription to new commerce."""

    customer: Customer
    plan: Plan


def plans_report(asked: Asked, request: CustomersRequest) -> CustomersReport[PlannedCustomer]:
    """Return the report on those customers' plans, as they are made anew. Raises: BadInput."""
    return CustomersReport(customers_question(asked, request), _planned)


async def _planned(question: CustomersQuestion, customer: Customer) -> PlannedCustomer:
    # A plan may take a second: in a thread, so that the event loop goes on meanwhile.
    asked = PlanQuestion(question.scope, choices=question.choices, acting=question.acting)
    plan = await question.work.in_thread(partial(_plan, question.catalog, customer, asked))
    return PlannedCustomer(customer, plan)


def _plan(catalog: Catalog, customer: Customer, asked: PlanQuestion, stopped: Stopped) -> Plan:
    return answer(catalog, customer, asked, stopped=stopped)


# Saved ones


@dataclass(frozen=True, slots=True)
class StandingPlan:
    """A saved plan, where it stands and whether it holds."""

    saved: SavedPlan
    freshness: Freshness

    @property
    def plan_id(self) -> str:
        return self.saved.plan_id

    @property
    def created_at(self) -> datetime:
        return self.saved.created_at

    @property
    def created_by(self) -> str:
        return self.saved.created_by

    @property
    def status(self) -> PlanStatus:
        return status_of(self.saved)

    @property
    def fingerprint(self) -> str:
        return self.saved.fingerprint

    @property
    def marks(self) -> Mapping[str, Mark]:
        return marks_of(self.saved)

    @property
    def superseded_by(self) -> str | None:
        event = event_of(self.saved, PlanEventKind.SUPERSEDED)
        return None if event is None else event.superseded_by

    @property
    def plan(self) -> Plan:
        return self.saved.plan


@dataclass(frozen=True, slots=True)
class CustomerWithPlans:
    """A customer and its saved plans, newest first; of most there are none."""

    customer: Customer
    plans: tuple[StandingPlan, ...]


_PLANS_AT_A_TIME = 50


def saved_plans_report(
    asked: Asked, request: CustomersRequest
) -> CustomersReport[CustomerWithPlans]:
    """Return the report on those customers' saved plans, at the request's instant.

    Raises: BadInput; SCOPE_NOT_ASKED for an instant or a preference, which saved plans bring along.
    """
    if request.scope != ScopeRequest() or request.mode is not Mode.WITHOUT_LICENSE_TRANSFER:
        raise BadInput(
            Code.SCOPE_NOT_ASKED,
            "saved plans are told as they were made and as they stand now: no instant, policy, "
            "profile or licence transfer can be asked for",
            remedy="Leave those out, or have the plans made anew, without `saved`",
        )
    return CustomersReport(customers_question(asked, request), _with_plans)


async def _with_plans(question: CustomersQuestion, customer: Customer) -> CustomerWithPlans:
    found = [
        await question.work.in_thread(partial(_standing, question.asked, customer, saved))
        async for saved in _saved_of(question.asked, customer)
    ]
    return CustomerWithPlans(customer, tuple(found))


def _standing(
    asked: Asked, customer: Customer, saved: SavedPlan, _stopped: Stopped
) -> StandingPlan:
    return StandingPlan(saved, freshness_for(asked, saved, customer))


async def _saved_of(asked: Asked, customer: Customer) -> AsyncGenerator[SavedPlan]:
    after, has_next = None, True
    while has_next:
        page = await asked.plans.page(
            asked.principal, customer.customer_id, first=_PLANS_AT_A_TIME, after=after
        )
        for saved in page.plans:
            yield saved
            after = PlanKey(saved.created_at, saved.plan_id)
        has_next = page.has_next
