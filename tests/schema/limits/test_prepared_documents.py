"""A document is parsed and validated once, by rules that are made once, and kept within bounds."""

import statistics
import time
from collections.abc import Callable
from typing import Any

import graphql
import pytest
from graphql import GraphQLError

import schema.limits.prepared as module
from schema.limits.prepared import RULES, PreparedDocuments
from schema.schema import OfferpathSchema, make_schema
from tests.schema.api import Api

LABEL = "{ catalog { label } }"


@pytest.fixture(scope="module")
def made() -> OfferpathSchema:
    return make_schema()


class Counted:
    """A function, and how often each of its documents came."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.calls = 0
        self._function = function

    def __call__(self, *given: Any, **named: Any) -> Any:
        self.calls += 1
        return self._function(*given, **named)


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> Counted:
    counted = Counted(graphql.parse)
    monkeypatch.setattr(module, "parse", counted)
    return counted


@pytest.fixture
def validations(monkeypatch: pytest.MonkeyPatch) -> Counted:
    counted = Counted(graphql.validate)
    monkeypatch.setattr(module, "validate", counted)
    return counted


async def test_a_repeated_document_is_parsed_and_validated_once(
    sample: Api, parses: Counted, validations: Counted
) -> None:
    """Each request has variables of its own, so that no whole response is taken instead."""
    query = "query ($first: Int!) { offers(first: $first) { edges { cursor } } } # %d"
    for first in range(1, 21):
        await sample.ask(query % id(parses), first=first)
    assert (parses.calls, validations.calls) == (1, 1)


async def test_a_document_that_is_not_valid_is_validated_once_too(
    sample: Api, validations: Counted
) -> None:
    for _ in range(5):
        assert await sample.refused(f"{{ no{id(validations)} }}") == "GRAPHQL_VALIDATION_FAILED"
    assert validations.calls == 1


async def test_a_document_beyond_the_limits_is_not_validated_at_all(
    sample: Api, validations: Counted
) -> None:
    aliases = " ".join(f"a{number}: __typename" for number in range(61))
    assert await sample.refused(f"{{ {aliases} }}") == "TOO_MANY_ALIASES"
    assert validations.calls == 0


def test_rules_are_made_once() -> None:
    assert RULES is module.RULES
    assert isinstance(RULES, tuple)
    assert len({id(rule) for rule in RULES}) == len(RULES)


def test_what_is_kept_stays_within_its_room(made: OfferpathSchema) -> None:
    documents = PreparedDocuments(made._schema, kept_characters=1_000)
    for number in range(500):
        documents.of(f"{LABEL} #{number}")
    assert 10 < len(documents) <= 1_000 // len(LABEL)
    long = LABEL + " " * 100
    documents.of(long)
    before = len(documents)
    documents.of(long)
    assert len(documents) == before


def test_what_was_asked_last_is_kept_longest(made: OfferpathSchema, validations: Counted) -> None:
    documents = PreparedDocuments(made._schema, kept_characters=1_000)
    for number in range(200):
        documents.of(LABEL)
        documents.of(f"{LABEL} #{number}")
    assert validations.calls == 201


def test_what_is_no_graphql_is_not_kept(made: OfferpathSchema) -> None:
    documents = PreparedDocuments(made._schema)
    for _ in range(3):
        with pytest.raises(GraphQLError):
            documents.of("{ offer(")
    assert len(documents) == 0


def test_a_kept_document_costs_a_tenth_of_a_new_one_at_most(made: OfferpathSchema) -> None:
    """Parsing and validating take hundreds of times as long: a tenth leaves room for any load."""
    documents = PreparedDocuments(made._schema)
    new = [_seconds(documents, f"{LABEL} #{number}") for number in range(15)]
    again = [_seconds(documents, f"{LABEL} #{number}") for number in range(15)]
    assert statistics.median(again) < statistics.median(new) / 10


def _seconds(documents: PreparedDocuments, text: str) -> float:
    begun = time.perf_counter()
    documents.of(text)
    return time.perf_counter() - begun
