"""What an offer costs at retail, and what a subscription would cost in every target."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from planner.customers import Customer, Subscription
from planner.ids import CatalogId, is_new_commerce
from planner.options import NotInCatalog, ways
from planner.pricing.prices import PriceNotKnown, Quote, prices_of
from planner.pricing.twelve_months import TwelveMonths, twelve_months
from resolvers import inputs
from resolvers.access.permits import Task
from resolvers.asked import Asked
from resolvers.catalog.compare import MarketRequest, scope_in
from resolvers.catalog.moves import ScopeRequest, checked_scope
from resolvers.codes.code import Code
from resolvers.problems import BadInput, NotFound, limits, offer_not_found

MAX_TARGETS = 50


@dataclass(frozen=True, slots=True)
class PriceComparison:
    """A comparison over twelve months, and how many targets it leaves out."""

    months: TwelveMonths
    targets_left_out: int
    """Targets within reach beyond the first 50, in order of merit."""


def offer_prices(
    asked: Asked, offer: CatalogId, request: MarketRequest
) -> tuple[Quote, ...] | PriceNotKnown:
    """Return the retail prices of an offer that the catalog has. Raises: BadInput."""
    asked.require(Task.READ_PRICES)
    scope = scope_in(asked, request)
    return prices_of(asked.catalog, offer, market=scope.market, segment=scope.segment, on=scope.day)


def price_comparison(
    asked: Asked,
    owner: Customer,
    subscription: Subscription,
    *,
    targets: Sequence[str] | None,
    at: datetime | None,
) -> PriceComparison | NotFound:
    """Return what a subscription costs now and in the targets named.

    None asks for every new-commerce SKU that it reaches, the first 50 in order of merit.
    Raises: BadInput.
    """
    asked.require(Task.READ_PRICES)
    if targets is None:
        wanted = _within_reach(asked, owner, subscription, at)
    else:
        wanted = tuple(dict.fromkeys(inputs.catalog_id(text) for text in targets))
        if len(wanted) > MAX_TARGETS:
            raise BadInput(
                Code.TOO_MANY_TARGETS,
                f"name at most {MAX_TARGETS} targets",
                parameters=limits("targets", len(wanted), maximum=MAX_TARGETS),
            )
        for target in wanted:
            if target not in asked.catalog.offers:
                return offer_not_found(target)
    day = (at or asked.now).astimezone(UTC).date()
    compared = twelve_months(asked.catalog, owner, subscription, wanted[:MAX_TARGETS], on=day)
    return PriceComparison(compared, max(0, len(wanted) - MAX_TARGETS))


def _within_reach(
    asked: Asked, owner: Customer, subscription: Subscription, at: datetime | None
) -> tuple[CatalogId, ...]:
    scope = checked_scope(asked, ScopeRequest(at=at))
    found = ways(asked.catalog, owner, subscription, scope)
    if isinstance(found, NotInCatalog):
        return ()
    return tuple(path.target for path in found if is_new_commerce(path.target))
