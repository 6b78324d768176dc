"""How many seats an offer still has room for, and how a customer gets more licences."""

from collections.abc import Iterable
from dataclasses import dataclass

from planner.catalog import Catalog
from planner.customers import Customer, Subscription
from planner.facts import SeatCap
from planner.holdings import is_of_offer, others_of, unseen_holdings
from planner.ids import CatalogId


@dataclass(frozen=True, slots=True)
class SeatRoom:
    """Seats of one offer that one subscription may have, beside what is held elsewhere.

    Source: docs/sources.md 0 and 6: 300 per SKU pooled over all sellers; 300 over the Business
    family by contract; a legacy offer's own maximum from the offer matrix.
    """

    offer: CatalogId
    limit: int | None
    """The limit per offer; None where no source names one."""
    held_elsewhere: int
    """Seats of the offer in other subscriptions, as far as they are known."""
    room: int | None
    """How many seats this subscription may have in all; None where there is no limit."""
    family: str | None
    family_limit: int | None
    family_held_elsewhere: int
    family_room: int | None
    unknown: tuple[str, ...]
    """Fields without which the room may be smaller than said; an offer that the catalog does not
    have is one, since its limit is not known."""
    sources: tuple[str, ...]


def seat_room(
    catalog: Catalog,
    customer: Customer,
    subscription: Subscription,
    offer: CatalogId,
    *,
    staying: int = 0,
    others: tuple[Subscription, ...] | None = None,
) -> SeatRoom:
    """Return the room for this subscription once it is of that offer.

    `staying`: seats that a partial conversion leaves in the subscription, still of its own offer;
    they take room in a family that has that offer. `others`: what is held beside it, where the
    caller has it at hand.
    """
    if others is None:
        others = tuple(others_of(catalog, customer, subscription))
    cap = catalog.seat_caps.get(offer)
    limit, sources = _limit(catalog, cap, offer)
    held = _seats(other for other in others if is_of_offer(catalog, other, offer))
    family = _family(catalog, cap)
    family_held = _seats(other for other in others if _is_of_any(catalog, other, family))
    if subscription.catalog_id in family:
        family_held += staying
    family_limit = None if cap is None else cap.per_family
    unlisted = () if offer in catalog.offers else (f"offer {offer}",)
    is_limited = bool(limit or family_limit)
    unseen = _unknown(catalog, customer, others, {offer, *family}) if is_limited else ()
    return SeatRoom(
        offer,
        limit,
        held,
        _left(limit, held),
        None if cap is None else cap.family,
        family_limit,
        family_held,
        _left(family_limit, family_held),
        (*unlisted, *unseen),
        sources,
    )


def has_seat_limit(catalog: Catalog, offer: CatalogId) -> bool:
    """Return whether a source limits the seats of an offer, or those of its family."""
    cap = catalog.seat_caps.get(offer)
    in_family = cap is not None and cap.per_family is not None
    return in_family or _limit(catalog, cap, offer)[0] is not None


def seat_limit(catalog: Catalog, offer: CatalogId) -> int | None:
    """Return the limit on seats of an offer over all sellers; None where no source names one."""
    return _limit(catalog, catalog.seat_caps.get(offer), offer)[0]


def _limit(
    catalog: Catalog, cap: SeatCap | None, offer: CatalogId
) -> tuple[int | None, tuple[str, ...]]:
    known = catalog.offers.get(offer)
    maximum = None if known is None else known.maximum_seats
    if cap is None:
        return maximum, known.sources if known and maximum else ()
    return min(cap.per_offer, maximum or cap.per_offer), (cap.source,)


def _left(limit: int | None, held: int) -> int | None:
    return None if limit is None else max(0, limit - held)


def _is_of_any(catalog: Catalog, one: Subscription, offers: tuple[CatalogId, ...]) -> bool:
    if one.catalog_id is not None:
        return one.catalog_id in offers
    return any(is_of_offer(catalog, one, offer) for offer in offers)


def _seats(subscriptions: Iterable[Subscription]) -> int:
    return sum(subscription.seats or 0 for subscription in subscriptions)


def _family(catalog: Catalog, cap: SeatCap | None) -> tuple[CatalogId, ...]:
    if cap is None or cap.family is None:
        return ()
    return tuple(
        member.catalog_id for member in catalog.seat_caps.values() if member.family == cap.family
    )


def _unknown(
    catalog: Catalog,
    customer: Customer,
    others: Iterable[Subscription],
    offers: Iterable[CatalogId],
) -> tuple[str, ...]:
    wanted = tuple(offers)
    unclear = tuple(
        f"product of subscription {other.subscription_id}"
        for other in others
        # One that names its offer is told by it.
        if other.catalog_id is None
        and other.product_guid not in catalog.plans_of_product
        and any(is_of_offer(catalog, other, offer) is None for offer in wanted)
    )
    seatless = tuple(
        f"seats of subscription {other.subscription_id}"
        for other in others
        if other.seats is None and any(is_of_offer(catalog, other, offer) for offer in wanted)
    )
    return (*unseen_holdings(customer), *unclear, *seatless)
