"""Is the target sold for the term and the billing cycle that the subscription would have?"""

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
from planner.lifecycle import months_in
from planner.rules.walk import CLEAR, Answer, StepInHand
from planner.transitions import TransitionKind

_RULE = "TERM_AND_BILLING"
_SOURCE = "docs/sources.md 3: code 6, 900222; 2: 900267 to 900270; price lists (terms and billing)"
_TERMS = frozenset({"P1M", "P1Y", "P3Y"})
_MONTHS_BILLED: Mapping[str, int | None] = {
    "monthly": 1,
    "annual": 12,
    "biennial": 24,
    "triennial": 36,
    "none": None,
    "one_time": None,
}
"""Partner Center's billing cycles [docs/sources.md 5]; None where it counts no months."""
_Pair = tuple[str, str]


def term_and_billing(step: StepInHand) -> Answer:
    """What is chosen, else what the subscription has, must be a combination the target is sold in.

    A conversion now may not have a shorter term than its source; one into an existing subscription
    takes over that one's term and billing, and is not asked.
    Source: docs/sources.md 3 (code 6, 900222) and 2 (900267 to 900270).
    """
    is_conversion = step.transition.kind is TransitionKind.CONVERSION
    if is_conversion and step.choices.into is not None:
        return CLEAR
    wanted = _wanted(step)
    if not isinstance(wanted, tuple):
        return (wanted,)
    shorter = tuple(_shorter(step)) if is_conversion else ()
    offered = _offered(step)
    if wanted in offered:
        return shorter
    return (*shorter, _not_offered(step, wanted, offered))


def _wanted(step: StepInHand) -> _Pair | Unanswered:
    choices, subscription = step.choices, step.subscription
    term = choices.term or _documented(subscription.term, _TERMS)
    cycle = choices.billing_cycle or _documented(subscription.billing_cycle, _MONTHS_BILLED)
    told = (
        ("subscription.termDuration", term),
        ("subscription.billingCycle", cycle),
        (f"billing of {step.target}", step.catalog.offers[step.target].billing),
    )
    unknown = tuple(field for field, value in told if not value)
    if unknown or term is None or cycle is None:
        message = f"Whether {step.target_title} is sold for this term and billing is not known"
        return Unanswered(_RULE, unknown, message, step=step.pair)
    return term.upper(), cycle.casefold()


def _documented(given: str | None, known: frozenset[str] | Mapping[str, int | None]) -> str | None:
    """Return a subscription's own value; one that nobody documented says nothing."""
    return given if given in known else None


def _offered(step: StepInHand) -> tuple[_Pair, ...]:
    """Return the combinations that any loaded price list has, in the target's order."""
    pairs = (combination.partition("/") for combination in step.catalog.offers[step.target].billing)
    return tuple((term.upper(), plan.casefold().replace(" ", "_")) for term, _, plan in pairs)


def _shorter(step: StepInHand) -> Iterator[Blocker | Unanswered]:
    chosen, source = months_in(step.choices.term), months_in(step.subscription.term)
    if chosen is None or step.choices.at_renewal or not step.is_first:
        return
    if source is None:
        message = "Whether the chosen term is shorter than the present one is not known"
        yield Unanswered(_RULE, ("subscription.termDuration",), message, step=step.pair)
    elif chosen < source:
        yield _blocker(
            step,
            BlockerCode.TERM_SHORTER_THAN_SOURCE,
            f"A conversion now cannot shorten the term from {step.subscription.term} to "
            f"{step.choices.term}",
            (_keep(step), _at_renewal(step)),
            (PartnerCenterCode("REST", 900267, "term shorter than that of the source"),),
        )


def _keep(step: StepInHand) -> Remedy:
    message = f"Keep the term {step.subscription.term}, or choose a longer one"
    return Remedy(RemedyAction.CHANGE_TERM_OR_BILLING, Actor.US, message, role="ADMIN_AGENT")


def _at_renewal(step: StepInHand) -> Remedy:
    return Remedy(
        RemedyAction.SCHEDULE_FOR_RENEWAL,
        Actor.US,
        f"Schedule the conversion for the renewal, with the term {step.choices.term}",
        role="ADMIN_AGENT",
    )


def _not_offered(step: StepInHand, wanted: _Pair, offered: tuple[_Pair, ...]) -> Blocker:
    combinations = ", ".join(step.catalog.offers[step.target].billing)
    change = Remedy(
        RemedyAction.CHANGE_TERM_OR_BILLING,
        Actor.US,
        f"Choose one of: {combinations}",
        role="ADMIN_AGENT",
    )
    return _blocker(
        step,
        BlockerCode.TERM_AND_BILLING_NOT_OFFERED,
        f"{step.target_title} is not sold as {'/'.join(wanted)}; it is sold as {combinations}",
        (change,),
        tuple(_codes(step, wanted, offered)),
    )


def _codes(
    step: StepInHand, wanted: _Pair, offered: tuple[_Pair, ...]
) -> Iterator[PartnerCenterCode]:
    if step.transition.kind is not TransitionKind.CONVERSION:
        yield PartnerCenterCode("MIGRATION", 6, "TermDurationBillingCycleCombinationNotSupported")
        yield PartnerCenterCode("REST", 900222, "combination of term and billing not supported")
        return
    term, cycle = wanted
    billed, lasts = _MONTHS_BILLED.get(cycle), months_in(term)
    if term not in {one for one, _ in offered}:
        yield PartnerCenterCode("REST", 900268, "term duration of the target is invalid")
    elif billed is not None and lasts is not None and billed > lasts:
        yield PartnerCenterCode("REST", 900270, "billing cycle longer than the term")
    else:
        yield PartnerCenterCode("TRANSITION", 10, "OfferDoesNotSupportBillingCycle")
        yield PartnerCenterCode("REST", 900269, "billing cycle is invalid")


def _blocker(
    step: StepInHand,
    code: BlockerCode,
    message: str,
    remedies: tuple[Remedy, ...],
    codes: tuple[PartnerCenterCode, ...],
) -> Blocker:
    subscription = step.subscription
    has = f"it has the term {subscription.term} and is billed {subscription.billing_cycle}"
    chosen = (("term", step.choices.term), ("billingCycle", step.choices.billing_cycle))
    return Blocker(
        code,
        Severity.BLOCKS,
        SubjectKind.SUBSCRIPTION,
        subscription.subscription_id,
        message,
        _SOURCE,
        step=step.pair,
        parameters=tuple((name, value) for name, value in chosen if value is not None),
        evidence=(Evidence(has, subscription.subscription_id, subscription.seller),),
        remedies=remedies,
        partner_center=codes,
    )
