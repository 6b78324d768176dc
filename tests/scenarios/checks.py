"""Each question of a scenario asked, and its answer compared with what the file expects."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

from planner.baselines.baseline import baseline
from planner.catalog import Catalog
from planner.customers import Customer, Subscription
from planner.goals import Goal, NewCommerceGoal, OfferGoal
from planner.no_path import NoPath
from planner.options import MoreLicenses, Option, blockers, more_licenses
from planner.paths import PathQuestion, PathsFound, paths
from planner.plans.plan import make_plan
from planner.plans.told.steps import Plan
from planner.scope import Scope
from planner.what_if import Supposed as SupposedFacts
from planner.what_if import suppose
from tests.scenarios import told
from tests.scenarios.expected import Expected
from tests.scenarios.given_catalog import catalog_of, id_of, ids_of
from tests.scenarios.given_customer import asked_about, customer_of
from tests.scenarios.given_question import (
    acting_of,
    choices_of,
    goals_of,
    scope_of,
    wanted_of,
    what_if_of,
)
from tests.scenarios.model import Ask, Scenario

_S = TypeVar("_S")
_W = TypeVar("_W")


def _same(expected: object, said: object) -> None:
    if expected is not None:
        assert said == expected


def _pairs(said: Iterable[_S], wanted: Sequence[_W]) -> Iterator[tuple[_S, _W | None]]:
    """Yield what is said with what the file expects in its place, if anything."""
    lines = iter(wanted)
    for one in said:
        yield one, next(lines, None)


def _all_told(expected: Expected, words: str) -> None:
    assert all(one in words for one in expected.told), words


# --- paths


def _paths(scenario: Scenario, at: datetime) -> PathsFound | NoPath:
    asked = scenario.question
    goal: Goal = OfferGoal(id_of(asked.target)) if asked.target else NewCommerceGoal()
    scope = scope_of(asked, at)
    via = ids_of(asked.via)
    question = PathQuestion(id_of(asked.origin), goal, scope, first=asked.first, via=via)
    return paths(catalog_of(scenario), question)


def check_paths(scenario: Scenario) -> None:
    answer, expected = _paths(scenario, scenario.question.at), scenario.expected
    if expected.verdict:
        _check_no_path(answer, expected)
        return
    _all_told(expected, told.words_of(answer))
    assert isinstance(answer, PathsFound), answer
    wanted = expected.ways
    assert wanted, "a scenario of paths says its ways or a verdict"
    assert len(answer.paths) == len(wanted)
    for found, one in zip(answer.paths, wanted, strict=True):
        steps = tuple(step.model_copy(update={"to": id_of(step.to)}) for step in one.steps)
        assert told.way(found, one) == one.model_copy(update={"steps": steps})
    _same(expected.has_more, answer.has_more)


def _check_no_path(answer: object, expected: Expected) -> None:
    assert isinstance(answer, NoPath), answer
    _all_told(expected, told.words_of(answer))
    assert answer.verdict is expected.verdict
    _same(expected.causes, tuple(cause.code for cause in answer.causes))
    _same(expected.frontier and tuple(map(id_of, expected.frontier)), answer.frontier)


def check_readiness_on_days(scenario: Scenario) -> None:
    """Ask for the same path, or the same move, on each of the days."""
    for day, readiness in scenario.expected.readiness_on.items():
        at = datetime.combine(day, time(), tzinfo=UTC)
        if scenario.question.ask is Ask.PATHS:
            answer = _paths(scenario, at)
            assert isinstance(answer, PathsFound), answer
            assert answer.paths[0].readiness is readiness, day
        else:
            option = _move(scenario, _given(scenario, at))
            assert isinstance(option, Option), option
            assert option.readiness is readiness, day


# --- moves, also what-if


@dataclass(frozen=True, slots=True)
class _Facts:
    catalog: Catalog
    customer: Customer
    subscription: Subscription
    scope: Scope


def _given(scenario: Scenario, at: datetime) -> _Facts:
    customer = customer_of(scenario)
    scope = scope_of(scenario.question, at)
    return _Facts(catalog_of(scenario), customer, asked_about(customer), scope)


def _move(scenario: Scenario, facts: _Facts) -> object:
    asked = scenario.question
    return blockers(
        facts.catalog,
        facts.customer,
        facts.subscription,
        facts.scope,
        target=id_of(asked.target) if asked.target else None,
        choices=choices_of(asked),
        acting=acting_of(asked),
    )


def check_move(scenario: Scenario) -> None:
    facts = _given(scenario, scenario.question.at)
    _check_option(facts.catalog, _move(scenario, facts), scenario.expected)


def check_what_if(scenario: Scenario) -> None:
    assert scenario.question.what_if, "a what-if says what is supposed"
    facts, expected = _given(scenario, scenario.question.at), scenario.expected
    before = _move(scenario, facts)
    _same(expected.before, getattr(before, "readiness", None))
    supposed = suppose(
        facts.catalog, facts.customer, facts.scope, what_if_of(scenario.question.what_if)
    )
    assert isinstance(supposed, SupposedFacts), supposed
    now = supposed.now(facts.subscription)
    assert now, "the subscription asked about is supposed to be there"
    changed = _Facts(supposed.catalog, supposed.customer, now, supposed.scope)
    _check_option(changed.catalog, _move(scenario, changed), expected)


def _check_option(catalog: Catalog, option: object, expected: Expected) -> None:
    if expected.verdict:
        _check_no_path(option, expected)
        return
    assert isinstance(option, Option), option
    conditions = set(option.path.conditions)
    said = [blocker for blocker in option.blockers if blocker not in conditions]
    if expected.findings is not None:
        found = [told.finding(catalog, *pair) for pair in _pairs(said, expected.findings)]
        assert found == list(expected.findings)
    if expected.unknown is not None:
        rules = [(one.rule, one.fields) for one in option.unanswered]
        assert [rule for rule, _ in rules] == [one.rule for one in expected.unknown]
        for (_, fields), one in zip(rules, expected.unknown, strict=True):
            _same(one.fields, fields)
    _same(expected.conditions, tuple(condition.code for condition in option.path.conditions))
    _same(expected.readiness, option.readiness)
    _all_told(expected, " ".join(map(told.words_of_blocker, option.blockers)))


def check_more_licenses(scenario: Scenario) -> None:
    facts, expected = _given(scenario, scenario.question.at), scenario.expected
    answer = more_licenses(
        facts.catalog,
        facts.customer,
        facts.subscription,
        facts.scope,
        extra=scenario.question.extra_seats,
    )
    assert isinstance(answer, MoreLicenses), answer
    _same(expected.seats_added_here, answer.seats_added_here)
    _same(expected.shortfall, answer.shortfall)
    _same(expected.move_to, tuple(option.target for option, _ in answer.moves))


# --- what happens by itself, plans and imports


def check_baseline(scenario: Scenario) -> None:
    asked, expected = scenario.question, scenario.expected
    customer = customer_of(scenario)
    answer = baseline(catalog_of(scenario), customer, at=asked.at, until=asked.until)
    if expected.events is not None:
        found = [told.event(*pair) for pair in _pairs(answer.events, expected.events)]
        assert found == [_with_id(one) for one in expected.events]
    _all_told(expected, " ".join(f"{one.message} {one.source}" for one in answer.events))


def _with_id(one: Any) -> Any:
    """Return an expectation with its offers as the catalog writes them."""
    offers = {name: getattr(one, name, None) for name in ("becomes", "reached")}
    return one.model_copy(update={name: id_of(text) for name, text in offers.items() if text})


def check_plan(scenario: Scenario) -> None:
    asked, expected = scenario.question, scenario.expected
    catalog = catalog_of(scenario)
    plan = make_plan(
        catalog,
        customer_of(scenario),
        wanted_of(asked),
        goals=goals_of(catalog, asked),
        acting=acting_of(asked),
        states=asked.states,
    )
    _check_outcomes(plan, expected)
    _check_alternatives(plan, expected)
    dates: Mapping[str, date | None] = {
        "valid_until": plan.valid_until,
        "completes_on": plan.completes_on,
    }
    for name, said in dates.items():
        if name in expected.model_fields_set:
            assert said == getattr(expected, name), name
    _same(expected.exactness, plan.exactness)
    _all_told(expected, " ".join(f"{one.message} {one.if_not_done}" for one in plan.steps))


def _check_outcomes(plan: Plan, expected: Expected) -> None:
    if expected.steps is not None:
        said = told.steps(plan.steps, expected.steps)
        assert said == tuple(map(told.as_written, expected.steps))
    if expected.outcomes is not None:
        found = [told.ending(*pair) for pair in _pairs(plan.outcomes, expected.outcomes)]
        assert found == [_with_id(one) for one in expected.outcomes]


def _check_alternatives(plan: Plan, expected: Expected) -> None:
    if expected.alternatives is None:
        return
    said = [one.trade_off for one in plan.alternatives]
    assert said == [one.trade_off for one in expected.alternatives]
    for found, one in zip(plan.alternatives, expected.alternatives, strict=True):
        if one.steps is not None:
            assert told.steps(found.steps, one.steps) == tuple(map(told.as_written, one.steps))


def check_import(scenario: Scenario) -> None:
    assert asked_about(customer_of(scenario)).last_day == scenario.expected.last_day


CHECKS = {
    Ask.PATHS: check_paths,
    Ask.MOVE: check_move,
    Ask.WHAT_IF: check_what_if,
    Ask.MORE_LICENSES: check_more_licenses,
    Ask.BASELINE: check_baseline,
    Ask.PLAN: check_plan,
    Ask.IMPORT: check_import,
}
_NO_PATH = frozenset({"verdict", "causes", "frontier", "told"})
_MOVE = _NO_PATH | {"readiness", "conditions", "findings", "unknown"}
PARTS: Mapping[Ask, frozenset[str]] = {
    Ask.PATHS: _NO_PATH | {"ways", "has_more", "readiness_on"},
    Ask.MOVE: _MOVE | {"readiness_on"},
    Ask.WHAT_IF: _MOVE | {"before"},
    Ask.MORE_LICENSES: frozenset({"seats_added_here", "shortfall", "move_to"}),
    Ask.BASELINE: frozenset({"events", "told"}),
    Ask.PLAN: frozenset(
        ["outcomes", "steps", "alternatives", "exactness", "valid_until", "completes_on", "told"]
    ),
    Ask.IMPORT: frozenset({"last_day"}),
}
"""Which parts of `expected` belong to which question."""
