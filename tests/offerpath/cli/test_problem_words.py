"""A remedy at the terminal names commands and options, and nothing of GraphQL."""

import pytest

from offerpath.cli.exits import CannotPlan, Missing
from offerpath.cli.problems import problem_of
from planner.goals import UnknownProduct, UnknownServicePlan
from resolvers.codes.code import Code
from resolvers.plans.refusals import plan_not_found, step_not_found
from resolvers.problems import BadInput, goal_not_found

_SAID = {
    "a malformed id": BadInput(Code.MALFORMED_ID, "'x' is no id"),
    "a page too large": BadInput(Code.FIRST_OUT_OF_RANGE, "`first` is 0"),
    "no such product": Missing(goal_not_found(UnknownProduct("CFQ7TTC0ZZZZ"))),
    "no such service plan": Missing(goal_not_found(UnknownServicePlan("x"))),
    "no such plan": Missing(plan_not_found("00000000-0000-4000-8000-000000000000")),
    "no such step": CannotPlan(step_not_found("9")),
}


@pytest.mark.parametrize("error", _SAID.values(), ids=_SAID)
def test_remedies_speak_of_the_command_line(error: Exception) -> None:
    remedy = problem_of(error).remedy or ""
    assert remedy
    for word in ("API", "`after`", "`first`", "text:", "servicePlans"):
        assert word not in remedy


def test_a_step_may_be_named_by_its_number() -> None:
    assert "number" in (problem_of(_SAID["no such step"]).remedy or "")
