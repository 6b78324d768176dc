"""What can be done on the way of a plan: one act, before it is told as a step."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from planner.blockers import Assumption, Blocker, Remedy, Unanswered
from planner.ids import CatalogId
from planner.rules import NO_CHOICES, Choices, Mode
from planner.transitions import Transition


class StepKind(StrEnum):
    """The steps a plan is made of."""

    ADD_SEATS = "ADD_SEATS"
    REDUCE_SEATS = "REDUCE_SEATS"
    REACTIVATE = "REACTIVATE"
    WAIT_UNTIL = "WAIT_UNTIL"
    CANCEL = "CANCEL"
    TURN_OFF_AUTO_RENEWAL = "TURN_OFF_AUTO_RENEWAL"
    CANCEL_ELSEWHERE = "CANCEL_ELSEWHERE"
    TRANSFER_IN = "TRANSFER_IN"
    GET_AGREEMENT = "GET_AGREEMENT"
    GET_PERMISSION = "GET_PERMISSION"
    CORRECT_PARTNER_ID = "CORRECT_PARTNER_ID"
    CONVERT_TRIAL = "CONVERT_TRIAL"
    MIGRATE = "MIGRATE"
    SCHEDULE_MIGRATION = "SCHEDULE_MIGRATION"
    UPGRADE = "UPGRADE"
    CONVERT = "CONVERT"
    CONVERT_INTO_EXISTING = "CONVERT_INTO_EXISTING"
    BUY_NEW = "BUY_NEW"
    BUY_PREREQUISITE = "BUY_PREREQUISITE"
    DETACH_ADDON = "DETACH_ADDON"
    REASSIGN_LICENSES = "REASSIGN_LICENSES"


MOVES = frozenset(
    {
        StepKind.CONVERT_TRIAL,
        StepKind.MIGRATE,
        StepKind.SCHEDULE_MIGRATION,
        StepKind.DETACH_ADDON,
        StepKind.UPGRADE,
        StepKind.CONVERT,
        StepKind.CONVERT_INTO_EXISTING,
    }
)
"""Steps that walk an edge of the catalog graph."""


_IN_PARTS = frozenset(
    {StepKind.CONVERT, StepKind.CONVERT_INTO_EXISTING, StepKind.REASSIGN_LICENSES}
)


@dataclass(frozen=True, slots=True)
class Member:
    """An add-on that moves along with its base, by an edge of its own."""

    subscription_id: str
    transition: Transition
    choices: Choices = NO_CHOICES


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done to one subscription for the sake of one goal."""

    kind: StepKind
    subscription_id: str
    """What it is done to; for purchases what it is done for; empty for the whole customer."""
    at: datetime
    """The earliest instant at which it can be done."""
    transition: Transition | None = None
    choices: Choices = NO_CHOICES
    members: tuple[Member, ...] = ()
    offer: CatalogId | None = None
    """What is bought, or what a subscription that is transferred in is known to be of."""
    seats: int | None = None
    """Seats afterwards."""
    until: date | None = None
    """The day on which it takes effect, where that is later."""
    remedy: Remedy | None = None
    """The remedy of a blocker that it carries out."""
    clears: tuple[str, ...] = ()
    """Codes of the blockers that it removes."""
    because: str = ""
    """What the blocker says that it removes."""
    blockers: tuple[Blocker, ...] = ()
    """What was found and does not stop it."""
    unanswered: tuple[Unanswered, ...] = ()
    assumes: tuple[Assumption, ...] = ()

    @property
    def edge(self) -> Transition:
        """The edge that it walks. Raises: ValueError for an act that walks none."""
        if self.transition is None:
            raise ValueError(f"{self.kind} walks no edge")
        return self.transition

    @property
    def part(self) -> int | None:
        """How many of the seats it is about, where the rest stays as it is; None where all."""
        return self.choices.seats if self.kind in _IN_PARTS else None

    @property
    def key(self) -> str:
        """Name the act by what is done to what; the same in every plan."""
        end = self.transition.target if self.transition else self.offer
        action = self.remedy and not self.subscription_id and self.remedy.action
        chosen = self.choices
        parts = (
            self.kind,
            self.subscription_id,
            action,
            end,
            chosen.into,
            chosen.term,
            chosen.billing_cycle,
            "NEW_TERM" if chosen.full_new_term else None,
            "TRANSFER" if chosen.mode is Mode.WITH_LICENSE_TRANSFER else None,
            chosen.seats,
            self.until,
        )
        return "/".join(str(part) for part in parts if part)


def bought_id(act: Act) -> str:
    """Name the subscription that an act buys, or makes of a part, before Partner Center has."""
    return f"{act.subscription_id}>{act.offer or act.edge.target}"


@dataclass(frozen=True, slots=True)
class Opening:
    """One or more acts that are done together, and how they weigh."""

    acts: tuple[Act, ...]
    unknown: int = 0
    """How many of them stand on a deciding question that is not answered."""
