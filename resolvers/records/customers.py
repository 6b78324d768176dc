"""Pages of customers, and what is known of their holdings and accounts."""

from dataclasses import dataclass
from datetime import datetime

from planner.customers import Customer, HoldingsState


@dataclass(frozen=True, slots=True)
class CustomerKey:
    """Where a page of customers begins: after this one, in order of (name, customer_id)."""

    name: str
    customer_id: str


@dataclass(frozen=True, slots=True)
class Page:
    """Up to `first` customers, whole where that was asked for, and whether more follow."""

    customers: tuple[Customer, ...]
    has_next: bool
    total: int


@dataclass(frozen=True, slots=True)
class AccountsInfo:
    """How many of a customer's user accounts are stored, without any of them."""

    state: HoldingsState = HoldingsState.NOT_LOADED
    as_of: datetime | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class HeldElsewhere:
    """A subscription of ours and the customer that has it in the store."""

    subscription_id: str
    customer_id: str
    customer_name: str
