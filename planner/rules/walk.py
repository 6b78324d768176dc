"""What a rule looks at: one step of a path, in the hands of one subscription of one customer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from planner.blockers import Blocker, Unanswered
from planner.catalog import Catalog
from planner.customers import Customer, Subscription
from planner.ids import CatalogId
from planner.transitions import Transition


class Mode(StrEnum):
    """Whether the move shall reassign the licences [docs/sources.md 1 and 2: transitionType]."""

    WITH_LICENSE_TRANSFER = "WITH_LICENSE_TRANSFER"
    WITHOUT_LICENSE_TRANSFER = "WITHOUT_LICENSE_TRANSFER"


@dataclass(frozen=True, slots=True)
class StepInHand:
    """A step that a subscription is to take; before it, the subscription has taken the earlier."""

    catalog: Catalog
    customer: Customer
    subscription: Subscription
    transition: Transition
    is_first: bool
    mode: Mode
    at: datetime

    @property
    def pair(self) -> tuple[CatalogId, CatalogId]:
        return self.transition.origin, self.transition.target

    @property
    def target(self) -> CatalogId:
        return self.transition.target

    @property
    def target_title(self) -> str:
        return self.catalog.offers[self.target].title


Answer = tuple[Blocker | Unanswered, ...]
"""Empty is CLEAR; a blocker is FAILS; an unanswered one alone is UNKNOWN with its fields."""

CLEAR: Answer = ()
