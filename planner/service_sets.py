"""What a move adds, keeps and takes away in services, and whose services stand in its way."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from planner.blockers import Remedy
from planner.catalog import Catalog
from planner.customers import Customer, Seller, Subscription
from planner.holdings import name_of, others_of, plans_of, unseen_holdings, ways_to_free
from planner.ids import CatalogId, ServicePlanId
from planner.offers import ServicePlan
from planner.transitions import EvidenceKind

_LOOK_UP = "Look them up in Microsoft's table of product names and service plan identifiers"
_BY_NUMBER = "docs/sources.md 2 (plans of one name and another number)"
_PLAN_NUMBER = re.compile(r"(?<=\bPlan )E?\d|(?<=\bP)\d")


class FamilyMove(StrEnum):
    """How one plan of a family replaces another of it."""

    UPGRADED = "UPGRADED"
    """The same plan by name, with a higher number: Plan 1 becomes Plan 2."""
    DOWNGRADED = "DOWNGRADED"
    SWAPPED = "SWAPPED"
    """Another plan of the family; the names do not say which is larger."""


@dataclass(frozen=True, slots=True)
class FamilyChange:
    """A family of which the target gives another plan than the origin."""

    family: str
    """Its name; for plans of one name, that name with # for the number."""
    move: FamilyMove
    before: tuple[ServicePlan, ...]
    after: tuple[ServicePlan, ...]
    source: str

    @property
    def words(self) -> str:
        """Say it by titles, such as `Exchange Online (Plan 2) in place of ... (Plan 1)`."""
        new, old = (
            " and ".join(dict.fromkeys(plan.title or plan.name for plan in plans))
            for plans in (self.after, self.before)
        )
        return f"another plan of {old}" if new == old else f"{new} in place of {old}"


@dataclass(frozen=True, slots=True)
class ServiceEffect:
    """What becomes of the services; plans in order of title, common ones apart.

    A plan of which another one takes the place is neither lost, nor is that one added: both are in
    `families` alone.
    """

    origin: CatalogId
    target: CatalogId
    added: tuple[ServicePlan, ...]
    kept: tuple[ServicePlan, ...]
    lost: tuple[ServicePlan, ...]
    families: tuple[FamilyChange, ...]
    """Families in order of name, then plans of one name in order of title."""
    common_added: tuple[ServicePlan, ...]
    common_kept: tuple[ServicePlan, ...]
    common_lost: tuple[ServicePlan, ...]
    evidence: EvidenceKind
    """How well the services of the less known end are known."""
    sources: tuple[str, ...]

    @property
    def keeps_everything(self) -> bool:
        """Whether nothing is lost, and only larger plans take the place of others."""
        grows = all(change.move is FamilyMove.UPGRADED for change in self.families)
        return grows and not self.lost and not self.common_lost


@dataclass(frozen=True, slots=True)
class ServicesNotKnown:
    """The services of one end or both are not known, so nothing can be said of their change."""

    offers: tuple[CatalogId, ...]
    message: str
    remedy: str
    code: str = "SERVICES_NOT_KNOWN"


@lru_cache(maxsize=4096)
def service_effect(
    catalog: Catalog, origin: CatalogId, target: CatalogId
) -> ServiceEffect | ServicesNotKnown:
    """Return what a move between two offers does to the services. Raises: UnknownOffer.

    Plans that nearly every product carries are told apart: their coming and going says nothing.
    Source: docs/sources.md 2 (what counts as a conflict), 6 (services that exclude each other).
    """
    for end in (origin, target):
        catalog.offer(end)
    before, after = catalog.plans.get(origin), catalog.plans.get(target)
    if before is None or after is None:
        return services_not_known(catalog, (origin, target))
    added, lost = after.plan_ids - before.plan_ids, before.plan_ids - after.plan_ids
    kept, common = before.plan_ids & after.plan_ids, catalog.common_plans.keys()
    families = replacements(catalog, lost, added)
    told = {plan.plan_id for change in families for plan in change.before + change.after}
    return ServiceEffect(
        origin,
        target,
        added=in_order_of_title(catalog, added - common - told),
        kept=in_order_of_title(catalog, kept - common),
        lost=in_order_of_title(catalog, lost - common - told),
        families=families,
        common_added=in_order_of_title(catalog, added & common),
        common_kept=in_order_of_title(catalog, kept & common),
        common_lost=in_order_of_title(catalog, lost & common),
        evidence=min(before.evidence, after.evidence),
        sources=tuple(sorted({before.source, after.source})),
    )


