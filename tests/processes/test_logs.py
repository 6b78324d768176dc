"""The log tells who asked what and how it went, and never a word of what was asked or answered."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.offerpath.command import Cli
from tests.offerpath.served import Served, send, served
from tests.offerpath.subscriptions.serving import opened

NAME = "Quillfeather-Zappa"
TOKEN = "c2VjcmV0LXRva2Vu-zzz9-quux"  # noqa: S105
KEY = f"ofp_zzz9quux{'A' * 78}"
SECRETS = (NAME, NAME.lower(), TOKEN, KEY, "c2VjcmV0", "zzz9")
CUSTOMER = "0f0b8a52-6a0e-4b5e-9d6b-2f9d4c1b7a11"
ASKS = "query Asks($name: String!) { customers(text: $name, first: 1) { totalCount } }"
FILE = f"customer_id,name\n{CUSTOMER},{NAME}\n"
IMPORT = """mutation Import($file: ImportFileInput!) {
  importCustomers(file: $file) { __typename }
}"""


def _requests(server: Served, authorization: str) -> Iterator[Request]:
    """Yield requests that carry a name or a secret wherever a client can put one."""
    secret = {"Authorization": authorization, "Cookie": f"s={TOKEN}", "X-Request-Id": NAME}
    name = quote(NAME)
    for path in (
        f"/?q={name}",
        f"/{name}",
        f"/ide/{name}",
        f"/healthz?token={TOKEN}",
        "/readyz",
        f"/schema.graphql?{name}",
        f"/reports/paths?market={name}",
        f"/reports/portfolio?text={name}&format=csv",
        f"/reports/{name}",
        f"/reports/blockers?text={name}",
        f"/reports/plans?text={name}",
        f"/reports/paths/manifest?{name}=1",
        "/graphql?query=" + quote(ASKS) + "&variables=" + quote(json.dumps({"name": NAME})),
        f"/graphql?query={name}",
        f"/graphql?query={quote('{__typename}')}&operationName={name}",
    ):
        yield Request(server.base + path, headers=secret)
    posted = {"Content-Type": "application/json", **secret}
    bad_file = {"name": f"{NAME}.csv", "content": f"customer_id,name\n{NAME},{NAME}\n"}
    for body in (
        {"query": ASKS, "variables": {"name": NAME}},
        {"query": IMPORT, "variables": {"file": {"name": f"{NAME}.csv", "content": FILE}}},
        {"query": IMPORT, "variables": {"file": bad_file}},
        {"query": ASKS, "variables": {"name": [NAME]}},
        {"query": ASKS, "variables": {"name": NAME}, "operationName": f"{NAME} {TOKEN}"},
        {"query": "{ customer(id: %s) { __typename } }" % json.dumps(NAME)},
        {"query": "{ %s }" % NAME},
        {"query": '{ node(id: "%s") { __typename } }' % NAME},
        {"query": NAME, "extensions": {"x": TOKEN}},
        [NAME],
    ):
        yield Request(server.base + "/graphql", json.dumps(body).encode(), posted)
    yield Request(server.base + "/graphql", f'{{"query": "{NAME}'.encode(), posted)
    yield Request(server.base + "/graphql", NAME.encode(), {**posted, "Content-Type": NAME})


async def _sockets(server: Served, authorization: str) -> None:
    """Say secrets over a WebSocket too, well and badly."""
    host = server.base.removeprefix("http://")
    headers = {"Authorization": authorization}
    with suppress(ConnectionClosed, InvalidStatus):
        async with opened(host, additional_headers=headers) as socket:
            await socket.send(type="connection_init", payload={"authorization": authorization})
            await socket.receive()
            await socket.subscribe(f"subscription {{ {NAME} }}", "1", name=NAME)
            await socket.receive()
            await socket.subscribe("subscription { customersChanged { reason } }", TOKEN)
            await socket.receive()
            await socket.connection.send(f"{NAME} {TOKEN}")
            await socket.closed()


def _log_of(cli: Cli, authorization: str, **variables: str) -> list[dict[str, Any]]:
    settings = {"OFFERPATH_LOG_LEVEL": "debug", "OFFERPATH_LOG_FORMAT": "json", **variables}
    with served(cli, **settings) as server:
        for request in _requests(server, authorization):
            with suppress(URLError):
                send(request)
        asyncio.run(_sockets(server, authorization))
        code, err = server.stop()
    assert code == 0
    for secret in SECRETS:
        assert secret not in err, err[max(0, err.index(secret) - 300) : err.index(secret) + 50]
    return [json.loads(line) for line in err.splitlines() if line.startswith("{")]


def test_no_name_token_variable_or_file_reaches_the_log_by_any_route(cli: Cli) -> None:
    partner = "0c7d2b9e-2f4d-4a61-9d0c-5a4f3a2b1c0d"
    told = _log_of(cli, f"Bearer {TOKEN}", OFFERPATH_PARTNER_ID=partner)
    lines = [line for line in told if line["logger"] == "offerpath.requests"]
    assert len(lines) >= 28
    asks = next(line for line in lines if line.get("operation") == "Asks" and "code" not in line)
    assert asks["partner_id"] == partner
    assert (asks["method"], asks["route"], asks["status"]) == ("GET", "/graphql", 200)
    assert asks["milliseconds"] > 0
    assert len(asks["trace_id"]) == 32
    codes = {line.get("code") for line in lines}
    assert {"MALFORMED_JSON", "BATCHING_NOT_SUPPORTED", "GRAPHQL_PARSE_FAILED"} <= codes
    assert {line["route"] for line in lines} >= {"/graphql", "/reports/paths", "/ide", "other"}
    assert "websocket" in {line["event"] for line in lines}


@pytest.mark.parametrize("authorization", [f"Bearer {TOKEN}", f"Bearer {KEY}", f"Basic {TOKEN}"])
def test_no_token_or_key_reaches_the_log_where_sign_in_is_on(cli: Cli, authorization: str) -> None:
    """The issuer is away, which is told too, and by nothing that the token says."""
    told = _log_of(
        cli,
        authorization,
        OFFERPATH_AUTH="oidc",
        OFFERPATH_OIDC_ISSUER="http://127.0.0.1:9/issuer",
        OFFERPATH_OIDC_AUDIENCE="api://offerpath",
    )
    codes = {line.get("code") for line in told} - {None}
    assert codes & {"TOKEN_NOT_ACCEPTED", "KEY_NOT_ACCEPTED", "NOT_SIGNED_IN"}
