"""A portfolio's rows are what each subscription would be told alone; its summary is their count."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.baselines.baseline import BaselineEvent, baseline
from planner.baselines.rules import BaselineCode
from planner.blockers import Severity
from planner.catalog import Catalog
from planner.customers import Customer
from planner.ids import CatalogId
from planner.no_path import NoPath
from planner.offers import Price, Segment
from planner.options import Option, blockers, needs_move
from planner.portfolios.money import MonthlyRetail, RetailPrices
from planner.portfolios.portfolio import BestWays, Standing, held_of
from planner.portfolios.summary import MoneyTally, PortfolioCounts, PortfolioSummary, Tally
from planner.portfolios.verdicts import PortfolioQuestion, Verdicts
from planner.pricing.cost_now import cost_now
from planner.pricing.prices import PriceNotKnown
from planner.profiles import LegacyUpgradePolicy
from planner.readiness import Readiness
from planner.scope import Scope
from tests.examples import checked
from tests.planner.builders import (
    ADMIN,
    NOW,
    SCOPE,
    catalog,
    complete,
    customer,
    facts,
    from_facts,
    oid,
    sold_and_billed,
    subscription,
    trusting,
)
from tests.planner.portfolios.likeness_worlds import CATALOG, a_customer

QUESTION = PortfolioQuestion(CATALOG, SCOPE, ADMIN)
seeds = st.integers(0, 2**32)


def _customers(seed: int, count: int = 6) -> list[Customer]:
    """Return customers under ids of their own, each subscription once."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    found = []
    for number in range(count):
        one = a_customer(dice)
        own = {held.subscription_id: held for held in one.holdings.own}
        holdings = replace(one.holdings, own=tuple(own.values()))
        found.append(replace(one, customer_id=f"{number:08}", holdings=holdings))
    return found


def _summary(customers: list[Customer], question: PortfolioQuestion = QUESTION) -> PortfolioSummary:
    verdicts = Verdicts(question)
    counts = PortfolioCounts(question.catalog, question.scope)
    for one in customers:
        counts.add(one, verdicts.rows(one))
    return counts.result()


# ---------------------------------------------------------------------------------- best ways


@checked(60)
@given(seeds, st.sampled_from(LegacyUpgradePolicy))
def test_the_best_way_is_the_one_that_blockers_judges(
    seed: int, policy: LegacyUpgradePolicy
) -> None:
    scope = Scope(NOW + timedelta(hours=5), policy=policy)
    ways = BestWays(CATALOG, scope)
    for held in _customers(seed, 3):
        for one in held.holdings.own:
            way = ways.of(one.catalog_id)
            if not needs_move(one):
                assert way.standing in (Standing.IN_NEW_COMMERCE, Standing.NO_OFFER)
                continue
            answer = blockers(CATALOG, held, one, scope)
            if isinstance(answer, Option):
                assert (way.standing, way.path) == (Standing.CAN_MOVE, answer.path)
            elif isinstance(answer, NoPath):
                assert (way.standing, way.no_path) == (Standing(answer.verdict.value), answer)
            else:
                assert way.standing is Standing.NOT_IN_CATALOG


def test_an_offer_is_searched_once() -> None:
    ways = BestWays(CATALOG, SCOPE)
    assert ways.of(oid("A")) is ways.of(oid("A"))


@pytest.mark.parametrize(
    ("offer", "standing"),
    [
        (oid("A"), Standing.CAN_MOVE),
        (oid("a"), Standing.IN_NEW_COMMERCE),
        (oid("b"), Standing.IN_NEW_COMMERCE),
        (oid("Z"), Standing.NOT_IN_CATALOG),
        (None, Standing.NO_OFFER),
    ],
)
def test_every_subscription_stands_somewhere(offer: str | None, standing: Standing) -> None:
    way = BestWays(catalog("A>a migration documented"), SCOPE).of(
        None if offer is None else oid(offer)
    )
    assert way.standing is standing
    assert (way.target is not None) == (standing is Standing.CAN_MOVE)


def test_no_way_says_why() -> None:
    way = BestWays(catalog("A>B upgrade documented, A!a migration documented"), SCOPE).of(oid("B"))
    assert way.standing in (Standing.IMPOSSIBLE, Standing.NOT_KNOWN)
    assert way.no_path is not None
    assert way.path is None


def test_the_scope_decides_which_way_is_best() -> None:
    made = catalog("A>B upgrade documented, B>b migration documented")
    excluded = replace(SCOPE, policy=LegacyUpgradePolicy.EXCLUDE)
    assert BestWays(made, SCOPE).of(oid("A")).target == oid("b")
    assert BestWays(made, excluded).of(oid("A")).path is None


# ---------------------------------------------------------------------------------- the summary


