"""What a portfolio costs in a month at retail, today and after the moves."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from planner.catalog import Catalog
from planner.customers import Customer, Subscription
from planner.ids import CatalogId
from planner.pricing.cost_now import cost_now, cost_of, is_over
from planner.pricing.prices import PriceNotKnown, Quote

_Lists = tuple[CatalogId | None, CatalogId, str | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class MonthlyRetail:
    """All seats for a month at retail, as it is and in the target; None where it is not known."""

    now: Decimal | None
    after: Decimal | None
    """In the currency of `now`, where both are known: else the two are not compared."""
    currency: str | None
    """None unless both are known, in one currency."""


class RetailPrices:
    """Prices of a move on one day; each list is looked up once.

    After the move it is the target's price for the term and billing that the subscription has: a
    migration keeps both. Source: docs/sources.md 3 (defaults of a migration).
    """

    def __init__(self, catalog: Catalog, on: date) -> None:
        self._catalog = catalog
        self._on = on
        self._kept: dict[_Lists, tuple[Quote | None, Quote | None]] = {}

    def of(
        self, customer: Customer, subscription: Subscription, target: CatalogId
    ) -> MonthlyRetail:
        """Return what a legacy subscription costs and would cost; nothing of what is over."""
        if is_over(subscription):
            return MonthlyRetail(None, None, None)
        seats = subscription.seats
        found = self._quotes(customer, subscription, target)
        now, after = (None if one is None else cost_of(one, seats).monthly for one in found)
        currencies = {one.currency for one in found if one is not None}
        is_compared = now is not None and after is not None and len(currencies) == 1
        return MonthlyRetail(now, after, currencies.pop() if is_compared else None)

    def _quotes(
        self, customer: Customer, subscription: Subscription, target: CatalogId
    ) -> tuple[Quote | None, Quote | None]:
        key = (
            subscription.catalog_id,
            target,
            customer.market,
            subscription.term,
            subscription.billing_cycle,
        )
        if key not in self._kept:
            # Without a last day it is priced as what begins a term today.
            moved = replace(subscription, catalog_id=target, last_day=None)
            self._kept[key] = self._quote(customer, subscription), self._quote(customer, moved)
        return self._kept[key]

    def _quote(self, customer: Customer, subscription: Subscription) -> Quote | None:
        cost = cost_now(self._catalog, customer, subscription, on=self._on).cost
        return None if isinstance(cost, PriceNotKnown) else cost.quote
