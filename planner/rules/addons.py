"""Does the subscription carry add-ons that must go before it can be upgraded?"""

from collections.abc import Iterator, Mapping

from planner.blocker_codes import BlockerCode
from planner.blockers import (
    Actor,
    Blocker,
    Evidence,
    PartnerCenterCode,
    Remedy,
    RemedyAction,
    Severity,
    SubjectKind,
    Unanswered,
)
from planner.bundles import bundle_of
from planner.customers import HoldingsState, Subscription, SubscriptionState
from planner.holdings import LOAD_HOLDINGS, name_of, plans_of
from planner.permissions import Action, role_for
from planner.rules.walk import CLEAR, Answer, StepInHand
from planner.transitions import TransitionKind

_RULE = "ADDONS_PRESENT"
_SOURCE = "docs/sources.md 1 and 2 (code 6: the source has add-ons)"
_CODES: Mapping[TransitionKind, tuple[PartnerCenterCode, ...]] = {
    TransitionKind.LEGACY_UPGRADE: (
        PartnerCenterCode("UPGRADE", 6, "subscription_add_ons_present"),
    ),
    TransitionKind.CONVERSION: (PartnerCenterCode("TRANSITION", 6, "SubscriptionAddOnsPresent"),),
}


def addons_present(step: StepInHand) -> Answer:
    """BLOCKS once for every active add-on, nested ones too; suspended and pending ones WARN.

    A conversion is asked at the first step alone: after a migration add-ons stand for themselves.
    A migration is not asked: add-ons migrate with their base since March 2022.
    Source: docs/sources.md 1 and 2 (UPGRADE 6, TRANSITION 6).
    """
    if step.transition.kind is TransitionKind.CONVERSION and not step.is_first:
        return CLEAR
    held = bundle_of(step.customer, step.subscription)
    active = tuple(_blocker(step, addon, Severity.BLOCKS) for addon in held.addons)
    idle = tuple(_blocker(step, addon, Severity.WARNS) for addon in held.idle)
    # Whether one that is suspended or still being ordered counts is not published.
    if active:
        return (*active, *idle)
    return (*idle, *_open_questions(step, held.unclear))


def _open_questions(step: StepInHand, unclear: tuple[Subscription, ...]) -> Iterator[Unanswered]:
    opaque = tuple(f"status of subscription {addon.subscription_id}" for addon in unclear)
    is_whole = step.customer.holdings.own_state is HoldingsState.COMPLETE
    fields = opaque if is_whole else ("holdings.own", *opaque)
    if fields:
        message = "Not every add-on of the subscription is known"
        remedies = () if is_whole else (LOAD_HOLDINGS,)
        yield Unanswered(_RULE, fields, message, step=step.pair, remedies=remedies)


def _blocker(step: StepInHand, addon: Subscription, severity: Severity) -> Blocker:
    named = name_of(step.catalog, addon)
    state = addon.state.value.lower()
    doubt = "" if severity is Severity.BLOCKS else "; whether it counts is not published"
    plans = plans_of(step.catalog, addon) or frozenset()
    return Blocker(
        BlockerCode.ADDONS_PRESENT,
        severity,
        SubjectKind.SUBSCRIPTION,
        addon.subscription_id,
        f"The subscription has the {state} add-on {named}{doubt}",
        _SOURCE,
        step=step.pair,
        parameters=(
            ("status", addon.state_as_given),
            ("parentSubscriptionId", addon.parent_id or ""),
        ),
        evidence=(
            Evidence(
                f"{named} is an add-on of {addon.parent_id}",
                addon.subscription_id,
                addon.seller,
                tuple(sorted(plans)),
            ),
        ),
        remedies=_remedies(step, addon, named),
        partner_center=_CODES.get(step.transition.kind, ()),
    )


def _remedies(step: StepInHand, addon: Subscription, named: str) -> tuple[Remedy, ...]:
    remove = Remedy(
        RemedyAction.REMOVE_ADDON,
        Actor.US,
        f"Cancel the add-on {named}; buy it again for the target where it is needed",
        role=role_for(Action.MANAGE_SUBSCRIPTION).value,
        subscription_id=addon.subscription_id,
    )
    if not _can_migrate(step, addon):
        return (remove,)
    migrate = Remedy(
        RemedyAction.MIGRATE_ADDON_FIRST,
        Actor.US,
        f"Migrate the add-on {named} alone first: in new commerce it stands for itself",
        role=role_for(Action.MIGRATION).value,
        subscription_id=addon.subscription_id,
    )
    return remove, migrate


def _can_migrate(step: StepInHand, addon: Subscription) -> bool:
    if addon.catalog_id is None or addon.state is not SubscriptionState.ACTIVE:
        return False
    moves = step.catalog.transitions_from(addon.catalog_id)
    return any(move.kind is TransitionKind.MIGRATION for move in moves)
