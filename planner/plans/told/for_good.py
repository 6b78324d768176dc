"""Steps that cannot be undone, before one of which nobody is sure that it can be done."""

from collections.abc import Sequence
from dataclasses import replace

from planner.blocker_codes import BlockerCode
from planner.blockers import Blocker, Evidence, Severity, SubjectKind
from planner.plans.search.acts import StepKind
from planner.plans.told.steps import PlanStep
from planner.readiness import Readiness, decides, readiness

_FOR_GOOD = frozenset({StepKind.CANCEL, StepKind.CANCEL_ELSEWHERE})
"""What these end is not had again. Source: docs/sources.md 6 (cancellation)."""
_CONTESTED = frozenset(
    {
        BlockerCode.AMBIGUOUS_EQUIVALENT,
        BlockerCode.DENIED_PAIR,
        BlockerCode.LEGACY_UPGRADE_CONTESTED,
        BlockerCode.UNCONFIRMED_EQUIVALENT,
    }
)
"""Findings that leave open whether a move is possible at all."""


def with_what_cannot_be_undone(steps: Sequence[PlanStep]) -> tuple[PlanStep, ...]:
    """Return steps, given in their order; one that ends something for an unsure step warns of it.

    So it is not READY: what is unsure is to be confirmed first.
    """
    return tuple(_warned(step, _unsure_after(step, steps)) for step in steps)


def _unsure_after(step: PlanStep, steps: Sequence[PlanStep]) -> tuple[PlanStep, ...]:
    """Return the unsure steps that need this one, or need what needs it."""
    if step.kind not in _FOR_GOOD:
        return ()
    rests, found = {step.key}, list[PlanStep]()
    for later in steps:
        if not rests.isdisjoint(later.needs):
            rests.add(later.key)
            if later.readiness is Readiness.UNKNOWN or _contested(later):
                found.append(later)
    return tuple(found)


def _contested(step: PlanStep) -> tuple[Blocker, ...]:
    return tuple(one for one in step.blockers if one.code in _CONTESTED)


def _warned(step: PlanStep, unsure: Sequence[PlanStep]) -> PlanStep:
    if not unsure or step.subscription_id is None:
        return step
    named = ", ".join(one.message for one in unsure)
    found = Blocker(
        BlockerCode.UNSURE_STEP_FOLLOWS,
        Severity.WARNS,
        SubjectKind.SUBSCRIPTION,
        step.subscription_id,
        f"It cannot be undone; make sure before that what it is done for is possible: {named}",
        "; ".join(dict.fromkeys(one.source for one in unsure)),
        evidence=tuple(
            Evidence(words, one.subscription_id) for one in unsure for words in _why(one)
        ),
    )
    blockers = (*step.blockers, found)
    return replace(step, blockers=blockers, readiness=readiness(blockers, step.unanswered))


def _why(step: PlanStep) -> tuple[str, ...]:
    asked = [one.message for one in step.unanswered if decides(one)]
    return tuple(dict.fromkeys((*asked, *(one.message for one in _contested(step)))))
