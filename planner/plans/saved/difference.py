"""How two plans differ: step by step, goal by goal, field by field, and why where that is known."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TypeVar

from planner.blockers import Blocker, Unanswered
from planner.plans.saved.fingerprint import Parts
from planner.plans.saved.said import told_apart
from planner.plans.saved.staleness import Moved, StaleReason, moved_parts
from planner.plans.told.steps import Outcome, Plan, PlanStep

_One = TypeVar("_One", PlanStep, Outcome)


class Change(StrEnum):
    """What became of a step or a goal from the old plan to the new one."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"
    CHANGED = "CHANGED"
    SAME = "SAME"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a step, a goal or the plan, in words; None where it said nothing."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ChangeReason:
    """Why something differs, as far as the plans themselves can tell."""

    code: str
    """BLOCKER_CAME, BLOCKER_WENT, OPENS, DATE_PASSED, GOAL_ADDED, GOAL_CHANGED, GOAL_REMOVED; or
    what moved: FACT, CATALOG, RULES, QUESTION."""
    message: str
    part: str = ""
    """The part of the fingerprint that moved, the blocker's code, or the step's key."""


@dataclass(frozen=True, slots=True)
class StepDifference:
    """One step, by its key in the new plan, else in the old; both where it is CHANGED or the SAME.

    A step that is CHANGED may have had another key.
    """

    key: str
    change: Change
    old: PlanStep | None
    new: PlanStep | None
    fields: tuple[FieldChange, ...] = ()
    reasons: tuple[ChangeReason, ...] = ()


@dataclass(frozen=True, slots=True)
class OutcomeDifference:
    """One goal, by its subscription."""

    subscription_id: str
    change: Change
    old: Outcome | None
    new: Outcome | None
    fields: tuple[FieldChange, ...] = ()
    reasons: tuple[ChangeReason, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanDifference:
    """All that differs between two plans, what is the same included."""

    steps: tuple[StepDifference, ...]
    """The new plan's steps in its order, then those that it has no longer, in the old one's."""
    outcomes: tuple[OutcomeDifference, ...]
    """In order of the subscriptions' ids."""
    fields: tuple[FieldChange, ...]
    """Of the plans as wholes: when they are made for, complete, hold until; merit, exactness."""
    moved: tuple[StaleReason, ...]
    """What moved between them; empty where the parts of both are not at hand."""

    @property
    def is_same(self) -> bool:
        """Whether the same is done for the same ends."""
        steps = all(step.change is Change.SAME for step in self.steps)
        return steps and all(one.change is Change.SAME for one in self.outcomes)


def difference(
    old: Plan, new: Plan, *, old_parts: Parts | None = None, new_parts: Parts | None = None
) -> PlanDifference:
    """Return how `new` differs from `old`; `difference(plan, plan)` is the same throughout."""
    moved = moved_parts(old_parts, new_parts) if old_parts and new_parts else ()
    case = _Case(old, new, moved)
    return PlanDifference(
        tuple(_steps(case)),
        tuple(_outcomes(case)),
        _changes(old, new, _WHOLE),
        moved,
    )


_WHOLE = ("at", "merit", "completes_on", "valid_until", "exactness")


@dataclass(frozen=True, slots=True)
class _Case:
    old: Plan
    new: Plan
    moved: tuple[StaleReason, ...]


def _steps(case: _Case) -> Iterator[StepDifference]:
    same = _same_steps(case.old.steps, case.new.steps)
    before = {same.get(step.key, step.key): step for step in case.old.steps}
    after = {step.key: step for step in case.new.steps}
    for key in (*after, *(key for key in before if key not in after)):
        old, new = before.get(key), after.get(key)
        change, changed = _compared(old, new)
        reasons = () if change is Change.SAME else tuple(_step_reasons(case, old, new))
        yield StepDifference(key, change, old, new, changed, reasons)


def _same_steps(old: Sequence[PlanStep], new: Sequence[PlanStep]) -> Mapping[str, str]:
    """Return the new keys of old steps that do the same to the same, chosen otherwise.

    A key names the term, the billing and the seats too: such a step is changed, not lost and added.
    """
    keys = {step.key for step in old} & {step.key for step in new}
    left, came = ([one for one in steps if one.key not in keys] for steps in (old, new))
    found: dict[str, str] = {}
    for alike in (_doing, _done_to):
        lost, added = (Counter(map(alike, steps)) for steps in (left, came))
        once = {alike(one): one.key for one in came if added[alike(one)] == 1}
        for one in left:
            if lost[alike(one)] == 1 and alike(one) in once:
                found[one.key] = once[alike(one)]
        left = [one for one in left if one.key not in found]
        came = [one for one in came if one.key not in found.values()]
    return found


def _doing(step: PlanStep) -> tuple[str | None, ...]:
    return step.kind, step.subscription_id, step.target, step.into


def _done_to(step: PlanStep) -> tuple[str | None, ...]:
    return step.kind, step.subscription_id


def _outcomes(case: _Case) -> Iterator[OutcomeDifference]:
    before = {one.goal.subscription_id: one for one in case.old.outcomes}
    after = {one.goal.subscription_id: one for one in case.new.outcomes}
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        change, changed = _compared(old, new)
        reasons = () if change is Change.SAME else tuple(_outcome_reasons(case, key, old, new))
        yield OutcomeDifference(key, change, old, new, changed, reasons)


def _compared(old: _One | None, new: _One | None) -> tuple[Change, tuple[FieldChange, ...]]:
    if old is None:
        return Change.ADDED, ()
    if new is None:
        return Change.REMOVED, ()
    changed = _changes(old, new, tuple(one.name for one in fields(new)))
    return (Change.CHANGED if changed else Change.SAME), changed


def _changes(old: object, new: object, names: Sequence[str]) -> tuple[FieldChange, ...]:
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in names)
    return tuple(
        FieldChange(name, *told_apart(before, after))
        for name, before, after in pairs
        if before != after
    )


