"""Does another subscription already give what the target would add?"""

from collections.abc import Iterator
from functools import lru_cache

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
from planner.catalog import Catalog
from planner.counting import in_short
from planner.customers import Subscription
from planner.holdings import (
    LOAD_HOLDINGS,
    name_of,
    plans_of,
    unseen_holdings,
    ways_to_free,
)
from planner.ids import ServicePlanId
from planner.rules.walk import Answer, Mode, StepInHand, beside
from planner.transitions import TransitionKind

_SOURCE = (
    "upgrade page, condition 2: the customer can't already have subscriptions that include the "
    "additional services; docs/sources.md 2 (what counts as a conflict)"
)
_NAMED_AT_MOST = 3
_RULE = "SERVICES_ALREADY_OWNED"


def services_already_owned(step: StepInHand) -> Answer:
    """Compare what the target adds with every other subscription, own and foreign.

    The same service plan BLOCKS a legacy upgrade and a conversion with licence transfer and WARNS
    of a conversion without; a plan of the same family in another size WARNS. Plans that nearly
    every product carries do not count. Unknown unless something is found or all is loaded.
    Source: the upgrade page's second condition; docs/sources.md 2.
    """
    added = _added(step)
    if isinstance(added, Unanswered):
        return (added,)
    others = tuple(beside(step))
    found = tuple(blocker for other in others for blocker in _hits(step, other, added))
    return found or tuple(_open_questions(step, others, added))


def _added(step: StepInHand) -> frozenset[ServicePlanId] | Unanswered:
    catalog = step.catalog
    ends = [(end, catalog.plans.get(end)) for end in step.pair]
    unknown = tuple(f"service plans of {end}" for end, plans in ends if plans is None)
    if unknown:
        return _unanswered(step, unknown, "The service plans of the offers are not known")
    before, after = (plans.plan_ids for _, plans in ends if plans is not None)
    return frozenset((after - before) - catalog.common_plans.keys())


def _hits(
    step: StepInHand, other: Subscription, added: frozenset[ServicePlanId]
) -> Iterator[Blocker]:
    theirs = plans_of(step.catalog, other) or frozenset()
    same = tuple(sorted(added & theirs))
    if same:
        yield _blocker(step, other, same, _severity(step), family=None)
    if _families_of(step.catalog, added).isdisjoint(_families_of(step.catalog, theirs)):
        return
    families = _shared_families(step, added - theirs, theirs - added)
    if families:
        names, plans = families
        yield _blocker(step, other, plans, Severity.WARNS, family=names)


def _severity(step: StepInHand) -> Severity:
    is_upgrade = step.transition.kind is TransitionKind.LEGACY_UPGRADE
    transfers = step.mode is Mode.WITH_LICENSE_TRANSFER
    return Severity.BLOCKS if is_upgrade or transfers else Severity.WARNS


def _shared_families(
    step: StepInHand, added: frozenset[ServicePlanId], theirs: frozenset[ServicePlanId]
) -> tuple[str, tuple[ServicePlanId, ...]] | None:
    families = step.catalog.families
    wanted = {family.name for plan in added for family in families.get(plan, ())}
    plans = {
        plan: family.name
        for plan in theirs
        for family in families.get(plan, ())
        if family.name in wanted
    }
    return (", ".join(sorted(set(plans.values()))), tuple(sorted(plans))) if plans else None


@lru_cache(maxsize=4096)
def _families_of(catalog: Catalog, plans: frozenset[ServicePlanId]) -> frozenset[str]:
    """Return the families of service plans, kept: a plan asks of the same ones all the time."""
    families = catalog.families
    return frozenset(family.name for plan in plans for family in families.get(plan, ()))


def _blocker(
    step: StepInHand,
    other: Subscription,
    plans: tuple[ServicePlanId, ...],
    severity: Severity,
    *,
    family: str | None,
) -> Blocker:
    named = name_of(step.catalog, other)
    titles = [_title(step, plan) for plan in plans]
    what = f"services of the family {family}" if family else "services that the target adds"
    stopped = severity is Severity.BLOCKS and step.transition.kind is TransitionKind.CONVERSION
    return Blocker(
        BlockerCode.SERVICES_ALREADY_OWNED,
        severity,
        SubjectKind.SUBSCRIPTION,
        other.subscription_id,
        f"{named} already gives {what}: {in_short(titles, most=_NAMED_AT_MOST)}",
        _SOURCE,
        step=step.pair,
        parameters=(("family", family),) if family else (),
        evidence=(
            Evidence(
                f"{named} gives {', '.join(titles)}", other.subscription_id, other.seller, plans
            ),
        ),
        remedies=ways_to_free(step.catalog, other),
        alternatives=(Alternative.ANOTHER_MODE,) if stopped else (),
        partner_center=_CODES.get(step.transition.kind, ()),
    )


_CODES = {
    TransitionKind.LEGACY_UPGRADE: (PartnerCenterCode("UPGRADE", 3, "conflicting_service_types"),),
    TransitionKind.CONVERSION: (PartnerCenterCode("TRANSITION", 3, "ConflictingServiceTypes"),),
}


def _title(step: StepInHand, plan_id: ServicePlanId) -> str:
    plan = step.catalog.service_plans.get(plan_id)
    return plan_id if plan is None else plan.title or plan.name


def _open_questions(
    step: StepInHand, others: tuple[Subscription, ...], added: frozenset[ServicePlanId]
) -> Iterator[Unanswered]:
    if not added:
        return
    opaque = tuple(
        f"service plans of subscription {other.subscription_id}"
        for other in others
        if plans_of(step.catalog, other) is None
    )
    fields = (*unseen_holdings(step.customer), *opaque)
    if fields:
        message = "Not everything that the customer holds is known"
        yield _unanswered(step, fields, message)


def _unanswered(step: StepInHand, fields: tuple[str, ...], message: str) -> Unanswered:
    return Unanswered(_RULE, fields, message, step=step.pair, remedies=(LOAD_HOLDINGS,))
