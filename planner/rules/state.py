"""Is the subscription in a state from which it can move?"""

from collections.abc import Mapping

from planner.blocker_codes import BlockerCode
from planner.blockers import (
    Actor,
    Alternative,
    Blocker,
    Evidence,
    PartnerCenterCode,
    Remedy,
    RemedyAction,
    Severity,
    SubjectKind,
    Unanswered,
)
from planner.customers import SubscriptionState
from planner.rules.term_end import is_over
from planner.rules.walk import CLEAR, Answer, StepInHand
from planner.transitions import TransitionKind

_SOURCE = "upgrade page, condition 1: the subscription must be active (not suspended or canceled)"
_GONE = frozenset(
    {SubscriptionState.DISABLED, SubscriptionState.EXPIRED, SubscriptionState.DELETED}
)
_NOT_ACTIVE: Mapping[TransitionKind, tuple[PartnerCenterCode, ...]] = {
    TransitionKind.LEGACY_UPGRADE: (
        PartnerCenterCode("UPGRADE", 2, "subscription_status_not_active"),
    ),
    TransitionKind.MIGRATION: (
        PartnerCenterCode("MIGRATION", 0, "SubscriptionStatusNotActive"),
        PartnerCenterCode("REST", 900215, "SubscriptionStatusNotActive"),
    ),
    TransitionKind.CONVERSION: (PartnerCenterCode("TRANSITION", 2, "SubscriptionStatusNotActive"),),
}
_NOT_PROVISIONED: Mapping[TransitionKind, tuple[PartnerCenterCode, ...]] = {
    TransitionKind.LEGACY_UPGRADE: (
        PartnerCenterCode("UPGRADE", 9, "subscription_not_provisioned"),
    ),
    TransitionKind.MIGRATION: (
        PartnerCenterCode("MIGRATION", 1, "SubscriptionBeingProcessingInOms"),
        PartnerCenterCode("REST", 900216, "SubscriptionBeingProcessingInOms"),
    ),
    TransitionKind.CONVERSION: (PartnerCenterCode("TRANSITION", 9, "SubscriptionNotProvisioned"),),
}


def subscription_state(step: StepInHand) -> Answer:
    """Suspended can be reactivated, pending waits; disabled, expired and deleted are gone.

    What is active in a term that is over has renewed, become something else or ended since then:
    whether it can move is UNKNOWN, whatever the move. So is a suspended one of new commerce, which
    cannot be reactivated after its term.
    Source: the upgrade page's first condition; docs/sources.md 1 to 3 (codes) and 6 (lifecycle).
    """
    state = step.subscription.state
    if not step.is_first:
        return CLEAR
    if state is SubscriptionState.ACTIVE:
        return _looks_old(step)
    if state in _GONE:
        return (_blocker(step, alternatives=(Alternative.BUY_NEW,)),)
    if state is SubscriptionState.SUSPENDED:
        outdated = _looks_old(step) if step.subscription.is_new_commerce else CLEAR
        return (_blocker(step, remedies=(_REACTIVATE,)), *outdated)
    if state is SubscriptionState.PENDING:
        return (_pending(step),)
    return (
        Unanswered(
            "SUBSCRIPTION_STATE",
            ("subscription.status",),
            f"The status {step.subscription.state_as_given!r} says nothing that we can act on",
            step=step.pair,
        ),
    )


def _looks_old(step: StepInHand) -> Answer:
    """Ask for new data where the term is over; a trial's end counts like a term's."""
    held = step.subscription
    if not is_over(held, step.at):
        return CLEAR
    what = "trial" if held.is_trial else "term"
    message = f"It is {held.state.value.lower()}, yet its {what} ended on {held.last_day}: "
    return (
        Unanswered(
            "SUBSCRIPTION_STATE",
            ("subscription.status", "subscription.commitmentEndDate"),
            f"{message}the data look old",
            step=step.pair,
            remedies=(LOAD_AGAIN,),
        ),
    )


LOAD_AGAIN = Remedy(
    RemedyAction.LOAD_HOLDINGS,
    Actor.US,
    "Import the customer's subscriptions again: what renewed, converted or ended shows then",
)
_REACTIVATE = Remedy(
    RemedyAction.REACTIVATE,
    Actor.US,
    "Reactivate the subscription in Partner Center, then move it",
    role="ADMIN_AGENT",
)
_WAIT = Remedy(
    RemedyAction.WAIT_FOR_PROVISIONING,
    Actor.MICROSOFT,
    "Wait until the order is provisioned, then ask again",
)


def _blocker(
    step: StepInHand,
    *,
    remedies: tuple[Remedy, ...] = (),
    alternatives: tuple[Alternative, ...] = (),
) -> Blocker:
    subscription = step.subscription
    state = subscription.state.value.lower()
    return Blocker(
        BlockerCode.SUBSCRIPTION_NOT_ACTIVE,
        Severity.BLOCKS,
        SubjectKind.SUBSCRIPTION,
        subscription.subscription_id,
        f"The subscription is {state}; only an active one can be moved",
        _SOURCE,
        step=step.pair,
        parameters=(("status", subscription.state_as_given),),
        evidence=(_evidence(step),),
        remedies=remedies,
        alternatives=alternatives,
        partner_center=_NOT_ACTIVE.get(step.transition.kind, ()),
    )


def _pending(step: StepInHand) -> Blocker:
    return Blocker(
        BlockerCode.SUBSCRIPTION_NOT_PROVISIONED,
        Severity.BLOCKS,
        SubjectKind.SUBSCRIPTION,
        step.subscription.subscription_id,
        "The order is still being processed",
        _SOURCE,
        step=step.pair,
        parameters=(("status", step.subscription.state_as_given),),
        evidence=(_evidence(step),),
        remedies=(_WAIT,),
        partner_center=_NOT_PROVISIONED.get(step.transition.kind, ()),
    )


def _evidence(step: StepInHand) -> Evidence:
    subscription = step.subscription
    return Evidence(
        f"status is {subscription.state_as_given!r}",
        subscription.subscription_id,
        subscription.seller,
    )
