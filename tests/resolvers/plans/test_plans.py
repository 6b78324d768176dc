"""Plans through their use cases: made, saved, listed, current or stale, compared."""

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from planner.catalog import Catalog
from planner.customers import SubscriptionState
from planner.facts import CatalogFacts
from planner.goals import NewCommerceGoal, OfferGoal, ProductGoal, ServicesGoal
from planner.plans.goals import SubscriptionGoal
from planner.plans.plan import make_plan
from planner.plans.saved.content import content_hash
from planner.plans.saved.difference import Change
from planner.plans.saved.staleness import Currency, Moved
from planner.plans.search.acts import StepKind
from planner.plans.search.solution import Status
from planner.rules import Choices
from planner.scope import Scope
from resolvers.catalog.catalogs import Catalogs
from resolvers.catalog.moves import GoalRequest, ScopeRequest
from resolvers.plans import decisions, plans
from resolvers.plans.plans import PlanComparison, PlanMade
from resolvers.plans.requests import PlanGoalRequest, PlanRequest
from resolvers.plans.status import Mark, PlanStatus, freshness_of, plan_by_id, status_of
from resolvers.problems import BadInput, NotFound
from resolvers.records.plans import PlanEvent, PlanEventKind, PlanKey, PlanPage, SavedPlan
from resolvers.records.principal import Principal
from tests.planner.builders import from_facts, oid, pid
from tests.planner.plan_worlds import held, world_facts
from tests.resolvers.plans.plan_house import (
    BOSS,
    EVERYTHING,
    FIRST,
    HELD,
    NOW,
    OTHER,
    OWNER,
    SECOND,
    SUSPENDED,
    THIRD,
    US,
    House,
    ask,
    ends,
    fresh,
    goal,
    made,
    refusal,
    small_house,
)

_NOBODYS = "6d1f9a3e-0000-4000-8000-00000000abcd"


@pytest_asyncio.fixture
async def house() -> House:
    """Give a house with one customer: A is suspended, B can move, a is there already."""
    return await small_house()


# Made


async def test_a_plan_is_what_the_planner_makes_of_the_question_and_nothing_is_stored(
    house: House,
) -> None:
    found = await made(house)
    asked = house.asked()
    owner = await house.owner()
    wanted = found.question.wanted
    assert wanted.scope == Scope(NOW)
    assert found.plan == make_plan(house.catalog, owner, wanted, acting=asked.acting)
    assert [one.subscription_id for one in found.plan.goals] == [FIRST, SECOND]
    page = await plans.plans_of(asked, OWNER.customer_id, first=5, after=None)
    assert page == PlanPage((), has_next=False, total=0)


async def test_everything_asked_for_reaches_the_planner(house: House) -> None:
    request = PlanRequest(
        ScopeRequest(market="in", max_steps=3),
        (
            goal(FIRST.upper(), offer=oid("b").lower()),
            goal(SECOND, product="cfq7ttc0000c"),
            goal(THIRD, 12),
        ),
        Choices(term="P1M"),
        (StepKind.CANCEL,),
        states=77,
    )
    question = (await made(house, request)).question
    assert question.goals == (
        SubscriptionGoal(FIRST, OfferGoal(oid("b"))),
        SubscriptionGoal(SECOND, ProductGoal("CFQ7TTC0000C")),
        SubscriptionGoal(THIRD, None, 12),
    )
    assert (question.scope.market, question.scope.max_steps, question.states) == ("IN", 3, 77)
    assert question.choices == Choices(term="P1M")
    assert question.without == {StepKind.CANCEL}
    assert question.acting.roles == US.roles


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (goal(), NewCommerceGoal()),
        (goal(any_new_commerce=True), NewCommerceGoal()),
        (goal(service_plans=(pid("MAIL").upper(),)), ServicesGoal(frozenset({pid("MAIL")}))),
    ],
)
async def test_a_goal_may_be_new_commerce_or_services(
    house: House, request_: PlanGoalRequest, expected: object
) -> None:
    question = (await made(house, ends(request_))).question
    assert question.goals == (SubscriptionGoal(FIRST, expected),)  # type: ignore[arg-type]


