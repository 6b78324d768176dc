"""Can the target of a legacy upgrade be billed as the subscription is?"""

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
from planner.permissions import Action, role_for
from planner.rules.walk import CLEAR, Answer, StepInHand

_RULE = "BILLING_CYCLE"
_SOURCE = "docs/sources.md 1 (code 10: the target does not support the source's billing cycle)"
_CYCLES = frozenset({"monthly", "annual", "none", "one_time", "triennial", "biennial"})
"""Partner Center's words [docs/sources.md 5]; any other says nothing that we can act on."""
_CHOSEN = ("monthly", "annual")
"""Between these a partner can change a legacy subscription [docs/sources.md 5]."""


def billing_cycle(step: StepInHand) -> Answer:
    """BLOCKS where the target's billing frequencies leave out the subscription's, or the chosen.

    Unknown where either is not known or is a word that nobody documented.
    Source: docs/sources.md 1 (code 10, of the SDK only).
    """
    given = step.choices.billing_cycle or step.subscription.billing_cycle
    field = "choices.billingCycle" if step.choices.billing_cycle else "subscription.billingCycle"
    cycle = None if given is None else given.lower()
    offered = tuple(sorted({one.lower() for one in step.catalog.offers[step.target].billing}))
    told = ((field, cycle in _CYCLES), (f"billing of {step.target}", bool(offered)))
    unknown = tuple(name for name, is_told in told if not is_told)
    if unknown:
        return (_unanswered(step, unknown, given),)
    return CLEAR if cycle in offered else (_blocker(step, str(cycle), offered),)


def _unanswered(step: StepInHand, fields: tuple[str, ...], given: str | None) -> Unanswered:
    known = given is None or given.lower() in _CYCLES
    message = (
        "Whether the target can be billed as the subscription is is not known"
        if known
        else f"The billing cycle {given!r} says nothing that we can act on"
    )
    return Unanswered(_RULE, fields, message, step=step.pair)


def _blocker(step: StepInHand, cycle: str, offered: tuple[str, ...]) -> Blocker:
    subscription = step.subscription
    names = ", ".join(offered)
    return Blocker(
        BlockerCode.BILLING_CYCLE_NOT_OFFERED,
        Severity.BLOCKS,
        SubjectKind.SUBSCRIPTION,
        subscription.subscription_id,
        f"{step.target_title} cannot be billed {cycle}; it can be billed: {names}",
        _SOURCE,
        step=step.pair,
        parameters=(("billingCycle", cycle), *(("offered", one) for one in offered)),
        evidence=(
            Evidence(
                f"billing cycle is {subscription.billing_cycle!r}",
                subscription.subscription_id,
                subscription.seller,
            ),
        ),
        remedies=_remedies(step, offered),
        alternatives=(Alternative.ANOTHER_TARGET,),
        partner_center=(PartnerCenterCode("UPGRADE", 10, "offer_does_not_support_billing_cycle"),),
    )


def _remedies(step: StepInHand, offered: tuple[str, ...]) -> tuple[Remedy, ...]:
    """Name the cycles that can be had; none where the target is never billed."""
    choices = tuple(one for one in offered if one in _CHOSEN)
    if (step.subscription.billing_cycle or "").lower() in offered:
        message = "Keep the billing cycle that the subscription has"
    elif choices:
        message = (
            f"Change the billing to {' or '.join(choices)} first: it resets the term to 12 months, "
            "ends promotional prices and changes every subscription of the order"
        )
    else:
        return ()
    return (
        Remedy(
            RemedyAction.CHANGE_TERM_OR_BILLING,
            Actor.US,
            message,
            role=role_for(Action.BILLING_FREQUENCY).value,
        ),
    )
