"""Goals for a part of the seats through their use case: read, refused, planned."""

from dataclasses import replace

import pytest
import pytest_asyncio

from planner.goals import OfferGoal
from planner.plans.goals import SubscriptionGoal
from planner.plans.search.acts import StepKind
from planner.plans.search.solution import Status
from resolvers.catalog.moves import GoalRequest
from resolvers.customers.suppositions import WhatIfRequest
from resolvers.plans.requests import PlanGoalRequest, PlanRequest
from resolvers.problems import BadInput
from tests.planner.builders import oid
from tests.resolvers.plans.plan_house import THIRD, House, ask, ends, made, refusal, small_house


@pytest_asyncio.fixture
async def house() -> House:
    return await small_house()


def some(part: int | None, *, to: str | None = "b", seats: int | None = None) -> PlanGoalRequest:
    end = None if to is None else GoalRequest(offer=oid(to))
    return PlanGoalRequest(THIRD, end, seats, part)


async def seats_of(house: House) -> int:
    held = (await house.owner()).holdings.own
    seats = next(one.seats for one in held if one.subscription_id == THIRD)
    assert seats is not None
    return seats


async def test_a_part_reaches_the_planner(house: House) -> None:
    found = await made(house, ends(some(2)))
    assert found.question.goals == (SubscriptionGoal(THIRD, OfferGoal(oid("b")), part=2),)
    (outcome,) = found.plan.outcomes
    *_, convert, reassign = found.plan.steps
    assert (outcome.status, outcome.reached, outcome.seats) == (Status.MET, oid("b"), 2)
    assert (convert.kind, convert.part, convert.call and convert.call.body) == (
        StepKind.CONVERT,
        2,
        {
            "fromSubscriptionId": THIRD,
            "fromCatalogItemId": f"{oid('a')}:{{availability}}",
            "toCatalogItemId": f"{oid('b')}:{{availability}}",
            "quantity": 2,
            "transitionType": "transition_only",
        },
    )
    assert (reassign.kind, reassign.part) == (StepKind.REASSIGN_LICENSES, 2)


async def test_a_part_is_another_question_than_the_whole(house: House) -> None:
    whole, some_of_it = await made(house, ends(some(None))), await made(house, ends(some(2)))
    assert whole.fingerprint != some_of_it.fingerprint


async def test_a_part_of_more_seats_than_there_are_is_refused_with_the_seats(house: House) -> None:
    has = await seats_of(house)
    refused = refusal(await ask(house, ends(some(has + 1))))
    assert refused.code == "PART_TOO_LARGE"
    assert str(has + 1) in refused.message
    assert str(has) in refused.remedy


async def test_a_part_is_measured_by_the_seats_that_are_supposed(house: House) -> None:
    has = await seats_of(house)
    supposed = replace(ends(some(has + 1)), what_if=WhatIfRequest(seats=((THIRD, has + 5),)))
    (outcome,) = (await made(house, supposed)).plan.outcomes
    assert (outcome.status, outcome.seats) == (Status.MET, has + 1)


CONTRADICTIONS = {
    "a part that goes nowhere": ends(some(2, to=None)),
    "a part, and a number of seats for all": ends(some(2, seats=9)),
    "two parts": ends(some(2), some(3)),
    "a part and the whole": ends(some(2), some(None)),
}


@pytest.mark.parametrize("request_", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
async def test_contradictory_parts_are_refused(house: House, request_: PlanRequest) -> None:
    assert refusal(await ask(house, request_)).code == "GOAL_CONTRADICTORY"


async def test_a_part_that_goes_nowhere_is_told_to_name_where(house: House) -> None:
    refused = refusal(await ask(house, CONTRADICTIONS["a part that goes nowhere"]))
    assert "where the part goes" in (refused.remedy or "")


@pytest.mark.parametrize("part", [0, -1])
async def test_no_part_is_a_mistake(house: House, part: int) -> None:
    with pytest.raises(BadInput) as raised:
        await ask(house, ends(some(part)))
    assert raised.value.code == "SEATS_OUT_OF_RANGE"
    assert "`part`" in raised.value.message
