"""How a plan speaks: one question for each thing that a document tells of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from planner.baselines.baseline import Baseline, BaselineEvent
from planner.catalog import Catalog
from planner.customers import Customer, Subscription
from planner.ids import CatalogId
from planner.plans.told.steps import Outcome, Plan, PlanStep


@dataclass(frozen=True, slots=True)
class Paper:
    """What a document is made from: the plan, its customer, and what happens without it."""

    catalog: Catalog
    customer: Customer
    plan: Plan
    baseline: Baseline

    def held(self, subscription_id: str | None) -> Subscription | None:
        """Return a subscription as it is today; None where the customer no longer has it."""
        return None if subscription_id is None else self.customer.holdings.held(subscription_id)

    def place(self, key: str) -> int | None:
        """Return a step's number, from 1."""
        places = enumerate(self.plan.steps, start=1)
        return next((place for place, step in places if step.key == key), None)

    def origin(self, subscription_id: str) -> CatalogId | None:
        """Return the offer that a subscription has before the plan."""
        for step in self.plan.steps:
            if step.subscription_id == subscription_id and step.origin is not None:
                return step.origin
            for member in step.members:
                if member.subscription_id == subscription_id:
                    return member.origin
        held = self.held(subscription_id)
        return None if held is None else held.catalog_id

    def events_of(self, subscription_id: str) -> tuple[BaselineEvent, ...]:
        """Return what happens to one subscription without the plan, in order of the days."""
        found = (one for one in self.baseline.events if one.subscription_id == subscription_id)
        return tuple(found)


class Voice(Protocol):
    """Tells the same plan to one audience; every answer is plain text on one line or a few."""

    def subscription(self, subscription_id: str) -> str: ...

    def offer(self, offer: CatalogId | None) -> str: ...

    def what(self, step: PlanStep) -> str: ...

    def who(self, step: PlanStep) -> str: ...

    def why_then(self, step: PlanStep) -> str: ...

    def why_latest(self, step: PlanStep) -> str: ...

    def if_not_done(self, step: PlanStep) -> str: ...

    def outcome(self, outcome: Outcome) -> str: ...

    def ends(self, step: PlanStep) -> str:
        """Return what becomes of a subscription that a step ends, or brings to us."""
        ...

    def event(self, event: BaselineEvent) -> str: ...

    def questions(self) -> Iterator[str]:
        """Yield what is not known or not confirmed, in the order of the steps; may repeat."""
        ...


def why_not_priced(outcome: Outcome) -> str:
    """Say why what it becomes cannot be held against what it was by their prices."""
    if outcome.price_now is None and outcome.price_then is None:
        return "neither the price today nor the new one is known"
    if outcome.price_now is None:
        return "the price today is not known"
    if outcome.price_then is None:
        return "the new price is not known"
    return "the two prices are in different currencies"


def day(value: date | None) -> str:
    """Return a day as everybody reads it; empty where there is none."""
    return "" if value is None else value.isoformat()