def in_order_of_title(
    catalog: Catalog, plan_ids: Iterable[ServicePlanId]
) -> tuple[ServicePlan, ...]:
    """Return the plans in order of (title, name, id); one without a row is named by its id."""
    plans = (
        catalog.service_plans.get(plan_id) or ServicePlan(plan_id, plan_id, plan_id)
        for plan_id in plan_ids
    )
    return tuple(sorted(plans, key=lambda plan: (plan.title.casefold(), plan.name, plan.plan_id)))


def services_not_known(catalog: Catalog, ends: Iterable[CatalogId]) -> ServicesNotKnown:
    """Return the outcome for those of the offers of which no plans are known."""
    opaque = tuple(dict.fromkeys(end for end in ends if end not in catalog.plans))
    named = " and ".join(f"{catalog.offers[end].title} ({end})" for end in opaque)
    return ServicesNotKnown(
        opaque,
        f"No loaded source tells which services {named} gives",
        _LOOK_UP,
    )


def replacements(
    catalog: Catalog, gone: frozenset[ServicePlanId], come: frozenset[ServicePlanId]
) -> tuple[FamilyChange, ...]:
    """Return where a service that comes takes the place of one that goes; both may hold the same.

    This alone decides it, for plans, blockers and comparisons: families first, then plans of one
    title, but for their number. A service that was there before takes nobody's place, nor does
    one that nearly every product carries.
    Source: docs/sources.md 2 (plans of one name and another number), 6 (services that exclude each
    other).
    """
    common = catalog.common_plans.keys()
    lost, added = gone - come - common, come - gone - common
    families = tuple(_family_changes(catalog, lost, added))
    told = {plan.plan_id for change in families for plan in change.before + change.after}
    after = {_unnumbered(plan): plan for plan in in_order_of_title(catalog, added - told)}
    numbered = (
        FamilyChange(_unnumbered(plan), _move((plan,), (new,)), (plan,), (new,), _BY_NUMBER)
        for plan in in_order_of_title(catalog, lost - told)
        if (new := after.get(_unnumbered(plan))) is not None
    )
    return *families, *numbered


def count_lost(catalog: Catalog, origin: CatalogId, target: CatalogId) -> int | None:
    """Return how many services a move takes away and puts nothing in the place of, common ones too.

    None where the services of an end are not known. Raises: UnknownOffer.
    """
    effect = service_effect(catalog, origin, target)
    if isinstance(effect, ServicesNotKnown):
        return None
    return len(effect.lost) + len(effect.common_lost)


def _unnumbered(plan: ServicePlan) -> str:
    return _PLAN_NUMBER.sub("#", plan.title)


def _family_changes(
    catalog: Catalog, lost: frozenset[ServicePlanId], added: frozenset[ServicePlanId]
) -> Iterator[FamilyChange]:
    changed = {family for plan in lost | added for family in catalog.families.get(plan, ())}
    for family in sorted(changed, key=lambda one: (one.name, one.source)):
        before = in_order_of_title(catalog, lost & family.plan_ids)
        after = in_order_of_title(catalog, added & family.plan_ids)
        if before and after:
            yield FamilyChange(family.name, _move(before, after), before, after, family.source)


