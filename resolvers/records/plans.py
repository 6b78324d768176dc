"""Frozen records of saved plans and of what happened to them; none of them has behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from planner.customers import Customer
from planner.plans.saved.question import PlanQuestion
from planner.plans.told.steps import Plan


class PlanEventKind(StrEnum):
    """What can happen to a saved plan."""

    SAVED = "SAVED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    STEP_DONE = "STEP_DONE"
    STEP_FAILED = "STEP_FAILED"
    SUPERSEDED = "SUPERSEDED"


@dataclass(frozen=True, slots=True)
class PlanEvent:
    """One thing that happened to a plan; it is never changed or taken back."""

    number: int
    """1 for SAVED, then counted up without gaps: the plan's history in order."""
    kind: PlanEventKind
    at: datetime
    """Aware UTC."""
    by: str
    """Who did it, as far as the sign-in tells: the roles held."""
    fingerprint: str
    """The plan's, which whoever did it has seen or named."""
    note: str = ""
    step_key: str | None = None
    """For STEP_DONE and STEP_FAILED alone."""
    superseded_by: str | None = None
    """For SUPERSEDED alone: the id of the plan that was approved in its place."""


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan as it was made, what it has read, and its history. Only the history grows."""

    plan_id: str
    """Lower-case GUID."""
    customer_id: str
    created_at: datetime
    created_by: str
    fingerprint: str
    parts: Mapping[str, str]
    """The hashes that the fingerprint is made of, by name."""
    question: PlanQuestion
    plan: Plan
    events: tuple[PlanEvent, ...]
    """In order; the first is SAVED."""
    read: Customer | None = None
    """The customer as the plan has read it; None for a plan saved before this was kept."""


@dataclass(frozen=True, slots=True)
class PlanKey:
    """Where a page of plans begins: after this one, newest first, then by plan id backwards."""

    created_at: datetime
    plan_id: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Up to `first` plans of one customer, whether more follow, and how many there are in all."""

    plans: tuple[SavedPlan, ...]
    has_next: bool
    total: int
