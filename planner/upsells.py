"""Whether a way leads to a larger product than the one it leaves, and what that trades."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from planner.catalog import Catalog
from planner.counting import counted, in_short
from planner.ids import CatalogId, ServicePlanId
from planner.offers import Known, ServicePlan
from planner.pricing.prices import Quote
from planner.service_sets import FamilyChange, FamilyMove, ServiceEffect, service_effect
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
    """In the same order."""
    is_dearer: Known = field(
        default=Known.NO, metadata={"formerly": {True: "YES", False: "UNKNOWN"}}
    )
    """Whether a seat costs half as much again at retail, or more; UNKNOWN where no loaded list
    tells both prices. Once a yes or no, of which the no stood for what is not known too."""
    swapped: tuple[FamilyChange, ...] = ()
    """Services that give way to another of their family: neither lost nor gained."""

    @property
    def is_larger(self) -> bool:
        """Whether it gives more services than it takes away, a larger plan of one counting too."""
        if self.gained is None or self.lost is None:
            return False
        moves = [change.move for change in self.swapped]
        more = len(self.gained) + moves.count(FamilyMove.UPGRADED)
        return more > len(self.lost) + moves.count(FamilyMove.DOWNGRADED)


def upsell_of(
    catalog: Catalog, origin: CatalogId | None, target: CatalogId, *, is_dearer: Known = Known.NO
) -> Upsell | None:
    """Return what makes a target an upsell; None for the equivalent, and where nothing does.

    The rule is ours: more services gained than lost, or much dearer. A service that gives way to
    another of its family counts by what its number tells (Plan 1, Plan 2). Both offers are looked
    up; one that the catalog does not have is no upsell that could be told. A trial costs nothing:
    the price alone makes nothing of one an upsell.
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
        found = Upsell(origin, target, gained, lost, is_dearer, effect.families)
    else:
        found = Upsell(origin, target, None, None, is_dearer)
    is_free = catalog.offers[origin].is_trial
    return found if found.is_larger or (is_dearer is Known.YES and not is_free) else None


def without_price(upsell: Upsell | None) -> Upsell | None:
    """Return an upsell as if no price list were loaded; None where the price alone made it."""
    if upsell is None or not upsell.is_larger:
        return None
    return replace(upsell, is_dearer=Known.UNKNOWN)


def is_much_dearer(before: Quote | None, after: Quote | None) -> Known:
    """Return whether a seat costs much more for a month at retail than it did.

    UNKNOWN where one of the two prices is not known, or they are in different currencies. What was
    free is much dearer once it has a price.
    """
    if before is None or after is None or before.currency != after.currency:
        return Known.UNKNOWN
    was, becomes = before.month, after.month
    if was is None or becomes is None:
        return Known.UNKNOWN
    return Known.YES if becomes > was and becomes >= MUCH_DEARER * was else Known.NO


def words_of(catalog: Catalog, upsell: Upsell, *, priced: bool = True) -> str:
    """Say in one clause what an upsell trades, such as `a larger product: 41 services more`.

    Prices come last; they are left out where `priced` is False.
    """
    parts = [
        *_services(catalog, upsell.gained, "more"),
        *_services(catalog, upsell.lost, "fewer"),
        *(change.words for change in upsell.swapped),
        *((_PRICED[upsell.is_dearer],) if priced and upsell.is_dearer in _PRICED else ()),
    ]
    what = "a larger product" if upsell.is_larger else "another product"
    before = catalog.offers.get(upsell.origin)
    than = f" than {before.title}" if before and upsell.is_larger else ""
    return f"{what}{than}: {', '.join(parts)}"


_PRICED = {
    Known.YES: "much dearer at retail",
    Known.UNKNOWN: "what it costs more at retail is not known",
}


def counts_of(upsell: Upsell) -> str:
    """Say the same in numbers alone, such as `41 services more, 1 service fewer`."""
    gained, lost = (len(plans or ()) for plans in (upsell.gained, upsell.lost))
    parts = (
        f"{counted(gained, 'service')} more" if gained else "",
        f"{counted(lost, 'service')} fewer" if lost else "",
        f"{counted(len(upsell.swapped), 'service')} swapped" if upsell.swapped else "",
        "much dearer" if upsell.is_dearer is Known.YES else "",
        "price not known" if upsell.is_dearer is Known.UNKNOWN else "",
    )
    return ", ".join(filter(None, parts))


def named_in_short(catalog: Catalog, plan_ids: Iterable[ServicePlanId], *, most: int) -> str:
    """Name so many services by their titles, and count the others."""
    titles = tuple(dict.fromkeys(title_of(catalog, plan) for plan in plan_ids))
    return in_short(titles, most=most)


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
