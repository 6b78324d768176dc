"""Why there is no path, as a tree: facts with their sources, and what follows from them.

The facts together are enough. Every way that a change of the question or a further move could open
passes something that a fact names: a refused move, a denied one, a demand of the question, or a
move of a kind that no source names out of an offer.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import networkx as nx

from planner.catalog import Catalog
from planner.counting import counted
from planner.explaining.facts import denied, entered_from, leads_to, no_other_move, refused
from planner.explaining.gap import Gap, Offers, gap_between
from planner.explaining.nodes import Node, Telling, listed, named
from planner.ids import CatalogId
from planner.scope import Scope, view_for
from planner.search import (
    Budget,
    Cost,
    OutOfBudget,
    Ranked,
    Wanted,
    lower_bounds,
    simple_paths,
)

_FEW_GOALS = 3
"""Up to so many goals are told one by one with what leads into them."""
_ONE: Cost = (1,)


def limit_tree(states: int) -> tuple[Node, ...]:
    """Return the tree of a search that ended at its limit: nothing is proved."""
    telling = Telling()
    ended = telling.tell(
        Node(
            "LIMIT_REACHED",
            f"the search ended after {states} states",
            remedy="ask for less",
        )
    )
    telling.tell(Node("GAVE_UP", "whether there is a path is not known", because=(ended,)))
    return telling.nodes


def cause_tree(
    catalog: Catalog,
    origin: CatalogId,
    goals: Offers,
    *,
    scope: Scope,
    via: Offers,
    budget: int,
) -> tuple[Node, ...]:
    """Return the causes in order of their numbers, the conclusion last.

    Call it when a whole search has found nothing. `budget` bounds the search for a longer way.
    """
    gap = gap_between(catalog, origin, goals, scope)
    telling = Telling()
    causes = list(telling.tell_all(_about_the_goals(catalog, origin, goals)))
    if gap.goals:
        if gap.goals.isdisjoint(gap.reached):
            causes.extend(_cut(catalog, telling, gap, scope))
        else:
            causes.extend(_narrowed(catalog, telling, gap, scope, via, budget))
    telling.tell(
        Node(
            "NO_PATH",
            f"there is no path from {named(catalog, origin)} to {_goals(catalog, goals)}",
            because=tuple(sorted(causes)),
        )
    )
    return telling.nodes


def _goals(catalog: Catalog, goals: Offers) -> str:
    if not goals:
        return "what is asked for"
    return listed(catalog, goals) if len(goals) == 1 else f"any of {len(goals)} offers"


def _about_the_goals(catalog: Catalog, origin: CatalogId, goals: Offers) -> Iterator[Node]:
    if not goals:
        yield Node(
            "NO_KNOWN_OFFER_GIVES_THEM",
            "no new-commerce SKU is known to give these services, and the services of many are not"
            " known",
            remedy="look in the new-commerce offer matrix",
        )
    if origin in goals:
        yield Node(
            "ORIGIN_IS_THE_GOAL",
            f"{named(catalog, origin)} itself already is what the path shall end at",
            offers=(origin,),
        )


def _cut(catalog: Catalog, telling: Telling, gap: Gap, scope: Scope) -> Iterator[int]:
    """Tell why no goal is reached: all that the origin leads to, and what is refused beyond it."""
    beyond = _beyond(catalog, gap)
    at_most = _at_most(catalog, telling, gap, gap.known - beyond, scope)
    yield at_most
    numbers = _not_reached(catalog, telling, gap, beyond, at_most, scope)
    yield from sorted({numbers[goal] for goal in gap.goals & beyond})
    if len(gap.goals) <= _FEW_GOALS:
        for goal in sorted(gap.goals - beyond):
            moves = list(catalog.transitions_into(goal))
            entered = telling.tell(entered_from(catalog, (goal,), moves))
            yield telling.tell(_unreached(catalog, (goal,), tuple(sorted((entered, at_most)))))


def _beyond(catalog: Catalog, gap: Gap) -> Offers:
    """Return the offers on the goal's side: not reached, and leading to a goal among themselves."""
    found = set(gap.goals & gap.known)
    waiting = list(found)
    while waiting:
        for tail in catalog.graph.pred[waiting.pop()]:
            if tail in gap.known and tail not in gap.reached and tail not in found:
                found.add(tail)
                waiting.append(tail)
    return frozenset(found)


def _at_most(catalog: Catalog, telling: Telling, gap: Gap, offers: Offers, scope: Scope) -> int:
    others = sorted(offers - {gap.origin})
    here = named(catalog, gap.origin)
    aside = ", short of the refused moves below" if gap.known - offers else ""
    causes = (
        *telling.tell_all(leads_to(catalog, gap.origin, offers)),
        *telling.tell_all(denied(catalog, gap.denied)),
        *telling.tell_all(no_other_move(catalog, gap, offers, scope)),
    )
    says = f"leads to no more than {listed(catalog, others)}" if others else "leads nowhere"
    return telling.tell(
        Node(
            "REACHES_AT_MOST",
            f"{here} {says}{aside}",
            because=tuple(sorted(causes)),
            offers=tuple(sorted(offers)),
        )
    )


