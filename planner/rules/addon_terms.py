"""What becomes of the terms of an add-on and its base once they are independent?"""

from collections.abc import Iterator
from datetime import date

from planner.blocker_codes import BlockerCode
from planner.blockers import (
    Actor,
    Blocker,
    Evidence,
    Remedy,
    RemedyAction,
    Severity,
    SubjectKind,
)
from planner.bundles import Bundle, base_of
from planner.customers import Subscription
from planner.holdings import name_of
from planner.lifecycle import days_after, months_after, months_in
from planner.rules.term_end import carried_out_on
from planner.rules.walk import Answer, StepInHand

_SOURCE = "docs/sources.md 3: add-ons have terms of their own after the migration; 6: add-ons"


def addon_terms(step: StepInHand, below: Bundle) -> Answer:
    """Note that an add-on migrates away from its base, and warn where one may outlive its base.

    A base that renews by itself is not outlived. In a bundle the add-ons keep their own terms.
    Source: docs/sources.md 3 (bundles) and 6 (avoid add-ons that outlive their base).
    """
    subscription = step.subscription
    base = base_of(step.customer, subscription)
    alone = (_leaves(step, base),) if subscription.parent_id is not None else ()
    return (*alone, *_outliving(step, below, base))


def _outliving(step: StepInHand, below: Bundle, base: Subscription | None) -> Iterator[Blocker]:
    subscription = step.subscription
    ends = _ends_after(step)
    if base is not None and _outlives(ends, base.last_day, base):
        yield _outlived(step, subscription, ends, base, base.last_day)
    for addon in below.addons:
        if _outlives(addon.last_day, ends, subscription):
            yield _outlived(step, addon, addon.last_day, subscription, ends)


def _outlives(ends: date | None, base_ends: date | None, base: Subscription) -> bool:
    if ends is None or base_ends is None or base.auto_renews is True:
        return False
    return ends > base_ends


def _ends_after(step: StepInHand) -> date | None:
    """Return the last day of the first term after the migration; None where it is not told."""
    choices, subscription = step.choices, step.subscription
    if choices.custom_end is not None:
        return choices.custom_end
    if not choices.full_new_term and not choices.at_renewal:
        same_term = choices.term in (None, subscription.term)
        return subscription.last_day if same_term else None
    months = months_in(choices.term or subscription.term)
    renewal = None if months is None else months_after(carried_out_on(step), months)
    return None if renewal is None else days_after(renewal, -1)


def _leaves(step: StepInHand, base: Subscription | None) -> Blocker:
    subscription = step.subscription
    together = () if base is None else (_as_bundle(step, base),)
    return Blocker(
        BlockerCode.ADDON_LEAVES_BASE,
        Severity.NOTES,
        SubjectKind.SUBSCRIPTION,
        subscription.subscription_id,
        "An add-on may migrate without its base; its term is independent of the base's afterwards",
        _SOURCE,
        step=step.pair,
        parameters=(("base", str(subscription.parent_id)),),
        remedies=together,
    )


def _as_bundle(step: StepInHand, base: Subscription) -> Remedy:
    return Remedy(
        RemedyAction.MIGRATE_AS_BUNDLE,
        Actor.US,
        f"Migrate {name_of(step.catalog, base)}, which takes its add-ons along",
        role="ADMIN_AGENT",
        subscription_id=base.subscription_id,
    )


def _outlived(
    step: StepInHand,
    addon: Subscription,
    ends: date | None,
    base: Subscription,
    base_ends: date | None,
) -> Blocker:
    named, below = (name_of(step.catalog, one) for one in (addon, base))
    return Blocker(
        BlockerCode.ADDON_OUTLIVES_BASE,
        Severity.WARNS,
        SubjectKind.SUBSCRIPTION,
        addon.subscription_id,
        f"{named} would run until {ends}, and its base {below} until {base_ends} only",
        _SOURCE,
        step=step.pair,
        parameters=(("base", base.subscription_id), ("ends", str(ends))),
        evidence=(
            Evidence(f"{below} ends on {base_ends}", base.subscription_id, base.seller),
            Evidence(f"{named} ends on {ends}", addon.subscription_id, addon.seller),
        ),
        remedies=(
            Remedy(
                RemedyAction.CHANGE_END_DATE,
                Actor.US,
                f"Let {named} end with its base, on {base_ends}",
                role="ADMIN_AGENT",
                subscription_id=addon.subscription_id,
                until=base_ends,
            ),
        ),
    )
