"""Two plans side by side: every step and goal of either once, and what differs by field."""

from collections import Counter
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given

from planner.blocker_codes import BlockerCode
from planner.blockers import Blocker, Severity, SubjectKind
from planner.plans.saved.difference import Change, PlanDifference, difference
from planner.plans.saved.fingerprint import parts_of
from planner.plans.search.money import MonthlyPrice
from planner.plans.told.steps import Due, Outcome, Plan, PlanStep
from planner.readiness import Readiness
from tests.examples import checked
from tests.planner.builders import NOW
from tests.planner.plan_worlds import World, held, mutants, world

LATER = NOW + timedelta(days=30)
BLOCKER = Blocker(
    BlockerCode.DOWNGRADE, Severity.WARNS, SubjectKind.SUBSCRIPTION, "s", "too young", "here"
)


def plan(made: World) -> Plan:
    found: Plan = made.whole_plan()
    return found


OLD = plan(world(held("A", 1), held("B", 2)))


def stepwise(change: Change, found: PlanDifference) -> list[str]:
    return [step.key for step in found.steps if step.change is change]


def with_step(old: PlanStep, new: PlanStep, *, made: Plan = OLD) -> Plan:
    return replace(made, steps=tuple(new if step == old else step for step in made.steps))


@given(mutants())
@checked(40)
def test_every_step_and_goal_of_either_plan_is_told_once(both: tuple[World, World]) -> None:
    old, new = map(plan, both)
    found = difference(old, new)
    assert tuple(step.new for step in found.steps if step.new) == new.steps
    told = [step.old.key for step in found.steps if step.old]
    assert sorted(told) == sorted(step.key for step in old.steps)
    gone = [step.key for step in found.steps if step.new is None]
    assert [step.key for step in found.steps[len(new.steps) :]] == gone
    assert gone == [step.key for step in old.steps if step.key in gone]
    for step in found.steps:
        assert step.key == (step.new or step.old or OLD.steps[0]).key
    named = {one.goal.subscription_id for one in (*old.outcomes, *new.outcomes)}
    assert [one.subscription_id for one in found.outcomes] == sorted(named)


def doing(step: PlanStep) -> tuple[str | None, ...]:
    return step.kind, step.subscription_id, step.target, step.into


@given(mutants())
@checked(40)
def test_what_both_plans_do_once_is_neither_lost_nor_added(both: tuple[World, World]) -> None:
    old, new = map(plan, both)
    before, after = (Counter(map(doing, one.steps)) for one in (old, new))
    for step in difference(old, new).steps:
        if step.old and step.new:
            assert doing(step.old)[:2] == doing(step.new)[:2]
        alone = step.old or step.new
        if alone and not (step.old and step.new):
            assert (before[doing(alone)], after[doing(alone)]) != (1, 1)


def test_a_step_of_another_term_is_changed_and_neither_lost_nor_added() -> None:
    old = OLD.steps[0]
    new = replace(old, key=f"{old.key}/P3Y", term="P3Y")
    found = difference(OLD, with_step(old, new))
    (step,) = [one for one in found.steps if one.change is not Change.SAME]
    assert (step.change, step.old, step.new) == (Change.CHANGED, old, new)
    assert {change.field for change in step.fields} == {"key", "term"}


@given(mutants())
@checked(40)
def test_added_removed_changed_and_same_are_what_they_say(both: tuple[World, World]) -> None:
    for one in (found := difference(*map(plan, both))).steps + found.outcomes:
        expected = {
            (True, False): Change.REMOVED,
            (False, True): Change.ADDED,
            (True, True): Change.SAME if one.old == one.new else Change.CHANGED,
        }[one.old is not None, one.new is not None]
        assert one.change is expected
        assert bool(one.fields) == (one.change is Change.CHANGED)
        if one.change is Change.SAME:
            assert one.reasons == ()


@given(mutants())
@checked(40)
def test_the_fields_told_are_exactly_those_that_differ(both: tuple[World, World]) -> None:
    for one in (found := difference(*map(plan, both))).steps + found.outcomes:
        if one.change is not Change.CHANGED:
            continue
        names = [field.name for field in fields(PlanStep if one in found.steps else Outcome)]
        differ = [name for name in names if getattr(one.old, name) != getattr(one.new, name)]
        assert [change.field for change in one.fields] == differ
        assert all(change.before != change.after for change in one.fields)


@given(mutants())
@checked(30)
def test_turned_round_what_was_added_was_removed(both: tuple[World, World]) -> None:
    there, back = difference(*map(plan, both)), difference(*map(plan, both[::-1]))
    assert set(stepwise(Change.ADDED, there)) == set(stepwise(Change.REMOVED, back))
    assert set(stepwise(Change.SAME, there)) == set(stepwise(Change.SAME, back))
    turned = {
        (step.old and step.old.key, one.field, one.after, one.before)
        for step in back.steps
        for one in step.fields
    }
    assert turned == {
        (step.new and step.new.key, one.field, one.before, one.after)
        for step in there.steps
        for one in step.fields
    }


def test_a_plan_does_not_differ_from_itself() -> None:
    found = difference(OLD, OLD)
    assert found.is_same
    assert found.fields == ()
    assert set(stepwise(Change.SAME, found)) == {step.key for step in OLD.steps}


