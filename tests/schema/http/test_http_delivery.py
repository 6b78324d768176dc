"""How answers reach a client: what may be kept and asked again, compression, other sites' pages."""

import gzip
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from db.pool import Database
from offerpath.app import create_app
from offerpath.own_host import OF_PROXIES, OF_PROXIES_BEGIN
from offerpath.settings import BadSetting, load_settings
from planner.permissions import Role
from resolvers.catalog.catalogs import Catalogs
from schema.print import FILE
from tests.schema.api import NEW_E3, NOW, Api
from tests.schema.conftest import principal_of
from tests.schema.http.test_app import _house

LABEL = {"query": "{ catalog { label } }"}
OFFERS = {"query": "{ offers(first: 50) { edges { node { catalogId title } } } }"}
CUSTOMERS = {"query": "{ customers(first: 50) { edges { node { name } } } }"}
FAILED = {"query": '{ offer(catalogId: "x") { __typename } }'}
REVALIDATED = "private, no-cache"
ORIGIN = "https://desk.example.com"


async def _get(
    api: Api, params: Mapping[str, str], path: str = "/graphql", **headers: str
) -> httpx2.Response:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    async with api.client() as client:
        return await client.get(path, params=dict(params), headers=given)


async def test_an_answer_about_the_catalog_is_asked_again_by_its_tag(sample: Api) -> None:
    first = await _get(sample, LABEL)
    etag = first.headers["etag"]
    assert first.headers["cache-control"] == REVALIDATED
    assert "Authorization" in first.headers["vary"]
    for tags in (etag, f'"other", {etag}', etag.removeprefix("W/"), "*"):
        again = await _get(sample, LABEL, if_none_match=tags)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
        assert again.headers["cache-control"] == REVALIDATED
        assert "content-type" not in again.headers
    assert (await _get(sample, LABEL, if_none_match='W/"other"')).json() == first.json()


async def test_another_answer_has_another_tag(sample: Api) -> None:
    offer = {"query": '{ offer(catalogId: "%s") { ... on Offer { title } } }' % NEW_E3}
    tags = [(await _get(sample, one)).headers["etag"] for one in (LABEL, OFFERS, offer)]
    assert len(set(tags)) == 3


async def test_the_same_answer_has_the_same_tag_in_every_process_and_form(sample: Api) -> None:
    spaced = {"query": "{ catalog   { label } }"}
    new = "application/graphql-response+json"
    one = (await _get(sample, LABEL)).headers["etag"]
    two = (await _get(sample, spaced, accept=new)).headers["etag"]
    assert one == two == (await _get(sample, LABEL, accept_encoding="gzip")).headers["etag"]


@pytest.mark.parametrize("query", [CUSTOMERS, FAILED])
async def test_what_is_not_the_catalogs_alone_may_not_be_kept(
    sample: Api, query: dict[str, str]
) -> None:
    answer = await _get(sample, query, if_none_match="*")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


async def test_a_post_is_answered_whole_and_not_kept(sample: Api) -> None:
    async with sample.client() as client:
        answer = await client.post("/graphql", json=LABEL, headers={"if-none-match": "*"})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert "etag" not in answer.headers


@pytest.mark.parametrize("query", [OFFERS, CUSTOMERS])
async def test_an_answer_is_compressed_for_who_takes_it_so(
    sample: Api, query: dict[str, str]
) -> None:
    plain = await _get(sample, query, accept_encoding="identity")
    assert "content-encoding" not in plain.headers
    for _ in range(2):
        async with sample.client() as client:
            headers = {"accept-encoding": "br, gzip;q=0.5"}
            request = client.build_request("GET", "/graphql", params=query, headers=headers)
            answer = await client.send(request, stream=True)
            raw = b"".join([part async for part in answer.aiter_raw()])
        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) == len(raw) < len(plain.content)
        assert gzip.decompress(raw) == plain.content
    refused = await _get(sample, query, accept_encoding="gzip;q=0")
    assert "content-encoding" not in refused.headers


async def test_a_short_answer_is_not_compressed(sample: Api) -> None:
    assert "content-encoding" not in (await _get(sample, LABEL, accept_encoding="gzip")).headers


REPORT = "/reports/paths"
DAY = {"at": "2026-11-23", "market": "US"}


