"""How ready each subscription of a portfolio is; those in the same position are judged once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from planner.blockers import Blocker, Severity
from planner.catalog import Catalog
from planner.customers import Customer, Subscription
from planner.ids import CatalogId
from planner.instead import (
    InsteadKind,
    first_open,
    kind_of,
    may_be_bought,
    other_ways,
    purchase_readiness,
)
from planner.options import judge
from planner.paths import Path
from planner.permissions import ANYONE, Acting
from planner.plans.goals import is_left_out
from planner.portfolios.likeness import Key, Positions, Walk, walk_of
from planner.portfolios.portfolio import BestWays, Judged, OpenInstead, PortfolioRow, held_of
from planner.readiness import Readiness
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
        self._walks: dict[tuple[CatalogId, ...], tuple[int, Walk]] = {}
        self._other_ways: dict[tuple[CatalogId, str | None], tuple[Path, ...]] = {}
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
        key = self._key(index, path, positions)
        found, is_known = self._said(key, customer, index, path)
        self.shared += is_known
        is_blocked = found.judged.readiness is Readiness.BLOCKED
        if not is_blocked or is_left_out(customer.holdings.own[index]):
            return found.judged
        instead = self._instead(customer, index, path, positions, may_buy=found.may_buy)
        return found.judged if instead is None else replace(found.judged, instead=instead)

    def _instead(
        self,
        customer: Customer,
        index: int,
        path: Path,
        positions: Positions,
        *,
        may_buy: bool,
    ) -> OpenInstead | None:
        """Return what is open instead, the other ways shared by position as the best ones are."""
        held = customer.holdings.own[index]
        bought = _bought(self._question, customer, held, path) if may_buy else None
        if bought is not None:
            return bought

        def judged(other: Path) -> tuple[Path, Readiness]:
            key = self._key(index, other, positions)
            return other, self._said(key, customer, index, other)[0].judged.readiness

        others = self._others(customer, held, path)
        return _in_short(path, first_open(map(judged, others)))

    def _others(self, customer: Customer, held: Subscription, path: Path) -> tuple[Path, ...]:
        """Return the other ways of an offer in a market, found once."""
        place = path.origin, customer.market
        found = self._other_ways.get(place)
        if found is None:
            asked = self._question
            found = other_ways(asked.catalog, customer, held, asked.scope, path)
            self._other_ways[place] = found
        return found

    def _key(self, index: int, path: Path, positions: Positions) -> Key | None:
        number, walk = self._walk(path)
        key = positions.key(index, walk)
        return None if key is None else (number, *key)

    def _said(
        self, key: Key | None, customer: Customer, index: int, path: Path
    ) -> "tuple[_Said, bool]":
        """Return what the rules say of a way, and whether it was told before."""
        known = None if key is None else self._kept.get(key)
        if known is not None:
            return known, True
        said = _asked(self._question, customer, customer.holdings.own[index], path)
        return (said if key is None else self._kept.put(key, said)), False

    def _walk(self, path: Path) -> tuple[int, Walk]:
        """Return a way's number and walk: one offer has several where its best one is blocked."""
        known = self._walks.get(path.offers)
        if known is None:
            known = len(self._walks), walk_of(self._question.catalog, path)
            self._walks[path.offers] = known
        return known


@dataclass(frozen=True, slots=True)
class _Said:
    """What the rules say of one way, and whether its target might be bought instead."""

    judged: Judged
    may_buy: bool


class _Recent:
    """Answers by position, equal ones held once: the newer half full, the older one goes."""

    def __init__(self, limit: int) -> None:
        self._half = limit // 2
        self._said: dict[_Said, _Said] = {}
        self._newer: dict[Key, _Said] = {}
        self._older: dict[Key, _Said] = {}

    def get(self, key: Key) -> _Said | None:
        found = self._newer.get(key)
        if found is None and (found := self._older.get(key)) is not None:
            self.put(key, found)
        return found

    def put(self, key: Key, said: _Said) -> _Said:
        """Remember an answer; return the equal one that is held already, if there is."""
        if len(self._newer) >= self._half:
            self._older, self._newer, self._said = self._newer, {}, {}
        held = self._newer[key] = self._said.setdefault(said, said)
        return held


def judged_alone(
    question: PortfolioQuestion, customer: Customer, subscription: Subscription, path: Path
) -> Judged:
    """Return what the rules say of one subscription's way, asked for itself."""
    said = _asked(question, customer, subscription, path)
    if said.judged.readiness is not Readiness.BLOCKED or is_left_out(subscription):
        return said.judged
    bought = _bought(question, customer, subscription, path) if said.may_buy else None
    return replace(said.judged, instead=bought or _other(question, customer, subscription, path))


def _asked(
    question: PortfolioQuestion, customer: Customer, subscription: Subscription, path: Path
) -> _Said:
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
    judged = Judged(
        option.readiness,
        tuple(sorted({(one.code, one.severity) for one in option.blockers})),
        tuple(sorted({one.rule for one in option.unanswered})),
        _opens_on(shut),
        tuple(sorted({one.code for one in shut if one.clears_on is None})),
    )
    return _Said(judged, may_be_bought(option))


def _other(
    question: PortfolioQuestion, customer: Customer, subscription: Subscription, path: Path
) -> OpenInstead | None:
    others = other_ways(question.catalog, customer, subscription, question.scope, path)
    found = (
        (other, _asked(question, customer, subscription, other).judged.readiness)
        for other in others
    )
    return _in_short(path, first_open(found))


def _bought(
    question: PortfolioQuestion, customer: Customer, subscription: Subscription, path: Path
) -> OpenInstead | None:
    catalog, scope, acting = question.catalog, question.scope, question.acting
    found = purchase_readiness(catalog, customer, subscription, scope, path.target, acting=acting)
    return None if found is None else OpenInstead(InsteadKind.BUY_NEW, path.target, found)


def _in_short(blocked: Path, found: tuple[Path, Readiness] | None) -> OpenInstead | None:
    if found is None:
        return None
    path, ready = found
    return OpenInstead(kind_of(blocked, path.target), path.target, ready)


def _opens_on(shut: Iterable[Blocker]) -> date | None:
    return max((one.clears_on for one in shut if one.clears_on is not None), default=None)
