"""Can every add-on of the base migrate with it?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date

from planner.availability import is_covered
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
from planner.bundles import bundle_of, equivalent_by_api
from planner.customers import HoldingsState, Subscription
from planner.holdings import LOAD_HOLDINGS, name_of, plans_of
from planner.rules.addon_terms import addon_terms
from planner.rules.age import subscription_age
from planner.rules.offered import target_offered
from planner.rules.partner_of_record import partner_of_record
from planner.rules.promotion import promotion
from planner.rules.seats import seat_cap
from planner.rules.state import subscription_state
from planner.rules.term_end import term_end
from planner.rules.trial import trial
from planner.rules.walk import CLEAR, Answer, Choices, StepInHand
from planner.transitions import Transition, TransitionKind

_RULE = "BUNDLE"
_SOURCE = "docs/sources.md 3: a base migrates with all its active add-ons, or none of them does"
_MEMBER_RULES: tuple[Callable[[StepInHand], Answer], ...] = (
    subscription_state,
    subscription_age,
    term_end,
    promotion,
    trial,
    partner_of_record,
    target_offered,
    seat_cap,
)
"""What each member is tried by. This rule is not among them: nested add-ons are flat already."""


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What the member rules say of one add-on."""

    addon: Subscription
    reasons: tuple[Blocker, ...]
    """What BLOCKS it, in the order of the member rules."""
    unanswered: tuple[Unanswered, ...]


def bundle(step: StepInHand) -> Answer:
    """Every active add-on, nested ones too, migrates with its base; one that cannot stops all.

    Each is tried by itself, also by the first-month rule. An add-on that could go alone does not
    free its base by going: whoever cannot migrate still stops it, so going first is noted and is no
    remedy. That add-ons are there stops nothing any more since March 2022 (code 4, 900219).
    Source: docs/sources.md 3 (bundles).
    """
    if not step.is_first:
        return CLEAR
    below = bundle_of(step.customer, step.subscription)
    verdicts = tuple(_verdict(step, addon) for addon in below.addons)
    stopped = tuple(verdict for verdict in verdicts if verdict.reasons)
    free = tuple(verdict.addon for verdict in verdicts if _is_free(verdict)) if stopped else ()
    return (
        *(_ineligible(step, verdict) for verdict in stopped),
        *(_may_go_alone(step, addon) for addon in free),
        *(_stays_behind(step, addon) for addon in below.idle),
        *addon_terms(step, below),
        *(question for verdict in verdicts for question in verdict.unanswered),
        *(_of_unclear_status(step, addon) for addon in below.unclear),
        *_unseen(step),
    )


def _is_free(verdict: _Verdict) -> bool:
    open_questions = any(question.rule != "PROMOTION" for question in verdict.unanswered)
    return not verdict.reasons and not open_questions


def _verdict(step: StepInHand, addon: Subscription) -> _Verdict:
    answers = _answers(step, addon)
    return _Verdict(
        addon,
        tuple(
            answer
            for answer in answers
            if isinstance(answer, Blocker) and answer.severity is Severity.BLOCKS
        ),
        tuple(_named(answer, addon) for answer in answers if isinstance(answer, Unanswered)),
    )


def _answers(step: StepInHand, addon: Subscription) -> Answer:
    move = _equivalent(step, addon)
    if not isinstance(move, Transition):
        return move
    chosen = Choices(full_new_term=step.choices.full_new_term, at_renewal=step.choices.at_renewal)
    member = replace(step, subscription=addon, transition=move, choices=chosen)
    return tuple(answer for rule in _MEMBER_RULES for answer in rule(member))


def _named(question: Unanswered, addon: Subscription) -> Unanswered:
    """Return the question with fields that say whose they are, for the step of the base."""
    fields = tuple(
        f"{name.removeprefix('subscription.')} of subscription {addon.subscription_id}"
        if name.startswith("subscription.")
        else name
        for name in question.fields
    )
    return replace(question, fields=fields)


def _equivalent(step: StepInHand, addon: Subscription) -> Transition | Answer:
    catalog = step.catalog
    offer = None if addon.catalog_id is None else catalog.offers.get(addon.catalog_id)
    if offer is None:
        field = f"offer of subscription {addon.subscription_id}"
        return (_unanswered(step, field, "The catalog does not have the add-on's offer"),)
    move = equivalent_by_api(catalog, offer.catalog_id)
    if move is not None:
        return move
    day = step.at.astimezone(UTC).date()
    if is_covered(catalog.facts.coverage, offer, TransitionKind.MIGRATION, day):
        return (_no_equivalent(step, addon, offer.title),)
    message = f"No loaded list tells the new-commerce equivalent of {offer.title}"
    return (_unanswered(step, f"equivalent of {offer.catalog_id}", message, _import_lists(step)),)


def _no_equivalent(step: StepInHand, addon: Subscription, title: str) -> Blocker:
    return Blocker(
        BlockerCode.NO_EQUIVALENT,
        Severity.BLOCKS,
        SubjectKind.SUBSCRIPTION,
        addon.subscription_id,
        f"{title} has no equivalent in new commerce",
        "docs/sources.md 3: code 5, 900220",
        step=step.pair,
        partner_center=(
            PartnerCenterCode("MIGRATION", 5, "NewCommerceProductUnavailable"),
            PartnerCenterCode("REST", 900220, "not a valid migration path for this offer yet"),
        ),
    )