@pytest.mark.parametrize("coding", ["gzip", "identity"])
@pytest.mark.parametrize("path", [REPORT, f"{REPORT}/manifest"])
async def test_vary_names_each_field_once(sample: Api, path: str, coding: str) -> None:
    for more in ({}, {"if_none_match": "*"}, {"format": "xlsx"}):
        known = {"if_none_match": more["if_none_match"]} if "if_none_match" in more else {}
        asked = DAY | {name: text for name, text in more.items() if name not in known}
        answer = await _get(sample, asked, path, accept_encoding=coding, **known)
        assert answer.headers.get_list("vary") == ["Accept-Encoding, Authorization"]


@pytest.mark.parametrize("path", [REPORT, f"{REPORT}/manifest"])
async def test_the_path_report_is_asked_again_by_its_tag(sample: Api, path: str) -> None:
    first = await _get(sample, DAY, path)
    again = await _get(sample, DAY, path, if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["cache-control"] == REVALIDATED
    for other, asked in (
        (sample, {**DAY, "market": "DE"}),
        (sample, {**DAY, "format": "ndjson"}),
        (sample.at(NOW.replace(year=2027)), DAY),
        (sample.acting_as(Role.ADMIN_AGENT), DAY),
    ):
        changed = await _get(other, asked, path, if_none_match=first.headers["etag"])
        assert changed.status_code == 200, asked


async def test_a_report_on_customers_may_not_be_kept(sample: Api) -> None:
    answer = await _get(sample, {}, "/reports/blockers", if_none_match="*")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")


@pytest.fixture
def whole(api_database: Database, catalogs: Catalogs, sample: Api, tmp_path: Path) -> Starlette:
    house = _house(api_database, catalogs, principal_of(sample), tmp_path)
    settings = load_settings(data_dir=tmp_path, allowed_origins=(ORIGIN,))
    return create_app(replace(house, settings=settings))


@pytest.fixture
async def client(whole: Starlette) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=whole)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as opened:
        yield opened


async def test_the_schema_is_asked_again_by_its_tag(client: httpx2.AsyncClient) -> None:
    first = await client.get("/schema.graphql", headers={"accept-encoding": "gzip"})
    assert first.headers["content-encoding"] == "gzip"
    assert first.text.startswith(FILE.read_text(encoding="utf-8")[:20])
    headers = {"if-none-match": first.headers["etag"]}
    assert (await client.get("/schema.graphql", headers=headers)).status_code == 304


async def test_a_page_of_a_named_origin_may_ask(client: httpx2.AsyncClient) -> None:
    wanted = {
        "origin": ORIGIN,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, content-type",
    }
    before = await client.options("/graphql", headers=wanted)
    assert (before.status_code, before.headers["access-control-allow-origin"]) == (200, ORIGIN)
    answer = await client.post("/graphql", json=LABEL, headers={"origin": ORIGIN})
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in answer.headers
    asked = {"origin": ORIGIN, "sec-fetch-site": "cross-site"}
    assert (await client.get("/graphql", params=LABEL, headers=asked)).status_code == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example.com", "http://desk.example.com", "null", f"{ORIGIN}.evil"]
)
async def test_a_page_of_another_origin_may_not(client: httpx2.AsyncClient, origin: str) -> None:
    wanted = {"origin": origin, "access-control-request-method": "POST"}
    assert (await client.options("/graphql", headers=wanted)).status_code == 400
    headers = {"origin": origin, "sec-fetch-site": "cross-site"}
    answer = await client.get("/graphql", params=LABEL, headers=headers)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


async def test_a_refusal_is_readable_by_the_named_origins_page(client: httpx2.AsyncClient) -> None:
    headers = {"origin": ORIGIN, "content-type": "text/plain"}
    answer = await client.post("/graphql", content=b"{}", headers=headers)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (415, ORIGIN)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("https://desk.example.com", (ORIGIN,)),
        ("https://Desk.Example.com:443 http://localhost:5173", (ORIGIN, "http://localhost:5173")),
        ("http://[::1]:5173", ("http://[::1]:5173",)),
        ("", ()),
    ],
)
def test_origins_are_named_exactly(
    monkeypatch: pytest.MonkeyPatch, given: str, meant: tuple[str, ...]
) -> None:
    monkeypatch.setenv("OFFERPATH_ALLOWED_ORIGINS", given)
    assert load_settings().allowed_origins == meant


