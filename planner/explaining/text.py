"""An explanation as numbered lines for people, and as a Mermaid drawing: strings alone."""

from collections.abc import Iterator, Sequence

from planner.catalog import Catalog
from planner.counting import phrase
from planner.explaining.changes import Exactness, Opening
from planner.explaining.explain import Explanation, Frontier
from planner.explaining.nodes import Node, listed, named
from planner.ids import CatalogId

_LINES = 60
"""How many causes are told before the middle ones are counted."""
_SOURCES = 3
_MOVES = 8
_UNKNOWN = 3
_OFFERS_DRAWN = 30
_GOALS_DRAWN = 10
_UNKNOWN_DRAWN = 3


def text_lines(catalog: Catalog, explanation: Explanation) -> tuple[str, ...]:
    """Return the explanation as lines without line ends: causes first, changes last.

    Each cause stands on one line under its number; an empty line parts the sections.
    """
    return (
        f"{explanation.verdict.value}: {explanation.no_path.message}.",
        *_causes(explanation.nodes),
        "",
        *_frontier_lines(catalog, explanation.frontier),
        "",
        *_change_lines(catalog, explanation),
    )


def _causes(nodes: Sequence[Node]) -> Iterator[str]:
    half = _LINES // 2
    for node in nodes:
        if len(nodes) <= _LINES or not half < node.number <= len(nodes) - half:
            yield f"{node.number}. {cause_line(node)}"
        elif node.number == half + 1:
            yield f"... and {len(nodes) - 2 * half} more causes ..."


def cause_line(node: Node) -> str:
    """Return a node in one sentence with what it follows from, or who says so."""
    told = node.statement.rstrip(".")
    if node.because:
        return f"Because of {_numbers(node.because)}, {told}."
    sources = f" [{phrase(node.sources, most=_SOURCES)}]" if node.sources else ""
    return f"{told[:1].upper()}{told[1:]}.{sources}"


