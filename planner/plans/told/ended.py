"""Goals whose subscription the plan itself ended: what stopped them before it did."""

from planner.plans.search.acts import StepKind
from planner.plans.search.situation import Situation
from planner.plans.search.solution import Done, Solution

_ENDS = frozenset({StepKind.CANCEL, StepKind.TURN_OFF_AUTO_RENEWAL})


def ended_by(solution: Solution, subscription_id: str) -> Done | None:
    """Return the act that ended a subscription, for another goal's sake; None where none did."""
    own = (one for one in solution.done if one.act.subscription_id == subscription_id)
    return next((one for one in own if one.act.kind in _ENDS), None)


def judged_in(solution: Solution, subscription_id: str) -> Situation:
    """Return the situation in which it is asked what stops a goal that is not met.

    It is the last one; for what the plan ends, the one before that: afterwards nothing but the
    plan's own doing would be found.
    """
    ending = ended_by(solution, subscription_id)
    return solution.situation if ending is None else ending.before


def words_of_ended(solution: Solution, subscription_id: str) -> str:
    """Say that the plan ends it; empty where it does not."""
    ending = ended_by(solution, subscription_id)
    if ending is None:
        return ""
    how = "cancels it" if ending.act.kind is StepKind.CANCEL else "lets it end with its term"
    return f"the plan {how}, since it is in the way of another goal"
