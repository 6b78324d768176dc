"""What a subscription of a plan costs in a month, at retail."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from planner.catalog import Catalog
from planner.customers import Customer, Subscription
from planner.plans.search.situation import Situation
from planner.pricing.cost_now import cost_now
from planner.pricing.prices import PriceNotKnown


@dataclass(frozen=True, slots=True)
class MonthlyPrice:
    """Retail for all seats and one month; a partner's own cost is nowhere in it."""

    amount: Decimal
    currency: str
    source: str
    as_of: date | None
    """The day that the price list speaks for."""


def monthly_price(
    catalog: Catalog, situation: Situation, subscription_id: str
) -> MonthlyPrice | None:
    """Return what one of our subscriptions costs then; None where no loaded list tells."""
    held = situation.own(subscription_id)
    if held is None:
        return None
    return _kept(catalog, situation.customer.market, held, situation.at.date())


@lru_cache(maxsize=4096)
def _kept(
    catalog: Catalog, market: str | None, held: Subscription, day: date
) -> MonthlyPrice | None:
    """Return it, kept: steps, outcomes and the search ask for the same prices.

    Of a customer a price depends on the country alone.
    """
    told = cost_now(catalog, Customer("", "", market=market), held, on=day)
    if isinstance(told.cost, PriceNotKnown) or told.cost.monthly is None:
        return None
    quote = told.cost.quote
    return MonthlyPrice(told.cost.monthly, quote.currency, quote.source, quote.as_of)
