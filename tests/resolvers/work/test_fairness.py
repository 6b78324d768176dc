"""One partner's runs over its portfolio do not keep another partner waiting."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import uuid4

from formats.sample.portfolio import sample_as_of, sample_customers, sample_portfolio
from planner.permissions import Role
from resolvers.asked import Asked
from resolvers.catalog.moves import ScopeRequest, matrix
from resolvers.customers.customers import customer
from resolvers.customers.portfolio import PortfolioRequest, portfolio_summary
from resolvers.plans.plans import PlanMade, plan_for
from resolvers.plans.requests import PlanRequest
from resolvers.problems import NotFound
from resolvers.records.principal import Principal
from resolvers.reports.about_customers import CustomersRequest
from resolvers.reports.plans import plans_report
from resolvers.work.turns import Queues, Turns
from tests.memory_stores import MemoryCustomerStore
from tests.schema.api import BUSINESS_BASIC, LEGACY_E3, NEW_E1, NEW_E3

RUNS = 8
ROWAN = next(one.customer_id for one in sample_customers() if one.name.startswith("Rowan"))


class Watched(Turns):
    """Turns that remember whose each of them was, and of which each takes as long as any."""

    def __init__(self, at_once: int) -> None:
        self.taken: list[str] = []
        super().__init__(at_once, clock=lambda: len(self.taken) * 0.005)

    @asynccontextmanager
    async def turn(self, partner_id: str, *, is_patient: bool = False) -> AsyncGenerator[None]:
        async with super().turn(partner_id, is_patient=is_patient):
            self.taken.append(partner_id)
            yield


async def _partner(bundled: Asked, queues: Queues) -> Asked:
    principal = Principal(str(uuid4()), frozenset(Role))
    store = MemoryCustomerStore()
    await store.ensure_partner(principal, name="sample")
    await store.store(principal, sample_portfolio())
    stores = replace(bundled.stores, customers=store)
    return replace(bundled, principal=principal, stores=stores, now=sample_as_of(), queues=queues)


async def _again_and_again(asked: Asked) -> None:
    while True:
        await portfolio_summary(asked, PortfolioRequest(), is_patient=True)


@asynccontextmanager
async def _running(busy: Asked, turns: Watched) -> AsyncGenerator[None]:
    """Have eight runs under way all the while."""
    runs = [asyncio.create_task(_again_and_again(busy)) for _ in range(RUNS)]
    while len(turns.taken) < 2 * RUNS:  # noqa: ASYNC110
        await asyncio.sleep(0)
    yield
    for run in runs:
        run.cancel()
    await asyncio.wait(runs)


async def test_a_plan_begins_after_one_turn_of_eight_runs_of_another_partner(
    bundled: Asked,
) -> None:
    turns = Watched(1)
    queues = Queues(turns, Turns(16))
    busy, other = await _partner(bundled, queues), await _partner(bundled, queues)
    owner = await customer(other, ROWAN)
    assert not isinstance(owner, NotFound)
    alone = await plan_for(other, owner, PlanRequest())
    async with _running(busy, turns):
        for _ in range(5):
            before = len(turns.taken)
            made = await plan_for(other, owner, PlanRequest())
            assert isinstance(made, PlanMade)
            assert isinstance(alone, PlanMade)
            assert made.plan == alone.plan
            since = turns.taken[before:]
            assert since.index(other.principal.partner_id) <= 1
    assert turns.running == turns.waiting == 0


async def test_work_in_many_turns_has_every_second_of_them(bundled: Asked) -> None:
    """A matrix of ten portions beside eight runs takes twenty turns or so, and not eighty."""
    turns = Watched(1)
    queues = Queues(turns, Turns(16))
    busy, other = await _partner(bundled, queues), await _partner(bundled, queues)
    origins, targets = [BUSINESS_BASIC, LEGACY_E3] * 25, [NEW_E1, NEW_E3, NEW_E1, NEW_E3, NEW_E1]
    async with _running(busy, turns):
        before = len(turns.taken)
        cells = await matrix(other, origins, targets, ScopeRequest())
        since = turns.taken[before:]
    assert not isinstance(cells, NotFound)
    assert len(cells) == 250
    mine = since.count(other.principal.partner_id)
    assert mine == 10
    assert len(since) <= 3 * mine


async def test_a_report_that_nobody_reads_on_holds_no_turn(bundled: Asked) -> None:
    turns = Watched(1)
    queues = Queues(turns, Turns(16))
    slow, other = await _partner(bundled, queues), await _partner(bundled, queues)
    request = CustomersRequest(text="a")
    chunks = plans_report(slow, request).chunks()
    await anext(chunks)
    assert turns.running == 0
    await portfolio_summary(other, PortfolioRequest())
    await chunks.aclose()
    assert queues.runs.running == 0


async def test_runs_over_the_portfolio_hold_no_more_places_than_there_are(bundled: Asked) -> None:
    runs = Watched(2)
    queues = Queues(runs=runs)
    busy, other = await _partner(bundled, queues), await _partner(bundled, queues)
    work = [asyncio.create_task(_again_and_again(busy)) for _ in range(RUNS)]
    while not runs.waiting:  # noqa: ASYNC110
        await asyncio.sleep(0)
    assert runs.running == 1
    answer = await portfolio_summary(other, PortfolioRequest())
    assert answer.progress.is_complete
    for run in work:
        run.cancel()
    await asyncio.wait(work)
