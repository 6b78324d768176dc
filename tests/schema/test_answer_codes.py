"""The codes inside answers: the enumerations have exactly what the code may write, described."""

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from graphql import GraphQLEnumType, GraphQLInterfaceType, GraphQLObjectType, get_named_type

from planner.plans.saved.staleness import Moved
from planner.scope import Refusal
from resolvers.codes.code import Code
from schema.answer_codes import (
    AssumptionCode,
    CauseCode,
    ChangeReasonCode,
    ImportNoticeCode,
    ImportProblemCode,
    PriceNoteCode,
    StatementCode,
)
from schema.schema import make_schema

ROOT = Path(__file__).parents[2]
IS_CODE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
REFUSALS = set(Refusal)
WHOLE_FILE = {"BAD_ROWS"}
"""A code of the refusal itself, which is one of ErrorCode."""


def _calls(folder: str, *names: str) -> Iterator[str]:
    """Yield the codes that are the first argument of calls of these names, as texts or by name."""
    for file in (
        sorted((ROOT / folder).rglob("*.py")) if (ROOT / folder).is_dir() else [ROOT / folder]
    ):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in names:
                for argument in node.args[:1]:
                    yield from _codes_in(argument)


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _codes_in(argument: ast.AST) -> Iterator[str]:
    for node in ast.walk(argument):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and IS_CODE.fullmatch(node.value):  # type: ignore[attr-defined]
            yield node.value  # type: ignore[attr-defined]


def _texts_of(file: str) -> set[str]:
    """Return every text of a module that has the form of a code of two words."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {code for code in _codes_in(tree) if "_" in code}


def test_causes() -> None:
    assert set(CauseCode) == set(_calls("planner/no_path.py", "Cause")) | REFUSALS


def test_statements() -> None:
    told = set(_calls("planner/explaining", "Node", "_Absence")) | REFUSALS
    assert set(StatementCode) == told
    assert set(CauseCode) <= set(StatementCode)


def test_assumptions() -> None:
    assert set(AssumptionCode) == set(_calls("planner", "Assumption"))


def test_reasons_of_a_difference() -> None:
    told = set(_calls("planner/plans/saved", "ChangeReason")) | set(Moved)
    goals = {code for code in _texts_of("planner/plans/saved/difference.py") if code[:5] == "GOAL_"}
    assert set(ChangeReasonCode) == told | goals


def test_notes_of_prices() -> None:
    assert set(PriceNoteCode) == set(_calls("planner/pricing", "PriceNote"))


def test_problems_of_files() -> None:
    told = set(_calls("formats", "problem", "wrong"))
    words = {"BAD_FLAG", "BAD_HELD_BY", "BAD_HOLDINGS", "BAD_SEGMENT"}
    assert words <= _texts_of("formats/own/csv_values.py")
    stored = {Code.OLDER_THAN_STORED, Code.HELD_BY_ANOTHER_CUSTOMER}
    assert set(ImportProblemCode) == told | words | stored
    assert not told & WHOLE_FILE


def test_notices_of_files() -> None:
    told = set(_calls("formats", "notice", "Notice"))
    assert set(ImportNoticeCode) == told | {"UNKNOWN_VALUE", "MISSING_VALUE"}


@pytest.mark.parametrize(
    ("owner", "enumeration"),
    [
        ("Assumption", AssumptionCode),
        ("Cause", CauseCode),
        ("ChangeReason", ChangeReasonCode),
        ("ExplanationNode", StatementCode),
        ("ImportNotice", ImportNoticeCode),
        ("ImportProblem", ImportProblemCode),
        ("PriceNote", PriceNoteCode),
    ],
)
def test_the_schema_has_them_described(owner: str, enumeration: type[StrEnum]) -> None:
    of = make_schema()._schema.type_map[owner]
    assert isinstance(of, GraphQLObjectType)
    shown = get_named_type(of.fields["code"].type)
    assert isinstance(shown, GraphQLEnumType)
    assert set(shown.values) == set(enumeration)
    assert all(value.description for value in shown.values.values())


def test_no_code_of_an_answer_is_any_text() -> None:
    texts = [
        f"{owner.name}.code"
        for owner in make_schema()._schema.type_map.values()
        if isinstance(owner, GraphQLObjectType | GraphQLInterfaceType) and "code" in owner.fields
        if not isinstance(get_named_type(owner.fields["code"].type), GraphQLEnumType)
    ]
    assert texts == []
