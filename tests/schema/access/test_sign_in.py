"""Sign-in over HTTP: what is public, what needs a token, and how a refusal is told."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio
from starlette.applications import Starlette

from db.customers import PostgresCustomerStore
from db.pool import Database
from db.stores import postgres_stores
from offerpath.app import create_app
from offerpath.house import ITSELF, House
from offerpath.import_files import import_reader
from offerpath.settings import load_settings
from offerpath.sign_in.recognition import SignIn
from resolvers.catalog.catalogs import Catalogs
from resolvers.records.principal import Principal
from tests.offerpath.sign_in.issuer import AUDIENCE, OTHER_TENANT, TENANT, Issuer, rsa_key

WHO = {"query": "{ viewer { partnerId roles actor { kind label keyId } } }"}
CUSTOMERS = {"query": "{ customers { totalCount } }"}
MAKE_KEY = {
    "query": 'mutation { createApiKey(input: {name: "Nightly", roles: [SALES_AGENT]}) {'
    " ... on ApiKeyCreated { token apiKey { keyId } } ... on ApiKeyRefused { code } } }"
}


@pytest_asyncio.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with Issuer().up() as answering:
        yield answering


@pytest_asyncio.fixture
async def app(
    api_database: Database, catalogs: Catalogs, issuer: Issuer, tmp_path: Path
) -> AsyncIterator[Starlette]:
    settings = load_settings(
        auth="oidc", oidc_issuer=issuer.url, oidc_audience=AUDIENCE, data_dir=tmp_path
    )
    customers = PostgresCustomerStore(api_database)

    async def ensure_partner(principal: Principal) -> None:
        await customers.ensure_partner(principal, name=principal.partner_id)

    sign_in = SignIn.of(settings, postgres_stores(api_database).keys, ensure_partner)
    reader = import_reader(settings.max_import_bytes)
    yield create_app(House(settings, "", api_database, catalogs, ITSELF, reader, sign_in))
    await sign_in.close()


@pytest_asyncio.fixture
async def client(app: Starlette) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as opened:
        yield opened


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def code_of(answer: httpx2.Response) -> str:
    (error,) = answer.json()["errors"]
    assert error["extensions"]["remedy"]
    return str(error["extensions"]["code"])


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/schema.graphql", "/graphql"])
async def test_what_says_nothing_of_a_partner_is_public(
    client: httpx2.AsyncClient, path: str
) -> None:
    answer = await client.get(path, headers={"accept": "text/html,*/*"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/graphql"),
        ("GET", "/graphql?query={catalog{label}}"),
        ("GET", "/reports/paths"),
        ("GET", "/reports/paths/manifest"),
        ("GET", "/reports/options"),
    ],
)
async def test_everything_else_needs_a_sign_in(
    client: httpx2.AsyncClient, issuer: Issuer, method: str, path: str
) -> None:
    content: dict[str, Any] = {"json": WHO} if method == "POST" else {}
    answer = await client.request(method, path, **content)
    assert (answer.status_code, code_of(answer)) == (401, "NOT_SIGNED_IN")
    assert answer.headers["www-authenticate"] == 'Bearer realm="offerpath"'
    assert answer.headers["cache-control"] == "no-store"
    wrong = issuer.token(key=rsa_key("stranger"))
    answer = await client.request(method, path, headers=bearer(wrong), **content)
    assert (answer.status_code, code_of(answer)) == (401, "TOKEN_NOT_ACCEPTED")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


async def test_a_token_is_its_partners_view(client: httpx2.AsyncClient, issuer: Issuer) -> None:
    told = (await client.post("/graphql", json=WHO, headers=bearer(issuer.token()))).json()
    assert told["data"]["viewer"] == {
        "partnerId": TENANT,
        "roles": ["ADMIN_AGENT"],
        "actor": {"kind": "TOKEN", "label": "An Analyst", "keyId": None},
    }


async def test_partners_that_share_an_issuer_share_nothing_else(
    client: httpx2.AsyncClient, issuer: Issuer
) -> None:
    change = {
        "query": 'mutation { importCustomers(file: {name: "a.csv", content: "customer_id,name\\n'
        f'{uuid4()},Contoso\\n"}}) {{ __typename }} }}'
    }
    ours, theirs = str(uuid4()), str(uuid4())
    await client.post("/graphql", json=change, headers=bearer(issuer.token(tid=ours)))
    for tenant, total in ((ours, 1), (theirs, 0)):
        headers = bearer(issuer.token(tid=tenant))
        told = (await client.post("/graphql", json=CUSTOMERS, headers=headers)).json()
        assert told["data"]["customers"]["totalCount"] == total


async def test_somebody_without_a_role_may_do_nothing(
    client: httpx2.AsyncClient, issuer: Issuer
) -> None:
    headers = bearer(issuer.token(roles=None))
    answer = await client.post("/graphql", json=CUSTOMERS, headers=headers)
    assert code_of(answer) == "NOT_PERMITTED"


@pytest.mark.parametrize(
    ("claims", "status", "code"),
    [
        ({"exp": 1}, 401, "TOKEN_EXPIRED"),
        ({"aud": "x"}, 401, "TOKEN_NOT_ACCEPTED"),
        ({"roles": None, "hasgroups": True}, 403, "GROUPS_OVERAGE"),
        ({"padding": "x" * 9000}, 401, "TOKEN_TOO_LARGE"),
    ],
)
async def test_a_refusal_has_its_status_code_and_remedy(
    client: httpx2.AsyncClient, issuer: Issuer, claims: dict[str, Any], status: int, code: str
) -> None:
    headers = bearer(issuer.token(**claims))
    answer = await client.post("/graphql", json=WHO, headers=headers)
    assert (answer.status_code, code_of(answer)) == (status, code)
    error = "invalid_token" if status == 401 else "insufficient_scope"
    assert f'error="{error}"' in answer.headers["www-authenticate"]


async def test_without_the_issuers_keys_the_answer_is_503_and_asks_to_come_again(
    client: httpx2.AsyncClient, issuer: Issuer
) -> None:
    issuer.status = 500
    answer = await client.post("/graphql", json=WHO, headers=bearer(issuer.token()))
    assert (answer.status_code, code_of(answer)) == (503, "SIGN_IN_UNAVAILABLE")
    assert int(answer.headers["retry-after"]) > 0
    assert (await client.get("/healthz")).status_code == 200


@pytest.mark.parametrize("given", ["Basic YTpi", "Bearer", "Bearer ", "token", ""])
async def test_another_scheme_is_no_sign_in(client: httpx2.AsyncClient, given: str) -> None:
    answer = await client.post("/graphql", json=WHO, headers={"authorization": given})
    assert (answer.status_code, code_of(answer)) == (401, "NOT_SIGNED_IN")


async def test_of_several_headers_none_is_taken(client: httpx2.AsyncClient, issuer: Issuer) -> None:
    given = [("authorization", f"Bearer {issuer.token(tid=one)}") for one in (TENANT, OTHER_TENANT)]
    answer = await client.post("/graphql", json=WHO, headers=given)
    assert (answer.status_code, code_of(answer)) == (401, "NOT_SIGNED_IN")


async def test_a_key_acts_as_its_maker_until_it_is_revoked(
    client: httpx2.AsyncClient, issuer: Issuer
) -> None:
    token = issuer.token(oid=str(uuid4()), roles=["ADMIN_AGENT", "SALES_AGENT"])
    person = bearer(token)
    answer = await client.post("/graphql", json=MAKE_KEY, headers=person)
    made = answer.json()["data"]["createApiKey"]
    key, key_id = bearer(made["token"]), made["apiKey"]["keyId"]
    told = (await client.post("/graphql", json=WHO, headers=key)).json()
    assert told["data"]["viewer"] == {
        "partnerId": TENANT,
        "roles": ["SALES_AGENT"],
        "actor": {"kind": "KEY", "label": "Nightly", "keyId": key_id},
    }
    more = (await client.post("/graphql", json=MAKE_KEY, headers=key)).json()
    assert more["data"]["createApiKey"] == {"code": "KEY_MAKES_NO_KEYS"}
    assert (await client.get("/reports/paths", headers=key)).status_code == 200
    other = await client.post("/graphql", json=MAKE_KEY, headers=person)
    other_id = other.json()["data"]["createApiKey"]["apiKey"]["keyId"]
    shown = "{ ... on Problem { code } ... on ApiKey { state } }"
    end_other = {"query": f'mutation {{ revokeApiKey(keyId: "{other_id}") {shown} }}'}
    kept = (await client.post("/graphql", json=end_other, headers=key)).json()
    assert kept["data"]["revokeApiKey"] == {"code": "KEY_REVOKES_NO_OTHERS"}
    end = {"query": f'mutation {{ revokeApiKey(keyId: "{key_id}") {{ __typename }} }}'}
    await client.post("/graphql", json=end, headers=person)
    answer = await client.post("/graphql", json=WHO, headers=key)
    assert (answer.status_code, code_of(answer)) == (401, "KEY_REVOKED")


async def test_a_key_needs_no_issuer(client: httpx2.AsyncClient, issuer: Issuer) -> None:
    token = issuer.token(oid=str(uuid4()), roles=["SALES_AGENT"])
    answer = await client.post("/graphql", json=MAKE_KEY, headers=bearer(token))
    key = bearer(answer.json()["data"]["createApiKey"]["token"])
    issuer.status = 500
    asked = len(issuer.asked)
    assert (await client.post("/graphql", json=WHO, headers=key)).status_code == 200
    assert len(issuer.asked) == asked


async def test_nothing_of_a_token_is_logged(
    client: httpx2.AsyncClient, issuer: Issuer, caplog: pytest.LogCaptureFixture
) -> None:
    good, wrong = issuer.token(), issuer.token(exp=1)
    with caplog.at_level(logging.DEBUG):
        for token in (good, wrong, "ofp_" + "A" * 86, good[:-5]):
            await client.post("/graphql", json=WHO, headers=bearer(token))
    assert caplog.records
    for part in (*good.split("."), *wrong.split("."), "A" * 20):
        assert part not in caplog.text
