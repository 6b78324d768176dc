"""What a rule looks at: one step of a path, in the hands of one subscription of one customer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from planner.blockers import Blocker, Unanswered
from planner.catalog import Catalog
from planner.customers import Customer, Subscription
from planner.holdings import others_of
from planner.ids import CatalogId
from planner.permissions import Acting
from planner.transitions import Transition


class Mode(StrEnum):
    """Whether the move shall reassign the licences [docs/sources.md 1 and 2: transitionType]."""

    WITH_LICENSE_TRANSFER = "WITH_LICENSE_TRANSFER"
    WITHOUT_LICENSE_TRANSFER = "WITHOUT_LICENSE_TRANSFER"


@dataclass(frozen=True, slots=True)
class Choices:
    """What whoever moves a subscription may choose; None keeps what the subscription has.

    Source: docs/sources.md 2 (transitions: mode, quantity, target subscription, scheduled) and 3
    (migrations: term, billing, quantity, purchaseFullTerm, customTermEndDate, migrateOnRenewal).
    """

    mode: Mode = Mode.WITHOUT_LICENSE_TRANSFER
    term: str | None = None
    """ISO 8601 duration: P1M, P1Y, P3Y."""
    billing_cycle: str | None = None
    seats: int | None = None
    """Seats after the move; for a conversion fewer than the source has is a partial one."""
    full_new_term: bool = False
    custom_end: date | None = None
    """Last day of the first term, inclusive."""
    into: str | None = None
    """The existing subscription that a conversion adds its seats to."""
    at_renewal: bool = False
    """Carried out when the term ends, not now."""


NO_CHOICES = Choices()
"""Everything stays as it is, now, without licence transfer."""


@dataclass(frozen=True, slots=True)
class StepInHand:
    """A step that a subscription is to take; before it, the subscription has taken the earlier."""

    catalog: Catalog
    customer: Customer
    subscription: Subscription
    transition: Transition
    is_first: bool
    is_last: bool
    choices: Choices
    acting: Acting
    at: datetime
    _others: tuple[Subscription, ...] | None = field(
        default=None, init=False, compare=False, repr=False
    )

    @property
    def others(self) -> tuple[Subscription, ...]:
        """What the customer holds beside the subscription; every rule that looks at it shares it,
        and many a step has none that does.
        """
        if self._others is None:
            found = tuple(others_of(self.catalog, self.customer, self.subscription))
            object.__setattr__(self, "_others", found)
            return found
        return self._others

    @property
    def mode(self) -> Mode:
        return self.choices.mode

    @property
    def pair(self) -> tuple[CatalogId, CatalogId]:
        return self.transition.origin, self.transition.target

    @property
    def target(self) -> CatalogId:
        return self.transition.target

    @property
    def target_title(self) -> str:
        return self.catalog.offers[self.target].title


def beside(step: StepInHand) -> Iterator[Subscription]:
    """Yield what the customer holds beside the subscription, but for what it is moved into."""
    for other in step.others:
        if other.subscription_id != step.choices.into:
            yield other


Answer = tuple[Blocker | Unanswered, ...]
"""Empty is CLEAR; a blocker is FAILS; an unanswered one alone is UNKNOWN with its fields."""

CLEAR: Answer = ()
