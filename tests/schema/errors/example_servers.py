"""The servers that examples of docs/errors.toml are asked of, by the words that name them there."""

import hashlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import orjson
import pytest
from starlette.types import ASGIApp

from db.pool import Database
from db.stores import postgres_stores
from offerpath.app import create_app
from offerpath.house import ITSELF, House
from offerpath.import_files import import_reader
from offerpath.settings import load_settings
from offerpath.sign_in.access_tokens import MAX_BYTES
from offerpath.sign_in.recognition import SignIn
from planner.permissions import Role
from resolvers.access.key_text import new_key_text
from resolvers.catalog.catalogs import Catalogs
from resolvers.records.keys import ApiKey, HashedKey
from resolvers.records.principal import Principal
from schema.customers import portfolio
from schema.http.documents import DocumentPolicy, TrustedDocuments, read_manifest
from schema.schema import make_schema
from tests.offerpath.sign_in.issuer import AUDIENCE, OTHER_TENANT, TENANT, Issuer, rsa_key
from tests.schema.api import Api, make_app
from tests.schema.conftest import principal_of

LARGE = "that holds 20,001 subscriptions"
"""The limit is lowered instead."""
KNOWN = "{ catalog { label } }"


@dataclass(frozen=True, slots=True)
class Ground:
    """What every server answers from."""

    catalogs: Catalogs
    database: Database
    folder: Path
    api: Api


@dataclass(frozen=True, slots=True)
class Asked:
    """A server, and what stands in an example for what is known of it: by the text itself."""

    api: Api
    names: Mapping[str, str] = field(default_factory=dict)


