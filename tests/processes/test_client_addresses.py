"""Where a client is known to be: behind the proxies that the settings trust, and no others."""

import asyncio
import json
from typing import Any
from urllib.request import Request
from uuid import uuid4

import pytest

from tests.offerpath.command import Cli
from tests.offerpath.served import Served, send, served
from tests.offerpath.sign_in.issuer import AUDIENCE, Issuer

IMPORT = """mutation($file: ImportFileInput!) {
  importCustomers(file: $file) { __typename ... on CustomersImported { rows } }
}"""
AUDIT = "{ auditEntries(first: 1) { edges { node { address } } } }"


@pytest.mark.parametrize(
    ("trusted", "forwarded", "address"),
    [
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.0/8 10.0.0.0/8", "203.0.113.9, 198.51.100.7, 10.1.2.3", "198.51.100.7"),
        ("127.0.0.1", "2001:db8::7", "2001:db8::7"),
        ("127.0.0.1", "Contoso Ltd", None),
        ("10.0.0.0/8", "198.51.100.7", "127.0.0.1"),
        ("", "198.51.100.7", "127.0.0.1"),
    ],
)
async def test_a_clients_address_is_taken_from_trusted_proxies_alone(
    cli: Cli, trusted: str, forwarded: str, address: str | None
) -> None:
    async with Issuer().up() as issuer:
        settings = {
            "OFFERPATH_TRUSTED_PROXIES": trusted,
            "OFFERPATH_AUTH": "oidc",
            "OFFERPATH_OIDC_ISSUER": issuer.url,
            "OFFERPATH_OIDC_AUDIENCE": AUDIENCE,
        }
        # The issuer answers from this process.
        known = await asyncio.to_thread(_address, cli, settings, issuer.token(), forwarded)
    assert known == address


def _address(cli: Cli, settings: dict[str, str], token: str, forwarded: str) -> str | None:
    """Return the address that the audit has of an import through a proxy."""
    file = {"name": "a.csv", "content": f"customer_id,name\n{uuid4()},Rowan\n"}
    with served(cli, **settings) as server:
        imported = _asked(server, token, {"query": IMPORT, "variables": {"file": file}}, forwarded)
        assert imported["importCustomers"]["rows"] == 1
        (edge,) = _asked(server, token, {"query": AUDIT}, forwarded)["auditEntries"]["edges"]
    address: str | None = edge["node"]["address"]
    return address


def _asked(server: Served, token: str, body: dict[str, object], forwarded: str) -> dict[str, Any]:
    headers = {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {token}",
        "X-Forwarded-For": forwarded,
    }
    status, told = send(Request(f"{server.base}/graphql", json.dumps(body).encode(), headers))
    assert status == 200, told
    data: dict[str, Any] = json.loads(told)["data"]
    return data
