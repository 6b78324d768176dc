"""Which services the users gain and lose by a plan, as far as they are known."""

from collections.abc import Iterator

from formats.plans.markdown_text import heading, table
from formats.plans.names import has_id
from formats.plans.voice import Paper, Voice
from planner.counting import phrase
from planner.holdings import plans_of
from planner.ids import ServicePlanId
from planner.offers import ServicePlan
from planner.plans.search.acts import StepKind
from planner.plans.search.solution import Status
from planner.plans.told.steps import Outcome
from planner.service_sets import FamilyChange, ServiceEffect, replacements, service_effect

_MOST = 12
_NOT_KNOWN = "not known"
_TO_SOME = "only for users who get a licence of another subscription"
_ENDING = (StepKind.CANCEL, StepKind.CANCEL_ELSEWHERE, StepKind.TURN_OFF_AUTO_RENEWAL)


def services(paper: Paper, voice: Voice) -> Iterator[str]:
    """Yield a section on what becomes another offer or is given up; nothing where nothing does."""
    rows = (*_rows(paper, voice), *_given_up(paper, voice))
    if not rows:
        return
    yield heading(2, "Services gained and lost")
    head = ("Subscription", "Gained", "Lost", "In another plan")
    columns = len(head) if any(row[-1] for row in rows) else len(head) - 1
    yield table(head[:columns], tuple(row[:columns] for row in rows))


_Row = tuple[str, str, str, str]
"""The last one is empty where no service gives way to another of its family."""


def _rows(paper: Paper, voice: Voice) -> Iterator[_Row]:
    for outcome in paper.plan.outcomes:
        if outcome.status is Status.MET:
            effect = _effect(paper, outcome)
            if effect is not None:
                yield (voice.subscription(outcome.goal.subscription_id), *effect)


def _given_up(paper: Paper, voice: Voice) -> Iterator[_Row]:
    """Yield what ends without becoming anything, here or elsewhere, and what goes with it."""
    met = {one.goal.subscription_id for one in paper.plan.outcomes if one.status is Status.MET}
    ended = dict.fromkeys(
        step.subscription_id
        for step in paper.plan.steps
        if step.kind in _ENDING and step.subscription_id not in met
    )
    for subscription_id in ended:
        held = paper.held(subscription_id)
        if held is not None:
            plans = plans_of(paper.catalog, held)
            lost = (_NOT_KNOWN, "") if plans is None else _lost(paper, plans)
            yield voice.subscription(held.subscription_id), "nothing, it ends", *lost


def _lost(paper: Paper, plans: frozenset[ServicePlanId]) -> tuple[str, str]:
    """Return services that nothing the plan leads to gives, and those it gives in another plan."""
    reached = (one.reached for one in paper.plan.outcomes if one.status is Status.MET)
    given = (paper.catalog.plans.get(offer) for offer in reached if offer is not None)
    kept = {plan for known in given if known is not None for plan in known.plan_ids}
    known = paper.catalog.service_plans
    changes = replacements(paper.catalog, plans, frozenset(kept))
    taken = {plan.plan_id for change in changes for plan in change.before}
    gone = plans - kept - taken - paper.catalog.common_plans.keys()
    lost = sorted(
        (known[plan] for plan in gone if plan in known),
        key=lambda plan: (plan.title, plan.plan_id),
    )
    again = _in_other_plans(changes)
    return _titles(tuple(lost)), f"{_TO_SOME}: {again}" if again else ""


def _effect(paper: Paper, outcome: Outcome) -> tuple[str, str, str] | None:
    """Return what is gained, lost and changed in words; None where it stays the same offer."""
    origin, reached = paper.origin(outcome.goal.subscription_id), outcome.reached
    if reached is None or origin == reached:
        return None
    offers = paper.catalog.offers
    if origin is None or origin not in offers or reached not in offers:
        return _NOT_KNOWN, _NOT_KNOWN, ""
    effect = service_effect(paper.catalog, origin, reached)
    if not isinstance(effect, ServiceEffect):
        return _NOT_KNOWN, _NOT_KNOWN, ""
    return _titles(effect.added), _titles(effect.lost), _in_other_plans(effect.families)


def _in_other_plans(changes: tuple[FamilyChange, ...]) -> str:
    told = ((_titles(one.after), _titles(one.before)) for one in changes)
    return "; ".join(
        f"another plan of {old}" if new == old else f"{new} in place of {old}" for new, old in told
    )


def _titles(plans: tuple[ServicePlan, ...]) -> str:
    titles = tuple(dict.fromkeys(plan.title for plan in plans if not has_id(plan.title)))
    unnamed = sum(has_id(plan.title) for plan in plans)
    parts = (*titles, f"{unnamed} without a title") if unnamed else titles
    return phrase(parts, most=_MOST)
