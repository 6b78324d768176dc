"""Which steps of a component a step has to come after, and which may be done in any order."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from planner.bundles import bundle_of
from planner.catalog import Catalog
from planner.customers import Subscription
from planner.plans.search.acts import Act, StepKind, bought_id
from planner.plans.search.purchases import try_purchase
from planner.plans.search.situation import Situation
from planner.plans.search.solution import Done
from planner.plans.wanted import Wanted
from planner.rules import Answers
from planner.seats import seat_room

Needs = tuple[frozenset[int], ...]
"""For each act, by its place, the places of those that it needs directly."""

_NOWHERE = frozenset[int]()
_WHOLE = ""
"""Stands for the customer itself: its agreement, and what we are allowed to do for it."""


def needs_of(catalog: Catalog, wanted: Wanted, done: Sequence[Done]) -> Needs:
    """Return what each act of a component needs.

    It needs the one before it for the same goal, the one before it on the same subscription, and of
    those for other goals each without which the rules say something else of it, or that it would
    close. Days are no needs: a step is never done before its earliest one.
    """
    if len({one.goal for one in done}) < 2:
        return tuple(frozenset({place - 1} if place else ()) for place in range(len(done)))
    orders = _Orders(catalog, wanted, done)
    for place in range(len(done)):
        orders.add(place)
    return tuple(orders.direct)


@dataclass(slots=True)
class _Orders:
    """What the acts need, one after another: what comes later looks at what earlier ones need."""

    catalog: Catalog
    wanted: Wanted
    done: Sequence[Done]
    direct: list[frozenset[int]] = field(default_factory=list)
    every: list[frozenset[int]] = field(default_factory=list)
    """With what is needed by what is needed."""
    touched: list[frozenset[str]] = field(default_factory=list)
    said: list[object] = field(default_factory=list)
    """What the rules say of each act in its place."""

    def add(self, place: int) -> None:
        one = self.done[place]
        self.touched.append(frozenset(_touched(one)))
        self.said.append(self._answer(place, one.before))
        self.direct.append(_NOWHERE)
        self.every.append(_NOWHERE)
        self._need(place, self._by_nature(place))
        for goal in dict.fromkeys(other.goal for other in self.done[:place]):
            self._need(place, self._of_goal(place, goal))
        free = self._free(place)
        if free and self._differs(place, free):
            self._need(place, free)
        self._need(place, [other for other in self._free(place) if self._closes(place, other)])

    def _need(self, place: int, others: Iterable[int]) -> None:
        new = frozenset(others) - self.every[place]
        self.direct[place] |= new
        self.every[place] |= new.union(*(self.every[one] for one in new))

    def _free(self, place: int) -> tuple[int, ...]:
        """Return the earlier acts that an act is not known to need."""
        return tuple(other for other in range(place) if other not in self.every[place])

    def _by_nature(self, place: int) -> Iterator[int]:
        """Yield the one before for the same goal, and the one before on each subscription."""
        for mine in (None, *sorted(self.touched[place])):
            for other in range(place - 1, -1, -1):
                goal = self.done[other].goal == self.done[place].goal
                if goal if mine is None else mine in self.touched[other]:
                    yield other
                    break

    def _of_goal(self, place: int, goal: int) -> tuple[int, ...]:
        """Return the act for another goal from which on the rules say the same as after all.

        What they come by on the way may close it too, so each act on that way is looked at.
        """
        theirs = [one for one in self._free(place) if self.done[one].goal == goal]
        for kept in range(len(theirs) - 1, -1, -1):
            if self._differs(place, theirs[kept:]):
                return (theirs[kept],)
        return ()

    def _differs(self, place: int, without: Collection[int]) -> bool:
        """Return whether the rules say something else of an act where others are not done."""
        one = self.done[place]
        gone = [
            other
            for other in range(place)
            if other in without or not self.every[other].isdisjoint(without)
        ]
        before = [self.done[other].before for other in gone]
        then = self._told_of(one.before, gone[::-1], before[::-1])
        return self._answer(place, replace(then, at=self._at(place, gone))) != self.said[place]

    def _at(self, place: int, gone: Collection[int]) -> datetime:
        """Return the instant at which an act would be done without some of the waiting."""
        waits = [
            other for other in range(place) if self.done[other].act.kind is StepKind.WAIT_UNTIL
        ]
        spared = [self.done[other].before.at for other in waits if other in gone]
        kept = [self.done[other].after.at for other in waits if other not in gone]
        return (
            max(min(spared), *kept)
            if spared and kept
            else min(spared, default=self.done[place].before.at)
        )

    def _closes(self, place: int, other: int) -> bool:
        """Return whether the rules say something else of an earlier act where this one is done."""
        came = sorted(one for one in {place, *self.every[place]} if one > other)
        then = self._told_of(self.done[other].before, came, [self.done[one].after for one in came])
        return self._answer(other, then) != self.said[other]

    def _told_of(
        self, now: Situation, acts: Sequence[int], other: Sequence[Situation]
    ) -> Situation:
        """Return a situation in which what each act touches is as it is in another one."""
        for act, there in zip(acts, other, strict=True):
            now = _as_in(now, there, self.touched[act])
        return now

    def _answer(self, place: int, situation: Situation) -> object:
        return _answer(self.catalog, self.wanted, situation, self.done[place].act)


_OF_TIME = frozenset({StepKind.WAIT_UNTIL, StepKind.REASSIGN_LICENSES})
_BUYS = frozenset({StepKind.BUY_NEW, StepKind.BUY_PREREQUISITE})
_FOR_ALL = frozenset({StepKind.GET_AGREEMENT, StepKind.GET_PERMISSION})


def _touched(one: Done) -> Iterator[str]:
    """Yield the ids of what an act changes; what only time changes meanwhile is not its doing."""
    act = one.act
    if act.kind in _OF_TIME:
        return
    yield _WHOLE if act.kind in _FOR_ALL else act.subscription_id
    yield from (member.subscription_id for member in act.members)
    if act.choices.into is not None:
        yield act.choices.into
    if act.kind in _BUYS or (act.kind is StepKind.CONVERT and act.part is not None):
        yield bought_id(act)
    if act.kind is StepKind.CANCEL:
        own = one.before.customer.holdings.own
        yield from (held.subscription_id for held in own if held.parent_id == act.subscription_id)


def _as_in(now: Situation, there: Situation, touched: Collection[str]) -> Situation:
    """Return the situation in which some subscriptions are what they are in another one."""
    held, other = now.customer.holdings, there.customer.holdings
    customer = replace(
        now.customer,
        holdings=replace(
            held,
            own=_mixed(held.own, other.own, touched),
            foreign=_mixed(held.foreign, other.foreign, touched),
        ),
    )
    if _WHOLE not in touched:
        return replace(now, customer=customer)
    told = there.customer
    customer = replace(customer, agreement=told.agreement, delegated_admin=told.delegated_admin)
    return replace(now, customer=customer, acting=there.acting)


def _mixed(
    ours: Sequence[Subscription], others: Sequence[Subscription], touched: Collection[str]
) -> tuple[Subscription, ...]:
    kept = (one for one in ours if one.subscription_id not in touched)
    return (*kept, *(one for one in others if one.subscription_id in touched))


def _answer(catalog: Catalog, wanted: Wanted, situation: Situation, act: Act) -> object:
    """Return what decides whether an act is open; None where it is open whatever else there is."""
    if act.kind in _OF_TIME | _FOR_ALL:
        return None
    held = situation.own(act.subscription_id)
    if held is None:
        return situation.customer.holdings.held(act.subscription_id)
    if act.transition is not None:
        said = wanted.asking.answers(catalog, situation, held, act.transition, act.choices)
        return _told(said), bundle_of(situation.customer, held).addons
    if act.kind in _BUYS and act.offer is not None:
        return _told(try_purchase(catalog, situation, held, act.offer, act.seats))
    if act.kind is StepKind.ADD_SEATS and held.catalog_id is not None:
        return seat_room(catalog, situation.customer, held, held.catalog_id)
    if act.kind is StepKind.REACTIVATE and held.parent_id is not None:
        return situation.own(held.parent_id)
    return held.state


def _told(said: Answers) -> object:
    return said.blockers, said.unanswered
