"""What Microsoft adds to list prices, from which day, and whether a list has it already."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from planner.catalog import Catalog
from planner.offers import Price

MONTHLY = "Monthly"
ANNUAL = "Annual"


@dataclass(frozen=True, slots=True)
class PriceRule:
    """A rate that Microsoft adds to a price from a day on."""

    code: str
    message: str
    rate: Decimal
    """0.05 is 5 %."""
    starts: date | None
    """The first day on which it holds; None where it is no rule of a day."""
    is_binding: bool
    """False for what is usual and not a rule: it is told, and never computed with."""
    source: str


MONTHLY_BILLING = PriceRule(
    "MONTHLY_BILLING_SURCHARGE",
    "A term of a year or more that is billed monthly costs 5 % more since 2025-04-01",
    Decimal("0.05"),
    date(2025, 4, 1),
    is_binding=True,
    source="docs/sources.md 0 (5 % on annual terms billed monthly)",
)
MONTHLY_TERM = PriceRule(
    "MONTHLY_TERM_USUAL",
    "A monthly term typically costs 20 % more than a year's; the list says what it is",
    Decimal("0.20"),
    None,
    is_binding=False,
    source="docs/sources.md 0 (monthly terms)",
)
EXTENDED_TERM = PriceRule(
    "EXTENDED_SERVICE_TERM",
    "The extended service term costs the monthly term's rate and 3 %",
    Decimal("0.03"),
    date(2026, 5, 4),
    is_binding=True,
    source="docs/sources.md 0 (extended service term)",
)
EXTENDED_TERM_WITHOUT_MONTHLY = PriceRule(
    "EXTENDED_SERVICE_TERM_WITHOUT_MONTHLY",
    "The extended service term costs the annual term's month and 23 % where there is no monthly "
    "term",
    Decimal("0.23"),
    date(2026, 5, 4),
    is_binding=True,
    source="docs/sources.md 0 (extended service term)",
)
PRICE_RULES = (MONTHLY_BILLING, MONTHLY_TERM, EXTENDED_TERM, EXTENDED_TERM_WITHOUT_MONTHLY)
EXTENDED_TERM_BOUGHT_FROM = date(2025, 4, 1)
"""Only what was bought or renewed on this day or later gets the extended service term
[docs/sources.md 0]."""


class Surcharge(StrEnum):
    """Whether a list's prices for monthly billing carry the surcharge already."""

    INCLUDED = "INCLUDED"
    NOT_INCLUDED = "NOT_INCLUDED"
    NOT_KNOWN = "NOT_KNOWN"
    """The list has no pair of prices to compare."""


@dataclass(frozen=True, slots=True)
class ListSurcharge:
    """What the pairs of one list say: the same SKU and term, billed monthly and annually."""

    source: str
    market: str
    pairs: int
    """Pairs with a price above zero."""
    with_surcharge: int
    """Those whose monthly price is nearer to 105 % than to 100 % of the annual one."""

    @property
    def verdict(self) -> Surcharge:
        """INCLUDED where most pairs have it."""
        if self.pairs == 0:
            return Surcharge.NOT_KNOWN
        most = 2 * self.with_surcharge > self.pairs
        return Surcharge.INCLUDED if most else Surcharge.NOT_INCLUDED


@lru_cache(maxsize=16)
def surcharge_in_lists(catalog: Catalog) -> Mapping[tuple[str, str], ListSurcharge]:
    """Return by (source, market) whether a list includes the 5 % for monthly billing.

    Computed from its own prices: a list that has the surcharge must never get it a second time.
    """
    found: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for prices in catalog.prices.values():
        for price in prices:
            has = found[price.source, price.market]
            if _is_subject(price) and (pair := annual_twin(price, prices)) and pair.amount:
                has.append(_nearer_to_surcharge(price.amount, pair.amount))
    return {key: ListSurcharge(*key, len(has), sum(has)) for key, has in sorted(found.items())}


def annual_twin(price: Price, prices: Iterable[Price]) -> Price | None:
    """Return the price of the same list, SKU, term and day that is billed annually; or None."""
    twins = (
        other
        for other in prices
        if other.billing_plan == ANNUAL
        and (other.source, other.market, other.currency, other.segment, other.term)
        == (price.source, price.market, price.currency, price.segment, price.term)
        and _overlap(other, price)
    )
    return max(twins, key=lambda other: other.effective_start or date.min, default=None)


def surcharge_rate(catalog: Catalog, price: Price, *, dated: date | None, on: date) -> Decimal:
    """Return what must still be added to a listed price: 0.05, or 0 where nothing must.

    Only to a price of a list from before the rule (`dated` is the day it speaks for), asked for a
    day on which the rule holds, and only where neither the SKU's own pair nor the list as a whole
    has it already. A list without pairs, or without a day, is taken as it is written.
    Source: docs/sources.md 0.
    """
    starts = MONTHLY_BILLING.starts
    listed = max((day for day in (dated, price.effective_start) if day), default=None)
    if starts is None or listed is None or listed >= starts or on < starts:
        return Decimal(0)
    if not _is_subject(price) or _has_it(catalog, price):
        return Decimal(0)
    return MONTHLY_BILLING.rate


def _has_it(catalog: Catalog, price: Price) -> bool:
    twin = annual_twin(price, catalog.prices.get(price.catalog_id, ()))
    if twin is not None and twin.amount:
        return _nearer_to_surcharge(price.amount, twin.amount)
    said = surcharge_in_lists(catalog).get((price.source, price.market))
    return said is None or said.verdict is not Surcharge.NOT_INCLUDED


def _is_subject(price: Price) -> bool:
    """Return whether it is a price of a year or more that is billed monthly."""
    return price.billing_plan == MONTHLY and price.term.endswith("Y")


def _nearer_to_surcharge(monthly: Decimal, annual: Decimal) -> bool:
    """Prices are rounded to cents a month, so that no pair is at 105 % exactly."""
    return monthly >= annual * (1 + MONTHLY_BILLING.rate / 2)


def _overlap(one: Price, other: Price) -> bool:
    first = max(one.effective_start or date.min, other.effective_start or date.min)
    return first <= min(one.effective_end or date.max, other.effective_end or date.max)
