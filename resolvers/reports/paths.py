"""Reports over the whole catalog: every best path from legacy offers to new commerce."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from itertools import islice

from planner.availability import sold_in
from planner.catalog import Catalog
from planner.goals import NewCommerceGoal
from planner.no_path import NoPath
from planner.offers import Commerce, Known, Offer
from planner.paths import Path, PathQuestion, PathsFound, paths, reachable
from planner.rules import RULES_VERSION
from planner.scope import Scope
from resolvers.asked import Asked
from resolvers.catalog.moves import ScopeRequest, checked_scope
from resolvers.work.turns import Work

_OFFERS_AT_A_TIME = 25
"""Offers between two turns of the event loop: a few milliseconds of work."""


@dataclass(frozen=True, slots=True)
class PathRow:
    """A legacy offer and one of its best paths, or why it has none."""

    offer: Offer
    rank: int
    """1 for the best; 0 where there is no path."""
    answer: Path | NoPath


@dataclass(frozen=True, slots=True)
class PathReport:
    """What a path report is made from; the same for the same catalog and question."""

    catalog: Catalog
    scope: Scope
    rules_version: str
    offers: tuple[Offer, ...]
    """The legacy offers it looks at, in order of catalog id."""
    with_no_path: bool
    """Whether an offer without a path gets a row that says why."""
    work: Work

    async def chunks(self) -> AsyncGenerator[tuple[PathRow, ...]]:
        """Yield rows in order of (offer, rank), a bounded number of offers at a time."""
        work, waiting = self.work, iter(self.offers)
        while offers := tuple(islice(waiting, _OFFERS_AT_A_TIME)):
            async with work.turn():
                rows = tuple(row for offer in offers for row in self._rows(offer))
            yield rows

    def _rows(self, offer: Offer) -> tuple[PathRow, ...]:
        best = [
            path
            for path in reachable(self.catalog, offer.catalog_id, self.scope)
            if self.catalog.offers[path.target].commerce is Commerce.NEW_COMMERCE
        ]
        if best:
            return tuple(PathRow(offer, rank, path) for rank, path in enumerate(best, start=1))
        return (self._without_path(offer),) if self.with_no_path else ()

    def _without_path(self, offer: Offer) -> PathRow:
        question = PathQuestion(offer.catalog_id, NewCommerceGoal(), self.scope)
        answer = paths(self.catalog, question)
        if isinstance(answer, PathsFound):
            return PathRow(offer, 1, answer.paths[0])
        return PathRow(offer, 0, answer)


def path_report(asked: Asked, request: ScopeRequest, *, with_no_path: bool = False) -> PathReport:
    """Return the report over all legacy offers of a market and segment. Raises: BadInput.

    A market keeps offers that are sold there and those of which no source says; it pins one
    catalog version, so that a report never mixes two.
    """
    scope = checked_scope(asked, request)
    chosen = tuple(
        offer
        for offer in asked.catalog.offers.values()
        if _is_in_report(asked.catalog, offer, scope)
    )
    return PathReport(asked.catalog, scope, RULES_VERSION, chosen, with_no_path, asked.work())


def _is_in_report(catalog: Catalog, offer: Offer, scope: Scope) -> bool:
    if offer.commerce is not Commerce.LEGACY or scope.segment not in (None, offer.segment):
        return False
    return (
        scope.market is None
        or sold_in(offer, scope.market, catalog.facts.coverage, scope.day) is not Known.NO
    )
