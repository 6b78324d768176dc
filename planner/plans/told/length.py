"""How many steps a plan takes: to wait for a day is a line of it, and no step of anybody's."""

from collections.abc import Sequence

from planner.counting import counted
from planner.plans.search.acts import StepKind
from planner.plans.told.steps import PlanStep


def steps_taken(steps: Sequence[PlanStep]) -> int:
    """Return how many of a plan's lines somebody acts on, as its merit counts them."""
    return sum(step.kind is not StepKind.WAIT_UNTIL for step in steps)


def length_of(steps: Sequence[PlanStep]) -> str:
    """Return `3 steps`, `3 steps and 1 wait` where a plan waits, or `1 wait` alone."""
    taken = steps_taken(steps)
    waits = len(steps) - taken
    told = counted(taken, "step")
    waited = counted(waits, "wait")
    if waits and not taken:
        return waited
    return f"{told} and {waited}" if waits else told
