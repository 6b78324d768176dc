"""What a customer holds beside one subscription, whoever sold it."""

from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter

from planner.blockers import Actor, Remedy, RemedyAction
from planner.catalog import Catalog
from planner.customers import (
    Customer,
    HoldingsState,
    Seller,
    Subscription,
    SubscriptionState,
)
from planner.ids import CatalogId, ProductGuid, ServicePlanId, is_new_commerce
from planner.offers import Known

_GONE = frozenset(
    {
        SubscriptionState.DELETED,
        SubscriptionState.DISABLED,
        SubscriptionState.EXPIRED,
        SubscriptionState.NONE,
    }
)
"""States in which a subscription no longer stands in the way: an expired one cannot be cancelled or
reactivated, and lapses by itself within 30 days [docs/sources.md 6]."""


def others_of(
    catalog: Catalog, customer: Customer, subscription: Subscription
) -> Iterator[Subscription]:
    """Yield what the customer holds beside this one: ours, then others', without what is gone.

    A subscription never counts against itself, also where Microsoft Graph lists it once more; and
    a total of Graph's subscribedSkus counts for what it holds beyond our own seats of the product.
    """
    seen = {subscription.subscription_id}
    for other in _in_order(customer):
        if other.subscription_id in seen or other.state in _GONE:
            continue
        seen.add(other.subscription_id)
        if (beyond := _beyond_ours(catalog, customer, other)) is not None:
            yield beyond


def _in_order(customer: Customer) -> Iterator[Subscription]:
    """Yield ours and then others', each by id: findings do not follow the order of loading."""
    for side in (customer.holdings.own, customer.holdings.foreign):
        yield from sorted(side, key=attrgetter("subscription_id"))


def _beyond_ours(catalog: Catalog, customer: Customer, other: Subscription) -> Subscription | None:
    """Return what a total of a product holds beyond our own seats of it; None where nothing."""
    if other.seller is not Seller.NOT_KNOWN or other.product_guid is None:
        return other
    ours = [
        own.seats or 0
        for own in customer.holdings.own
        if own.state not in _GONE and other.product_guid in product_guids_of(catalog, own)
    ]
    if not ours:
        return other
    beyond = 0 if other.seats is None else other.seats - sum(ours)
    return replace(other, seats=beyond) if beyond > 0 else None


def product_guids_of(catalog: Catalog, subscription: Subscription) -> frozenset[ProductGuid]:
    """Return the products that Microsoft Graph may name for a subscription; empty if unknown."""
    if subscription.product_guid is not None:
        return frozenset({subscription.product_guid})
    if subscription.catalog_id is None:
        return frozenset()
    return offer_product_guids(catalog, subscription.catalog_id)


def offer_product_guids(catalog: Catalog, catalog_id: CatalogId) -> frozenset[ProductGuid]:
    """Return the products behind an offer; empty where they, or the offer, are not known."""
    plans = catalog.plans.get(catalog_id)
    guids = frozenset[ProductGuid]() if plans is None else plans.product_guids
    offer = catalog.offers.get(catalog_id)
    if offer is None or offer.product_guid is None:
        return guids
    return guids | {offer.product_guid}


def plans_of(catalog: Catalog, subscription: Subscription) -> frozenset[ServicePlanId] | None:
    """Return the service plans that a subscription gives; None where nothing tells.

    One of ours without an offer of the licence catalogs (an Azure plan) gives none.
    """
    if subscription.service_plan_ids is not None:
        return subscription.service_plan_ids
    if subscription.catalog_id is not None:
        plans = catalog.plans.get(subscription.catalog_id)
        return None if plans is None else plans.plan_ids
    if subscription.product_guid is not None:
        return catalog.plans_of_product.get(subscription.product_guid)
    return frozenset() if subscription.seller is Seller.US else None


def is_of_offer(catalog: Catalog, subscription: Subscription, offer: CatalogId) -> bool | None:
    """Return whether a subscription is of an offer; None where its product cannot be told.

    A foreign one names a product GUID and no offer: it is of every offer of that product. So does
    one that was transferred to us, and that is of new commerce.
    """
    if subscription.catalog_id is not None:
        return subscription.catalog_id == offer
    is_ours = subscription.seller is Seller.US
    if is_ours and (subscription.product_guid is None or not is_new_commerce(offer)):
        return False
    guids = offer_product_guids(catalog, offer)
    if not guids or subscription.product_guid is None:
        return None
    return subscription.product_guid in guids


def name_of(catalog: Catalog, subscription: Subscription) -> str:
    """Return what people call it: its offer's or product's title, else what its source says."""
    guid = subscription.product_guid
    product = None if guid is None else catalog.product_titles.get(guid)
    return product or subscription.title or subscription.subscription_id


def unseen_holdings(customer: Customer) -> tuple[str, ...]:
    """Return the sides of the holdings that are not loaded whole, by field name."""
    holdings = customer.holdings
    states = (("holdings.own", holdings.own_state), ("holdings.foreign", holdings.foreign_state))
    return tuple(name for name, state in states if state is not HoldingsState.COMPLETE)


LOAD_HOLDINGS = Remedy(
    RemedyAction.LOAD_HOLDINGS,
    Actor.US,
    "Import the customer's subscriptions, and Microsoft Graph's directory/subscriptions for what "
    "others sold",
)


def ways_to_free(catalog: Catalog, other: Subscription) -> tuple[Remedy, ...]:
    """Return how a subscription in the way is removed, by who sold it.

    Source: the upgrade page (cancel the existing ones first); docs/sources.md 0 (transfers between
    partners) and 6.
    """
    named = name_of(catalog, other)
    if other.seller is Seller.US:
        return (
            Remedy(
                RemedyAction.CANCEL_OWN_SUBSCRIPTION,
                Actor.US,
                f"Cancel {named} in its cancellation window or at the end of its term",
                role="ADMIN_AGENT",
            ),
        )
    cancel = Remedy(
        RemedyAction.CANCEL_ELSEWHERE,
        Actor.CUSTOMER,
        f"Ask the customer to cancel {named} with {_SELLERS[other.seller]} first",
    )
    can_come = transferable(other)
    if can_come is Known.NO:
        return (cancel,)
    if_so = "" if can_come is Known.YES else ", where it is a new-commerce licence"
    transfer = Remedy(
        RemedyAction.TRANSFER_IN,
        Actor.ANOTHER_PARTNER,
        f"Have {named} transferred to us{if_so}; both partners agree",
    )
    return cancel, transfer


def transferable(other: Subscription) -> Known:
    """Return whether the partner who sold a subscription can hand it over to us.

    Only one of new commerce. Microsoft Graph names products, and those are sold in both commerces:
    for what names no offer nobody knows. Source: docs/sources.md 0 (transfers between partners).
    """
    if other.seller is not Seller.ANOTHER_PARTNER or other.is_legacy:
        return Known.NO
    return Known.YES if other.is_new_commerce else Known.UNKNOWN


_SELLERS = {
    Seller.ANOTHER_PARTNER: "the partner who sold it",
    Seller.ANOTHER_CHANNEL: "the channel it was bought from",
    Seller.NOT_KNOWN: "whoever sold it",
}
