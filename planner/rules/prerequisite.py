"""Does the customer have a base for the add-on that the target is?"""

from collections.abc import Collection, Iterator
from dataclasses import replace

from planner.blocker_codes import BlockerCode
from planner.blockers import (
    Actor,
    Blocker,
    PartnerCenterCode,
    Remedy,
    RemedyAction,
    Severity,
    SubjectKind,
    Unanswered,
)
from planner.bundles import base_of, bundle_of, equivalent_by_api
from planner.counting import in_short
from planner.customers import Subscription, SubscriptionState
from planner.holdings import LOAD_HOLDINGS, is_of_offer, name_of, unseen_holdings
from planner.ids import CatalogId
from planner.offers import Known
from planner.permissions import Action, role_for
from planner.rules.walk import CLEAR, Answer, StepInHand
from planner.transitions import Execution, TransitionKind

_RULE = "PREREQUISITE"
_SOURCE = "docs/sources.md 6: an add-on needs one of its bases on the tenant (400041)"
_NAMED_AT_MOST = 5


def prerequisite(step: StepInHand) -> Answer:
    """A target that is an add-on needs an active subscription of one of its bases, whoever sold it.

    A legacy add-on whose own base is still there has its base; one that migrates along has the
    base's new SKU, where that is one of its bases. Without one it BLOCKS where all holdings are
    loaded, and is UNKNOWN elsewhere, which decides nothing.
    Source: docs/sources.md 3 (bundles) and 6 (400041).
    """
    bases = step.catalog.bases.get(step.target, ())
    found = _for_target(step, bases) if bases else _without_list(step)
    return (*found, *_along(step))


def _for_target(step: StepInHand, bases: tuple[CatalogId, ...]) -> Answer:
    return CLEAR if _hangs_on_a_base(step) else _needed(step, step.target, bases)


def _needed(
    step: StepInHand,
    addon: CatalogId,
    bases: tuple[CatalogId, ...],
    moving: Collection[str] = (),
) -> Answer:
    """Ask for a base among what is held beside the subscription, and does not move with it."""
    others = tuple(one for one in step.others if one.subscription_id not in moving)
    if any(_is_base(step, other, bases) is True for other in others):
        return CLEAR
    fields = (*unseen_holdings(step.customer), *_unclear(step, others, bases))
    if fields:
        named = _title(step, addon)
        message = f"{named} needs a base; not everything that the customer has is known"
        return (_unanswered(step, fields, message, (LOAD_HOLDINGS,)),)
    return (_blocker(step, addon, bases),)


def _along(step: StepInHand) -> Iterator[Blocker | Unanswered]:
    """Ask for the add-ons that the call takes along: their base is of another SKU from then on."""
    is_call = step.is_first and step.transition.execution is Execution.API
    if not is_call or step.transition.kind is not TransitionKind.MIGRATION:
        return
    addons = bundle_of(step.customer, step.subscription).addons
    moves = {one.subscription_id: target for one in addons if (target := _becomes(step, one))}
    for addon in addons:
        target = moves.get(addon.subscription_id)
        bases = step.catalog.bases.get(target, ()) if target else ()
        if target and bases and {step.target, *moves.values()}.isdisjoint(bases):
            yield from (
                replace(one, remedies=(*one.remedies, _given_up(step, addon)))
                if isinstance(one, Blocker)
                else one
                for one in _needed(step, target, bases, moves)
            )


def _becomes(step: StepInHand, addon: Subscription) -> CatalogId | None:
    offer = addon.catalog_id
    edge = None if offer is None else equivalent_by_api(step.catalog, offer)
    return None if edge is None else edge.target


def _given_up(step: StepInHand, addon: Subscription) -> Remedy:
    return Remedy(
        RemedyAction.REMOVE_ADDON,
        Actor.US,
        f"Cancel the add-on {name_of(step.catalog, addon)} before; it is given up",
        role=role_for(Action.MANAGE_SUBSCRIPTION).value,
        subscription_id=addon.subscription_id,
    )


def _without_list(step: StepInHand) -> Answer:
    offers = step.catalog.offers
    ends = (offers[step.target].is_addon, offers[step.transition.origin].is_addon)
    is_addon = ends[0] if ends[0] is not Known.UNKNOWN else ends[1]
    if is_addon is not Known.YES:
        return CLEAR
    message = f"{step.target_title} is an add-on; no loaded list names its bases"
    return (_unanswered(step, (f"prerequisites of {step.target}",), message),)


def _hangs_on_a_base(step: StepInHand) -> bool:
    """Return whether the call finds its legacy base there; what is bought by hand has none."""
    if step.transition.execution is Execution.MANUAL:
        return False
    base = base_of(step.customer, step.subscription) if step.is_first else None
    return base is not None and base.state is SubscriptionState.ACTIVE


def _is_base(step: StepInHand, other: Subscription, bases: tuple[CatalogId, ...]) -> bool | None:
    """Return whether an active base; None where its product or what its status means is untold."""
    known = [is_of_offer(step.catalog, other, base) for base in bases]
    if True in known:
        return True if other.state is SubscriptionState.ACTIVE else None
    return None if None in known else False


def _unclear(
    step: StepInHand, others: tuple[Subscription, ...], bases: tuple[CatalogId, ...]
) -> Iterator[str]:
    for other in others:
        if _is_base(step, other, bases) is None:
            is_active = other.state is SubscriptionState.ACTIVE
            what = "product" if is_active else "status"
            yield f"{what} of subscription {other.subscription_id}"


def _title(step: StepInHand, offer: CatalogId) -> str:
    known = step.catalog.offers.get(offer)
    return known.title if known else str(offer)


def _blocker(step: StepInHand, addon: CatalogId, bases: tuple[CatalogId, ...]) -> Blocker:
    titles = _titles(step, bases)
    return Blocker(
        BlockerCode.PREREQUISITE_MISSING,
        Severity.BLOCKS,
        SubjectKind.OFFER,
        addon,
        f"{_title(step, addon)} is an add-on and needs one of: {titles}",
        _SOURCE,
        step=step.pair,
        parameters=tuple(("base", base) for base in bases),
        remedies=(
            Remedy(
                RemedyAction.BUY_PREREQUISITE,
                Actor.US,
                f"Buy one of its bases first: {titles}",
                role=role_for(Action.MANAGE_SUBSCRIPTION).value,
            ),
        ),
        partner_center=(
            PartnerCenterCode(
                "REST", 400041, "The addon is not purchasable without a compatible base product"
            ),
        ),
    )


def _titles(step: StepInHand, bases: tuple[CatalogId, ...]) -> str:
    titles = sorted({_title(step, base) for base in bases})
    return in_short(titles, most=_NAMED_AT_MOST)


def _unanswered(
    step: StepInHand, fields: tuple[str, ...], message: str, remedies: tuple[Remedy, ...] = ()
) -> Unanswered:
    return Unanswered(_RULE, fields, message, step=step.pair, remedies=remedies)
