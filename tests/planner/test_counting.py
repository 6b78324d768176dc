"""Counts are told as people read them, waits apart from steps."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.counting import counted, more_or_fewer
from planner.plans.search.acts import StepKind
from planner.plans.told.length import length_of, steps_taken
from tests.planner.plans.saved.test_plan_document import STEP

STEPS = ("step", "steps")
WORDS = ("fewer", "more")


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 steps"), (1, "1 step"), (2, "2 steps"), (11, "11 steps")]
)
def test_one_is_told_apart_from_several(number: int, said: str) -> None:
    assert counted(number, "step") == said


def test_a_plural_that_is_not_the_one_with_an_s_is_given() -> None:
    assert (counted(1, "user has", "users have"), counted(2, "user has", "users have")) == (
        "1 user has",
        "2 users have",
    )


@given(st.integers(0, 99), st.integers(0, 99))
def test_a_change_and_its_reverse_tell_the_same_number(before: int, after: int) -> None:
    there = more_or_fewer(before, after, STEPS, WORDS)
    back = more_or_fewer(after, before, STEPS, WORDS)
    if before == after:
        assert there == back == ""
        return
    assert there.rpartition(" ")[0] == back.rpartition(" ")[0]
    assert {there.rpartition(" ")[2], back.rpartition(" ")[2]} == set(WORDS)
    assert there.endswith("more") == (after > before)
    assert there.startswith(f"{abs(after - before)} step")


def test_what_is_not_known_on_one_side_is_not_told() -> None:
    assert more_or_fewer(None, 3, STEPS, WORDS) == more_or_fewer(3, None, STEPS, WORDS) == ""


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        ((), "0 steps"),
        ((StepKind.MIGRATE,), "1 step"),
        ((StepKind.WAIT_UNTIL, StepKind.MIGRATE), "1 step and 1 wait"),
        ((StepKind.WAIT_UNTIL, StepKind.MIGRATE, StepKind.WAIT_UNTIL), "1 step and 2 waits"),
        ((StepKind.CANCEL, StepKind.MIGRATE), "2 steps"),
        ((StepKind.WAIT_UNTIL,), "1 wait"),
    ],
)
def test_to_wait_is_no_step_and_is_told(kinds: tuple[StepKind, ...], said: str) -> None:
    steps = [replace(STEP, kind=kind) for kind in kinds]
    assert length_of(steps) == said
    assert steps_taken(steps) == sum(kind is not StepKind.WAIT_UNTIL for kind in kinds)
