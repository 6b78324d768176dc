"""Reports on customers ask for whom they were asked, give way to others, and end when told."""

import asyncio

import pytest

from planner.offers import Segment
from resolvers.catalog.moves import ScopeRequest
from resolvers.problems import BadInput
from resolvers.reports.about_customers import CustomersRequest
from resolvers.reports.blockers import blockers_report
from resolvers.reports.options import options_report
from resolvers.reports.plans import plans_report
from resolvers.reports.portfolio import portfolio_report
from tests.formats.reports.customer_reports import asked_in, customers_of, sample_asked, watched


async def test_market_segment_and_text_choose_customers_and_unknown_is_none_of_them() -> None:
    asked = await sample_asked()
    everybody = await customers_of(asked)
    assert {one.market for one in everybody} >= {"US", None}
    request = CustomersRequest(text="SAMPLE", market="us", segment=Segment.COMMERCIAL)
    told = [row.customer async for rows in blockers_report(asked, request).chunks() for row in rows]
    assert told == [
        one for one in everybody if (one.market, one.segment) == ("US", Segment.COMMERCIAL)
    ]


async def test_portions_are_bounded_and_together_everybody() -> None:
    asked = await sample_asked()
    portions = [rows async for rows in plans_report(asked, CustomersRequest()).chunks()]
    assert max(map(len, portions)) <= 25
    told = [row.customer for rows in portions for row in rows]
    assert told == list(await customers_of(asked))


@pytest.mark.parametrize("report", [blockers_report, options_report, plans_report])
async def test_a_report_that_is_left_early_lets_go_of_the_store(report: object) -> None:
    store = await watched()
    asked = await asked_in(store)
    assert callable(report)
    rows = report(asked, CustomersRequest()).chunks()
    assert len(await anext(rows)) == 25
    await rows.aclose()
    assert (store.closed.is_set(), store.given) == (True, 1)


@pytest.mark.parametrize("report", [blockers_report, options_report, plans_report])
async def test_a_cancelled_report_ends_and_lets_go_of_the_store(report: object) -> None:
    """Also with endless customers: each subscription is a turn at which it may end."""
    store = await watched()
    asked = await asked_in(store)

    async def write() -> None:
        assert callable(report)
        async for _ in report(asked, CustomersRequest()).chunks():
            pass

    task = asyncio.create_task(write())
    assert await asyncio.to_thread(store.begun_again.wait, 20)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, timeout=5)
    assert store.closed.is_set()


async def test_others_get_their_turn_while_a_report_is_made() -> None:
    """Every subscription gives way at least once."""
    asked = await sample_asked()
    turns = 0

    async def counting() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(counting())
    async for _ in blockers_report(asked, CustomersRequest()).chunks():
        pass
    other.cancel()
    assert turns >= sum(len(one.holdings.own) for one in await customers_of(asked))


@pytest.mark.parametrize(
    "request_",
    [CustomersRequest(market="usa"), CustomersRequest(scope=ScopeRequest(max_steps=0))],
)
@pytest.mark.parametrize(
    "report", [blockers_report, options_report, plans_report, portfolio_report]
)
async def test_a_bad_question_is_refused_before_the_first_row(
    report: object, request_: CustomersRequest
) -> None:
    assert callable(report)
    with pytest.raises(BadInput):
        report(await sample_asked(), request_)
