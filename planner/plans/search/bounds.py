"""What goals that hang together cost at least: each by itself, and what a shared limit adds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.ids import CatalogId
from planner.plans.merit import minus, plus
from planner.search import Cost

MOST_SEATS = 1_000
"""Limits up to which it is counted which goals fit: as many sums of seats are looked at."""


@dataclass(frozen=True, slots=True)
class SharedLimit:
    """An offer that goals would end as, and whose limit their seats exceed together."""

    offer: CatalogId
    limit: int
    seats: Mapping[int, int]
    """Of each goal, by its place."""
    elsewhere: Mapping[int, Cost]
    """What a goal costs at least that does not end as this offer, by its place."""


class Bounds:
    """The least that goals can cost in the end, from what was spent on each of them so far.

    A goal costs its own least at least. Of those whose seats exceed a limit together some end
    elsewhere, and which of them that is costs as little as it can. No goal has two limits.
    """

    def __init__(
        self,
        least: Sequence[Cost],
        limits: Sequence[SharedLimit] = (),
        crowded: frozenset[CatalogId] = frozenset(),
    ) -> None:
        self.least = tuple(least)
        self.limits = tuple(limits)
        self.crowded = crowded
        """Offers that not all goals can end as: one that is met there may go on to make room."""
        self._known: dict[tuple[Cost, ...], Cost] = {}

    def total(self, spent: tuple[Cost, ...]) -> Cost:
        """Return the least that all goals cost together, at least one of them."""
        if spent not in self._known:
            first, *others = map(max, spent, self.least)
            for cost in others:
                first = plus(first, cost)
            for limit in self.limits:
                first = plus(first, self._extra(limit, spent)[0])
            self._known[spent] = first
        return self._known[spent]

    def elsewhere(self) -> dict[int, CatalogId]:
        """Return, by their places, which goals do not end as which offer where all cost least."""
        nothing = tuple(minus(cost, cost) for cost in self.least)
        return {
            place: limit.offer for limit in self.limits for place in self._extra(limit, nothing)[1]
        }

    def _extra(self, limit: SharedLimit, spent: Sequence[Cost]) -> tuple[Cost, tuple[int, ...]]:
        """Return what it costs beside that some end elsewhere, and which.

        Over the sums of seats that fit: of those with as many seats, or fewer, the cheapest stays.
        """
        none = minus(self.least[0], self.least[0])
        ways: list[tuple[int, Cost, tuple[int, ...]]] = [(0, none, ())]
        for place, seats in sorted(limit.seats.items()):
            own = max(spent[place], self.least[place])
            more = minus(max(spent[place], limit.elsewhere[place]), own)
            kept = [(sum_ + seats, cost, gone) for sum_, cost, gone in ways]
            left = [(sum_, plus(cost, more), (*gone, place)) for sum_, cost, gone in ways]
            fit = [way for way in (*kept, *left) if way[0] <= limit.limit]
            ways = _unbeaten(fit)
        _, cost, gone = ways[-1]
        return cost, gone


def _unbeaten(
    ways: Sequence[tuple[int, Cost, tuple[int, ...]]],
) -> list[tuple[int, Cost, tuple[int, ...]]]:
    """Return, by their seats, the ways that cost less than all that take no more seats."""
    found: list[tuple[int, Cost, tuple[int, ...]]] = []
    for way in sorted(ways):
        if not found or way[1] < found[-1][1]:
            found.append(way)
    return found
