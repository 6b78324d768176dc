"""Whether a way leads to a larger product than the one it leaves, and what that trades."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from planner.catalog import Catalog
from planner.counting import counted
from planner.ids import CatalogId, ServicePlanId
from planner.offers import ServicePlan
from planner.service_sets import ServiceEffect, service_effect
from planner.transitions import TransitionKind

MUCH_DEARER = Decimal("1.5")
"""From how many times the retail price of a seat on an offer is told to be much dearer."""
_NAMED_AT_MOST = 3
_SAME_PRODUCT = frozenset({TransitionKind.MIGRATION, TransitionKind.TRIAL_CONVERSION})
"""Moves to the equivalent: whatever differs in services or price, nothing larger is bought."""


@dataclass(frozen=True, slots=True)
class Upsell:
    """That a subscription becomes a larger product, or one that costs much more.

    Services that nearly every product carries are left out.
    """

    origin: CatalogId
    target: CatalogId
    gained: tuple[ServicePlanId, ...] | None
    """The main services first, then by title; None where the services of an end are not known."""
    lost: tuple[ServicePlanId, ...] | None
    """In the same order; not empty where the larger product swaps a service for another."""
    is_dearer: bool = False
    """Whether a seat costs half as much again at retail, or more; False too where no loaded list
    tells both prices."""

    @property
    def is_larger(self) -> bool:
        """Whether it gives more services than it takes away."""
        return _is_larger(self.gained, self.lost)


def upsell_of(
    catalog: Catalog, origin: CatalogId | None, target: CatalogId, *, is_dearer: bool = False
) -> Upsell | None:
    """Return what makes a target an upsell; None for the equivalent, and where nothing does.

    The rule is ours: more services gained than lost, or much dearer. Both offers are looked up;
    one that the catalog does not have is no upsell that could be told.
    """
    if origin is None or origin == target or not {origin, target} <= catalog.offers.keys():
        return None
    if _is_equivalent(catalog, origin, target):
        return None
    effect = service_effect(catalog, origin, target)
    if isinstance(effect, ServiceEffect):
        gained, lost = (
            in_order_of_weight(catalog, effect.added),
            in_order_of_weight(catalog, effect.lost),
        )
        found = Upsell(origin, target, gained, lost, is_dearer)
    else:
        found = Upsell(origin, target, None, None, is_dearer)
    return found if found.is_larger or is_dearer else None


def without_price(upsell: Upsell | None) -> Upsell | None:
    """Return an upsell for readers who may not see prices; None where the price alone made it."""
    if upsell is None or not upsell.is_larger:
        return None
    return replace(upsell, is_dearer=False)


def is_much_dearer(
    before: Decimal | None, after: Decimal | None, *, seats: tuple[int | None, int | None]
) -> bool:
    """Return whether a seat costs much more; prices are of all seats, in the same currency.

    `seats` are those of before and after. False where one of the numbers is not known.
    """
    if before is None or after is None or not seats[0] or not seats[1] or before <= 0:
        return False
    return after * seats[0] >= MUCH_DEARER * before * seats[1]


def words_of(catalog: Catalog, upsell: Upsell) -> str:
    """Say in one clause what an upsell trades, such as `a larger product: 41 services more`."""
    parts = [
        *_services(catalog, upsell.gained, "more"),
        *_services(catalog, upsell.lost, "fewer"),
        *(("much dearer at retail",) if upsell.is_dearer else ()),
    ]
    what = "a larger product" if upsell.is_larger else "another product"
    before = catalog.offers.get(upsell.origin)
    than = f" than {before.title}" if before and upsell.is_larger else ""
    return f"{what}{than}: {', '.join(parts)}"


def counts_of(upsell: Upsell) -> str:
    """Say the same in numbers alone, such as `41 services more, 1 service fewer`."""
    gained, lost = (len(plans or ()) for plans in (upsell.gained, upsell.lost))
    parts = (
        f"{counted(gained, 'service')} more" if gained else "",
        f"{counted(lost, 'service')} fewer" if lost else "",
        "much dearer" if upsell.is_dearer else "",
    )
    return ", ".join(filter(None, parts))


def named_in_short(catalog: Catalog, plan_ids: Iterable[ServicePlanId], *, most: int) -> str:
    """Name so many services by their titles, and count the others."""
    titles = tuple(dict.fromkeys(title_of(catalog, plan) for plan in plan_ids))
    more = len(titles) - most
    named = ", ".join(titles[:most])
    return f"{named} and {more} more" if more > 0 else named


def title_of(catalog: Catalog, plan_id: ServicePlanId) -> str:
    """Return what people call a service; its id where the catalog has no name."""
    plan = catalog.service_plans.get(plan_id)
    return plan_id if plan is None else plan.title or plan.name


def in_order_of_weight(catalog: Catalog, plans: Iterable[ServicePlan]) -> tuple[ServicePlanId, ...]:
    """Return services with those of a family (mail, files, telephony) first, then as they came.

    Members of a family exclude each other, so that products differ by them.
    Source: docs/sources.md 6 (services that exclude each other).
    """
    listed = [plan.plan_id for plan in plans]
    return tuple(sorted(listed, key=lambda plan: plan not in catalog.families))


def _is_larger(
    gained: tuple[ServicePlanId, ...] | None, lost: tuple[ServicePlanId, ...] | None
) -> bool:
    return gained is not None and lost is not None and len(gained) > len(lost)


def _is_equivalent(catalog: Catalog, origin: CatalogId, target: CatalogId) -> bool:
    edge = catalog.graph.edges.get((origin, target))
    return edge is not None and edge["transition"].kind in _SAME_PRODUCT


def _services(
    catalog: Catalog, plans: tuple[ServicePlanId, ...] | None, word: str
) -> tuple[str, ...]:
    if not plans:
        return ()
    named = named_in_short(catalog, plans, most=_NAMED_AT_MOST)
    return (f"{counted(len(plans), 'service')} {word} ({named})",)