async def test_the_same_goal_twice_is_one(house: House) -> None:
    question = (await made(house, ends(goal(), goal(FIRST.upper())))).question
    assert question.goals == (SubscriptionGoal(FIRST),)


CONTRADICTIONS = {
    "two goals": ends(goal(offer=oid("a")), goal(offer=oid("b"))),
    "two numbers of seats": ends(goal(seats=5), goal(seats=6)),
    "two ends at once": ends(goal(offer=oid("a"), product="CFQ7TTC0000B")),
}


@pytest.mark.parametrize("request_", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
async def test_contradictory_goals_are_refused(house: House, request_: PlanRequest) -> None:
    assert refusal(await ask(house, request_)).code == "GOAL_CONTRADICTORY"


async def test_two_goals_are_told_to_be_one(house: House) -> None:
    two = refusal(await ask(house, CONTRADICTIONS["two goals"]))
    assert two.remedy == "Give each subscription one goal"


async def test_a_goal_for_a_subscription_that_is_not_ours_is_refused(house: House) -> None:
    stranger = str(uuid4())
    refused = refusal(await ask(house, ends(goal(), goal(stranger))))
    assert refused.code == "SUBSCRIPTION_NOT_FOUND"
    assert stranger in refused.message


@pytest.mark.parametrize(
    ("to", "code", "where"),
    [
        ({"offer": "CFQ7TTC0ZZZZ:0001"}, "OFFER_NOT_FOUND", "`offers(text:)`"),
        ({"product": "CFQ7TTC0ZZZZ"}, "PRODUCT_NOT_FOUND", "`offers(text:)`"),
        ({"service_plans": (_NOBODYS,)}, "SERVICE_PLAN_NOT_FOUND", "`servicePlans`"),
    ],
)
async def test_a_goal_that_the_catalog_does_not_have_is_not_found_and_is_told_where_to_look(
    house: House, to: dict[str, Any], code: str, where: str
) -> None:
    answer = await ask(house, ends(goal(**to)))
    assert isinstance(answer, NotFound)
    assert answer.code == code
    assert where in answer.remedy


async def test_where_no_subscription_needs_a_move_there_is_nothing_to_plan(house: House) -> None:
    await house.load(held("a", 3))
    assert refusal(await ask(house, EVERYTHING)).code == "NOTHING_TO_PLAN"
    assert refusal(await ask(house, ends())).code == "NOTHING_TO_PLAN"


async def test_only_what_is_deleted_needs_no_plan_and_the_refusal_says_just_that(
    house: House,
) -> None:
    await house.load(held("A", 3, state=SubscriptionState.DELETED))
    refused = refusal(await ask(house, EVERYTHING))
    assert refused.code == "NOTHING_TO_PLAN"
    assert refused.message.endswith("on a legacy offer, but for what is deleted")
    for state in set(SubscriptionState) - {SubscriptionState.DELETED}:
        await house.load(held("A", 3, state=state))
        assert isinstance(await ask(house, EVERYTHING), PlanMade), state


async def test_an_empty_list_of_goals_asks_for_nothing_and_says_so(house: House) -> None:
    await house.load(held("A", 3))
    refused = refusal(await ask(house, ends()))
    assert refused.code == "NOTHING_TO_PLAN"
    assert "empty" in refused.message
    assert "Leave the goals out" in refused.remedy
    with_others = await ask(house, replace(ends(), and_others=True))
    assert isinstance(with_others, PlanMade)


async def test_a_goal_out_of_reach_is_planned_and_told(house: House) -> None:
    found = await made(house, ends(goal(offer=oid("f"))))
    (outcome,) = found.plan.outcomes
    assert outcome.status is Status.UNMET
    assert outcome.no_path is not None


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (PlanRequest(states=0), "STATES_OUT_OF_RANGE"),
        (PlanRequest(states=20_001), "STATES_OUT_OF_RANGE"),
        (PlanRequest(ScopeRequest(market="nowhere")), "MALFORMED_MARKET"),
        (PlanRequest(ScopeRequest(avoid=("CFQ7TTC0ZZZZ:0001",))), "OFFER_NOT_FOUND"),
        (ends(goal("first")), "MALFORMED_ID"),
        (ends(goal(offer="a")), "MALFORMED_ID"),
        (ends(goal(seats=10_000_001)), "SEATS_OUT_OF_RANGE"),
        (ends(goal(seats=0)), "SEATS_OUT_OF_RANGE"),
        (ends(goal(seats=-3)), "SEATS_OUT_OF_RANGE"),
        (ends(PlanGoalRequest(FIRST, GoalRequest())), "GOAL_MISSING"),
    ],
)
async def test_bad_input_is_raised_with_its_code(
    house: House, request_: PlanRequest, code: str
) -> None:
    with pytest.raises(BadInput) as refused:
        await ask(house, request_)
    assert refused.value.code == code