@checked(60)
@given(seeds)
def test_the_summary_counts_what_the_rows_say(seed: int) -> None:
    customers = _customers(seed)
    verdicts = Verdicts(QUESTION)
    rows = [row for one in customers for row in verdicts.rows(one)]
    summary = _summary(customers)
    assert summary.total.subscriptions == len(rows)
    assert summary.total.seats == sum(row.held.seats or 0 for row in rows)
    assert summary.total.seats_unknown == sum(row.held.seats is None for row in rows)
    assert summary.customers == len(customers)
    standings = Counter(row.way.standing for row in rows)
    assert {name: tally.subscriptions for name, tally in summary.standings} == dict(standings)
    judged = [row.judged for row in rows if row.judged]
    assert {name: tally.subscriptions for name, tally in summary.readiness} == dict(
        Counter(one.readiness for one in judged)
    )
    findings = Counter(finding for one in judged for finding in one.findings)
    assert {(one.code, one.severity): one.tally.subscriptions for one in summary.blockers} == dict(
        findings
    )
    targets = Counter(row.target for row in rows if row.target)
    assert {one.target: one.tally.subscriptions for one in summary.targets} == dict(targets)
    renewing = sum(tally.subscriptions for _, tally in summary.renewals)
    past, unknown = summary.renewals_past.subscriptions, summary.renewals_unknown.subscriptions
    assert renewing + past + unknown == len(rows)
    assert unknown == sum(row.held.last_day in (None, date.max) for row in rows)


@checked(40)
@given(seeds, st.randoms(use_true_random=False))
def test_the_order_of_customers_makes_no_difference(seed: int, dice: random.Random) -> None:
    customers = _customers(seed)
    shuffled = list(customers)
    dice.shuffle(shuffled)
    assert _summary(shuffled) == _summary(customers)


@checked(40)
@given(seeds)
def test_events_are_those_of_the_baseline_each_once_for_a_month(seed: int) -> None:
    customers = _customers(seed)
    expected: Counter[tuple[date | None, BaselineCode]] = Counter()
    for held in customers:
        own = {one.subscription_id for one in held.holdings.own}
        told = {
            (one.subscription_id, _month(one), one.code)
            for one in baseline(CATALOG, held, at=NOW).events
            if one.subscription_id in own
            and one.code not in (BaselineCode.RENEWS, BaselineCode.SCHEDULED_CHANGE)
        }
        expected.update((month, code) for _, month, code in told)
    summary = _summary(customers)
    assert {(one.month, one.code): one.tally.subscriptions for one in summary.events} == dict(
        expected
    )
    keys = [(one.month or date.max, one.code.value) for one in summary.events]
    assert keys == sorted(keys)


def _month(event: BaselineEvent) -> date | None:
    is_past = event.code is BaselineCode.DATA_LOOKS_OLD
    return None if is_past or event.day is None else event.day.replace(day=1)


def test_lists_are_in_their_order() -> None:
    summary = _summary(_customers(5, 60))
    weights = [
        (list(Severity).index(one.severity), -one.tally.subscriptions) for one in summary.blockers
    ]
    assert weights == sorted(weights)
    seats = [-one.tally.seats for one in summary.targets]
    assert seats == sorted(seats)
    months = [month for month, _ in summary.renewals]
    assert months == sorted(months)
    assert all(month.day == 1 for month in months)
    order = list(Readiness)
    assert [order.index(name) for name, _ in summary.readiness] == sorted(
        order.index(name) for name, _ in summary.readiness
    )


def test_of_many_targets_the_fifty_with_most_seats_are_told() -> None:
    made = _with_pairs(53)
    held = [
        replace(complete(subscription("A", seats=number + 1, number=number)), catalog_id=legacy)
        for number, (legacy, _) in enumerate(_pairs(53))
    ]
    summary = _summary([customer(*held)], PortfolioQuestion(made, SCOPE, ADMIN))
    assert [one.target for one in summary.targets] == [new for _, new in _pairs(53)][:2:-1]
    assert summary.targets[0].tally == Tally(1, 53, 0)
    assert summary.targets_left_out == 3


def _pairs(count: int) -> list[tuple[CatalogId, CatalogId]]:
    return [
        (
            CatalogId(f"{number:08X}-0000-0000-0000-000000000000"),
            CatalogId(f"CFQ7TTC0{number:04}:0001"),
        )
        for number in range(count)
    ]


def _with_pairs(count: int) -> Catalog:
    """Return a catalog with that many migrations, each to a target of its own."""
    model = facts("A>a migration documented")
    legacy, new = model.offers
    pairs = _pairs(count)
    offers = [replace(legacy, catalog_id=one) for one, _ in pairs]
    offers += [replace(new, catalog_id=one) for _, one in pairs]
    told = tuple(replace(model.claims[0], origin=one, target=other) for one, other in pairs)
    return from_facts(replace(model, offers=tuple(offers), claims=told))


def test_renewals_fall_on_the_day_after_the_term() -> None:
    ends = (date(2026, 11, 22), date(2026, 11, 30), date(2026, 12, 31), None)
    held = [
        replace(complete(subscription("A", number=n)), last_day=day) for n, day in enumerate(ends)
    ]
    summary = _summary([customer(*held)])
    assert [month for month, _ in summary.renewals] == [date(2026, 12, 1), date(2027, 1, 1)]
    assert summary.renewals_past.subscriptions == 1
    assert summary.renewals_unknown.subscriptions == 1


