"""What takes long takes turns, ends with its request, and ends within the time that it is given."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import uuid4

import pytest

from planner.accounts.accounts import Accounts
from planner.accounts.affected_plan import affected_by_plan
from planner.ids import ProductGuid
from planner.plans.plan import make_plan
from planner.plans.wanted import Wanted
from planner.search import OutOfBudget
from resolvers.asked import Asked
from resolvers.codes.code import Code
from resolvers.customers.affected import affected_of_plan
from resolvers.customers.portfolio import PortfolioRequest
from resolvers.customers.portfolio_runs import PortfolioRuns, RunAt
from resolvers.plans.plans import PlanMade, plan_for, save_plan
from resolvers.plans.requests import PlanRequest
from resolvers.plans.status import freshness_of
from resolvers.problems import TryLater
from resolvers.records.plans import SavedPlan
from resolvers.work.turns import Queues, Turns
from schema.plans.plan import show_made
from tests.planner.accounts.account_builders import account, accounts
from tests.planner.builders import SCOPE, catalog, customer, subscription, with_plans
from tests.resolvers.plans.plan_house import House, small_house

CATALOG = catalog("A>a migration derived", **with_plans({"A": "MAIL", "a": "MAIL"}))
OWNER = customer(subscription("A", 10))
PLAN = make_plan(CATALOG, OWNER, Wanted(SCOPE))


def _accounts(number: int) -> Accounts:
    one = account("ada: A")
    ids = (f"{each:08x}-0000-4000-8000-000000000000" for each in range(number))
    return replace(accounts("ada: A"), accounts=tuple(replace(one, account_id=id_) for id_ in ids))


@asynccontextmanager
async def _all_taken(turns: Turns, at_once: int) -> AsyncIterator[asyncio.Event]:
    """Have other partners hold every turn until the event is set."""
    is_over = asyncio.Event()

    async def hold() -> None:
        async with turns.turn(str(uuid4())):
            await is_over.wait()

    holding = [asyncio.create_task(hold()) for _ in range(at_once)]
    while turns.running < at_once:  # noqa: ASYNC110
        await asyncio.sleep(0)
    yield is_over
    is_over.set()
    await asyncio.gather(*holding)


async def test_whether_plans_still_hold_is_found_out_in_turns() -> None:
    house: House = await small_house()
    saved = await house.save()
    turns = Turns(2)
    asked = replace(house.asked(), queues=Queues(turns))
    async with _all_taken(turns, 2) as is_over:
        judging = asyncio.create_task(freshness_of(asked, (saved, saved)))
        while not turns.waiting:  # noqa: ASYNC110
            await asyncio.sleep(0)
        assert not judging.done()
        is_over.set()
        assert len(await judging) == 2
    assert turns.running == turns.waiting == 0


class _Counted(Turns):
    """Counts the turns that were taken."""

    taken = 0

    @asynccontextmanager
    async def turn(self, partner_id: str, *, is_patient: bool = False) -> AsyncGenerator[None]:
        async with super().turn(partner_id, is_patient=is_patient):
            self.taken += 1
            yield


async def test_what_a_plan_has_read_is_hashed_in_a_turn_once_somebody_asks() -> None:
    house: House = await small_house()
    turns = _Counted()
    asked = replace(house.asked(), queues=Queues(turns))
    made = await plan_for(asked, await house.owner(), PlanRequest())
    assert isinstance(made, PlanMade)
    assert turns.taken == 1
    assert await show_made(made).held.fingerprint() == made.fingerprint
    assert turns.taken == 2
    assert isinstance(await save_plan(asked, await house.owner(), PlanRequest()), SavedPlan)
    assert turns.taken == 4


async def test_a_plan_that_was_made_is_hashed_however_many_wait() -> None:
    """It is the same piece of work: none that has begun is sent away."""
    house: House = await small_house()
    turns = Turns(2, max_waiting=0, patience_seconds=0.01)
    asked = replace(house.asked(), queues=Queues(turns))
    made = await plan_for(asked, await house.owner(), PlanRequest())
    assert isinstance(made, PlanMade)
    async with _all_taken(turns, 2) as is_over:
        hashing = asyncio.create_task(made.hashed())
        await asyncio.sleep(0.05)
        assert not hashing.done()
        is_over.set()
        assert await hashing == made.fingerprint


async def test_plans_that_nobody_waits_for_leave_the_queue() -> None:
    house: House = await small_house()
    saved = await house.save()
    turns = Turns(2)
    asked = replace(house.asked(), queues=Queues(turns))
    async with _all_taken(turns, 2):
        judging = asyncio.create_task(freshness_of(asked, (saved,)))
        while not turns.waiting:  # noqa: ASYNC110
            await asyncio.sleep(0)
        judging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await judging
        assert turns.waiting == 0


@pytest.mark.parametrize(("number", "waits"), [(10, False), (3_000, True)])
async def test_many_accounts_are_judged_when_it_is_their_turn(
    bundled: Asked, number: int, waits: bool
) -> None:
    turns = Turns(2)
    asked = replace(bundled, catalog=CATALOG, queues=Queues(turns))
    loaded = _accounts(number)

    async def load(customer_id: str, products: frozenset[ProductGuid]) -> Accounts:
        return loaded

    async with _all_taken(turns, 2) as is_over:
        judging = asyncio.create_task(affected_of_plan(asked, OWNER, PLAN, load=load))
        while not turns.waiting and not judging.done():  # noqa: ASYNC110
            await asyncio.sleep(0)
        assert judging.done() is not waits
        is_over.set()
        assert await judging == affected_by_plan(CATALOG, OWNER, loaded, PLAN)
    assert turns.running == turns.waiting == 0


def test_the_accounts_of_a_plan_that_is_stopped_have_no_answer() -> None:
    assert affected_by_plan(CATALOG, OWNER, _accounts(3), PLAN)
    with pytest.raises(OutOfBudget):
        affected_by_plan(CATALOG, OWNER, _accounts(3), PLAN, stopped=lambda: True)


async def test_a_run_that_never_has_its_turn_ends_in_time(bundled: Asked) -> None:
    runs = Turns(2)
    asked = replace(bundled, queues=Queues(runs=runs))
    looks = PortfolioRuns(seconds_between=0.01, seconds_at_most=0.2)
    seen = []
    async with _all_taken(runs, 2):
        with pytest.raises(TryLater) as refused:  # noqa: PT012 (what came before counts too)
            async for at in looks.run(asked, PortfolioRequest()):
                seen.append(at)  # noqa: PERF401
        assert refused.value.code is Code.BUSY
        assert runs.waiting == 0
    assert all(isinstance(at, RunAt) and not at.customers for at in seen)
