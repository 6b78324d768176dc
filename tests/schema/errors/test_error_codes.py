"""The codes are one enumeration: each with its words, in the schema, on the page, and stable."""

import re
from pathlib import Path

import pytest
from graphql import GraphQLEnumType

from db import pgerrors
from db.bundled import bundled_facts
from planner.blocker_codes import BlockerCode, code_of_conflict
from resolvers.codes.code import Code, code_of, known_code
from resolvers.codes.place import Place
from resolvers.codes.words import WORDS
from resolvers.problems import BadInput, limits, out_of_range
from schema.errors.page import KEPT, PAGE, all_codes, codes_to_keep, page, version
from schema.schema import make_schema

ROOT = Path(__file__).parents[3]
ROOMS = ("resolvers", "schema", "offerpath")
DEFINING = {ROOT / "resolvers/codes/code.py", ROOT / "schema/answer_codes.py"}
"""The latter has enumerations of its own, some of whose names are those of codes."""
NOT_CODES = {"FAULT", "USAGE"}
"""Words that are more than a code: `FAULT` is an exit too."""


def test_every_code_has_words_and_no_words_are_of_no_code() -> None:
    assert set(WORDS) == set(Code)
    for code, words in WORDS.items():
        assert words.meaning.endswith("."), code
        assert words.remedy, code
        assert not words.remedy.endswith("."), code


def test_the_page_is_what_the_code_says_and_names_every_code_once_in_its_tables() -> None:
    told = PAGE.read_text(encoding="utf-8")
    assert told == page()
    listed = re.findall(r"^\| `([A-Z_]+)` \|", told, re.MULTILINE)
    assert sorted(listed) == sorted((*Code, *BlockerCode))


def test_the_schema_has_every_code_but_those_of_the_command_line() -> None:
    shown = make_schema()._schema.type_map["ErrorCode"]
    assert isinstance(shown, GraphQLEnumType)
    of_api = {code for code in Code if WORDS[code].place is not Place.COMMAND}
    assert set(shown.values) == of_api
    assert all(value.description for value in shown.values.values())


def test_no_code_is_written_as_a_text() -> None:
    written = re.compile(r'"([A-Z][A-Z0-9_]+)"')
    found = [
        f"{file.relative_to(ROOT)}: {text}"
        for room in ROOMS
        for file in sorted((ROOT / room).rglob("*.py"))
        if file not in DEFINING
        for text in written.findall(file.read_text(encoding="utf-8"))
        if text in set(Code) - NOT_CODES
    ]
    assert found == []


def test_no_code_that_was_kept_is_gone() -> None:
    kept = KEPT.read_text(encoding="utf-8")
    assert codes_to_keep(kept, all_codes(), version=version()) == kept


def test_a_code_goes_with_a_major_version_alone() -> None:
    kept = "1.4.0\nA\nB\n"
    with pytest.raises(ValueError, match=r"B of 1\.4\.0 is gone"):
        codes_to_keep(kept, ("A",), version="1.5.0")
    assert codes_to_keep(kept, ("A", "B", "C"), version="1.5.0") == "1.5.0\nA\nB\nC\n"
    assert codes_to_keep(kept, ("A",), version="2.0.0") == "2.0.0\nA\n"


def test_bad_input_has_the_remedy_of_its_code_where_it_has_none_of_its_own() -> None:
    assert BadInput(Code.BAD_DATE, "no").remedy == WORDS[Code.BAD_DATE].remedy
    assert BadInput(Code.BAD_DATE, "no", remedy="yes").remedy == "yes"


def test_what_is_out_of_range_says_what_was_given_and_what_may_be() -> None:
    error = out_of_range(Code.FIRST_OUT_OF_RANGE, "first", 500, maximum=200)
    assert error.message == "`first` is 500; it must be 1 to 200"
    assert error.parameters == {"argument": "first", "given": 500, "minimum": 1, "maximum": 200}
    assert limits("note", 3, maximum=2) == {"argument": "note", "given": 3, "maximum": 2}


def test_an_error_without_a_code_of_ours_is_a_fault() -> None:
    assert code_of(BadInput(Code.BAD_DATE, "no")) is Code.BAD_DATE
    assert code_of(OSError()) is Code.INTERNAL_ERROR
    assert known_code("OF_ANOTHER_VERSION") is Code.INTERNAL_ERROR


def test_the_schema_has_every_code_of_a_blocker_and_says_what_it_means() -> None:
    shown = make_schema()._schema.type_map["BlockerCode"]
    assert isinstance(shown, GraphQLEnumType)
    assert set(shown.values) == set(BlockerCode)
    assert all(value.description for value in shown.values.values())


def test_conflicts_of_the_bundled_catalog_have_codes_and_new_ones_have_one_for_all() -> None:
    for conflict in bundled_facts().conflicts:
        assert code_of_conflict(conflict.code) == conflict.code
    assert code_of_conflict("OF_A_CATALOG_OF_OURS") is BlockerCode.SOURCES_DISAGREE


def test_codes_of_the_embedded_server_are_none_of_these() -> None:
    assert not set(pgerrors.REMEDIES) & set(Code)