class _SlowFacts(Catalog):
    """A catalog whose first look at an offer waits until the test lets it go on."""

    def __init__(self, facts: CatalogFacts) -> None:
        super().__init__(facts, version_id="slow", content_hash="slow")
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.offers = _Waiting(self.offers, self)


class _Waiting(dict[Any, Any]):
    def __init__(self, offers: Mapping[Any, Any], catalog: _SlowFacts) -> None:
        super().__init__(offers)
        self._catalog = catalog

    def __contains__(self, key: object) -> bool:
        if threading.current_thread() is not threading.main_thread():
            self._catalog.begun.set()
            self._catalog.go_on.wait(10)
        return super().__contains__(key)


async def test_others_are_answered_while_a_plan_is_made(house: House) -> None:
    slow = _SlowFacts(world_facts())
    house.catalog = slow
    planning = asyncio.create_task(ask(house, EVERYTHING))
    # The loop runs on while the planner's thread is at work, else this would not come back.
    assert await asyncio.to_thread(slow.begun.wait, 10)
    assert not planning.done()
    slow.go_on.set()
    assert isinstance(await planning, PlanMade)


async def test_who_no_longer_waits_is_let_go_at_once(house: House) -> None:
    slow = _SlowFacts(world_facts())
    house.catalog = slow
    planning = asyncio.create_task(ask(house, EVERYTHING))
    assert await asyncio.to_thread(slow.begun.wait, 10)
    planning.cancel()
    with pytest.raises(asyncio.CancelledError):
        await planning
    assert not slow.go_on.is_set()
    slow.go_on.set()


# Saved, listed, found


async def test_a_saved_plan_is_found_with_its_history(house: House) -> None:
    expected = await made(house)
    saved = await house.save(note=" for the board ")
    assert await plan_by_id(house.asked(), saved.plan_id.upper()) == saved
    assert (saved.plan, saved.fingerprint) == (expected.plan, expected.fingerprint)
    assert (saved.customer_id, saved.created_at) == (OWNER.customer_id, NOW)
    assert saved.created_by == "the local partner"
    event = PlanEvent(
        1, PlanEventKind.SAVED, NOW, "the local partner", saved.fingerprint, "for the board"
    )
    assert saved.events == (event,)
    assert status_of(saved) is PlanStatus.PROPOSED


async def test_a_plan_may_be_saved_on_condition_that_it_is_the_one_looked_at(
    house: House,
) -> None:
    seen = await made(house)
    await house.save(expected=seen.fingerprint)
    await house.load(replace(SUSPENDED, seats=99), *HELD[1:])
    answer = await plans.save_plan(
        house.asked(), await house.owner(), EVERYTHING, expected=seen.fingerprint
    )
    assert refusal(answer).code == "FINGERPRINT_MISMATCH"
    page = await plans.plans_of(house.asked(), OWNER.customer_id, first=5, after=None)
    assert page.total == 1


async def test_a_bad_question_is_not_saved(house: House) -> None:
    answer = await plans.save_plan(house.asked(), await house.owner(), ends())
    assert refusal(answer).code == "NOTHING_TO_PLAN"


