"""Which services the users gain and lose by a plan, as far as they are known."""

from collections.abc import Iterator

from formats.markdown_text import heading, table
from formats.plan_names import has_id
from formats.plan_voice import Paper, Voice, listed
from planner.offers import ServicePlan
from planner.plans.solution import Status
from planner.plans.steps import Outcome
from planner.service_sets import ServiceEffect, service_effect

_MOST = 12
_NOT_KNOWN = "not known"


def services(paper: Paper, voice: Voice) -> Iterator[str]:
    """Yield a section on every subscription that becomes another offer; nothing where none does."""
    rows = tuple(_rows(paper, voice))
    if rows:
        yield heading(2, "Services gained and lost")
        yield table(("Subscription", "Gained", "Lost"), rows)


def _rows(paper: Paper, voice: Voice) -> Iterator[tuple[str, str, str]]:
    for outcome in paper.plan.outcomes:
        if outcome.status is Status.MET:
            effect = _effect(paper, outcome)
            if effect is not None:
                yield (voice.subscription(outcome.goal.subscription_id), *effect)


def _effect(paper: Paper, outcome: Outcome) -> tuple[str, str] | None:
    """Return what is gained and lost in words; None where it stays the same offer."""
    origin, reached = paper.origin(outcome.goal.subscription_id), outcome.reached
    if reached is None or origin == reached:
        return None
    offers = paper.catalog.offers
    if origin is None or origin not in offers or reached not in offers:
        return _NOT_KNOWN, _NOT_KNOWN
    effect = service_effect(paper.catalog, origin, reached)
    if not isinstance(effect, ServiceEffect):
        return _NOT_KNOWN, _NOT_KNOWN
    return _titles(effect.added), _titles(effect.lost)


def _titles(plans: tuple[ServicePlan, ...]) -> str:
    titles = tuple(dict.fromkeys(plan.title for plan in plans if not has_id(plan.title)))
    unnamed = sum(has_id(plan.title) for plan in plans)
    parts = (*titles, f"{unnamed} without a title") if unnamed else titles
    return listed(parts, most=_MOST)