def _numbers(numbers: Sequence[int]) -> str:
    """Return numbers in order, three or more in a row as `1 to 3`."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told = [
        part
        for run in runs
        for part in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run))
    ]
    return phrase(told, most=len(told))


def _frontier_lines(catalog: Catalog, frontier: Frontier) -> Iterator[str]:
    yield f"Nothing allowed leads on from {listed(catalog, frontier.ends)}."
    if frontier.entry_count == len(frontier.entries):
        begin = listed(catalog, frontier.entries)
    else:
        begin = f"{frontier.entry_count} offers"
    yield f"Ways to the goal begin at {begin}, which nothing allowed leads to."
    gaps = [
        *(
            f"refused ({', '.join(move.refusals)}): {_move(catalog, *move.pair)}"
            for move in frontier.refused[:_MOVES]
        ),
        *(f"denied: {_move(catalog, *pair)}" for pair in frontier.denied[:_MOVES]),
        *(
            f"not known ({move.kind}): {_move(catalog, move.origin, move.target)}"
            for move in frontier.unknown[:_UNKNOWN]
        ),
    ]
    yield from (f"   {gap}" for gap in gaps)
    every = len(frontier.refused) + len(frontier.denied) + frontier.unknown_count
    if every > len(gaps):
        yield f"   and {every - len(gaps)} more"


def _move(catalog: Catalog, origin: CatalogId, target: CatalogId) -> str:
    return f"{named(catalog, origin)} > {named(catalog, target)}"


def _change_lines(catalog: Catalog, told: Explanation) -> Iterator[str]:
    changes = told.changes
    if not changes.openings:
        yield (
            "No change of the question opens a way."
            if changes.is_exhaustive
            else "Whether a change of the question opens a way was not settled."
        )
        yield from _remedies(told.nodes)
        return
    yield "A way opens where you:"
    for number, opening in enumerate(changes.openings, start=1):
        yield f"   {number}) {change_line(catalog, opening)}"
    if not changes.is_exhaustive:
        yield f"   There may be more: the search ended after {changes.tried} sets of changes."


def _remedies(nodes: Sequence[Node]) -> Iterator[str]:
    """Yield what else helps, each once, in the order of the causes."""
    for remedy in dict.fromkeys(node.remedy for node in nodes if node.remedy):
        yield f"   Instead: {remedy.rstrip('.')}."


def change_line(catalog: Catalog, opening: Opening) -> str:
    """Return a set of changes in one sentence with the path that it opens."""
    orders = "; and ".join(change.message for change in opening.changes)
    bound = "at best, " if opening.exactness is Exactness.UPPER_BOUND else ""
    if opening.path is None:
        return f"{bound}{orders}."
    way = " > ".join(named(catalog, offer) for offer in opening.path.offers)
    return f"{bound}{orders}: {way}, {opening.path.readiness.value}."


def mermaid(catalog: Catalog, explanation: Explanation) -> str:
    """Return a Mermaid flowchart of the frontier, at most 30 offers, the rest counted.

    Arrows: plain for allowed moves, dashed for refused ones with the reasons, crossed for denied
    ones; a dotted line for a move that no source claims. Titles are escaped, so that no title can
    change the drawing.
    """
    return "\n".join(_Drawing(catalog, explanation).lines())


class _Drawing:
    """Gives each drawn offer a name of Mermaid's own, so that ids need no escaping."""

    def __init__(self, catalog: Catalog, explanation: Explanation) -> None:
        self._catalog = catalog
        self._told = explanation
        self._names: dict[CatalogId, str] = {}
        offers = list(dict.fromkeys(self._offers_by_weight()))
        for offer in offers[:_OFFERS_DRAWN]:
            self._names[offer] = f"n{len(self._names) + 1}"
        self._left_out = len(offers) - len(self._names)

    def lines(self) -> Iterator[str]:
        yield "flowchart LR"
        for offer, name in self._names.items():
            title = self._catalog.offers[offer].title
            yield f'  {name}["{escaped(title)}<br/>{escaped(offer)}"]{self._style(offer)}'
        if self._left_out:
            yield f'  more["and {self._left_out} more"]'
        if not self._are_few:
            yield f'  goals["any of {len(self._told.goals)} offers"]:::goal'
        yield from self._arrows()
        yield "  classDef origin stroke-width:3px"
        yield "  classDef goal stroke-width:3px,stroke-dasharray:6 3"

    def _offers_by_weight(self) -> Iterator[CatalogId]:
        """Yield what must be drawn first: both ends, then refused moves, then the rest."""
        frontier = self._told.frontier
        yield self._told.origin
        if self._are_few:
            yield from self._told.goals
        for refused in frontier.refused:
            yield from refused.pair
        for pair in frontier.denied:
            yield from pair
        for unknown in frontier.unknown[:_UNKNOWN_DRAWN]:
            yield from (unknown.origin, unknown.target)
        yield from frontier.ends
        yield from frontier.reached
        if self._are_few:
            yield from frontier.entries

    @property
    def _are_few(self) -> bool:
        return len(self._told.goals) <= _GOALS_DRAWN

    def _style(self, offer: CatalogId) -> str:
        if offer == self._told.origin:
            return ":::origin"
        return ":::goal" if offer in self._told.goals else ""

    def _arrows(self) -> Iterator[str]:
        frontier = self._told.frontier
        for move in frontier.moves:
            yield from self._arrow(move.origin, "-->", move.kind, move.target)
        for refused in frontier.refused:
            yield from self._arrow(
                refused.pair[0], "-.->", ", ".join(refused.refusals), refused.pair[1]
            )
        for origin, target in frontier.denied:
            yield from self._arrow(origin, "--x", "DENIED_BY_SOURCE", target)
        for unknown in frontier.unknown[:_UNKNOWN_DRAWN]:
            yield from self._arrow(
                unknown.origin, "-.-", f"{unknown.kind}: no source claims it", unknown.target
            )

    def _arrow(self, tail: CatalogId, arrow: str, label: str, head: CatalogId) -> Iterator[str]:
        if tail in self._names and head in self._names:
            yield f'  {self._names[tail]} {arrow}|"{escaped(label)}"| {self._names[head]}'


_ENTITIES = {
    '"': "#quot;",
    "#": "#35;",
    "&": "#amp;",
    "<": "#lt;",
    ">": "#gt;",
    "`": "#96;",
    "\\": "#92;",
    "\r": " ",
    "\n": " ",
}
_ESCAPES = str.maketrans(_ENTITIES)


def escaped(text: str) -> str:
    """Return text as it may stand between a Mermaid label's quotes."""
    return text.translate(_ESCAPES)
