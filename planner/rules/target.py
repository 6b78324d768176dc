"""Does the customer already have what the subscription would become?"""

from collections.abc import Iterator

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
from planner.customers import Seller, Subscription
from planner.holdings import (
    LOAD_HOLDINGS,
    is_of_offer,
    name_of,
    unseen_holdings,
    ways_to_free,
)
from planner.rules.walk import Answer, StepInHand, beside
from planner.transitions import TransitionKind

_SOURCE = (
    "upgrade page, condition 3: the customer can't already have the subscriptions you're trying "
    "to upgrade them to"
)
_DISAGREES = Evidence(
    "the upgrade page forbids it; the new-commerce documentation only warns: licences must be "
    "reassigned by hand when the SKU was bought from another seller",
    source="upgrade page, condition 3; docs/sources.md 2 (full upgrade)",
)
_RULE = "TARGET_ALREADY_OWNED"


def target_already_owned(step: StepInHand) -> Answer:
    """BLOCKS a legacy upgrade; WARNS of a conversion: into the existing one, or by hand.

    Source: the upgrade page's third condition with multichannel; docs/sources.md 2 for conversions.
    """
    others = tuple(beside(step))
    found = tuple(
        _blocker(step, other)
        for other in others
        if is_of_offer(step.catalog, other, step.target) is True
    )
    return found or tuple(_open_questions(step, others))


def _blocker(step: StepInHand, other: Subscription) -> Blocker:
    named = name_of(step.catalog, other)
    is_conversion = step.transition.kind is TransitionKind.CONVERSION
    elsewhere = is_conversion and other.seller is not Seller.US
    evidence = Evidence(
        f"{named} is the target itself, held with {_HOLDERS[other.seller]}",
        other.subscription_id,
        other.seller,
    )
    return Blocker(
        BlockerCode.TARGET_ALREADY_OWNED,
        Severity.WARNS if is_conversion else Severity.BLOCKS,
        SubjectKind.SUBSCRIPTION,
        other.subscription_id,
        f"The customer already has {step.target_title} with {_HOLDERS[other.seller]}",
        _SOURCE,
        step=step.pair,
        parameters=(("seller", other.seller.value),),
        evidence=(evidence, _DISAGREES) if elsewhere else (evidence,),
        remedies=_conversion_remedies(step, other)
        if is_conversion
        else ways_to_free(step.catalog, other),
        partner_center=_CODES.get(step.transition.kind, ()),
    )


_HOLDERS = {
    Seller.US: "us",
    Seller.ANOTHER_PARTNER: "another partner",
    Seller.ANOTHER_CHANNEL: "another channel",
    Seller.NOT_KNOWN: "an unknown seller",
}
_CODES = {
    TransitionKind.LEGACY_UPGRADE: (PartnerCenterCode("UPGRADE", 4, "concurrency_conflicts"),),
    TransitionKind.CONVERSION: (PartnerCenterCode("TRANSITION", 4, "ConcurrencyConflicts"),),
}


def _conversion_remedies(step: StepInHand, other: Subscription) -> tuple[Remedy, ...]:
    if other.seller is Seller.US:
        return (
            Remedy(
                RemedyAction.MOVE_INTO_EXISTING,
                Actor.US,
                f"Convert into the existing subscription {other.subscription_id}: its seats rise, "
                "its term and billing stay",
                role="ADMIN_AGENT",
            ),
        )
    by_hand = Remedy(
        RemedyAction.REASSIGN_BY_HAND,
        Actor.US,
        "Convert and reassign the licences by hand",
        role="ADMIN_AGENT",
    )
    return (by_hand, *ways_to_free(step.catalog, other))


def _open_questions(step: StepInHand, others: tuple[Subscription, ...]) -> Iterator[Unanswered]:
    opaque = tuple(
        f"product of subscription {other.subscription_id}"
        for other in others
        if is_of_offer(step.catalog, other, step.target) is None
    )
    fields = (*unseen_holdings(step.customer), *opaque)
    if fields:
        message = "Not everything that the customer holds is known"
        yield Unanswered(_RULE, fields, message, step=step.pair, remedies=(LOAD_HOLDINGS,))
