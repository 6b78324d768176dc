"""What a move from one offer to another is, and who claims or denies it."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from planner.ids import CatalogId
from planner.offers import Segment


class TransitionKind(StrEnum):
    """The four kinds of edge."""

    LEGACY_UPGRADE = "LEGACY_UPGRADE"
    MIGRATION = "MIGRATION"
    CONVERSION = "CONVERSION"
    TRIAL_CONVERSION = "TRIAL_CONVERSION"


class Execution(StrEnum):
    """How a transition is carried out: by Partner Center's API, or by hand."""

    API = "API"
    MANUAL = "MANUAL"


class EvidenceKind(IntEnum):
    """Who says so, weakest first, so that the greater one is the stronger."""

    INFERRED = 1
    DERIVED = 2
    OFFER_MATRIX = 3
    API_RECORDED = 4
    DOCUMENTED = 5
    PARTNER_CENTER = 6


class Stance(StrEnum):
    """Whether a source claims that the move exists or denies it."""

    CLAIMS = "CLAIMS"
    DENIES = "DENIES"


@dataclass(frozen=True, slots=True)
class Claim:
    """One source's word on one move."""

    origin: CatalogId
    target: CatalogId
    kind: TransitionKind
    stance: Stance
    evidence: EvidenceKind
    source: str
    dated: date | None
    """The day the source speaks for; None where it carries no date."""
    execution: Execution = Execution.API
    is_sample: bool = False
    """True where the source is a sample payload in the documentation."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sources that disagree about one move, told to the user and never resolved silently."""

    origin: CatalogId
    target: CatalogId
    code: str
    message: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Transition:
    """One edge: the claims that carry it, the denials that do not beat them, the conflicts."""

    origin: CatalogId
    target: CatalogId
    kind: TransitionKind
    execution: Execution
    claims: tuple[Claim, ...]
    """At least one, strongest first."""
    denials: tuple[Claim, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    candidates: tuple[CatalogId, ...] = ()
    """For a MIGRATION of an offer with several candidate equivalents: all of them."""

    @property
    def evidence(self) -> EvidenceKind:
        """An edge is as strong as its strongest claim."""
        return self.claims[0].evidence


class WindowState(StrEnum):
    """What a source's dates say of a kind of move on a day."""

    OPEN = "OPEN"
    CONTESTED = "CONTESTED"
    CLOSED = "CLOSED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of days in which a kind of move is open, closed, or contested between sources."""

    kind: TransitionKind
    segment: Segment | None
    """None where the window holds for every segment."""
    starts: date | None
    """First day, inclusive; None where the source names none."""
    ends: date | None
    """First day on which it no longer holds, exclusive; None while it is open-ended."""
    state: WindowState
    message: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """An add-on and one of the offers that it needs; any one of them is enough."""

    addon: CatalogId
    base: CatalogId
    source: str
