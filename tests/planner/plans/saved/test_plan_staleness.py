"""A saved plan is current while what it has read is so and its days last, else it says why."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given

from planner.customers import Customer, Seller
from planner.offers import Known
from planner.plans.saved.fingerprint import Parts, parts_of
from planner.plans.saved.staleness import Currency, Freshness, Moved, moved_parts, staleness
from planner.plans.told.steps import Plan
from tests.examples import checked
from tests.planner.builders import NOW, oid
from tests.planner.plan_worlds import World, held, mutants, world

TODAY = NOW.date()
HERE = world(held("A", 1), held("B", 2), foreign=(held("C", 50, Seller.ANOTHER_PARTNER),))
FIRST, SECOND = HERE.customer.holdings.own


def parts(made: World) -> Parts:
    return parts_of(made.catalog, made.customer, made.question)


def plan(made: World = HERE) -> Plan:
    found: Plan = made.whole_plan()
    return found


def holding(**changed: Any) -> World:
    return _with(replace(HERE.customer.holdings, own=(replace(FIRST, **changed), SECOND)))


def _with(holdings: Any) -> World:
    customer: Customer = replace(HERE.customer, holdings=holdings)
    return replace(HERE, customer=customer)


def verdict(after: World, *, on: date = TODAY, done: tuple[str, ...] = ()) -> Freshness:
    return staleness(plan(), parts(HERE), parts(after), on=on, done=done)


@given(mutants())
@checked(40)
def test_a_plan_is_stale_exactly_where_a_part_moved_or_a_day_is_over(
    both: tuple[World, World],
) -> None:
    before, after = both
    made = replace(plan(before), valid_until=None, steps=())
    found = staleness(made, parts(before), parts(after), on=date.max)
    assert (found.currency is Currency.CURRENT) == (parts(before) == parts(after))
    assert (found.currency is Currency.STALE) == bool(found.reasons)
    for reason in found.reasons:
        assert parts(before).get(reason.part) != parts(after).get(reason.part)


def test_what_moved_of_a_subscription_is_told_by_its_name() -> None:
    found = verdict(holding(seats=12))
    assert found.currency is Currency.STALE
    (reason,) = found.reasons
    assert reason.kind is Moved.FACT
    assert reason.part == f"customer/own/{FIRST.subscription_id}/seats"
    assert reason.message == (
        f"the seats of our subscription «title 1» ({FIRST.subscription_id}) changed"
    )


def test_a_subscription_that_went_or_came_is_told_once() -> None:
    gone = verdict(_with(replace(HERE.customer.holdings, own=(FIRST,))))
    facts = [reason for reason in gone.reasons if reason.kind is Moved.FACT]
    assert [reason.message for reason in facts] == [
        f"our subscription «title 2» ({SECOND.subscription_id}) is gone"
    ]
    more = held("A", 7)
    came = verdict(_with(replace(HERE.customer.holdings, own=(FIRST, SECOND, more))))
    assert [reason.message for reason in came.reasons] == [
        f"our subscription {more.subscription_id} is new"
    ]


def test_facts_come_first_then_the_catalog_then_the_rules_then_days() -> None:
    sold = tuple(replace(one, former_titles=("Before",)) for one in HERE.facts.offers)
    after = replace(HERE, facts=replace(HERE.facts, offers=sold))
    after = replace(after, customer=replace(after.customer, agreement=Known.NO))
    now = {**parts(after), "rules/version": "f" * 64}
    found = staleness(plan(), parts(HERE), now, on=TODAY + timedelta(days=400))
    kinds = [reason.kind for reason in found.reasons]
    assert kinds == sorted(kinds, key=list(Moved).index)
    assert set(kinds) == {Moved.FACT, Moved.CATALOG, Moved.RULES, Moved.DATE_PASSED}
    messages = [reason.message for reason in found.reasons]
    assert f"the offer {oid('A')} changed" in messages
    assert "the customer's agreement changed" in messages
    assert "the version of the rules changed" in messages


def test_every_part_that_a_plan_can_have_can_be_told_in_words() -> None:
    found = moved_parts(parts(HERE), {})
    assert {reason.kind for reason in found} == set(Moved) - {Moved.DATE_PASSED}
    assert all(reason.message.endswith("is gone") for reason in found)
    assert not any("{}" in reason.message for reason in found)


# Days


def test_a_plan_holds_through_its_last_day_and_not_longer() -> None:
    last = plan().valid_until
    assert last is not None
    assert verdict(HERE, on=last) == Freshness(Currency.CURRENT)
    over = verdict(HERE, on=last + timedelta(days=1))
    assert over.currency is Currency.STALE
    assert {reason.kind for reason in over.reasons} == {Moved.DATE_PASSED}


def test_each_step_that_is_late_is_told_with_its_day() -> None:
    steps = plan().steps
    assert any(step.latest for step in steps)
    for on in (TODAY + timedelta(days=days) for days in (0, 50, 99, 100, 101, 500)):
        late = [step.key for step in steps if step.latest and step.latest.day < on]
        assert [reason.part for reason in verdict(HERE, on=on).reasons] == late


def test_the_day_of_a_step_that_is_done_no_longer_counts() -> None:
    over = TODAY + timedelta(days=500)
    done = tuple(step.key for step in plan().steps)
    assert verdict(HERE, on=over, done=done) == Freshness(Currency.CURRENT)
    first, *others = (step.key for step in plan().steps if step.latest)
    found = verdict(HERE, on=over, done=(first,))
    assert [reason.part for reason in found.reasons] == others


def test_a_plan_without_dated_steps_holds_until_its_own_day() -> None:
    bare = replace(plan(), steps=(), valid_until=TODAY)
    assert staleness(bare, {}, {}, on=TODAY).currency is Currency.CURRENT
    found = staleness(bare, {}, {}, on=TODAY + timedelta(days=1))
    assert [(reason.kind, reason.part) for reason in found.reasons] == [(Moved.DATE_PASSED, "")]


def test_what_may_come_of_a_step_that_is_done_says_so() -> None:
    step = next(one for one in plan().steps if one.subscription_id == FIRST.subscription_id)
    found = verdict(holding(catalog_id=oid("a")), done=(step.key,))
    told = [reason for reason in found.reasons if FIRST.subscription_id in reason.part]
    assert told
    assert all(f"{step.key} is marked as done" in reason.message for reason in told)
