"""The report on options and the portfolio add up the same retail prices."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from formats.reports.price_columns import PricedOption, priced_option
from planner.customers import Customer, Subscription
from planner.customers import SubscriptionState as State
from planner.portfolios.portfolio import PortfolioRow
from planner.portfolios.summary import PortfolioCounts, PortfolioSummary
from planner.portfolios.verdicts import PortfolioQuestion, Verdicts
from planner.pricing.twelve_months import twelve_months
from tests.formats.sample.test_sample_portfolio import NAMES, SCOPE, catalog, customers


@cache
def _rows(name: str) -> tuple[tuple[Subscription, PortfolioRow], ...]:
    customer = customers()[name]
    rows = Verdicts(PortfolioQuestion(catalog(), SCOPE)).rows(customer)
    return tuple(zip(customer.holdings.own, rows, strict=True))


def _summary(*names: str) -> PortfolioSummary:
    counts = PortfolioCounts(catalog(), SCOPE)
    for name in names:
        counts.add(customers()[name], [row for _, row in _rows(name)])
    return counts.result()


def _priced(customer: Customer, held: Subscription, row: PortfolioRow) -> PricedOption:
    assert row.target is not None
    told = twelve_months(catalog(), customer, held, [row.target], on=SCOPE.day)
    return priced_option(held, told, row.target)


def _reported(name: str) -> Iterator[tuple[str, Decimal, Decimal] | None]:
    """Yield what the report says of each best target: None where it does not price both."""
    for held, row in _rows(name):
        if row.target is None or held.state in (State.EXPIRED, State.DISABLED, State.DELETED):
            continue
        told = _priced(customers()[name], held, row)
        then = told.then.cost if told.then and told.has_same_term else None
        now = told.now
        if now is None or then is None or now.monthly is None or then.monthly is None:
            yield None
            continue
        is_compared = now.quote.currency == then.quote.currency
        yield (then.quote.currency, now.monthly, then.monthly) if is_compared else None


def test_the_portfolios_money_is_the_sum_of_the_reports_lines() -> None:
    lines, after, unknown = Counter[str](), dict[str, Decimal](), 0
    before: dict[str, Decimal] = {}
    for name in NAMES:
        for line in _reported(name):
            if line is None:
                unknown += 1
                continue
            currency, old, new = line
            lines[currency] += 1
            before[currency] = before.get(currency, Decimal(0)) + old
            after[currency] = after.get(currency, Decimal(0)) + new
    summary = _summary(*NAMES)
    assert unknown == summary.money_unknown
    assert lines, "no line of the sample is priced"
    assert {one.currency: (one.subscriptions, one.now, one.after) for one in summary.money} == {
        currency: (lines[currency], before[currency], after[currency]) for currency in lines
    }


def test_the_sample_has_subscriptions_that_are_over_and_none_is_counted_as_paid() -> None:
    over = [
        (customers()[name], held, row)
        for name in NAMES
        for held, row in _rows(name)
        if held.state in (State.EXPIRED, State.DISABLED, State.DELETED)
    ]
    assert {held.state for _, held, _ in over} == {State.EXPIRED, State.DISABLED, State.DELETED}
    for customer, held, row in over:
        told = twelve_months(
            catalog(), customer, held, [row.target] if row.target else [], on=SCOPE.day
        )
        assert priced_option(held, told, row.target).now is None


@pytest.mark.parametrize("missing", ["term", "billing_cycle"])
def test_an_unknown_term_or_billing_leaves_the_price_of_the_target_unknown(missing: str) -> None:
    seen = 0
    for name in NAMES:
        for held, row in _rows(name):
            if row.target is None:
                continue
            no_term = missing == "term"
            untold = replace(held, term=None) if no_term else replace(held, billing_cycle=None)
            told = _priced(customers()[name], untold, row)
            assert told.then is None
            assert not told.has_same_term
            seen += bool(told.missing)
    assert seen
