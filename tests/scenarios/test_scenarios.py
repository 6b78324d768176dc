"""Every scenario file holds: what is expected is compared exactly where the file says it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path

import pytest
from pydantic import ValidationError
from yaml import YAMLError

from db.bundled import bundled_facts
from planner.blockers import Blocker
from planner.catalog import Catalog
from planner.customers import Customer, Holdings, Seller, Subscription
from planner.goals import Goal, NewCommerceGoal, OfferGoal
from planner.ids import CatalogId, ProductGuid, parse_catalog_id
from planner.no_path import NoPath
from planner.options import MoreLicenses, Option, blockers, more_licenses
from planner.paths import Path as Way
from planner.paths import PathQuestion, PathsFound, paths
from planner.rules import Choices
from planner.scope import Scope
from tests.planner import builders
from tests.scenarios import model
from tests.scenarios.model import FILES, Ask, Expected, Finding, Held, Question, Scenario

SCENARIOS = sorted(FILES.glob("*/*.yaml"))


@cache
def _bundled() -> Catalog:
    return builders.from_facts(bundled_facts())


def _catalog(scenario: Scenario) -> Catalog:
    if isinstance(scenario.catalog, str):
        assert scenario.catalog == "bundled"
        return _bundled()
    windows = builders.CONTESTED if scenario.catalog.contested_since_march_2022 else ()
    return builders.catalog("\n".join(scenario.catalog.moves), windows=windows)


def _id(text: str | None) -> CatalogId:
    assert text
    return builders.oid(text) if len(text) == 1 else parse_catalog_id(text)


def _ids(texts: Iterable[str]) -> frozenset[CatalogId]:
    return frozenset(map(_id, texts))


def _scope(question: Question, at: datetime) -> Scope:
    return replace(model.scope_of(question, at), avoid=_ids(question.avoid))


def _subscription(held: Held, number: int) -> Subscription:
    return Subscription(
        f"{0 if held.same_as_first else number:08x}-0000-4000-8000-000000000000",
        held.seller,
        held.status,
        "paused" if held.status.value == "UNRECOGNIZED" else held.status.value.lower(),
        catalog_id=_id(held.offer) if held.offer else None,
        product_guid=ProductGuid(held.product) if held.product else None,
        seats=held.seats,
    )


def _customer(scenario: Scenario) -> tuple[Customer, Subscription]:
    client = scenario.customer
    assert client is not None
    held = tuple(_subscription(one, n) for n, one in enumerate(client.subscriptions))
    holdings = Holdings(
        own=tuple(one for one in held if one.seller is Seller.US),
        own_state=client.own,
        foreign=tuple(one for one in held if one.seller is not Seller.US),
        foreign_state=client.foreign,
    )
    customer = Customer(
        "tenant", "Contoso", market=client.market, segment=client.segment, holdings=holdings
    )
    return customer, held[0]


# --- what the planner says, in the words of the files


def _ask_paths(scenario: Scenario, at: datetime) -> PathsFound | NoPath:
    asked = scenario.question
    goal: Goal = OfferGoal(_id(asked.target)) if asked.target else NewCommerceGoal()
    question = PathQuestion(
        _id(asked.origin), goal, _scope(asked, at), first=asked.first, via=_ids(asked.via)
    )
    return paths(_catalog(scenario), question)


def _ask_move(scenario: Scenario, at: datetime) -> Option:
    customer, subscription = _customer(scenario)
    asked = scenario.question
    target = _id(asked.target) if asked.target else None
    answer = blockers(
        _catalog(scenario),
        customer,
        subscription,
        _scope(asked, at),
        target=target,
        choices=Choices(asked.mode),
    )
    assert isinstance(answer, Option), answer
    return answer


def _way(way: Way, wanted: model.Way) -> model.Way:
    """Return the planner's path with just the parts that the file speaks of."""
    steps = tuple(
        model.Step(kind=step.transition.kind, to=step.transition.target) for step in way.steps
    )
    sources = tuple(claim.source for claim in way.steps[0].transition.claims)
    codes = tuple(condition.code for condition in way.conditions)
    return model.Way(
        steps=steps,
        readiness=way.readiness if wanted.readiness else None,
        conditions=codes if wanted.conditions is not None else None,
        sources=sources if wanted.sources is not None else None,
    )


def _finding(catalog: Catalog, blocker: Blocker, wanted: Finding | None) -> Finding:
    given = set(Finding.model_fields) if wanted is None else wanted.model_fields_set
    plans = (plan for evidence in blocker.evidence for plan in evidence.plan_ids)
    codes = (f"{code.api} {code.number}" for code in blocker.partner_center)
    sellers = [evidence.seller for evidence in blocker.evidence if evidence.seller]
    said: dict[str, object] = {
        "seller": sellers[0] if sellers else None,
        "services": tuple(sorted(catalog.service_plans[plan].name for plan in plans)),
        "parameters": dict(blocker.parameters),
        "remedies": tuple(model.remedy_text(r.action, r.actor) for r in blocker.remedies),
        "partner_center": tuple(codes),
    }
    told = {name: value for name, value in said.items() if name in given}
    return Finding.model_validate({"code": blocker.code, "severity": blocker.severity} | told)