def _move(before: tuple[ServicePlan, ...], after: tuple[ServicePlan, ...]) -> FamilyMove:
    """Compare plan numbers where the titles differ in nothing else; sizes are nowhere published."""
    if len(before) != 1 or len(after) != 1:
        return FamilyMove.SWAPPED
    (old, new) = before[0].title, after[0].title
    numbers = _PLAN_NUMBER.findall(old), _PLAN_NUMBER.findall(new)
    if _unnumbered(before[0]) != _unnumbered(after[0]) or not _is_ordered(*numbers):
        return FamilyMove.SWAPPED
    return FamilyMove.UPGRADED if numbers[0] < numbers[1] else FamilyMove.DOWNGRADED


def _is_ordered(old: list[str], new: list[str]) -> bool:
    """Return whether the numbers differ and are of one series: P1 and E3 are not."""
    return old != new and list(map(len, old)) == list(map(len, new))


@dataclass(frozen=True, slots=True)
class ServiceConflict:
    """A service, or a family, that the move would add and another subscription gives already."""

    subscription_id: str
    seller: Seller
    holder: str
    """What people call the other subscription."""
    family: str | None
    """None where it is the very same service; else the two differ in size."""
    adds: tuple[ServicePlan, ...]
    """One plan, or for a family those of it that the target adds."""
    holds: tuple[ServicePlan, ...]
    """The same plan, or for a family those of it that the other subscription gives."""
    remedies: tuple[Remedy, ...]


@dataclass(frozen=True, slots=True)
class ServiceConflicts:
    """Conflicts in the order of the holdings, services before families; then what is not known."""

    found: tuple[ServiceConflict, ...]
    unknown: tuple[str, ...]
    """Fields without which more conflicts may exist; empty: these are all."""


def conflicts(
    catalog: Catalog, customer: Customer, subscription: Subscription, target: CatalogId
) -> ServiceConflicts | ServicesNotKnown:
    """Return which services the target would add a second time, and who gives them already.

    Every other subscription is looked at, own and foreign; never this one itself.
    Source: upgrade page, condition 2; docs/sources.md 2. Raises: UnknownOffer for the target.
    """
    after = catalog.plans.get(catalog.offer(target).catalog_id)
    held = plans_of(catalog, subscription)
    if after is None:
        return services_not_known(catalog, (target,))
    if held is None:
        named = name_of(catalog, subscription)
        return ServicesNotKnown(
            (), f"No loaded source tells which services {named} gives", _LOOK_UP
        )
    added = (after.plan_ids - held) - catalog.common_plans.keys()
    found: list[ServiceConflict] = []
    unknown: list[str] = []
    for other in others_of(catalog, customer, subscription):
        theirs = plans_of(catalog, other)
        if theirs is None:
            unknown.append(f"service plans of subscription {other.subscription_id}")
        found.extend(_conflicts_with(catalog, other, added, theirs or frozenset()))
    open_fields = (*unseen_holdings(customer), *unknown) if added else ()
    return ServiceConflicts(tuple(found), open_fields)


def _conflicts_with(
    catalog: Catalog,
    other: Subscription,
    added: frozenset[ServicePlanId],
    theirs: frozenset[ServicePlanId],
) -> Iterator[ServiceConflict]:
    for plan in in_order_of_title(catalog, added & theirs):
        yield _conflict(catalog, other, (plan,), (plan,), family=None)
    for change in _family_changes(catalog, theirs - added, added - theirs):
        yield _conflict(catalog, other, change.after, change.before, family=change.family)


def _conflict(
    catalog: Catalog,
    other: Subscription,
    adds: tuple[ServicePlan, ...],
    holds: tuple[ServicePlan, ...],
    *,
    family: str | None,
) -> ServiceConflict:
    remedies = ways_to_free(catalog, other)
    holder = name_of(catalog, other)
    return ServiceConflict(
        other.subscription_id, other.seller, holder, family, adds, holds, remedies
    )
