"""Does the customer have a base for the add-on that the target is?"""

from collections.abc import Iterator

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
from planner.bundles import base_of
from planner.customers import Subscription, SubscriptionState
from planner.holdings import LOAD_HOLDINGS, is_of_offer, others_of, unseen_holdings
from planner.ids import CatalogId
from planner.offers import Known
from planner.rules.walk import CLEAR, Answer, StepInHand

_RULE = "PREREQUISITE"
_SOURCE = "docs/sources.md 6: an add-on needs one of its bases on the tenant (400041)"
_NAMED_AT_MOST = 5


def prerequisite(step: StepInHand) -> Answer:
    """A target that is an add-on needs an active subscription of one of its bases, whoever sold it.

    A legacy add-on whose own base is still there has its base. Without one it BLOCKS where all
    holdings are loaded, and is UNKNOWN elsewhere, which decides nothing.
    Source: docs/sources.md 6 (400041).
    """
    bases = step.catalog.bases.get(step.target, ())
    if not bases:
        return _without_list(step)
    others = tuple(others_of(step.catalog, step.customer, step.subscription))
    if _hangs_on_a_base(step) or any(_is_base(step, other, bases) is True for other in others):
        return CLEAR
    fields = (*unseen_holdings(step.customer), *_unclear(step, others, bases))
    if fields:
        message = f"{step.target_title} needs a base; not everything that the customer has is known"
        return (_unanswered(step, fields, message, (LOAD_HOLDINGS,)),)
    return (_blocker(step, bases),)


def _without_list(step: StepInHand) -> Answer:
    offers = step.catalog.offers
    ends = (offers[step.target].is_addon, offers[step.transition.origin].is_addon)
    is_addon = ends[0] if ends[0] is not Known.UNKNOWN else ends[1]
    if is_addon is not Known.YES:
        return CLEAR
    message = f"{step.target_title} is an add-on; no loaded list names its bases"
    return (_unanswered(step, (f"prerequisites of {step.target}",), message),)


def _hangs_on_a_base(step: StepInHand) -> bool:
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


def _blocker(step: StepInHand, bases: tuple[CatalogId, ...]) -> Blocker:
    titles = _titles(step, bases)
    return Blocker(
        "PREREQUISITE_MISSING",
        Severity.BLOCKS,
        SubjectKind.OFFER,
        step.target,
        f"{step.target_title} is an add-on and needs one of: {titles}",
        _SOURCE,
        step=step.pair,
        parameters=tuple(("base", base) for base in bases),
        remedies=(
            Remedy(
                RemedyAction.BUY_PREREQUISITE,
                Actor.US,
                f"Buy one of its bases first: {titles}",
                role="ADMIN_AGENT",
            ),
        ),
        partner_center=(
            PartnerCenterCode(
                "REST", 400041, "The addon is not purchasable without a compatible base product"
            ),
        ),
    )


def _titles(step: StepInHand, bases: tuple[CatalogId, ...]) -> str:
    offers = step.catalog.offers
    titles = sorted({offers[base].title if base in offers else str(base) for base in bases})
    more = len(titles) - _NAMED_AT_MOST
    named = ", ".join(titles[:_NAMED_AT_MOST])
    return f"{named} and {more} more" if more > 0 else named


def _unanswered(
    step: StepInHand, fields: tuple[str, ...], message: str, remedies: tuple[Remedy, ...] = ()
) -> Unanswered:
    return Unanswered(_RULE, fields, message, step=step.pair, remedies=remedies)
