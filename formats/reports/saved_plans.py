"""The report `saved-plans`: a line for every saved plan, where it stands and whether it holds."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from formats.reports.customers import CustomerTally
from formats.reports.saved_plan_columns import SAVED_PLAN, SavedPlanLine
from formats.writing.columns import Line, Offers, columns_of, line_of
from formats.writing.manifest import Fact
from formats.writing.table import Table
from planner.customers import Customer
from planner.plans.saved.staleness import Currency, Freshness
from planner.plans.told.steps import Plan


class StandingPlan(Protocol):
    """A saved plan, where it stands and whether it holds."""

    @property
    def plan_id(self) -> str: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def created_by(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def freshness(self) -> Freshness: ...
    @property
    def marks(self) -> Mapping[str, str]: ...
    @property
    def superseded_by(self) -> str | None: ...
    @property
    def plan(self) -> Plan: ...


class CustomerWithPlans(Protocol):
    """A customer and its saved plans, newest first; of most there are none."""

    @property
    def customer(self) -> Customer: ...
    @property
    def plans(self) -> Sequence[StandingPlan]: ...


def _lines(row: CustomerWithPlans, _offers: Offers) -> Iterator[Line]:
    for one in row.plans:
        told = SavedPlanLine(
            row.customer,
            one.plan_id,
            one.created_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
            one.created_by,
            one.status,
            one.fingerprint,
            one.freshness,
            dict(one.marks),
            one.superseded_by,
            one.plan,
        )
        yield line_of(SAVED_PLAN, told)


class SavedPlansTally:
    """Counts customers, and their plans by where they stand."""

    def __init__(self) -> None:
        self._customers = CustomerTally()
        self._with_plans = 0
        self._stale = 0
        self._plans: Counter[str] = Counter()

    def add(self, row: CustomerWithPlans) -> None:
        self._customers.add(row.customer)
        self._with_plans += bool(row.plans)
        self._plans.update(one.status for one in row.plans)
        self._stale += sum(one.freshness.currency is Currency.STALE for one in row.plans)

    def counts(self) -> dict[str, Fact]:
        by_status = {f"plans_{name.lower()}": n for name, n in sorted(self._plans.items())}
        return {
            **self._customers.counts(),
            "customers_with_plans": self._with_plans,
            "plans": self._plans.total(),
            **by_status,
            "plans_stale": self._stale,
        }


SAVED_PLANS: Table[CustomerWithPlans] = Table("saved-plans", columns_of(SAVED_PLAN), _lines)
