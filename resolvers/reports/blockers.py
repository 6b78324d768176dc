"""The report of what stops each subscription: every one of ours, judged on its best way."""

from dataclasses import dataclass

from planner.customers import Customer, Subscription
from planner.instead import Instead, instead_of
from planner.no_path import NoPath
from planner.options import NotInCatalog, Option, blockers
from resolvers.asked import Asked
from resolvers.customers.customers import in_order
from resolvers.reports.about_customers import (
    CustomersQuestion,
    CustomersReport,
    CustomersRequest,
    customers_question,
)


@dataclass(frozen=True, slots=True)
class JudgedSubscription:
    """One subscription and its best way to any new-commerce SKU, judged, or why there is none."""

    subscription: Subscription
    answer: Option | NoPath | NotInCatalog | None
    """None where it is of a new-commerce SKU already."""
    instead: Instead | None = None
    """What is open where that way is BLOCKED; None where nothing is."""


@dataclass(frozen=True, slots=True)
class JudgedCustomer:
    """A customer with all of our subscriptions, in order of title and id."""

    customer: Customer
    judged: tuple[JudgedSubscription, ...]


def blockers_report(asked: Asked, request: CustomersRequest) -> CustomersReport[JudgedCustomer]:
    """Return the report on those customers' subscriptions. Raises: BadInput."""
    return CustomersReport(customers_question(asked, request), _judged)


async def _judged(question: CustomersQuestion, customer: Customer) -> JudgedCustomer:
    judged: list[JudgedSubscription] = []
    for held in in_order(customer.holdings.own):
        async with question.work.turn():
            judged.append(_subscription(question, customer, held))
    return JudgedCustomer(customer, tuple(judged))


def _subscription(
    question: CustomersQuestion, customer: Customer, held: Subscription
) -> JudgedSubscription:
    answer = _answer(question, customer, held)
    if not isinstance(answer, Option):
        return JudgedSubscription(held, answer)
    instead = instead_of(
        question.catalog,
        customer,
        held,
        question.scope,
        answer,
        named=False,
        acting=question.acting,
    )
    return JudgedSubscription(held, answer, instead)


def _answer(
    question: CustomersQuestion, customer: Customer, held: Subscription
) -> Option | NoPath | NotInCatalog | None:
    if held.is_new_commerce:
        return None
    return blockers(
        question.catalog,
        customer,
        held,
        question.scope,
        choices=question.choices,
        acting=question.acting,
    )
