"""A whole plan in a few sentences: what it brings where, what it takes, how long it holds."""

from collections.abc import Iterator

from formats.plans.names import offer_title, subscription_names
from formats.plans.reasons import why_it_stays
from formats.plans.voice import Paper, day
from planner.blockers import Actor
from planner.counting import counted, phrase
from planner.customers import HoldingsState, Subscription
from planner.ids import is_new_commerce
from planner.plans.goals import GONE
from planner.plans.search.acts import StepKind
from planner.plans.search.solution import Exactness, Status
from planner.plans.told.length import length_of
from planner.plans.told.steps import Plan


def summary(paper: Paper, *, to_customer: bool) -> str:
    """Return the whole plan in a few sentences without ids; the goal by its products' titles."""
    return " ".join(_sentences(paper, to_customer=to_customer))


def _sentences(paper: Paper, *, to_customer: bool) -> Iterator[str]:
    plan = paper.plan
    yield from _goals(paper)
    if plan.steps:
        yield f"It takes {length_of(plan.steps)}, {_span(plan)}."
        theirs = [
            step.actor
            for step in plan.steps
            if step.actor is not Actor.US and step.kind is not StepKind.WAIT_UNTIL
        ]
        if theirs:
            is_yours = to_customer and set(theirs) == {Actor.CUSTOMER}
            whose = "yours" if is_yours else "for others than us"
            yield f"{counted(len(theirs), 'step is', 'steps are')} {whose} to take."
    elif plan.outcomes and all(one.status is Status.MET for one in plan.outcomes):
        yield "Nothing is to be done for that."
    else:
        yield "This plan has no steps."
    if plan.valid_until is not None:
        yield _holds(plan)
    if plan.exactness is Exactness.BEST_FOUND:
        yield "It is the best plan found; a better one may exist."
    yield f"It was made for {plan.at:%Y-%m-%d}."


def _goals(paper: Paper) -> Iterator[str]:
    plan = paper.plan
    met = sum(one.status is Status.MET for one in plan.outcomes)
    stay = len(plan.outcomes) - met
    if not plan.outcomes:
        yield f"No subscription is part of this plan: {_why_none(paper)}."
    elif not stay:
        yield f"This plan brings {counted(met, 'subscription')} to {_reached(paper)}."
    elif met:
        yield f"Of {met + stay} subscriptions this plan brings {met} to {_reached(paper)};"
        yield f"{stay} cannot be moved as things stand."
    elif stay == 1:
        (only,) = plan.outcomes
        names = subscription_names(paper.catalog, paper.customer, plan)
        yield f"{names[only.goal.subscription_id]} cannot be moved as things stand:"
        yield f"{why_it_stays(paper, only)}."
    else:
        yield f"None of {stay} subscriptions can be moved as things stand; why not stands below."


def _why_none(paper: Paper) -> str:
    """Return why there is nothing to plan for, as far as the customer's subscriptions tell."""
    holdings = paper.customer.holdings
    if not holdings.own:
        is_known = holdings.own_state is HoldingsState.COMPLETE
        return "none was sold by us" if is_known else "we do not know yet which ones we have sold"
    living = [one for one in holdings.own if one.state not in GONE]
    if not living:
        return "all that were sold by us have ended"
    if all(map(_is_there, living)):
        return "all that were sold by us are in Microsoft's new commerce already"
    return "none that was sold by us has to move to Microsoft's new commerce"


def _is_there(held: Subscription) -> bool:
    return held.catalog_id is not None and is_new_commerce(held.catalog_id)


def _reached(paper: Paper) -> str:
    """Return what the subscriptions that get there become; those that join another come last."""
    ends = [one.reached for one in paper.plan.outcomes if one.status is Status.MET]
    titles = dict.fromkeys(offer_title(paper.catalog, each) for each in ends if each)
    return phrase((*titles, *(("another subscription",) if None in ends else ())), most=3)


def _span(plan: Plan) -> str:
    """Return from when on, and when it can be complete: no plan knows when people do it."""
    first, last = plan.steps[0].earliest.day, plan.completes_on
    whole = "" if last in (None, first) else f", and can be complete on {day(last)}"
    return f"from {day(first)} on{whole}"


def _holds(plan: Plan) -> str:
    if plan.valid_until == plan.at.date():
        return f"It holds on {day(plan.valid_until)} alone and must be made again after that."
    return f"After {day(plan.valid_until)} it no longer holds and must be made again."