async def test_a_plan_of_a_customer_that_is_not_stored_is_not_saved(house: House) -> None:
    stranger = replace(await house.owner(), customer_id=OTHER.customer_id)
    answer = await plans.save_plan(house.asked(), stranger, EVERYTHING)
    assert isinstance(answer, NotFound)
    assert answer.code == "CUSTOMER_NOT_FOUND"


async def test_plans_are_listed_newest_first_page_by_page(house: House) -> None:
    owner = await house.owner()
    saved = [await plans.save_plan(house.asked(days=day), owner, EVERYTHING) for day in range(3)]
    found: list[SavedPlan] = []
    for expected in saved[::-1]:
        after = PlanKey(found[-1].created_at, found[-1].plan_id) if found else None
        page = await plans.plans_of(house.asked(), OWNER.customer_id, first=1, after=after)
        assert page.plans == (expected,)
        assert page.total == len(saved)
        found += page.plans
    assert not page.has_next
    with pytest.raises(BadInput):
        await plans.plans_of(house.asked(), OWNER.customer_id, first=51, after=None)


async def test_beside_a_named_goal_the_others_are_left_out_or_go_to_new_commerce(
    house: House,
) -> None:
    everything = (await made(house)).plan.goals
    assert len(everything) > 1
    one = ends(goal(everything[0].subscription_id))
    assert (await made(house, one)).plan.goals == everything[:1]
    assert (await made(house, replace(one, and_others=True))).plan.goals == everything


@pytest.mark.parametrize("plan_id", [_NOBODYS, _NOBODYS.upper()])
async def test_a_plan_that_is_not_there_is_not_found_by_anybody(house: House, plan_id: str) -> None:
    asked = house.asked()
    for answer in (
        await plan_by_id(asked, plan_id),
        await decisions.approve(asked, plan_id, fingerprint="0" * 64),
        await decisions.reject(asked, plan_id),
        await decisions.mark_step(asked, plan_id, step_key="x", mark=Mark.DONE),
        await plans.compare_plans(asked, plan_id, plan_id),
    ):
        assert isinstance(answer, NotFound)
        assert (answer.code, answer.identifier) == ("PLAN_NOT_FOUND", plan_id.lower())


async def test_another_partner_finds_no_plan_of_ours(house: House) -> None:
    saved = await house.save()
    other = house.asked(principal=Principal(str(uuid4()), US.roles))
    assert isinstance(await plan_by_id(other, saved.plan_id), NotFound)
    answer = await decisions.approve(other, saved.plan_id, fingerprint=saved.fingerprint)
    assert isinstance(answer, NotFound)


@pytest.mark.parametrize(
    ("note", "code"),
    [("x" * 2001, "NOTE_TOO_LONG"), ("a\0b", "NOTE_MALFORMED"), ("\ud83d", "NOTE_MALFORMED")],
)
async def test_a_note_that_cannot_be_kept_is_refused(house: House, note: str, code: str) -> None:
    saved = await house.save()
    with pytest.raises(BadInput) as refused:
        await decisions.reject(house.asked(), saved.plan_id, note=note)
    assert refused.value.code == code


# Current or stale


async def test_a_plan_is_current_whoever_looks_and_whatever_names_change(house: House) -> None:
    saved = await house.save()
    renamed = [replace(one, friendly_name="Renamed", title="Renamed") for one in HELD]
    await house.load(*renamed, owner=replace(OWNER, name="Renamed"))
    (found,) = await freshness_of(house.asked(principal=BOSS), (saved,))
    assert found.currency is Currency.CURRENT
    assert found.reasons == ()


async def test_a_changed_subscription_catalog_or_day_makes_it_stale(house: House) -> None:
    saved = await house.save()
    await house.load(replace(SUSPENDED, seats=99), *HELD[1:])
    assert [one.kind for one in (await fresh(house, saved)).reasons] == [Moved.FACT]
    await house.load(*HELD)
    assert (await fresh(house, saved)).currency is Currency.CURRENT
    over = await fresh(house, saved, days=101)
    assert {one.kind for one in over.reasons} == {Moved.DATE_PASSED}
    claims = tuple(one for one in world_facts().claims if one.target != oid("c"))
    house.catalog = from_facts(replace(world_facts(), claims=claims))
    assert {one.kind for one in (await fresh(house, saved)).reasons} == {Moved.CATALOG}
    assert await plan_by_id(house.asked(), saved.plan_id) == saved


