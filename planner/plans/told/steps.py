"""What a plan tells: its steps, what came of each goal, how it was found, what else there is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from planner.blockers import Actor, Assumption, Blocker, Unanswered
from planner.ids import CatalogId
from planner.no_path import NoPath
from planner.plans.goals import SubscriptionGoal
from planner.plans.search.acts import StepKind
from planner.plans.search.money import MonthlyPrice
from planner.plans.search.solution import Exactness, Status
from planner.readiness import Readiness
from planner.rules import Mode
from planner.search import Cost
from planner.transitions import EvidenceKind, TransitionKind
from planner.upsells import Upsell

Json = str | int | bool | None | tuple["Json", ...] | Mapping[str, "Json"]
"""A JSON value without floats; lists are tuples."""


@dataclass(frozen=True, slots=True)
class ApiCall:
    """The call of Partner Center's API that performs a step.

    Names in braces stand for what is known only later, such as the id of a new subscription.
    """

    method: str
    path: str
    body: Mapping[str, Json] | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """The row of Microsoft's batch migration tool that performs a step."""

    file: str
    columns: tuple[tuple[str, str], ...]
    """Header and value, in the file's order."""


@dataclass(frozen=True, slots=True)
class Due:
    """A day of a step and why it is that day."""

    day: date
    because: str


@dataclass(frozen=True, slots=True)
class MemberStep:
    """An add-on that moves along with a step."""

    subscription_id: str
    title: str
    origin: CatalogId
    target: CatalogId
    seats: int | None
    term: str | None = None
    """Its own term afterwards: members are independent of their base then."""
    billing_cycle: str | None = None
    full_new_term: bool = False


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step: what, on which subscription, who, when and why then, and what if it is not done."""

    key: str
    """What is done to what: the same step has the same key in every plan."""
    kind: StepKind
    message: str
    subscription_id: str | None
    """None where it is done for the whole customer."""
    title: str
    """The subscription as people call it; empty for the whole customer."""
    actor: Actor
    role: str | None
    """The Partner Center role it needs, where it is ours to do."""
    earliest: Due
    latest: Due | None
    """The last day on which it still does what the plan needs; None where no date ends it."""
    if_not_done: str
    needs: tuple[str, ...]
    """Keys of the steps that come first."""
    origin: CatalogId | None = None
    target: CatalogId | None = None
    """The offer it moves to, or buys."""
    transition_kind: TransitionKind | None = None
    evidence: EvidenceKind | None = None
    """The edge's strongest evidence, for a step that walks one."""
    mode: Mode | None = None
    into: str | None = None
    """The existing subscription that the seats are added to."""
    seats_before: int | None = None
    seats_after: int | None = None
    term: str | None = None
    billing_cycle: str | None = None
    full_new_term: bool = False
    custom_end: date | None = None
    price_before: MonthlyPrice | None = None
    """All seats for a month at retail; None where no loaded list tells."""
    price_after: MonthlyPrice | None = None
    takes_effect: date | None = None
    """The day on which it takes effect, where that is later than it is done."""
    members: tuple[MemberStep, ...] = ()
    call: ApiCall | None = None
    batch_rows: tuple[BatchRow, ...] = ()
    """One for the subscription, then one for each that moves along."""
    clears: tuple[str, ...] = ()
    """Codes of the blockers that it removes."""
    readiness: Readiness = Readiness.READY
    blockers: tuple[Blocker, ...] = ()
    """What was found about it and does not stop it."""
    unanswered: tuple[Unanswered, ...] = ()
    assumes: tuple[Assumption, ...] = ()
    source: str = ""
    part: int | None = None
    """How many of the seats it takes, where the others stay; None where it takes all."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one goal."""

    goal: SubscriptionGoal
    title: str
    status: Status
    reached: CatalogId | None
    """Where it ends; None where it stays or is gone."""
    seats: int | None
    ends_on: date | None
    """The day on which the last step for it is done."""
    message: str
    price_now: MonthlyPrice | None = None
    price_then: MonthlyPrice | None = None
    """At the goal; None where it is not met or no loaded list tells."""
    blockers: tuple[Blocker, ...] = ()
    """For an unmet goal: what stops every way that was tried, each once."""
    no_path: NoPath | None = None
    candidates: tuple[CatalogId, ...] = ()
    """Equivalents among which somebody has to choose."""
    upsell: Upsell | None = None
    """What it is more than what it was, where a met goal takes it to a larger product."""
    left_out: tuple[tuple[StepKind, ...], ...] = ()
    """For an unmet goal: kinds of step that the plan does without and that would open a way.

    Each tuple is enough by itself; the kinds within one are needed together.
    """


@dataclass(frozen=True, slots=True)
class Component:
    """Goals that hang together, and whether their steps are proven to be the best."""

    subscription_ids: tuple[str, ...]
    because: tuple[str, ...]
    """Why they hang together, in order; empty for a single one."""
    exactness: Exactness
    states: int
    bound: int
    """How many states it was allowed."""


@dataclass(frozen=True, slots=True)
class AlternativePlan:
    """Another way for one component, and what it trades for what."""

    subscription_ids: tuple[str, ...]
    trade_off: str
    steps: tuple[PlanStep, ...]
    merit: Cost
    goals: tuple[SubscriptionGoal, ...] = ()
    """The goals to ask for instead, where it reaches those asked for only in part."""
    price_in_plan: MonthlyPrice | None = None
    """Where it gives up seats: what the plan leads their subscription to, for all its seats."""
    price_then: MonthlyPrice | None = None
    """What this one leads it to, for the seats that are left."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The best way found to take a customer's subscriptions to their goals."""

    customer_id: str
    at: datetime
    goals: tuple[SubscriptionGoal, ...]
    outcomes: tuple[Outcome, ...]
    """One for each goal, in its order."""
    steps: tuple[PlanStep, ...]
    """In the order in which they are done."""
    components: tuple[Component, ...]
    alternatives: tuple[AlternativePlan, ...]
    merit: Cost
    """Goals unmet, subscriptions given up, unknown steps, the profile's parts, steps, days."""
    completes_on: date | None
    """The day of the last step; None where there is none."""
    valid_until: date | None
    """The earliest of the steps' latest days: afterwards the plan must be made again."""
    exactness: Exactness
