"""The report of where each subscription can go: every target, judged and priced at retail."""

from dataclasses import dataclass, replace

from planner.customers import Customer, Subscription
from planner.goals import NewCommerceGoal
from planner.no_path import NoPath
from planner.options import NotInCatalog, Option, judge, ways
from planner.paths import Path, PathQuestion, paths
from planner.pricing.twelve_months import TwelveMonths, twelve_months
from resolvers.asked import Asked
from resolvers.customers.customers import in_order
from resolvers.reports.about_customers import (
    CustomersQuestion,
    CustomersReport,
    CustomersRequest,
    customers_question,
)


@dataclass(frozen=True, slots=True)
class SubscriptionOptions:
    """One subscription, its ways in order of merit, and what it costs now and in each target."""

    subscription: Subscription
    options: tuple[Option, ...]
    without: NoPath | NotInCatalog | None
    """Why there is no way; None where there is one."""
    prices: TwelveMonths


@dataclass(frozen=True, slots=True)
class CustomerOptions:
    """A customer with the options of all our subscriptions, in order of title and id."""

    customer: Customer
    subscriptions: tuple[SubscriptionOptions, ...]


def options_report(asked: Asked, request: CustomersRequest) -> CustomersReport[CustomerOptions]:
    """Return the report on those customers' options. Raises: BadInput."""
    return CustomersReport(customers_question(asked, request), _options)


async def _options(question: CustomersQuestion, customer: Customer) -> CustomerOptions:
    told = [await _ways(question, customer, held) for held in in_order(customer.holdings.own)]
    return CustomerOptions(customer, tuple(told))


async def _ways(
    question: CustomersQuestion, customer: Customer, held: Subscription
) -> SubscriptionOptions:
    work, options = question.work, []
    async with work.turn():
        found = ways(question.catalog, customer, held, question.scope)
    for path in () if isinstance(found, NotInCatalog) else found:
        async with work.turn():
            options.append(_judged(question, customer, held, path))
    async with work.turn():
        targets = (option.target for option in options)
        prices = twelve_months(question.catalog, customer, held, targets, on=question.scope.day)
        without = None if options else _why_none(question, customer, held, found)
    return SubscriptionOptions(held, tuple(options), without, prices)


def _judged(
    question: CustomersQuestion, customer: Customer, held: Subscription, path: Path
) -> Option:
    return judge(
        question.catalog,
        customer,
        held,
        path,
        question.scope,
        choices=question.choices,
        acting=question.acting,
    )


def _why_none(
    question: CustomersQuestion,
    customer: Customer,
    held: Subscription,
    found: tuple[Path, ...] | NotInCatalog,
) -> NoPath | NotInCatalog | None:
    """Return why a subscription has no way to new commerce from where it is."""
    if isinstance(found, NotInCatalog):
        return found
    origin = held.catalog_id
    if origin is None:
        return None
    local = replace(question.scope, market=question.scope.market or customer.market)
    answer = paths(question.catalog, PathQuestion(origin, NewCommerceGoal(), local))
    return answer if isinstance(answer, NoPath) else None
