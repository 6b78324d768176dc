"""What a tree of causes is made of: numbered facts, and statements that follow from them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from planner.catalog import Catalog
from planner.counting import phrase
from planner.edges import Pair
from planner.ids import CatalogId
from planner.transitions import TransitionKind

NAMED = 4
"""How many offers or moves a statement names before it counts the rest."""


@dataclass(frozen=True, slots=True)
class Node:
    """A fact, or a statement that follows from facts told before it.

    A fact is either a known thing with its sources or a demand of the question itself.
    """

    code: str
    statement: str
    number: int = 0
    """From 1; causes come before what follows from them."""
    because: tuple[int, ...] = ()
    """The numbers of its causes, all smaller than its own; empty for a fact."""
    offers: tuple[CatalogId, ...] = ()
    """The offers that it speaks of, in order of id."""
    moves: tuple[Pair, ...] = ()
    """The moves that it speaks of, in order of their ends."""
    kind: TransitionKind | None = None
    """For an absence: the kind of move that no source names out of these offers."""
    sources: tuple[str, ...] = ()
    remedy: str | None = None
    opens: date | None = None
    """The first day on which it no longer holds."""

    @property
    def is_fact(self) -> bool:
        return not self.because


class Telling:
    """Numbers the nodes as they are told; what was told before keeps its number."""

    def __init__(self) -> None:
        self._numbers: dict[Node, int] = {}
        self._nodes: list[Node] = []

    @property
    def nodes(self) -> tuple[Node, ...]:
        return tuple(self._nodes)

    def tell(self, node: Node) -> int:
        """Return the number of a node, which is new only where nobody told the same before."""
        if node not in self._numbers:
            self._numbers[node] = len(self._nodes) + 1
            self._nodes.append(replace(node, number=self._numbers[node]))
        return self._numbers[node]

    def tell_all(self, nodes: Iterable[Node]) -> tuple[int, ...]:
        """Return the numbers of nodes in their order."""
        return tuple(self.tell(node) for node in nodes)


def named(catalog: Catalog, catalog_id: CatalogId) -> str:
    """Return an offer as title and id, of a GUID its first part, by which offers are found too."""
    offer = catalog.offers.get(catalog_id)
    short = catalog_id.partition("-")[0]
    return f"{offer.title} ({short})" if offer else short


def listed(catalog: Catalog, offers: Iterable[CatalogId]) -> str:
    """Return offers in one phrase: the first few by title and id, the others counted."""
    return phrase([named(catalog, offer) for offer in offers], most=NAMED)


def listed_moves(catalog: Catalog, moves: Iterable[Pair]) -> str:
    """Return moves in one phrase, each as `from > to`."""
    return phrase(
        [f"{named(catalog, tail)} > {named(catalog, head)}" for tail, head in moves], most=NAMED
    )
