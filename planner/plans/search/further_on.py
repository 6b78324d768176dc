"""What stops a way beyond its first step, where that first step itself is open."""

from collections.abc import Iterable, Iterator

from planner.blockers import Blocker
from planner.catalog import Catalog
from planner.plans.search.moves import Tried
from planner.plans.search.situation import Situation
from planner.plans.wanted import Wanted
from planner.rules import Choices, ask_rules


def stops_further_on(
    catalog: Catalog, wanted: Wanted, now: Situation, tried: Iterable[Tried]
) -> tuple[Blocker, ...]:
    """Return what nothing removes on the later steps of the ways that were tried, best way first.

    A plan does not set out on a way that leads nowhere, so that no attempt met these findings.
    """
    found: dict[tuple[object, ...], Blocker] = {}
    for attempt in _one_of_each_way(tried):
        for blocker in _later_stops(catalog, wanted, now, attempt):
            found.setdefault((blocker.code, blocker.subject, blocker.step), blocker)
    return tuple(found.values())


def _one_of_each_way(tried: Iterable[Tried]) -> Iterator[Tried]:
    seen = set()
    for attempt in tried:
        if not attempt.stops and len(attempt.route.steps) > 1 and attempt.route.offers not in seen:
            seen.add(attempt.route.offers)
            yield attempt


def _later_stops(
    catalog: Catalog, wanted: Wanted, now: Situation, attempt: Tried
) -> Iterator[Blocker]:
    moves = [step.transition for step in attempt.route.steps]
    said = ask_rules(
        catalog,
        now.customer,
        attempt.held,
        moves,
        choices=Choices(attempt.choices.mode),
        acting=now.acting,
        at=now.at,
        rules=wanted.asking.rules,
    )
    for blocker in said.stops:
        is_final = not blocker.remedies and blocker.clears_on is None
        if is_final and blocker.step != (moves[0].origin, moves[0].target):
            yield blocker
