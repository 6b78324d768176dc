"""relay-compiler takes the schema, and what it compiles is answered."""

import json
import shutil
from pathlib import Path
from typing import Any

import httpx2
import pytest

from schema.http.documents import read_manifest
from schema.print import FILE
from schema.schema import make_schema
from tests.external import node

PROJECT = Path(__file__).with_name("relay")
COMPILER = Path("node_modules") / "relay-compiler" / "cli.js"
LEGACY_BASIC = "BD938F12-058F-4927-BBA3-AE36B1D2501C"


@pytest.fixture(scope="session")
def manifest(packages: None, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Compile the project beside the schema; give its manifest of documents."""
    folder = tmp_path_factory.mktemp("relay") / "project"
    shutil.copytree(PROJECT, folder)
    shutil.copy(FILE, folder / "schema.graphql")
    (folder / "generated").mkdir()
    (folder / "documents.json").write_text("{}", encoding="utf-8")
    node.run(node.FOLDER / COMPILER, "relay.config.json", cwd=folder)
    return (folder / "documents.json").read_bytes()


@pytest.fixture(scope="session")
def documents(manifest: bytes) -> dict[str, str]:
    """Give each operation's text by its name."""
    texts: dict[str, str] = json.loads(manifest)
    return {text.split()[1].split("(")[0]: text for text in texts.values()}


def _ask(server: str, query: str, **variables: Any) -> Any:
    answer = httpx2.post(
        f"{server}/graphql",
        json={"query": query, "variables": variables},
        headers={"accept": "application/graphql-response+json"},
        timeout=60,
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def test_the_compiler_makes_the_queries_that_refetch(documents: dict[str, str]) -> None:
    assert set(documents) == {
        "CustomerListQuery",
        "CustomerListPaginationQuery",
        "CustomerHoldingsPaginationQuery",
        "OfferPathsQuery",
        "OfferPathsRefetchQuery",
    }


def test_the_compiler_s_manifest_is_one_of_trusted_documents(
    manifest: bytes, documents: dict[str, str]
) -> None:
    read = read_manifest(manifest, make_schema().documents)
    assert sorted(one.text for one in read.values()) == sorted(documents.values())


def test_a_refetchable_connection_is_read_to_its_end(
    server: str, documents: dict[str, str]
) -> None:
    read: list[str] = []
    cursor: str | None = None
    while True:
        query = documents["CustomerListPaginationQuery"]
        page = _ask(server, query, count=2, cursor=cursor)["customers"]
        read += [edge["node"]["id"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        cursor = page["pageInfo"]["endCursor"]
    every = _ask(server, "{ customers(first: 200) { edges { node { id } } } }")["customers"]
    assert read == [edge["node"]["id"] for edge in every["edges"]]
    assert len(read) > 2


def test_a_connection_of_a_node_is_refetched_by_its_id(
    server: str, documents: dict[str, str]
) -> None:
    first = _ask(server, documents["CustomerListQuery"], count=1)["customers"]["edges"][0]["node"]
    query = documents["CustomerHoldingsPaginationQuery"]
    found = _ask(server, query, id=first["id"], count=1)["node"]
    assert (found["__typename"], found["name"]) == ("Customer", first["name"])
    assert len(found["subscriptions"]["edges"]) == 1


def test_an_offer_is_refetched_by_its_id(server: str, documents: dict[str, str]) -> None:
    goal = {"anyNewCommerce": True}
    found = _ask(server, documents["OfferPathsQuery"], **{"from": LEGACY_BASIC, "goal": goal})
    assert found["paths"]["__typename"] == "PathsFound"
    again = _ask(server, documents["OfferPathsRefetchQuery"], id=found["offer"]["id"])["node"]
    assert again["catalogId"] == LEGACY_BASIC
