"""What a search for the acts of a plan comes to: the acts, and what became of each goal."""

from dataclasses import dataclass
from enum import StrEnum

from planner.plans.goals import SubscriptionGoal
from planner.plans.search.acts import Act
from planner.plans.search.situation import Situation
from planner.search import Cost


class Exactness(StrEnum):
    """Whether a component's acts are proven to be the best ones."""

    EXACT = "EXACT"
    BEST_FOUND = "BEST_FOUND"


class Status(StrEnum):
    """What became of a goal."""

    OPEN = "OPEN"
    MET = "MET"
    UNMET = "UNMET"


@dataclass(frozen=True, slots=True)
class Pursuit:
    """A goal in the middle of a plan; its subscription may be another one by now."""

    goal: SubscriptionGoal
    status: Status = Status.OPEN


@dataclass(frozen=True, slots=True)
class Done:
    """An act, for which goal of the component (by position) it was done, and what it led to."""

    goal: int
    act: Act
    before: Situation
    after: Situation


@dataclass(frozen=True, slots=True)
class Solution:
    """The acts of one component in order, and what they cost."""

    cost: Cost
    done: tuple[Done, ...]
    pursuits: tuple[Pursuit, ...]
    """In the order of the component's goals; none is OPEN."""
    situation: Situation
    exactness: Exactness
    states: int
    """How many times a goal was looked at in a situation."""
