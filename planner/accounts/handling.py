"""Who reassigns users' licences in one move: nobody needs to, Partner Center, or people."""

from dataclasses import dataclass
from enum import IntEnum

from planner.catalog import Catalog
from planner.customers import Customer, Seller, Subscription
from planner.holdings import is_of_offer, others_of, unseen_holdings
from planner.rules import Choices, Mode
from planner.transitions import Execution, Transition, TransitionKind


class LicenseHandling(IntEnum):
    """What becomes of users' licences in a move, least work first."""

    KEPT = 1
    """The product stays the same, and so do the assignments."""
    AUTOMATIC = 2
    """Partner Center reassigns them; every service of the target is then on."""
    BY_HAND = 3
    NOT_KNOWN = 4
    """No source tells."""
    TAKEN_AWAY = 5
    """The subscription ends, and nothing takes its place."""


BOUGHT_ANEW = "docs/sources.md 6 (licences of a subscription bought anew)"
PRODUCTS = "docs/sources.md 6 (users have products and not subscriptions)"


@dataclass(frozen=True, slots=True)
class Handled:
    """What becomes of the licences in one move, who says so, and what could change it."""

    handling: LicenseHandling
    source: str
    unknown: tuple[str, ...] = ()


def handled(
    catalog: Catalog,
    customer: Customer,
    subscription: Subscription,
    transition: Transition,
    choices: Choices,
    *,
    is_same: bool,
) -> Handled:
    """Return what becomes of the licences in one move; `is_same`: of a product to itself.

    Source: docs/sources.md 1 to 3 and 6.
    """
    if transition.execution is Execution.MANUAL:
        kept = LicenseHandling.KEPT if is_same else LicenseHandling.BY_HAND
        return Handled(kept, BOUGHT_ANEW)
    if is_same:
        return Handled(LicenseHandling.KEPT, PRODUCTS)
    match transition.kind:
        case TransitionKind.LEGACY_UPGRADE:
            moved = choices.mode is Mode.WITH_LICENSE_TRANSFER
            handling = LicenseHandling.AUTOMATIC if moved else LicenseHandling.BY_HAND
            return Handled(handling, "docs/sources.md 1 (licence transfer)")
        case TransitionKind.MIGRATION:
            return Handled(LicenseHandling.AUTOMATIC, "docs/sources.md 3 (error 60000)")
        case TransitionKind.CONVERSION:
            return _conversion(catalog, customer, subscription, transition, choices)
        case TransitionKind.TRIAL_CONVERSION:
            return Handled(LicenseHandling.NOT_KNOWN, "docs/sources.md 2 (trials)", _NOT_TOLD)


_NOT_TOLD = ("what becomes of the licences",)


def _conversion(
    catalog: Catalog,
    customer: Customer,
    subscription: Subscription,
    transition: Transition,
    choices: Choices,
) -> Handled:
    """A full conversion reassigns by itself, in either mode; the exceptions are done by hand.

    Source: docs/sources.md 2 (full and partial upgrades, scheduled ones, another seller's target).
    """
    if is_partial(subscription, transition, choices):
        return Handled(LicenseHandling.BY_HAND, "docs/sources.md 2 (partial upgrade)")
    seats = subscription.seats
    if choices.at_renewal and choices.seats not in (None, seats):
        return Handled(LicenseHandling.BY_HAND, "docs/sources.md 2 (scheduled upgrade)")
    others = tuple(others_of(catalog, customer, subscription))
    sellers = {one.seller for one in others if is_of_offer(catalog, one, transition.target) is True}
    if sellers & {Seller.ANOTHER_PARTNER, Seller.ANOTHER_CHANNEL}:
        return Handled(LicenseHandling.BY_HAND, "docs/sources.md 2 (target from another seller)")
    unknown = [f"seller of {transition.target}"] if Seller.NOT_KNOWN in sellers else []
    if choices.seats is not None and seats is None:
        unknown.append(f"seats of subscription {subscription.subscription_id}")
    unknown += [name for name in unseen_holdings(customer) if name == "holdings.foreign"]
    return Handled(LicenseHandling.AUTOMATIC, "docs/sources.md 2 (full upgrade)", tuple(unknown))


def is_partial(subscription: Subscription, transition: Transition, choices: Choices) -> bool:
    """Return whether a conversion leaves seats behind, as far as the seats are known."""
    held, chosen = subscription.seats, choices.seats
    if transition.kind is not TransitionKind.CONVERSION or held is None or chosen is None:
        return False
    return chosen < held
