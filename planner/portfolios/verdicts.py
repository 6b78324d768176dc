"""How ready each subscription of a portfolio is; those in the same position are judged once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from planner.blockers import Blocker, Severity
from planner.catalog import Catalog
from planner.customers import Customer, Subscription
from planner.ids import CatalogId
from planner.options import judge
from planner.paths import Path
from planner.permissions import ANYONE, Acting
from planner.portfolios.likeness import Key, Positions, Walk, walk_of
from planner.portfolios.portfolio import BestWays, Judged, PortfolioRow, held_of
from planner.rules import Choices, Mode
from planner.scope import Scope

POSITIONS_KEPT = 50_000
"""How many positions are remembered, some 25 MB; those that came up last stay."""


@dataclass(frozen=True, slots=True)
class PortfolioQuestion:
    """What is asked of every subscription: from when, along which ways, by whom, how."""

    catalog: Catalog
    scope: Scope
    acting: Acting = ANYONE
    mode: Mode = Mode.WITHOUT_LICENSE_TRANSFER


class Verdicts:
    """Judges whole customers, one after another, and remembers positions that come again.

    Judging one by one gives the same: `judged_alone` is what is shared, and a key holds all that
    it weighs (planner.portfolios.likeness).
    """

    def __init__(self, question: PortfolioQuestion) -> None:
        self.ways = BestWays(question.catalog, question.scope)
        self.shared = 0
        """How many subscriptions were answered from another one's position."""
        self._question = question
        self._walks: dict[CatalogId, Walk] = {}
        self._kept = _Recent(POSITIONS_KEPT)

    def rows(self, customer: Customer) -> tuple[PortfolioRow, ...]:
        """Return the customer's own subscriptions, in their order, with what the rules say."""
        positions = Positions(customer, self._question.scope.at)
        ways = (self.ways.of(one.catalog_id) for one in customer.holdings.own)
        return tuple(
            PortfolioRow(
                held_of(customer, customer.holdings.own[index]),
                way,
                None if way.path is None else self._judged(customer, index, way.path, positions),
            )
            for index, way in enumerate(ways)
        )

    def _judged(self, customer: Customer, index: int, path: Path, positions: Positions) -> Judged:
        key = positions.key(index, self._walk(path))
        said = None if key is None else self._kept.get(key)
        if said is not None:
            self.shared += 1
            return said
        said = judged_alone(self._question, customer, customer.holdings.own[index], path)
        return said if key is None else self._kept.put(key, said)

    def _walk(self, path: Path) -> Walk:
        walk = self._walks.get(path.origin)
        if walk is None:
            walk = self._walks[path.origin] = walk_of(self._question.catalog, path)
        return walk


class _Recent:
    """Answers by position, equal ones held once: the newer half full, the older one goes."""

    def __init__(self, limit: int) -> None:
        self._half = limit // 2
        self._said: dict[Judged, Judged] = {}
        self._newer: dict[Key, Judged] = {}
        self._older: dict[Key, Judged] = {}

    def get(self, key: Key) -> Judged | None:
        found = self._newer.get(key)
        if found is None and (found := self._older.get(key)) is not None:
            self.put(key, found)
        return found

    def put(self, key: Key, said: Judged) -> Judged:
        """Remember an answer; return the equal one that is held already, if there is."""
        if len(self._newer) >= self._half:
            self._older, self._newer, self._said = self._newer, {}, {}
        held = self._newer[key] = self._said.setdefault(said, said)
        return held


def judged_alone(
    question: PortfolioQuestion, customer: Customer, subscription: Subscription, path: Path
) -> Judged:
    """Return what the rules say of one subscription's way, asked for itself."""
    option = judge(
        question.catalog,
        customer,
        subscription,
        path,
        question.scope,
        choices=Choices(question.mode),
        acting=question.acting,
    )
    shut = [one for one in option.blockers if one.severity is Severity.BLOCKS]
    return Judged(
        option.readiness,
        tuple(sorted({(one.code, one.severity) for one in option.blockers})),
        tuple(sorted({one.rule for one in option.unanswered})),
        _opens_on(shut),
        tuple(sorted({one.code for one in shut if one.clears_on is None})),
    )


def _opens_on(shut: Iterable[Blocker]) -> date | None:
    return max((one.clears_on for one in shut if one.clears_on is not None), default=None)
