"""The report of every customer's plan: what comes of each goal, and the steps that lead there."""

from dataclasses import dataclass
from functools import partial

from planner.catalog import Catalog
from planner.customers import Customer
from planner.plans.question import PlanQuestion, answer
from planner.plans.steps import Plan
from planner.search import Stopped
from resolvers.asked import Asked
from resolvers.customer_reports import (
    CustomersQuestion,
    CustomersReport,
    CustomersRequest,
    customers_question,
    in_thread,
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
    # A plan may take a second: in a thread, so that others get their turns meanwhile.
    asked = PlanQuestion(question.scope, choices=question.choices, acting=question.acting)
    plan = await in_thread(partial(_plan, question.catalog, customer, asked))
    return PlannedCustomer(customer, plan)


def _plan(catalog: Catalog, customer: Customer, asked: PlanQuestion, stopped: Stopped) -> Plan:
    return answer(catalog, customer, asked, stopped=stopped)
