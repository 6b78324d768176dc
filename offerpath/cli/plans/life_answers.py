"""What the commands on saved plans show: one, a list, a decision, a mark, a comparison."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from offerpath.cli import answers
from offerpath.cli.catalog import tables
from offerpath.cli.customers.whose import customer_named
from offerpath.cli.exits import CannotPlan, Exit, Missing
from offerpath.cli.plans import tables as plan_tables
from offerpath.cli.plans.answers import Form, told_plan, write_document
from offerpath.cli.plans.plan_json import difference_answer
from offerpath.cli.terminal import show, show_json
from offerpath.house import House
from planner.counting import counted
from planner.customers import Customer
from planner.plans.saved.difference import PlanDifference
from planner.plans.saved.staleness import Freshness
from planner.plans.told.length import steps_taken
from planner.plans.told.steps import PlanStep
from resolvers.asked import Asked
from resolvers.customers import customers
from resolvers.plans import decisions as plan_decisions
from resolvers.plans import plans
from resolvers.plans.refusals import PlanRefused, step_not_found
from resolvers.plans.status import Mark, freshness_of, marks_of, plan_by_id, status_of
from resolvers.problems import NotFound
from resolvers.records.plans import PlanEvent, SavedPlan


async def answer_show(house: House, *, plan_id: str, how: Form) -> Exit:
    asked = await house.asked()
    saved = _there(await plan_by_id(asked, plan_id))
    await show_saved(asked, await _owner(asked, saved), saved, how)
    return Exit.ANSWERED


async def _owner(asked: Asked, saved: SavedPlan) -> Customer:
    found = await customers.customer(asked, saved.customer_id)
    # A plan stays readable where its customer is gone.
    return Customer(saved.customer_id, "") if isinstance(found, NotFound) else found


def _there(answer: SavedPlan | NotFound | PlanRefused) -> SavedPlan:
    """Raises: Missing, CannotPlan."""
    match answer:
        case NotFound():
            raise Missing(answer)
        case PlanRefused():
            raise CannotPlan(answer)
        case _:
            return answer


async def show_saved(asked: Asked, owner: Customer, saved: SavedPlan, how: Form) -> None:
    """Write a saved plan in one of its forms."""
    if how in (Form.MARKDOWN, Form.INTERNAL_MARKDOWN):
        write_document(asked, owner, saved.plan, how)
        return
    (fresh,) = await freshness_of(asked, (saved,))
    if how is Form.JSON:
        scope = saved.question.scope
        told = told_plan(asked, owner, saved.plan, scope, saved.fingerprint)
        show_json(told | _life(saved, fresh))
        return
    show(*plan_tables.plan(asked.catalog, owner, saved.plan), "", *_told(saved, fresh))


def _life(saved: SavedPlan, fresh: Freshness | None) -> answers.Json:
    """Return what a saved plan has beside the plan; no freshness where it was not looked at."""
    told: answers.Json = {
        "planId": saved.plan_id,
        "customerId": saved.customer_id,
        "createdAt": answers.instant(saved.created_at),
        "createdBy": saved.created_by,
        "status": status_of(saved),
        "fingerprint": saved.fingerprint,
        "history": [answers.plain(event) for event in saved.events],
        "marks": [{"stepKey": key, "mark": mark} for key, mark in sorted(marks_of(saved).items())],
    }
    if fresh is not None:
        reasons = [answers.plain(reason) for reason in fresh.reasons]
        told["freshness"] = {"state": fresh.currency, "reasons": reasons}
    return told


def _told(saved: SavedPlan, fresh: Freshness) -> Iterator[RenderableType]:
    yield f"Plan {saved.plan_id}: {status_of(saved).value}, {fresh.currency.value}"
    yield f"fingerprint {saved.fingerprint}"
    for reason in fresh.reasons:
        yield f"   {reason.kind.value}: {reason.message}"
    yield from (_event(event) for event in saved.events)


def _event(event: PlanEvent) -> str:
    named = event.step_key or event.superseded_by
    step = f" {named}" if named else ""
    note = f": {event.note}" if event.note else ""
    return f"   {event.at:%Y-%m-%d %H:%M} {event.kind.value}{step} by {event.by}{note}"


async def answer_list(house: House, *, customer: str, first: int, as_json: bool) -> Exit:
    asked = await house.asked()
    owner = await customer_named(asked, customer)
    page = await plans.plans_of(asked, owner.customer_id, first=first, after=None)
    fresh = await freshness_of(asked, page.plans)
    pairs = list(zip(page.plans, fresh, strict=True))
    if as_json:
        told: answers.Json = {
            "customer": answers.customer_answer(owner),
            "plans": [_life(saved, one) for saved, one in pairs],
            "total": page.total,
            "hasMore": page.has_next,
        }
        show_json(answers.asked_of(asked, None) | told)
        return Exit.ANSWERED
    show(*_list(owner, pairs, page.total))
    return Exit.ANSWERED


def _list(
    owner: Customer, pairs: list[tuple[SavedPlan, Freshness]], total: int
) -> Iterator[RenderableType]:
    if not pairs:
        yield f"{owner.name} has no saved plan; `offerpath plan CUSTOMER --save` keeps one."
        return
    rows = (
        (
            saved.plan_id,
            f"{saved.created_at:%Y-%m-%d %H:%M}",
            status_of(saved).value,
            one.currency.value,
            _length(saved.plan.steps),
            saved.plan.valid_until.isoformat() if saved.plan.valid_until else "any time",
        )
        for saved, one in pairs
    )
    yield tables.table("PLAN", "CREATED", "STATUS", "HOLDS", "STEPS", "VALID UNTIL", rows=rows)
    if len(pairs) < total:
        yield f"{len(pairs)} of {total}; --first shows more (at most {plans.MAX_PLANS})"


def _length(steps: Sequence[PlanStep]) -> str:
    """Return `9`, or `9 + 1 wait`: the report `saved-plans` counts waits among the steps."""
    taken = steps_taken(steps)
    waits = len(steps) - taken
    return f"{taken} + {counted(waits, 'wait')}" if waits else str(taken)


async def answer_approve(
    house: House, *, plan_id: str, fingerprint: str, note: str, supersede: bool, as_json: bool
) -> Exit:
    asked = await house.asked()
    answer = await plan_decisions.approve(
        asked, plan_id, fingerprint=fingerprint, note=note, supersede=supersede
    )
    return _decided(asked, _there(answer), as_json=as_json)


async def answer_reject(house: House, *, plan_id: str, note: str, as_json: bool) -> Exit:
    asked = await house.asked()
    answer = await plan_decisions.reject(asked, plan_id, note=note)
    return _decided(asked, _there(answer), as_json=as_json)


async def answer_mark(
    house: House, *, plan_id: str, step: str, done: bool, note: str, as_json: bool
) -> Exit:
    asked = await house.asked()
    key = await _key_of(asked, plan_id, step)
    mark = Mark.DONE if done else Mark.FAILED
    answer = await plan_decisions.mark_step(asked, plan_id, step_key=key, mark=mark, note=note)
    return _decided(asked, _there(answer), as_json=as_json)


async def _key_of(asked: Asked, plan_id: str, step: str) -> str:
    """Return the key of a step that is named by its key, or by its number in the plan."""
    if not (step.isascii() and step.isdigit()):
        return step
    saved = _there(await plan_by_id(asked, plan_id))
    number = int(step)
    if not 1 <= number <= len(saved.plan.steps):
        raise CannotPlan(step_not_found(step))
    return saved.plan.steps[number - 1].key


def _decided(asked: Asked, saved: SavedPlan, *, as_json: bool) -> Exit:
    if as_json:
        show_json(answers.asked_of(asked, None) | _life(saved, None))
    else:
        show(f"Plan {saved.plan_id}: {status_of(saved).value}", _event(saved.events[-1]))
    return Exit.ANSWERED


async def answer_difference(house: House, *, first: str, second: str, as_json: bool) -> Exit:
    asked = await house.asked()
    found = await plans.compare_plans(asked, first, second)
    match found:
        case NotFound():
            raise Missing(found)
        case PlanRefused():
            raise CannotPlan(found)
        case _:
            _show_difference(asked, found.difference, first, second, as_json=as_json)
    return Exit.ANSWERED


def _show_difference(
    asked: Asked, told: PlanDifference, first: str, second: str, *, as_json: bool
) -> None:
    if as_json:
        ids = {"oldPlanId": first, "newPlanId": second}
        difference = difference_answer(asked.catalog, told)
        show_json(answers.asked_of(asked, None) | ids | {"difference": difference})
    else:
        show(*plan_tables.difference(told))
