"""Does the conversion lead to more, or does it take services away?"""

from planner.blocker_codes import BlockerCode
from planner.blockers import (
    Alternative,
    Blocker,
    Evidence,
    PartnerCenterCode,
    Severity,
    SubjectKind,
    Unanswered,
)
from planner.counting import in_short
from planner.ids import ServicePlanId
from planner.rules.walk import CLEAR, Answer, StepInHand
from planner.service_sets import FamilyChange, FamilyMove, replacements
from planner.transitions import EvidenceKind

_SOURCE = "docs/sources.md 2: upgrades lead to a higher tier with added services; no downgrades"
_CODES = (PartnerCenterCode("TRANSITION", 7, "SubscriptionDoesNotHaveAnyTransitionedPaths"),)
_NAMED_AT_MOST = 3


def downgrade(step: StepInHand) -> Answer:
    """A target with only a part of the source's services BLOCKS; one that swaps some is noted.

    Plans that nearly every product carries do not count, and what a larger plan takes the place of
    is not lost. Where Partner Center itself offered the
    conversion for this subscription, the loss WARNS.
    Source: docs/sources.md 2 (downgrades are not supported).
    """
    catalog = step.catalog
    ends = [(end, catalog.plans.get(end)) for end in step.pair]
    unknown = tuple(f"service plans of {end}" for end, plans in ends if plans is None)
    if unknown:
        message = "The service plans of the offers are not known, so neither is what would be lost"
        return (Unanswered("DOWNGRADE", unknown, message, step=step.pair),)
    before, after = (
        plans.plan_ids - catalog.common_plans.keys() for _, plans in ends if plans is not None
    )
    if before <= after:
        return CLEAR
    if after <= before:
        return (_downgrade(step, tuple(sorted(before - after))),)
    found = replacements(catalog, before, after)
    taken = {plan.plan_id for change in found for plan in change.before}
    others = tuple(change for change in found if change.move is not FamilyMove.UPGRADED)
    lost = tuple(sorted(before - after - taken))
    return (_swap(step, lost, others),) if lost or others else CLEAR


def _downgrade(step: StepInHand, lost: tuple[ServicePlanId, ...]) -> Blocker:
    is_offered = step.transition.evidence is EvidenceKind.PARTNER_CENTER
    return _blocker(
        step,
        BlockerCode.DOWNGRADE,
        Severity.WARNS if is_offered else Severity.BLOCKS,
        f"{step.target_title} adds nothing and takes away {_in_short(_titles(step, lost))}",
        lost,
    )


def _swap(
    step: StepInHand, lost: tuple[ServicePlanId, ...], others: tuple[FamilyChange, ...]
) -> Blocker:
    """Note what the target lacks, then what it has in another plan that is not plainly larger."""
    parts = [f"does not have {_in_short(_titles(step, lost))}"] if lost else []
    if others:
        parts.append(f"gives {_in_short([change.words for change in others])}")
    given_way = (plan.plan_id for change in others for plan in change.before)
    return _blocker(
        step,
        BlockerCode.SERVICES_LOST,
        Severity.NOTES,
        f"{step.target_title} {', and '.join(parts)}",
        tuple(sorted({*lost, *given_way})),
    )


def _blocker(
    step: StepInHand,
    code: BlockerCode,
    severity: Severity,
    message: str,
    lost: tuple[ServicePlanId, ...],
) -> Blocker:
    stays_shut = severity is Severity.BLOCKS
    return Blocker(
        code,
        severity,
        SubjectKind.TRANSITION,
        step.target,
        message,
        _SOURCE,
        step=step.pair,
        evidence=(Evidence(f"lost: {', '.join(_titles(step, lost))}", plan_ids=lost),),
        alternatives=(Alternative.ANOTHER_TARGET, Alternative.BUY_NEW) if stays_shut else (),
        partner_center=_CODES if code == "DOWNGRADE" else (),
    )


def _titles(step: StepInHand, plan_ids: tuple[ServicePlanId, ...]) -> list[str]:
    plans = [(plan_id, step.catalog.service_plans.get(plan_id)) for plan_id in plan_ids]
    return sorted(plan_id if plan is None else plan.title or plan.name for plan_id, plan in plans)


def _in_short(names: list[str]) -> str:
    """Name a few; the evidence names all."""
    return in_short(names, most=_NAMED_AT_MOST)