@pytest.mark.parametrize(
    "given",
    ["*", "https://*.example.com", "desk.example.com", "https://x/path", "https://u@x", "null"],
)
def test_an_origin_that_is_not_exact_is_refused(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("OFFERPATH_ALLOWED_ORIGINS", f"{ORIGIN} {given}")
    with pytest.raises(BadSetting, match="OFFERPATH_ALLOWED_ORIGINS"):
        load_settings()


OWN = ["localhost", "LOCALHOST:8000", "localhost.", "127.0.0.1:8000", "[::1]:8000", "10.0.0.5"]
OTHERS = ["rebound.example.com", "localhost.example.com", "127.0.0.1.example.com", "x[", "a@b", "_"]


@pytest.mark.parametrize("host", [*OWN, "desk.example.com:8443"])
async def test_the_server_is_called_by_its_own_names(client: httpx2.AsyncClient, host: str) -> None:
    answer = await client.post("/graphql", json=LABEL, headers={"host": host})
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/graphql", "/reports/paths", "/"])
@pytest.mark.parametrize("host", OTHERS)
async def test_a_name_that_was_made_to_point_here_is_refused(
    client: httpx2.AsyncClient, host: str, path: str
) -> None:
    answer = await client.get(path, headers={"host": host})
    assert answer.status_code == 421
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "HOST_NOT_KNOWN"
    assert error["extensions"]["remedy"]


@pytest.mark.parametrize("path", ["/graphql", "/reports/paths", "/"])
@pytest.mark.parametrize(
    "told",
    [
        {"X-Forwarded-For": "203.0.113.9"},
        {"x-forwarded-host": "desk.example.com"},
        {"X-Real-IP": "203.0.113.9"},
        {"Forwarded": "for=203.0.113.9;proto=https"},
        {"Via": "1.1 Azure"},
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-Port": "443"},
        {"X-Forwarded-Server": "edge"},
        {"X-Forwarded-Prefix": "/desk"},
        {"X-Original-Forwarded-For": "203.0.113.9"},
        {"CF-Connecting-IP": "203.0.113.9"},
        {"True-Client-IP": "203.0.113.9"},
        {"X-Client-IP": "203.0.113.9"},
        {"X-Azure-ClientIP": "203.0.113.9"},
        {"X-Envoy-External-Address": "203.0.113.9"},
        {"CDN-Loop": "cloudflare"},
    ],
)
async def test_without_sign_in_nothing_is_answered_through_a_proxy(
    client: httpx2.AsyncClient, path: str, told: dict[str, str]
) -> None:
    answer = await client.get(path, headers=told)
    assert answer.status_code == 403
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "FORWARDED_WITHOUT_SIGN_IN"
    assert error["extensions"]["remedy"]


async def test_what_clients_send_themselves_gives_no_proxy_away(
    client: httpx2.AsyncClient,
) -> None:
    told = {
        "X-Amzn-Trace-Id": "Root=1-67891233-abcdef012345678912345678",
        "X-Request-Id": "1",
        "X-Requested-With": "XMLHttpRequest",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }
    assert (await client.get("/", headers=told)).status_code == 200


def test_the_guide_names_each_header_by_which_a_proxy_is_known() -> None:
    guide = Path(__file__).parents[3] / "docs" / "sign-in.md"
    _, _, told = guide.read_text(encoding="utf-8").partition("## How a proxy is known")
    first = [line.split("|")[1] for line in told.splitlines() if line.startswith("| `")]
    names = {name.lower().encode() for cell in first for name in re.findall(r"`([^`]+)`", cell)}
    assert names == OF_PROXIES | {begin + b"*" for begin in OF_PROXIES_BEGIN}


async def test_a_socket_by_another_name_is_not_opened(whole: Starlette) -> None:
    told: list[Any] = []

    async def send(message: Any) -> None:
        told.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    headers = [(b"host", b"rebound.example.com"), (b"origin", b"http://rebound.example.com")]
    scope = {"type": "websocket", "path": "/graphql", "query_string": b"", "headers": headers}
    await whole(scope, receive, send)
    assert told == [{"type": "websocket.close", "code": 1008}]