def test_fields_are_told_in_short_words() -> None:
    old = OLD.steps[0]
    new = replace(
        old,
        earliest=Due(date(2027, 2, 1), "so it is"),
        seats_after=12,
        price_after=MonthlyPrice(Decimal("120.50"), "USD", "list", None),
        term=None,
        readiness=Readiness.BLOCKED,
        clears=("AGE", "TERM_END"),
    )
    (step, *_) = difference(OLD, with_step(old, new)).steps
    assert {change.field: change.after for change in step.fields} == {
        "earliest": "2027-02-01: so it is",
        "seats_after": "12",
        "price_after": "120.50 USD",
        "term": None,
        "readiness": "BLOCKED",
        "clears": "AGE, TERM_END",
    }


def test_what_short_words_leave_out_is_told_in_full() -> None:
    old = replace(OLD.steps[0], blockers=(BLOCKER,))
    new = replace(old, blockers=(replace(BLOCKER, message="far too young"),))
    before = with_step(OLD.steps[0], old)
    (step, *_) = difference(before, with_step(OLD.steps[0], new)).steps
    (change,) = step.fields
    assert change.field == "blockers"
    assert "too young" in (change.before or "")
    assert "far too young" in (change.after or "")


def test_blockers_that_came_or_went_are_told_as_reasons() -> None:
    old, new = OLD.steps[0], replace(OLD.steps[0], blockers=(*OLD.steps[0].blockers, BLOCKER))
    came = difference(OLD, with_step(old, new)).steps[0].reasons
    assert [(one.code, one.part) for one in came] == [("BLOCKER_CAME", "DOWNGRADE")]
    went = difference(with_step(old, new), OLD).steps[0].reasons
    assert [(one.code, one.part) for one in went] == [("BLOCKER_WENT", "DOWNGRADE")]
    assert "too young" in went[0].message


def test_a_step_whose_last_day_is_over_went_for_that_reason() -> None:
    step = replace(OLD.steps[0], latest=Due(NOW.date(), "its term ends"))
    old = with_step(OLD.steps[0], step)
    for at, codes in ((LATER, ["DATE_PASSED"]), (NOW, [])):
        new = replace(OLD, at=at, steps=OLD.steps[1:])
        gone = difference(old, new).steps[-1]
        assert gone.change is Change.REMOVED
        assert [one.code for one in gone.reasons] == codes


def test_a_step_that_removes_a_blocker_came_for_it() -> None:
    step = replace(OLD.steps[0], key="WAIT_UNTIL/x", clears=("AGE",))
    found = difference(OLD, replace(OLD, steps=(step, *OLD.steps))).steps[0]
    assert found.change is Change.ADDED
    assert [(one.code, one.part) for one in found.reasons] == [("OPENS", "AGE")]


def test_a_goal_that_came_went_or_changed_is_told() -> None:
    both = OLD
    only = plan(world(held("A", 1)))
    second = held("B", 2).subscription_id
    for old, new, code in ((both, only, "GOAL_REMOVED"), (only, both, "GOAL_ADDED")):
        told = {one.subscription_id: one for one in difference(old, new).outcomes}[second]
        assert [one.code for one in told.reasons] == [code]
    goals = tuple(replace(goal, seats=33) for goal in both.goals)
    outcomes = tuple(
        replace(one, goal=goal) for one, goal in zip(both.outcomes, goals, strict=True)
    )
    changed = difference(both, replace(both, goals=goals, outcomes=outcomes))
    assert {one.code for each in changed.outcomes for one in each.reasons} == {"GOAL_CHANGED"}


def test_with_parts_a_change_names_what_moved_of_its_subscription() -> None:
    before = world(held("A", 1), held("B", 2))
    after = world(held("A", 1, seats=25), held("B", 2))
    parts = [parts_of(one.catalog, one.customer, one.question) for one in (before, after)]
    found = difference(plan(before), plan(after), old_parts=parts[0], new_parts=parts[1])
    first = held("A", 1).subscription_id
    assert [one.part for one in found.moved] == [f"customer/own/{first}/seats"]
    changed = [step for step in found.steps if step.change is Change.CHANGED]
    assert {step.new.subscription_id for step in changed if step.new} == {first}
    for step in changed:
        assert ("FACT", f"customer/own/{first}/seats") in {
            (one.code, one.part) for one in step.reasons
        }
    assert difference(plan(before), plan(after)).moved == ()


def test_the_plans_as_wholes_are_compared_too() -> None:
    new = replace(OLD, at=LATER, completes_on=LATER.date(), merit=(*OLD.merit[:-1], 99))
    told = {change.field: change.after for change in difference(OLD, new).fields}
    assert set(told) == {"at", "completes_on", "merit"}
    assert told["at"] == LATER.isoformat()
    assert (told["merit"] or "").endswith(", 99")


def test_a_row_or_a_call_that_differs_is_told_without_json() -> None:
    old = next(one for one in OLD.steps if one.batch_rows and one.call and one.call.body)
    assert old.call is not None
    (row, *rows) = old.batch_rows
    cells = tuple((head, "4711" if head == row.columns[-1][0] else it) for head, it in row.columns)
    call = replace(old.call, body={**(old.call.body or {}), "quantity": 4711})
    new = replace(old, batch_rows=(replace(row, columns=cells), *rows), call=call)
    found = difference(OLD, with_step(old, new)).steps
    (step,) = [one for one in found if one.change is Change.CHANGED]
    told = {change.field: change for change in step.fields}
    assert "body quantity 4711" in (told["call"].after or "")
    assert told["batch_rows"].after == f"{row.columns[-1][0]} 4711"
    for change in step.fields:
        for text in (change.before, change.after):
            assert text is None or not set(text) & set('{}[]"')
