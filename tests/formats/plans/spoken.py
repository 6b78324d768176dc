"""Plans of one move and other steps, and the pieces of their documents that tests read aloud."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from planner.baselines.baseline import BaselineEvent
from planner.baselines.rules import BaselineCode
from planner.customers import Subscription
from planner.plans.search.acts import StepKind
from planner.plans.told.steps import PlanStep
from tests.formats.plans.plan_cases import PlanCase, Read, case
from tests.planner.builders import NOW, oid

CASE = case()
TODAY = NOW.date()
MOVE = next(
    step for step in CASE.plan.steps if (step.kind, step.target) == (StepKind.MIGRATE, oid("a"))
)
PLAIN = replace(MOVE, needs=(), blockers=(), unanswered=(), clears=())


def made_of(*steps: PlanStep, **plan: Any) -> PlanCase:
    return replace(CASE, plan=replace(CASE.plan, steps=steps, **plan))


def held_as(made: PlanCase, **changes: Any) -> PlanCase:
    """Return the case where the subscription that moves is otherwise."""
    return owned(made, lambda one: replace(one, **changes) if moves(one) else one)


def owned(made: PlanCase, change: Callable[[Subscription], Subscription]) -> PlanCase:
    held = made.customer.holdings
    own = tuple(map(change, held.own))
    owner = replace(made.customer, holdings=replace(held, own=own))
    return replace(made, customer=owner)


def moves(one: Subscription) -> bool:
    return one.subscription_id == MOVE.subscription_id


def row(made: PlanCase, place: int = 1) -> dict[str, str]:
    """Return a step's row of the timetable by its columns."""
    head, *rows = Read(made.markdown()).tables[0]
    return dict(zip(head, rows[place - 1], strict=True))


def outcome_of(made: PlanCase) -> list[str]:
    named = next(
        place
        for place, one in enumerate(made.plan.outcomes, start=1)
        if one.goal.subscription_id == MOVE.subscription_id
    )
    tables = Read(made.markdown()).tables
    return tables[1 if made.plan.steps else 0][named]


def summary(made: PlanCase) -> str:
    return made.markdown().split("\n\n")[1]


def section(made: PlanCase, title: str) -> str:
    return made.markdown().split(f"## {title}\n\n")[1].split("\n\n##")[0]


def moved() -> str:
    return MOVE.subscription_id or ""


def event(code: BaselineCode, when: date | None) -> BaselineEvent:
    known = next(one for one in CASE.baseline.events if one.subscription_id == moved())
    return replace(known, code=code, day=when, after=None)


def having(*events: BaselineEvent) -> PlanCase:
    return replace(CASE, baseline=replace(CASE.baseline, events=events))