def _step_reasons(
    case: _Case, old: PlanStep | None, new: PlanStep | None
) -> Iterator[ChangeReason]:
    if old is not None and new is not None:
        yield from _findings(_codes(old), _codes(new))
        if old.earliest.day != new.earliest.day and old.earliest.day < case.new.at.date():
            message = f"{old.earliest.day}, its earliest day, is over"
            yield ChangeReason("DATE_PASSED", message, new.key)
    either = new or old
    if either is None:
        return
    if old is None or new is None:
        yield from _goal_reasons(case, either.subscription_id)
        yield from _came(either) if old is None else _expired(case, either)
    ids = (either.subscription_id, either.origin, either.target, either.into)
    yield from _moved(case, filter(None, ids))


def _came(step: PlanStep) -> Iterator[ChangeReason]:
    for code in step.clears:
        yield ChangeReason("OPENS", f"it removes {code}", code)


def _expired(case: _Case, step: PlanStep) -> Iterator[ChangeReason]:
    if step.latest is not None and step.latest.day < case.new.at.date():
        message = f"its last day, {step.latest.day}, is over: {step.latest.because}"
        yield ChangeReason("DATE_PASSED", message, step.key)


def _outcome_reasons(
    case: _Case, subscription_id: str, old: Outcome | None, new: Outcome | None
) -> Iterator[ChangeReason]:
    yield from _goal_reasons(case, subscription_id)
    if old is not None and new is not None:
        yield from _findings(_codes(old), _codes(new))
    reached = (one.reached for one in (old, new) if one is not None and one.reached is not None)
    yield from _moved(case, (subscription_id, *reached))


def _goal_reasons(case: _Case, subscription_id: str | None) -> Iterator[ChangeReason]:
    before = {goal.subscription_id: goal for goal in case.old.goals}
    after = {goal.subscription_id: goal for goal in case.new.goals}
    if subscription_id is None or before.get(subscription_id) == after.get(subscription_id):
        return
    code, what = "GOAL_CHANGED", "another goal"
    if subscription_id not in before:
        code, what = "GOAL_ADDED", "a goal that it had not before"
    elif subscription_id not in after:
        code, what = "GOAL_REMOVED", "no goal any more"
    yield ChangeReason(code, f"the subscription has {what}", subscription_id)


def _codes(one: PlanStep | Outcome | None) -> Mapping[str, str]:
    """Return the messages of the findings by their codes, and of open questions by their rules."""
    if one is None:
        return {}
    findings: Iterable[Blocker] = one.blockers
    open_questions: Iterable[Unanswered] = one.unanswered if isinstance(one, PlanStep) else ()
    return {found.code: found.message for found in findings} | {
        question.rule: question.message for question in open_questions
    }


def _findings(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[ChangeReason]:
    for code in sorted(new.keys() - old.keys()):
        yield ChangeReason("BLOCKER_CAME", f"{code}: {new[code]}", code)
    for code in sorted(old.keys() - new.keys()):
        yield ChangeReason("BLOCKER_WENT", f"{code} no longer holds: {old[code]}", code)


def _moved(case: _Case, identifiers: Iterable[str]) -> Iterator[ChangeReason]:
    """Yield the parts that moved and are named after the subscription or one of the offers."""
    wanted = tuple(identifiers)
    for reason in case.moved:
        speaks_of_all = reason.kind in (Moved.RULES, Moved.QUESTION)
        if speaks_of_all or any(one in reason.part.split("/") for one in wanted):
            yield ChangeReason(reason.kind.value, reason.message, reason.part)
