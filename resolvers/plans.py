"""Plans of a customer: made, saved, listed and compared."""

import asyncio
import threading
from dataclasses import dataclass
from uuid import uuid4

from planner.customers import Customer
from planner.plans.difference import PlanDifference, difference
from planner.plans.fingerprint import Parts, fingerprint, parts_of
from planner.plans.question import PlanQuestion, answer
from planner.plans.steps import Plan
from planner.search import Stopped
from planner.what_if import Supposed
from resolvers import inputs
from resolvers.asked import Asked
from resolvers.plan_decisions import author_of, checked_note
from resolvers.plan_records import PlanEvent, PlanEventKind, PlanKey, PlanPage, SavedPlan
from resolvers.plan_refusals import (
    PlanRefused,
    mismatch,
    of_different_customers,
    what_if_not_saved,
)
from resolvers.plan_requests import NotSupposed, PlanRequest, facts_of, question_of
from resolvers.plan_status import plan_by_id
from resolvers.ports import UnknownCustomer
from resolvers.problems import NotFound, customer_not_found

MAX_PLANS = 50


@dataclass(frozen=True, slots=True)
class PlanMade:
    """A plan that nobody has saved, with what it has read."""

    question: PlanQuestion
    plan: Plan
    parts: Parts
    fingerprint: str
    given: Supposed
    """The facts that it was made from."""
    is_supposed: bool
    """Whether a what-if made them other than those that are stored."""


@dataclass(frozen=True, slots=True)
class PlanComparison:
    """Two saved plans of one customer, side by side."""

    old: SavedPlan
    new: SavedPlan
    difference: PlanDifference


class PlanningStopped(Exception):
    """Nobody waits for the plan any more; it reaches no user."""


async def plan_for(
    asked: Asked, owner: Customer, request: PlanRequest
) -> PlanMade | NotFound | PlanRefused | NotSupposed:
    """Make a plan and store nothing. Raises: BadInput.

    A hard customer takes a second or two. It is planned in a thread: the interpreter's switching
    keeps the event loop answering meanwhile, at half its speed, and no worker needs a catalog of
    its own. A request that is cancelled stops its thread within 16 states.
    """
    given = facts_of(asked, owner, request)
    if isinstance(given, NotSupposed):
        return given
    question = question_of(asked, owner, given, request)
    if not isinstance(question, PlanQuestion):
        return question
    differs = given.customer != owner or given.catalog is not asked.catalog
    gone = threading.Event()

    def stopped() -> bool:
        # The search takes a True for a spent budget and answers with the best found; that would
        # be work for nobody.
        if gone.is_set():
            raise PlanningStopped
        return False

    try:
        return await asyncio.to_thread(_made, given, question, stopped, is_supposed=differs)
    finally:
        gone.set()


def _made(
    given: Supposed, question: PlanQuestion, stopped: Stopped, *, is_supposed: bool
) -> PlanMade:
    plan = answer(given.catalog, given.customer, question, stopped=stopped)
    parts = parts_of(given.catalog, given.customer, question)
    return PlanMade(question, plan, parts, fingerprint(parts), given, is_supposed)


async def save_plan(
    asked: Asked,
    owner: Customer,
    request: PlanRequest,
    *,
    expected: str | None = None,
    note: str = "",
) -> SavedPlan | NotFound | PlanRefused:
    """Make a plan and store it. Raises: BadInput.

    With `expected`, the fingerprint of a plan that was looked at before, another one is refused:
    FINGERPRINT_MISMATCH. One of supposed facts is refused: WHAT_IF_NOT_SAVED.
    """
    if request.supposes:
        return what_if_not_saved()
    written = checked_note(note)
    made = await plan_for(asked, owner, request)
    if isinstance(made, NotSupposed):
        return made.missing
    if not isinstance(made, PlanMade):
        return made
    if expected not in (None, made.fingerprint):
        return mismatch(made.fingerprint)
    saved = _saved(asked, owner, made, written)
    try:
        await asked.plans.add(asked.principal, saved)
    except UnknownCustomer as error:
        return customer_not_found(error.customer_id)
    return saved


def _saved(asked: Asked, owner: Customer, made: PlanMade, note: str) -> SavedPlan:
    who = author_of(asked.principal)
    event = PlanEvent(1, PlanEventKind.SAVED, asked.now, who, made.fingerprint, note)
    return SavedPlan(
        str(uuid4()),
        owner.customer_id,
        asked.now,
        who,
        made.fingerprint,
        made.parts,
        made.question,
        made.plan,
        (event,),
    )


async def plans_of(
    asked: Asked, customer_id: str, *, first: int, after: PlanKey | None
) -> PlanPage:
    """Return a page of a customer's plans, newest first. Raises: BadInput."""
    inputs.page_size(first, maximum=MAX_PLANS)
    parsed = inputs.guid(customer_id, what="customer")
    return await asked.plans.page(asked.principal, parsed, first=first, after=after)


async def compare_plans(
    asked: Asked, old_id: str, new_id: str
) -> PlanComparison | NotFound | PlanRefused:
    """Compare two saved plans of one customer, step by step. Raises: BadInput MALFORMED_ID."""
    old = await plan_by_id(asked, old_id)
    new = await plan_by_id(asked, new_id)
    if isinstance(old, NotFound):
        return old
    if isinstance(new, NotFound):
        return new
    if old.customer_id != new.customer_id:
        return of_different_customers(old, new)
    told = difference(old.plan, new.plan, old_parts=old.parts, new_parts=new.parts)
    return PlanComparison(old, new, told)
