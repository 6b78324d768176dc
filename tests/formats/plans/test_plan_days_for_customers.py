"""What the customer's document says of a step's days: never more than the plan knows."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from planner.blockers import Unanswered
from planner.plans.told.steps import Due, PlanStep
from tests.formats.plans.plan_cases import PlanCase, Read, Texts, case
from tests.planner.builders import NOW

_TODAY = NOW.date()


def test_a_last_step_is_not_said_to_be_waited_for() -> None:
    step = replace(_moves()[-1], latest=Due(_TODAY + timedelta(days=40), "anything"), needs=())
    (told,) = _told(step)
    assert "depends on it" not in told
    assert told.endswith("Later it could not be done like this")


def test_a_step_that_another_needs_is_said_to_be_waited_for() -> None:
    first, second = _moves()[:2]
    first = replace(first, latest=Due(_TODAY + timedelta(days=40), "anything"), needs=())
    told = _told(first, replace(second, needs=(first.key,)))
    assert told[0].endswith("A later step depends on it")


def test_a_term_that_is_over_by_what_we_know_is_told_as_over() -> None:
    step = replace(_moves()[0], latest=Due(_TODAY, "anything"), needs=())
    ended = _TODAY - timedelta(days=22)
    (told,) = _told(step, ended=ended)
    assert told.endswith(f"Its term ended on {ended}, as far as we know, so it must not wait")


def test_a_step_of_a_later_day_is_not_said_to_be_possible_now() -> None:
    step = replace(_moves()[0], clears=(), needs=())
    later = replace(step, earliest=Due(_TODAY + timedelta(days=3), "anything"))
    assert _told(replace(step, earliest=Due(_TODAY, "anything")))[0].startswith(
        "It can be done from now on"
    )
    assert _told(later)[0].startswith("It can be done from that day on")


def test_a_new_offer_of_the_same_title_is_not_told_twice() -> None:
    titled = case(Texts(titles=dict.fromkeys("AaBbCc", "One Title")))
    assert "(today " not in titled.markdown()
    assert "(today " in case().markdown()


def test_consent_is_asked_for_where_there_is_something_to_consent_to() -> None:
    asked = "Nothing but your consent"
    step = replace(_moves()[0], unanswered=(), blockers=())
    made = case()
    quiet = replace(made.baseline, events=())
    alone = replace(made, plan=replace(made.plan, steps=(step,)), baseline=quiet)
    assert f"{asked}." in alone.markdown()
    assert asked not in _document()


def test_who_is_asked_a_question_is_not_told_that_nothing_is_needed() -> None:
    step = replace(_moves()[0], blockers=(), unanswered=(Unanswered("PROMOTION", ("x",), ""),))
    assert (
        "Nothing but your consent, and what you can tell us about the open questions below."
    ) in _document(step)


def _moves() -> tuple[PlanStep, ...]:
    """Return the steps that move the subscription on which most is done, in their order."""
    steps = [step for step in case().plan.steps if step.target is not None]
    most = max(steps, key=lambda one: sum(one.subscription_id == s.subscription_id for s in steps))
    return tuple(step for step in steps if step.subscription_id == most.subscription_id)


def _told(*steps: PlanStep, ended: date | None = None) -> list[str]:
    """Return the column "Why then" of a plan of these steps."""
    return list(_column(Read(_document(*steps, ended=ended)).tables[0], "Why then"))


def _document(*steps: PlanStep, ended: date | None = None) -> str:
    made = case()
    owner = made.customer
    if ended is not None:
        own = tuple(replace(held, last_day=ended) for held in owner.holdings.own)
        owner = replace(owner, holdings=replace(owner.holdings, own=own))
    plan = replace(made.plan, steps=steps)
    return PlanCase(made.catalog, owner, plan, made.baseline).markdown()


def _column(rows: list[list[str]], name: str) -> Iterable[str]:
    head, *body = rows
    place = head.index(name)
    return (row[place] for row in body)