async def test_many_plans_are_judged_at_once_in_their_order(house: House) -> None:
    old = await house.save()
    await house.load(replace(SUSPENDED, seats=99), *HELD[1:])
    new = await house.save()
    found = await freshness_of(house.asked(), (old, new, old))
    stale, current = Currency.STALE, Currency.CURRENT
    assert [one.currency for one in found] == [stale, current, stale]


# Compared


async def test_two_plans_of_a_customer_are_compared_step_by_step(house: House) -> None:
    old = await house.save()
    await house.load(replace(SUSPENDED, state=SubscriptionState.ACTIVE), *HELD[1:])
    new = await house.save()
    found = await plans.compare_plans(house.asked(), old.plan_id, new.plan_id)
    assert isinstance(found, PlanComparison)
    assert (found.old, found.new) == (old, new)
    gone = [step.key for step in found.difference.steps if step.change is Change.REMOVED]
    assert f"REACTIVATE/{FIRST}" in gone
    assert [one.part for one in found.difference.moved] == [f"customer/own/{FIRST}/state"]
    same = await plans.compare_plans(house.asked(), old.plan_id, old.plan_id)
    assert isinstance(same, PlanComparison)
    assert same.difference.is_same


async def test_plans_of_different_customers_are_not_compared(house: House) -> None:
    old = await house.save()
    other = await house.load(held("A", 8), owner=OTHER)
    new = await plans.save_plan(house.asked(), other, EVERYTHING)
    assert isinstance(new, SavedPlan)
    answer = await plans.compare_plans(house.asked(), old.plan_id, new.plan_id)
    assert refusal(answer).code == "PLANS_OF_DIFFERENT_CUSTOMERS"


# The real catalog


async def test_a_plan_over_the_bundled_catalog_is_saved_approved_and_stays_current(
    facts: CatalogFacts,
) -> None:
    house = House()
    legacy_e3 = "796B6B5F-613C-4E24-A17C-EBA730D49C02"
    own = replace(held("A", 1), catalog_id=oid(legacy_e3), title="Office 365 E3")
    await house.load(own)
    await house.catalogs.add_bundled(facts, label="bundled")
    graphs = Catalogs(house.stores)
    asked = await graphs.asked(US, now=NOW)
    saved = await plans.save_plan(asked, await house.owner(), EVERYTHING)
    assert isinstance(saved, SavedPlan)
    assert saved.plan.steps
    answer = await decisions.approve(asked, saved.plan_id, fingerprint=saved.fingerprint)
    assert isinstance(answer, SavedPlan)
    (found,) = await freshness_of(asked, (answer,))
    assert found.currency is Currency.CURRENT


async def test_what_is_kept_is_what_was_shown_or_nothing_is(house: House) -> None:
    shown = await made(house)
    print_, content = shown.fingerprint, content_hash(shown.plan)
    kept = await house.save(expected=print_, expected_content=f" {content.upper()} ")
    assert content_hash(kept.plan) == content
    later, owner = house.asked(days=3), await house.owner()
    again = await plans.plan_for(later, owner, EVERYTHING)
    assert isinstance(again, PlanMade)
    assert again.fingerprint == print_
    assert content_hash(again.plan) != content
    answer = await plans.save_plan(
        later, owner, EVERYTHING, expected=print_, expected_content=content
    )
    refused = refusal(answer)
    assert (refused.code, refused.content_hash) == ("CONTENT_MISMATCH", content_hash(again.plan))


async def test_the_merits_of_two_plans_are_told_by_name(house: House) -> None:
    old = await house.save()
    await house.load(*HELD, held("F", 4))
    new = await house.save()
    found = await plans.compare_plans(house.asked(), old.plan_id, new.plan_id)
    assert isinstance(found, plans.PlanComparison)
    (merit,) = [one for one in found.difference.fields if one.field == "merit"]
    assert "step" in (merit.after or "")
    assert merit.before != merit.after
