"""The whole application: its routes, its limit on bodies, and errors outside GraphQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette

from db.customers import PostgresCustomerStore
from db.pool import Database
from offerpath.app import create_app
from offerpath.house import House
from offerpath.import_files import import_reader
from offerpath.settings import load_settings
from resolvers.catalog.catalogs import Catalogs
from resolvers.ports import StorageUnavailable
from resolvers.records.catalog import CatalogVersion
from resolvers.records.principal import Principal
from schema.print import FILE
from tests.memory_stores import (
    MemoryCatalogStore,
    memory_stores,
)
from tests.schema.api import Api
from tests.schema.conftest import principal_of

MIB = 1024 * 1024
LIMIT = 2 * MIB
"""Twice the largest file."""
CODED = {"format": "pdf", "shape": "x", "segment": "X", "profile": "X", "legacy_upgrades": "X"}


class _NoDatabase(MemoryCatalogStore):
    async def current(self, principal: Principal) -> CatalogVersion | None:  # noqa: ARG002
        raise StorageUnavailable("the database cannot be reached")


def _house(database: Database, catalogs: Catalogs, principal: Principal, folder: Path) -> House:
    settings = load_settings(data_dir=folder, max_import_mib=1)
    reader = import_reader(settings.max_import_bytes)
    return House(settings, "", database, catalogs, principal, reader)


@pytest.fixture
def whole(api_database: Database, catalogs: Catalogs, sample: Api, tmp_path: Path) -> Starlette:
    return create_app(_house(api_database, catalogs, principal_of(sample), tmp_path))


@pytest.fixture
async def client(whole: Starlette) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=whole)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as opened:
        yield opened


@pytest.mark.parametrize(
    ("path", "media_type", "text"),
    [
        ("/", "text/html", "offerpath"),
        ("/schema.graphql", "text/plain", FILE.read_text(encoding="utf-8")),
        ("/healthz", "text/plain", "ok\n"),
        ("/readyz", "application/json", '"ready":true'),
        ("/graphql?query={catalog{label}}", "application/json", '"bundled"'),
    ],
)
async def test_every_route_answers(
    client: httpx2.AsyncClient, path: str, media_type: str, text: str
) -> None:
    answer = await client.get(path, headers={"accept": "*/*"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media_type)
    assert text in answer.text


@pytest.mark.parametrize("route", ["/reports/paths", "/reports/paths/manifest"])
@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        *((name, value, "BAD_PARAMETER") for name, value in CODED.items()),
        ("bom", "yes", "BAD_PARAMETER"),
        ("with_no_path", "1", "BAD_PARAMETER"),
        ("max_steps", "two", "BAD_PARAMETER"),
        ("max_steps", "²", "BAD_PARAMETER"),
        ("max_steps", "0", "MAX_STEPS_OUT_OF_RANGE"),
        ("max_steps", "9" * 5000, "MAX_STEPS_OUT_OF_RANGE"),
        ("market", "usa", "MALFORMED_MARKET"),
        ("market", "", "MALFORMED_MARKET"),
        ("at", "yesterday", "BAD_DATE"),
        ("at", "2026-03-01T09:00", "BAD_DATE"),
        ("unheard", "x", "UNKNOWN_PARAMETER"),
    ],
)
async def test_a_bad_parameter_of_a_report_is_named(
    client: httpx2.AsyncClient, route: str, name: str, value: str, code: str
) -> None:
    answer = await client.get(route, params={name: value})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == code


async def test_a_mark_of_byte_order_is_for_csv_alone(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/reports/paths", params={"bom": "true", "format": "ndjson"})
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (
        400,
        "BAD_PARAMETER",
    )


@pytest.mark.parametrize("path", ["/graphql", "/reports/paths", "/readyz"])
@pytest.mark.parametrize("is_down", [True, False])
async def test_without_database_or_catalog_the_answer_is_503_with_a_code(
    api_database: Database, sample: Api, tmp_path: Path, path: str, is_down: bool
) -> None:
    store = _NoDatabase() if is_down else MemoryCatalogStore()
    empty = Catalogs(memory_stores(store))
    app = create_app(_house(api_database, empty, principal_of(sample), tmp_path))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        if path == "/graphql":
            answer = await client.post(path, json={"query": "{ catalog { label } }"})
        else:
            answer = await client.get(path)
        alive = await client.get("/healthz")
    assert answer.status_code == 503
    code = "DATABASE_UNAVAILABLE" if is_down else "NO_CATALOG"
    told = answer.json()["errors"][0]["extensions"]
    assert (told["code"], bool(told["remedy"])) == (code, True)
    assert answer.headers["x-trace-id"] == told["traceId"]
    assert alive.status_code == 200


async def _parts(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // MIB):
        yield b"x" * MIB
    yield b"x"


@pytest.mark.parametrize("path", ["/graphql", "/reports/paths"])
async def test_a_body_that_says_it_is_too_long_is_refused(
    client: httpx2.AsyncClient, path: str
) -> None:
    answer = await client.post(path, content=b"x" * (LIMIT + 1))
    assert answer.status_code == 413
    told = answer.json()["errors"][0]["extensions"]
    assert told == {"code": "BODY_TOO_LARGE", "remedy": "Ask for less at once, or split the file"}


async def test_a_body_that_grows_too_long_is_refused(client: httpx2.AsyncClient) -> None:
    headers = {"content-type": "application/json"}
    answer = await client.post("/graphql", content=_parts(LIMIT), headers=headers)
    assert answer.status_code == 413
    told = answer.json()["errors"][0]["extensions"]
    assert told == {"code": "BODY_TOO_LARGE", "remedy": "Ask for less at once, or split the file"}


async def test_a_body_at_the_limit_is_read(client: httpx2.AsyncClient) -> None:
    question = b'{"query": "mutation { __typename }"}'
    padded = question + b" " * (LIMIT - len(question))
    headers = {"content-type": "application/json"}
    answer = await client.post("/graphql", content=padded, headers=headers)
    assert answer.json()["data"] == {"__typename": "Mutation"}


async def test_a_file_beyond_its_own_limit_is_refused_with_nothing_stored(
    client: httpx2.AsyncClient, api_database: Database, sample: Api
) -> None:
    store = PostgresCustomerStore(api_database)
    before = await store.page(principal_of(sample), first=1, after=None, text=None)
    change = "mutation($c: String!) { importCustomers(file: {content: $c}) { %s } }"
    query = change % "... on ImportRefused { code }"
    given = {"query": query, "variables": {"c": "x" * (MIB + 1)}}
    answer = await client.post("/graphql", json=given)
    assert answer.json()["data"] == {"importCustomers": {"code": "FILE_TOO_LARGE"}}
    assert await store.page(principal_of(sample), first=1, after=None, text=None) == before
