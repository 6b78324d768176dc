"""The report `plans`: every customer's plan, a line for what came of each goal and each step."""

from collections import Counter
from collections.abc import Iterator
from typing import Protocol

from formats.reports.customers import CustomerTally
from formats.reports.plan_columns import PLAN, PlanLine
from formats.writing.columns import Line, Offers, columns_of, line_of
from formats.writing.manifest import Fact
from formats.writing.table import Table
from planner.customers import Customer
from planner.plans.search.solution import Status
from planner.plans.told.steps import Outcome, Plan, PlanStep


class PlannedCustomer(Protocol):
    """A customer and its plan, which is empty where nothing of it has a goal."""

    @property
    def customer(self) -> Customer: ...

    @property
    def plan(self) -> Plan: ...


def _lines(row: PlannedCustomer, offers: Offers) -> Iterator[Line]:
    told_lines: tuple[Outcome | PlanStep, ...] = (*row.plan.outcomes, *row.plan.steps)
    for number, told in enumerate(told_lines, start=1):
        yield line_of(PLAN, PlanLine(row.customer, row.plan, offers, told, number))


class PlansTally:
    """Counts customers, goals met and unmet, and steps."""

    def __init__(self) -> None:
        self._customers = CustomerTally()
        self._without_goals = 0
        self._steps = 0
        self._goals: Counter[Status] = Counter()
        self._not_proven = 0

    def add(self, row: PlannedCustomer) -> None:
        self._customers.add(row.customer)
        self._without_goals += not row.plan.goals
        self._steps += len(row.plan.steps)
        self._goals.update(outcome.status for outcome in row.plan.outcomes)
        self._not_proven += row.plan.exactness.value != "EXACT"

    def counts(self) -> dict[str, Fact]:
        return {
            **self._customers.counts(),
            "customers_without_goals": self._without_goals,
            "goals": self._goals.total(),
            "goals_met": self._goals[Status.MET],
            "plans_not_proven_best": self._not_proven,
            "steps": self._steps,
        }


PLANS: Table[PlannedCustomer] = Table("plans", columns_of(PLAN), _lines)
