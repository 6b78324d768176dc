"""The guide for front ends: each of its documents is answered as the page says.

The answers of the page are written anew with OFFERPATH_WRITE_GUIDE=1 in the environment.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
import pytest_asyncio
from graphql import (
    DocumentNode,
    GraphQLSchema,
    OperationDefinitionNode,
    build_schema,
    parse,
    validate,
)
from starlette.applications import Starlette

from db.pool import Database
from schema.schema import make_schema
from tests.schema.api import Api
from tests.schema.conftest import partner_with_sample

PAGE = Path(__file__).parents[2] / "docs" / "graphql.md"
FILES = PAGE.with_name("graphql")
_DOCUMENT = re.compile(r"\(graphql/([a-z-]+)\.graphql\)\n\n```graphql\n(.*?)```\n", re.DOTALL)
_ASKED = re.compile(
    r"Variables:\n\n```json\n(?P<variables>.*?)```\n\nAnswer:\n\n```json\n(?P<answer>.*?)```\n",
    re.DOTALL,
)
EARLIER = re.compile(r"what (\w+) answered")
"""A value that an earlier answer tells."""


@dataclass(frozen=True, slots=True)
class Section:
    """One document of the page."""

    name: str
    text: str
    asked: tuple[re.Match[str], ...]
    """For each operation its variables and its answer."""

    @property
    def operations(self) -> tuple[str, ...]:
        return tuple(name for name, _ in _operations(parse(self.text)))


def sections(page: str) -> tuple[Section, ...]:
    found = list(_DOCUMENT.finditer(page))
    ends = [*(one.start() for one in found[1:]), len(page)]
    return tuple(
        Section(one[1], one[2], tuple(_ASKED.finditer(page, one.end(), end)))
        for one, end in zip(found, ends, strict=True)
    )


def _operations(document: DocumentNode) -> Iterator[tuple[str, OperationDefinitionNode]]:
    for one in document.definitions:
        if isinstance(one, OperationDefinitionNode):
            assert one.name is not None
            yield one.name.value, one


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def printed() -> GraphQLSchema:
    return build_schema(make_schema().as_str())


@pytest_asyncio.fixture(scope="module")
async def answers(app: Starlette, api_database: Database, page: str) -> dict[str, Any]:
    """Give the data that each operation answered, asked in the order of the page."""
    api = await partner_with_sample(app, api_database)
    given: dict[str, Any] = {}
    for section in sections(page):
        for operation, asked in zip(section.operations, section.asked, strict=True):
            variables = {
                name: _earlier(value, name, given)
                for name, value in orjson.loads(asked["variables"]).items()
            }
            given[operation] = await _ask(api, section.text, operation, variables)
    return given


def _earlier(value: object, name: str, given: dict[str, Any]) -> object:
    found = EARLIER.fullmatch(value) if isinstance(value, str) else None
    return value if found is None else next(_values(given[found[1]], name))


def _values(answer: Any, name: str) -> Iterator[str]:
    """Yield the values that an answer has under a name, as they come."""
    if isinstance(answer, dict):
        for key, value in answer.items():
            if key == name:
                yield value
            yield from _values(value, name)
    elif isinstance(answer, list):
        for value in answer:
            yield from _values(value, name)


async def _ask(api: Api, query: str, operation: str, variables: dict[str, Any]) -> Any:
    body = {"query": query, "operationName": operation, "variables": variables}
    answer = (await api.post_bytes(orjson.dumps(body))).json()
    assert "errors" not in answer, (operation, answer["errors"])
    return answer["data"]


def test_the_page_has_every_file_as_it_is_and_no_other(page: str) -> None:
    files = {file.stem: file.read_text(encoding="utf-8") for file in FILES.iterdir()}
    assert {section.name: section.text for section in sections(page)} == files
    assert len(files) == 10


def test_every_document_is_valid_and_every_operation_has_a_name_of_its_own(
    page: str, printed: GraphQLSchema
) -> None:
    names: list[str] = []
    for section in sections(page):
        assert validate(printed, parse(section.text)) == [], section.name
        assert len(section.asked) == len(section.operations), section.name
        names += section.operations
    assert len(set(names)) == len(names) == 11


def test_every_operation_is_answered_in_the_shape_of_the_page(
    page: str, answers: dict[str, Any]
) -> None:
    if os.environ.get("OFFERPATH_WRITE_GUIDE"):
        PAGE.write_text(_written(page, answers), encoding="utf-8")
    else:
        for section in sections(page):
            for operation, asked in zip(section.operations, section.asked, strict=True):
                told = orjson.loads(asked["answer"])
                assert differences(told, answers[operation], operation) == []


async def test_every_question_is_within_the_limits_with_the_pages_it_asks_for_by_default(
    page: str, sample: Api
) -> None:
    for section in sections(page):
        for operation, asked in zip(section.operations, section.asked, strict=True):
            variables = orjson.loads(asked["variables"])
            if variables.pop("first", None) and not any(map(EARLIER.search, _texts(variables))):
                await _ask(sample, section.text, operation, variables)


def _texts(variables: dict[str, Any]) -> list[str]:
    return [value for value in variables.values() if isinstance(value, str)]


def test_no_example_is_a_problem(answers: dict[str, Any]) -> None:
    kinds = {next(_values(one, "__typename"), "") for one in answers.values()}
    assert kinds == {
        *("", "Offer", "PathsFound", "Option", "CustomerBlockers", "Plan", "SavedPlan"),
        *("CustomersImported", "Customer"),
    }


def _written(page: str, answers: dict[str, Any]) -> str:
    """Return the page with the answers as they are now."""
    changes = [
        (asked.span("answer"), cut(answers[operation]))
        for section in sections(page)
        for operation, asked in zip(section.operations, section.asked, strict=True)
    ]
    for (start, end), answer in reversed(changes):
        told = orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode()
        page = f"{page[:start]}{told}\n{page[end:]}"
    return page


def cut(value: Any) -> Any:
    """Return a value whose lists have their first element alone."""
    if isinstance(value, dict):
        return {name: cut(one) for name, one in value.items()}
    return [cut(one) for one in value[:1]] if isinstance(value, list) else value


def differences(told: Any, answered: Any, place: str) -> list[str]:
    """Return where an answer has another shape than is told; null is of every shape."""
    if told is None or answered is None:
        return []
    if type(told) is not type(answered):
        return [f"{place}: {answered!r}"]
    if isinstance(told, dict):
        found = [f"{place}.{name}" for name in told.keys() ^ answered.keys()]
        for name in told.keys() & answered.keys():
            found += differences(told[name], answered[name], f"{place}.{name}")
        return sorted(found)
    if isinstance(told, list):
        if bool(told) is not bool(answered):
            return [f"{place}: {len(answered)} elements"]
        return differences(told[0], answered[0], f"{place}[0]") if told else []
    return []


def test_a_difference_of_shape_is_found() -> None:
    told = {"a": [{"b": 1, "c": None}], "d": "x", "e": []}
    assert differences(told, {"a": [{"b": 2, "c": 3}, {}], "d": "y", "e": []}, "Q") == []
    assert differences(told, {"a": [{"b": "2"}], "e": [1]}, "Q") == [
        *("Q.a[0].b: '2'", "Q.a[0].c", "Q.d", "Q.e: 1 elements")
    ]
