"""What a move makes of the licences behind a subscription: kept, reassigned, by hand, gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from planner.accounts.handling import (
    BOUGHT_ANEW,
    PRODUCTS,
    Handled,
    LicenseHandling,
    handled,
    is_partial,
)
from planner.catalog import Catalog
from planner.customers import Customer, Subscription, SubscriptionState
from planner.holdings import (
    name_of,
    offer_product_guids,
    others_of,
    plans_of,
    product_guids_of,
    unseen_holdings,
)
from planner.ids import CatalogId, ProductGuid, ServicePlanId
from planner.rules import NO_CHOICES, Choices
from planner.service_sets import FamilyMove, ServiceEffect, service_effect
from planner.transitions import Transition, TransitionKind


@dataclass(frozen=True, slots=True)
class LicenseChange:
    """One change to one subscription, as far as it concerns those who have its licences."""

    catalog: Catalog
    customer: Customer
    subscription: Subscription
    origin: CatalogId | None
    target: CatalogId | None
    """None where it ends without another."""
    before: frozenset[ProductGuid]
    """Products behind the subscription; empty where they are not known."""
    after: frozenset[ProductGuid]
    """Products behind the target; empty where they are not known, or there is none."""
    had: frozenset[ServicePlanId] | None
    """Services of the subscription; None where they are not known."""
    gets: frozenset[ServicePlanId] | None
    """Services of the target, none where there is no target; None where they are not known."""
    handling: LicenseHandling
    source: str
    """Who says what becomes of the licences."""
    seats: int | None
    """Seats that the subscription and what it becomes have together afterwards."""
    moving: int | None = None
    """Seats that move where not all do: somebody has to choose the users."""
    larger: frozenset[ServicePlanId] = frozenset()
    """Services of which a larger one takes the place."""
    resized: frozenset[ServicePlanId] = frozenset()
    """Services of which another of the family takes the place; sizes are not published."""
    plans_of: Mapping[ProductGuid, frozenset[ServicePlanId]] = field(default_factory=dict)
    """Services of every product that the catalog or the tenant tells."""
    unknown: tuple[str, ...] = ()

    @property
    def reassigns(self) -> bool:
        """Whether users get another product."""
        return self.handling in (LicenseHandling.AUTOMATIC, LicenseHandling.BY_HAND)

    @property
    def beside(self) -> tuple[Subscription, ...]:
        """What the customer holds beside the subscription."""
        return tuple(others_of(self.catalog, self.customer, self.subscription))

    def gives(self, other: Subscription, products: frozenset[ProductGuid]) -> bool:
        """Return whether another subscription gives one of the products; a suspended one does not.

        Source: docs/sources.md 6 (subscription lifecycle).
        """
        if other.state is SubscriptionState.SUSPENDED:
            return False
        return not products.isdisjoint(product_guids_of(self.catalog, other))


def change_of_way(
    catalog: Catalog,
    customer: Customer,
    subscription: Subscription,
    transitions: Sequence[Transition],
    *,
    choices: Choices = NO_CHOICES,
) -> LicenseChange:
    """Return what one move, or several one after another, make of the licences.

    Of several the one with the most work counts. `transitions` holds at least one.
    Source: docs/sources.md 1 to 3 and 6 (licences of a move).
    """
    target = transitions[-1].target
    change = _to(catalog, customer, subscription, target)
    products = change.before
    for transition in transitions:
        after = offer_product_guids(catalog, transition.target)
        is_same = not products.isdisjoint(after)
        said = handled(catalog, customer, subscription, transition, choices, is_same=is_same)
        change = _with(change, said)
        products = after
    return _with_seats(change, transitions[-1], choices)


def change_by_hand(
    catalog: Catalog, customer: Customer, subscription: Subscription, target: CatalogId
) -> LicenseChange:
    """Return what buying the target and reassigning the licences to it means for users.

    Source: docs/sources.md 6 (another offer bought anew is reassigned, the same one is not).
    """
    change = _to(catalog, customer, subscription, target)
    is_same = not change.before.isdisjoint(change.after)
    handling = LicenseHandling.KEPT if is_same else LicenseHandling.BY_HAND
    return replace(change, handling=handling, source=BOUGHT_ANEW)


def change_of_end(
    catalog: Catalog, customer: Customer, subscription: Subscription
) -> LicenseChange:
    """Return what it means for users that a subscription ends and nothing takes its place.

    Where another subscription gives the same product the assignments stay, as far as its seats go.
    Source: docs/sources.md 6 (users have products and not subscriptions).
    """
    made = _of(catalog, customer, subscription, target=None)
    change = replace(made, gets=frozenset(), handling=LicenseHandling.TAKEN_AWAY, seats=0)
    if any(change.gives(other, change.before) for other in change.beside):
        return replace(change, handling=LicenseHandling.KEPT)
    return replace(change, unknown=(*change.unknown, *unseen_holdings(customer)))


def change_of_seats(
    catalog: Catalog, customer: Customer, subscription: Subscription, seats: int | None
) -> LicenseChange:
    """Return what another number of seats means for users: the product stays."""
    change = _of(catalog, customer, subscription, target=subscription.catalog_id)
    return replace(change, after=change.before, gets=change.had, seats=seats)


def _of(
    catalog: Catalog,
    customer: Customer,
    subscription: Subscription,
    *,
    target: CatalogId | None,
) -> LicenseChange:
    before, had = product_guids_of(catalog, subscription), plans_of(catalog, subscription)
    named = f"subscription {subscription.subscription_id}"
    unknown = [
        *([] if before else [f"product of {named}"]),
        *([] if had is not None else [f"service plans of {named}"]),
    ]
    twins = [
        one
        for one in others_of(catalog, customer, subscription)
        if not before.isdisjoint(product_guids_of(catalog, one))
    ]
    if twins:
        unknown.append(f"which of {len(twins) + 1} subscriptions of the product a licence is from")
    return LicenseChange(
        catalog,
        customer,
        subscription,
        subscription.catalog_id,
        target,
        before,
        frozenset(),
        had,
        None,
        LicenseHandling.KEPT,
        PRODUCTS,
        subscription.seats,
        plans_of=_plans_by_product(catalog, customer),
        unknown=tuple(unknown),
    )


def _to(
    catalog: Catalog, customer: Customer, subscription: Subscription, target: CatalogId
) -> LicenseChange:
    change = _of(catalog, customer, subscription, target=target)
    after, plans = offer_product_guids(catalog, target), catalog.plans.get(target)
    larger, resized = _replaced(catalog, change.origin, target)
    unknown = [
        *([] if after else [f"product of {target}"]),
        *([] if plans is not None else [f"service plans of {target}"]),
    ]
    return replace(
        change,
        after=after,
        gets=None if plans is None else plans.plan_ids,
        larger=larger,
        resized=resized,
        unknown=(*change.unknown, *unknown),
    )


def _plans_by_product(
    catalog: Catalog, customer: Customer
) -> Mapping[ProductGuid, frozenset[ServicePlanId]]:
    told = {
        one.product_guid: one.service_plan_ids
        for one in customer.holdings.all
        if one.product_guid is not None and one.service_plan_ids is not None
    }
    return {**catalog.plans_of_product, **told} if told else catalog.plans_of_product


def _replaced(
    catalog: Catalog, origin: CatalogId | None, target: CatalogId
) -> tuple[frozenset[ServicePlanId], frozenset[ServicePlanId]]:
    if origin is None or origin not in catalog.offers:
        return frozenset(), frozenset()
    effect = service_effect(catalog, origin, target)
    if not isinstance(effect, ServiceEffect):
        return frozenset(), frozenset()
    return (
        _before(effect, FamilyMove.UPGRADED),
        _before(effect, FamilyMove.SWAPPED),
    )


def _before(effect: ServiceEffect, move: FamilyMove) -> frozenset[ServicePlanId]:
    return frozenset(
        plan.plan_id for one in effect.families if one.move is move for plan in one.before
    )


def _with(change: LicenseChange, said: Handled) -> LicenseChange:
    unknown = tuple(dict.fromkeys((*change.unknown, *said.unknown)))
    if said.handling <= change.handling and change.source != PRODUCTS:
        return replace(change, unknown=unknown)
    return replace(change, handling=said.handling, source=said.source, unknown=unknown)


def _with_seats(change: LicenseChange, transition: Transition, choices: Choices) -> LicenseChange:
    """Return the change with its seats afterwards; a partial conversion leaves the rest behind."""
    if choices.seats is None or transition.kind is TransitionKind.LEGACY_UPGRADE:
        return change
    if is_partial(change.subscription, transition, choices):
        return replace(change, moving=choices.seats)
    return replace(change, seats=choices.seats)


def name_of_product(change: LicenseChange, product: ProductGuid) -> str:
    """Return a product's title, else what the customer's own subscription of it is called."""
    title = change.catalog.product_titles.get(product)
    if title is not None:
        return title
    for one in change.customer.holdings.all:
        if one.product_guid == product:
            return name_of(change.catalog, one)
    return product