def _words(answer: PathsFound | NoPath) -> str:
    if isinstance(answer, NoPath):
        return " ".join(f"{cause.message} {cause.remedy}" for cause in answer.causes)
    return " ".join(
        f"{found.message} {found.source}" for way in answer.paths for found in way.conditions
    )


# --- what is compared


def _check_paths(scenario: Scenario) -> None:
    answer, expected = _ask_paths(scenario, scenario.question.at), scenario.expected
    assert all(words in _words(answer) for words in expected.told), _words(answer)
    if expected.verdict:
        assert isinstance(answer, NoPath), answer
        assert answer.verdict is expected.verdict
        _same(expected.causes, tuple(cause.code for cause in answer.causes))
        _same(expected.frontier and tuple(map(_id, expected.frontier)), answer.frontier)
        return
    assert isinstance(answer, PathsFound), answer
    wanted = expected.ways
    assert wanted, "a scenario of paths says its ways or a verdict"
    assert len(answer.paths) == len(wanted)
    for way, one in zip(answer.paths, wanted, strict=True):
        steps = tuple(step.model_copy(update={"to": _id(step.to)}) for step in one.steps)
        assert _way(way, one) == one.model_copy(update={"steps": steps})
    _same(expected.has_more, answer.has_more)


def _check_readiness_on_days(scenario: Scenario) -> None:
    for day, readiness in scenario.expected.readiness_on.items():
        answer = _ask_paths(scenario, datetime.combine(day, time(), tzinfo=UTC))
        assert isinstance(answer, PathsFound), answer
        assert answer.paths[0].readiness is readiness, day


def _check_move(scenario: Scenario) -> None:
    option, expected = _ask_move(scenario, scenario.question.at), scenario.expected
    catalog = _catalog(scenario)
    conditions = set(option.path.conditions)
    said = [blocker for blocker in option.blockers if blocker not in conditions]
    if expected.findings is not None:
        wanted = [*expected.findings, *[None] * (len(said) - len(expected.findings))]
        found = [_finding(catalog, *pair) for pair in zip(said, wanted, strict=True)]
        assert found == list(expected.findings)
    if expected.unknown is not None:
        rules = [(one.rule, one.fields) for one in option.unanswered]
        assert len(rules) == len(expected.unknown), rules
        for (rule, fields), one in zip(rules, expected.unknown, strict=True):
            assert rule == one.rule
            _same(one.fields, fields)
    _same(expected.conditions, tuple(condition.code for condition in option.path.conditions))
    _same(expected.readiness, option.readiness)


def _check_more_licenses(scenario: Scenario) -> None:
    asked, expected = scenario.question, scenario.expected
    customer, subscription = _customer(scenario)
    answer = more_licenses(
        _catalog(scenario),
        customer,
        subscription,
        _scope(asked, asked.at),
        extra=asked.extra_seats,
    )
    assert isinstance(answer, MoreLicenses), answer
    _same(expected.seats_added_here, answer.seats_added_here)
    _same(expected.shortfall, answer.shortfall)
    _same(expected.move_to, tuple(option.target for option, _ in answer.moves))


def _same(expected: object, said: object) -> None:
    if expected is not None:
        assert said == expected


_CHECKS = {
    Ask.PATHS: _check_paths,
    Ask.MOVE: _check_move,
    Ask.MORE_LICENSES: _check_more_licenses,
}
_PARTS: dict[Ask, frozenset[str]] = {
    Ask.PATHS: frozenset(
        {"ways", "has_more", "verdict", "causes", "frontier", "told", "readiness_on"}
    ),
    Ask.MOVE: frozenset({"readiness", "conditions", "findings", "unknown"}),
    Ask.MORE_LICENSES: frozenset({"seats_added_here", "shortfall", "move_to"}),
}


def _promise(path: Path) -> str:
    """Return the test's id; a file that cannot be read fails in its own test, not here."""
    try:
        return f"{path.parent.name}: {model.read(path).name}"
    except (ValidationError, YAMLError):
        return f"{path.parent.name}: {path.stem}"


@pytest.mark.parametrize("path", SCENARIOS, ids=_promise)
def test_scenario(path: Path) -> None:
    scenario = model.read(path)
    said = scenario.expected.model_fields_set
    assert said, "a scenario expects something"
    assert said <= _PARTS[scenario.question.ask], "expected parts that this question does not have"
    _CHECKS[scenario.question.ask](scenario)
    _check_readiness_on_days(scenario)


def test_every_file_is_short_and_no_promise_is_made_twice() -> None:
    names = [model.read(path).name for path in SCENARIOS]
    assert len(names) == len(set(names)) >= 40
    long = [path.name for path in SCENARIOS if len(path.read_text().splitlines()) >= 40]
    assert not long


def test_a_key_that_means_nothing_is_an_error() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        Expected.model_validate({"readines": "READY"})
