"""How a plan shall be made: which moves it may use, what it prefers, what it does without."""

from dataclasses import dataclass, field

from planner.plans.acts import StepKind
from planner.rules import NO_CHOICES, RULES, Choices, Rule
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
    rules: tuple[Rule, ...] = RULES
    """The rules that are asked; a relaxed search asks fewer."""
