"""May the customer have one more subscription of the target from us?"""

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
from planner.customers import HoldingsState, Subscription, SubscriptionState
from planner.holdings import LOAD_HOLDINGS, name_of
from planner.offers import LimitScope
from planner.permissions import Action, role_for
from planner.rules.walk import CLEAR, Answer, StepInHand

_RULE = "OFFER_LIMIT"
_SOURCE = "docs/sources.md 1 (code 4) and 6 (offer limits: lifetime or concurrent, per partner)"
_UNTOLD = frozenset({SubscriptionState.UNRECOGNIZED, SubscriptionState.NONE})
_STILL_RUNNING = frozenset({SubscriptionState.ACTIVE, SubscriptionState.PENDING})
_WHEN: Mapping[LimitScope, str] = {
    LimitScope.CONCURRENT: "at a time, cancelled ones included until they are deprovisioned",
    LimitScope.LIFETIME: "in the tenant's whole life, deleted ones included",
}


def offer_limit(step: StepInHand) -> Answer:
    """BLOCKS where our subscriptions of the target already fill the offer's limit.

    CONCURRENT counts what is active or cancelled and not yet deprovisioned, LIFETIME all. Unknown
    where a hidden or opaque subscription could fill it.
    Source: docs/sources.md 1 (code 4) and 6 (offer matrix: limit and its scope, per partner).
    """
    target = step.catalog.offers[step.target]
    if target.limit_scope is LimitScope.NONE:
        return CLEAR
    if target.limit is None:
        return (_unanswered(step, (f"limit of {step.target}",)),)
    held = _held(step)
    counted = tuple(one for one in held if _counts(one, target.limit_scope))
    if len(counted) >= target.limit:
        return (_blocker(step, counted, target.limit, target.limit_scope),)
    opaque = tuple(one for one in held if one.state in _UNTOLD and one not in counted)
    fields = _unknown(step, opaque if len(counted) + len(opaque) >= target.limit else ())
    return (_unanswered(step, fields),) if fields else CLEAR


def _held(step: StepInHand) -> tuple[Subscription, ...]:
    """Return our other subscriptions of the target in order of their ids."""
    held = (
        one
        for one in step.customer.holdings.own
        if one.catalog_id == step.target
        and one.subscription_id != step.subscription.subscription_id
    )
    return tuple(sorted(held, key=lambda one: one.subscription_id))


def _counts(one: Subscription, scope: LimitScope) -> bool:
    if scope is LimitScope.LIFETIME:
        return True
    return one.state is not SubscriptionState.DELETED and one.state not in _UNTOLD


def _unknown(step: StepInHand, opaque: tuple[Subscription, ...]) -> tuple[str, ...]:
    states = tuple(f"status of subscription {one.subscription_id}" for one in opaque)
    is_whole = step.customer.holdings.own_state is HoldingsState.COMPLETE
    return states if is_whole else ("holdings.own", *states)


def _unanswered(step: StepInHand, fields: tuple[str, ...]) -> Unanswered:
    message = "How many subscriptions of the target may still be had from us is not known"
    remedies = (LOAD_HOLDINGS,) if "holdings.own" in fields else ()
    return Unanswered(_RULE, fields, message, step=step.pair, remedies=remedies)


def _blocker(
    step: StepInHand, counted: tuple[Subscription, ...], limit: int, scope: LimitScope
) -> Blocker:
    concurrent = scope is LimitScope.CONCURRENT
    return Blocker(
        BlockerCode.OFFER_LIMIT_REACHED,
        Severity.BLOCKS,
        SubjectKind.OFFER,
        step.target,
        f"A customer may have {limit} of {step.target_title} from one partner {_WHEN[scope]}; "
        f"{len(counted)} count already",
        _SOURCE,
        step=step.pair,
        parameters=(
            ("limit", str(limit)),
            ("limitScope", scope.value),
            ("counted", str(len(counted))),
        ),
        evidence=tuple(_evidence(step, one) for one in counted),
        remedies=_remedies(step, counted, limit) if concurrent else (),
        alternatives=(Alternative.ANOTHER_TARGET,),
        partner_center=(PartnerCenterCode("UPGRADE", 4, "concurrency_conflicts"),),
    )


def _evidence(step: StepInHand, one: Subscription) -> Evidence:
    named = name_of(step.catalog, one)
    return Evidence(f"{named} is {one.state.value.lower()}", one.subscription_id, one.seller)


def _remedies(
    step: StepInHand, counted: tuple[Subscription, ...], limit: int
) -> tuple[Remedy, ...]:
    """Return what frees one place; where several must go, one remedy that says how many.

    The day on which one is deprovisioned is not told by its data, so `until` stays open.
    """
    too_many = len(counted) - limit + 1
    if limit == 0:
        return ()
    if too_many == 1:
        return tuple(_free(step, one) for one in counted)
    message = (
        f"Cancel {too_many} of these subscriptions, as far as they are not cancelled yet, and wait "
        "until they are deprovisioned, 90 days after they are disabled"
    )
    return (_remedy(RemedyAction.CANCEL_OWN_SUBSCRIPTION, message),)


def _free(step: StepInHand, one: Subscription) -> Remedy:
    named = name_of(step.catalog, one)
    if one.state in _STILL_RUNNING:
        message = f"Cancel {named} and wait until it is deprovisioned, 90 days later"
        return _remedy(RemedyAction.CANCEL_OWN_SUBSCRIPTION, message, one.subscription_id)
    message = (
        f"Wait until {named} is deprovisioned, at most 90 days after it was cancelled; its data "
        "do not tell the day"
    )
    return Remedy(
        RemedyAction.WAIT_UNTIL, Actor.MICROSOFT, message, subscription_id=one.subscription_id
    )


def _remedy(action: RemedyAction, message: str, subscription_id: str | None = None) -> Remedy:
    return Remedy(
        action,
        Actor.US,
        message,
        role=role_for(Action.MANAGE_SUBSCRIPTION).value,
        subscription_id=subscription_id,
    )
