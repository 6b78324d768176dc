"""Plans of a customer: made, saved, listed and compared."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from uuid import uuid4

from planner.customers import Customer
from planner.plans.saved.content import content_hash
from planner.plans.saved.difference import PlanDifference, difference
from planner.plans.saved.fingerprint import Parts, fingerprint, parts_of
from planner.plans.saved.question import PlanQuestion, answer
from planner.plans.told.steps import Plan
from planner.search import Stopped
from planner.what_if import Supposed
from resolvers import inputs
from resolvers.access.audit import ask_to
from resolvers.access.permits import Task
from resolvers.asked import Asked
from resolvers.customers.customers import customer
from resolvers.plans.decisions import author_of, checked_note
from resolvers.plans.merit_words import with_merits_in_words
from resolvers.plans.refusals import (
    PlanRefused,
    content_mismatch,
    mismatch,
    of_different_customers,
    what_if_not_saved,
)
from resolvers.plans.requests import NotSupposed, PlanRequest, facts_of, question_of
from resolvers.plans.status import as_seen, plan_by_id
from resolvers.ports import UnknownCustomer
from resolvers.problems import NotFound, customer_not_found
from resolvers.records.audit import AuditAction
from resolvers.records.plans import PlanEvent, PlanEventKind, PlanKey, PlanPage, SavedPlan
from resolvers.work.turns import Work

MAX_PLANS = 50


@dataclass(frozen=True)
class PlanMade:
    """A plan that nobody has saved, with what it has read."""

    question: PlanQuestion
    plan: Plan
    given: Supposed
    """The facts that it was made from."""
    is_supposed: bool
    """Whether a what-if made them other than those that are stored."""
    work: Work = field(repr=False, compare=False)
    """What it was made in; its hashes take a further turn of that."""

    @cached_property
    def parts(self) -> Parts:
        """Everything that it can have read, hashed once somebody asks: a fifth of the plan's work.

        The facts are values, so that it does not matter when.
        """
        return parts_of(self.given.catalog, self.given.customer, self.question)

    @cached_property
    def fingerprint(self) -> str:
        """The hash that names all of the parts."""
        return fingerprint(self.parts)

    async def hashed(self) -> str:
        """Return the fingerprint, worked out in a thread and a turn."""
        return await self.work.in_thread(lambda _is_over: self.fingerprint)


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
    """Make a plan and store nothing. Raises: BadInput; TryLater.

    A hard customer takes a second or two. It is planned in a thread: the interpreter's switching
    keeps the event loop answering meanwhile, at half its speed, and no worker needs a catalog of
    its own. A request that is cancelled stops its thread within 16 states.
    """
    asked.require(Task.READ_CUSTOMERS)
    given = facts_of(asked, owner, request)
    if isinstance(given, NotSupposed):
        return given
    question = question_of(asked, owner, given, request)
    if not isinstance(question, PlanQuestion):
        return question
    differs = given.customer != owner or given.catalog is not asked.catalog
    work = asked.work()

    def make(is_over: Stopped) -> PlanMade:
        def stopped() -> bool:
            # The search takes a True for a spent budget and answers with the best found; that
            # would be work for nobody.
            if is_over():
                raise PlanningStopped
            return False

        plan = answer(given.catalog, given.customer, question, stopped=stopped)
        return PlanMade(question, plan, given, differs, work)

    return await work.in_thread(make)


@dataclass(frozen=True, slots=True)
class Expected:
    """What somebody who saves a plan has looked at before, and what they say of it."""

    fingerprint: str | None = None
    """Of a plan that is refused where it has read anything else: FINGERPRINT_MISMATCH."""
    content: str | None = None
    """The content hash of one that is refused where it tells anything else: CONTENT_MISMATCH."""
    note: str = ""


async def save_plan_for(
    asked: Asked, customer_id: str, read: Callable[[], PlanRequest], expected: Expected
) -> SavedPlan | NotFound | PlanRefused:
    """Make a plan for a customer by its id and store it, as `save_plan` does.

    Who asks is written down first; then the customer is looked up, and what is asked is read.
    Raises: NotPermitted; BadInput, also where `read` does.
    """
    subject = inputs.guid_or_none(customer_id) or customer_id
    await ask_to(asked, AuditAction.SAVE_PLAN, subject=subject)
    owner = await customer(asked, customer_id)
    return owner if isinstance(owner, NotFound) else await _save(asked, owner, read(), expected)


async def save_plan(
    asked: Asked,
    owner: Customer,
    request: PlanRequest,
    *,
    expected: str | None = None,
    expected_content: str | None = None,
    note: str = "",
) -> SavedPlan | NotFound | PlanRefused:
    """Make a plan and store it. Raises: NotPermitted; BadInput.

    With `expected`, the fingerprint of a plan that was looked at before, one that has read anything
    else is refused: FINGERPRINT_MISMATCH; with `expected_content`, its content hash, one that tells
    anything else: CONTENT_MISMATCH. One of supposed facts is refused: WHAT_IF_NOT_SAVED.
    """
    await ask_to(asked, AuditAction.SAVE_PLAN, subject=owner.customer_id)
    return await _save(asked, owner, request, Expected(expected, expected_content, note))


async def _save(
    asked: Asked, owner: Customer, request: PlanRequest, expected: Expected
) -> SavedPlan | NotFound | PlanRefused:
    if request.supposes:
        return what_if_not_saved()
    written = checked_note(expected.note)
    made = await plan_for(asked, owner, request)
    if isinstance(made, NotSupposed):
        return made.missing
    if not isinstance(made, PlanMade):
        return made
    await made.hashed()
    if refused := _other_than_expected(made, expected):
        return refused
    saved = _saved(asked, owner, made, written)
    try:
        await asked.plans.add(asked.principal, saved)
    except UnknownCustomer as error:
        return customer_not_found(error.customer_id)
    return saved


def _other_than_expected(made: PlanMade, expected: Expected) -> PlanRefused | None:
    named, content = expected.fingerprint, expected.content
    if named is not None and named.strip().lower() != made.fingerprint:
        return mismatch(made.fingerprint)
    if content is not None and content.strip().lower() != (found := content_hash(made.plan)):
        return content_mismatch(found)
    return None


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
        # The names of the customer are no part of what a plan reads.
        replace(owner, name="", domain=None),
    )


async def plans_of(
    asked: Asked, customer_id: str, *, first: int, after: PlanKey | None
) -> PlanPage:
    """Return a page of a customer's plans, newest first. Raises: BadInput."""
    asked.require(Task.READ_CUSTOMERS)
    inputs.page_size(first, maximum=MAX_PLANS)
    parsed = inputs.guid(customer_id, what="customer")
    page = await asked.plans.page(asked.principal, parsed, first=first, after=after)
    return replace(page, plans=tuple(as_seen(asked, saved) for saved in page.plans))


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
    return PlanComparison(old, new, with_merits_in_words(told, old, new))
