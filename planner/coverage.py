"""What each source covers, and so whether absence from it means no or not known."""

from dataclasses import dataclass
from datetime import date

from planner.offers import Segment
from planner.transitions import TransitionKind


@dataclass(frozen=True, slots=True)
class Source:
    """A document, list or recorded answer from which the catalog's facts come."""

    source_id: str
    title: str
    dated: date | None
    """The day it speaks for."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """A scope in which one source is complete: what it omits there does not exist.

    `kind` None speaks of offers on sale (a price list), else of moves of that kind going out of
    the offers that the same source lists.
    """

    source_id: str
    kind: TransitionKind | None
    market: str | None
    """ISO code; None where the source covers every market."""
    segment: Segment | None
    starts: date | None
    ends: date | None
    """Exclusive."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class MissingList:
    """A list that exists behind Microsoft's login, and the kind of move it would settle."""

    kind: TransitionKind
    title: str
    remedy: str
