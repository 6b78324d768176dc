"""A plan as tables and sentences for a terminal."""

from collections.abc import Iterator

from rich.console import RenderableType

from offerpath.cli.catalog import tables
from planner.catalog import Catalog
from planner.counting import counted
from planner.customers import Customer
from planner.plans.goals import ANY_NEW_COMMERCE, SubscriptionGoal
from planner.plans.saved.difference import Change, FieldChange, PlanDifference
from planner.plans.search.money import MonthlyPrice
from planner.plans.search.solution import Status
from planner.plans.told.length import length_of
from planner.plans.told.steps import MemberStep, Outcome, Plan, PlanStep
from planner.upsells import words_of
from resolvers.plans.fields import api_name

Parts = Iterator[RenderableType]


def plan(catalog: Catalog, customer: Customer, told: Plan) -> Parts:
    """Yield what came of each goal, the steps with their dates, and the other ways."""
    yield f"{customer.name} ({customer.customer_id}), at {told.at:%Y-%m-%d %H:%M} UTC"
    if not told.outcomes:
        yield "Nothing is asked for: no subscription of ours is on a legacy offer."
    for outcome in told.outcomes:
        yield ""
        yield from _outcome(catalog, outcome)
    if told.steps:
        yield ""
        yield _steps(told)
        for place, step in enumerate(told.steps, start=1):
            yield from _step(catalog, place, step)
    yield ""
    yield _whole(told)
    for other in told.alternatives:
        kinds = ", ".join(step.kind.value for step in other.steps)
        yield f"   instead: {other.trade_off} ({kinds})"
        for goal in other.goals:
            if goal.part is not None:
                yield f"      by --part {goal.subscription_id}={goal.part} beside its --goal"
            elif goal.seats is not None and goal not in told.goals:
                named = f"{goal.subscription_id}={goal.seats}"
                yield f"      by --seats {named} beside its --goal{_any_goal(goal)}"
        if other.price_in_plan is not None or other.price_then is not None:
            paid = f"{_price(other.price_then)} instead of {_price(other.price_in_plan)}"
            yield f"      retail a month {paid}"


def _any_goal(goal: SubscriptionGoal) -> str:
    """Name the goal that a subscription has without one being named."""
    return f" {goal.subscription_id}=any" if goal.goal == ANY_NEW_COMMERCE else ""


def _outcome(catalog: Catalog, outcome: Outcome) -> Parts:
    goal = outcome.goal
    name = outcome.title or "Subscription"
    yield f"{name} ({goal.subscription_id}): {outcome.status.value}"
    if outcome.reached is not None:
        seats = "" if outcome.seats is None else f", {counted(outcome.seats, 'seat')}"
        price = _price_change(outcome)
        yield f"   to {tables.named(catalog, outcome.reached)}{seats}{price}"
        if outcome.upsell is not None:
            yield f"   which is {words_of(catalog, outcome.upsell)}"
    else:
        yield f"   {outcome.message}"
    if outcome.status is not Status.MET:
        yield from tables.conditions(outcome.blockers)
    if outcome.candidates:
        choices = "; ".join(tables.named(catalog, offer) for offer in outcome.candidates)
        yield f"   somebody has to choose among: {choices}"


def _price_change(outcome: Outcome) -> str:
    if outcome.price_now is None and outcome.price_then is None:
        return ""
    return f", retail a month {_price(outcome.price_now)} -> {_price(outcome.price_then)}"


def _price(price: MonthlyPrice | None) -> str:
    return "not known" if price is None else f"{price.amount} {price.currency}"


def _steps(told: Plan) -> RenderableType:
    rows = (
        (
            str(place),
            step.earliest.day.isoformat(),
            step.latest.day.isoformat() if step.latest else "any time",
            step.message,
            step.actor.value,
            step.readiness.value,
        )
        for place, step in enumerate(told.steps, start=1)
    )
    return tables.table(" #", "FROM", "UNTIL", "What", "WHO", "READINESS", rows=rows)


def _member(catalog: Catalog, member: MemberStep) -> str:
    told = (
        f"{member.title} ({member.subscription_id}) to {tables.named(catalog, member.target)}",
        "" if member.seats is None else counted(member.seats, "seat"),
        member.term or "",
        "" if member.billing_cycle is None else f"billed {member.billing_cycle}",
        "a full new term" if member.full_new_term else "",
    )
    return ", ".join(filter(None, told))


def _step(catalog: Catalog, place: int, step: PlanStep) -> Parts:
    role = f" Needs {step.role}." if step.role else ""
    yield f"{place}. {step.key}"
    yield f"   Not before: {step.earliest.because}.{role}"
    if step.latest is not None:
        yield f"   Not after: {step.latest.because}; else {step.if_not_done}."
    else:
        yield f"   If not done: {step.if_not_done}."
    for one in step.members:
        yield f"   Along: {_member(catalog, one)}"
    yield from tables.conditions(step.blockers)
    yield from tables.unanswered(step.unanswered)


def _whole(told: Plan) -> str:
    met = sum(one.status is Status.MET for one in told.outcomes)
    ends = f", complete on {told.completes_on}" if told.completes_on else ""
    until = f", valid until {told.valid_until}" if told.valid_until else ""
    count = f"{met} of {len(told.outcomes)} goals met in {length_of(told.steps)}"
    return f"{count}{ends}{until}; {told.exactness.value}"


def difference(told: PlanDifference) -> Parts:
    """Yield what differs between two plans; what is the same is counted."""
    if told.is_same:
        yield "Both plans do the same for the same ends."
    for goal in told.outcomes:
        if goal.change is not Change.SAME:
            yield f"{goal.change.value} goal {goal.subscription_id}"
            yield from _changes(goal.fields)
            yield from (f"      because {one.code}: {one.message}" for one in goal.reasons)
    for step in told.steps:
        if step.change is not Change.SAME:
            yield f"{step.change.value} step {step.key}"
            yield from _changes(step.fields)
            yield from (f"      because {one.code}: {one.message}" for one in step.reasons)
    same = sum(step.change is Change.SAME for step in told.steps)
    yield f"{same} of {len(told.steps)} steps are the same."
    yield from _changes(told.fields)
    for reason in told.moved:
        yield f"   {reason.kind.value}: {reason.message}"


def _changes(changed: tuple[FieldChange, ...]) -> Parts:
    for one in changed:
        before, after = one.before or "nothing", one.after or "nothing"
        yield f"   {api_name(one.field)}: {before} -> {after}"
