"""What every subscription of a portfolio can become: its best way, found once for each offer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from planner.blocker_codes import BlockerCode
from planner.blockers import Severity
from planner.catalog import Catalog
from planner.customers import Customer, Subscription, SubscriptionState
from planner.goals import NewCommerceGoal
from planner.ids import CatalogId, is_new_commerce
from planner.instead import InsteadKind
from planner.no_path import NoPath
from planner.no_path import Verdict as NoPathVerdict
from planner.offers import Segment
from planner.paths import Path, PathQuestion, paths
from planner.readiness import Readiness
from planner.scope import Scope, whole_day


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """Which customers of a partner are meant; None asks nothing of that field."""

    text: str | None = None
    """Looked for in name and domain, without case."""
    segment: Segment | None = None
    market: str | None = None
    """ISO code. A customer whose field is not known matches no wanted value."""


EVERY_CUSTOMER = CustomerFilter()


@dataclass(frozen=True, slots=True)
class Held:
    """One own subscription with its customer's name: what a list of a portfolio tells of it."""

    customer_id: str
    customer_name: str
    subscription_id: str
    title: str
    catalog_id: CatalogId | None
    seats: int | None
    last_day: date | None
    """Last day of the term, inclusive."""
    state: SubscriptionState


class Standing(StrEnum):
    """Where a subscription stands on its way to new commerce."""

    CAN_MOVE = "CAN_MOVE"
    IMPOSSIBLE = "IMPOSSIBLE"
    NOT_KNOWN = "NOT_KNOWN"
    GAVE_UP = "GAVE_UP"
    NOT_IN_CATALOG = "NOT_IN_CATALOG"
    IN_NEW_COMMERCE = "IN_NEW_COMMERCE"
    NO_OFFER = "NO_OFFER"
    """It names no offer of the licence catalogs, as an Azure plan does not."""


@dataclass(frozen=True, slots=True)
class BestWay:
    """The best way of an offer to any new-commerce SKU, or why there is none to tell."""

    standing: Standing
    path: Path | None = None
    """There for CAN_MOVE alone."""
    no_path: NoPath | None = None
    """There for IMPOSSIBLE, NOT_KNOWN and GAVE_UP."""

    @property
    def target(self) -> CatalogId | None:
        return None if self.path is None else self.path.target


@dataclass(frozen=True, slots=True)
class OpenInstead:
    """What is open where the best way is BLOCKED; `planner.instead` has it whole."""

    kind: InsteadKind
    target: CatalogId
    readiness: Readiness
    """READY, CONDITIONAL or UNKNOWN."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules say of a subscription's best way, without a word that names it.

    Subscriptions in the same position share it; `planner.options.judge` has the findings whole.
    """

    readiness: Readiness
    findings: tuple[tuple[BlockerCode, Severity], ...]
    """Codes of what failed with the severity, each pair once, in order."""
    unanswered: tuple[str, ...]
    """The rules that could not be answered, each once, in order."""
    opens_on: date | None
    """The day from which nothing that clears by itself BLOCKS; None where nothing does."""
    waits_for: tuple[str, ...]
    """Codes of what BLOCKS and goes away by no date alone, each once, in order."""
    instead: OpenInstead | None = None
    """The best of what is open where the best way is BLOCKED; None where nothing is."""


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """One own subscription, its best way and, where rules were asked, how ready that is."""

    held: Held
    way: BestWay
    judged: Judged | None = None
    """None where no rule was asked, or there is no way to judge."""

    @property
    def target(self) -> CatalogId | None:
        return self.way.target


class BestWays:
    """The best way of each offer in one catalog and scope: one search for an offer, then kept.

    The customer's market does not narrow the search: what is not sold there is for the rules to
    say. It is the way that `planner.options.blockers` judges where no target is named.
    """

    def __init__(self, catalog: Catalog, scope: Scope) -> None:
        self._catalog = catalog
        self._scope = whole_day(scope)
        self._kept: dict[CatalogId, BestWay] = {}

    def of(self, catalog_id: CatalogId | None) -> BestWay:
        """Return the way of an offer that a subscription names."""
        if catalog_id is None:
            return _NO_OFFER
        kept = self._kept.get(catalog_id)
        if kept is not None:
            return kept
        if is_new_commerce(catalog_id):
            return _IN_NEW_COMMERCE
        if catalog_id not in self._catalog.offers:
            return _NOT_IN_CATALOG
        found = self._kept[catalog_id] = _best_way(self._catalog, catalog_id, self._scope)
        return found


@lru_cache(maxsize=4096)
def _best_way(catalog: Catalog, catalog_id: CatalogId, scope: Scope) -> BestWay:
    """Search, and keep it for the next portfolio of the same day; give a `whole_day` scope."""
    answer = paths(catalog, PathQuestion(catalog_id, NewCommerceGoal(), scope))
    if isinstance(answer, NoPath):
        return BestWay(_STANDINGS[answer.verdict], no_path=answer)
    return BestWay(Standing.CAN_MOVE, answer.paths[0])


_NO_OFFER = BestWay(Standing.NO_OFFER)
_NOT_IN_CATALOG = BestWay(Standing.NOT_IN_CATALOG)
_IN_NEW_COMMERCE = BestWay(Standing.IN_NEW_COMMERCE)
_STANDINGS: Mapping[NoPathVerdict, Standing] = {
    NoPathVerdict.IMPOSSIBLE: Standing.IMPOSSIBLE,
    NoPathVerdict.NOT_KNOWN: Standing.NOT_KNOWN,
    NoPathVerdict.GAVE_UP: Standing.GAVE_UP,
}


def held_of(customer: Customer, subscription: Subscription) -> Held:
    """Return what a list tells of one subscription of a customer."""
    return Held(
        customer.customer_id,
        customer.name,
        subscription.subscription_id,
        subscription.title,
        subscription.catalog_id,
        subscription.seats,
        subscription.last_day,
        subscription.state,
    )