def _not_reached(
    catalog: Catalog, telling: Telling, gap: Gap, beyond: Offers, at_most: int, scope: Scope
) -> dict[CatalogId, int]:
    """Tell of each group of offers beyond the refused moves why it is not reached.

    Offers that lead to each other are one group; a group comes after those that lead to it.
    """
    groups = nx.condensation(nx.DiGraph(catalog.graph.subgraph(beyond)))
    members = {group: tuple(sorted(groups.nodes[group]["members"])) for group in groups}
    numbers: dict[CatalogId, int] = {}
    for group in nx.lexicographical_topological_sort(groups, key=lambda one: members[one]):
        inside = members[group]
        entering = [
            move
            for head in inside
            for move in catalog.transitions_into(head)
            if move.origin not in inside
        ]
        tails = {move.origin for move in entering}
        causes = [telling.tell(entered_from(catalog, inside, entering))]
        shut = (move for move in gap.refused if move.pair[1] in inside)
        shut = (move for move in shut if move.pair[0] in gap.reached)
        causes.extend(telling.tell_all(refused(catalog, shut, scope)))
        causes.extend(sorted({numbers[tail] for tail in tails & beyond}))
        if tails - gap.known or not tails:
            causes.append(at_most)
        number = telling.tell(_unreached(catalog, inside, tuple(sorted(causes))))
        numbers.update(dict.fromkeys(inside, number))
    return numbers


def _unreached(catalog: Catalog, group: Sequence[CatalogId], because: tuple[int, ...]) -> Node:
    verb = "is" if len(group) == 1 else "are"
    return Node(
        "NOT_REACHED",
        f"{listed(catalog, group)} {verb} not reached",
        because=because,
        offers=tuple(group),
    )


def _narrowed(
    catalog: Catalog, telling: Telling, gap: Gap, scope: Scope, via: Offers, budget: int
) -> Iterator[int]:
    """Tell why a goal within reach is not met: what to pass, and how many steps."""
    apart = list(_apart(catalog, telling, gap, scope, via))
    if apart:
        yield from apart
        return
    yield from telling.tell_all(_demands(catalog, gap, scope, via, budget))
    # Another move could make another way, so what is left out and what is not known count too.
    yield from telling.tell_all(refused(catalog, gap.refused, scope))
    yield _at_most(catalog, telling, gap, gap.known, scope)


def _apart(
    catalog: Catalog, telling: Telling, gap: Gap, scope: Scope, via: Offers
) -> Iterator[int]:
    """Tell of the offers to pass that are not reached, or that lead to no goal."""
    for stop in sorted(via - {gap.origin}):
        if stop not in gap.reached:
            half = gap_between(catalog, gap.origin, frozenset({stop}), scope)
            why = "is not reached"
        elif stop not in gap.onward:
            half = gap_between(catalog, stop, gap.goals, scope)
            why = "leads to no goal"
        else:
            continue
        causes = tuple(_cut(catalog, telling, half, scope))
        yield telling.tell(_passed(catalog, stop, why, causes))


def _passed(catalog: Catalog, stop: CatalogId, why: str, causes: tuple[int, ...]) -> Node:
    return Node(
        "VIA_NOT_ON_THE_WAY",
        f"the question asks to pass {named(catalog, stop)}, which {why}",
        because=tuple(sorted(causes)),
        offers=(stop,),
        remedy="ask for fewer offers on the way",
    )


def _demands(catalog: Catalog, gap: Gap, scope: Scope, via: Offers, budget: int) -> Iterator[Node]:
    """Yield the demand that no way meets; and what is to be passed, where a way without it is."""
    demand = _demand(catalog, gap, scope, via, budget)
    yield demand
    stops = tuple(sorted(via - {gap.origin}))
    if demand.code != "TOO_FEW_STEPS" or not stops:
        return
    try:
        direct = _shortest(catalog, gap, scope, frozenset(), budget)
    except OutOfBudget:
        return
    steps = len(direct.nodes) - 1 if direct else None
    if steps is not None and scope.max_steps is not None and steps <= scope.max_steps:
        yield Node(
            "VIA_NOT_ON_THE_WAY",
            f"a way of {counted(steps, 'step')} leads there if it need not pass"
            f" {listed(catalog, stops)}",
            offers=stops,
            remedy="ask for fewer offers on the way",
        )


def _demand(catalog: Catalog, gap: Gap, scope: Scope, via: Offers, budget: int) -> Node:
    """Return the demand of the question that no way meets."""
    passing = f" that passes {listed(catalog, sorted(via))}" if via else ""
    try:
        shortest = _shortest(catalog, gap, scope, via, budget)
    except OutOfBudget as error:
        return Node(
            "TOO_FEW_STEPS",
            f"no way of {scope.max_steps} steps or fewer{passing} leads there; whether a longer one"
            f" does was not settled in {error.states} states",
            offers=tuple(sorted(via)),
            remedy="allow more steps",
        )
    if shortest is None:
        return Node(
            "VIA_NOT_ON_THE_WAY",
            f"no way that visits no offer twice{passing} leads to a goal",
            offers=tuple(sorted(via)),
            remedy="ask for fewer offers on the way",
        )
    way = tuple(map(CatalogId, shortest.nodes))
    return Node(
        "TOO_FEW_STEPS",
        f"the shortest way{passing} has {len(way) - 1} steps and the question allows"
        f" {scope.max_steps}: {' > '.join(named(catalog, offer) for offer in way)}",
        offers=tuple(sorted(via)),
        moves=tuple(pairwise(way)),
        remedy="allow more steps",
    )


def _shortest(catalog: Catalog, gap: Gap, scope: Scope, via: Offers, budget: int) -> Ranked | None:
    """Return the shortest way that meets all but the limit of steps. Raises: OutOfBudget."""
    view = view_for(catalog, scope)
    arcs = {tail: [(head, _ONE) for head, _ in arcs] for tail, arcs in view.arcs.items()}
    into = {head: [(tail, _ONE) for tail, _ in arcs] for head, arcs in view.reversed_arcs.items()}
    wanted = Wanted(gap.goals, via)
    bounds = lower_bounds(gap.goals, into, zero=(0,))
    return next(simple_paths(gap.origin, arcs, wanted, bounds, budget=Budget(budget)), None)
