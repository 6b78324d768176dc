"""Where a saved plan stands: found by its id, its status by its history, whether it still holds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from enum import StrEnum
from functools import partial

from planner.customers import Customer
from planner.plans.saved.as_planned import as_read
from planner.plans.saved.carried_out import Carried
from planner.plans.saved.fingerprint import parts_of
from planner.plans.saved.staleness import Currency, Freshness, Moved, StaleReason, staleness
from planner.plans.told.unpriced import without_prices
from planner.search import Stopped
from resolvers import inputs
from resolvers.access.permits import Task, is_permitted
from resolvers.asked import Asked
from resolvers.plans.refusals import plan_not_found
from resolvers.problems import NotFound
from resolvers.records.plans import PlanEvent, PlanEventKind, SavedPlan


class PlanStatus(StrEnum):
    """Where a plan stands, as its history tells."""

    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    FAILED = "FAILED"
    """A step failed and has not been done since."""
    SUPERSEDED = "SUPERSEDED"
    """Another plan was approved in its place; it is carried out no longer."""


class Mark(StrEnum):
    """What became of a step."""

    DONE = "DONE"
    FAILED = "FAILED"


_MARKS = {PlanEventKind.STEP_DONE: Mark.DONE, PlanEventKind.STEP_FAILED: Mark.FAILED}


async def plans_by_id(asked: Asked, plan_ids: Sequence[str]) -> Mapping[str, SavedPlan]:
    """Return those that this partner has; a batch for loaders. Ids are GUIDs in lower case."""
    asked.require(Task.READ_CUSTOMERS)
    found = await asked.plans.plans(asked.principal, plan_ids)
    return {plan_id: as_seen(asked, saved) for plan_id, saved in found.items()}


def as_seen(asked: Asked, saved: SavedPlan) -> SavedPlan:
    """Return a saved plan as the principal may see it: without prices, if need be."""
    if is_permitted(asked.principal, Task.READ_PRICES):
        return saved
    return replace(saved, plan=without_prices(saved.plan, saved.question.scope.profile))


async def plan_by_id(asked: Asked, plan_id: str) -> SavedPlan | NotFound:
    """Return a plan with its history. Raises: BadInput MALFORMED_ID."""
    parsed = inputs.guid(plan_id, what="plan")
    found = await plans_by_id(asked, (parsed,))
    return found.get(parsed) or plan_not_found(parsed)


def status_of(saved: SavedPlan) -> PlanStatus:
    """Return where a plan stands."""
    if event_of(saved, PlanEventKind.SUPERSEDED):
        return PlanStatus.SUPERSEDED
    if event_of(saved, PlanEventKind.REJECTED):
        return PlanStatus.REJECTED
    if not event_of(saved, PlanEventKind.APPROVED):
        return PlanStatus.PROPOSED
    marks = marks_of(saved)
    if Mark.FAILED in marks.values():
        return PlanStatus.FAILED
    if marks and all(step.key in marks for step in saved.plan.steps):
        return PlanStatus.DONE
    return PlanStatus.IN_PROGRESS if marks else PlanStatus.APPROVED


def marks_of(saved: SavedPlan) -> dict[str, Mark]:
    """Return the last mark of each step that has one, by its key."""
    return {
        event.step_key: _MARKS[event.kind]
        for event in saved.events
        if event.step_key is not None and event.kind in _MARKS
    }


def done_steps(saved: SavedPlan) -> frozenset[str]:
    """Return the keys of the steps that are done."""
    return frozenset(key for key, mark in marks_of(saved).items() if mark is Mark.DONE)


def carried_out(saved: SavedPlan) -> tuple[Carried, ...]:
    """Return the steps that are done, in the plan's order, with the days of their marks."""
    days = {
        event.step_key: event.at.astimezone(UTC).date()
        for event in saved.events
        if event.kind is PlanEventKind.STEP_DONE
    }
    return tuple(Carried(step, days[step.key]) for step in saved.plan.steps if step.key in days)


def event_of(saved: SavedPlan, kind: PlanEventKind) -> PlanEvent | None:
    """Return the first event of a kind in a plan's history."""
    return next((event for event in saved.events if event.kind is kind), None)


async def freshness_of(asked: Asked, plans: Sequence[SavedPlan]) -> tuple[Freshness, ...]:
    """Return of each plan whether it still holds at the request's instant, in their order.

    The roles that count are those it was made with, whoever looks at it. Some 20 ms for a plan, in
    a thread and a turn of its own; a request that is cancelled begins no further one. Raises:
    TryLater.
    """
    ids = tuple(dict.fromkeys(saved.customer_id for saved in plans))
    owners = await asked.customers.customers(asked.principal, ids)
    work, found = asked.work(), list[Freshness]()
    for saved in plans:
        judge = partial(freshness_for, asked, saved, owners.get(saved.customer_id))
        found.append(await work.in_thread(partial(_whole, judge)))
    return tuple(found)


def _whole(judge: Callable[[], Freshness], _is_over: Stopped) -> Freshness:
    """Judge one plan to its end: that is too short to be stopped."""
    return judge()


def freshness_for(asked: Asked, saved: SavedPlan, owner: Customer | None) -> Freshness:
    """Return whether a plan still holds for its customer as stored; None is one that is gone."""
    if owner is None:
        gone = StaleReason(Moved.FACT, "the customer is no longer stored", "customer/id")
        return Freshness(Currency.STALE, (gone,))
    on, catalog = asked.now.astimezone(UTC).date(), asked.catalog_as_stored
    done = carried_out(saved)
    if saved.read is not None:
        owner = as_read(catalog, saved.plan, saved.read, owner, done, on=on)
    return staleness(
        saved.plan,
        saved.parts,
        parts_of(catalog, owner, saved.question),
        on=on,
        done={one.step.key for one in done},
    )
