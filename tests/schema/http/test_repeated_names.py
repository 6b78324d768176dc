"""JSON in which a name stands twice in one object: told for any text, and refused everywhere."""

import json

import httpx2
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.permissions import Role
from schema.http import json_text
from schema.http.json_text import RepeatedName, check_names
from tests.offerpath.subscriptions.serving import opened
from tests.offerpath.subscriptions.small import FOLLOW, small
from tests.schema.api import Api
from tests.schema.http.http_asking import GRAPHQL, JSON, code_of, get, post

SAME = '{ "a": 1,"\\u0061" :2}'
QUERY = '"query": "{ catalog { label } }"'
REPEATED = (
    '{"query": "{ catalog { label } }", "query": "{ viewer { partnerId } }"}',
    '{%s, "variables": {"a": 1, "a": 1}}' % QUERY,
    '{%s, "variables": {"a": [{"b": {"c": 1, "c": 2}}]}}' % QUERY,
    '{%s, "variables": {"a": %s}}' % (QUERY, SAME),
    '{%s, "extensions": {"a": 1, "b": ":", "a": "\\":"}}' % QUERY,
    '{%s, "operationName": null, "operationName": null}' % QUERY,
    '[{"query": "{ __typename }", "query": "{ __typename }"}]',
)
ONCE = (
    '{%s, "variables": {"a": {"a": {"a": 1}}, "b": [{"a": 1}, {"a": 1}]}}' % QUERY,
    '{%s, "variables": {"a\\":": ":", "\\"a\\" :": "\\" :", "a": "{\\"a\\": 1, \\"a\\": 2}"}}'
    % QUERY,
    '{%s, "variables": {"a": 1, "A": 2, "a ": 3, "": 4, " ": 5}}' % QUERY,
)


class Tree(list[tuple[str, object]]):
    """The members of an object, in order."""


NAMES = st.one_of(st.sampled_from(["a", "b", 'a"', '":', "\\", " :", "é", ""]), st.text(max_size=3))
LEAVES = st.one_of(st.none(), st.integers(0, 9), NAMES)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(st.tuples(NAMES, inner), max_size=4).map(Tree),
    ),
    max_leaves=12,
)
SPACES = st.sampled_from(["", "", " ", "\n", "\t \r"])


def _written(tree: object, space: str, after: str) -> str:
    match tree:
        case Tree():
            members = (
                f"{_leaf(name)}{space}:{after}{_written(value, space, after)}"
                for name, value in tree
            )
            return "{" + ",".join(members) + "}"
        case list():
            return "[" + f"{after},".join(_written(one, space, after) for one in tree) + "]"
    return _leaf(tree)


def _leaf(value: object) -> str:
    return (
        json.dumps(value).replace("b", "\\u0062") if isinstance(value, str) else json.dumps(value)
    )


def _has_repeated(tree: object) -> bool:
    match tree:
        case Tree():
            names = [name for name, _ in tree]
            inside = any(_has_repeated(value) for _, value in tree)
            return inside or len(set(names)) < len(names)
        case list():
            return any(map(_has_repeated, tree))
    return False


@pytest.mark.parametrize("long", [4096, 0])
@given(tree=TREES, space=SPACES, after=SPACES)
def test_a_name_that_stands_twice_is_told_of_any_text(
    long: int, tree: object, space: str, after: str
) -> None:
    text = _written(tree, space, after).encode("utf-8", "surrogatepass")
    try:
        read = orjson.loads(text)
    except orjson.JSONDecodeError:
        return  # half a character: refused before names are looked at
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(json_text, "_LONG", long)
        if _has_repeated(tree):
            with pytest.raises(RepeatedName):
                check_names(text, read)
        else:
            check_names(text, read)


@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
@pytest.mark.parametrize("body", REPEATED)
async def test_a_body_with_a_name_twice_is_refused(sample: Api, body: str, accept: str) -> None:
    answer = await post(sample, body.encode(), accept=accept)
    assert (answer.status_code, code_of(answer)) == (400, "DUPLICATE_KEY")


@pytest.mark.parametrize("body", ONCE)
async def test_what_only_looks_so_is_answered(sample: Api, body: str) -> None:
    answer = await post(sample, body.encode())
    assert answer.status_code == 200
    assert answer.json()["data"]["catalog"]["label"]


async def test_an_imported_file_may_hold_what_it_likes(partner: Api) -> None:
    """It is a text in the body; what is wrong with it its own reader says."""
    content = '{"a" : 1, "a" : "\\":"}' * 2_000
    sent = {
        "query": "mutation($f: ImportFileInput!) { importCustomers(file: $f) { __typename } }",
        "variables": {"f": {"content": content, "name": "a.json"}},
    }
    answer = await partner.acting_as(*Role).post_bytes(orjson.dumps(sent))
    assert answer.json()["data"] == {"importCustomers": {"__typename": "ImportRefused"}}


@pytest.mark.parametrize("name", ["variables", "extensions"])
async def test_so_is_a_parameter_of_a_url(sample: Api, name: str) -> None:
    answer = await get(sample, {"query": "{ catalog { label } }", name: SAME})
    assert (answer.status_code, code_of(answer)) == (400, "DUPLICATE_KEY")


async def test_so_are_messages_of_sockets_and_requests_for_event_streams() -> None:
    payload = '{"query": "%s", "variables": {"a": 1, "a": 2}}' % FOLLOW
    async with small() as app:
        async with opened(app.host) as socket:
            await socket.begin()
            await socket.connection.send(
                '{"type": "subscribe", "id": "1", "payload": %s}' % payload
            )
            assert await socket.closed() == (4400, "DUPLICATE_KEY")
        async with opened(app.host) as socket:
            await socket.connection.send('{"type": "connection_init", "type": "ping"}')
            assert await socket.closed() == (4400, "DUPLICATE_KEY")
        async with httpx2.AsyncClient(base_url=f"http://{app.host}", trust_env=False) as client:
            headers = {"content-type": JSON, "accept": "text/event-stream"}
            answer = await client.post("/graphql", content=payload.encode(), headers=headers)
        assert (answer.status_code, code_of(answer)) == (400, "DUPLICATE_KEY")
