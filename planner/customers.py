"""What is known of a customer: subscriptions, ours and others', and how much of it was loaded."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from planner.ids import CatalogId, ProductGuid, ServicePlanId, is_new_commerce
from planner.offers import Known, Segment

MAX_SEATS = 10_000_000
"""Seats that one subscription may have: the most that Partner Center lets buy of any offer.

Source: docs/sources.md 6.
"""


class SubscriptionState(StrEnum):
    """Partner Center's `status`; UNRECOGNIZED for a value that is not in its documentation."""

    NONE = "NONE"
    ACTIVE = "ACTIVE"
    PENDING = "PENDING"
    SUSPENDED = "SUSPENDED"
    EXPIRED = "EXPIRED"
    DISABLED = "DISABLED"
    DELETED = "DELETED"
    UNRECOGNIZED = "UNRECOGNIZED"


class Seller(StrEnum):
    """Through whom the customer holds a subscription [upgrade page; docs/sources.md 6]."""

    US = "US"
    ANOTHER_PARTNER = "ANOTHER_PARTNER"
    ANOTHER_CHANNEL = "ANOTHER_CHANNEL"
    NOT_KNOWN = "NOT_KNOWN"


class HoldingsState(StrEnum):
    """How much of a customer's subscriptions was loaded; an empty list is not `none`."""

    NOT_LOADED = "NOT_LOADED"
    PARTIAL = "PARTIAL"
    COMPLETE = "COMPLETE"


@dataclass(frozen=True, slots=True)
class Reducible:
    """Seats that may still be given back, and until when [docs/sources.md 6: by tranche]."""

    seats: int
    until: datetime


@dataclass(frozen=True, slots=True)
class RenewalInstructions:
    """What Partner Center was told to change at the next renewal; None keeps what there is."""

    catalog_id: CatalogId | None = None
    term: str | None = None
    billing_cycle: str | None = None
    seats: int | None = None
    custom_end: date | None = None
    """Last day of the next term, inclusive, where it shall end with others."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription that the customer holds, with us or elsewhere.

    Ours name their offer (`catalog_id`); those seen through Microsoft Graph name a product
    (`product_guid`) and the service plans it gives, and never an offer.
    """

    subscription_id: str
    """Lower-case GUID."""
    seller: Seller
    state: SubscriptionState
    state_as_given: str
    catalog_id: CatalogId | None = None
    product_guid: ProductGuid | None = None
    title: str = ""
    friendly_name: str = ""
    seats: int | None = None
    is_trial: bool | None = None
    term: str | None = None
    """ISO 8601 duration: P1M, P1Y, P3Y."""
    billing_cycle: str | None = None
    created: datetime | None = None
    starts: datetime | None = None
    last_day: date | None = None
    """Last day of the term, inclusive, in both commerces (a legacy end date comes exclusive)."""
    auto_renews: bool | None = None
    parent_id: str | None = None
    """The base subscription of a legacy add-on."""
    promotion_id: str | None = None
    promotion_ends: date | None = None
    """Last day of the promotion, inclusive; None where no source says."""
    service_plan_ids: frozenset[ServicePlanId] | None = None
    """As Microsoft Graph reports them; None where only the catalog can tell."""
    seller_tenant_id: str | None = None
    """The partner tenant that created it, where Graph names one."""
    cancellable_until: datetime | None = None
    """Until when it can be cancelled within its term; None where no source says."""
    reducible: tuple[Reducible, ...] | None = None
    """Tranches of seats that may be given back; empty is none, None is not known."""
    renewal: RenewalInstructions | None = None
    """What is scheduled for the next renewal; None where nothing is, or no source says."""
    cancels_at_end: bool | None = None
    """Whether a cancel action is scheduled for the term's end; None where no source says."""
    partner_of_record: str | None = None
    """Partner Center's `partnerId` as given; None where no source says."""
    migrated_from: str | None = None
    """The legacy subscription that it was migrated from, lower-case GUID."""

    @property
    def is_legacy(self) -> bool:
        """Whether it names a legacy offer; one that names none is neither."""
        return self.catalog_id is not None and not is_new_commerce(self.catalog_id)

    @property
    def is_new_commerce(self) -> bool:
        """Whether it names a new-commerce SKU; one that names none is neither."""
        return self.catalog_id is not None and is_new_commerce(self.catalog_id)


@dataclass(frozen=True, slots=True)
class Holdings:
    """All that was loaded of what a customer holds, own and foreign apart."""

    own: tuple[Subscription, ...] = ()
    own_state: HoldingsState = HoldingsState.NOT_LOADED
    own_as_of: datetime | None = None
    foreign: tuple[Subscription, ...] = ()
    foreign_state: HoldingsState = HoldingsState.NOT_LOADED
    foreign_as_of: datetime | None = None

    @property
    def all(self) -> tuple[Subscription, ...]:
        return self.own + self.foreign

    def held(self, subscription_id: str) -> Subscription | None:
        """Return the first one of an id, ours before others'; None where there is none."""
        return next((one for one in self.all if one.subscription_id == subscription_id), None)


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer of the partner with its holdings."""

    customer_id: str
    """The customer's tenant id, lower-case GUID."""
    name: str
    domain: str | None = None
    market: str | None = None
    """ISO 3166 alpha-2; None where no source says."""
    segment: Segment | None = None
    agreement: Known = Known.UNKNOWN
    """Whether the Microsoft Customer Agreement is accepted."""
    delegated_admin: Known = Known.UNKNOWN
    """Whether the customer grants us administration (`allowDelegatedAccess`)."""
    holdings: Holdings = Holdings()