def test_a_portfolio_of_nothing_is_all_zeroes() -> None:
    summary = _summary([])
    assert summary.total == Tally(0, 0, 0)
    assert summary.customers == summary.money_unknown == summary.targets_left_out == 0
    assert not summary.standings


def test_a_customer_of_whom_nothing_is_counted_is_not_counted() -> None:
    counts = PortfolioCounts(CATALOG, SCOPE)
    counts.add(customer(subscription("A")), ())
    assert counts.result().customers == 0


# ---------------------------------------------------------------------------------------- money


def _price(offer: str, amount: str, term: str, billing: str, market: str = "US") -> Price:
    currency = "USD" if market == "US" else "EUR"
    return Price(
        oid(offer),
        Segment.COMMERCIAL,
        term,
        billing,
        market,
        currency,
        Decimal(amount),
        None,
        None,
        "list",
    )


PRICED = from_facts(
    replace(
        sold_and_billed(facts("A>a migration documented, B>b migration documented")),
        prices=(
            _price("A", "5.00", "P1M", "Monthly"),
            _price("A", "4.00", "P1M", "Monthly", "DE"),
            _price("a", "72.00", "P1Y", "Monthly"),
            _price("a", "66.00", "P1Y", "Annual"),
            _price("a", "60.00", "P1Y", "Monthly", "DE"),
            _price("b", "12.00", "P1Y", "Monthly"),
        ),
    )
)


def test_money_is_the_seats_at_retail_now_and_after_by_currency() -> None:
    here = trusting(customer(complete(subscription("A", 10))))
    there = replace(here, customer_id="1" * 8, market="DE")
    summary = _summary([here, there], PortfolioQuestion(PRICED, SCOPE, ADMIN))
    assert summary.money == (
        MoneyTally("EUR", 1, Decimal("40.00"), Decimal("50.00")),
        MoneyTally("USD", 1, Decimal("50.00"), Decimal("60.00")),
    )
    assert summary.money_unknown == 0


@pytest.mark.parametrize(
    "changed",
    [{"seats": None}, {"billing_cycle": None}, {"term": "P3Y"}, {"catalog_id": oid("B")}],
)
def test_a_price_that_nobody_tells_is_counted_as_not_known(changed: dict[str, object]) -> None:
    held = replace(complete(subscription("A", 10)), **changed)  # type: ignore[arg-type]
    summary = _summary([customer(held)], PortfolioQuestion(PRICED, SCOPE, ADMIN))
    assert summary.money == ()
    assert summary.money_unknown == 1


def test_what_stays_has_no_price_to_compare() -> None:
    held = complete(subscription("a", 10))
    summary = _summary([customer(held)], PortfolioQuestion(PRICED, SCOPE, ADMIN))
    assert (summary.money, summary.money_unknown) == ((), 0)


@checked(60)
@given(seeds)
def test_prices_looked_up_once_are_those_of_each_subscription(seed: int) -> None:
    prices = RetailPrices(PRICED, NOW.date())
    for held in _customers(seed):
        for one in held.holdings.own:
            if one.catalog_id not in (oid("A"), oid("B")):
                continue
            target = oid("a") if one.catalog_id == oid("A") else oid("b")
            now = cost_now(PRICED, held, one, on=NOW.date()).cost
            begun_today = replace(one, catalog_id=target, last_day=None)
            after = cost_now(PRICED, held, begun_today, on=NOW.date()).cost
            told = prices.of(held, one, target)
            assert told.now == (None if isinstance(now, PriceNotKnown) else now.monthly)
            assert told.after == (None if isinstance(after, PriceNotKnown) else after.monthly)
            assert (told.currency is None) == (None in (told.now, told.after))


def test_amounts_in_two_currencies_are_not_compared() -> None:
    made = from_facts(
        replace(
            sold_and_billed(facts("A>a migration documented")),
            prices=(
                _price("A", "5.00", "P1M", "Monthly"),
                replace(_price("a", "72.00", "P1Y", "Monthly"), currency="EUR"),
            ),
        )
    )
    held = customer(complete(subscription("A", 10)))
    told = RetailPrices(made, NOW.date()).of(held, held.holdings.own[0], oid("a"))
    assert told == MonthlyRetail(Decimal("50.00"), Decimal("60.00"), None)
    assert _summary([held], PortfolioQuestion(made, SCOPE, ADMIN)).money_unknown == 1


def test_a_row_tells_the_subscription_as_it_is() -> None:
    held = trusting(customer(complete(subscription("A", 10))))
    (row,) = Verdicts(QUESTION).rows(held)
    one = held.holdings.own[0]
    assert row.held == held_of(held, one)
    assert (row.held.customer_name, row.held.seats) == ("Contoso", 10)
    assert row.held.last_day == one.last_day