def _import_lists(step: StepInHand) -> tuple[Remedy, ...]:
    return tuple(
        Remedy(RemedyAction.IMPORT_LIST, Actor.US, missing.remedy)
        for missing in step.catalog.facts.missing_lists
        if missing.kind is TransitionKind.MIGRATION
    )


def _ineligible(step: StepInHand, verdict: _Verdict) -> Blocker:
    addon, reasons = verdict.addon, verdict.reasons
    named = name_of(step.catalog, addon)
    clears_on = _clears_on(verdict)
    return Blocker(
        BlockerCode.BUNDLE_MEMBER_INELIGIBLE,
        Severity.BLOCKS,
        SubjectKind.SUBSCRIPTION,
        addon.subscription_id,
        f"The add-on {named} cannot migrate, so the whole bundle stays: {reasons[0].message}",
        _SOURCE,
        step=step.pair,
        parameters=(
            ("member", addon.subscription_id),
            *(("reason", reason.code) for reason in reasons),
        ),
        evidence=tuple(
            Evidence(
                f"{reason.code}: {reason.message}",
                addon.subscription_id,
                addon.seller,
                source=reason.source,
            )
            for reason in reasons
        ),
        remedies=tuple(_ways_out(step, verdict, clears_on)),
        clears_on=clears_on,
        partner_center=tuple(code for reason in reasons for code in reason.partner_center),
    )


def _clears_on(verdict: _Verdict) -> date | None:
    """Return the day on which the last reason is gone; None where one does not go by itself."""
    days = [reason.clears_on for reason in verdict.reasons]
    known = [day for day in days if day is not None]
    return max(known) if len(known) == len(days) else None


def _ways_out(step: StepInHand, verdict: _Verdict, clears_on: date | None) -> Iterator[Remedy]:
    addon, named = verdict.addon, name_of(step.catalog, verdict.addon)
    if clears_on is not None:
        message = f"Wait until {clears_on}, when {named} can migrate"
        yield Remedy(
            RemedyAction.WAIT_UNTIL,
            Actor.US,
            message,
            subscription_id=addon.subscription_id,
            until=clears_on,
        )
    if len(verdict.reasons) == 1:
        for remedy in verdict.reasons[0].remedies:
            if clears_on is None or remedy.action is not RemedyAction.WAIT_UNTIL:
                yield replace(remedy, subscription_id=addon.subscription_id)
    yield Remedy(
        RemedyAction.REMOVE_ADDON,
        Actor.US,
        f"Cancel the add-on {named} before; {_loss(step, addon)}",
        role="ADMIN_AGENT",
        subscription_id=addon.subscription_id,
    )


def _loss(step: StepInHand, addon: Subscription) -> str:
    catalog = step.catalog
    given = plans_of(catalog, addon)
    if given is None:
        return "which services its users lose is not known"
    kept = plans_of(catalog, step.subscription) or frozenset()
    lost = given - kept - catalog.common_plans.keys()
    plans = (catalog.service_plans.get(plan) for plan in lost)
    titles = sorted(plan.title or plan.name for plan in plans if plan is not None)
    unnamed = len(lost) - len(titles)
    more = f"{', ' if titles else ''}{unnamed} without a title" if unnamed else ""
    return f"its users lose {', '.join(titles)}{more}" if lost else "its users lose no service"


def _may_go_alone(step: StepInHand, addon: Subscription) -> Blocker:
    named = name_of(step.catalog, addon)
    alone = Remedy(
        RemedyAction.MIGRATE_ADDON_FIRST,
        Actor.US,
        f"Migrate {named} alone, before its base",
        role="ADMIN_AGENT",
        subscription_id=addon.subscription_id,
    )
    return Blocker(
        BlockerCode.ADDON_CAN_GO_FIRST,
        Severity.NOTES,
        SubjectKind.SUBSCRIPTION,
        addon.subscription_id,
        f"{named} can migrate without its base; that does not free the base",
        _SOURCE,
        step=step.pair,
        remedies=(alone,),
    )


def _stays_behind(step: StepInHand, addon: Subscription) -> Blocker:
    named = name_of(step.catalog, addon)
    return Blocker(
        BlockerCode.ADDON_STAYS_BEHIND,
        Severity.NOTES,
        SubjectKind.SUBSCRIPTION,
        addon.subscription_id,
        f"{named} is {addon.state.value.lower()}: only active add-ons migrate with their base",
        _SOURCE,
        step=step.pair,
        evidence=(
            Evidence(f"status is {addon.state_as_given!r}", addon.subscription_id, addon.seller),
        ),
        partner_center=(
            PartnerCenterCode("REST", 900262, "add-ons that do not exist or are not active"),
        ),
    )


def _of_unclear_status(step: StepInHand, addon: Subscription) -> Unanswered:
    message = f"The status {addon.state_as_given!r} of an add-on says nothing that we can act on"
    return _unanswered(step, f"status of subscription {addon.subscription_id}", message)


def _unseen(step: StepInHand) -> Iterator[Unanswered]:
    if step.customer.holdings.own_state is not HoldingsState.COMPLETE:
        message = "Which add-ons migrate with it is not known: our subscriptions are not all loaded"
        yield _unanswered(step, "holdings.own", message, (LOAD_HOLDINGS,))


def _unanswered(
    step: StepInHand, field: str, message: str, remedies: tuple[Remedy, ...] = ()
) -> Unanswered:
    return Unanswered(_RULE, (field,), message, step=step.pair, remedies=remedies)
