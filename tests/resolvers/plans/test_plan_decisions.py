"""What people decide about a plan and do of it: once, by fingerprint, in order of its steps."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import pytest_asyncio

from planner.customers import SubscriptionState
from planner.plans.search.acts import StepKind
from planner.plans.told.steps import Due, Plan
from resolvers.plans import decisions
from resolvers.plans.decisions import refused_mark
from resolvers.plans.refusals import PlanRefused
from resolvers.plans.status import Mark, PlanStatus, marks_of, plan_by_id, status_of
from resolvers.ports import PlanStore
from resolvers.records.plans import PlanEvent, PlanEventKind, PlanKey, PlanPage, SavedPlan
from resolvers.records.principal import Principal
from tests.planner.plan_worlds import held
from tests.resolvers.plans.plan_house import (
    BOSS,
    FIRST,
    HELD,
    NOW,
    SECOND,
    SUSPENDED,
    House,
    ends,
    fresh,
    goal,
    refusal,
    small_house,
)


@pytest_asyncio.fixture
async def house() -> House:
    """Give a house with one customer: A is suspended, B can move, a is there already."""
    return await small_house()


# Decided


async def test_a_current_plan_is_approved_by_its_exact_fingerprint(house: House) -> None:
    saved = await house.save()
    answer = await decisions.approve(
        house.asked(days=0.5, principal=BOSS),
        saved.plan_id,
        fingerprint=f" {saved.fingerprint.upper()} ",
        note="go",
    )
    assert isinstance(answer, SavedPlan)
    assert answer.events[1:] == (
        PlanEvent(
            2,
            PlanEventKind.APPROVED,
            NOW + timedelta(days=0.5),
            "Boss (GLOBAL_ADMIN, SALES_AGENT)",
            saved.fingerprint,
            "go",
        ),
    )
    assert status_of(answer) is PlanStatus.APPROVED
    assert await plan_by_id(house.asked(), saved.plan_id) == answer


@pytest.mark.parametrize("named", ["", "0" * 64, "beginning"])
async def test_another_fingerprint_approves_nothing_and_is_told_the_plans_own(
    house: House, named: str
) -> None:
    saved = await house.save()
    wrong = saved.fingerprint[:63] if named == "beginning" else named
    refused = refusal(await house.approve(saved, fingerprint=wrong))
    assert (refused.code, refused.fingerprint) == ("FINGERPRINT_MISMATCH", saved.fingerprint)
    assert await plan_by_id(house.asked(), saved.plan_id) == saved


async def test_a_stale_plan_is_not_approved_and_says_what_moved(house: House) -> None:
    saved = await house.save()
    await house.load(replace(SUSPENDED, seats=99), *HELD[1:])
    refused = refusal(await house.approve(saved))
    assert refused.code == "PLAN_STALE"
    assert [one.part for one in refused.reasons] == [f"customer/own/{FIRST}/seats"]
    assert refusal(await house.approve(saved, days=500)).code == "PLAN_STALE"


async def test_a_plan_is_decided_on_once(house: House) -> None:
    approved = await house.approved()
    for answer in (
        await house.approve(approved, days=1),
        await decisions.reject(house.asked(days=1), approved.plan_id),
    ):
        refused = refusal(answer)
        assert (refused.code, refused.event) == ("ALREADY_APPROVED", approved.events[1])
        assert f"{NOW:%Y-%m-%d %H:%M} UTC" in refused.message
    rejected = await decisions.reject(house.asked(), (await house.save()).plan_id, note="no")
    assert isinstance(rejected, SavedPlan)
    assert status_of(rejected) is PlanStatus.REJECTED
    for answer in (
        await house.approve(rejected),
        await decisions.reject(house.asked(), rejected.plan_id),
    ):
        refused = refusal(answer)
        assert (refused.code, refused.event) == ("PLAN_REJECTED", rejected.events[1])


class _Together:
    """A store of plans in which everybody has read before anybody writes."""

    def __init__(self, store: PlanStore, people: int) -> None:
        self._store = store
        self._readers = asyncio.Barrier(people)
        self._reads = people

    async def add(self, principal: Principal, saved: SavedPlan) -> None:
        await self._store.add(principal, saved)

    async def plans(self, principal: Principal, plan_ids: Sequence[str]) -> Mapping[str, SavedPlan]:
        found = await self._store.plans(principal, plan_ids)
        if self._reads:
            self._reads -= 1
            await self._readers.wait()
        return found

    async def page(
        self, principal: Principal, customer_id: str, *, first: int, after: PlanKey | None
    ) -> PlanPage:
        return await self._store.page(principal, customer_id, first=first, after=after)

    async def append(self, principal: Principal, plan_id: str, event: PlanEvent) -> bool:
        return await self._store.append(principal, plan_id, event)

    async def approved(self, principal: Principal, customer_id: str) -> tuple[SavedPlan, ...]:
        return await self._store.approved(principal, customer_id)

    async def approve(
        self,
        principal: Principal,
        customer_id: str,
        events: Mapping[str, PlanEvent],
        *,
        beside: Collection[str],
    ) -> bool:
        return await self._store.approve(principal, customer_id, events, beside=beside)


async def test_of_people_who_approve_or_reject_at_once_exactly_one_does(house: House) -> None:
    saved = await house.save()
    house.plans = _Together(house.plans, 4)
    answers = await asyncio.gather(
        house.approve(saved),
        decisions.reject(house.asked(), saved.plan_id),
        house.approve(saved),
        decisions.reject(house.asked(), saved.plan_id),
    )
    (winner,) = [one for one in answers if isinstance(one, SavedPlan)]
    codes = {refusal(one).code for one in answers if one is not winner}
    approved = winner.events[1].kind is PlanEventKind.APPROVED
    assert codes == {"ALREADY_APPROVED" if approved else "PLAN_REJECTED"}
    found = await plan_by_id(house.asked(), saved.plan_id)
    assert found == winner
    assert len(winner.events) == 2


# Beside other approved plans


async def test_a_plan_of_the_same_subscriptions_is_refused_beside_an_approved_one(
    house: House,
) -> None:
    approved = await house.approved()
    later = await house.save()
    refused = refusal(await house.approve(later))
    assert (refused.code, refused.plans) == ("PLANS_OVERLAP", (approved.plan_id,))
    assert await plan_by_id(house.asked(), later.plan_id) == later


async def test_plans_of_other_subscriptions_are_approved_beside_each_other(house: House) -> None:
    for name in (FIRST, SECOND):
        saved = await house.save(ends(goal(name, any_new_commerce=True)))
        answer = await house.approve(saved)
        assert isinstance(answer, SavedPlan), answer
        assert status_of(answer) is PlanStatus.APPROVED


async def test_superseding_ends_the_others_in_their_own_histories(house: House) -> None:
    old = [await house.save(ends(goal(name, any_new_commerce=True))) for name in (FIRST, SECOND)]
    for each in old:
        assert isinstance(await house.approve(each), SavedPlan)
    new = await house.save()
    answer = await house.approve(new, supersede=True)
    assert isinstance(answer, SavedPlan)
    assert status_of(answer) is PlanStatus.APPROVED
    for each in old:
        found = await plan_by_id(house.asked(), each.plan_id)
        assert isinstance(found, SavedPlan)
        assert status_of(found) is PlanStatus.SUPERSEDED
        last = found.events[-1]
        assert (last.kind, last.superseded_by) == (PlanEventKind.SUPERSEDED, new.plan_id)
        for refused in (
            await house.approve(found),
            await decisions.reject(house.asked(), found.plan_id),
            await house.mark(found, found.plan.steps[0].key),
        ):
            assert (refusal(refused).code, refusal(refused).event) == ("PLAN_SUPERSEDED", last)


async def test_a_plan_that_is_done_rejected_or_superseded_stands_in_nobodys_way(
    house: House,
) -> None:
    done = await house.approved()
    assert refusal(await house.approve(await house.save())).code == "PLANS_OVERLAP"
    for step in done.plan.steps:
        assert isinstance(await house.mark(done, step.key), SavedPlan)
    rejected = await house.save()
    await decisions.reject(house.asked(), rejected.plan_id)
    await house.approved()
    await house.approved(supersede=True)
    assert refusal(await house.approve(await house.save())).code == "PLANS_OVERLAP"


async def test_of_two_plans_in_each_others_way_approved_at_once_exactly_one_is(
    house: House,
) -> None:
    plans = [await house.save() for _ in range(2)]
    house.plans = _Together(house.plans, 2)
    answers = await asyncio.gather(*map(house.approve, plans))
    (winner,) = [one for one in answers if isinstance(one, SavedPlan)]
    (refused,) = [refusal(one) for one in answers if one is not winner]
    assert (refused.code, refused.plans) == ("PLANS_OVERLAP", (winner.plan_id,))


# Carried out


def chained(plan: Plan) -> tuple[str, str]:
    """Return a step and one that needs it."""
    return next((step.needs[0], step.key) for step in plan.steps if step.needs)


async def test_steps_are_marked_in_the_order_of_their_needs(house: House) -> None:
    saved = await house.approved()
    first, then = chained(saved.plan)
    for mark in Mark:
        refused = refusal(await house.mark(saved, then, mark))
        assert refused.code == "STEP_NEEDS_OTHERS"
        assert first in refused.steps
    assert isinstance(await house.mark(saved, first), SavedPlan)
    answer = await house.mark(saved, then)
    assert isinstance(answer, SavedPlan)
    assert marks_of(answer) == {first: Mark.DONE, then: Mark.DONE}
    assert [event.number for event in answer.events] == [1, 2, 3, 4]


async def test_no_step_is_done_before_its_earliest_day(house: House) -> None:
    saved = await house.approved()
    step = next(step for step in saved.plan.steps if not step.needs)
    late = replace(step, earliest=Due(date(2099, 1, 1), "it opens then"))
    steps = tuple(late if one is step else one for one in saved.plan.steps)
    waiting = replace(saved, plan=replace(saved.plan, steps=steps))
    now = house.asked().now
    refused = refused_mark(waiting, step.key, Mark.DONE, now)
    assert refused is not None
    assert refused.code == "STEP_TOO_EARLY"
    assert refused_mark(waiting, step.key, Mark.FAILED, now) is None
    assert refused_mark(waiting, step.key, Mark.DONE, datetime(2099, 1, 1, tzinfo=UTC)) is None


async def test_a_wait_for_a_day_cannot_fail_and_one_for_an_order_can(house: House) -> None:
    saved = await house.approved()
    step = next(step for step in saved.plan.steps if not step.needs)
    now = house.asked().now

    def marked(mark: Mark, until: date | None) -> PlanRefused | None:
        wait = replace(step, kind=StepKind.WAIT_UNTIL, takes_effect=until)
        steps = tuple(wait if one is step else one for one in saved.plan.steps)
        plan = replace(saved.plan, steps=steps)
        return refused_mark(replace(saved, plan=plan), step.key, mark, now)

    refused = marked(Mark.FAILED, date(2020, 1, 1))
    assert refused is not None
    assert (refused.code, refused.step_key) == ("STEP_IS_A_WAIT", step.key)
    assert marked(Mark.DONE, date(2020, 1, 1)) is None
    assert marked(Mark.FAILED, None) is None


async def test_what_is_said_of_a_wait_can_be_followed_before_its_day(house: House) -> None:
    """Neither it nor what needs it can be marked by then; another plan can take its place."""
    saved = await house.approved()
    first, then = chained(saved.plan)
    day = Due(date(2099, 1, 1), "it waits")
    steps = tuple(
        replace(step, kind=StepKind.WAIT_UNTIL, takes_effect=day.day, earliest=day)
        if step.key == first
        else step
        for step in saved.plan.steps
    )
    waiting, now = replace(saved, plan=replace(saved.plan, steps=steps)), house.asked().now
    refused = refused_mark(waiting, first, Mark.FAILED, now)
    assert refused is not None
    assert refused.code == "STEP_IS_A_WAIT"
    for key in (first, then):
        assert all(refused_mark(waiting, key, mark, now) for mark in Mark)
    assert "that day or later" in refused.remedy
    assert refused_mark(waiting, first, Mark.DONE, datetime(2099, 1, 1, tzinfo=UTC)) is None
    assert "another one, and approve that with supersede" in refused.remedy
    assert isinstance(await house.approved(supersede=True), SavedPlan)


async def test_the_status_follows_the_steps_to_the_end(house: House) -> None:
    saved = await house.approved()
    *others, last = [step.key for step in saved.plan.steps]
    assert others
    for key in others:
        answer = await house.mark(saved, key)
        assert isinstance(answer, SavedPlan)
        assert status_of(answer) is PlanStatus.IN_PROGRESS
    failed = await house.mark(saved, last, Mark.FAILED)
    assert isinstance(failed, SavedPlan)
    assert status_of(failed) is PlanStatus.FAILED
    done = await house.mark(saved, last)
    assert isinstance(done, SavedPlan)
    assert status_of(done) is PlanStatus.DONE
    kinds = [event.kind for event in done.events]
    assert kinds[-2:] == [PlanEventKind.STEP_FAILED, PlanEventKind.STEP_DONE]


async def test_a_step_is_marked_the_same_once_and_what_is_done_stays_done(house: House) -> None:
    saved = await house.approved()
    first, _ = chained(saved.plan)
    assert isinstance(await house.mark(saved, first, Mark.FAILED), SavedPlan)
    assert refusal(await house.mark(saved, first, Mark.FAILED)).code == "STEP_ALREADY_MARKED"
    assert isinstance(await house.mark(saved, first), SavedPlan)
    for mark in Mark:
        refused = refusal(await house.mark(saved, first, mark))
        assert refused.code == "STEP_ALREADY_MARKED"
        assert refused.event is not None
        assert refused.event.kind is PlanEventKind.STEP_DONE


async def test_a_plan_that_is_not_approved_is_not_carried_out(house: House) -> None:
    saved = await house.save()
    key = saved.plan.steps[0].key
    assert refusal(await house.mark(saved, key)).code == "PLAN_NOT_APPROVED"
    await decisions.reject(house.asked(), saved.plan_id)
    assert refusal(await house.mark(saved, key)).code == "PLAN_REJECTED"


async def test_a_step_that_the_plan_does_not_have_is_not_found(house: House) -> None:
    saved = await house.approved()
    assert refusal(await house.mark(saved, "MIGRATE/nothing")).code == "STEP_NOT_FOUND"


async def test_two_steps_marked_at_once_are_both_marked(house: House) -> None:
    saved = await house.approved()
    free = [step.key for step in saved.plan.steps if not step.needs]
    await house.load(*HELD, held("F", 4))
    if len(free) < 2:
        saved = await house.approved(supersede=True)
        free = [step.key for step in saved.plan.steps if not step.needs]
    assert len(free) >= 2
    house.plans = _Together(house.plans, 2)
    answers = await asyncio.gather(*(house.mark(saved, key) for key in free[:2]))
    assert all(isinstance(one, SavedPlan) for one in answers)
    found = await plan_by_id(house.asked(), saved.plan_id)
    assert isinstance(found, SavedPlan)
    assert marks_of(found) == dict.fromkeys(free[:2], Mark.DONE)


async def test_what_a_done_step_makes_leaves_the_plan_current_and_more_is_told(
    house: House,
) -> None:
    saved = await house.approved()
    first, _ = chained(saved.plan)
    assert first == f"REACTIVATE/{FIRST}"
    active = replace(SUSPENDED, state=SubscriptionState.ACTIVE, state_as_given="Active")
    await house.load(active, *HELD[1:])
    (reason,) = (await fresh(house, saved)).reasons
    assert reason.part == f"customer/own/{FIRST}/state"
    answer = await house.mark(saved, first)
    assert isinstance(answer, SavedPlan)
    assert (await fresh(house, answer)).reasons == ()
    await house.load(replace(active, seats=99), *HELD[1:])
    (reason,) = (await fresh(house, answer)).reasons
    assert reason.part == f"customer/own/{FIRST}/seats"
    assert f"{first} is marked as done" in reason.message


async def test_a_plan_saved_without_what_it_read_tells_what_moved_all_the_same(
    house: House,
) -> None:
    saved = replace(await house.save(), plan_id=str(uuid4()), read=None)
    await house.plans.add(house.asked().principal, saved)
    assert isinstance(await house.approve(saved), SavedPlan)
    first, _ = chained(saved.plan)
    answer = await house.mark(saved, first)
    assert isinstance(answer, SavedPlan)
    await house.load(replace(SUSPENDED, state=SubscriptionState.ACTIVE), *HELD[1:])
    (reason,) = (await fresh(house, answer)).reasons
    assert f"{first} is marked as done" in reason.message
