"""What each goal of a component costs at least, looked at by itself and under shared limits."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

import networkx as nx

from planner.bundles import base_of, bases_of
from planner.catalog import Catalog
from planner.customers import HoldingsState, Seller, Subscription, SubscriptionState
from planner.goals import members_of
from planner.holdings import is_of_offer
from planner.ids import CatalogId
from planner.plans.goals import SubscriptionGoal
from planner.plans.merit import SHARED, zero
from planner.plans.search.best_first import search
from planner.plans.search.bounds import MOST_SEATS, Bounds, SharedLimit
from planner.plans.search.situation import Situation
from planner.plans.search.solution import Solution, Status
from planner.plans.wanted import Wanted
from planner.search import Budget, Cost
from planner.seats import seat_limit
from planner.transitions import Transition, TransitionKind


@dataclass(frozen=True, slots=True)
class _End:
    """As what the goal at a place ends when it is alone, and what is held of it now."""

    offer: CatalogId
    place: int
    held: Subscription


@dataclass(frozen=True, slots=True)
class Alone:
    """Looks at one goal at a time of a customer who holds nothing else. Raises: OutOfBudget."""

    catalog: Catalog
    wanted: Wanted
    situation: Situation
    goals: tuple[SubscriptionGoal, ...]
    budget: Budget

    def best(self) -> tuple[Solution | None, ...]:
        """Return the best acts for each goal; None where they may cost nothing."""
        return tuple(self._best(goal) for goal in self.goals)

    def bounds(self, best: Sequence[Solution | None], *, with_limits: bool) -> Bounds:
        """Return what goals cost at least, if asked with what limits add that they share."""
        least = [self._cost(one, goal) for one, goal in zip(best, self.goals, strict=True)]
        if not with_limits:
            return Bounds(least)
        ends = tuple(self._ends(best))
        return Bounds(least, tuple(self._limits(ends)), frozenset(self._crowded(ends)))

    def _cost(
        self,
        solution: Solution | None,
        goal: SubscriptionGoal,
        *,
        elsewhere_than: CatalogId | None = None,
    ) -> Cost:
        """Return what a goal costs at least: nothing where another one may go on for it."""
        if solution is None or self._may_go_on_as_another(goal, elsewhere_than):
            return zero(self.wanted.scope)
        return solution.cost

    def _may_go_on_as_another(
        self, goal: SubscriptionGoal, elsewhere_than: CatalogId | None
    ) -> bool:
        """Return whether it may be added to another goal's subscription that is not there yet.

        What is left of its way then is that one's too, and costs nothing more. Only a conversion
        adds seats. Source: docs/sources.md 2 (into an existing subscription).
        """
        if goal.goal is None:
            return False
        there = members_of(self.catalog, goal.goal) - {elsewhere_than}
        theirs = self._passed([one for one in self.goals if one is not goal])
        mine = self._passed([goal])
        return any(
            edge.origin in mine and edge.target in theirs and edge.target not in there
            for edge in _conversions(self.catalog)
        )

    def _best(
        self, goal: SubscriptionGoal, *, elsewhere_than: CatalogId | None = None
    ) -> Solution | None:
        """Return the best acts for a goal, where asked those that end as something else.

        Rules that ask for a holding are not asked, and what another goal may do as well costs
        nothing. An add-on whose base has a goal moves along for nothing once it is active.
        """
        held = self.situation.own(goal.subscription_id)
        if held is None:
            return None
        moves_along = self._moves_along(held)
        if moves_along and not self._is_as_it_is(held, goal):
            return None
        customer = self.situation.customer
        holdings = replace(
            customer.holdings,
            own=(held, *self._base(held)),
            own_state=HoldingsState.COMPLETE,
            foreign=(),
            foreign_state=HoldingsState.COMPLETE,
        )
        relaxed = replace(self.situation, customer=replace(customer, holdings=holdings))
        alone = replace(
            self.wanted,
            asking=self.wanted.asking.whatever_is_held,
            free=SHARED,
            elsewhere_than=elsewhere_than,
            moves_along=moves_along,
        )
        return search(
            self.catalog, alone, relaxed, (goal,), Bounds((zero(self.wanted.scope),)), self.budget
        )

    def _base(self, held: Subscription) -> tuple[Subscription, ...]:
        """Return what an add-on hangs on without anything but its state: active, where it has a
        goal that may make it so. Without a base an add-on could do less than it can.
        """
        base = base_of(self.situation.customer, held)
        if base is None:
            return ()
        has_goal = any(goal.subscription_id == base.subscription_id for goal in self.goals)
        state = SubscriptionState.ACTIVE if has_goal else base.state
        return (Subscription(base.subscription_id, Seller.US, state, base.state_as_given),)

    def _moves_along(self, held: Subscription) -> bool:
        bases = {one.subscription_id for one in bases_of(self.situation.customer, held)}
        return any(goal.subscription_id in bases for goal in self.goals)

    def _crowded(self, ends: Sequence["_End"]) -> Iterator[CatalogId]:
        """Yield offers whose limit the goals exceed, with what else is held of them."""
        asked = {goal.subscription_id for goal in self.goals}
        for offer in {end.offer for end in ends}:
            limit = seat_limit(self.catalog, offer)
            seats = [end.held.seats for end in ends if end.offer == offer]
            there = [
                one.seats
                for one in self.situation.customer.holdings.all
                if one.subscription_id not in asked and is_of_offer(self.catalog, one, offer)
            ]
            known = sum(one or 0 for one in (*seats, *there))
            if limit is not None and (None in seats or known > limit):
                yield offer

    def _limits(self, ends: Sequence["_End"]) -> Iterator[SharedLimit]:
        """Yield the limits that goals exceed together where each would end as it does alone.

        Each arrival is checked against a limit, and so is each seat more, so that those who end as
        an offer fit in the end, whatever else goes meanwhile. Left out are those whose seats may
        change without that: add-ons, goals with seats of their own, and renewals to come.
        """
        counted = (end for end in ends if self._is_countable(end.held, self.goals[end.place]))
        in_order = sorted(counted, key=lambda end: (end.offer, end.place))
        for offer, same in groupby(in_order, key=lambda end: end.offer):
            limit = seat_limit(self.catalog, offer)
            seats = {end.place: end.held.seats or 0 for end in same}
            if limit is None or sum(seats.values()) <= limit or limit > MOST_SEATS:
                continue
            if not self._may_be_added_to(offer):
                yield SharedLimit(offer, limit, seats, self._elsewhere(offer, seats))

    def _ends(self, best: Sequence[Solution | None]) -> Iterator["_End"]:
        """Yield, for each goal that is met alone, as what it ends."""
        for place, (goal, one) in enumerate(zip(self.goals, best, strict=True)):
            held = self.situation.own(goal.subscription_id)
            if one is None or held is None or one.pursuits[0].status is not Status.MET:
                continue
            if self._moves_along(held):
                continue
            ended = one.situation.own(one.pursuits[0].goal.subscription_id)
            if ended is not None and ended.catalog_id is not None:
                yield _End(ended.catalog_id, place, held)

    def _is_countable(self, held: Subscription, goal: SubscriptionGoal) -> bool:
        stays = held.parent_id is None and held.seats is not None
        return stays and self._is_as_it_is(held, goal) and self.wanted.choices.seats is None

    def _is_as_it_is(self, held: Subscription, goal: SubscriptionGoal) -> bool:
        """Return whether no seats are asked for, and no renewal makes it something else."""
        as_it_is = goal.goal is not None and goal.seats is None and goal.part is None
        return as_it_is and held.renewal is None

    def _may_be_added_to(self, offer: CatalogId) -> bool:
        """Return whether a goal may end in another one's subscription of an offer.

        It would go wherever that one goes, at no cost of its own. Only a conversion adds seats to
        a subscription that is there. Source: docs/sources.md 2 (target subscription).
        """
        origins = {edge.origin for edge in _conversions(self.catalog) if edge.target == offer}
        return bool(origins) and not origins.isdisjoint(self._passed(self.goals))

    def _passed(self, goals: Iterable[SubscriptionGoal]) -> set[CatalogId]:
        """Return the offers that the subscriptions of goals are of, or may come by."""
        held = (self.situation.own(goal.subscription_id) for goal in goals)
        known = [one for one in held if one is not None]
        renewed = (one.renewal.catalog_id for one in known if one.renewal is not None)
        roots = {*(one.catalog_id for one in known), *renewed}
        found = {root for root in roots if root is not None}
        return found.union(*(_ahead_of(self.catalog, root) for root in found))

    def _elsewhere(self, offer: CatalogId, places: Iterable[int]) -> Mapping[int, Cost]:
        return {
            place: self._cost(
                self._best(self.goals[place], elsewhere_than=offer),
                self.goals[place],
                elsewhere_than=offer,
            )
            for place in places
        }


@lru_cache(maxsize=1024)
def _ahead_of(catalog: Catalog, offer: CatalogId) -> frozenset[CatalogId]:
    """Return the offers that moves lead to from one, kept: goals are asked of each other's."""
    graph = catalog.graph
    return frozenset(nx.descendants(graph, offer)) if offer in graph else frozenset()


@lru_cache(maxsize=8)
def _conversions(catalog: Catalog) -> tuple[Transition, ...]:
    return tuple(edge for edge in catalog.transitions if edge.kind is TransitionKind.CONVERSION)
