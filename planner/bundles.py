"""Which subscriptions migrate together: a legacy base with all its active add-ons."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from planner.catalog import Catalog
from planner.customers import Customer, Subscription, SubscriptionState
from planner.ids import CatalogId
from planner.transitions import Execution, Transition, TransitionKind

_SILENT = frozenset({SubscriptionState.NONE, SubscriptionState.UNRECOGNIZED})
_IDLE = frozenset({SubscriptionState.PENDING, SubscriptionState.SUSPENDED})


@dataclass(frozen=True, slots=True)
class Bundle:
    """A subscription and the own add-ons below it, nested ones flattened, each in order of id.

    Source: docs/sources.md 3: a base migrates with all its active add-ons, or none of them does.
    """

    base: Subscription
    addons: tuple[Subscription, ...]
    """ACTIVE: they migrate with the base."""
    idle: tuple[Subscription, ...]
    """Pending or suspended: they do not migrate with it."""
    unclear: tuple[Subscription, ...]
    """Their status does not tell whether they belong to the bundle."""


def bundle_of(customer: Customer, base: Subscription) -> Bundle:
    """Return what migrates with a subscription, as far as our own holdings are loaded.

    A circle of parents is walked once. Add-ons that are of new commerce already are left out, and
    so is what has gone. An add-on may be asked for too: its bundle is what hangs below it.
    """
    if base.subscription_id not in [own.parent_id for own in customer.holdings.own]:
        return Bundle(base, (), (), ())
    below = sorted(_below(customer, base), key=lambda addon: addon.subscription_id)
    return Bundle(
        base,
        tuple(addon for addon in below if addon.state is SubscriptionState.ACTIVE),
        tuple(addon for addon in below if addon.state in _IDLE),
        tuple(addon for addon in below if addon.state in _SILENT),
    )


def members_of(customer: Customer, base: Subscription) -> tuple[Subscription, ...]:
    """Return the active add-ons that migrate with a base, nested ones flattened, in order of id."""
    return bundle_of(customer, base).addons


def base_of(customer: Customer, addon: Subscription) -> Subscription | None:
    """Return the own subscription that an add-on hangs on; None where none is named or loaded."""
    if addon.parent_id is None or addon.parent_id == addon.subscription_id:
        return None
    own = customer.holdings.own
    return next((one for one in own if one.subscription_id == addon.parent_id), None)


def equivalent_by_api(catalog: Catalog, offer: CatalogId) -> Transition | None:
    """Return the best-evidenced migration out of an offer that the API carries out, if any.

    A member of a bundle goes by it. Source: docs/sources.md 3 (seven need a migration by hand).
    """
    moves = (
        move
        for move in catalog.transitions_from(offer)
        if move.kind is TransitionKind.MIGRATION and move.execution is Execution.API
    )
    return min(moves, key=lambda move: (-move.evidence, move.target), default=None)


def may_go_along(catalog: Catalog, addon: Subscription) -> bool:
    """Return whether a base takes an add-on along when it migrates, if nothing stops the two."""
    offer = addon.catalog_id
    if offer is None or not addon.is_legacy or addon.state is not SubscriptionState.ACTIVE:
        return False
    return equivalent_by_api(catalog, offer) is not None


def bases_of(customer: Customer, addon: Subscription) -> Iterator[Subscription]:
    """Yield what an add-on hangs on, the nearest first, up to the base of its bundle."""
    seen = {addon.subscription_id}
    base = base_of(customer, addon)
    while base is not None and base.subscription_id not in seen:
        seen.add(base.subscription_id)
        yield base
        base = base_of(customer, base)


def _below(customer: Customer, base: Subscription) -> Iterator[Subscription]:
    children: dict[str, list[Subscription]] = defaultdict(list)
    for own in customer.holdings.own:
        if own.parent_id is not None:
            children[own.parent_id].append(own)
    seen = {base.subscription_id}
    waiting = [base.subscription_id]
    while waiting:
        for child in children[waiting.pop()]:
            if child.subscription_id not in seen:
                seen.add(child.subscription_id)
                waiting.append(child.subscription_id)
                if not child.is_new_commerce:
                    yield child
