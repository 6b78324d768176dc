"""Steps that come after one of which nobody knows whether it can be done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from planner.blocker_codes import BlockerCode
from planner.blockers import Blocker, Evidence, Severity, SubjectKind
from planner.plans.told.for_good import with_what_cannot_be_undone
from planner.plans.told.steps import PlanStep
from planner.readiness import Readiness, decides, readiness


def with_what_is_unsure(steps: Sequence[PlanStep], customer_id: str) -> tuple[PlanStep, ...]:
    """Return steps, given in their order; one that rests on an UNKNOWN step warns of it.

    So it is not READY, however certain it is by itself. Nor is one that cannot be undone where
    what comes after it is unsure.
    """
    known = {step.key: step for step in steps}
    rests: dict[str, tuple[str, ...]] = {}
    for step in steps:
        rests[step.key] = tuple(dict.fromkeys(_unsure_before(step, known, rests)))
    warned = (_warned(step, [known[key] for key in rests[step.key]], customer_id) for step in steps)
    return with_what_cannot_be_undone(tuple(warned))


def _unsure_before(
    step: PlanStep, known: Mapping[str, PlanStep], rests: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    """Yield the keys of the UNKNOWN steps that it needs, or that what it needs does."""
    for key in step.needs:
        yield from rests[key]
        if known[key].readiness is Readiness.UNKNOWN:
            yield key


def _warned(step: PlanStep, unsure: Sequence[PlanStep], customer_id: str) -> PlanStep:
    if not unsure or step.readiness is Readiness.UNKNOWN:
        return step
    named = ", ".join(one.message for one in unsure)
    found = Blocker(
        BlockerCode.NEEDED_STEP_UNKNOWN,
        Severity.WARNS,
        SubjectKind.CUSTOMER if step.subscription_id is None else SubjectKind.SUBSCRIPTION,
        step.subscription_id or customer_id,
        f"Whether what comes before it can be done is not known: {named}",
        "; ".join(dict.fromkeys(one.source for one in unsure)),
        evidence=tuple(
            Evidence(question.message, one.subscription_id)
            for one in unsure
            for question in filter(decides, one.unanswered)
        ),
    )
    blockers = (*step.blockers, found)
    return replace(step, blockers=blockers, readiness=readiness(blockers, step.unanswered))