class _Local(Api):
    """The view of whoever asks a whole application by this machine's name."""

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx2.AsyncClient]:
        transport = httpx2.ASGITransport(app=self.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as opened:
            yield opened


def _app(ground: Ground, **options: Any) -> Asked:
    api = ground.api
    return Asked(Api(make_app(ground.catalogs, **options), api.partner_id, api.now))


def _documents(ground: Ground, policy: DocumentPolicy) -> Asked:
    digest = hashlib.sha256(KNOWN.encode()).hexdigest()
    known = read_manifest(orjson.dumps({digest: KNOWN}), make_schema().documents)
    return _app(ground, documents=TrustedDocuments(policy, known))


def _whole(ground: Ground, **settings: Any) -> tuple[Asked, ASGIApp]:
    chosen = load_settings(data_dir=ground.folder, **settings)
    reader = import_reader(chosen.max_import_bytes)
    principal = principal_of(ground.api)
    app = create_app(House(chosen, "", ground.database, ground.catalogs, principal, reader))
    return Asked(_Local(app, ground.api.partner_id)), app


async def _plain(ground: Ground) -> Asked:
    return _whole(ground)[0]


async def _stopping(ground: Ground) -> Asked:
    asked, app = _whole(ground)
    await app.state.drain(0)  # type: ignore[attr-defined]
    return asked


async def _full(ground: Ground) -> Asked:
    asked, app = _whole(ground, max_streams=1)
    (route,) = [one for one in app.routes if type(one).__name__ == "WebSocketRoute"]  # type: ignore[attr-defined]
    route.app._streams._open = 1
    return asked


@asynccontextmanager
async def _signed_in(ground: Ground, **settings: Any) -> AsyncIterator[Asked]:
    async with Issuer().up() as issuer:
        chosen = load_settings(
            auth="oidc",
            oidc_issuer=issuer.url,
            oidc_audience=AUDIENCE,
            data_dir=ground.folder,
            **settings,
        )
        stores = postgres_stores(ground.database)

        async def ensure_partner(principal: Principal) -> None:
            await stores.customers.ensure_partner(principal, name=principal.partner_id)

        sign_in = SignIn.of(chosen, stores.keys, ensure_partner)
        reader = import_reader(chosen.max_import_bytes)
        house = House(chosen, "", ground.database, ground.catalogs, ITSELF, reader, sign_in)
        await ensure_partner(Principal(TENANT, frozenset(Role)))
        names = {text: name for name, text in _tokens(issuer).items()}
        names |= {text: name for name, text in (await _keys(ground.database)).items()}
        yield Asked(_Local(create_app(house), TENANT), names)
        await sign_in.close()


def _tokens(issuer: Issuer) -> Mapping[str, str]:
    """Return tokens by what an example calls them."""
    long_ago, soon = int(time.time()) - 3_600, int(time.time()) + 3_600
    overage: dict[str, Any] = {
        "_claim_names": {"groups": "src1"},
        "_claim_sources": {"src1": {"endpoint": "x"}},
    }
    return {
        "<token>": issuer.token(),
        "<token of an hour ago>": issuer.token(exp=long_ago, nbf=long_ago - 9, iat=long_ago - 9),
        "<token of tomorrow>": issuer.token(nbf=soon, exp=soon + 60),
        "<token of another issuer>": issuer.token(key=rsa_key("stranger")),
        "<token of another tenant>": issuer.token(tid=OTHER_TENANT),
        "<token without a tenant>": issuer.token(tid=None),
        "<token with too many groups>": issuer.token(roles=None, **overage),
        "<token with an odd partner type>": issuer.token(kind="reseller"),
        "<token of 20 KB>": issuer.token(padding="x" * MAX_BYTES),
    }


async def _keys(database: Database) -> Mapping[str, str]:
    """Return keys by what an example calls them, made as long ago as they need."""
    store, principal = postgres_stores(database).keys, Principal(TENANT, frozenset(Role))
    # No token of theirs was ever seen: a test that signs in with fewer roles takes none from them.
    now, owner = datetime.now(UTC), str(uuid4())
    made = {"<unknown key>": new_key_text(TENANT, str(uuid4())).written()}
    yesterday, long_ago = now - timedelta(days=1), datetime(2026, 1, 1, tzinfo=UTC)
    keys = {"<key>": yesterday, "<revoked key>": yesterday, "<key of January>": long_ago}
    for name, begun in keys.items():
        text = new_key_text(TENANT, str(uuid4()))
        key = ApiKey(
            text.key_id, owner, "", name, frozenset(Role), None, begun, begun + timedelta(days=90)
        )
        await store.add(principal, HashedKey(key, text.digest), limit=10_000)
        made[name] = text.written()
        made[f"{name[:-1]} id>"] = text.key_id
    await store.revoke(principal, made["<revoked key id>"], by=owner, now=now)
    return made


def _at_once(make: Callable[[Ground], Asked]) -> Callable[[Ground], Awaitable[Asked]]:
    async def made(ground: Ground) -> Asked:
        return make(ground)

    return made


_SERVERS: Mapping[str, Callable[[Ground], Awaitable[Asked]]] = {
    "that streams": _plain,
    "with sign-in, asked by a person": _at_once(lambda ground: Asked(ground.api.signed_in())),
    "that is called by another name": _plain,
    "that is about to stop": _stopping,
    "that has all its streams taken": _full,
    "without introspection": _at_once(lambda ground: _app(ground, introspection=False)),
    "with a deadline of 0 seconds": _at_once(lambda ground: _app(ground, deadline_seconds=0.0)),
    "with OFFERPATH_DOCUMENTS=accept": _at_once(
        lambda ground: _documents(ground, DocumentPolicy.ACCEPT)
    ),
    "with OFFERPATH_DOCUMENTS=require": _at_once(
        lambda ground: _documents(ground, DocumentPolicy.REQUIRE)
    ),
}
_WITH_SIGN_IN: Mapping[str, Mapping[str, Any]] = {
    "with sign-in": {},
    "with sign-in for one tenant": {"oidc_tenants": TENANT},
    "with sign-in that tells the partner's type": {"partner_type_claim": "kind"},
    "with sign-in and OFFERPATH_RATE_CALLER=1": {"rate_caller": 1, "rate_partner": 0},
}


@asynccontextmanager
async def server(name: str, ground: Ground) -> AsyncIterator[Asked]:
    """Give the server of an example; without a name it is the one that all tests share."""
    if not name:
        yield Asked(ground.api)
    elif name == LARGE:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(portfolio, "MAX_WAVE_ROWS", 1)
            yield Asked(ground.api)
    elif name in _SERVERS:
        yield await _SERVERS[name](ground)
    else:
        async with _signed_in(ground, **_WITH_SIGN_IN[name]) as asked:
            yield asked
