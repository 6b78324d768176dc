"""How a plan shall be made: which moves it may use, what it prefers, what it does without."""

from dataclasses import dataclass, field

from planner.ids import CatalogId
from planner.plans.search.acts import StepKind
from planner.plans.search.asking import Asking
from planner.rules import NO_CHOICES, Choices
from planner.scope import Scope


@dataclass(frozen=True, slots=True)
class Wanted:
    """The same for every subscription of a plan."""

    scope: Scope
    choices: Choices = NO_CHOICES
    """What migrations shall choose where nothing else is needed."""
    without: frozenset[StepKind] = field(default_factory=frozenset)
    """Kinds of step that the plan does without."""
    free: frozenset[StepKind] = field(default_factory=frozenset)
    """Kinds of step that cost nothing, for a lower bound."""
    elsewhere_than: CatalogId | None = None
    """What no goal is met by ending as, for a lower bound."""
    staying: frozenset[str] = field(default_factory=frozenset)
    """Subscriptions that only a part shall leave: no other goal takes the rest along."""
    moves_along: bool = False
    """Whether an add-on counts as met once its base could take it along, for a lower bound."""
    asking: Asking = field(default_factory=Asking, compare=False, repr=False)
    """The rules that are asked, with what they said already; a relaxed search asks fewer."""
