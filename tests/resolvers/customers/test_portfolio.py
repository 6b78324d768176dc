"""The portfolio of the sample customers: row by row as asked alone, counted, and in waves."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from uuid import uuid4

import pytest
import pytest_asyncio

from formats.sample.portfolio import sample_as_of, sample_portfolio
from planner.customers import Customer
from planner.offers import Segment
from planner.options import Option, needs_move
from planner.permissions import Role
from planner.portfolios.migration_waves import TooManyRows, Waves
from planner.portfolios.portfolio import EVERY_CUSTOMER, CustomerFilter, PortfolioRow, Standing
from planner.readiness import Readiness
from planner.rules import NO_CHOICES, Mode
from resolvers.asked import Asked
from resolvers.catalog.moves import ScopeRequest
from resolvers.customers.judgements import customer_blockers
from resolvers.customers.portfolio import (
    PortfolioRequest,
    portfolio_batches,
    portfolio_rows,
    portfolio_summary,
    portfolio_waves,
)
from resolvers.problems import BadInput
from resolvers.records.customers import CustomerKey
from resolvers.records.principal import Principal
from tests.memory_stores import MemoryCustomerStore

EVERYTHING = PortfolioRequest()
FLAT = PortfolioRequest(with_rules=False)


@pytest_asyncio.fixture
async def sample(bundled: Asked) -> Asked:
    """Give a question about the sample portfolio, on the day that it speaks for."""
    principal = Principal(str(uuid4()), frozenset(Role))
    customers = MemoryCustomerStore()
    await customers.ensure_partner(principal, name="sample")
    await customers.store(principal, sample_portfolio())
    stores = replace(bundled.stores, customers=customers)
    return replace(bundled, principal=principal, stores=stores, now=sample_as_of())


async def _rows(asked: Asked, request: PortfolioRequest = EVERYTHING) -> list[PortfolioRow]:
    return [row async for row in portfolio_rows(asked, request)]


async def _customers(asked: Asked) -> list[Customer]:
    stream = asked.customers.stream(asked.principal, EVERY_CUSTOMER)
    return [one async for batch in stream for one in batch]


# ---------------------------------------------------------------------------------------- rows


async def test_every_own_subscription_is_one_row_in_order(sample: Asked) -> None:
    rows = await _rows(sample)
    held = [
        (one.name, one.customer_id, own.subscription_id)
        for one in await _customers(sample)
        for own in one.holdings.own
    ]
    assert [
        (row.held.customer_name, row.held.customer_id, row.held.subscription_id) for row in rows
    ] == held
    assert len(rows) > 60


async def test_a_row_says_what_the_customer_s_own_question_says(sample: Asked) -> None:
    """Readiness, findings and target are those of `customer_blockers`."""
    rows = {(row.held.customer_id, row.held.subscription_id): row for row in await _rows(sample)}
    judged = 0
    for one in await _customers(sample):
        answer = customer_blockers(sample, one, ScopeRequest(), target=None, choices=NO_CHOICES)
        assert isinstance(answer, tuple)
        assert len(answer) == sum(map(needs_move, one.holdings.own))
        for told in answer:
            row = rows[one.customer_id, told.subscription.subscription_id]
            if not isinstance(told.answer, Option):
                assert row.judged is None
                continue
            judged += 1
            assert row.judged is not None
            assert row.way.path == told.answer.path
            assert row.judged.readiness is told.answer.readiness
            found = {(each.code, each.severity) for each in told.answer.blockers}
            assert set(row.judged.findings) == found
            assert set(row.judged.unanswered) == {each.rule for each in told.answer.unanswered}
    assert judged > 40


async def test_flat_rows_are_the_same_without_the_rules(sample: Asked) -> None:
    flat = await _rows(sample, FLAT)
    assert flat == [replace(row, judged=None) for row in await _rows(sample)]


async def test_batches_hold_the_rows_and_are_never_empty(sample: Asked) -> None:
    for request in (EVERYTHING, FLAT):
        batches = [batch async for batch in portfolio_batches(sample, request)]
        assert all(batches)
        assert [row for batch in batches for row in batch] == await _rows(sample, request)


@pytest.mark.parametrize(
    "request_",
    [
        PortfolioRequest(market="us"),
        PortfolioRequest(segment=Segment.EDUCATION),
        PortfolioRequest(text="dental"),
        PortfolioRequest(readiness=Readiness.UNKNOWN),
        PortfolioRequest(target="cfq7ttc0lh18:0001"),
        PortfolioRequest(target="CFQ7TTC0LH18:0001", with_rules=False),
    ],
)
async def test_a_filter_leaves_rows_out_and_changes_none(
    sample: Asked, request_: PortfolioRequest
) -> None:
    everything = await _rows(sample, replace(EVERYTHING, with_rules=request_.with_rules))
    found = await _rows(sample, request_)
    assert 0 < len(found) < len(everything)
    whose = {one.customer_id: one for one in await _customers(sample)}
    assert found == [row for row in everything if _is_meant(row, whose, request_)]


def _is_meant(row: PortfolioRow, whose: dict[str, Customer], request: PortfolioRequest) -> bool:
    owner = whose[row.held.customer_id]
    names = f"{owner.name} {owner.domain}".casefold()
    return (
        (request.text or "") in names
        and request.segment in (None, owner.segment)
        and (request.market is None or owner.market == request.market.upper())
        and (request.target is None or row.target == request.target.upper())
        and (
            request.readiness is None
            or (row.judged is not None and row.judged.readiness is request.readiness)
        )
    )


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (PortfolioRequest(market="nowhere"), "MALFORMED_MARKET"),
        (PortfolioRequest(target="x"), "MALFORMED_ID"),
        (PortfolioRequest(target="CFQ7TTC0ZZZZ:0001"), "OFFER_NOT_FOUND"),
        (PortfolioRequest(readiness=Readiness.READY, with_rules=False), "READINESS_NEEDS_RULES"),
        (PortfolioRequest(scope=ScopeRequest(max_steps=99)), "MAX_STEPS_OUT_OF_RANGE"),
    ],
)
async def test_a_question_that_is_wrong_is_refused_before_the_first_row(
    sample: Asked, request_: PortfolioRequest, code: str
) -> None:
    with pytest.raises(BadInput) as caught:
        await anext(portfolio_rows(sample, request_))
    assert caught.value.code == code


async def test_the_mode_is_asked_about(sample: Asked) -> None:
    with_transfer = replace(EVERYTHING, mode=Mode.WITH_LICENSE_TRANSFER)
    assert len(await _rows(sample, with_transfer)) == len(await _rows(sample))


# -------------------------------------------------------------------------- others, and the end


class Counting(MemoryCustomerStore):
    """A store that gives many customers at once, and tells whether its stream was closed."""

    closed = 0

    async def stream(
        self, principal: Principal, wanted: CustomerFilter
    ) -> AsyncGenerator[tuple[Customer, ...]]:
        try:
            found = [one async for batch in super().stream(principal, wanted) for one in batch]
            for _ in range(30):
                yield tuple(found)
        finally:
            self.closed += 1


@pytest_asyncio.fixture
async def many(sample: Asked) -> tuple[Asked, Counting]:
    store = Counting()
    await store.ensure_partner(sample.principal, name="many")
    await store.store(sample.principal, sample_portfolio())
    return replace(sample, stores=replace(sample.stores, customers=store)), store


async def test_others_get_their_turn_while_rows_are_made(many: tuple[Asked, Counting]) -> None:
    asked, _ = many
    turns = 0

    async def tick() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    ticking = asyncio.create_task(tick())
    begun = time.perf_counter()
    await portfolio_summary(asked, EVERYTHING)
    seconds = time.perf_counter() - begun
    ticking.cancel()
    # Every five milliseconds of work, give or take what one customer costs and a slow machine.
    assert turns > seconds / 0.1


async def test_a_summary_that_is_stopped_says_how_far_it_got(many: tuple[Asked, Counting]) -> None:
    asked, store = many
    customers = await _customers(asked)
    left = iter(range(7))
    answer = await portfolio_summary(asked, EVERYTHING, stopped=lambda: next(left, None) is None)
    assert store.closed == 2
    assert not answer.progress.is_complete
    assert answer.progress.customers == 7
    assert answer.progress.last == CustomerKey(customers[6].name, customers[6].customer_id)
    assert answer.summary.total.subscriptions == sum(len(one.holdings.own) for one in customers[:7])


async def test_rows_that_nobody_reads_on_close_the_stream(many: tuple[Asked, Counting]) -> None:
    asked, store = many
    async with aclosing(portfolio_rows(asked, EVERYTHING)) as rows:
        await anext(rows)
    assert store.closed == 1


async def test_a_cancelled_task_closes_the_stream(many: tuple[Asked, Counting]) -> None:
    asked, store = many
    task = asyncio.create_task(portfolio_summary(asked, EVERYTHING))
    await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert store.closed == 1


# -------------------------------------------------------------------------- summary and waves


async def test_the_summary_counts_the_rows(sample: Asked) -> None:
    rows = await _rows(sample)
    answer = await portfolio_summary(sample, EVERYTHING)
    customers = await _customers(sample)
    last = customers[-1]
    assert answer.progress.is_complete
    assert answer.progress.customers == len(customers)
    assert answer.progress.last == CustomerKey(last.name, last.customer_id)
    told = answer.summary
    assert told.total.subscriptions == len(rows)
    assert told.customers == len({row.held.customer_id for row in rows})
    readiness = Counter(row.judged.readiness for row in rows if row.judged)
    assert {name: tally.subscriptions for name, tally in told.readiness} == readiness
    assert dict(told.standings)[Standing.CAN_MOVE].subscriptions == sum(readiness.values())


async def test_a_filtered_summary_counts_the_filtered_rows(sample: Asked) -> None:
    request = PortfolioRequest(readiness=Readiness.BLOCKED)
    answer = await portfolio_summary(sample, request)
    assert [name for name, _ in answer.summary.readiness] == [Readiness.BLOCKED]
    assert answer.summary.total.subscriptions == len(await _rows(sample, request))
    assert answer.summary.customers < answer.progress.customers


async def test_a_partner_without_customers_has_an_empty_portfolio(bundled: Asked) -> None:
    answer = await portfolio_summary(bundled, EVERYTHING)
    assert answer.summary.total.subscriptions == 0
    assert answer.progress.is_complete
    assert answer.progress.last is None


async def test_every_legacy_subscription_is_in_a_wave_or_left_over(sample: Asked) -> None:
    answer = (await portfolio_waves(sample, EVERYTHING)).waves
    assert isinstance(answer, Waves)
    legacy = sum(needs_move(own) for one in await _customers(sample) for own in one.holdings.own)
    sent = sum(len(wave.rows) for wave in answer.waves)
    assert sent + sum(one.count for one in answer.left_over) == legacy


async def test_waves_of_too_many_are_an_outcome(sample: Asked) -> None:
    answer = (await portfolio_waves(sample, EVERYTHING, limit=1)).waves
    assert isinstance(answer, TooManyRows)
    assert answer.limit == 1
    assert answer.rows > 1
