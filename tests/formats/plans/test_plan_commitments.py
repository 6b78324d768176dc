"""What the customer's document says of terms, billing, the goal, and what comes otherwise."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from planner.baselines.rules import BaselineCode
from planner.plans.search.acts import StepKind
from planner.plans.search.solution import Status
from planner.plans.told.steps import MemberStep, PlanStep
from tests.formats.plans.plan_cases import PlanCase, Read, case
from tests.planner.builders import oid

CASE = case()
MOVE = next(
    step for step in CASE.plan.steps if (step.kind, step.target) == (StepKind.MIGRATE, oid("a"))
)
WITHIN_A_WEEK = "it can be cancelled within 7 days of its start in new commerce"


def made_of(*steps: PlanStep) -> PlanCase:
    return replace(CASE, plan=replace(CASE.plan, steps=steps))


def committed(**changes: Any) -> str:
    """Return what stands under the heading where the plan is one step like the migration."""
    text = made_of(replace(MOVE, needs=(), **changes)).markdown()
    return text.split("## What you commit to\n")[1].split("##")[0].strip()


@pytest.mark.parametrize(
    ("changes", "term"),
    [
        ({"term": "P1Y"}, "a term of 1 year, of which the rest remains"),
        ({"term": "P1Y", "full_new_term": True}, "a term of 1 year"),
        ({"term": "P1M", "full_new_term": True}, "a term of 1 month"),
        ({"term": "P3Y", "kind": StepKind.BUY_NEW}, "a term of 3 years"),
        (
            {"term": "P1Y", "custom_end": date(2027, 6, 30)},
            "a term of 1 year, ending on 2027-06-30",
        ),
        ({"term": None}, "the term is not yet chosen"),
    ],
)
def test_the_term_is_told_or_that_it_is_not_chosen(changes: dict[str, Any], term: str) -> None:
    told = committed(billing_cycle="monthly", **changes)
    assert told == f"- Step 1, Sku a: {term}, billed monthly; {WITHIN_A_WEEK}"


@pytest.mark.parametrize(
    ("cycle", "told"),
    [
        ("annual", "billed yearly"),
        ("Monthly", "billed monthly"),
        (None, "billing is not yet chosen"),
    ],
)
def test_so_is_the_billing(cycle: str | None, told: str) -> None:
    assert told in committed(term="P1Y", billing_cycle=cycle)


def test_a_conversion_promises_no_new_week() -> None:
    told = committed(kind=StepKind.CONVERT, term="P1Y", billing_cycle="annual")
    assert "a term of 1 year, of which the rest remains, billed yearly" in told
    assert WITHIN_A_WEEK not in told
    assert "within 7 days of its start or renewal" in told


def test_add_ons_that_move_along_are_told_to_have_their_own_terms() -> None:
    along = MemberStep("one", "An add-on", oid("C"), oid("c"), 3)
    told = committed(term="P1Y", billing_cycle="annual", members=(along,))
    assert told.endswith("; what moves along has a term of its own: Sku c")


def test_a_legacy_upgrade_and_other_steps_commit_to_nothing_new() -> None:
    legacy = {"kind": StepKind.UPGRADE, "target": oid("C")}
    assert committed(**legacy) == committed(kind=StepKind.WAIT_UNTIL) == "Nothing new."


def test_every_migration_conversion_and_purchase_is_listed() -> None:
    for kind in StepKind:
        moves = kind.name.startswith(("MIGRATE", "SCHEDULE", "DETACH", "CONVERT", "BUY"))
        assert ("- Step 1, Sku a" in committed(kind=kind)) == moves


# ------------------------------------------------------------------------------------- the goal


def test_the_summary_names_what_the_subscriptions_become() -> None:
    assert "This plan brings 2 subscriptions to Sku a and Sku c." in CASE.markdown()
    first, second = CASE.plan.outcomes
    joined = replace(CASE.plan, outcomes=(first, replace(second, reached=None)))
    assert "to Sku a and another subscription." in replace(CASE, plan=joined).markdown()
    unmet = replace(second, status=Status.UNMET, reached=None)
    partly = replace(CASE.plan, outcomes=(first, unmet))
    told = replace(CASE, plan=partly).markdown()
    assert "Of 2 subscriptions this plan brings 1 to Sku a; 1 cannot be moved" in told


# ------------------------------------------------------------------- what comes if it is not done


def otherwise(made: PlanCase, place: int = 0) -> str:
    return Read(made.markdown()).tables[0][place + 1][6]


def order() -> PlanStep:
    return replace(MOVE, key="order", needs=(), kind=StepKind.BUY_NEW)


def test_without_its_replacement_microsoft_moves_it_where_the_baseline_says_so() -> None:
    events = CASE.baseline.events
    [moved] = [
        one
        for one in events
        if one.code is BaselineCode.MICROSOFT_LED_MIGRATION
        and one.subscription_id == MOVE.subscription_id
    ]
    told = otherwise(made_of(order()))
    assert (
        told
        == f"Microsoft moves the old subscription to new commerce by itself, from {moved.day} on"
    )


def test_where_nobody_moves_it_the_service_is_lost() -> None:
    ends = replace(made_of(order()), baseline=replace(CASE.baseline, events=()))
    assert otherwise(ends) == "You lose the service when the old subscription ends"


def test_what_an_earlier_step_ends_microsoft_does_not_move() -> None:
    off = replace(MOVE, key="off", needs=(), kind=StepKind.TURN_OFF_AUTO_RENEWAL)
    assert otherwise(made_of(off, order()), 1).startswith("You lose the service")
    assert otherwise(made_of(order(), off)).startswith("Microsoft moves the old subscription")
