"""Every code that a client can provoke has an example, and the API answers as the example says."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from graphql import GraphQLInterfaceType, GraphQLUnionType
from starlette.applications import Starlette

from db.pool import Database
from planner.permissions import Role
from resolvers.catalog.catalogs import Catalogs
from resolvers.codes.code import Code
from resolvers.codes.place import Place
from resolvers.codes.words import WORDS
from schema.schema import make_schema
from tests.schema.conftest import partner_with_sample
from tests.schema.errors.error_examples import FILE, Example, Run, examples
from tests.schema.errors.example_servers import Ground, server

ROOT = Path(__file__).parents[3]
EXAMPLES = examples()
UNPROVOKED = {Place.FAULT, Place.COMMAND}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.title)
async def test_the_api_answers_as_the_example_says(
    app: Starlette, api_database: Database, catalogs: Catalogs, tmp_path: Path, example: Example
) -> None:
    api = await partner_with_sample(app, api_database)
    if example.roles:
        api = api.acting_as(*map(Role, example.roles))
    async with server(example.server, Ground(catalogs, api_database, tmp_path, api)) as asked:
        answer = await Run(asked.api, asked.names).answer(example)
    assert answer == (example.status, example.answer)
    assert f"'code': '{example.code}'" in str(example.answer)


def test_every_code_that_a_client_can_provoke_has_an_example_or_a_test_of_its_own() -> None:
    tested = tomllib.loads(FILE.read_text(encoding="utf-8"))["tested"]
    shown = {one.code for one in EXAMPLES}
    provoked = {code for code, words in WORDS.items() if words.place not in UNPROVOKED}
    assert shown | {one["code"] for one in tested} == provoked
    assert not shown & {one["code"] for one in tested}
    for one in tested:
        text = (ROOT / one["by"]).read_text(encoding="utf-8")
        assert re.search(rf"\b{one['code']}\b", text), one


async def test_every_kind_of_problem_is_met_in_an_example(
    app: Starlette, api_database: Database, catalogs: Catalogs, tmp_path: Path
) -> None:
    """Each type that implements Problem is a member of a union, and some example answers it."""
    schema = make_schema()._schema
    problem = schema.type_map["Problem"]
    assert isinstance(problem, GraphQLInterfaceType)
    implementing = {one.name for one in schema.get_implementations(problem).objects}
    in_unions = {
        member.name
        for union in schema.type_map.values()
        if isinstance(union, GraphQLUnionType)
        for member in union.types
    }
    assert implementing <= in_unions
    missing = set(implementing)
    for example in EXAMPLES:
        place = WORDS[Code(example.code)].place
        if not missing or place not in {Place.ANSWER, Place.FILE}:
            continue
        api = await partner_with_sample(app, api_database)
        typed = example.document.replace("... on Problem {", "... on Problem { __typename")
        async with server(example.server, Ground(catalogs, api_database, tmp_path, api)) as asked:
            _, answer = await Run(asked.api, asked.names).answer(replace(example, document=typed))
        missing -= set(re.findall(r"'__typename': '(\w+)'", str(answer)))
    assert missing == set()


def test_every_member_of_a_union_is_a_value_or_a_problem() -> None:
    """Where a union has members to switch on, all that are no value implement Problem."""
    schema = make_schema()._schema
    for union in schema.type_map.values():
        if not isinstance(union, GraphQLUnionType):
            continue
        for member in union.types:
            is_problem = any(one.name == "Problem" for one in member.interfaces)
            sounds_so = re.search(r"Not[A-Z]|Refused|TooLarge|Cannot|^No[A-Z]", member.name)
            assert is_problem == bool(sounds_so and member.name != "Node"), (union, member)
